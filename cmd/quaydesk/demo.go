package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"quaydesk/store"
)

// demo fills the yard of the sandbox's workspace, the first one, by the operations that people and commands use.
type demo struct{}

// Places makes the terminals and companies.
func (demo) Places(ctx context.Context, databaseURL string) error {
	return inDemo(ctx, databaseURL, func(db *store.Store, workspace int64) error {
		return db.Tx(ctx, func(tx *store.Tx) error {
			for _, name := range demoTerminals {
				if _, err := tx.EnsureTerminal(ctx, workspace, name, demoZone); err != nil {
					return err
				}
			}
			for _, name := range append(demoClients, demoLines...) {
				if _, err := tx.EnsureCompany(ctx, workspace, name); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// Life makes a month of boxes, what they cost, and last month's invoice.
func (demo) Life(ctx context.Context, databaseURL string) error {
	return inDemo(ctx, databaseURL, func(db *store.Store, workspace int64) error {
		_, err := demoMonth(time.Now())
		return err
	})
}

// inDemo does something in the first workspace.
func inDemo(ctx context.Context, databaseURL string, do func(db *store.Store, workspace int64) error) error {
	pool, err := pgxpool.New(ctx, databaseURL)
	if err != nil {
		return err
	}
	defer pool.Close()
	db := store.New(pool)
	workspaces, err := db.Workspaces(ctx)
	if err != nil || len(workspaces) == 0 {
		return err
	}
	return do(db, workspaces[0])
}
