package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"quaydesk/domain/fault"
	"quaydesk/domain/intake"
	"quaydesk/formats/sheet"
)

func read(t require.TestingT, content []byte) []intake.Sheet {
	sheets, err := sheet.Read(bytes.NewReader(content), int64(len(content)), nil)
	require.NoError(t, err)
	return sheets
}

func refused(t *testing.T, content []byte) string {
	_, err := sheet.Read(bytes.NewReader(content), int64(len(content)), nil)
	require.True(t, fault.Is(err, fault.Invalid), "%v", err)
	return fault.As(err).Text.Key
}

// book makes an .xlsx file of sheets; a cell is by its name: "A1".
func book(t *testing.T, sheets []string, fill func(*excelize.File)) []byte {
	f := excelize.NewFile()
	require.NoError(t, f.SetSheetName("Sheet1", sheets[0]))
	for _, name := range sheets[1:] {
		_, err := f.NewSheet(name)
		require.NoError(t, err)
	}
	fill(f)
	var file bytes.Buffer
	require.NoError(t, f.Write(&file))
	return file.Bytes()
}

func TestReadXLSX(t *testing.T) {
	file := book(t, []string{"Юг", "Север", "Пусто"}, func(f *excelize.File) {
		set := func(sheet, cell string, value any) { require.NoError(t, f.SetCellValue(sheet, cell, value)) }
		set("Юг", "A1", "Контейнеры")
		require.NoError(t, f.MergeCell("Юг", "A1", "D1"))
		set("Юг", "A3", "Номер\nконтейнера")
		set("Юг", "C3", "Дата")
		set("Юг", "A4", "MSKU6011672")
		set("Юг", "C4", time.Date(2026, 11, 5, 14, 30, 0, 0, time.UTC))
		set("Юг", "D4", 24.5)
		set("Юг", "A7", "CSQU3054383")
		require.NoError(t, f.SetCellFormula("Юг", "B7", "1+1")) // never computed: no value
		set("Юг", "C7", 2)
		require.NoError(t, f.SetCellFormula("Юг", "C7", "1+1"))
		set("Север", "B2", "x")
	})
	require.Equal(t, []intake.Sheet{
		{Name: "Юг", Rows: []intake.Row{
			{Line: 1, Cells: []string{"Контейнеры"}},
			{Line: 3, Cells: []string{"Номер\nконтейнера", "", "Дата"}},
			{Line: 4, Cells: []string{"MSKU6011672", "", "46331.6041666667", "24.5"}},
			{Line: 7, Cells: []string{"CSQU3054383", "", "2"}},
		}},
		{Name: "Север", Rows: []intake.Row{{Line: 2, Cells: []string{"", "x"}}}},
		{Name: "Пусто"},
	}, round(read(t, file)))
}

// round cuts what is beyond the precision that Excel keeps.
func round(sheets []intake.Sheet) []intake.Sheet {
	for _, s := range sheets {
		for _, r := range s.Rows {
			for i, c := range r.Cells {
				if strings.HasPrefix(c, "46331.60416666") {
					r.Cells[i] = "46331.6041666667"
				}
			}
		}
	}
	return sheets
}

func TestDaysSince1904(t *testing.T) {
	yes := true
	file := book(t, []string{"Юг"}, func(f *excelize.File) {
		require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
		require.NoError(t, f.SetCellValue("Юг", "A1", "x"))
	})
	require.True(t, read(t, file)[0].Since1904)
}

func TestReadCSV(t *testing.T) {
	const text = "№;Номер контейнера;Примечание\r\n\r\n1;MSKU6011672;\"две\r\nстроки; и \"\"знаки\"\"\"\r\n2;CSQU3054383;ООО \"Альфа\"\r\n"
	want := []intake.Row{
		{Line: 1, Cells: []string{"№", "Номер контейнера", "Примечание"}},
		{Line: 3, Cells: []string{"1", "MSKU6011672", "две\nстроки; и \"знаки\""}},
		{Line: 4, Cells: []string{"2", "CSQU3054383", `ООО "Альфа"`}},
	}
	for name, content := range map[string][]byte{
		"UTF-8":        []byte(text),
		"with BOM":     []byte("\ufeff" + text),
		"Windows-1251": encoded(t, charmap.Windows1251.NewEncoder().String, text),
		"UTF-16":       encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String, text),
		"commas":       []byte(strings.NewReplacer(";", ",").Replace(strings.Replace(text, "; и", "\x01 и", 1))),
		"tabs":         []byte(strings.NewReplacer(";", "\t").Replace(strings.Replace(text, "; и", "\x01 и", 1))),
	} {
		sheets := read(t, content)
		require.Len(t, sheets, 1)
		for _, r := range sheets[0].Rows {
			for i, c := range r.Cells {
				r.Cells[i] = strings.ReplaceAll(c, "\x01", ";")
			}
		}
		require.Equal(t, want, sheets[0].Rows, name)
	}
	require.Empty(t, read(t, nil)[0].Rows)
	require.Len(t, read(t, []byte("одна строка"))[0].Rows, 1)
}

func encoded(t *testing.T, encode func(string) (string, error), text string) []byte {
	s, err := encode(text)
	require.NoError(t, err)
	return []byte(s)
}

func TestWhatCannotBeReadIsRefused(t *testing.T) {
	require.Equal(t, "sheet.old", refused(t, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")))
	require.Equal(t, "sheet.unreadable", refused(t, []byte("PK\x03\x04 and no more")))
	require.Equal(t, "sheet.unreadable", refused(t, []byte("%PDF-1.7\x00\x01")))
	require.Equal(t, "sheet.quote", refused(t, []byte("a;b\n1;\"never closed\n"+strings.Repeat("2;x\n", 20_000))))
	require.Equal(t, "sheet.too_long", refused(t, []byte(strings.Repeat("1;x\n", 300_001))))

	var text bytes.Buffer // a packed file that is no workbook
	packed := zip.NewWriter(&text)
	_, err := packed.Create("readme.txt")
	require.NoError(t, err)
	require.NoError(t, packed.Close())
	require.Equal(t, "sheet.unreadable", refused(t, text.Bytes()))
}

// TestATooBigFileIsRefusedUnread: not a byte of it is looked at.
func TestATooBigFileIsRefusedUnread(t *testing.T) {
	_, err := sheet.Read(unread{}, 200<<20, nil)
	require.Equal(t, "sheet.too_big", fault.As(err).Text.Key)
	require.Equal(t, "200", fault.As(err).Text.Args["Size"].Plain)
}

type unread struct{}

func (unread) ReadAt([]byte, int64) (int, error) { panic("it is read") }

func TestABombIsRefused(t *testing.T) {
	for part, size := range map[string]uint64{"xl/worksheets/sheet1.xml": 1<<30 + 1, "xl/sharedStrings.xml": 1<<27 + 1, `XL\SharedStrings.xml`: 960 << 20, "xl/styles.xml": 1 << 63} {
		var file bytes.Buffer
		packed := zip.NewWriter(&file)
		for range 2 { // together they are no smaller
			_, err := packed.CreateRaw(&zip.FileHeader{Name: part, Method: zip.Deflate, UncompressedSize64: size})
			require.NoError(t, err)
		}
		require.NoError(t, packed.Close())
		_, err := sheet.Read(bytes.NewReader(file.Bytes()), int64(file.Len()), nil)
		require.True(t, fault.Is(err, fault.Invalid), "%s: %v", part, err)
		told, most := fault.As(err).Text, map[bool]string{true: "1024", false: "128"}[strings.Contains(part, "worksheets")]
		require.Equal(t, map[string]string{
			"xl/worksheets/sheet1.xml": "sheet.sheets_too_big", "xl/sharedStrings.xml": "sheet.texts_too_big", `XL\SharedStrings.xml`: "sheet.texts_too_big",
			"xl/styles.xml": "sheet.parts_too_big",
		}[part], told.Key)
		require.Equal(t, most, told.Args["Most"].Plain)
	}
}

// TestManyTextsAreRefused: thousands of times more are packed than anybody writes.
func TestManyTextsAreRefused(t *testing.T) {
	var file bytes.Buffer
	packed := zip.NewWriter(&file)
	part, err := packed.Create("xl/sharedStrings.xml")
	require.NoError(t, err)
	_, err = io.WriteString(part, "<sst>"+strings.Repeat("<si/>", 8_000_000)+"</sst>")
	require.NoError(t, err)
	require.NoError(t, packed.Close())
	require.Equal(t, "sheet.texts_too_many", refused(t, file.Bytes()))
}

func TestProgressIsTold(t *testing.T) {
	content := []byte(strings.Repeat("1;x\n", 3500))
	var heard []int
	_, err := sheet.Read(bytes.NewReader(content), int64(len(content)), func(rows int) { heard = append(heard, rows) })
	require.NoError(t, err)
	require.Equal(t, []int{1000, 2000, 3000}, heard)
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.SliceOfN(rapid.StringMatching(`[=+\-@A-Za-zА-я0-9 ;,"']{0,8}x`), 2, 4), 1, 6).Draw(t, "texts")
		var rows [][]sheet.Cell
		for _, r := range texts {
			var cells []sheet.Cell
			for _, text := range r {
				cells = append(cells, text)
			}
			rows = append(rows, cells)
		}
		table := sheet.Table{Name: "t", Columns: []sheet.Column{{Title: "a"}, {Title: "b"}}, Rows: slices.Values(rows)}
		for format, write := range map[string]func(io.Writer) error{
			"xlsx": func(w io.Writer) error { return sheet.WriteXLSX(w, table) },
			"csv":  func(w io.Writer) error { return sheet.WriteCSV(w, table) },
		} {
			var file bytes.Buffer
			require.NoError(t, write(&file))
			got := read(t, file.Bytes())[0].Rows
			require.Len(t, got, len(texts)+1, format)
			for i, r := range texts {
				require.Equal(t, r, got[i+1].Cells, format)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a;b\n\"c"))
	f.Add([]byte("PK\x03\x04"))
	var file bytes.Buffer
	require.NoError(f, sheet.WriteXLSX(&file, sheet.Table{Name: "t", Columns: []sheet.Column{{Title: "a"}}, Rows: slices.Values([][]sheet.Cell{{"x", 1}})}))
	f.Add(file.Bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		_, err := sheet.Read(bytes.NewReader(content), int64(len(content)), nil)
		require.True(t, err == nil || fault.Is(err, fault.Invalid), fmt.Sprint(err))
	})
}
