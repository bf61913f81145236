// Package e2e talks to the whole product through its outside only: real engine, PostgreSQL and sandbox over HTTP.
package e2e

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"quaydesk/proof/stack"
	"quaydesk/proof/talk"
)

// tick is how often what gives no events is looked at.
const tick = 50 * time.Millisecond

// patience is how long anybody waits for anything. Nothing takes that long; a machine under load may.
const patience = 60 * time.Second

// world is a running product with its people.
type world struct {
	*stack.Stack
	sandbox *talk.Sandbox
	db      *pgxpool.Pool
}

// hooked gets updates by webhook and is shared by the tests, which have people of their own.
var hooked = sync.OnceValues(func() (*world, error) { return open(stack.Start) })

// polling gets updates by long polling.
var polling = sync.OnceValues(func() (*world, error) { return open(stack.StartPolling) })

var opened []*world

func open(start func(context.Context) (*stack.Stack, error)) (*world, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // the engine may have to be built
	defer cancel()
	s, err := start(ctx)
	if err != nil {
		return nil, err
	}
	w := &world{Stack: s}
	opened = append(opened, w)
	if w.sandbox, err = talk.Watch(ctx, s.SandboxURL, nil); err != nil {
		return nil, err
	}
	url, err := s.DatabaseURL()
	if err != nil {
		return nil, err
	}
	w.db, err = pgxpool.New(ctx, url)
	return w, err
}

func (w *world) close() error {
	if w.db != nil {
		w.db.Close()
	}
	if w.sandbox != nil {
		w.sandbox.Close()
	}
	return w.Stop()
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, w := range opened {
		if err := w.close(); err != nil {
			fmt.Fprintln(os.Stderr, "closing the product:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// webhook gives the shared product, in good health.
func webhook(t *testing.T) *world { return ready(t, hooked) }

func ready(t *testing.T, open func() (*world, error)) *world {
	t.Helper()
	w, err := open()
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the last that the product said:\n%s", w.Tail(8000))
		}
	})
	require.NoError(t, w.sandbox.SetFaults(t.Context(), talk.Healthy()))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, w.Ready(ctx))
	return w
}

// counts gives a number from the database.
func (w *world) counts(t *testing.T, sql string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, w.db.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// becomes waits until a number in the database is what it should be.
func (w *world) becomes(t *testing.T, want int, sql string, args ...any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	n := -1
	for n != want {
		require.NoError(t, w.db.QueryRow(t.Context(), sql, args...).Scan(&n))
		select {
		case <-ctx.Done():
			require.Equal(t, want, n, "%s %v", sql, args)
		case <-time.After(50 * time.Millisecond):
		}
	}
}
