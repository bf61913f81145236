package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// PaperDetails are what papers say of one side.
type PaperDetails struct {
	Company int64  `json:"company"` // 0: the seller
	Name    string `json:"name"`
	Details string `json:"details"` // tax number, address, bank account: lines
}

// PaperDetails gives what papers that were issued at a moment say of a company, or with 0 of the seller: what was
// recorded last until then, else the first that was recorded at all. The zero value says that nothing was.
func (t *Tx) PaperDetails(ctx context.Context, workspace, company int64, at time.Time) (PaperDetails, error) {
	p := PaperDetails{Company: company}
	err := t.tx.QueryRow(ctx, `SELECT name, details FROM paper_details
		WHERE workspace_id = $1 AND company_id IS NOT DISTINCT FROM nullif($2::bigint, 0)
		ORDER BY recorded_at <= $3 DESC, CASE WHEN recorded_at <= $3 THEN recorded_at END DESC, recorded_at, id LIMIT 1`,
		workspace, company, at).Scan(&p.Name, &p.Details)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return p, fmt.Errorf("paper details: %w", err)
	}
	return p, nil
}

// AddPaperDetails records what papers say of a side from a moment on.
func (t *Tx) AddPaperDetails(ctx context.Context, by Recorder, p PaperDetails, at time.Time) error {
	return t.record(ctx, `INSERT INTO paper_details (workspace_id, person_id, op, company_id, name, details, recorded_at)
		VALUES ($1, nullif($2::bigint, 0), $3, nullif($4::bigint, 0), $5, $6, $7)`, by, p.Company, p.Name, p.Details, at)
}
