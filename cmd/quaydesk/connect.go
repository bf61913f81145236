package main

import (
	"context"
	"errors"
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

// connections is what a service of the product works with.
type connections struct {
	settings settings.Settings
	pool     *pgxpool.Pool
	store    *store.Store
	temporal client.Client
}

// connect reads the settings, wants the named variables set too, and connects to PostgreSQL, with so many connections at
// the most. Temporal is connected to when it is first used.
func (p *process) connect(most int32, required ...string) (*connections, error) {
	s, err := p.settings(append(required, "DATABASE_URL")...)
	if err != nil {
		return nil, err
	}
	pool, err := openPool(p.ctx, s, most)
	if err != nil {
		return nil, err
	}
	temporal, err := openTemporal(s, p.log)
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &connections{settings: s, pool: pool, store: store.New(pool), temporal: temporal}, nil
}

// Close ends the connections.
func (c *connections) Close() {
	c.temporal.Close()
	c.pool.Close()
}

func openPool(ctx context.Context, s settings.Settings, most int32) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(string(s.DatabaseURL))
	if err != nil {
		return nil, errors.New("DATABASE_URL is not the address of a PostgreSQL database")
	}
	config.MaxConns = most
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	if err := await(ctx, pool.Ping); err != nil {
		pool.Close()
		return nil, fmt.Errorf("PostgreSQL does not answer at DATABASE_URL: %w", err)
	}
	return pool, nil
}

// openTemporal makes a client that connects when it is first used: what needs no Temporal goes on without it.
func openTemporal(s settings.Settings, logger *slog.Logger) (client.Client, error) {
	options := s.Temporal
	options.Logger = log.NewStructuredLogger(logger)
	c, err := client.NewLazyClient(options)
	if err != nil {
		return nil, fmt.Errorf("the settings TEMPORAL_… cannot be used: %w", err)
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
