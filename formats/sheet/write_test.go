package sheet_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"quaydesk/domain/calendar"
	"quaydesk/domain/intake"
	"quaydesk/formats/sheet"
)

var tashkent = time.FixedZone("+05", 5*60*60)

func stock() sheet.Table {
	return sheet.Table{
		Name: "Stock", Zone: tashkent,
		Columns: []sheet.Column{{Title: "Number", Width: 16}, {Title: "Days"}, {Title: "Amount"}, {Title: "Day"}, {Title: "In"}},
		Rows: slices.Values([][]sheet.Cell{
			{"MSKU6011672", 12, decimal.RequireFromString("1234.50"), calendar.Of(2026, 11, 5), time.Date(2026, 11, 4, 19, 30, 0, 0, time.UTC)},
			{"=1+1", int64(3), decimal.NewFromInt(-7), calendar.Date(0), time.Time{}},
			{"Юг\nсевер", nil, nil, nil},
		}),
	}
}

func TestWriteXLSX(t *testing.T) {
	var file bytes.Buffer
	again := stock()
	again.Name = "stock" // the same name for Excel
	require.NoError(t, sheet.WriteXLSX(&file, stock(), again, sheet.Table{Name: "a/b:c", Columns: []sheet.Column{{Title: "x"}}, Rows: slices.Values([][]sheet.Cell{})}))
	book, err := excelize.OpenReader(&file)
	require.NoError(t, err)
	require.Equal(t, []string{"Stock", "stock 2", "a b c"}, book.GetSheetList())

	shown, err := book.GetRows("Stock")
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"Number", "Days", "Amount", "Day", "In"},
		{"MSKU6011672", "12", "1,234.50", "05.11.2026", "05.11.2026 00:30"},
		{"=1+1", "3", "-7"},
		{"Юг\nсевер"},
	}, shown)
	raw, err := book.GetCellValue("Stock", "D2", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	require.Equal(t, "46331", raw, "a real date")
	panes, err := book.GetPanes("Stock")
	require.NoError(t, err)
	require.True(t, panes.Freeze)
	width, err := book.GetColWidth("Stock", "A")
	require.NoError(t, err)
	require.Equal(t, 16.0, width)
}

func TestWriteCSV(t *testing.T) {
	var file bytes.Buffer
	require.NoError(t, sheet.WriteCSV(&file, stock()))
	require.Equal(t, "\ufeffNumber,Days,Amount,Day,In\r\n"+
		"MSKU6011672,12,1234.50,2026-11-05,2026-11-05 00:30\r\n"+
		"'=1+1,3,-7,,\r\n"+
		"\"Юг\r\nсевер\",,,,\r\n", file.String())
}

func TestAnUnknownCellIsAnError(t *testing.T) {
	wrong := sheet.Table{Columns: []sheet.Column{{Title: "x"}}, Rows: slices.Values([][]sheet.Cell{{1.5}})}
	require.Error(t, sheet.WriteCSV(&bytes.Buffer{}, wrong))
	require.Error(t, sheet.WriteXLSX(&bytes.Buffer{}, wrong))
}

// TestNoTextBecomesAFormula writes texts that spreadsheets would run.
func TestNoTextBecomesAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"=", "+", "-", "@", "\t", "\r", "\"=", "=cmd|' /C calc'!A0", ""}).Draw(t, "start") +
			rapid.StringMatching(`[A-Za-z0-9=+,;"' ]{0,12}`).Draw(t, "rest")
		table := sheet.Table{Columns: []sheet.Column{{Title: text}}, Rows: slices.Values([][]sheet.Cell{{text}})}

		var csv bytes.Buffer
		require.NoError(t, sheet.WriteCSV(&csv, table))
		for _, line := range strings.Split(strings.TrimPrefix(csv.String(), "\ufeff"), "\r\n") {
			require.NotContains(t, "=+-@\t\r", strings.TrimPrefix(line+" ", `"`)[:1])
		}

		var xlsx bytes.Buffer
		require.NoError(t, sheet.WriteXLSX(&xlsx, table))
		book, err := excelize.OpenReader(&xlsx)
		require.NoError(t, err)
		for _, cell := range []string{"A1", "A2"} {
			formula, err := book.GetCellFormula("Sheet", cell)
			require.NoError(t, err)
			require.Empty(t, formula)
		}
	})
}

func TestALongTableIsWritten(t *testing.T) {
	const rows = 30_000
	table := sheet.Table{Columns: []sheet.Column{{Title: "n"}, {Title: "text"}}, Rows: func(yield func([]sheet.Cell) bool) {
		for i := range rows {
			if !yield([]sheet.Cell{i, strings.Repeat("x", 100)}) {
				return
			}
		}
	}}
	var file bytes.Buffer
	require.NoError(t, sheet.WriteXLSX(&file, table))
	book, err := excelize.OpenReader(&file)
	require.NoError(t, err)
	last, err := book.GetCellValue("Sheet", "A30001")
	require.NoError(t, err)
	require.Equal(t, "29999", last)
}

// TestSecondsAreWritten: what is exported and imported again is billed the same.
func TestSecondsAreWritten(t *testing.T) {
	at := time.Date(2026, 11, 5, 9, 30, 5, 0, time.UTC)
	table := sheet.Table{Columns: []sheet.Column{{Title: "In"}}, Rows: slices.Values([][]sheet.Cell{{at}})}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"csv":  func(b *bytes.Buffer) error { return sheet.WriteCSV(b, table) },
		"xlsx": func(b *bytes.Buffer) error { return sheet.WriteXLSX(b, table) },
	} {
		var file bytes.Buffer
		require.NoError(t, write(&file))
		got, ok := intake.ParseMoments(read(t, file.Bytes())[0].Rows[1].Cells[0], false)
		require.True(t, ok, name)
		require.Equal(t, at, got[0].In(time.UTC), name)
	}
}
