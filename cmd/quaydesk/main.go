// Quaydesk runs a small business's desk inside Telegram. One program holds all processes of the product, and `up`, which
// runs them together on one machine.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
	"github.com/joho/godotenv"

	"quaydesk/settings"
)

// commands are what the program can be asked to do.
type commands struct {
	Up        upCommand        `cmd:"" help:"Run everything on this machine, starting what is not given."`
	Gateway   gatewayCommand   `cmd:"" help:"Take updates from Telegram and send what is in the outbox."`
	Worker    workerCommand    `cmd:"" help:"Run the workflows and their activities."`
	Web       webCommand       `cmd:"" help:"Serve the pages and the board's webhook."`
	Sandbox   sandboxCommand   `cmd:"" help:"Run a small Telegram and Todoist in the browser, for any bot."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the database to this version's schema."`
	History   historyCommand   `cmd:"" help:"Print the history of a workflow as JSON, for replay tests."`
	Container containerCommand `cmd:"" help:"What is known of container numbers."`
	Yard      yardCommand      `cmd:"" help:"Import and export what stands in the yard."`
	Tariff    tariffCommand    `cmd:"" help:"Tariffs and discounts, as a file."`
	Statement statementCommand `cmd:"" help:"What a client's stays cost in a period."`
	Version   versionCommand   `cmd:"" help:"Say which version this is."`
}

// process is what every command is given.
type process struct {
	ctx  context.Context // ends at the first SIGINT, SIGTERM or SIGHUP
	kill context.Context // ends at the second
	log  *slog.Logger
}

func main() {
	var c commands
	parsed := kong.Parse(&c, kong.Name("quaydesk"),
		kong.Description("A desk in Telegram. Everything is set by environment variables, see .env.example."), kong.Exit(exit))
	os.Exit(codeOf(parsed.Run(newProcess())))
}

func newProcess() *process {
	ctx, stop := context.WithCancel(context.Background())
	kill, stopNow := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		stop()
		// One Ctrl-C may arrive twice: from the terminal, and from whoever started us.
		for first := time.Now(); time.Since(first) < 300*time.Millisecond; {
			<-signals
		}
		stopNow()
	}()
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	slog.SetDefault(log)
	return &process{ctx: ctx, kill: kill, log: log}
}

// settings reads the environment, and for what is not set there the file .env of this folder, and wants the named
// variables set.
func (p *process) settings(required ...string) (settings.Settings, error) {
	if err := godotenv.Load(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return settings.Settings{}, errors.New(".env cannot be read: each line is NAME=value, see .env.example")
	}
	s, err := settings.Read(os.Environ())
	if err != nil {
		return s, err
	}
	return s, s.Require(required...)
}

// version is set by the build, see the Makefile.
var version = "devel"

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	_, err := fmt.Println("quaydesk", version, runtime.Version())
	return err
}
