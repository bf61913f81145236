// Package store keeps the product in PostgreSQL, one file per aggregate. Every query is bound to a workspace, or to a
// bot, which belongs to one.
package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Store reads and writes the product's tables. Safe for concurrent use.
type Store struct {
	pool *pgxpool.Pool
}

// New makes a Store on a pool, which stays the caller's to close.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// Tx is one transaction; its methods stand in the files of the aggregates.
type Tx struct {
	tx pgx.Tx
}

// Tx runs do in one transaction (read committed), commits when it returns nil and rolls back otherwise.
func (s *Store) Tx(ctx context.Context, do func(*Tx) error) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return do(&Tx{tx: tx}) })
	if err != nil {
		return fmt.Errorf("transaction: %w", err)
	}
	return nil
}
