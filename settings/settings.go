// Package settings reads what the product is told by environment variables, and says which one is wrong or missing,
// with an example, before anything else happens. An empty variable counts as unset.
package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"

	"github.com/caarlos0/env/v11"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
)

// Settings is everything that can be set. Each field's variable is explained in .env.example.
type Settings struct {
	DatabaseURL DatabaseURL `env:"DATABASE_URL" example:"postgres://user:password@127.0.0.1:5432/quaydesk"`

	// How to reach Temporal: the variables TEMPORAL_… of its SDK. TemporalGiven tells whether TEMPORAL_ADDRESS or a
	// profile names a server; otherwise Temporal.HostPort is empty, which means 127.0.0.1:7233.
	Temporal      client.Options `env:"-"`
	TemporalGiven bool           `env:"-"`

	BotToken    BotToken `env:"TELEGRAM_BOT_TOKEN" example:"123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"`
	TelegramURL BaseURL  `env:"TELEGRAM_API_URL" envDefault:"https://api.telegram.org" example:"https://api.telegram.org"`
	PublicURL   BaseURL  `env:"PUBLIC_URL" example:"https://desk.example.com"` // "": long polling
	LoginURL    BaseURL  `env:"TELEGRAM_LOGIN_URL" envDefault:"https://oauth.telegram.org" example:"https://oauth.telegram.org"`
	LoginSecret string   `env:"TELEGRAM_LOGIN_SECRET"` // "": nobody can sign in on the web

	Listen     Address `env:"QUAYDESK_LISTEN" envDefault:"127.0.0.1:8080" example:"127.0.0.1:8080"`
	GatewayURL BaseURL `env:"QUAYDESK_GATEWAY_URL" envDefault:"http://127.0.0.1:8081" example:"http://127.0.0.1:8081"`
	DataDir    string  `env:"QUAYDESK_DATA"` // absolute

	Owners    IDs       `env:"QUAYDESK_OWNERS" example:"123456789,987654321"` // Telegram user ids
	Modules   Names     `env:"QUAYDESK_MODULES" example:"desk"`               // of the first bot; none: all
	TimeZone  TimeZone  `env:"QUAYDESK_TIME_ZONE" envDefault:"UTC" example:"Asia/Tashkent"`
	Reminders Durations `env:"QUAYDESK_REMINDERS" envDefault:"15m,30m,1h,2h,4h,8h" example:"15m,30m,1h,2h,4h,8h"`

	TodoistToken   string  `env:"TODOIST_TOKEN"`         // "": no board
	TodoistProject string  `env:"TODOIST_PROJECT_ID"`    // "": one is made
	TodoistSecret  string  `env:"TODOIST_CLIENT_SECRET"` // "": no webhooks, the board is only swept
	TodoistURL     BaseURL `env:"TODOIST_API_URL" envDefault:"https://api.todoist.com" example:"https://api.todoist.com"`

	// Where the parts of `quaydesk up` and the sandbox listen, on the loopback.
	SandboxListen  Address `env:"QUAYDESK_SANDBOX_LISTEN" envDefault:"127.0.0.1:8090" example:"127.0.0.1:8090"`
	TemporalPort   Port    `env:"QUAYDESK_TEMPORAL_PORT" envDefault:"7233" example:"7233"`
	TemporalUIPort Port    `env:"QUAYDESK_TEMPORAL_UI_PORT" envDefault:"8233" example:"8233"`
	PostgresPort   Port    `env:"QUAYDESK_POSTGRES_PORT" example:"5433"` // 0: a free one
}

// Read reads the settings from an environment as os.Environ gives it. The error has one line for each wrong variable.
func Read(environ []string) (Settings, error) {
	set := map[string]string{}
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); value != "" {
			set[name] = value
		}
	}
	var s Settings
	err := explain(env.ParseWithOptions(&s, env.Options{Environment: set}))
	err = errors.Join(err, s.readTemporal(set), s.checkTodoist())
	if s.DataDir == "" {
		s.DataDir = defaultDataDir(set)
	}
	abs, absErr := filepath.Abs(s.DataDir)
	if absErr != nil {
		return s, errors.Join(err, fmt.Errorf("QUAYDESK_DATA: %w", absErr))
	}
	s.DataDir = abs
	return s, err
}

// Require says of each named variable that is unset what to set.
func (s Settings) Require(names ...string) error {
	var missing []error
	for _, name := range names {
		field, ok := fieldOf(func(f reflect.StructField) bool { return f.Tag.Get("env") == name })
		if !ok {
			panic("settings: no variable " + name)
		}
		if reflect.ValueOf(s).FieldByIndex(field.Index).IsZero() {
			missing = append(missing, fmt.Errorf("%s is not set: set it, for example %s=%s", name, name, field.Tag.Get("example")))
		}
	}
	return errors.Join(missing...)
}

// explain turns the library's errors, which know the field, into lines that name the variable. They never quote the
// value, which may be a secret.
func explain(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	var lines []error
	for _, one := range all.Errors {
		var wrong env.ParseError
		if !errors.As(one, &wrong) {
			lines = append(lines, one)
			continue
		}
		field, _ := fieldOf(func(f reflect.StructField) bool { return f.Name == wrong.Name })
		lines = append(lines, fmt.Errorf("%s %w: set it to something like %s", field.Tag.Get("env"), wrong.Err, field.Tag.Get("example")))
	}
	return errors.Join(lines...)
}

func fieldOf(is func(reflect.StructField) bool) (reflect.StructField, bool) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Settings]()) {
		if is(f) {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// readTemporal follows the SDK's own environment configuration. Its file in the user's home is read only when a
// variable asks for it: what somebody's command line tool talks to is no place for a desk to appear by chance.
func (s *Settings) readTemporal(set map[string]string) error {
	profile, err := envconfig.LoadClientConfigProfile(envconfig.LoadClientConfigProfileOptions{
		EnvLookup:   lookup(set),
		DisableFile: set["TEMPORAL_PROFILE"] == "" && set["TEMPORAL_CONFIG_FILE"] == "",
	})
	if err == nil {
		s.TemporalGiven = profile.Address != ""
		s.Temporal, err = profile.ToClientOptions(envconfig.ToClientOptionsRequest{})
	}
	if err != nil {
		return fmt.Errorf("the settings TEMPORAL_… cannot be used, see https://docs.temporal.io/references/client-environment-configuration: %w", err)
	}
	if s.Temporal.Namespace == "" {
		s.Temporal.Namespace = client.DefaultNamespace
	}
	return nil
}

func (s *Settings) checkTodoist() error {
	if s.TodoistToken == "" && s.TodoistProject != "" {
		return errors.New("TODOIST_PROJECT_ID is set and TODOIST_TOKEN is not: set it to the API token of the account that works there")
	}
	return nil
}

// defaultDataDir is where a user's programs keep data. Root's home is closed to the user that PostgreSQL runs as.
func defaultDataDir(set map[string]string) string {
	home := set["HOME"]
	switch {
	case os.Geteuid() == 0:
		return "/var/lib/quaydesk"
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Application Support", "quaydesk")
	case set["XDG_DATA_HOME"] != "":
		return filepath.Join(set["XDG_DATA_HOME"], "quaydesk")
	}
	return filepath.Join(home, ".local", "share", "quaydesk")
}

// lookup gives envconfig the environment that we were given.
type lookup map[string]string

func (l lookup) Environ() []string {
	all := make([]string, 0, len(l))
	for name, value := range l {
		all = append(all, name+"="+value)
	}
	return all
}

func (l lookup) LookupEnv(name string) (string, bool) {
	value, ok := l[name]
	return value, ok
}
