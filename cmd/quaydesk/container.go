package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"quaydesk/domain/container"
	"quaydesk/texts"
)

type containerCommand struct {
	Check containerCheckCommand `cmd:"" help:"Check container numbers (ISO 6346): a JSON object for each. Exit code 1 when one is not valid."`
}

type containerCheckCommand struct {
	Numbers []string `arg:"" optional:"" name:"number" help:"Numbers; lines of standard input when none is given."`
}

// Run prints what is known of each number.
func (c containerCheckCommand) Run(p *process) error {
	done := make(chan error, 1)
	go func() { done <- c.check(os.Stdin, os.Stdout) }()
	select {
	case err := <-done:
		return err
	case <-p.ctx.Done(): // a terminal cannot be read with a context
		return p.ctx.Err()
	}
}

// check writes a line of JSON for each number, of in when none was given, as soon as it is read. The error is the exit
// code 1 when a number is not valid.
func (c containerCheckCommand) check(in io.Reader, out io.Writer) error {
	catalogue, encoder := texts.New(), json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	numbers, ended := slices.Values(c.Numbers), func() error { return nil }
	if len(c.Numbers) == 0 {
		lines := bufio.NewScanner(in)
		lines.Buffer(nil, 1<<20)
		ended = lines.Err
		numbers = func(yield func(string) bool) {
			for lines.Scan() {
				if strings.TrimSpace(lines.Text()) != "" && !yield(lines.Text()) {
					return
				}
			}
		}
	}
	valid := true
	for number := range numbers {
		told := checked{Result: container.Check(number)}
		if told.Suggestions == nil {
			told.Suggestions = []container.Number{}
		}
		if f := told.Fault(); f != nil {
			valid, told.Message = false, catalogue.Label("en", time.UTC, f.Text)
		}
		if err := encoder.Encode(told); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	if err := ended(); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if !valid {
		return failed
	}
	return nil
}

// checked is a line that is printed.
type checked struct {
	container.Result
	Message string `json:"message,omitempty"` // what is wrong, in English
}
