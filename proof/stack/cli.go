package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
)

// Ran is what a command of the product's program came to.
type Ran struct {
	Out  []byte // standard output
	Err  string // standard error
	Code int    // exit code
}

// Run runs the product's program on the same database, as somebody at the command line would, with some standard input.
// A relative path in args is one in the folder Data.
func (s *Stack) Run(ctx context.Context, in string, args ...string) (Ran, error) {
	url, err := s.DatabaseURL()
	if err != nil {
		return Ran{}, err
	}
	var out, said bytes.Buffer
	cmd := exec.CommandContext(ctx, filepath.Join(s.root, "bin", "quaydesk"), args...)
	cmd.Dir, cmd.Env = s.data, append(append([]string{}, s.env...), "DATABASE_URL="+url)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewBufferString(in), &out, &said
	err = cmd.Run()
	if ended := (*exec.ExitError)(nil); err != nil && !errors.As(err, &ended) {
		return Ran{}, fmt.Errorf("quaydesk %v: %w", args, err)
	}
	return Ran{Out: out.Bytes(), Err: said.String(), Code: cmd.ProcessState.ExitCode()}, nil
}
