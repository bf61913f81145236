package local

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/local/process"
	"quaydesk/settings"
)

// TestMain lets the test program be every program that Up starts, and Up itself.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		play(os.Args[1])
		return
	}
	os.Exit(m.Run())
}

// play is a stand-in for a part: it serves what Up asks for and notes its end in a file, for the order of stopping.
func play(name string) {
	if os.Getenv("FAKE_BROKEN") == name {
		fmt.Fprintln(os.Stderr, "starting")
		fmt.Fprintln(os.Stderr, "the "+name+" is broken on purpose")
		os.Exit(3)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	switch name {
	case "up":
		s, err := settings.Read(os.Environ())
		if err == nil {
			err = Up(ctx, context.Background(), config(s, os.Getenv("FAKE_ENGINE"), os.Stdout))
		}
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	case "sandbox":
		serve(ctx, os.Getenv("QUAYDESK_SANDBOX_LISTEN"), map[string]string{"/demo/board/webhook": "",
			"/demo/world": `{"bots":[{"token":"1:demo"}],"people":[{"id":5,"role":"owner"},{"id":6,"role":"agent"}],"todoist":{"token":"t","project_id":"p"}}`})
	case "engine":
		serve(ctx, "127.0.0.1:"+os.Getenv("QUAYDESK_TEMPORAL_UI_PORT"), map[string]string{"/healthz": ""})
	default:
		serve(ctx, os.Getenv("QUAYDESK_LISTEN"), map[string]string{"/readyz": "", "/env": strings.Join(os.Environ(), "\n")})
	}
	if ended := os.Getenv("FAKE_ENDED"); ended != "" {
		f, err := os.OpenFile(ended, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err == nil {
			fmt.Fprintln(f, name)
			f.Close()
		}
	}
}

func serve(ctx context.Context, listen string, pages map[string]string) {
	mux := http.NewServeMux()
	for path, text := range pages {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) })
	}
	server := &http.Server{Addr: listen, Handler: mux}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(4)
	}
}

func config(s settings.Settings, engine string, screen io.Writer) Config {
	migrate := func(context.Context, string) error { return nil }
	return Config{Settings: s, Migrate: migrate, Program: os.Args[0], Engine: engine, Screen: screen,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))}
}

// testbed is a place for an up: a data folder and free ports, as an environment.
type testbed struct {
	data   string
	engine string
	env    []string
}

func newBed(t *testing.T) testbed {
	// Not t.TempDir: PostgreSQL may run as another user, who has to get there.
	dir, err := os.MkdirTemp("", "quaydesk-up-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { os.RemoveAll(dir) })
	b := testbed{data: filepath.Join(dir, "data"), engine: filepath.Join(dir, "engine")}
	script := fmt.Sprintf("#!/bin/sh\nexec '%s' engine\n", os.Args[0])
	require.NoError(t, os.WriteFile(b.engine, []byte(script), 0o755))
	b.env = []string{"HOME=" + dir, "QUAYDESK_DATA=" + b.data}
	port := 20000 + rand.IntN(10000) // not of those that the system gives to outgoing connections while a part is down
	for name, prefix := range map[string]string{"QUAYDESK_LISTEN": "127.0.0.1:", "QUAYDESK_SANDBOX_LISTEN": "127.0.0.1:",
		"QUAYDESK_TEMPORAL_PORT": "", "QUAYDESK_TEMPORAL_UI_PORT": "", "QUAYDESK_POSTGRES_PORT": ""} {
		free, err := firstFree(port)
		require.NoError(t, err)
		b.env = append(b.env, name+"="+prefix+free)
		port += 100
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(b.story())
		}
	})
	return b
}

// story is what the parts said, for a test that failed.
func (b testbed) story() string {
	var all strings.Builder
	files, _ := filepath.Glob(filepath.Join(b.data, "logs", "*.log"))
	for _, path := range append(files, filepath.Join(b.data, stateFile)) {
		text, _ := os.ReadFile(path)
		fmt.Fprintf(&all, "--- %s\n%s\n", filepath.Base(path), text)
	}
	return all.String()
}

// run is an Up in this process.
type run struct {
	stop   context.CancelFunc
	result chan error
	screen *lockedBuffer
}

func (b testbed) up(t *testing.T) *run {
	s, err := settings.Read(b.env)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	r := &run{stop: cancel, result: make(chan error, 1), screen: &lockedBuffer{}}
	go func() { r.result <- Up(ctx, context.Background(), config(s, b.engine, r.screen)) }()
	t.Cleanup(func() { cancel(); <-r.result })
	return r
}

// end waits for Up's result.
func (r *run) end() error {
	err := <-r.result
	r.result <- nil // for the cleanup
	return err
}

func (b testbed) awaitReady(t *testing.T, r *run) State {
	var s State
	require.Eventually(t, func() bool {
		select {
		case err := <-r.result:
			r.result <- err
			require.NoError(t, err, "up ended")
		default:
		}
		var err error
		s, err = ReadState(b.data)
		return err == nil && s.Ready
	}, time.Minute, 10*time.Millisecond)
	return s
}

// alive tells whether a process runs; one that ended and that nobody has asked about yet does not.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestUpStartsRestartsAndStopsEverything(t *testing.T) {
	b := newBed(t)
	ended := filepath.Join(filepath.Dir(b.data), "ended")
	t.Setenv("FAKE_ENDED", ended)
	r := b.up(t)
	s := b.awaitReady(t, r)
	require.Len(t, s.Parts, 6)
	for _, want := range []string{"Chat", "Board", "Temporal", s.URL, b.data, "Ctrl-C"} {
		require.Contains(t, r.screen.String(), want)
	}

	env := get(t, "http://"+s.Parts[partGateway].Address+"/env")
	for _, want := range []string{"TELEGRAM_BOT_TOKEN=1:demo", "QUAYDESK_OWNERS=5\n", "TODOIST_TOKEN=t", "TEMPORAL_NAMESPACE=default",
		"DATABASE_URL=" + s.DatabaseURL, "TEMPORAL_ADDRESS=" + s.Parts[partEngine].Address,
		"PUBLIC_URL=http://" + s.Parts[partGateway].Address} {
		require.Contains(t, env+"\n", want)
	}

	for name, p := range s.Parts {
		require.NoError(t, syscall.Kill(p.Pid, syscall.SIGKILL), name)
	}
	back := func(name string, p PartState) bool {
		serves := listens(p.Address) != nil || name == partEngine // the stand-in serves its UI's address only
		return p.Pid != s.Parts[name].Pid && p.Restarts > 0 && serves
	}
	require.Eventually(t, func() bool {
		now, err := ReadState(b.data)
		for name, p := range now.Parts {
			if !back(name, p) {
				return false
			}
		}
		return err == nil
	}, time.Minute, 20*time.Millisecond)

	again, err := ReadState(b.data)
	require.NoError(t, err)
	r.stop()
	require.NoError(t, r.end())
	for name, p := range again.Parts {
		require.False(t, alive(p.Pid), name)
	}
	_, err = ReadState(b.data)
	require.ErrorIs(t, err, os.ErrNotExist)
	order, err := os.ReadFile(ended)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"gateway", "worker", "web"}, strings.Fields(string(order)))
}

func get(t *testing.T, url string) string {
	res, err := http.Get(url)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(body)
}

func TestASecondUpSaysWhoRuns(t *testing.T) {
	b := newBed(t)
	s := b.awaitReady(t, b.up(t))
	err := b.up(t).end()
	require.ErrorContains(t, err, fmt.Sprintf("process %d at %s", os.Getpid(), s.URL))
	require.ErrorContains(t, err, "QUAYDESK_DATA=")
}

func TestTakenPortsAreNamedAndNothingStarts(t *testing.T) {
	b := newBed(t)
	for _, pair := range b.env {
		name, value, _ := strings.Cut(pair, "=")
		if name == "QUAYDESK_LISTEN" || name == "QUAYDESK_TEMPORAL_PORT" {
			l, err := net.Listen("tcp", "127.0.0.1:"+value[strings.LastIndex(value, ":")+1:])
			require.NoError(t, err)
			defer l.Close()
		}
	}
	err := b.up(t).end()
	require.ErrorContains(t, err, "for example QUAYDESK_LISTEN=127.0.0.1:")
	require.ErrorContains(t, err, "for example QUAYDESK_TEMPORAL_PORT=")
	require.NoDirExists(t, filepath.Join(b.data, "postgres"))
}

func TestABrokenPartIsNamedAndNothingIsLeft(t *testing.T) {
	b := newBed(t)
	t.Setenv("FAKE_BROKEN", "worker")
	err := b.up(t).end()
	require.ErrorContains(t, err, "worker did not start: the worker is broken on purpose")
	require.ErrorContains(t, err, filepath.Join(b.data, "logs", "worker.log"))
	for _, pair := range b.env {
		if name, address, _ := strings.Cut(pair, "="); strings.HasSuffix(name, "_LISTEN") {
			require.NoError(t, listens(address), name)
		}
	}
}

func TestAMissingEngineIsNamed(t *testing.T) {
	b := newBed(t)
	require.NoError(t, os.Remove(b.engine))
	require.ErrorContains(t, b.up(t).end(), "make build")
	require.NoDirExists(t, b.data)
}

func TestWhatWasGivenAndDoesNotAnswerIsNamed(t *testing.T) {
	port, err := freePort(loopback)
	require.NoError(t, err)
	for _, given := range []string{"DATABASE_URL=postgres://u:secret@127.0.0.1:" + port + "/desk", "TEMPORAL_ADDRESS=127.0.0.1:" + port} {
		b := newBed(t)
		b.env = append(b.env, given)
		err := b.up(t).end()
		name, _, _ := strings.Cut(given, "=")
		require.ErrorContains(t, err, "unset "+name)
		require.ErrorContains(t, err, port)
		require.NotContains(t, err.Error(), "\n")
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestAnAddressThatIsNotOursIsNamed(t *testing.T) {
	b := newBed(t)
	b.env = append(b.env, "QUAYDESK_LISTEN=192.0.2.1:8080")
	require.ErrorContains(t, b.up(t).end(), "192.0.2.1:8080 cannot be listened on")
}

// TestAKilledUpTakesEverythingWithIt kills up itself, and starts on the same place again at once.
func TestAKilledUpTakesEverythingWithIt(t *testing.T) {
	b := newBed(t)
	cmd := exec.Command(os.Args[0], "up")
	cmd.Env = append(b.env, "PATH="+os.Getenv("PATH"), "FAKE_ENGINE="+b.engine)
	killed, err := process.Start(cmd, syscall.SIGKILL)
	require.NoError(t, err)
	var s State
	require.Eventually(t, func() bool {
		s, err = ReadState(b.data)
		return err == nil && s.Ready
	}, time.Minute, 10*time.Millisecond)
	require.NoError(t, syscall.Kill(killed.Pid(), syscall.SIGKILL))
	<-killed.Done()

	b.awaitReady(t, b.up(t))
	for name, p := range s.Parts {
		require.Eventually(t, func() bool { return !alive(p.Pid) }, 10*time.Second, 10*time.Millisecond, name)
	}
}
