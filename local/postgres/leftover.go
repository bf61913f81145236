package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"quaydesk/local/process"
)

// ErrInUse says that another process holds the data folder.
var ErrInUse = errors.New("another process runs PostgreSQL on this data folder")

// holdPatience is how long a killed holder's folder may take to become free.
const holdPatience = 2 * time.Second

// hold takes the folder for this process; the kernel gives it back however the process ends.
func hold(ctx context.Context, dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = process.Lock(ctx, f, holdPatience)
	if err == nil {
		return f, nil
	}
	f.Close()
	if errors.Is(err, process.ErrLocked) {
		return nil, fmt.Errorf("%s: %w", dir, ErrInUse)
	}
	return nil, err
}

// stopLeftover ends a server that an earlier process left behind on the cluster. Only called with the folder held, so
// nobody else wants that server.
func stopLeftover(ctx context.Context, cluster string) error {
	pid, err := leftoverPid(cluster)
	if err != nil || pid == 0 {
		return err
	}
	gentle := time.Now().Add(5 * time.Second)
	for sig := syscall.SIGINT; running(pid, cluster); {
		if time.Now().After(gentle) {
			sig = syscall.SIGQUIT
		}
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stopping the PostgreSQL left over from an earlier run, process %d: %w", pid, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the PostgreSQL left over from an earlier run, process %d, does not stop: %w", pid, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

// leftoverPid reads the pid file that a server keeps while it runs; 0 when there is none or it is stale.
func leftoverPid(cluster string) (int, error) {
	text, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 0 || !running(pid, cluster) {
		return 0, nil // cut short or of a dead server; PostgreSQL itself clears it away
	}
	return pid, nil
}

// running tells whether the process is a server on the cluster: a pid may belong to somebody else by now.
func running(pid int, cluster string) bool {
	if err := syscall.Kill(pid, 0); err != nil && !errors.Is(err, syscall.EPERM) {
		return false
	}
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if errors.Is(err, fs.ErrNotExist) { // no /proc on this system
		line, err = exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	}
	return err == nil && bytes.Contains(line, []byte(cluster))
}
