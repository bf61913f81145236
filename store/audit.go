package store

import (
	"context"
	"encoding/json"
	"fmt"
)

// Change is one entry of the audit log.
type Change struct {
	Workspace int64
	Person    int64  // who did it; 0: the product itself, or somebody who is known on the board only
	Op        string // the operation's key
	Action    string // "ticket.take"
	About     string // "ticket:12"
	Before    any    // as it was, nil for nothing; kept as JSON
	After     any    // as it became
}

// Audit writes a change into the audit log, in the transaction that makes it.
func (t *Tx) Audit(ctx context.Context, c Change) error {
	before, err := json.Marshal(c.Before)
	if err != nil {
		return fmt.Errorf("audit %s: %w", c.Action, err)
	}
	after, err := json.Marshal(c.After)
	if err != nil {
		return fmt.Errorf("audit %s: %w", c.Action, err)
	}
	return t.exec(ctx, `INSERT INTO audit (workspace_id, person_id, op, action, about, before, after)
		VALUES ($1, nullif($2::bigint, 0), $3, $4, $5, nullif($6::jsonb, 'null'), nullif($7::jsonb, 'null'))`,
		c.Workspace, c.Person, c.Op, c.Action, c.About, before, after)
}
