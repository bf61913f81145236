package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// AskedFor is an approval with the names of who asked and who decided.
type AskedFor struct {
	Approval
	AskedName   string
	DecidedName string
}

// YardWaits is how much of the yard waits for somebody.
type YardWaits struct {
	Approvals int // changes to closed days that nobody has decided on
	Moving    int // boxes in transit
	Held      int // boxes on hold
}

// YardWaits counts what waits in a workspace now.
func (t *Tx) YardWaits(ctx context.Context, workspace int64) (w YardWaits, err error) {
	err = t.tx.QueryRow(ctx, `SELECT (SELECT count(*) FROM approvals WHERE workspace_id = $1 AND decided_at IS NULL),
			count(*) FILTER (WHERE state = 'transit'), count(*) FILTER (WHERE held IS NOT NULL)
		FROM stays WHERE workspace_id = $1 AND state IN ('in', 'transit')`, workspace).Scan(&w.Approvals, &w.Moving, &w.Held)
	if err != nil {
		return w, fmt.Errorf("what waits: %w", err)
	}
	return w, nil
}

// Approvals lists the changes that wait for a manager's word, the oldest first, and behind them those decided last.
func (t *Tx) Approvals(ctx context.Context, workspace int64, decided int) ([]AskedFor, error) {
	rows, err := t.tx.Query(ctx, `SELECT a.id, a.workspace_id, a.change, a.asked_by, a.asked_at, a.bot_id, coalesce(a.decided_by, 0),
			a.decided_at, coalesce(a.approved, false), p.name, coalesce(d.name, '')
		FROM ((SELECT * FROM approvals WHERE workspace_id = $1 AND decided_at IS NULL)
			UNION ALL (SELECT * FROM approvals WHERE workspace_id = $1 AND decided_at IS NOT NULL ORDER BY decided_at DESC LIMIT $2)) a
			JOIN people p ON p.id = a.asked_by LEFT JOIN people d ON d.id = a.decided_by
		ORDER BY a.decided_at DESC NULLS FIRST, a.id`, workspace, decided)
	if err != nil {
		return nil, fmt.Errorf("approvals: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a AskedFor, err error) {
		err = row.Scan(&a.ID, &a.Workspace, &a.Change, &a.AskedBy, &a.AskedAt, &a.Bot, &a.DecidedBy, &a.DecidedAt, &a.Approved,
			&a.AskedName, &a.DecidedName)
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("approvals: %w", err)
	}
	return all, nil
}
