package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"time"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

const oldestMajor = 15

// folders are where distributions and installers keep the server's programs; PATH comes first.
var folders = []string{
	"/usr/lib/postgresql/*/bin",            // Debian, Ubuntu
	"/usr/pgsql-*/bin",                     // the PostgreSQL project's packages for Red Hat and its kin
	"/usr/libexec/postgresql*",             // Alpine
	"/usr/lib/postgresql*/bin",             // SUSE
	"/opt/homebrew/opt/postgresql@*/bin",   // Homebrew, Apple silicon
	"/usr/local/opt/postgresql@*/bin",      // Homebrew, Intel
	"/home/linuxbrew/.linuxbrew/opt/*/bin", // Homebrew, Linux
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/usr/local/pgsql/bin",
	"/usr/bin",
}

// binaries is a folder that holds initdb, postgres and pg_ctl of one version.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(name string) string { return filepath.Join(b.dir, name) }

// installed gives the folders of this machine with a usable server, the one of PATH first, then newest first.
func installed(extra ...string) []binaries {
	var found []binaries
	add := func(dir string) {
		if b, ok := inspect(dir); ok && !slices.Contains(found, b) {
			found = append(found, b)
		}
	}
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		add(dir)
	}
	fromPath := len(found)
	for _, pattern := range slices.Concat(folders, extra) {
		dirs, _ := filepath.Glob(pattern)
		for _, dir := range dirs {
			add(dir)
		}
	}
	slices.SortStableFunc(found[fromPath:], func(a, b binaries) int { return b.major - a.major })
	return found
}

// inspect looks whether a folder holds a whole server. A link in PATH may stand alone: what counts is the folder that
// the server's program really lies in.
func inspect(dir string) (binaries, bool) {
	program, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres"))
	if err != nil {
		return binaries{}, false
	}
	b := binaries{dir: filepath.Dir(program)}
	for _, name := range []string{"initdb", "pg_ctl"} {
		if info, err := os.Stat(b.path(name)); err != nil || info.Mode()&0o111 == 0 {
			return binaries{}, false
		}
	}
	out, err := exec.Command(program, "--version").Output()
	if err != nil {
		return binaries{}, false
	}
	b.major = parseMajor(string(out))
	return b, b.major >= oldestMajor
}

var versionLine = regexp.MustCompile(`PostgreSQL\) (\d+)`)

// parseMajor reads "postgres (PostgreSQL) 15.18 (Debian …)"; 0 when it is something else.
func parseMajor(line string) int {
	m := versionLine.FindStringSubmatch(line)
	if m == nil {
		return 0
	}
	major, _ := strconv.Atoi(m[1])
	return major
}

// choose takes the first folder of a version; any version when major is 0.
func choose(found []binaries, major int) (binaries, bool) {
	for _, b := range found {
		if major == 0 || b.major == major {
			return b, true
		}
	}
	return binaries{}, false
}

// provide gives the programs for a cluster of a version (0: there is none yet): the machine's own, else portable ones
// that are fetched into home once.
func (c Config) provide(ctx context.Context, home string, major int) (binaries, error) {
	portable := filepath.Join(home, "portable")
	found := installed(filepath.Join(portable, "*", "bin"))
	if b, ok := choose(found, major); ok {
		return b, nil
	}
	c.Log.InfoContext(ctx, "fetching portable PostgreSQL programs, none are installed", slog.Int("major", major))
	fetchErr := fetch(ctx, portable, major)
	if b, ok := choose(installed(filepath.Join(portable, "*", "bin")), major); ok {
		return b, nil
	}
	return binaries{}, missing(found, major, fetchErr)
}

func missing(found []binaries, major int, cause error) error {
	if major != 0 && len(found) > 0 {
		return fmt.Errorf("the data is of PostgreSQL %d and only %d is installed: install the package postgresql-%d",
			major, found[0].major, major)
	}
	return fmt.Errorf("no PostgreSQL %d or newer on this machine: install it (Debian, Ubuntu: apt-get install postgresql; "+
		"Fedora: dnf install postgresql-server; macOS: brew install postgresql@17) or set DATABASE_URL, for example "+
		"postgres://user:password@db.example.com:5432/quaydesk (portable programs could not be fetched: %w)", oldestMajor, cause)
}

// portableVersions are what the library knows by major version.
var portableVersions = map[int]embeddedpostgres.PostgresVersion{
	15: embeddedpostgres.V15, 16: embeddedpostgres.V16, 17: embeddedpostgres.V17, 18: embeddedpostgres.V18,
}

// fetch brings portable programs into folder/<version>/bin. The library has no way to only fetch: it starts a server
// in a scratch folder, which is stopped again. As root that server refuses to start; its programs are there by then.
func fetch(ctx context.Context, folder string, major int) error {
	if major == 0 {
		major = 17
	}
	version, known := portableVersions[major]
	if !known {
		return fmt.Errorf("there are none of version %d", major)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp(folder, "scratch-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	// Unpacked beside and renamed, so that a kill in the middle leaves nothing that looks whole.
	unpacked := filepath.Join(scratch, "programs")
	server := embeddedpostgres.NewDatabase(embeddedpostgres.DefaultConfig().
		Version(version).
		Port(uint32(port)).
		CachePath(scratch).
		BinariesPath(unpacked).
		RuntimePath(filepath.Join(scratch, "run")).
		StartTimeout(time.Minute).
		Logger(io.Discard))
	err = server.Start()
	if err == nil {
		err = server.Stop()
	}
	if _, statErr := os.Stat(filepath.Join(unpacked, "bin", "postgres")); statErr != nil {
		return errors.Join(err, statErr)
	}
	return os.Rename(unpacked, filepath.Join(folder, string(version)))
}

// freePort gives a TCP port of the loopback that is free at the moment.
func freePort(ctx context.Context) (int, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
