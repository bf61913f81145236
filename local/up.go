// Package local is `quaydesk up`: the whole product on one machine. It starts what was not given (a private PostgreSQL,
// the Temporal engine, the sandbox) and the product's own processes, keeps all of them running, and stops them in order.
package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"quaydesk/local/postgres"
	"quaydesk/settings"
)

// Config is what Up needs to know.
type Config struct {
	Settings settings.Settings
	Migrate  func(ctx context.Context, databaseURL string) error
	Demo     Demo         // nil: the sandbox's people are left alone
	Program  string       // the quaydesk program, for the product's processes
	Engine   string       // the engine program
	Screen   io.Writer    // where people read what runs
	Log      *slog.Logger // what happens to the parts
}

// Demo makes the sandbox's world one in which people work already, in a product that is new.
type Demo interface {
	// Invite has the owner, a Telegram user id, invite people: it gives the payloads of their links, in their order.
	Invite(ctx context.Context, databaseURL string, owner int64, who []Post) ([]string, error)
	// Life makes what has happened until now, when everybody is in their place.
	Life(ctx context.Context, databaseURL string) error
}

// Post is what somebody of the demo is to be, and the name of the place where: a terminal or a company, "" everywhere.
type Post struct{ Role, Place string }

// The names of the parts, as in up.json.
const (
	partPostgres = "postgres"
	partEngine   = "engine"
	partSandbox  = "sandbox"
	partGateway  = "gateway"
	partWorker   = "worker"
	partWeb      = "web"
)

// stopOrder is who stops together, and how long they get before they are killed: within ten seconds all are gone.
var stopOrder = []struct {
	names []string
	grace time.Duration
}{
	{[]string{partGateway, partWorker, partWeb}, 4 * time.Second},
	{[]string{partSandbox, partEngine}, 2500 * time.Millisecond},
	{[]string{partPostgres}, 2500 * time.Millisecond},
}

// up is a run of Up.
type up struct {
	Config
	super *supervisor

	webURL, gateway, worker string   // the last two as host:port
	sandboxURL              string   // "": not ours to start, and so on
	world                   world    // the sandbox's
	temporal, temporalUI    string   // host:port
	databasePort            string   //
	env                     []string // what the product's processes are told

	mu          sync.Mutex
	databaseURL string
	ready       bool
}

// Up runs everything until ctx ends, and then stops it in order; when kill ends, at once. A setting that is wrong, a
// port that is taken or a part that fails its first start is an error, and then nothing is left running.
func Up(ctx, kill context.Context, c Config) error {
	began := time.Now()
	u := &up{Config: c}
	u.super = &supervisor{log: c.Log, changed: u.writeState}
	if err := u.plan(); err != nil {
		return err
	}
	release, err := takePlace(ctx, c.Settings.DataDir)
	if err != nil {
		return err
	}
	defer release()
	if err := checkFree(u.places()); err != nil {
		return err
	}
	if err := u.checkGiven(ctx); err != nil {
		return err
	}
	defer os.Remove(filepath.Join(c.Settings.DataDir, stateFile))
	defer u.stop(kill)
	if err := u.start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	u.show(time.Since(began))
	u.mu.Lock()
	u.ready = true
	u.mu.Unlock()
	u.writeState()
	<-ctx.Done()
	fmt.Fprintln(c.Screen, "\nStopping; once more Ctrl-C kills at once.")
	return nil
}

func (u *up) stop(kill context.Context) {
	for _, group := range stopOrder {
		u.super.stop(kill, group.grace, group.names...)
	}
}

// plan decides what is to be started, and where it serves.
func (u *up) plan() error {
	s := u.Settings
	u.webURL = "http://" + reachable(string(s.Listen))
	if s.BotToken == "" {
		if s.TodoistToken != "" {
			return errors.New("TODOIST_TOKEN is set and TELEGRAM_BOT_TOKEN is not: the sandbox brings a board of its own. " +
				"Set both, for example TELEGRAM_BOT_TOKEN=123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw, or neither")
		}
		u.sandboxURL = "http://" + string(s.SandboxListen)
	}
	if !s.TemporalGiven {
		if _, err := os.Stat(u.Engine); err != nil {
			return fmt.Errorf("the engine's program %s is missing: build it with `make build`, or set TEMPORAL_ADDRESS "+
				"to a Temporal server of yours, for example TEMPORAL_ADDRESS=127.0.0.1:7233", u.Engine)
		}
		u.temporal = net.JoinHostPort(loopback, strconv.Itoa(int(s.TemporalPort)))
		u.temporalUI = net.JoinHostPort(loopback, strconv.Itoa(int(s.TemporalUIPort)))
	}
	if s.DatabaseURL == "" {
		u.databasePort = strconv.Itoa(int(s.PostgresPort))
		if s.PostgresPort == 0 {
			// Chosen once: a restarted server has to be where everybody looks for it. Not a port that the system gives
			// to outgoing connections, which would be gone when the server comes back.
			port, err := firstFree(5433)
			if err != nil {
				return err
			}
			u.databasePort = port
		}
	}
	var err error
	if u.gateway, err = near(string(s.Listen), 1, u.places()); err != nil {
		return err
	}
	u.worker, err = near(string(s.Listen), 2, append(u.places(), place{address: u.gateway}))
	return err
}

// places are the addresses that were asked for.
func (u *up) places() []place {
	s := u.Settings
	wanted := []place{{"QUAYDESK_LISTEN", string(s.Listen)}}
	if u.sandboxURL != "" {
		wanted = append(wanted, place{"QUAYDESK_SANDBOX_LISTEN", string(s.SandboxListen)})
	}
	if u.temporal != "" {
		wanted = append(wanted, place{"QUAYDESK_TEMPORAL_PORT", u.temporal}, place{"QUAYDESK_TEMPORAL_UI_PORT", u.temporalUI})
	}
	if u.databasePort != "" {
		wanted = append(wanted, place{"QUAYDESK_POSTGRES_PORT", net.JoinHostPort(loopback, u.databasePort)})
	}
	return wanted
}

// checkGiven looks at what is not ours to start.
func (u *up) checkGiven(ctx context.Context) error {
	if url := u.Settings.DatabaseURL; url != "" {
		if err := checkDatabase(ctx, string(url)); err != nil {
			return err
		}
	}
	if u.temporal == "" {
		return checkTemporal(ctx, u.Settings.Temporal.HostPort)
	}
	return nil
}

// reachable is where we ourselves reach an address that may mean all of the machine's.
func reachable(listen string) string {
	host, port, _ := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = loopback
	}
	return net.JoinHostPort(host, port)
}

// start starts everything, in order where there is one.
func (u *up) start(ctx context.Context) error {
	if err := together(
		func() error { return u.startPostgres(ctx) },
		func() error { return u.startSandbox(ctx) },
	); err != nil {
		return err
	}
	u.env = append(u.env, "DATABASE_URL="+u.databaseURL)
	if err := together(
		func() error { return u.Migrate(ctx, u.databaseURL) },
		func() error { return u.startEngine(ctx) },
	); err != nil {
		return err
	}
	err := together(
		func() error { return u.startProduct(ctx, partWorker, u.worker) },
		func() error {
			var publicURL []string
			if u.sandboxURL != "" {
				publicURL = []string{"PUBLIC_URL=http://" + u.gateway}
			}
			return u.startProduct(ctx, partGateway, u.gateway, publicURL...)
		},
		func() error {
			return u.startProduct(ctx, partWeb, string(u.Settings.Listen), "QUAYDESK_GATEWAY_URL=http://"+u.gateway)
		},
	)
	if err != nil || u.sandboxURL == "" || u.Demo == nil {
		return err
	}
	if err := u.demo(ctx); err != nil {
		u.Log.Warn("the demo people have not found their places", slog.Any("error", err))
	}
	return nil
}

func (u *up) startPostgres(ctx context.Context) error {
	if u.databasePort == "" {
		u.setDatabase(string(u.Settings.DatabaseURL))
		return nil
	}
	log, err := openLog(u.logPath(partPostgres))
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(u.databasePort)
	if err != nil {
		return err
	}
	var server *postgres.Server
	p := part{
		name:    partPostgres,
		address: net.JoinHostPort(loopback, u.databasePort),
		log:     log,
		start: func(ctx context.Context) (running, error) {
			s, err := postgres.Start(ctx, postgres.Config{
				DataDir: filepath.Join(u.Settings.DataDir, "postgres"), Port: port, Log: u.Log, Output: log})
			if err != nil {
				return nil, err
			}
			server = s
			return s, nil
		},
		ready: func(context.Context) error { return nil }, // postgres.Start waits for it
	}
	if err := u.super.start(ctx, p); err != nil {
		return err
	}
	u.setDatabase(server.URL("quaydesk"))
	return server.EnsureDatabase(ctx, "quaydesk")
}

func (u *up) setDatabase(url string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.databaseURL = url
}

// startSandbox also learns from it whom the product is to be.
func (u *up) startSandbox(ctx context.Context) error {
	if u.sandboxURL == "" {
		return nil
	}
	log, err := openLog(u.logPath(partSandbox))
	if err != nil {
		return err
	}
	err = u.super.start(ctx, part{
		name:    partSandbox,
		address: string(u.Settings.SandboxListen),
		log:     log,
		start: command(log, bare("QUAYDESK_DATA="+u.Settings.DataDir, "QUAYDESK_SANDBOX_LISTEN="+string(u.Settings.SandboxListen)),
			u.Program, "sandbox"),
		ready: answers(u.sandboxURL + "/demo/world"),
		greet: func(ctx context.Context) error { return subscribe(ctx, u.sandboxURL, u.webURL) },
	})
	if err != nil {
		return err
	}
	w, err := fetchWorld(ctx, u.sandboxURL)
	if err != nil {
		return err
	}
	u.env = append(u.env, w.settings(u.sandboxURL)...)
	u.world = w
	return nil
}

// startEngine waits for the engine's UI, which opens when everything else of it serves.
func (u *up) startEngine(ctx context.Context) error {
	if u.temporal == "" {
		return nil
	}
	log, err := openLog(u.logPath(partEngine))
	if err != nil {
		return err
	}
	s := u.Settings
	u.env = append(u.env, "TEMPORAL_ADDRESS="+u.temporal, "TEMPORAL_NAMESPACE="+s.Temporal.Namespace)
	return u.super.start(ctx, part{
		name:    partEngine,
		address: u.temporal,
		log:     log,
		start: command(log, bare("DATABASE_URL="+u.databaseURL, "TEMPORAL_NAMESPACE="+s.Temporal.Namespace,
			fmt.Sprintf("QUAYDESK_TEMPORAL_PORT=%d", s.TemporalPort), fmt.Sprintf("QUAYDESK_TEMPORAL_UI_PORT=%d", s.TemporalUIPort)),
			u.Engine),
		ready: answers("http://" + u.temporalUI + "/healthz"),
	})
}

// startProduct starts a process of the product; it is told everything by its environment, and the last word counts.
func (u *up) startProduct(ctx context.Context, name, listen string, more ...string) error {
	log, err := openLog(u.logPath(name))
	if err != nil {
		return err
	}
	env := append(append(os.Environ(), u.env...), "QUAYDESK_DATA="+u.Settings.DataDir, "QUAYDESK_LISTEN="+listen)
	return u.super.start(ctx, part{
		name:    name,
		address: listen,
		log:     log,
		start:   command(log, append(env, more...), u.Program, name),
		ready:   answers("http://" + reachable(listen) + "/readyz"),
	})
}

// bare is an environment for parts that have no business with the product's secrets.
func bare(vars ...string) []string {
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "TZ"} {
		if value, ok := os.LookupEnv(name); ok {
			vars = append(vars, name+"="+value)
		}
	}
	return vars
}

func (u *up) logPath(name string) string {
	return filepath.Join(logDir(u.Settings.DataDir), name+".log")
}

// writeState brings up.json up to date.
func (u *up) writeState() {
	u.mu.Lock()
	defer u.mu.Unlock()
	state := State{Pid: os.Getpid(), Ready: u.ready, URL: u.webURL, DatabaseURL: u.databaseURL, Parts: map[string]PartState{}}
	for _, k := range u.super.all() {
		run, restarts := k.process()
		state.Parts[k.name] = PartState{Pid: run.Pid(), Address: k.address, Log: u.logPath(k.name), Restarts: restarts}
	}
	if err := state.write(u.Settings.DataDir); err != nil {
		u.Log.Error("up.json cannot be written", slog.Any("error", err))
	}
}
