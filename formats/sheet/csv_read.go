package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"quaydesk/domain/fault"
	"quaydesk/domain/intake"
)

// longestCell is how many characters a cell of Excel holds. A longer one is a quotation mark that was never closed.
const longestCell = 32_767

func readCSV(file io.Reader, count *counter) ([]intake.Sheet, error) {
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if content, err = decode(content); err != nil || bytes.IndexByte(content, 0) >= 0 {
		return nil, unreadable()
	}
	in := csv.NewReader(bytes.NewReader(content))
	in.Comma, in.LazyQuotes, in.FieldsPerRecord = delimiter(content), true, -1
	var s intake.Sheet
	for line, ended := 0, 0; ; {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return []intake.Sheet{s}, nil
		}
		if err != nil {
			return nil, unreadable()
		}
		starts, _ := in.FieldPos(0)
		lastStarts, _ := in.FieldPos(len(cells) - 1)
		line += starts - ended // with the blank lines before it; a row with line breaks in it is one, as Excel counts
		ended = lastStarts + strings.Count(cells[len(cells)-1], "\n")
		for i, cell := range cells {
			if len(cell) > longestCell && utf8.RuneCountInString(cell) > longestCell {
				return nil, fault.New(fault.Invalid, "sheet.quote", "Row", line)
			}
			cells[i] = harmed(cell)
		}
		if err := count.add(&s, line, cells); err != nil {
			return nil, err
		}
	}
}

// decode gives a text in UTF-8 without a byte order mark. What is neither UTF-8 nor UTF-16 is Windows-1251.
func decode(content []byte) ([]byte, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xfe")), bytes.HasPrefix(content, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case utf8.Valid(content):
		return bytes.TrimPrefix(content, []byte(byteOrderMark)), nil
	default:
		from = charmap.Windows1251
	}
	return from.NewDecoder().Bytes(content)
}

// delimiter finds what sets the cells of a text apart: what there is most of, outside quotation marks, at its beginning.
func delimiter(content []byte) rune {
	counts := map[byte]int{}
	quoted := false
	for _, c := range content[:min(len(content), 1<<16)] {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[c]++
		}
	}
	best := byte(';')
	for _, c := range []byte(",\t") {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return rune(best)
}
