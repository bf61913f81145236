// Engine is the official Temporal server with its web UI as one small program that keeps its state in PostgreSQL.
//
// It is what `quaydesk up` runs where no Temporal is given, and a Go module of its own because the server brings some
// two hundred modules that the product does not need. It has no authentication and therefore listens on the loopback
// only. SIGTERM or SIGINT stops it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// settings are read from the environment, as everything else of the product is.
type settings struct {
	databaseURL string // DATABASE_URL; the server's own databases are made beside this one, named after it
	port        int    // QUAYDESK_TEMPORAL_PORT; 7233 when unset
	uiPort      int    // QUAYDESK_TEMPORAL_UI_PORT; 8233 when unset
	namespace   string // TEMPORAL_NAMESPACE; "default" when unset
}

// stopTimeout bounds an orderly stop; what is cut off then goes on at the next start, as after any crash.
const stopTimeout = 2 * time.Second

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "engine:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	s, err := read(os.Getenv)
	if err != nil {
		return err
	}
	target, err := parseDatabaseURL(s.databaseURL)
	if err != nil {
		return err
	}
	if err := checkFree(s.port, "QUAYDESK_TEMPORAL_PORT"); err != nil {
		return err
	}
	if err := checkFree(s.uiPort, "QUAYDESK_TEMPORAL_UI_PORT"); err != nil {
		return err
	}
	lost, err := lockDatabase(ctx, s.databaseURL)
	if err != nil {
		return err
	}
	if err := target.prepare(ctx, s.namespace); err != nil {
		return fmt.Errorf("preparing the databases: %w", err)
	}
	server, err := startServer(s, target)
	if err != nil {
		return err
	}
	ui := startUI(s)
	slog.InfoContext(ctx, "engine is ready", slog.String("address", s.address()), slog.Int("ui_port", s.uiPort))

	select {
	case <-ctx.Done():
	case err = <-lost:
	}
	stopped := make(chan struct{})
	go func() {
		ui.Stop()
		if stopErr := server.Stop(); stopErr != nil {
			slog.Error("stopping the server", slog.Any("error", stopErr))
		}
		close(stopped)
	}()
	select {
	case <-stopped:
	case <-time.After(stopTimeout):
		slog.Warn("the server did not stop in time and was cut off")
	}
	return err
}

func read(getenv func(string) string) (settings, error) {
	s := settings{databaseURL: getenv("DATABASE_URL"), port: 7233, uiPort: 8233, namespace: getenv("TEMPORAL_NAMESPACE")}
	if s.databaseURL == "" {
		return s, errors.New("DATABASE_URL is not set; for example postgres://user:password@127.0.0.1:5432/quaydesk")
	}
	if s.namespace == "" {
		s.namespace = "default"
	}
	for name, port := range map[string]*int{"QUAYDESK_TEMPORAL_PORT": &s.port, "QUAYDESK_TEMPORAL_UI_PORT": &s.uiPort} {
		value := getenv(name)
		if value == "" {
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > 65535 {
			return s, fmt.Errorf("%s is %q: a port from 1 to 65535 is wanted, for example %d", name, value, *port)
		}
		*port = n
	}
	return s, nil
}

func (s settings) address() string { return "127.0.0.1:" + strconv.Itoa(s.port) }
