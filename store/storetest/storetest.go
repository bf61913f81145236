// Package storetest gives each test a fresh, migrated database on a real PostgreSQL.
//
// The server is the one of QUAYDESK_TEST_DATABASE_URL (a superuser's address), else a private one that is started once
// per test process in a scratch folder and goes with it.
package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"quaydesk/local/postgres"
	"quaydesk/store"
)

// New gives a pool on a database of the test's own, which is dropped when the test ends.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(context.Background(), URL(t))
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(pool.Close) // before the database is dropped: cleanups run last first
	return pool
}

// URL makes a database for the test as New does, and gives its address.
func URL(t testing.TB) string {
	t.Helper()
	c, err := template()
	if err != nil {
		t.Fatalf("storetest: %v", err)
	}
	name := newName()
	if err := c.exec("CREATE DATABASE " + name + " TEMPLATE " + c.template); err != nil {
		t.Fatalf("storetest: %v", err)
	}
	t.Cleanup(func() {
		if err := c.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("storetest: %v", err)
		}
	})
	return c.url(name)
}

// server is where databases are made.
type server struct {
	base     url.URL // of a database to connect to for making others
	template string  // the migrated database that tests copy
	mu       sync.Mutex
}

// template migrates the process's template database, once.
var template = sync.OnceValues(func() (*server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	address := os.Getenv("QUAYDESK_TEST_DATABASE_URL")
	private := address == ""
	if private {
		var err error
		if address, err = startPrivate(ctx); err != nil {
			return nil, err
		}
	}
	base, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("QUAYDESK_TEST_DATABASE_URL is not an address like postgres://postgres@127.0.0.1:5432/postgres")
	}
	s := &server{base: *base, template: newName()}
	if !private {
		s.dropOld(ctx)
	}
	if err := s.exec("CREATE DATABASE " + s.template); err != nil {
		return nil, err
	}
	return s, store.Migrate(ctx, s.url(s.template))
})

func (s *server) url(database string) string {
	u := s.base
	u.Path = "/" + database
	return u.String()
}

// exec runs one statement. One at a time: a template can only be copied while nobody else is using it.
func (s *server) exec(sql string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.base.String())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// newName carries the time, so that what killed test processes left can be told from what is in use.
func newName() string {
	return fmt.Sprintf("test_%d_%s", time.Now().Unix(), strings.ToLower(rand.Text()[:12]))
}

// dropOld removes what earlier test processes left on a kept server more than an hour ago; as well as it can.
func (s *server) dropOld(ctx context.Context) {
	conn, err := pgx.Connect(ctx, s.base.String())
	if err != nil {
		return
	}
	rows, err := conn.Query(ctx, `SELECT datname FROM pg_database WHERE datname ~ '^test_\d+_[a-z0-9]+$'
		AND split_part(datname, '_', 2)::bigint < extract(epoch FROM now()) - 3600`)
	if err != nil {
		conn.Close(ctx)
		return
	}
	old, _ := pgx.CollectRows(rows, pgx.RowTo[string])
	conn.Close(ctx)
	for _, name := range old {
		_ = s.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
	}
}

// startPrivate starts a server for this process alone. It dies with the process; its folder is removed by a shell
// that waits for the process's end.
func startPrivate(ctx context.Context) (string, error) {
	dir, err := os.MkdirTemp("", "quaydesk-storetest-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	// The kernel closes the pipe's other end when the process has ended, however that was.
	const sweep = `cat; while [ -e "$0/postgres/cluster/postmaster.pid" ] && [ $((n += 1)) -lt 50 ]; do sleep 0.1; done; rm -rf "$0"`
	broom := exec.Command("sh", "-c", sweep, dir)
	broom.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C is not for it
	pipe, err := broom.StdinPipe()
	if err != nil {
		return "", err
	}
	if err := broom.Start(); err != nil {
		return "", err
	}
	s, err := postgres.Start(ctx, postgres.Config{DataDir: filepath.Join(dir, "postgres"), Throwaway: true})
	if err != nil {
		return "", err
	}
	go func() {
		<-s.Done()
		pipe.Close() // and not before: collected as garbage, it would be closed under the running server
	}()
	return s.URL("postgres"), nil
}
