// Package sheet reads and writes tables as people keep them: .xlsx and .csv.
package sheet

import (
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
)

// Table is a sheet to be written.
type Table struct {
	Name    string // of the sheet, as Excel allows it; changed where it does not
	Columns []Column
	Rows    iter.Seq[[]Cell] // slices.Values of a slice; a row may be shorter than the columns
	Zone    *time.Location   // moments are shown in it; nil: UTC
}

// Column is the head of a column.
type Column struct {
	Title string
	Width float64 // in characters; 0: as the title needs
}

// Cell is a value: a string, an int or int64, a decimal.Decimal, a calendar.Date, a time.Time (shown in the table's
// zone, to the minute; in CSV with its seconds if there are any), or nil for an empty cell; so are the zero Date, the zero time and the empty string. What a string
// says is never taken for a formula.
type Cell any

// The ways in which days and moments are shown.
const (
	csvDay    = "2006-01-02"
	csvMoment = "2006-01-02 15:04"
	csvSecond = "2006-01-02 15:04:05"
)

func (t Table) zone() *time.Location {
	if t.Zone == nil {
		return time.UTC
	}
	return t.Zone
}

// empty tells whether nothing is shown for a cell.
func empty(c Cell) bool {
	switch c := c.(type) {
	case nil:
		return true
	case string:
		return c == ""
	case calendar.Date:
		return c == 0
	case time.Time:
		return c.IsZero()
	}
	return false
}

// plain gives a cell as text.
func plain(c Cell, zone *time.Location) (string, error) {
	if empty(c) {
		return "", nil
	}
	switch c := c.(type) {
	case string:
		return c, nil
	case int, int64:
		return fmt.Sprint(c), nil
	case decimal.Decimal:
		return c.StringFixed(max(0, -c.Exponent())), nil
	case calendar.Date:
		return c.Format(csvDay), nil
	case time.Time:
		if c.Second() != 0 {
			return c.In(zone).Format(csvSecond), nil
		}
		return c.In(zone).Format(csvMoment), nil
	}
	return "", fmt.Errorf("sheet: a %T is no cell", c)
}

// starts are what a text may begin with that programs take for a formula.
const starts = "=+-@\t\r"

// harmless puts an apostrophe before a text that could be taken for a formula.
func harmless(text string) string {
	if dangerous(text) {
		return "'" + text
	}
	return text
}

// harmed is a text as it was before harmless.
func harmed(text string) string {
	if strings.HasPrefix(text, "'") && dangerous(text) {
		return text[1:]
	}
	return text
}

// dangerous tells whether a text could be taken for a formula, apart from apostrophes before it.
func dangerous(text string) bool {
	text = strings.TrimLeft(text, "'")
	return text != "" && strings.IndexByte(starts, text[0]) >= 0
}

func (c Column) width() float64 {
	if c.Width > 0 {
		return c.Width
	}
	return float64(min(max(utf8.RuneCountInString(c.Title)+3, 10), 40))
}
