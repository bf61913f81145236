package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

// What the pages of the accounting read.

// RecordedVersion is a version of a tariff with who recorded it.
type RecordedVersion struct {
	billing.Version
	Company     int64
	CompanyName string // "": the public tariff
	Person      string // "": the product itself
}

// RecordedVersions gives all versions that were recorded: the public ones first, then by client; the days from the
// latest on, and of each day what was recorded last first. With company not nil, those of one tariff (0: the public one).
func (t *Tx) RecordedVersions(ctx context.Context, workspace int64, company *int64) ([]RecordedVersion, error) {
	rows, err := t.tx.Query(ctx, `SELECT coalesce(v.company_id, 0), coalesce(c.name, ''), coalesce(p.name, ''), v.valid_from, v.recorded_at,
			v.withdrawn, v.content
		FROM tariff_versions v LEFT JOIN companies c ON c.id = v.company_id LEFT JOIN people p ON p.id = v.person_id
		WHERE v.workspace_id = $1 AND ($2::bigint IS NULL OR coalesce(v.company_id, 0) = $2)
		ORDER BY v.company_id IS NOT NULL, c.name, c.id, v.valid_from DESC, v.recorded_at DESC`, workspace, company)
	if err != nil {
		return nil, fmt.Errorf("recorded versions: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v RecordedVersion, err error) {
		var from time.Time
		var content []byte
		if err := row.Scan(&v.Company, &v.CompanyName, &v.Person, &from, &v.RecordedAt, &v.Withdrawn, &content); err != nil {
			return v, err
		}
		v.ValidFrom, v.RecordedAt = calendar.In(from, time.UTC), v.RecordedAt.UTC()
		return v, json.Unmarshal(content, &v.Terms)
	})
	if err != nil {
		return nil, fmt.Errorf("recorded versions: %w", err)
	}
	return all, nil
}

// ClientRow is a company as the accounting sees it.
type ClientRow struct {
	yard.Company
	ReportAt *time.Duration // of its daily report, since midnight of the workspace's day; nil: none
	Boxes    int            // of its boxes that stand or are in transit
	Invoiced calendar.Date  // the last day of its invoices; 0: none
}

// clientOrders are what clients can be sorted by.
var clientOrders = map[string]string{"name": "lower(c.name)", "boxes": "boxes", "invoiced": "invoiced"}

// Clients lists a stretch of a workspace's companies whose name has a text in it, sorted by "name", "boxes" or "invoiced",
// and how many there are.
func (t *Tx) Clients(ctx context.Context, workspace int64, name, by string, down bool, offset, limit int) ([]ClientRow, int, error) {
	order, known := clientOrders[by]
	if !known {
		return nil, 0, fmt.Errorf("clients: no order %q", by)
	}
	if down {
		order += " DESC"
	}
	return t.clients(ctx, `WHERE c.workspace_id = $1 AND c.name ILIKE $2 ORDER BY `+order+` NULLS LAST, c.id OFFSET $3 LIMIT $4`,
		workspace, contains(name), offset, limit)
}

// Client gives a company of the workspace as the accounting sees it, or a NotFound fault.
func (t *Tx) Client(ctx context.Context, workspace, id int64) (ClientRow, error) {
	if _, err := t.Company(ctx, workspace, id); err != nil {
		return ClientRow{}, err
	}
	found, _, err := t.clients(ctx, `WHERE c.workspace_id = $1 AND c.id = $2`, workspace, id)
	if err != nil {
		return ClientRow{}, err
	}
	return found[0], nil
}

func (t *Tx) clients(ctx context.Context, where string, args ...any) ([]ClientRow, int, error) {
	rows, err := t.tx.Query(ctx, `SELECT c.id, c.workspace_id, c.name, c.requires_order, extract(epoch FROM c.report_at)::float8,
			coalesce(b.boxes, 0) AS boxes, i.invoiced, count(*) OVER ()
		FROM companies c
			LEFT JOIN (SELECT client_id, count(*) AS boxes FROM stays WHERE workspace_id = $1 AND state IN ('in', 'transit') GROUP BY 1) b
				ON b.client_id = c.id
			LEFT JOIN (SELECT company_id, max(to_date) AS invoiced FROM invoices WHERE workspace_id = $1 GROUP BY 1) i ON i.company_id = c.id
		`+where, args...)
	if err != nil {
		return nil, 0, fmt.Errorf("clients: %w", err)
	}
	total := 0
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c ClientRow, err error) {
		var report *float64
		var invoiced *time.Time
		err = row.Scan(&c.ID, &c.Workspace, &c.Name, &c.RequiresOrder, &report, &c.Boxes, &invoiced, &total)
		if report != nil {
			at := time.Duration(*report) * time.Second
			c.ReportAt = &at
		}
		if invoiced != nil {
			c.Invoiced = calendar.In(*invoiced, time.UTC)
		}
		return c, err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("clients: %w", err)
	}
	return all, total, nil
}

// InvoiceRow is an invoice in a list.
type InvoiceRow struct {
	Number     int
	Corrects   int // the number of the invoice that it is a correction of; 0: it is an invoice
	Company    int64
	ClientName string // as the invoice has it
	From, To   calendar.Date
	IssuedAt   time.Time    // UTC
	Totals     money.Totals // of a correction, the difference
}

// invoiceOrders are what invoices can be sorted by.
var invoiceOrders = map[string]string{"number": "i.number", "client": "lower(i.client_name)", "issued": "i.issued_at", "period": "i.from_date"}

// InvoiceList lists a stretch of the issued invoices that were asked for, and of their corrections, sorted by "number", "client", "issued" or
// "period", and how many there are.
func (t *Tx) InvoiceList(ctx context.Context, in Issues, by string, down bool, offset, limit int) ([]InvoiceRow, int, error) {
	order, known := invoiceOrders[by]
	if !known {
		return nil, 0, fmt.Errorf("invoices: no order %q", by)
	}
	if down {
		order += " DESC"
	}
	rows, err := t.tx.Query(ctx, `SELECT i.number, i.corrects, i.company_id, i.client_name, i.from_date, i.to_date, i.issued_at, i.totals, count(*) OVER ()
		FROM (SELECT number, 0 AS corrects, company_id, client_name, from_date, to_date, issued_at, totals FROM invoices WHERE workspace_id = $1
			UNION ALL SELECT c.number, of.number, of.company_id, of.client_name, of.from_date, of.to_date, c.issued_at, c.totals
				FROM corrections c JOIN invoices of ON of.id = c.invoice_id WHERE c.workspace_id = $1) i
		WHERE ($2::int = 0 OR i.number = $2) AND ($3::bigint = 0 OR i.company_id = $3)
			AND ($4::date IS NULL OR i.to_date >= $4) AND ($5::date IS NULL OR i.from_date <= $5)
		ORDER BY `+order+`, i.number DESC OFFSET $6 LIMIT $7`,
		in.Workspace, in.Number, in.Company, date(in.From), date(in.To), offset, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("invoices: %w", err)
	}
	total := 0
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r InvoiceRow, err error) {
		var from, to time.Time
		var totals []byte
		if err := row.Scan(&r.Number, &r.Corrects, &r.Company, &r.ClientName, &from, &to, &r.IssuedAt, &totals, &total); err != nil {
			return r, err
		}
		r.From, r.To, r.IssuedAt = calendar.In(from, time.UTC), calendar.In(to, time.UTC), r.IssuedAt.UTC()
		return r, unmarshalTotals(totals, &r.Totals)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("invoices: %w", err)
	}
	return all, total, nil
}

// unmarshalTotals adds totals from JSON to others.
func unmarshalTotals(from []byte, to *money.Totals) error {
	if len(from) == 0 {
		return nil
	}
	var more money.Totals
	if err := json.Unmarshal(from, &more); err != nil {
		return err
	}
	for _, t := range more {
		*to = to.Add(t)
	}
	return nil
}
