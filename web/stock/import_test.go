package stock_test

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/intake"
	"quaydesk/domain/people"
	"quaydesk/formats/sheet"
)

// await looks at a page again until it says something.
func (b *browser) await(path, words string) answer {
	b.t.Helper()
	var page answer
	require.Eventually(b.t, func() bool {
		page = b.get(path)
		return strings.Contains(page.words(), words)
	}, time.Minute, 20*time.Millisecond, "%s does not say %q", path, words)
	return page
}

// file is a sheet with three rows that are right, one of a client that is not there, one with a wrong check digit, and one
// twice.
func file(t *testing.T) []byte {
	rows := [][]string{
		{"1", "MSKU6011672", "40HC", "Silk Gate Trade", "01.10.2026", "12.10.2026"},
		{"2", "CSQU3054383", "20DV", "Silk Gate Trade", "02.10.2026", ""},
		{"3", "TOLU4734787", "20DV", "Meridian Line", "03.10.2026", ""},
		{"4", "HLXU2008419", "20DV", "Somebody New", "03.10.2026", ""},
		{"5", "CSQU3054384", "20DV", "Silk Gate Trade", "04.10.2026", ""},
		{"6", "MSKU6011672", "40HC", "Silk Gate Trade", "01.10.2026", "12.10.2026"},
	}
	table := sheet.Table{Name: "Chukursay", Columns: []sheet.Column{{Title: "№"}, {Title: "Номер\nконтейнера"}, {Title: "Тип"}, {Title: "Клиент"},
		{Title: "Дата разгрузки на терминале"}, {Title: "Дата вывоза"}}}
	var cells [][]sheet.Cell
	for _, row := range rows {
		var line []sheet.Cell
		for _, text := range row {
			line = append(line, text)
		}
		cells = append(cells, line)
	}
	table.Rows = slices.Values(cells)
	var file bytes.Buffer
	require.NoError(t, sheet.WriteXLSX(&file, table))
	return file.Bytes()
}

func TestImport(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	form := url.Values{"op": {b.get("/yard/import").op()}}
	sent := b.upload("/yard/import", "containers.xlsx", file(t), form)
	require.Equal(t, http.StatusSeeOther, sent.status)
	again := b.upload("/yard/import", "containers.xlsx", file(t), form)
	require.Equal(t, sent.location, again.location, "a second press is the same import")

	looked := b.await(sent.location, "Looked through")
	require.Contains(t, looked.words(), "Stays that would be made 3")
	require.Contains(t, looked.words(), "Rows that say the same again 1")
	require.Contains(t, looked.words(), "Rows that are doubtful 2")
	require.Contains(t, looked.words(), "Somebody New")
	require.Contains(t, looked.words(), "check digit")
	require.Empty(t, w.ours.history("MSKU6011672"), "nothing is recorded so far")

	rejects := b.get(sent.location + "/rejects")
	require.Equal(t, http.StatusOK, rejects.status)
	sheets, err := sheet.Read(strings.NewReader(rejects.body), int64(len(rejects.body)), nil)
	require.NoError(t, err)
	require.Len(t, sheets[0].Rows, 3, "the titles and two rows")
	require.Contains(t, sheets[0].Rows[1].Cells, "HLXU2008419")

	for range 2 { // pressed twice
		require.Equal(t, http.StatusSeeOther, b.post(sent.location, url.Values{"op": {looked.op()}}).status)
	}
	done := b.await(sent.location, "Recorded")
	require.Contains(t, done.words(), "Stays made 3")
	require.Len(t, w.ours.history("MSKU6011672"), 2)
	require.Len(t, w.ours.history("CSQU3054383"), 1)
	require.Equal(t, w.ours.manager.ID, w.ours.history("CSQU3054383")[0].By.ID)
	require.Empty(t, w.ours.history("HLXU2008419"), "clients are made when that is asked for only")

	// The same file another time changes nothing; now the client is made.
	sent = b.upload("/yard/import", "containers.xlsx", file(t), nil)
	looked = b.await(sent.location, "Looked through")
	require.Contains(t, looked.words(), "Stays that would be made 0")
	require.Contains(t, looked.words(), "Rows recorded already 3")
	require.Equal(t, http.StatusSeeOther, b.post(sent.location+"/again", nil).status)
	looked = b.await(sent.location, "Stays that would be made 1")
	require.Contains(t, looked.words(), "New companies Somebody New")
	require.Equal(t, http.StatusSeeOther, b.post(sent.location, nil).status)
	b.await(sent.location, "Stays made 1")
	require.Len(t, w.ours.history("HLXU2008419"), 1)
	require.Len(t, w.ours.history("MSKU6011672"), 2)

	stranger := w.theirs.as(w.theirs.manager)
	for _, path := range []string{sent.location, sent.location + "/rejects"} {
		require.Equal(t, http.StatusNotFound, stranger.get(path).status, path)
	}
	for _, path := range []string{sent.location, sent.location + "/again"} {
		require.Equal(t, http.StatusNotFound, stranger.post(path, nil).status, path)
	}
	require.Equal(t, http.StatusForbidden, w.ours.as(w.ours.person("Rustam", people.Dispatcher, "terminal:1")).get("/yard/import").status)
}

func TestWhatIsNoSheetIsToldOf(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	require.Contains(t, b.upload("/yard/import", "empty.csv", nil, nil).words(), "Choose a file")
	sent := b.upload("/yard/import", "letter.csv", []byte("Dear all;\nno table here;\n"), nil)
	require.Contains(t, b.await(sent.location, "no table").words(), "Container number")
	old := b.upload("/yard/import", "old.xls", append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 600)...), nil)
	b.await(old.location, ".xls")
	foreign := b.upload("/yard/import", "containers.xlsx", file(t), url.Values{"terminal": {strconv.FormatInt(w.theirs.terminals[0].ID, 10)}})
	require.Equal(t, http.StatusUnprocessableEntity, foreign.status)
}

// A sheet of 200 MB is answered, not cut off.
func TestATooLargeSheetIsAnswered(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	page := b.upload("/yard/import", "huge.csv", make([]byte, 200<<20), nil)
	require.Equal(t, http.StatusRequestEntityTooLarge, page.status)
	require.Contains(t, page.words(), "at most 64 MB")
	require.Contains(t, page.words(), "Split it")
}

// What was begun by a process that went goes on when somebody looks.
func TestAnImportGoesOnWithAnotherProcess(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	id := w.ours.abandoned("containers.xlsx", file(t))
	b.await("/yard/import/"+strconv.FormatInt(id, 10), "Stays that would be made 3")
}

func TestExport(t *testing.T) {
	w := newWorld(t)
	w.ours.comes("MSKU6011672", 10)
	w.ours.goes(w.ours.comes("CSQU3054383", 5), 2)
	w.ours.comes("TOLU4734787", 3, evil)
	w.theirs.comes("HLXU2008419", 3)
	b := w.ours.as(w.ours.manager)

	stock := b.get("/yard/export?format=csv")
	require.Equal(t, http.StatusOK, stock.status)
	require.Contains(t, stock.header.Get("Content-Disposition"), "containers-")
	require.Contains(t, stock.body, "MSKU6011672")
	require.NotContains(t, stock.body, "CSQU3054383", "it has left")
	require.NotContains(t, stock.body, "HLXU", "another's")
	require.Contains(t, stock.body, "'=HYPERLINK", "no formula")
	require.NotRegexp(t, `(^|[,;\n"])=HYPERLINK`, stock.body)

	all := b.get("/yard/export?all=1&format=csv").body
	require.Contains(t, all, "CSQU3054383")
	require.NotContains(t, all, "HLXU")
	one := b.get("/yard/export?format=csv&number=6011672").body
	require.Contains(t, one, "MSKU6011672")
	require.NotContains(t, one, "TOLU4734787")

	book := b.get("/yard/export?format=xlsx&all=1")
	sheets, err := sheet.Read(strings.NewReader(book.body), int64(len(book.body)), nil)
	require.NoError(t, err)
	tables, _ := intake.Tables(sheets)
	require.Len(t, tables, 1)
	require.Len(t, tables[0].Rows, 3)
	for _, column := range intake.Usual {
		require.Contains(t, tables[0].Columns, column, "the columns of the sheet as terminals keep it")
	}
	for _, bad := range []string{"/yard/export?longer=-1", "/yard/export?format=pdf", "/yard/export?terminal=" + strconv.FormatInt(w.theirs.terminals[0].ID, 10)} {
		require.Equal(t, http.StatusUnprocessableEntity, b.get(bad).status, bad)
	}
	// What was exported is known here: importing it changes nothing.
	sent := b.upload("/yard/import", "containers.xlsx", []byte(book.body), nil)
	b.await(sent.location, "Rows recorded already 3")
}
