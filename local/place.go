package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"quaydesk/local/process"
)

// State is what up.json in the data folder says while `quaydesk up` runs; machines read it.
type State struct {
	Pid         int                  `json:"pid"` // of `quaydesk up` itself
	Ready       bool                 `json:"ready"`
	URL         string               `json:"url"`          // the web's
	DatabaseURL string               `json:"database_url"` // the product's database, password included
	Parts       map[string]PartState `json:"parts"`        // postgres, engine, sandbox, gateway, worker, web: those that run
}

// PartState is one part in State.
type PartState struct {
	Pid      int    `json:"pid"`
	Address  string `json:"address"` // host:port
	Log      string `json:"log"`     // path
	Restarts int    `json:"restarts"`
}

const (
	stateFile = "up.json"
	loopback  = "127.0.0.1"
)

// takePlace makes the data folder and holds it for this process; the kernel gives it free however the process ends.
func takePlace(ctx context.Context, dir string) (release func(), err error) {
	hint := "set QUAYDESK_DATA to a folder of your own, for example QUAYDESK_DATA=" + filepath.Join(os.TempDir(), "quaydesk")
	// PostgreSQL may run as another user, who has to get through.
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("the data folder cannot be made: %w: %s", err, hint)
	}
	if err := os.MkdirAll(logDir(dir), 0o700); err != nil {
		return nil, fmt.Errorf("the data folder cannot be used: %w: %s", err, hint)
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the data folder cannot be used: %w: %s", err, hint)
	}
	err = process.Lock(ctx, f, time.Second)
	if errors.Is(err, process.ErrLocked) {
		f.Close()
		who := "another `quaydesk up`"
		if s, err := ReadState(dir); err == nil {
			who = fmt.Sprintf("`quaydesk up`, process %d at %s,", s.Pid, s.URL)
		}
		return nil, fmt.Errorf("%s runs on %s already: use that one, or %s", who, dir, hint)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("the data folder cannot be locked: %w", err)
	}
	return func() { f.Close() }, nil
}

func logDir(dir string) string { return filepath.Join(dir, "logs") }

// ReadState reads up.json of a data folder.
func ReadState(dir string) (State, error) {
	var s State
	text, err := os.ReadFile(filepath.Join(dir, stateFile))
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(text, &s)
}

// write replaces up.json as a whole: a reader sees the old or the new one.
func (s State) write(dir string) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	path := filepath.Join(dir, stateFile)
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// place is an address that a part wants, and the variable that gives it.
type place struct{ variable, address string }

// checkFree says of each taken address what to set. It waits a moment, for the parts of a killed `up` to be gone.
func checkFree(places []place) error {
	var taken []error
	end := time.Now().Add(time.Second)
	for _, p := range places {
		var err error
		for ; ; time.Sleep(20 * time.Millisecond) {
			if err = listens(p.address); err == nil || time.Now().After(end) {
				break
			}
		}
		if err != nil {
			taken = append(taken, p.explain(err))
		}
	}
	return errors.Join(taken...)
}

func listens(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return l.Close()
}

func (p place) explain(err error) error {
	host, port, _ := net.SplitHostPort(p.address)
	if !errors.Is(err, syscall.EADDRINUSE) {
		host = loopback
	}
	example := p.address
	if free, err := freePort(host); err == nil {
		example = net.JoinHostPort(host, free)
		if strings.HasSuffix(p.variable, "_PORT") {
			example = free
		}
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %s is taken: stop what listens there, or set another, for example %s=%s", port, p.variable, example)
	}
	return fmt.Errorf("%s cannot be listened on (%w): set another, for example %s=%s", p.address, err, p.variable, example)
}

// freePort gives a port of a host that is free at the moment.
func freePort(host string) (string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", err
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// firstFree gives the first free loopback port from one on.
func firstFree(port int) (string, error) {
	for n := port; n < port+1000; n++ {
		if listens(net.JoinHostPort(loopback, strconv.Itoa(n))) == nil {
			return strconv.Itoa(n), nil
		}
	}
	return "", fmt.Errorf("no free port from %d on", port)
}

// near gives a free loopback address, n ports after another's, or on any port when that one is taken or wanted.
func near(address string, n int, wanted []place) (string, error) {
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return "", err
	}
	next := net.JoinHostPort(loopback, strconv.Itoa(port+n))
	unwanted := !slices.ContainsFunc(wanted, func(p place) bool { return p.address == next })
	if unwanted && listens(next) == nil {
		return next, nil
	}
	free, err := freePort(loopback)
	return net.JoinHostPort(loopback, free), err
}
