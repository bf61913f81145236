package local

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"syscall"
	"time"

	"quaydesk/local/process"
)

// part is something that runs beside us and is kept running.
type part struct {
	name    string
	address string // where it serves
	log     *logFile
	start   func(ctx context.Context) (running, error)
	ready   func(ctx context.Context) error // asked again and again until it gives nil
	greet   func(ctx context.Context) error // done each time it has become ready; may be nil
}

// running is a started part. Stop ends it orderly, or at once when ctx ends; it is due after Done too.
type running interface {
	Pid() int
	Done() <-chan struct{}
	Stop(ctx context.Context) error
}

// child is a part that is a plain program: SIGTERM stops it orderly.
type child struct{ *process.Process }

// command gives a part's start: a program with arguments and a whole environment, its output in the log.
func command(log io.Writer, env []string, program string, args ...string) func(context.Context) (running, error) {
	return func(context.Context) (running, error) {
		cmd := exec.Command(program, args...)
		cmd.Env, cmd.Stdout, cmd.Stderr = env, log, log
		cmd.WaitDelay = time.Second
		p, err := process.Start(cmd, syscall.SIGKILL)
		if err != nil {
			return nil, err
		}
		return child{p}, nil
	}
}

// Stop implements running.
func (c child) Stop(ctx context.Context) error {
	if err := c.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-c.Done():
		return nil
	case <-ctx.Done():
		if err := c.Signal(syscall.SIGKILL); err != nil {
			return err
		}
		<-c.Done()
		return fmt.Errorf("it did not stop in time and was killed: %w", ctx.Err())
	}
}

// answers gives a ready that wants a 200 from an address.
func answers(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			body, _ := io.ReadAll(io.LimitReader(res.Body, 200))
			return fmt.Errorf("%s: %s", res.Status, body)
		}
		return nil
	}
}
