package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"quaydesk/store"
	"quaydesk/store/storetest"
)

func testDatabase(t *testing.T) *database {
	pool := storetest.New(t)
	db := &database{pool: pool, store: store.New(pool)}
	var err error
	db.zone, err = time.LoadLocation("Asia/Tashkent")
	require.NoError(t, err)
	db.workspace, err = db.store.EnsureWorkspace(t.Context(), firstWorkspace, "Asia/Tashkent")
	require.NoError(t, err)
	return db
}

const oldSheet = "№;Номер контейнера;Тип;Клиент;Дата разгрузки;Дата вывоза;Цвет\n" +
	"1;MSKU6011672;40HC;Альфа;01.10.2026;05.10.2026;red\n" +
	"2;CSQU3054384;20DC;Альфа;01.10.2026\n" +
	"3;CSQU3054383;20DC;Бета;02.10.2026 14:30\n" +
	"3;CSQU3054383;20DC;Бета;02.10.2026 14:30\n" +
	"4;M5KU6O11672;;Альфа;02.10.2026\n"

// imports imports a file and gives what is printed.
func imports(t *testing.T, db *database, c yardImportCommand) (told map[string]any, err error) {
	seen := imported{DryRun: c.DryRun, Repeated: []repeat{}, Doubtful: []doubted{}}
	tables, err := c.read(&seen, io.Discard)
	require.NoError(t, err)
	var out bytes.Buffer
	err = c.take(t.Context(), db, tables, seen, &out, io.Discard)
	require.NoError(t, json.Unmarshal(out.Bytes(), &told))
	return told, err
}

func TestYardImport(t *testing.T) {
	db, dir := testDatabase(t), t.TempDir()
	c := yardImportCommand{File: filepath.Join(dir, "old.csv"), DryRun: true, Rejects: filepath.Join(dir, "wrong.xlsx")}
	require.NoError(t, os.WriteFile(c.File, []byte(oldSheet), 0o600))

	told, err := imports(t, db, c)
	require.Equal(t, doubtful, err)
	made := map[string]any{"stays": 2.0, "releases": 0.0, "crane_operations": 0.0, "companies": []any{"Альфа", "Бета"}, "terminals": []any{"Terminal"}}
	require.Equal(t, made, told["would_make"])
	require.NotContains(t, told, "made")
	require.Equal(t, []any{"Цвет"}, told["ignored_columns"])
	require.Equal(t, []any{map[string]any{"row": 5.0, "of_row": 4.0}}, told["repeated"])
	wrong := told["doubtful"].([]any)
	require.Len(t, wrong, 2)
	require.Equal(t, 3.0, wrong[0].(map[string]any)["row"])
	require.Contains(t, wrong[0].(map[string]any)["text"], "check digit")
	require.Equal(t, []any{"MSKU6011672"}, wrong[1].(map[string]any)["suggestions"])
	require.FileExists(t, c.Rejects)

	var exported bytes.Buffer
	require.NoError(t, yardExportCommand{}.write(t.Context(), db, &exported))
	require.Empty(t, exported.String(), "a dry run records nothing")

	c.DryRun = false
	told, err = imports(t, db, c)
	require.Equal(t, doubtful, err)
	require.Equal(t, made, told["made"])

	told, err = imports(t, db, c)
	require.Equal(t, doubtful, err)
	require.Equal(t, 2.0, told["unchanged"])
	require.Equal(t, 0.0, told["made"].(map[string]any)["stays"])

	require.NoError(t, yardExportCommand{}.write(t.Context(), db, &exported))
	lines := strings.Split(strings.TrimSpace(exported.String()), "\n")
	require.Len(t, lines, 2)
	require.Contains(t, lines[0], `"number":"MSKU6011672"`)

	for _, name := range []string{"all.xlsx", "all.csv"} {
		file := filepath.Join(dir, name)
		require.NoError(t, yardExportCommand{File: file, Lang: "en"}.write(t.Context(), db, io.Discard))
		told, err = imports(t, db, yardImportCommand{File: file})
		require.NoError(t, err, "what is exported is right")
		require.Equal(t, 2.0, told["unchanged"])
	}
}

func TestYardImportRefusals(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "x.csv")
	require.NoError(t, os.WriteFile(file, []byte("just;words\n1;2\n"), 0o600))
	_, err := yardImportCommand{File: file}.read(&imported{}, io.Discard)
	require.EqualError(t, err, "invalid: intake.no_table")

	require.NoError(t, os.Truncate(file, 200<<20)) // a file with a hole: nothing of it is read
	_, err = yardImportCommand{File: file}.read(&imported{}, io.Discard)
	require.EqualError(t, err, "invalid: sheet.too_big")

	db := testDatabase(t)
	require.NoError(t, db.store.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.EnsureTerminal(t.Context(), db.workspace, "Юг", "Asia/Tashkent")
		return err
	}))
	require.NoError(t, os.WriteFile(file, []byte(oldSheet), 0o600))
	c := yardImportCommand{File: file, Terminal: "Север"}
	tables, err := c.read(&imported{}, io.Discard)
	require.NoError(t, err)
	require.EqualError(t, c.take(t.Context(), db, tables, imported{}, io.Discard, io.Discard), "not_found: intake.terminal_unknown")
}

func TestOnlySheetsAreWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "old.csv")
	require.NoError(t, os.WriteFile(file, []byte(oldSheet), 0o600))
	for _, c := range []struct {
		args []string
		fits bool
	}{
		{[]string{"export", "e.pdf"}, false}, {[]string{"export", "e"}, false}, {[]string{"export", "e.xls"}, false}, {[]string{"import", file, "--rejects=w.ods"}, false},
		{[]string{"export", "e.XLSX"}, true}, {[]string{"export", "e.csv"}, true}, {[]string{"export"}, true}, {[]string{"import", file, "--rejects=w.csv"}, true}, {[]string{"import", file}, true},
	} {
		parser, err := kong.New(&commands{}, kong.Exit(func(int) {}))
		require.NoError(t, err)
		_, err = parser.Parse(append([]string{"yard"}, c.args...))
		require.Equal(t, c.fits, err == nil, "%v: %v", c.args, err)
	}
}
