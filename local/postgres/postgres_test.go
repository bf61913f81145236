package postgres

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"quaydesk/local/process"
)

// TestMain lets the test program be its own child: one that starts a server and waits to be killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("POSTGRES_TEST_PARENT_OF"); dir != "" {
		s, err := Start(context.Background(), Config{DataDir: dir, Throwaway: true})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(s.Pid())
		select {}
	}
	os.Exit(m.Run())
}

// dataDir gives a folder that whoever the server runs as can reach, which t.TempDir is not for root.
func dataDir(t *testing.T) string {
	dir, err := os.MkdirTemp("", "quaydesk-postgres-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "postgres")
}

func startIn(t *testing.T, dir string) *Server {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	s, err := Start(ctx, Config{DataDir: dir, Throwaway: true})
	require.NoError(t, err)
	t.Cleanup(func() { s.Stop(context.Background()) })
	return s
}

func exec1(t *testing.T, s *Server, sql string) string {
	conn, err := pgx.Connect(t.Context(), s.URL("postgres"))
	require.NoError(t, err)
	defer conn.Close(context.Background())
	rows, err := conn.Query(t.Context(), sql)
	require.NoError(t, err)
	defer rows.Close()
	if !rows.Next() {
		require.NoError(t, rows.Err())
		return ""
	}
	values, err := rows.Values()
	require.NoError(t, err)
	return fmt.Sprint(values[0])
}

func TestKeepsItsDataOverStopAndKill(t *testing.T) {
	dir := dataDir(t)
	s := startIn(t, dir)
	exec1(t, s, "CREATE TABLE kept AS SELECT 42 AS n")
	require.NoError(t, s.Stop(t.Context()))

	s = startIn(t, dir)
	require.Equal(t, "42", exec1(t, s, "SELECT n FROM kept"))
	require.NoError(t, syscall.Kill(s.Pid(), syscall.SIGKILL))
	<-s.Done()
	require.NoError(t, s.Stop(t.Context()))

	s = startIn(t, dir)
	require.Equal(t, "42", exec1(t, s, "SELECT n FROM kept"))
}

func TestListensOnTheLoopbackAndWantsThePassword(t *testing.T) {
	dir := dataDir(t)
	s := startIn(t, dir)
	require.Equal(t, "127.0.0.1", exec1(t, s, "SHOW listen_addresses"))
	require.Equal(t, "", exec1(t, s, "SHOW unix_socket_directories"))
	_, err := pgx.Connect(t.Context(), fmt.Sprintf("postgres://%s:wrong@127.0.0.1:%d/postgres", superuser, s.Port()))
	require.ErrorContains(t, err, "password authentication failed")
	info, err := os.Stat(filepath.Join(dir, "password"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestEnsureDatabaseTwice(t *testing.T) {
	s := startIn(t, dataDir(t))
	require.NoError(t, s.EnsureDatabase(t.Context(), "desk"))
	require.NoError(t, s.EnsureDatabase(t.Context(), "desk"))
	require.Equal(t, "1", exec1(t, s, "SELECT count(*) FROM pg_database WHERE datname = 'desk'"))
}

func TestOneServerPerFolder(t *testing.T) {
	dir := dataDir(t)
	startIn(t, dir)
	_, err := Start(t.Context(), Config{DataDir: dir})
	require.ErrorIs(t, err, ErrInUse)
}

func TestATakenPortIsNamed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, err = Start(t.Context(), Config{DataDir: dataDir(t), Port: l.Addr().(*net.TCPAddr).Port, Throwaway: true})
	require.ErrorContains(t, err, "could not create any TCP/IP sockets")
}

func TestHalfMadeClusterAndStalePidAreNoObstacle(t *testing.T) {
	dir := dataDir(t)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "cluster.new"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "cluster.new", "PG_VERSION"), []byte("15\n"), 0o600))
	s := startIn(t, dir)
	require.NoError(t, s.Stop(t.Context()))

	// A pid that is somebody else's by now: our own.
	stale := fmt.Sprintf("%d\n%s\n", os.Getpid(), clusterDir(dir))
	require.NoError(t, os.WriteFile(filepath.Join(clusterDir(dir), "postmaster.pid"), []byte(stale), 0o666))
	startIn(t, dir)
}

func TestAKilledParentLeavesNoServer(t *testing.T) {
	dir := dataDir(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "POSTGRES_TEST_PARENT_OF="+dir)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	parent, err := process.Start(cmd, syscall.SIGKILL)
	require.NoError(t, err)
	var pid int
	_, err = fmt.Fscan(out, &pid)
	require.NoError(t, err)
	require.True(t, running(pid, clusterDir(dir)))

	require.NoError(t, syscall.Kill(parent.Pid(), syscall.SIGKILL))
	require.Eventually(t, func() bool { return !running(pid, clusterDir(dir)) }, 20*time.Second, 10*time.Millisecond)
	startIn(t, dir)
}

func TestALeftoverServerIsStopped(t *testing.T) {
	dir := dataDir(t)
	s := startIn(t, dir)
	leftover := s.Pid()
	require.NoError(t, s.lock.Close()) // as if its parent had died where the kernel does not tell children
	s2 := startIn(t, dir)
	<-s.Done()
	require.NotEqual(t, leftover, s2.Pid())
}

func TestParseMajor(t *testing.T) {
	for line, major := range map[string]int{
		"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n": 15,
		"postgres (PostgreSQL) 17beta1\n":                        17,
		"postgres (PostgreSQL) 9.6.24\n":                         9,
		"bash: postgres: not found\n":                            0,
	} {
		require.Equal(t, major, parseMajor(line), line)
	}
}

func TestChooseKeepsToTheVersionOfTheData(t *testing.T) {
	found := []binaries{{"/a", 17}, {"/b", 15}}
	b, ok := choose(found, 0)
	require.True(t, ok)
	require.Equal(t, "/a", b.dir)
	b, ok = choose(found, 15)
	require.True(t, ok)
	require.Equal(t, "/b", b.dir)
	_, ok = choose(found, 16)
	require.False(t, ok)
	require.ErrorContains(t, missing(found, 16, os.ErrNotExist), "install the package postgresql-16")
}

func TestAClosedFolderIsNamed(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("only root runs the server as somebody else")
		return
	}
	closed := t.TempDir()
	require.NoError(t, os.Chmod(closed, 0o700))
	_, err := Start(t.Context(), Config{DataDir: filepath.Join(closed, "data", "postgres")})
	require.ErrorContains(t, err, closed+" is closed to user")
	require.ErrorContains(t, err, "QUAYDESK_DATA")
}

func TestAccountEnters(t *testing.T) {
	dir := t.TempDir()
	info := func(mode os.FileMode) os.FileInfo {
		require.NoError(t, os.Chmod(dir, mode))
		fi, err := os.Stat(dir)
		require.NoError(t, err)
		return fi
	}
	uid, gid := uint32(os.Geteuid()), info(0o700).Sys().(*syscall.Stat_t).Gid
	other := strconv.IntSize // any ids that are neither ours
	for _, c := range []struct {
		as    account
		mode  os.FileMode
		reach bool
	}{
		{account{uid: uid, gid: gid}, 0o700, true},
		{account{uid: uid, gid: gid}, 0o077, false},
		{account{uid: uid + uint32(other), gid: gid}, 0o710, true},
		{account{uid: uid + uint32(other), gid: gid}, 0o701, false},
		{account{uid: uid + uint32(other), gid: gid + uint32(other)}, 0o701, true},
		{account{uid: uid + uint32(other), gid: gid + uint32(other)}, 0o770, false},
	} {
		require.Equal(t, c.reach, c.as.enters(info(c.mode)), "%+v", c)
	}
}
