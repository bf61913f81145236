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
// one whose moment has passed, of which only the latest.
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
		at := now()
		today := calendar.In(at, zone)
		for _, c := range all {
			day := today
			if c.Last != 0 { // days that were missed are told of together
				if at.Before(clockOn(today, c.At, zone)) {
					day--
				}
				day = max(c.Last+1, day)
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

// ReportToLine sends a company's daily report to the people whose post the company is, as a message and as xlsx: what
// stood at the report's moment as it was known then, and what was recorded since the report before, whenever it
// happened. Each movement is in one report, and a day has one report. A company's first one tells of the day until now.
func (r *Records) ReportToLine(ctx context.Context, in DueReport) error {
	return r.store.Tx(ctx, func(tx *store.Tx) error {
		past, due, err := tx.LockReports(ctx, in.Workspace, in.Company, in.Day, lateCommit)
		if err != nil || !due {
			return err
		}
		bot, err := tx.FirstBot(ctx, in.Workspace)
		if err != nil || bot == 0 {
			return err
		}
		company := past.Company
		readers, err := tx.PeopleAt(ctx, in.Workspace, people.Post("company", company.ID))
		if err != nil || len(readers) == 0 {
			return err
		}
		d, err := readDaily(ctx, tx, past, in)
		if err != nil {
			return err
		}
		if err := tx.KeepReport(ctx, company, in.Day, d.until, d.told); err != nil {
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
				Key: fmt.Sprintf("daily:%d:%s:%d", company.ID, in.Day, p.Telegram), Chat: p.Telegram, Lang: p.Lang,
				Message: chat.Message{Text: d.words(company), Files: []chat.File{file}},
			})
		}
		return r.enqueue(ctx, tx, bot, out...)
	})
}
