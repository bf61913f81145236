package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Root gives the repository's folder, found upwards from where the program runs.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("run this inside of the repository")
		}
		dir = parent
	}
}

// build brings bin/quaydesk and bin/engine up to date; what has not changed costs a moment only.
func build(ctx context.Context, root string) error {
	cmd := exec.CommandContext(ctx, "make", "--no-print-directory", "build")
	cmd.Dir = root
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("make build: %w\n%s", err, said.String())
	}
	return nil
}
