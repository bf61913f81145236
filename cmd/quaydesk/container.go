package main

import (
	"bufio"
	"bytes"
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
	numbers, unread := slices.Values(c.Numbers), io.EOF
	if len(c.Numbers) == 0 {
		lines := bufio.NewReader(in)
		numbers = func(yield func(string) bool) {
			for {
				line, err := readLine(lines)
				if err != nil {
					unread = err
					return
				}
				if strings.TrimSpace(line) != "" && !yield(line) {
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
	if unread != io.EOF {
		return fmt.Errorf("read: %w", unread)
	}
	if !valid {
		return failed
	}
	return nil
}

// longestLine is how many bytes of a line are kept: far more than any way to write a number has.
const longestLine = 1000

// readLine reads a line, without its end; of one that is too long the beginning with an ellipsis. The error is io.EOF
// after the last.
func readLine(in *bufio.Reader) (string, error) {
	var kept []byte
	cut := false
	for more := true; more; {
		part, goesOn, err := in.ReadLine()
		if err != nil && (err != io.EOF || len(kept) == 0) {
			return "", err
		}
		if room := longestLine - len(kept); len(part) > room {
			cut = cut || len(bytes.TrimSpace(part[room:])) > 0
			part = part[:room]
		}
		kept, more = append(kept, part...), goesOn
	}
	if !cut {
		return string(kept), nil
	}
	return strings.ToValidUTF8(string(kept), "\uFFFD") + "…", nil
}

// checked is a line that is printed.
type checked struct {
	container.Result
	Message string `json:"message,omitempty"` // what is wrong, in English
}
