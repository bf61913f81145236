package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/calendar"
	"quaydesk/domain/yard"
)

// Reported is a company that gets a daily report.
type Reported struct {
	Company yard.Company
	At      time.Duration // since midnight of the workspace's day
	Last    calendar.Date // the day of the last report; 0: none so far
}

// ReportedCompanies gives the companies of a workspace that get a daily report and have people who read it.
func (t *Tx) ReportedCompanies(ctx context.Context, workspace int64) ([]Reported, error) {
	rows, err := t.tx.Query(ctx, `SELECT `+companyColumns+`, extract(epoch FROM report_at)::float8,
			(SELECT max(day) FROM reports WHERE company_id = c.id)
		FROM companies c WHERE workspace_id = $1 AND report_at IS NOT NULL
			AND EXISTS (SELECT FROM people WHERE workspace_id = $1 AND post = 'company:' || c.id)
		ORDER BY report_at, id`, workspace)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Reported, err error) {
		var secs float64
		var last *time.Time
		c := &r.Company
		err = row.Scan(&c.ID, &c.Workspace, &c.Name, &c.RequiresOrder, &secs, &last)
		r.At = time.Duration(secs) * time.Second
		if last != nil {
			r.Last = calendar.In(*last, time.UTC)
		}
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	return all, nil
}

// PastReports is what a company's daily reports have told.
type PastReports struct {
	Company yard.Company
	Until   time.Time      // what was recorded before, UTC; zero: there was none
	Told    map[int64]bool // movements recorded since overlap before Until
}

// LockReports holds a company's reports against every other one until the transaction ends, and gives what they have
// told. It tells false when that of the day, or of a later one, has gone out already, or the company gets none.
func (t *Tx) LockReports(ctx context.Context, workspace, company int64, day calendar.Date, overlap time.Duration) (PastReports, bool, error) {
	p := PastReports{Told: map[int64]bool{}}
	c := &p.Company
	err := t.tx.QueryRow(ctx, `SELECT `+companyColumns+` FROM companies WHERE workspace_id = $1 AND id = $2 AND report_at IS NOT NULL
		FOR UPDATE`, workspace, company).Scan(&c.ID, &c.Workspace, &c.Name, &c.RequiresOrder)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, false, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("reports of a company: %w", err)
	}
	var last time.Time
	var told []int64
	err = t.tx.QueryRow(ctx, `WITH all_of AS (SELECT * FROM reports WHERE workspace_id = $1 AND company_id = $2),
			last AS (SELECT max(day) AS day, max(reported_until) AS until FROM all_of)
		SELECT day, until, ARRAY(SELECT unnest(movements) FROM all_of WHERE reported_until > last.until - make_interval(secs => $3::float8))
		FROM last WHERE day IS NOT NULL`, workspace, company, overlap.Seconds()).Scan(&last, &p.Until, &told)
	if errors.Is(err, pgx.ErrNoRows) {
		return p, true, nil
	}
	if err != nil {
		return p, false, fmt.Errorf("reports of a company: %w", err)
	}
	for _, id := range told {
		p.Told[id] = true
	}
	p.Until = p.Until.UTC()
	return p, calendar.In(last, time.UTC) < day, nil
}

// KeepReport notes that a company's report of a day goes out and which movements, recorded before until, it tells.
func (t *Tx) KeepReport(ctx context.Context, c yard.Company, day calendar.Date, until time.Time, told []int64) error {
	return t.exec(ctx, `INSERT INTO reports (company_id, day, workspace_id, reported_until, movements) VALUES ($1, $2, $3, $4, $5)`,
		c.ID, date(day), c.Workspace, until, append([]int64{}, told...))
}
