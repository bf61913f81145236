package sheet

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
)

const byteOrderMark = "\ufeff"

// WriteCSV writes a table as RFC 4180 has it, in UTF-8 with a byte order mark, without which Excel does not show
// Cyrillic. Texts that programs take for formulas get an apostrophe before them.
func WriteCSV(w io.Writer, t Table) error {
	buffered := bufio.NewWriter(w)
	if _, err := buffered.WriteString(byteOrderMark); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(buffered)
	out.UseCRLF = true
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = harmless(c.Title)
	}
	if err := out.Write(head); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	for row := range t.Rows {
		texts := make([]string, max(len(row), len(head)))
		for i, c := range row {
			text, err := plain(c, t.zone())
			if err != nil {
				return err
			}
			if _, typed := c.(string); typed {
				text = harmless(text)
			}
			texts[i] = text
		}
		if err := out.Write(texts); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	if out.Flush(); out.Error() != nil {
		return fmt.Errorf("write CSV: %w", out.Error())
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}
