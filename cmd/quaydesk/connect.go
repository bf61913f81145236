package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/sethvargo/go-retry"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"quaydesk/settings"
	"quaydesk/store"
)

// patience is how long a process that starts waits for PostgreSQL and Temporal, in case all start at once.
const patience = 30 * time.Second

// openStore connects to PostgreSQL. close closes the connections.
func openStore(ctx context.Context, s settings.Settings, connections int32) (st *store.Store, pool *pgxpool.Pool, err error) {
	config, err := pgxpool.ParseConfig(string(s.DatabaseURL))
	if err != nil {
		return nil, nil, fmt.Errorf("DATABASE_URL is not the address of a PostgreSQL database")
	}
	config.MaxConns = connections
	pool, err = pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	if err := await(ctx, pool.Ping); err != nil {
		pool.Close()
		return nil, nil, fmt.Errorf("PostgreSQL does not answer at DATABASE_URL: %w", err)
	}
	return store.New(pool), pool, nil
}

// openTemporal connects to Temporal.
func openTemporal(ctx context.Context, s settings.Settings, logger *slog.Logger) (client.Client, error) {
	options := s.Temporal
	options.Logger = log.NewStructuredLogger(logger)
	var c client.Client
	err := await(ctx, func(ctx context.Context) (err error) {
		c, err = client.DialContext(ctx, options)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("no answer from Temporal at TEMPORAL_ADDRESS: %w", err)
	}
	return c, nil
}

// temporalAnswers asks Temporal whether it serves.
func temporalAnswers(c client.Client) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := c.CheckHealth(ctx, nil)
		return err
	}
}

// await tries until try succeeds or patience ends.
func await(ctx context.Context, try func(context.Context) error) error {
	backoff := retry.WithMaxDuration(patience, retry.WithCappedDuration(time.Second, retry.NewExponential(50*time.Millisecond)))
	return retry.Do(ctx, backoff, func(ctx context.Context) error { return retry.RetryableError(try(ctx)) })
}
