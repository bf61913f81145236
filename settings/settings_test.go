package settings

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDefaults(t *testing.T) {
	s, err := Read([]string{"HOME=/home/emma", "QUAYDESK_LISTEN=", "TEMPORAL_ADDRESS="})
	require.NoError(t, err)
	require.Empty(t, s.DatabaseURL)
	require.False(t, s.TemporalGiven)
	require.Equal(t, "default", s.Temporal.Namespace)
	require.EqualValues(t, "127.0.0.1:8080", s.Listen)
	require.EqualValues(t, "https://api.telegram.org", s.TelegramURL)
	require.Empty(t, s.Modules)
	require.EqualValues(t, "UTC", s.TimeZone)
	require.Equal(t, Durations{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour}, s.Reminders)
	require.EqualValues(t, 7233, s.TemporalPort)
	if os.Geteuid() == 0 {
		require.Equal(t, "/var/lib/quaydesk", s.DataDir)
	} else {
		require.True(t, strings.HasPrefix(s.DataDir, "/home/emma/"), s.DataDir)
	}
}

func TestValuesAreRead(t *testing.T) {
	s, err := Read([]string{
		"DATABASE_URL=postgres://u:p@db/desk", "TEMPORAL_ADDRESS=temporal:7233", "TEMPORAL_NAMESPACE=desk",
		"TELEGRAM_BOT_TOKEN=1:abc", "PUBLIC_URL=https://desk.example.com/", "QUAYDESK_OWNERS= 12, 34,",
		"QUAYDESK_TIME_ZONE=Asia/Tashkent", "QUAYDESK_REMINDERS=1s,2s", "QUAYDESK_DATA=here", "TODOIST_TOKEN=t", "TODOIST_PROJECT_ID=p",
	})
	require.NoError(t, err)
	require.EqualValues(t, "postgres://u:p@db/desk", s.DatabaseURL)
	require.True(t, s.TemporalGiven)
	require.Equal(t, "temporal:7233", s.Temporal.HostPort)
	require.Equal(t, "desk", s.Temporal.Namespace)
	require.EqualValues(t, "https://desk.example.com", s.PublicURL)
	require.Equal(t, IDs{12, 34}, s.Owners)
	require.EqualValues(t, "Asia/Tashkent", s.TimeZone)
	require.Equal(t, Durations{time.Second, 2 * time.Second}, s.Reminders)
	require.True(t, filepath.IsAbs(s.DataDir))
}

func TestWrongValuesAreNamedWithAnExample(t *testing.T) {
	for _, c := range []struct{ variable, value string }{
		{"DATABASE_URL", "mysql://u:p@db/desk"},
		{"DATABASE_URL", "postgres://u:p@db"},
		{"TELEGRAM_BOT_TOKEN", "s3cret"},
		{"TELEGRAM_API_URL", "api.telegram.org"},
		{"PUBLIC_URL", "desk.example.com"},
		{"PUBLIC_URL", "https://desk.example.com/?a=b"},
		{"QUAYDESK_LISTEN", "8080"},
		{"QUAYDESK_LISTEN", "127.0.0.1:0"},
		{"QUAYDESK_SANDBOX_LISTEN", "127.0.0.1:99999"},
		{"QUAYDESK_GATEWAY_URL", ":8081"},
		{"QUAYDESK_OWNERS", "emma"},
		{"QUAYDESK_OWNERS", "12;34"},
		{"QUAYDESK_MODULES", "desk;yard"},
		{"QUAYDESK_TIME_ZONE", "Tashkent"},
		{"QUAYDESK_TIME_ZONE", "Local"},
		{"QUAYDESK_REMINDERS", "15"},
		{"QUAYDESK_REMINDERS", "15m,-1h"},
		{"QUAYDESK_TEMPORAL_PORT", "x"},
		{"QUAYDESK_TEMPORAL_UI_PORT", "0"},
		{"QUAYDESK_POSTGRES_PORT", "65536"},
		{"TODOIST_API_URL", "todoist"},
	} {
		_, err := Read([]string{"HOME=/home/emma", c.variable + "=" + c.value})
		require.Error(t, err, "%v", c)
		require.Regexp(t, "^"+c.variable+" .+: set it to something like .+$", err.Error())
		require.NotContains(t, err.Error(), "s3cret")
	}
}

func TestEachWrongVariableHasItsLine(t *testing.T) {
	_, err := Read([]string{"QUAYDESK_LISTEN=x", "QUAYDESK_OWNERS=y", "TODOIST_PROJECT_ID=z", "TEMPORAL_PROFILE=none"})
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 4)
}

func TestRequire(t *testing.T) {
	s, err := Read([]string{"DATABASE_URL=postgres://u:p@db/desk"})
	require.NoError(t, err)
	require.NoError(t, s.Require("DATABASE_URL"))
	require.EqualError(t, s.Require("DATABASE_URL", "TELEGRAM_BOT_TOKEN"),
		"TELEGRAM_BOT_TOKEN is not set: set it, for example TELEGRAM_BOT_TOKEN=123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")
}

// TestTheExampleFileExplainsEachSetting keeps .env.example true: each variable of ours is there, and nothing else of
// ours.
func TestTheExampleFileExplainsEachSetting(t *testing.T) {
	text, err := os.ReadFile("../.env.example")
	require.NoError(t, err)
	explained := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#?([A-Z_]+)=`).FindAllStringSubmatch(string(text), -1) {
		explained[m[1]] = true
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Settings]()) {
		name := field.Tag.Get("env")
		if name == "-" {
			continue
		}
		require.True(t, explained[name], "%s is not explained", name)
		delete(explained, name)
	}
	for name := range explained {
		require.Regexp(t, "^(TEMPORAL|POSTGRES)_", name, "%s is no setting", name)
	}
}
