package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"quaydesk/domain/fault"
	"quaydesk/texts"
)

// exitCode is how a command ends that did its work and has something to tell: it is not printed as an error.
type exitCode int

// The exit codes of the program, beside 0.
const (
	failed    exitCode = 1 // it could not be done; what was asked for is not so
	misused   exitCode = 2 // the command line is wrong
	doubtful  exitCode = 3 // done in part: the rest is doubtful
	kongUsage          = 80
)

// Error says so much.
func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// exit ends the program after kong has printed help or what is wrong with the command line.
func exit(code int) {
	if code == kongUsage {
		code = int(misused)
	}
	os.Exit(code)
}

// codeOf prints what is to be said of a command's error on standard error and gives the program's exit code.
func codeOf(err error) int {
	var code exitCode
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	said := err.Error()
	if f := fault.As(err); f != nil {
		said = texts.New().Label("en", time.UTC, f.Text)
	}
	fmt.Fprintln(os.Stderr, "quaydesk:", said)
	return int(failed)
}
