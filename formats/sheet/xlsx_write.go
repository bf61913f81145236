package sheet

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"quaydesk/domain/calendar"
)

// ContentTypeXLSX is what browsers are told of such a file.
const ContentTypeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// WriteXLSX writes tables as the sheets of one workbook: the heads bold and always in sight, days and moments as dates,
// texts as texts whatever they begin with. Rows are taken one after the other, so that a long table needs little memory.
func WriteXLSX(w io.Writer, tables ...Table) error {
	book := excelize.NewFile()
	defer book.Close()
	styles, err := newStyles(book)
	if err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	const first = "Sheet1" // of a new book
	names := map[string]bool{}
	for i, t := range tables {
		name := sheetName(t.Name, names)
		if i == 0 {
			err = book.SetSheetName(first, name)
		} else {
			_, err = book.NewSheet(name)
		}
		if err == nil {
			err = styles.write(book, name, t)
		}
		if err != nil {
			return fmt.Errorf("write xlsx: %w", err)
		}
	}
	if _, err := book.WriteTo(w); err != nil {
		return fmt.Errorf("write xlsx: %w", err)
	}
	return nil
}

// styles are the ids of a book's cell styles; numbers by their places after the point.
type styles struct {
	head, day, moment int
	numbers           []int
}

func newStyles(book *excelize.File) (s styles, err error) {
	add := func(style excelize.Style) (id int) {
		if err == nil {
			id, err = book.NewStyle(&style)
		}
		return id
	}
	formatted := func(format string) int { return add(excelize.Style{CustomNumFmt: &format}) }
	s.head = add(excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EDF2"}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"},
	})
	s.day, s.moment = formatted("dd.mm.yyyy"), formatted("dd.mm.yyyy hh:mm")
	for _, format := range []string{"#,##0", "#,##0.0", "#,##0.00", "#,##0.000", "#,##0.0000"} {
		s.numbers = append(s.numbers, formatted(format))
	}
	return s, err
}

func (s styles) write(book *excelize.File, name string, t Table) error {
	out, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	head := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = excelize.Cell{StyleID: s.head, Value: c.Title}
		if err := out.SetColWidth(i+1, i+1, c.width()); err != nil {
			return err
		}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	at := 2
	for row := range t.Rows {
		cells := make([]any, len(row))
		for i, c := range row {
			if cells[i], err = s.cell(c, t.zone()); err != nil {
				return err
			}
		}
		if err := out.SetRow(fmt.Sprintf("A%d", at), cells); err != nil {
			return err
		}
		at++
	}
	return out.Flush()
}

// cell gives what the library is told to write.
func (s styles) cell(c Cell, zone *time.Location) (any, error) {
	if empty(c) {
		return nil, nil
	}
	switch c := c.(type) {
	case string:
		return strings.ToValidUTF8(c, "�"), nil
	case int, int64:
		return c, nil
	case decimal.Decimal:
		places := min(max(0, int(-c.Exponent())), len(s.numbers)-1)
		return excelize.Cell{StyleID: s.numbers[places], Value: c.InexactFloat64()}, nil
	case calendar.Date:
		return excelize.Cell{StyleID: s.day, Value: int(c - epoch)}, nil
	case time.Time:
		c = c.In(zone).Truncate(time.Second)
		day := time.Duration(c.Hour())*time.Hour + time.Duration(c.Minute())*time.Minute + time.Duration(c.Second())*time.Second
		serial := float64(calendar.Of(c.Date())-epoch) + day.Hours()/24
		return excelize.Cell{StyleID: s.moment, Value: serial}, nil
	}
	return nil, fmt.Errorf("sheet: a %T is no cell", c)
}

// epoch is the day that Excel counts as 0, for days from March 1900 on: it takes 1900 for a leap year.
var epoch = calendar.Of(1899, time.December, 30)

const longestName = 31 // of a sheet

// sheetName gives a name that Excel allows and that no other sheet has.
func sheetName(name string, taken map[string]bool) string {
	allowed := strings.TrimFunc(strings.Map(func(c rune) rune {
		if strings.ContainsRune(`[]:*?/\`, c) || c < ' ' {
			return ' '
		}
		return c
	}, name), func(c rune) bool { return c == ' ' || c == '\'' })
	if allowed == "" {
		allowed = "Sheet"
	}
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = fmt.Sprintf(" %d", n)
		}
		runes := []rune(allowed)
		unique := string(runes[:min(len(runes), longestName-len(suffix))]) + suffix
		if key := strings.ToLower(unique); !taken[key] {
			taken[key] = true
			return unique
		}
	}
}
