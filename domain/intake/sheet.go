// Package intake reads the tables in which terminals keep their containers, and plans what is to be recorded of them:
// stays with their entry and exit, and what is doubtful and why. It only judges; nothing is touched.
package intake

import (
	"strings"

	"quaydesk/domain/fault"
)

// Sheet is a table as it stands in a file.
type Sheet struct {
	Name      string // "" of a file without sheets
	Since1904 bool   // its serial days are counted from 1904, as on old Macintoshes
	Rows      []Row  // without those that are empty
}

// Row is a line of a Sheet.
type Row struct {
	Line  int      // from 1, as people see it
	Cells []string // as they stand in the file: days of Excel as serials, formulas by their last value
}

// Table is a Sheet whose columns are known.
type Table struct {
	Sheet
	Head    []string       // the titles as they stand in the file
	Columns map[Column]int // where each column is
	Ignored []string       // titles of columns that are none of ours
}

// headSearch is how many of a sheet's first rows may be titles and letterheads above the head.
const headSearch = 50

// Tables finds the tables of a file's sheets: those with a row of titles in which the container's number is. The names
// of the other sheets that are not empty are given too.
func Tables(sheets []Sheet) (tables []Table, without []string) {
	for _, s := range sheets {
		if t, ok := tableOf(s); ok {
			tables = append(tables, t)
		} else if len(s.Rows) > 0 {
			without = append(without, s.Name)
		}
	}
	return tables, without
}

// NoTable is what is said of a file without one.
func NoTable() *fault.Fault { return fault.New(fault.Invalid, "intake.no_table") }

func tableOf(s Sheet) (Table, bool) {
	best, found := Table{}, -1
	for i, row := range s.Rows[:min(len(s.Rows), headSearch)] {
		t := Table{Sheet: s, Head: row.Cells, Columns: map[Column]int{}}
		for at, title := range row.Cells {
			column, known := columnOf(title)
			before, taken := t.Columns[column]
			switch {
			case strings.TrimSpace(title) == "":
			case known && !taken:
				t.Columns[column] = at
			case known && vague[titleKey(row.Cells[before])]:
				t.Columns[column] = at
				t.Ignored = append(t.Ignored, squeeze(row.Cells[before]))
			default:
				t.Ignored = append(t.Ignored, squeeze(title))
			}
		}
		if _, numbered := t.Columns[Number]; numbered && len(t.Columns) > 1 && len(t.Columns) > len(best.Columns) {
			best, found = t, i
		}
	}
	if found >= 0 {
		best.Rows = s.Rows[found+1:]
	}
	return best, found >= 0
}

// text gives what a row says in a column, without white space that means nothing; "" for a dash too.
func (t *Table) text(r Row, c Column) string {
	at, there := t.Columns[c]
	if !there || at >= len(r.Cells) {
		return ""
	}
	text := squeeze(r.Cells[at])
	switch text {
	case "-", "–", "—", "--":
		return ""
	}
	return text
}

// Title gives a column's title as it stands in the file; a column that is not there has its usual one.
func (t *Table) Title(c Column) string {
	if at, there := t.Columns[c]; there {
		return squeeze(t.Head[at])
	}
	return c.Title("ru")
}

// isHead tells whether a row repeats the titles, as on a new page.
func (t *Table) isHead(r Row) bool {
	text := t.text(r, Number)
	return text != "" && text == t.Title(Number) || called[titleKey(text)] == Number
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
