// Package sandbox is a small world to try a bot in, on one machine and without accounts: a Bot API server with a chat
// page and its login for websites, a Todoist with a board page, and faults on demand. It listens on loopback addresses only, because whoever
// reaches it is everybody in that world.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"quaydesk/sandbox/botapi"
	"quaydesk/sandbox/faults"
	"quaydesk/sandbox/login"
	"quaydesk/sandbox/pages"
	"quaydesk/sandbox/todoist"
	"quaydesk/sandbox/world"
)

// Config is where a sandbox listens and lives.
type Config struct {
	Listen  string       // host and port; "127.0.0.1:8090" when empty. Run only
	DataDir string       // everything that survives a restart lies here; made when missing
	Log     *slog.Logger // slog.Default() when nil
}

// Sandbox serves the pages, both APIs and the control of people and faults, at the paths of one host.
type Sandbox struct {
	http.Handler
	botapi  *botapi.Server
	todoist *todoist.Server
}

// New opens a sandbox on its data folder. It runs until Close.
func New(cfg Config) (*Sandbox, error) {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.DataDir == "" {
		return nil, errors.New("sandbox: no data folder was given")
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	w, f := world.Demo(), faults.New()
	bots, err := botapi.New(botapi.Config{World: w, Faults: f, DataDir: filepath.Join(cfg.DataDir, "telegram"), Log: cfg.Log})
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	board, err := todoist.New(w, f, filepath.Join(cfg.DataDir, "todoist"), cfg.Log)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sandbox: %w", err), bots.Close())
	}
	signIn, err := login.New(login.Config{World: bots.World, DataDir: filepath.Join(cfg.DataDir, "telegram"), Now: time.Now})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sandbox: %w", err), bots.Close(), board.Close())
	}
	mux := http.NewServeMux()
	board.Register(mux)
	signIn.Register(mux)
	mux.Handle("/demo/", bots.Control())
	mux.Handle("/demo/faults", f.Handler())
	mux.Handle("GET /{$}", page("chat.html"))
	mux.Handle("GET /faults", page("faults.html"))
	mux.Handle("GET /pages/", http.StripPrefix("/pages/", http.FileServerFS(pages.Files)))
	return &Sandbox{Handler: local(split(f.Wrap(faults.Telegram, bots.API()), mux)), botapi: bots, todoist: board}, nil
}

// Close ends all deliveries and closes the journals.
func (s *Sandbox) Close() error { return errors.Join(s.botapi.Close(), s.todoist.Close()) }

var botPath = regexp.MustCompile(`^(/file)?/bot[0-9]`)

// split sends the Bot API's paths, which no pattern of a mux can name, to api and all others to rest.
func split(api, rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if botPath.MatchString(r.URL.Path) {
			api.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// local turns away browsers that were led here by a page of somewhere else: by a name that merely resolves to this
// machine, or across sites.
func local(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if !loopback(host) || r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Method != http.MethodGet {
			http.Error(w, "the sandbox is for this machine only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func page(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := fs.ReadFile(pages.Files, name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; frame-ancestors 'none'")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write(body)
	})
}

// Run serves a sandbox until ctx ends. It refuses to listen on anything but a loopback address.
func Run(ctx context.Context, cfg Config) error {
	if cfg.Listen == "" {
		cfg.Listen = "127.0.0.1:8090"
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	host, _, err := net.SplitHostPort(cfg.Listen)
	if err != nil {
		return fmt.Errorf("sandbox: the address to listen on is host:port: %w", err)
	}
	if !loopback(host) {
		return fmt.Errorf("sandbox: it listens on loopback addresses only, like 127.0.0.1:8090, not on %q", cfg.Listen)
	}
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	s, err := New(cfg)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(cfg.Log.Handler(), slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = nil
	}
	// Watchers and long polls never end by themselves: their connections are cut.
	return errors.Join(err, server.Close(), s.Close())
}
