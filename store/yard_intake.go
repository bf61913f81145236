package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// AllStays gives the ids of a workspace's stays by entry, without those that were reversed.
func (t *Tx) AllStays(ctx context.Context, workspace int64) ([]int64, error) {
	rows, err := t.tx.Query(ctx, `SELECT id FROM stays WHERE workspace_id = $1 AND state <> 'void' ORDER BY entered_at, id`, workspace)
	if err != nil {
		return nil, fmt.Errorf("stays: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("stays: %w", err)
	}
	return ids, nil
}
