package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/fault"
)

// NextInvoice takes the next number of the workspace's invoices and corrections. Whoever else takes one waits until this
// transaction ends.
func (t *Tx) NextInvoice(ctx context.Context, workspace int64) (int, error) {
	var n int
	err := t.tx.QueryRow(ctx, `UPDATE workspaces SET last_invoice = last_invoice + 1 WHERE id = $1 RETURNING last_invoice`, workspace).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("number an invoice: %w", err)
	}
	return n, nil
}

// AddInvoice keeps an invoice that is issued.
func (t *Tx) AddInvoice(ctx context.Context, by Recorder, i billing.Invoice) error {
	document, err := json.Marshal(i)
	if err != nil {
		return fmt.Errorf("invoice: %w", err)
	}
	s := i.Statement
	return t.record(ctx, `INSERT INTO invoices (workspace_id, person_id, op, number, company_id, from_date, to_date, issued_at, document)
		VALUES ($1, nullif($2::bigint, 0), $3, $4, $5, $6, $7, $8, $9)`,
		by, i.Number, s.Client, date(s.From), date(s.To), i.IssuedAt, document)
}

// AddCorrection keeps a correction that is issued of an invoice.
func (t *Tx) AddCorrection(ctx context.Context, by Recorder, c billing.Correction) error {
	document, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("correction: %w", err)
	}
	return t.record(ctx, `INSERT INTO corrections (workspace_id, person_id, op, number, invoice_id, issued_at, document)
		SELECT $1, nullif($2::bigint, 0), $3, $4, id, $6, $7 FROM invoices WHERE workspace_id = $1 AND number = $5`,
		by, c.Number, c.Invoice, c.IssuedAt, document)
}

// Issued is an invoice with its corrections, in the order in which they were issued.
type Issued struct {
	Invoice     billing.Invoice      `json:"invoice"`
	Corrections []billing.Correction `json:"corrections,omitempty"`
}

// Issues chooses issued invoices.
type Issues struct {
	Workspace int64
	Number    int           // of the invoice; 0: any
	Company   int64         // 0: any
	From, To  calendar.Date // whose period has a day in it; zero: any
}

// Invoices gives the issued invoices that were asked for, the newest first.
func (t *Tx) Invoices(ctx context.Context, in Issues) ([]Issued, error) {
	rows, err := t.tx.Query(ctx, `SELECT i.document, array(SELECT c.document::text FROM corrections c WHERE c.invoice_id = i.id ORDER BY c.id)
		FROM invoices i WHERE i.workspace_id = $1 AND ($2::int = 0 OR i.number = $2) AND ($3::bigint = 0 OR i.company_id = $3)
			AND ($4::date IS NULL OR i.to_date >= $4) AND ($5::date IS NULL OR i.from_date <= $5)
		ORDER BY i.number DESC`, in.Workspace, in.Number, in.Company, date(in.From), date(in.To))
	if err != nil {
		return nil, fmt.Errorf("invoices: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (i Issued, err error) {
		var document []byte
		var corrections []string
		if err := row.Scan(&document, &corrections); err != nil {
			return i, err
		}
		i.Corrections = make([]billing.Correction, len(corrections))
		for n, c := range corrections {
			err = errors.Join(err, json.Unmarshal([]byte(c), &i.Corrections[n]))
		}
		return i, errors.Join(err, json.Unmarshal(document, &i.Invoice))
	})
	if err != nil {
		return nil, fmt.Errorf("invoices: %w", err)
	}
	return all, nil
}

// Invoice gives the invoice with a number, or a NotFound fault.
func (t *Tx) Invoice(ctx context.Context, workspace int64, number int) (Issued, error) {
	found, err := t.Invoices(ctx, Issues{Workspace: workspace, Number: number})
	if err != nil {
		return Issued{}, err
	}
	if number == 0 || len(found) == 0 {
		return Issued{}, fault.New(fault.NotFound, "billing.invoice_unknown")
	}
	return found[0], nil
}
