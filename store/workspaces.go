package store

import (
	"context"
	"fmt"
	"time"
)

// Configure sets what the environment says of a bot's workspace: who owns it (Telegram user ids), its IANA time zone, and
// the pauses before staff is reminded of a ticket that nobody took.
func (s *Store) Configure(ctx context.Context, bot int64, owners []int64, zone string, reminders []time.Duration) error {
	return s.Tx(ctx, func(tx *Tx) error {
		var workspace int64
		err := tx.tx.QueryRow(ctx, `
			UPDATE workspaces w SET time_zone = $2, reminders = $3 FROM bots b WHERE b.id = $1 AND w.id = b.workspace_id
			RETURNING w.id`, bot, zone, reminders).Scan(&workspace)
		if err != nil {
			return fmt.Errorf("configure the workspace: %w", err)
		}
		return tx.SetOwners(ctx, workspace, owners)
	})
}

// Zone gives the time zone of a workspace.
func (t *Tx) Zone(ctx context.Context, workspace int64) (*time.Location, error) {
	var name string
	if err := t.tx.QueryRow(ctx, `SELECT time_zone FROM workspaces WHERE id = $1`, workspace).Scan(&name); err != nil {
		return nil, fmt.Errorf("time zone of a workspace: %w", err)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone of a workspace: %w", err)
	}
	return zone, nil
}
