package store

import (
	"context"
	"encoding/json"
	"fmt"
)

// exec runs a statement whose result does not matter.
func (t *Tx) exec(ctx context.Context, sql string, args ...any) error {
	if _, err := t.tx.Exec(ctx, sql, args...); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// Begin claims an operation's key. When the operation was carried out already it gives what it answered and true. A
// second transaction with the same key waits for the first to end.
func (t *Tx) Begin(ctx context.Context, key string) (json.RawMessage, bool, error) {
	tag, err := t.tx.Exec(ctx, `INSERT INTO operations (key, result) VALUES ($1, 'null') ON CONFLICT DO NOTHING`, key)
	if err != nil {
		return nil, false, fmt.Errorf("operation: %w", err)
	}
	if tag.RowsAffected() == 1 {
		return nil, false, nil
	}
	var result json.RawMessage
	if err := t.tx.QueryRow(ctx, `SELECT result FROM operations WHERE key = $1`, key).Scan(&result); err != nil {
		return nil, false, fmt.Errorf("operation: %w", err)
	}
	return result, true, nil
}
