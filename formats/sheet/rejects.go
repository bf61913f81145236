package sheet

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"quaydesk/domain/chat"
	"quaydesk/domain/intake"
)

// wrongWidth is that of the column which says what is wrong, in characters.
const wrongWidth = 60

var plainNumber = regexp.MustCompile(`^\d{1,12}(\.\d{1,6})?$`)

// Rejects are tables of the rows that were not recorded, as they stood in their file, with what is wrong and the row's
// number before them: whoever mends them can import the file. say gives words in the reader's language.
func Rejects(rejected []intake.Rejection, say func(chat.Text) string) []Table {
	var order []*intake.Table
	rows := map[*intake.Table][][]Cell{}
	for _, r := range rejected {
		if rows[r.Table] == nil {
			order = append(order, r.Table)
		}
		var wrong []string
		for _, d := range r.Doubts {
			wrong = append(wrong, d.Title+": "+say(d.Text))
		}
		rows[r.Table] = append(rows[r.Table], append([]Cell{strings.Join(wrong, "\n"), r.Row.Line}, original(r)...))
	}
	var tables []Table
	for _, t := range order {
		columns := []Column{{Title: say(chat.T("intake.wrong")), Width: wrongWidth}, {Title: say(chat.T("intake.row"))}}
		for _, title := range t.Head {
			columns = append(columns, Column{Title: title})
		}
		tables = append(tables, Table{Name: t.Name, Columns: columns, Rows: slices.Values(rows[t]), Zone: time.UTC})
	}
	return tables
}

// original are a row's cells as they stood in the file: days and numbers of Excel are such again.
func original(r intake.Rejection) []Cell {
	cells := make([]Cell, len(r.Row.Cells))
	for i, text := range r.Row.Cells {
		cells[i] = text
	}
	at := func(c intake.Column) (int, bool) {
		i, there := r.Table.Columns[c]
		return i, there && i < len(cells)
	}
	for _, c := range []intake.Column{intake.Entered, intake.Left, intake.Cranes} {
		if i, there := at(c); there {
			if m, serial := intake.SerialMoment(r.Row.Cells[i], r.Table.Since1904); serial && m.Timed {
				cells[i] = m.In(time.UTC)
			} else if serial {
				cells[i] = m.Day
			}
		}
	}
	for _, c := range []intake.Column{intake.Ordinal, intake.Days, intake.Tonnage} {
		if i, there := at(c); there && plainNumber.MatchString(r.Row.Cells[i]) {
			cells[i] = decimal.RequireFromString(r.Row.Cells[i])
		}
	}
	return cells
}
