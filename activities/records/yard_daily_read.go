package records

import (
	"cmp"
	"context"
	"slices"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// lateCommit is how long after its Recorded a movement may become visible: so far back a report looks for what the one
// before could not see.
const lateCommit = time.Hour

// daily is what a company's report tells.
type daily struct {
	zone       *time.Location
	from       time.Time // when the report before ended: what happened earlier is told late
	until      time.Time
	day        time.Time // a day before until: what happened earlier needs its day
	there      []yard.Box
	moved      []store.MovementRow
	told       []int64 // movements of the window
	cameIn     int     // of moved: boxes that came in, unless that was taken back
	released   int
	histories  map[int64][]yard.Movement // what was recorded before until
	terminals  map[int64]yard.Terminal
	companies  map[int64]string
	company    int64
	isFirst    bool
	toldBefore map[int64]bool
}

// readDaily reads the report of a company whose reports so far are past.
func readDaily(ctx context.Context, tx *store.Tx, past store.PastReports, in DueReport) (daily, error) {
	d := daily{from: past.Until, until: in.At, isFirst: past.Until.IsZero(), company: past.Company.ID, toldBefore: past.Told,
		histories: map[int64][]yard.Movement{}, terminals: map[int64]yard.Terminal{}, companies: map[int64]string{0: ""}}
	var err error
	if d.zone, err = tx.Zone(ctx, in.Workspace); err != nil {
		return d, err
	}
	if d.isFirst {
		d.from, d.until = in.At.In(d.zone).AddDate(0, 0, -1).UTC(), now()
	}
	if d.until.Before(d.from) { // the report's time was made earlier
		d.until = d.from
	}
	d.day = d.until.In(d.zone).AddDate(0, 0, -1)
	terminals, err := tx.Terminals(ctx, in.Workspace)
	if err != nil {
		return d, err
	}
	for _, t := range terminals {
		d.terminals[t.ID] = t
	}
	boxes, err := tx.CompanyBoxes(ctx, in.Workspace, d.company, d.from.Add(-lateCommit), d.until)
	if err != nil {
		return d, err
	}
	ids := make([]int64, len(boxes))
	for i, b := range boxes {
		ids[i] = b.ID
	}
	all, err := tx.Movements(ctx, in.Workspace, ids...)
	if err != nil {
		return d, err
	}
	for _, m := range all {
		if m.Recorded.Before(d.until) {
			d.histories[m.Stay] = append(d.histories[m.Stay], m)
		}
	}
	for _, b := range boxes {
		if err := d.nameCompanies(ctx, tx, in.Workspace, d.histories[b.ID]); err != nil {
			return d, err
		}
		if err := d.stands(b); err != nil {
			return d, err
		}
		d.move(d.histories[b.ID])
	}
	slices.SortStableFunc(d.moved, func(a, b store.MovementRow) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	return d, nil
}

// nameCompanies reads the names of the companies that gate-ins name.
func (d *daily) nameCompanies(ctx context.Context, tx *store.Tx, workspace int64, history []yard.Movement) error {
	for _, m := range history {
		for _, id := range []int64{m.Client, m.Line} {
			if _, known := d.companies[id]; known {
				continue
			}
			c, err := tx.Company(ctx, workspace, id)
			if err != nil {
				return err
			}
			d.companies[id] = c.Name
		}
	}
	return nil
}

// stands adds a box if it stood or was on its way, as far as was known then.
func (d *daily) stands(b yard.Box) error {
	history := d.histories[b.ID]
	if !d.owns(history) {
		return nil
	}
	s, err := yard.Fold(history)
	if err != nil {
		return err
	}
	if s.State != yard.In && s.State != yard.InTransit {
		return nil
	}
	zone, err := time.LoadLocation(d.terminals[s.Origin].Zone)
	if err != nil {
		return err
	}
	s.Workspace = b.Workspace
	d.there = append(d.there, yard.Box{Stay: s, TerminalName: d.terminals[s.Terminal].Name, BoundName: d.terminals[s.Bound].Name,
		ClientName: d.companies[s.Client], LineName: d.companies[s.Line], Days: yard.Days(s.Entered, d.until, zone)})
	return nil
}

// owns says whether a box was the company's, as its last gate-in or the correction of it tells.
func (d *daily) owns(history []yard.Movement) bool {
	in := gateIn(history)
	return in.ID != 0 && (in.Client == d.company || in.Line == d.company)
}

// gateIn gives the gate-in that was recorded last.
func gateIn(history []yard.Movement) (in yard.Movement) {
	for _, m := range history {
		if m.Kind == yard.GateIn {
			in = m
		}
	}
	return in
}

// move adds what the window has of a stay. A correction that gives the box to the company is a gate-in for it, and one
// that gives it to somebody else takes the gate-in back: the other's business stays theirs.
func (d *daily) move(history []yard.Movement) {
	byID, by := map[int64]yard.Movement{}, map[int64]yard.Movement{}
	for _, m := range history {
		byID[m.ID] = m
		if m.Replaces != 0 {
			by[m.Replaces] = m
		}
	}
	for i, m := range history {
		before, after := d.owns(history[:i]), d.owns(history[:i+1])
		if m.Recorded.Before(d.from.Add(-lateCommit)) || d.toldBefore[m.ID] || !before && !after {
			continue
		}
		if d.isFirst && m.Recorded.Before(d.from) {
			continue
		}
		d.told = append(d.told, m.ID)
		if d.isFirst && m.Source == yard.FromImport && m.At.Before(d.from) { // the stock that the reports begin with
			continue
		}
		d.moved = append(d.moved, d.row(history[:i+1], m, byID, by, before, after))
		if new := m.Replaces == 0 || !before; new && after && lasts(m, by) {
			switch m.Kind {
			case yard.GateIn:
				d.cameIn++
			case yard.GateOut:
				d.released++
			}
		}
	}
}

// lasts says whether a movement was not taken back, however it was corrected.
func lasts(m yard.Movement, by map[int64]yard.Movement) bool {
	for by[m.ID].ID != 0 {
		m = by[m.ID]
	}
	return m.Kind != yard.Reversed
}

// row is a movement as the company sees it, the last of a history; nobody's name goes outside.
func (d *daily) row(history []yard.Movement, m yard.Movement, byID, by map[int64]yard.Movement, before, after bool) store.MovementRow {
	in := gateIn(history)
	row := store.MovementRow{Movement: m}
	if old, corrects := byID[m.Replaces]; corrects && before {
		old.By = yard.Party{}
		row.Corrected = &old
	}
	if !after { // it goes to somebody else
		old := *row.Corrected
		row.Movement = yard.Movement{ID: m.ID, Stay: m.Stay, Kind: yard.Reversed, At: old.At, Recorded: m.Recorded,
			Terminal: old.Terminal, Replaces: old.ID}
		in = old
	}
	if after && !before {
		row.Replaces = 0
	}
	row.By, row.ApprovedBy = yard.Party{}, 0
	row.Box, row.ClientName = in.Number, d.companies[in.Client]
	row.TerminalName, row.ToName = d.terminals[row.Terminal].Name, d.terminals[row.To].Name
	row.ReplacedBy = by[m.ID].ID
	return row
}

// words are the report's message.
func (d *daily) words(company yard.Company) chat.Text {
	lines := []chat.Text{chat.T("yardrules.daily", "Company", company.Name, "Day", d.until.In(d.zone).Format("02.01.2006 15:04"),
		"There", len(d.there), "In", d.cameIn, "Out", d.released)}
	for _, m := range d.moved[:min(len(d.moved), rowsShown)] {
		lines = append(lines, d.line(m))
	}
	if more := len(d.moved) - rowsShown; more > 0 {
		lines = append(lines, chat.T("yardrules.more", "Count", more))
	}
	return chat.Lines(lines...)
}

// line is a movement in one line; one of another day than the report's has its day.
func (d *daily) line(m store.MovementRow) chat.Text {
	when := m.At.In(d.zone).Format("15:04")
	if m.At.Before(d.day) {
		when = m.At.In(d.zone).Format("02.01 15:04")
	}
	parts := []chat.Text{chat.Plain(when), chat.T("yardrules.line.number", "Number", m.Box.Grouped()), movementWord(m)}
	if m.ToName != "" {
		parts = append(parts, chat.Plain("→ "+m.ToName))
	}
	if m.Transport.Number != "" {
		parts = append(parts, chat.Plain(m.Transport.Number))
	}
	if m.ReplacedBy != 0 {
		parts = append(parts, chat.T("yardrules.line.corrected"))
	}
	if m.Corrected == nil && m.At.Before(d.from) {
		parts = append(parts, chat.T("yardrules.line.late"))
	}
	return dotted(parts)
}

// movementWord is what a movement is called, and what a correction or reversal is of.
func movementWord(m store.MovementRow) chat.Text {
	word := func(m yard.Movement) chat.Text {
		if m.Kind == yard.Operated {
			return m.Operation.Label()
		}
		return m.Kind.Label()
	}
	switch {
	case m.Corrected == nil:
		return word(m.Movement)
	case m.Kind == yard.Reversed:
		return chat.T("yardrules.line.reversal", "Kind", word(*m.Corrected))
	}
	return chat.T("yardrules.line.correction", "Kind", word(m.Movement))
}
