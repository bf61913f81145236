package records_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/intake"
	"quaydesk/domain/yard"
	"quaydesk/formats/sheet"
	"quaydesk/store"
	"quaydesk/store/storetest"
	"quaydesk/texts"
)

// oldSheet is a sheet as a terminal keeps it: a letterhead, titles with line breaks, dates as dates and as text, the same
// row twice, slips of every sort, on two sheets.
func oldSheet(t *testing.T) []byte {
	f := excelize.NewFile()
	require.NoError(t, f.SetSheetName("Sheet1", "Юг"))
	_, err := f.NewSheet("Север")
	require.NoError(t, err)
	_, err = f.NewSheet("Справка")
	require.NoError(t, err)
	row := func(sheet string, line int, cells ...any) {
		require.NoError(t, f.SetSheetRow(sheet, fmt.Sprintf("A%d", line), &cells))
	}
	head := []any{"№", "Номер\nконтейнера", "Тип", "Клиент", "Собственник\nконтейнера", "Наименование груза", "Дата разгрузки\nна терминале", "Транспорт при завозе",
		"Номер поезда/ машины/ вагона", "Дата вывоза", "Транспорт при вывозе и номер", "Станция назначения", "Место-положение", "Дата доп. крановой операции",
		"Примечание", "Кол-во дней на хранение", "Тоннаж"}
	day := func(d, hour, minute int) time.Time { return time.Date(2026, 10, d, hour, minute, 0, 0, time.UTC) }
	row("Юг", 1, "Терминал «Юг», октябрь 2026")
	require.NoError(t, f.MergeCell("Юг", "A1", "Q1"))
	row("Юг", 3, head...)
	row("Юг", 4, 1, "MSKU 601167-2", "40HC", "Альфа", "MSC", "мебель", day(1, 0, 0), "вагон", 54321098, day(9, 15, 30), "авто 01A777AA", "Чукурсай", "A-1", day(3, 0, 0), "", 9, 24.5)
	row("Юг", 5, 2, "CSQU 305438 4", "", "Альфа", "", "", "1.10.26")
	row("Юг", 6, 3, "CSQU3054383", "20", "Бета", "", "порожний", "02.10.2026 14:30")
	row("Юг", 7, 3, "CSQU3054383", "20", "Бета", "", "порожний", "02.10.2026 14:30")
	row("Юг", 8, 4, "CSQU3054383", "20", "Бета", "", "порожний", "05.10.2026")
	row("Юг", 9, 5, "TOLU4734787", "22G1", "Альфа", "", "", "5 октября 2026", "", "", "04.10.2026")
	row("Север", 1, head...)
	row("Север", 2, 1, "HLXU2008419", "", "Альфа", "", "", 46300)
	require.NoError(t, f.SetCellFormula("Север", "P2", "TODAY()-G2+1"))
	row("Справка", 1, "20 — двадцатифутовый")
	var file bytes.Buffer
	require.NoError(t, f.Write(&file))
	return file.Bytes()
}

// yardHouse is an empty workspace.
type yardHouse struct {
	*testing.T
	store     *store.Store
	records   *records.Records
	workspace int64
}

func newYardHouse(t *testing.T) yardHouse {
	db := store.New(storetest.New(t))
	workspace, err := db.EnsureWorkspace(t.Context(), "Quaydesk", "Asia/Tashkent")
	require.NoError(t, err)
	return yardHouse{t, db, records.New(db, texts.New()), workspace}
}

// take plans a file and carries the plan out.
func (h yardHouse) take(file []byte) intake.Plan {
	sheets, err := sheet.Read(bytes.NewReader(file), int64(len(file)), nil)
	require.NoError(h, err)
	tables, _ := intake.Tables(sheets)
	plan, err := records.PlanIntake(h.Context(), h.store, records.Intake{Workspace: h.workspace, Tables: tables})
	require.NoError(h, err)
	require.NoError(h, records.CarryOut(h.Context(), h.records, h.workspace, 0, &plan, func(int) {}))
	return plan
}

func (h yardHouse) stays() (all []yard.Box) {
	require.NoError(h, records.EachStay(context.Background(), h.records, h.workspace, func(b yard.Box) error {
		all = append(all, b)
		return nil
	}))
	return all
}

func TestTheOldSheetComesIn(t *testing.T) {
	h := newYardHouse(t)
	require.NoError(t, h.store.Tx(t.Context(), func(tx *store.Tx) error {
		for _, name := range []string{"Юг", "Север"} {
			if _, err := tx.EnsureTerminal(t.Context(), h.workspace, name, "Asia/Tashkent"); err != nil {
				return err
			}
		}
		return nil
	}))
	file := oldSheet(t)
	plan := h.take(file)
	var doubtful []string
	for _, d := range plan.Doubts {
		doubtful = append(doubtful, fmt.Sprintf("%s %d %s", d.Sheet, d.Row, d.Reason))
	}
	require.Equal(t, []string{"Юг 5 number", "Юг 8 overlap", "Юг 9 exit_before_entry"}, doubtful)
	require.Equal(t, []intake.Repeat{{Where: intake.Where{Sheet: "Юг", Row: 7}, Of: intake.Where{Sheet: "Юг", Row: 6}}}, plan.Repeats)
	require.Len(t, plan.Steps, 3)

	stays := h.stays()
	require.Len(t, stays, 3)
	first := stays[0]
	require.Equal(t, "MSKU6011672", string(first.Number))
	require.Equal(t, "45G1", string(first.SizeType))
	require.Equal(t, []string{"Юг", "Альфа", "MSC"}, []string{first.TerminalName, first.ClientName, first.LineName})
	require.Equal(t, yard.Out, first.State)
	require.Equal(t, time.Date(2026, 9, 30, 19, 0, 0, 0, time.UTC), first.Entered.UTC())
	require.Equal(t, time.Date(2026, 10, 9, 10, 30, 0, 0, time.UTC), first.Left.UTC())
	require.Equal(t, 9, first.Days)
	require.Equal(t, yard.Crane, first.Done[1].Operation)
	require.Equal(t, "Север", stays[2].TerminalName)

	again := h.take(file)
	require.Empty(t, again.Steps)
	require.Equal(t, 3, again.Unchanged)
	require.Len(t, again.Doubts, 3)
	require.Equal(t, stays, h.stays())
}

func TestWhatIsExportedIsThereAlready(t *testing.T) {
	h := newYardHouse(t)
	h.take(oldSheet(t))
	stays := h.stays()
	for lang, write := range map[string]func(*bytes.Buffer, sheet.Table) error{
		"ru": func(b *bytes.Buffer, s sheet.Table) error { return sheet.WriteXLSX(b, s) },
		"en": func(b *bytes.Buffer, s sheet.Table) error { return sheet.WriteCSV(b, s) },
	} {
		table, err := records.ExportStays(t.Context(), h.records, h.workspace, lang)
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, write(&file, table))

		plan := h.take(file.Bytes())
		require.Empty(t, plan.Doubts, lang)
		require.Empty(t, plan.Steps, lang)
		require.Equal(t, len(stays), plan.Unchanged, lang)

		other := newYardHouse(t)
		plan = other.take(file.Bytes())
		require.Empty(t, plan.Doubts, lang)
		copied := other.stays()
		require.Len(t, copied, len(stays))
		for i, want := range stays {
			got := copied[i]
			require.Equal(t, []any{want.Number, want.SizeType, want.Load, want.Entered, want.Left, want.ClientName, want.LineName, want.Done},
				[]any{got.Number, got.SizeType, got.Load, got.Entered, got.Left, got.ClientName, got.LineName, got.Done})
		}
	}
}

func TestRejectsComeInWhenMended(t *testing.T) {
	h := newYardHouse(t)
	plan := h.take(oldSheet(t))
	require.Len(t, plan.Rejected, 3)
	say := func(text chat.Text) string { return texts.New().Label("ru", time.UTC, text) }
	tables := sheet.Rejects(plan.Rejected, say)
	require.Len(t, tables, 1)
	rows := slices.Collect(tables[0].Rows)
	require.Contains(t, rows[2][0], "Вывезен раньше")
	require.Equal(t, 9, rows[2][1])

	rows[2][slices.IndexFunc(tables[0].Columns, func(c sheet.Column) bool { return c.Title == "Дата вывоза" })] = "06.10.2026"
	tables[0].Rows = slices.Values(rows)
	var file bytes.Buffer
	require.NoError(t, sheet.WriteXLSX(&file, tables...))
	plan = h.take(file.Bytes())
	require.Len(t, plan.Steps, 1)
	require.Len(t, plan.Doubts, 2)
}

// TestSecondsSurviveAnExport: a crane operation in the minute of the entry is still one after it.
func TestSecondsSurviveAnExport(t *testing.T) {
	h, other := newYardHouse(t), newYardHouse(t)
	h.take([]byte("Номер контейнера;Клиент;Дата разгрузки;Дата вывоза;Дата доп. крановой операции\n" +
		"MSKU6011672;Альфа;01.10.2026 10:00:40;02.10.2026 10:00:41;01.10.2026 10:00:50\n"))
	table, err := records.ExportStays(t.Context(), h.records, h.workspace, "ru")
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, sheet.WriteCSV(&file, table))
	require.Empty(t, other.take(file.Bytes()).Doubts)
	want, got := h.stays(), other.stays()
	require.Len(t, got, 1)
	require.Equal(t, []any{want[0].Entered, want[0].Left, want[0].Done, want[0].Days}, []any{got[0].Entered, got[0].Left, got[0].Done, got[0].Days})
}
