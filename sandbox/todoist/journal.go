package todoist

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// journal is the file that holds all changes, one JSON line each.
type journal struct{ f *os.File }

// openJournal opens or makes the file and hands each line to apply. A last line that was cut short by a crash is
// taken off: its change was never answered.
func openJournal(path string, apply func(line)) (*journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the board's journal: %w", err)
	}
	whole, err := readLines(f, apply)
	if err == nil {
		err = f.Truncate(whole)
	}
	if err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the board's journal: %w", err), f.Close())
	}
	return &journal{f}, nil
}

// readLines gives the length of the whole lines.
func readLines(f *os.File, apply func(line)) (int64, error) {
	var whole int64
	r := bufio.NewReader(f)
	for {
		b, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil
		}
		if err != nil {
			return 0, err
		}
		var l line
		if err := json.Unmarshal(bytes.TrimSpace(b), &l); err != nil {
			return 0, fmt.Errorf("at byte %d: %w", whole, err)
		}
		apply(l)
		whole += int64(len(b))
	}
}

// write appends a line. When it fails the file is cut back, so that no half line stays before the next one.
func (j *journal) write(l line) error {
	b, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	start, err := j.f.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if _, err := j.f.Write(append(b, '\n')); err != nil {
		_ = j.f.Truncate(start)
		_, _ = j.f.Seek(start, io.SeekStart)
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

func (j *journal) close() error { return j.f.Close() }
