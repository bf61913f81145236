// Package postgres runs a private PostgreSQL server as a child process: made from the programs that the machine has,
// on the loopback only, and gone when its parent is.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/local/process"
)

// Config says where and how the server runs.
type Config struct {
	DataDir   string       // the server's folder, made when missing; holds the cluster, the password and a lock
	Port      int          // on 127.0.0.1; 0: a free one
	Log       *slog.Logger // what this package does; nil: slog.Default()
	Output    io.Writer    // the server's own log lines; nil: dropped
	Throwaway bool         // the data need not survive a crash of the machine: no fsync, for tests
}

// Server is a running private server.
type Server struct {
	port     int
	password string
	child    *process.Process
	lock     *os.File
}

// Start starts the server and returns when it answers; ctx bounds the start only. A first start makes the cluster, a
// server left over from a killed parent is stopped first. As root the server runs as the owner of DataDir, if that is
// somebody else, or as the user postgres or nobody. It wraps ErrInUse when another process holds DataDir.
func Start(ctx context.Context, c Config) (*Server, error) {
	s, err := start(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("private PostgreSQL: %w", err)
	}
	return s, nil
}

func start(ctx context.Context, c Config) (_ *Server, err error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	dir, err := filepath.Abs(c.DataDir)
	if err != nil {
		return nil, err
	}
	as, err := chooseAccount(dir)
	if err != nil {
		return nil, err
	}
	s := &Server{}
	if s.password, err = prepare(dir, as); err != nil {
		return nil, err
	}
	if s.lock, err = hold(ctx, dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.lock.Close()
		}
	}()
	if err := stopLeftover(ctx, clusterDir(dir)); err != nil {
		return nil, err
	}
	major, err := clusterMajor(dir)
	if err != nil {
		return nil, err
	}
	programs, err := c.provide(ctx, dir, major)
	if err != nil {
		return nil, err
	}
	if major == 0 {
		if err := initialize(ctx, programs, dir, as, c.Throwaway); err != nil {
			return nil, err
		}
	}
	return s, s.run(ctx, c, programs, dir, as)
}

// run starts the server until it answers. After a killed server its backends take a moment to go, and a free port may
// be snatched: both are tried again.
func (s *Server) run(ctx context.Context, c Config, programs binaries, dir string, as *account) error {
	for {
		s.port = c.Port
		if c.Port == 0 {
			port, err := freePort(ctx)
			if err != nil {
				return err
			}
			s.port = port
		}
		said := &tail{next: c.Output}
		err := s.runOnce(ctx, c, programs, dir, as, said)
		if err == nil || !said.passing(c.Port == 0) || ctx.Err() != nil {
			return err
		}
		c.Log.InfoContext(ctx, "PostgreSQL did not start yet, trying again", slog.Int("port", s.port))
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (s *Server) runOnce(ctx context.Context, c Config, programs binaries, dir string, as *account, said *tail) (err error) {
	args := []string{"-D", clusterDir(dir)}
	set := c.settings(s.port)
	for _, name := range slices.Sorted(maps.Keys(set)) {
		args = append(args, "-c", name+"="+set[name])
	}
	cmd := exec.Command(programs.path("postgres"), args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = dir, childEnv(), as.attr()
	cmd.Stdout, cmd.Stderr = said, said
	cmd.WaitDelay = time.Second // a backend that outlives a killed server keeps the pipe open
	if s.child, err = process.Start(cmd, syscall.SIGQUIT); err != nil {
		return err
	}
	if err := s.await(ctx); err != nil {
		_ = s.child.Signal(syscall.SIGQUIT)
		<-s.child.Done()
		return fmt.Errorf("%w: %s", err, said.last())
	}
	return nil
}

// settings suit a small machine: durable, quiet, and without people's texts in the log.
func (c Config) settings(port int) map[string]string {
	set := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    strconv.Itoa(port),
		"unix_socket_directories": "",
		"max_connections":         "200",
		"shared_buffers":          "128MB",
		"max_wal_size":            "512MB",
		"jit":                     "off",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
		"log_checkpoints":         "off",
		"log_min_error_statement": "panic", // statements and
		"log_error_verbosity":     "terse", // details may quote what people wrote
	}
	if c.Throwaway {
		set["fsync"], set["synchronous_commit"], set["full_page_writes"] = "off", "off", "off"
	}
	return set
}

// await returns when the server answers a query, or says that it ended.
func (s *Server) await(ctx context.Context) error {
	for {
		err := s.ping(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.child.Done():
			return errors.New("it ended at once")
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w", errors.Join(ctx.Err(), err))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ping gives up when the server ends: whoever else listens on its port may never answer.
func (s *Server) ping(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-s.child.Done():
			cancel()
		case <-ctx.Done():
		}
	}()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.Ping(ctx)
}

// URL is the address of one of the server's databases, password included.
func (s *Server) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(superuser, s.password),
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)), Path: database, RawQuery: "sslmode=disable"}
	return u.String()
}

// EnsureDatabase makes a database unless it is there.
func (s *Server) EnsureDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	return err
}

// Port is where the server listens on 127.0.0.1.
func (s *Server) Port() int { return s.port }

// Pid is the process id of the server.
func (s *Server) Pid() int { return s.child.Pid() }

// Done is closed when the server has ended, whoever ended it.
func (s *Server) Done() <-chan struct{} { return s.child.Done() }

// Stop ends the server orderly: clients are disconnected, what they committed is on disk. When ctx ends first the
// server is cut off, and recovers at the next start. Stop also gives the data folder free, so it is due after Done too.
func (s *Server) Stop(ctx context.Context) error {
	defer s.lock.Close()
	if err := s.child.Signal(syscall.SIGINT); err != nil {
		return err
	}
	select {
	case <-s.child.Done():
		return nil
	case <-ctx.Done():
		_ = s.child.Signal(syscall.SIGQUIT)
		<-s.child.Done()
		return fmt.Errorf("PostgreSQL was cut off: %w", ctx.Err())
	}
}

// tail passes the server's log on and keeps the end of it, for errors.
type tail struct {
	next io.Writer
	mu   sync.Mutex
	kept []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - 4096; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	if t.next != nil {
		return t.next.Write(p)
	}
	return len(p), nil
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}

// last gives the last line that says why the server ended, else the last line.
func (t *tail) last() string {
	text := t.text()
	why := lastLine([]byte(text))
	for line := range strings.Lines(text) {
		if strings.Contains(line, "FATAL") && !strings.Contains(line, "is starting up") {
			why = strings.TrimSpace(line)
		}
	}
	return why
}

// passing tells whether what kept the server from starting goes away by itself.
func (t *tail) passing(anyPort bool) bool {
	text := t.text()
	return strings.Contains(text, "pre-existing shared memory block") ||
		strings.Contains(text, "lock file \"postmaster.pid\" already exists") ||
		anyPort && strings.Contains(text, "could not bind")
}
