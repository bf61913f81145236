package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"quaydesk/domain/fault"
	"quaydesk/domain/intake"
)

// What is read at the most. A yard's sheet of ten years has some ten thousand rows and a few megabytes.
const (
	MaxBytes   = 64 << 20  // of a file
	maxRows    = 300_000   // of all its sheets
	maxColumns = 200       // the rest of a row is left out
	maxSheets  = 1 << 30   // bytes of sheets, unpacked: those that are big go to temporary files
	maxTexts   = 128 << 20 // bytes of the texts that sheets share, unpacked
	maxTags    = 8_000_000 // of these texts' XML, four for each: a hundred bytes in memory, even if it is empty
	maxParts   = 128 << 20 // bytes of everything else, unpacked
)

// every is after how many rows progress is told.
const every = 1000

var (
	zipStart = []byte("PK\x03\x04")
	oleStart = []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}
)

// Read reads the sheets of an .xlsx or .csv file of a size in bytes; which one it is, it finds out itself. CSV may have
// commas, semicolons or tabs, and be in UTF-8, UTF-16 or Windows-1251. progress (or nil) hears of how many rows are read.
// What is too big or cannot be read is a fault.Invalid, and is so before much of it is in memory.
func Read(file io.ReaderAt, size int64, progress func(rows int)) ([]intake.Sheet, error) {
	if size > MaxBytes {
		return nil, fault.New(fault.Invalid, "sheet.too_big", "Size", megabytes(uint64(size)), "Most", MaxBytes>>20)
	}
	start := make([]byte, len(oleStart))
	n, err := file.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if progress == nil {
		progress = func(int) {}
	}
	count := counter{progress: progress}
	switch start = start[:n]; {
	case bytes.HasPrefix(start, zipStart):
		return readXLSX(file, size, &count)
	case bytes.HasPrefix(start, oleStart):
		return nil, fault.New(fault.Invalid, "sheet.old")
	}
	return readCSV(io.NewSectionReader(file, 0, size), &count)
}

// counter counts rows.
type counter struct {
	rows     int
	progress func(int)
}

// add keeps a row of a sheet, unless it is empty.
func (c *counter) add(s *intake.Sheet, line int, cells []string) error {
	cells = cells[:min(len(cells), maxColumns)]
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return nil
	}
	if c.rows++; c.rows > maxRows {
		return fault.New(fault.Invalid, "sheet.too_long", "Most", maxRows)
	}
	if c.rows%every == 0 {
		c.progress(c.rows)
	}
	s.Rows = append(s.Rows, intake.Row{Line: line, Cells: cells})
	return nil
}

func unreadable() error { return fault.New(fault.Invalid, "sheet.unreadable") }
