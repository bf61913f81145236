// Package stack runs the whole product as a newcomer would, with `quaydesk up` in a folder of its own and on free
// ports, so that tests and measurements can talk to it, kill parts of it, and leave nothing behind.
package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Part is a process that `quaydesk up` keeps running, as up.json names it.
type Part string

// The parts.
const (
	Postgres Part = "postgres"
	Engine   Part = "engine"
	Sandbox  Part = "sandbox"
	Gateway  Part = "gateway"
	Worker   Part = "worker"
	Web      Part = "web"
)

// Stack is a product that runs. Its addresses stay the same when parts of it, or all of it, are killed and come back.
type Stack struct {
	SandboxURL string // chat page, board and control API; no trailing slash
	WebURL     string // health, metrics, the board's webhook
	Keep       bool   // Stop leaves the data folder, for somebody to look what went wrong

	root, data string
	env        []string
	outside    *child // a sandbox that is not a part
	up         *child
}

// Start builds the programs that are missing, starts everything as a newcomer gets it and returns when all of it
// answers. The bot gets its updates by webhook.
func Start(ctx context.Context) (*Stack, error) {
	return begin(ctx, func(*Stack) error { return nil })
}

// StartPolling is Start for somebody who has a bot token and no public address: the sandbox is no part but stands for
// Telegram and Todoist, and the bot polls for its updates.
func StartPolling(ctx context.Context) (*Stack, error) {
	return begin(ctx, func(s *Stack) error { return s.startOutside(ctx) })
}

func begin(ctx context.Context, prepare func(*Stack) error) (_ *Stack, err error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	if err := build(ctx, root); err != nil {
		return nil, err
	}
	data, err := os.MkdirTemp("", "quaydesk-proof-")
	if err != nil {
		return nil, err
	}
	s := &Stack{root: root, data: data}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Stop())
		}
	}()
	if err := os.Chmod(data, 0o755); err != nil { // PostgreSQL runs as somebody else when we are root
		return nil, err
	}
	if err := s.settle(); err != nil {
		return nil, err
	}
	if err := prepare(s); err != nil {
		return nil, err
	}
	return s, s.Up(ctx)
}

// settle chooses the places and makes the environment of `quaydesk up`: nothing of ours but what programs need.
func (s *Stack) settle() error {
	ports, err := freePorts(5)
	if err != nil {
		return err
	}
	at := func(i int) string { return net.JoinHostPort("127.0.0.1", ports[i]) }
	s.WebURL, s.SandboxURL = "http://"+at(0), "http://"+at(1)
	s.env = []string{
		"QUAYDESK_DATA=" + s.data,
		"QUAYDESK_LISTEN=" + at(0),
		"QUAYDESK_SANDBOX_LISTEN=" + at(1),
		"QUAYDESK_TEMPORAL_PORT=" + ports[2],
		"QUAYDESK_TEMPORAL_UI_PORT=" + ports[3],
		"QUAYDESK_POSTGRES_PORT=" + ports[4],
	}
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			s.env = append(s.env, name+"="+value)
		}
	}
	return nil
}

func freePorts(n int) ([]string, error) {
	var ports []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close() // all are held until all are known, so that none comes twice
		ports = append(ports, strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	}
	return ports, nil
}

// Up starts `quaydesk up`, for the first time or after Down or KillAll, and returns when everything answers.
func (s *Stack) Up(ctx context.Context) error {
	if err := os.Remove(s.upFile()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	log, err := os.OpenFile(s.LogFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	if s.up, err = start(filepath.Join(s.root, "bin", "quaydesk"), s.root, s.env, log, "up"); err != nil {
		return err
	}
	return s.Ready(ctx)
}

// Ready waits until every part runs and answers.
func (s *Stack) Ready(ctx context.Context) error {
	for {
		err := s.answers(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.up.done:
			return fmt.Errorf("`quaydesk up` ended: %w\n%s", s.up.err, s.Tail(2000))
		case <-ctx.Done():
			return fmt.Errorf("the product is not ready: %w\n%s", errors.Join(ctx.Err(), err), s.Tail(4000))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *Stack) answers(ctx context.Context) error {
	st, err := s.state()
	if err != nil {
		return err
	}
	if !st.Ready {
		return errors.New("up.json does not say that it is ready")
	}
	for _, part := range []Part{Gateway, Worker, Web} {
		if err := answers(ctx, "http://"+st.Parts[part].Address+"/readyz"); err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
	}
	return answers(ctx, s.SandboxURL+"/demo/world")
}

func answers(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("it answers %s", resp.Status)
	}
	return nil
}

// state is up.json.
type state struct {
	Ready       bool   `json:"ready"`
	DatabaseURL string `json:"database_url"`
	Parts       map[Part]struct {
		Pid     int    `json:"pid"`
		Address string `json:"address"` // host:port
	} `json:"parts"`
}

func (s *Stack) upFile() string { return filepath.Join(s.data, "up.json") }

func (s *Stack) state() (state, error) {
	var st state
	b, err := os.ReadFile(s.upFile())
	if err != nil {
		return st, err
	}
	return st, json.Unmarshal(b, &st)
}

// Pids gives the process ids of the parts as they are now.
func (s *Stack) Pids() (map[Part]int, error) {
	st, err := s.state()
	pids := map[Part]int{}
	for name, p := range st.Parts {
		pids[name] = p.Pid
	}
	return pids, err
}

// URL gives the address of a part that serves HTTP.
func (s *Stack) URL(part Part) (string, error) {
	st, err := s.state()
	return "http://" + st.Parts[part].Address, err
}

// DatabaseURL gives the address of the product's database, password included.
func (s *Stack) DatabaseURL() (string, error) {
	st, err := s.state()
	return st.DatabaseURL, err
}

// Kill ends a part with kill -9 and returns when it is dead. `quaydesk up` starts it again.
func (s *Stack) Kill(part Part) error {
	pids, err := s.Pids()
	if err != nil {
		return err
	}
	pid, ok := pids[part]
	if !ok {
		return fmt.Errorf("there is no part %q", part)
	}
	return kill(pid)
}

// KillAll ends everything with kill -9, `quaydesk up` first, and returns when all of it is dead.
func (s *Stack) KillAll() error {
	pids, err := s.Pids()
	if err != nil {
		return err
	}
	err = syscall.Kill(s.up.pid(), syscall.SIGKILL)
	<-s.up.done
	for _, pid := range pids {
		err = errors.Join(err, kill(pid))
	}
	return err
}

// kill ends a process with kill -9, if it still lives, and returns when it is gone.
func kill(pid int) error {
	err := syscall.Kill(pid, syscall.SIGKILL)
	for range 500 {
		if errors.Is(err, syscall.ESRCH) {
			return nil
		}
		if err != nil {
			return err
		}
		time.Sleep(10 * time.Millisecond)
		err = syscall.Kill(pid, 0)
	}
	return fmt.Errorf("process %d does not end", pid)
}

// Down ends everything as Ctrl-C does, and says so when that takes longer than it may.
func (s *Stack) Down() error {
	if s.up == nil {
		return nil
	}
	select {
	case <-s.up.done:
		return nil
	default:
	}
	if err := syscall.Kill(s.up.pid(), syscall.SIGINT); err != nil {
		return err
	}
	select {
	case <-s.up.done:
		return nil
	case <-time.After(15 * time.Second):
		return errors.Join(errors.New("`quaydesk up` does not end within 15 s"), s.KillAll())
	}
}

// Stop is Down for good: the data folder goes too.
func (s *Stack) Stop() error {
	err := s.Down()
	if s.outside != nil {
		err = errors.Join(err, syscall.Kill(s.outside.pid(), syscall.SIGTERM))
		<-s.outside.done
	}
	if s.Keep {
		return err
	}
	return errors.Join(err, os.RemoveAll(s.data))
}

// Data is the folder in which everything lies.
func (s *Stack) Data() string { return s.data }

// LogFile is what `quaydesk up` itself says; its parts' logs lie in the folder logs beside it.
func (s *Stack) LogFile() string { return filepath.Join(s.data, "up.log") }

// Tail gives the last bytes of what `quaydesk up` and each part said.
func (s *Stack) Tail(n int) string {
	files, _ := filepath.Glob(filepath.Join(s.data, "logs", "*.log"))
	var out strings.Builder
	for _, file := range append(files, s.LogFile()) {
		b, err := os.ReadFile(file)
		if err != nil {
			b = []byte(err.Error())
		}
		if len(b) > n {
			b = b[len(b)-n:]
		}
		fmt.Fprintf(&out, "--- %s\n%s\n", filepath.Base(file), strings.ToValidUTF8(string(b), "?"))
	}
	return out.String()
}
