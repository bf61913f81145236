package postgres

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// superuser is the one role of a private server.
const superuser = "quaydesk"

// prepare makes the server's folder and the password in it. Both stay; a kill in between is no harm.
func prepare(dir string, as *account) (password string, err error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	if err := as.reaches(dir); err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	if err := as.own(dir); err != nil {
		return "", err
	}
	path := filepath.Join(dir, "password")
	kept, err := os.ReadFile(path)
	if err == nil && len(kept) > 0 {
		return string(kept), nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	random := make([]byte, 24)
	rand.Read(random)
	password = hex.EncodeToString(random)
	if err := os.WriteFile(path+".new", []byte(password), 0o600); err != nil {
		return "", err
	}
	if err := as.own(path + ".new"); err != nil {
		return "", err
	}
	return password, os.Rename(path+".new", path)
}

// clusterMajor gives the version of the cluster in dir, 0 when there is none yet.
func clusterMajor(dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(clusterDir(dir), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

func clusterDir(dir string) string { return filepath.Join(dir, "cluster") }

// initialize makes the cluster beside its place and renames it when it is whole.
func initialize(ctx context.Context, b binaries, dir string, as *account, throwaway bool) error {
	half := filepath.Join(dir, "cluster.new")
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	ctype := "C.UTF-8"
	if runtime.GOOS == "darwin" {
		ctype = "en_US.UTF-8"
	}
	args := []string{"--pgdata", half, "--username", superuser, "--pwfile", filepath.Join(dir, "password"),
		"--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--lc-ctype", ctype, "--no-instructions"}
	if throwaway {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, b.path("initdb"), args...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = dir, childEnv(), as.attr()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, lastLine(out))
	}
	if err := os.Rename(half, clusterDir(dir)); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// childEnv keeps our own settings, secrets among them, out of the server's environment.
func childEnv() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
}

func lastLine(out []byte) string {
	text := strings.TrimSpace(string(out))
	return text[strings.LastIndexByte(text, '\n')+1:]
}
