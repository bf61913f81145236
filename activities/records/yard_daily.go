package records

import (
	"context"
	"fmt"
	"slices"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/formats/sheet"
	"quaydesk/store"
)

// DueReport is the next daily report of a company.
type DueReport struct {
	Workspace int64         `json:"workspace"`
	Company   int64         `json:"company"`
	Day       calendar.Date `json:"day"` // in the workspace's zone
	At        time.Time     `json:"at"`  // when it goes out, UTC
}

// NextReports gives the next daily report of each company of a workspace that gets one, the next to go out first: also
// one whose moment has passed, today's or yesterday's.
func (r *Records) NextReports(ctx context.Context, workspace int64) ([]DueReport, error) {
	var due []DueReport
	err := r.store.Tx(ctx, func(tx *store.Tx) error {
		zone, err := tx.Zone(ctx, workspace)
		if err != nil {
			return err
		}
		all, err := tx.ReportedCompanies(ctx, workspace)
		if err != nil {
			return err
		}
		today := calendar.In(now(), zone)
		for _, c := range all {
			day := today
			if c.Last != 0 {
				day = max(c.Last+1, today-1)
			}
			due = append(due, DueReport{Workspace: workspace, Company: c.Company.ID, Day: day, At: clockOn(day, c.At, zone)})
		}
		slices.SortStableFunc(due, func(a, b DueReport) int { return a.At.Compare(b.At) })
		return nil
	})
	return due, err
}

// clockOn is when clocks in a zone show a time of a day.
func clockOn(day calendar.Date, at time.Duration, zone *time.Location) time.Time {
	year, month, dayOfMonth := day.Start(time.UTC).Date()
	return time.Date(year, month, dayOfMonth, 0, 0, int(at/time.Second), 0, zone).UTC()
}

// ReportToLine sends a company's daily report to the people whose post the company is: what stands, and what moved in
// the 24 hours until the report's moment, as a message and as xlsx. It goes out once a day.
func (r *Records) ReportToLine(ctx context.Context, in DueReport) error {
	return r.store.Tx(ctx, func(tx *store.Tx) error {
		company, first, err := tx.BeginReport(ctx, in.Workspace, in.Company, in.Day)
		if err != nil || !first {
			return err
		}
		bot, err := tx.FirstBot(ctx, in.Workspace)
		if err != nil || bot == 0 {
			return err
		}
		readers, err := tx.PeopleAt(ctx, in.Workspace, people.Post("company", company.ID))
		if err != nil || len(readers) == 0 {
			return err
		}
		d, err := readDaily(ctx, tx, company, in)
		if err != nil {
			return err
		}
		files := map[string]chat.File{}
		var out []chat.Outgoing
		for _, p := range readers {
			file, made := files[p.Lang]
			if !made {
				stays := r.stayTable(p.Lang, d.zone, d.there, d.histories)
				moved := r.movementSheet(p.Lang, report{movements: d.moved, zone: d.zone})
				name := fmt.Sprintf("%s-%s.xlsx", yard.NameKey(company.Name), in.Day)
				if file, err = keepSheet(ctx, tx, in.Workspace, name, []sheet.Table{stays, moved}...); err != nil {
					return err
				}
				files[p.Lang] = file
			}
			out = append(out, chat.Outgoing{
				Key: fmt.Sprintf("daily:%d:%s:%d", company.ID, in.Day, p.Telegram), Chat: p.Telegram, Lang: p.Lang, Bulk: true,
				Message: chat.Message{Text: d.words(company, in), Files: []chat.File{file}},
			})
		}
		return r.enqueue(ctx, tx, bot, out...)
	})
}

// daily is what a company's report tells.
type daily struct {
	zone      *time.Location
	there     []yard.Box
	moved     []store.MovementRow
	histories map[int64][]yard.Movement
}

func readDaily(ctx context.Context, tx *store.Tx, company yard.Company, in DueReport) (daily, error) {
	d := daily{histories: map[int64][]yard.Movement{}}
	from := in.At.Add(-24 * time.Hour)
	var err error
	if d.zone, err = tx.Zone(ctx, in.Workspace); err != nil {
		return d, err
	}
	terminals, err := tx.Terminals(ctx, in.Workspace)
	if err != nil {
		return d, err
	}
	names := map[int64]string{}
	for _, t := range terminals {
		names[t.ID] = t.Name
	}
	boxes, err := tx.CompanyBoxes(ctx, in.Workspace, company.ID, from, in.At)
	if err != nil {
		return d, err
	}
	byID := map[int64]yard.Box{}
	var ids []int64
	for _, b := range boxes {
		byID[b.ID] = b
		ids = append(ids, b.ID)
		if b.State == yard.In || b.State == yard.InTransit {
			d.there = append(d.there, b)
		}
	}
	all, err := tx.Movements(ctx, in.Workspace, ids...)
	if err != nil {
		return d, err
	}
	for _, m := range all {
		d.histories[m.Stay] = append(d.histories[m.Stay], m)
	}
	for _, id := range ids {
		for _, m := range yard.Effective(d.histories[id]) {
			if m.At.Before(from) || !m.At.Before(in.At) {
				continue
			}
			m.By = yard.Party{} // nobody's business outside
			d.moved = append(d.moved, store.MovementRow{Movement: m, Box: byID[id].Number, ClientName: byID[id].ClientName,
				TerminalName: names[m.Terminal], ToName: names[m.To]})
		}
	}
	slices.SortStableFunc(d.moved, func(a, b store.MovementRow) int { return a.At.Compare(b.At) })
	return d, nil
}

// words are the report's message.
func (d daily) words(company yard.Company, in DueReport) chat.Text {
	in24, out24 := 0, 0
	for _, m := range d.moved {
		switch m.Kind {
		case yard.GateIn:
			in24++
		case yard.GateOut:
			out24++
		}
	}
	lines := []chat.Text{chat.T("yardrules.daily", "Company", company.Name, "Day", in.Day.Format("02.01.2006"), "There", len(d.there), "In", in24, "Out", out24)}
	for _, m := range d.moved[:min(len(d.moved), rowsShown)] {
		lines = append(lines, movementLine(m, false, d.zone))
	}
	if more := len(d.moved) - rowsShown; more > 0 {
		lines = append(lines, chat.T("yardrules.more", "Count", more))
	}
	return chat.Lines(lines...)
}
