package records

import (
	"context"
	"errors"
	"slices"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// rowsShown is how many rows a report has in words; the others are in its sheet.
const rowsShown = 12

// mostRows is how many rows a report has at all: so many make a sheet in less than two seconds.
const mostRows = 30000

// ReportYard gives a report in words, or sends it as a sheet to the turn's chat. A dispatcher who names no terminal gets
// that of their post.
func (r *Records) ReportYard(ctx context.Context, turn chat.Turn, in Reporting) (Report, error) {
	return look(ctx, r, turn, func(tx *store.Tx, d deed) (Report, error) {
		rep, err := reported(ctx, tx, d, in)
		if err != nil {
			return Report{}, err
		}
		if !in.Sheet {
			return rep.words(), nil
		}
		if turn.Op == "" || turn.Chat == 0 {
			return Report{}, errors.New("a sheet goes to a chat, by an operation")
		}
		file, err := r.sheetFile(ctx, tx, d, rep)
		if err != nil {
			return Report{}, err
		}
		return Report{}, r.enqueue(ctx, tx, d.bot, chat.Outgoing{Key: turn.Op + ":sheet", Chat: d.chat, Lang: d.by.Lang,
			Message: chat.Message{Text: rep.title, Files: []chat.File{file}}})
	})
}

// report is what a report is made of: stock rows or movements.
type report struct {
	kind      yard.Report
	title     chat.Text
	at        time.Time
	zone      *time.Location // its days and moments are of this one
	stock     []store.StockRow
	movements []store.MovementRow
}

// reported reads what a report tells.
func reported(ctx context.Context, tx *store.Tx, d deed, in Reporting) (report, error) {
	rep := report{kind: in.Report, at: d.at}
	var err error
	if in.Terminal == 0 && d.by.Role == people.Dispatcher {
		in.Terminal = d.by.PostOf("terminal")
	}
	if rep.zone, err = zoneOf(ctx, tx, d.by); err != nil {
		return rep, err
	}
	where := chat.T("yardrules.report.everywhere")
	if in.Terminal != 0 {
		terminal, err := tx.Terminal(ctx, d.workspace, in.Terminal)
		if err != nil {
			return rep, err
		}
		where = chat.Plain(terminal.Name)
		if rep.zone, err = time.LoadLocation(terminal.Zone); err != nil {
			return rep, err
		}
	}
	stock := func(f store.StockFilter) {
		f.At, f.Terminal = d.at, in.Terminal
		rep.stock, err = tx.Stock(ctx, d.workspace, f, "entered", false, 0, mostRows)
	}
	switch in.Report {
	case yard.StockReport:
		stock(store.StockFilter{Presence: store.Standing})
		rep.title = chat.T("yardrules.report.stock", "Where", where, "Count", len(rep.stock))
	case yard.LongStayReport:
		y, failed := tx.Yard(ctx, d.workspace)
		if failed != nil {
			return rep, failed
		}
		stock(store.StockFilter{Presence: store.Standing, Longer: y.LongStayDays})
		rep.title = chat.T("yardrules.report.long", "Where", where, "Days", y.LongStayDays, "Count", len(rep.stock))
	case yard.InTransitReport:
		stock(store.StockFilter{Presence: store.Moving})
		rep.title = chat.T("yardrules.report.transit", "Where", where, "Count", len(rep.stock))
	case yard.TodayReport:
		from := calendar.In(d.at, rep.zone).Start(rep.zone)
		rep.movements, err = tx.Journal(ctx, d.workspace, store.MovementFilter{From: from, Terminal: in.Terminal}, 0, mostRows)
		rep.movements = slices.DeleteFunc(rep.movements, func(m store.MovementRow) bool {
			return m.ReplacedBy != 0 || m.Kind == yard.Reversed
		})
		rep.title = chat.T("yardrules.report.today", "Where", where, "Count", len(rep.movements))
	case yard.HistoryReport:
		box, failed := tx.Box(ctx, d.workspace, in.Stay, d.at)
		if failed != nil {
			return rep, failed
		}
		rep.movements, err = tx.HistoryOf(ctx, d.workspace, box.Number)
		slices.SortStableFunc(rep.movements, func(a, b store.MovementRow) int { return b.At.Compare(a.At) })
		rep.title = chat.T("yardrules.report.history", "Number", box.Number.Grouped(), "Count", len(rep.movements))
	default:
		err = fault.New(fault.Invalid, "yardrules.report.unknown")
	}
	if len(rep.stock) == mostRows || len(rep.movements) == mostRows {
		rep.title = chat.Lines(rep.title, chat.T("yardrules.report.cut", "Most", mostRows))
	}
	return rep, err
}

// words are the report's first rows.
func (rep report) words() Report {
	lines := []chat.Text{rep.title}
	for _, row := range rep.stock[:min(len(rep.stock), rowsShown)] {
		lines = append(lines, stockLine(row))
	}
	for _, m := range rep.movements[:min(len(rep.movements), rowsShown)] {
		lines = append(lines, movementLine(m, rep.kind == yard.HistoryReport, rep.zone))
	}
	more := max(len(rep.stock)+len(rep.movements)-rowsShown, 0)
	if more > 0 {
		lines = append(lines, chat.T("yardrules.more", "Count", more))
	}
	return Report{Text: chat.Lines(lines...), More: more}
}

// stockLine is a box in one line.
func stockLine(row store.StockRow) chat.Text {
	parts := []chat.Text{chat.T("yardrules.line.number", "Number", row.Number.Grouped())}
	add := func(words string) {
		if words != "" {
			parts = append(parts, chat.Plain(words))
		}
	}
	add(string(row.SizeType))
	add(row.Client)
	if row.Moving {
		add(row.Terminal + " → " + row.Bound)
	} else {
		add(row.Place)
	}
	parts = append(parts, chat.T("yardrules.line.days", "Days", row.Days))
	if row.Held {
		parts = append(parts, chat.T("yardrules.line.held"))
	}
	return dotted(parts)
}

// movementLine is a movement in one line: with its day in a box's history, else with its number.
func movementLine(m store.MovementRow, history bool, zone *time.Location) chat.Text {
	what := m.Kind.Label()
	if m.Kind == yard.Operated {
		what = m.Operation.Label()
	}
	parts := []chat.Text{chat.Plain(m.At.In(zone).Format("15:04")), chat.T("yardrules.line.number", "Number", m.Box.Grouped()), what}
	if history {
		parts = []chat.Text{chat.At(m.At), what, chat.Plain(m.TerminalName)}
	}
	if m.ToName != "" {
		parts = append(parts, chat.Plain("→ "+m.ToName))
	}
	if m.Transport.Number != "" {
		parts = append(parts, chat.Plain(m.Transport.Number))
	}
	if m.By.Name != "" {
		parts = append(parts, chat.Plain(m.By.Name))
	}
	if m.ReplacedBy != 0 {
		parts = append(parts, chat.T("yardrules.line.corrected"))
	}
	return dotted(parts)
}

// dotted puts texts in one line.
func dotted(parts []chat.Text) chat.Text {
	all := parts[0]
	for _, p := range parts[1:] {
		all = chat.T("yardrules.line.and", "First", all, "Rest", p)
	}
	return all
}

// stays are the stays that a report tells of.
func (rep report) stays() []int64 {
	var all []int64
	for _, row := range rep.stock {
		all = append(all, row.Stay)
	}
	return all
}

// name is what the report's file is called: "stock-2026-11-21.xlsx".
func (rep report) name() string {
	return string(rep.kind) + "-" + calendar.In(rep.at, rep.zone).String() + ".xlsx"
}
