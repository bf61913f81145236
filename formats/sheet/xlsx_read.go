package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"quaydesk/domain/fault"
	"quaydesk/domain/intake"
)

const lastLine = 1 << 20 // of a sheet, as Excel has it

func readXLSX(file io.ReaderAt, size int64, count *counter) (sheets []intake.Sheet, err error) {
	if err := checkParts(file, size); err != nil {
		return nil, err
	}
	defer func() { // files that Excel did not make bring the library to fall
		if recover() != nil {
			sheets, err = nil, unreadable()
		}
	}()
	book, err := excelize.OpenReader(io.NewSectionReader(file, 0, size), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxSheets + maxTexts + maxParts})
	if err != nil {
		return nil, unreadable()
	}
	defer book.Close()
	since1904 := false
	if properties, err := book.GetWorkbookProps(); err == nil && properties.Date1904 != nil {
		since1904 = *properties.Date1904
	}
	for _, name := range book.GetSheetList() {
		s := intake.Sheet{Name: name, Since1904: since1904}
		if err := readSheet(book, &s, count); err != nil {
			return nil, err
		}
		sheets = append(sheets, s)
	}
	return sheets, nil
}

func readSheet(book *excelize.File, s *intake.Sheet, count *counter) error {
	rows, err := book.Rows(s.Name)
	if missing := (excelize.ErrSheetNotExist{}); errors.As(err, &missing) {
		return nil // a chart
	}
	if err != nil {
		return unreadable()
	}
	defer rows.Close()
	for line := 1; rows.Next(); line++ {
		if line > lastLine {
			return unreadable()
		}
		cells, err := rows.Columns()
		if err != nil {
			return unreadable()
		}
		if err := count.add(s, line, slices.Clip(cells)); err != nil {
			return err
		}
	}
	return nil
}

// checkParts looks how big a packed file would be, before anything of it is held in memory. The parts that are no sheets are
// held in memory. What is bigger than it says is an error when it is unpacked.
func checkParts(file io.ReaderAt, size int64) error {
	packed, err := zip.NewReader(file, size)
	if err != nil {
		return unreadable()
	}
	var sheets, texts, others uint64
	var shared []*zip.File
	for _, part := range packed.File {
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		size := min(part.UncompressedSize64, 1<<40) // whatever it says, the sum is one
		switch {
		case path.Base(name) == "sharedstrings.xml":
			texts += size
			shared = append(shared, part)
		case strings.HasPrefix(name, "xl/worksheets/sheet"):
			sheets += size
		default:
			others += size
		}
	}
	switch {
	case texts > maxTexts:
		return fault.New(fault.Invalid, "sheet.texts_too_big", "Size", megabytes(texts), "Most", maxTexts>>20)
	case sheets > maxSheets:
		return fault.New(fault.Invalid, "sheet.sheets_too_big", "Size", megabytes(sheets), "Most", maxSheets>>20)
	case others > maxParts:
		return fault.New(fault.Invalid, "sheet.parts_too_big", "Size", megabytes(others), "Most", maxParts>>20)
	}
	return checkTexts(shared)
}

// checkTexts looks how many texts there are: a small file can hold millions of empty ones, each of which takes memory.
func checkTexts(parts []*zip.File) error {
	tags, buffer := 0, make([]byte, 1<<16)
	for _, part := range parts {
		unpacked, err := part.Open()
		if err != nil {
			return unreadable()
		}
		defer unpacked.Close()
		for in := io.LimitReader(unpacked, maxTexts); err == nil && tags <= maxTags; {
			var n int
			n, err = in.Read(buffer)
			tags += bytes.Count(buffer[:n], []byte("<"))
		}
	}
	if tags > maxTags {
		return fault.New(fault.Invalid, "sheet.texts_too_many", "Most", maxTags/4)
	}
	return nil
}

// megabytes gives a size in bytes as messages tell it, rounded up.
func megabytes(size uint64) int64 { return int64((size + 1<<20 - 1) >> 20) }
