package intake_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	. "quaydesk/domain/intake"
	"quaydesk/domain/yard"
)

var (
	tashkent = time.FixedZone("Asia/Tashkent", 5*60*60)
	now      = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
)

// day is the beginning of a day of November 2026 in Tashkent.
func day(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, tashkent).UTC() }

// known is a workspace with a terminal and two clients.
func known(stays ...yard.Stay) Known {
	k := Known{
		Now: now, Zone: tashkent,
		Terminals: []yard.Terminal{{ID: 1, Name: "Юг", Zone: "Asia/Tashkent"}},
		Companies: []yard.Company{{ID: 10, Name: "Альфа Логистик"}, {ID: 11, Name: "MSC"}},
		Stays:     map[container.Number][]yard.Stay{},
	}
	for _, s := range stays {
		k.Stays[s.Number] = append(k.Stays[s.Number], s)
	}
	return k
}

var short = []string{"№", "Номер контейнера", "Клиент", "Дата разгрузки", "Дата вывоза", "Дата доп. крановой операции"}

// plan plans a sheet of the short columns; the first line is 2.
func plan(t require.TestingT, k Known, lines ...[]string) Plan {
	tables, without := Tables([]Sheet{{Name: "Лист1", Rows: rows(append([][]string{short}, lines...)...)}})
	require.Empty(t, without)
	return Make(tables, k)
}

// doubts are the rows and reasons of a plan's doubts.
func doubts(p Plan) []string {
	var all []string
	for _, d := range p.Doubts {
		all = append(all, fmt.Sprintf("%d %s %s", d.Row, d.Column, d.Reason))
	}
	return all
}

func TestAWholeRow(t *testing.T) {
	head := []string{}
	for _, c := range Usual {
		head = append(head, c.Title("ru"))
	}
	tables, _ := Tables([]Sheet{{Name: "Ноябрь", Rows: rows(head, []string{"1", "мску 601167-2", "40HC", "альфа логистик", "MSC", "мебель", "05.11.2026 14:30", "вагон",
		"54321098", "46340", "авто 01A777AA", "Тошкент-Товарная", "A-12-3", "06.11.2026; 07.11.2026 10:00", "осторожно", "11", "24,5"})}})
	p := Make(tables, known())
	require.Empty(t, p.Doubts)
	require.Len(t, p.Steps, 1)
	s := p.Steps[0]
	require.Equal(t, Where{"Ноябрь", 2}, s.Where)
	require.Equal(t, container.Number("MSKU6011672"), s.Number)
	require.Equal(t, []yard.Named{{ID: 1}, {ID: 10}, {ID: 11}}, []yard.Named{s.Terminal, s.Client, s.Line})
	require.Equal(t, day(5).Add(14*time.Hour+30*time.Minute), s.Entered)
	require.Equal(t, day(14), s.Left)
	require.Equal(t, []time.Time{day(6), day(7).Add(10 * time.Hour)}, s.Cranes)
	require.Equal(t, yard.Details{Number: "MSKU6011672", Typed: "мску 601167-2", SizeType: "45G1", Load: container.Laden, Cargo: "мебель", Place: "A-12-3",
		Remarks: "осторожно", Transport: yard.Transport{Mode: yard.Wagon, Number: "54321098"}, Tonnage: s.Arrival.Tonnage}, s.Arrival)
	require.Equal(t, "24.5", s.Arrival.Tonnage.String())
	require.Equal(t, yard.Details{Transport: yard.Transport{Mode: yard.Truck, Number: "01A777AA"}, Destination: "Тошкент-Товарная"}, s.Departure)
	require.Empty(t, p.Companies)
}

func TestLadenOrEmpty(t *testing.T) {
	for _, c := range []struct {
		cargo, tonnage string
		load           container.Load
		kept           string
	}{
		{"порожний", "", container.Empty, ""}, {"Пустой", "", container.Empty, ""}, {"empty", "2,2", container.Empty, ""},
		{"мебель", "", container.Laden, "мебель"}, {"", "24", container.Laden, ""}, {"", "", "", ""}, {"", "0", "", ""}, {"груз", "", container.Laden, ""},
	} {
		tables, _ := Tables([]Sheet{{Rows: rows([]string{"Контейнер", "Клиент", "Дата", "Груз", "Тоннаж"}, []string{"MSKU6011672", "MSC", "05.11.2026", c.cargo, c.tonnage})}})
		p := Make(tables, known())
		require.Empty(t, p.Doubts, c)
		require.Equal(t, c.load, p.Steps[0].Arrival.Load, c)
		require.Equal(t, c.kept, p.Steps[0].Arrival.Cargo, c)
	}
}

func TestTypeAndLengthInTwoColumns(t *testing.T) {
	for _, c := range []struct {
		size, kind string
		want       container.SizeType
		doubtful   bool
	}{
		{"40", "HC", "45G1", false}, {"20", "DC", "22G1", false}, {"40", "реф", "42R1", false}, {"40", "", "40", false}, {"", "45G1", "45G1", false},
		{"40", "45G1", "45G1", false}, {"", "", "", false}, {"", "HC", "", true}, {"40", "чудо", "", true},
	} {
		tables, _ := Tables([]Sheet{{Rows: rows([]string{"Контейнер", "Клиент", "Дата", "Размер", "Тип"}, []string{"MSKU6011672", "MSC", "05.11.2026", c.size, c.kind})}})
		p := Make(tables, known())
		if c.doubtful {
			require.Equal(t, []string{"2 type type"}, doubts(p), c)
			continue
		}
		require.Empty(t, p.Doubts, c)
		require.Equal(t, c.want, p.Steps[0].Arrival.SizeType, c)
	}
}

func TestDoubts(t *testing.T) {
	const a, b = "MSKU6011672", "CSQU3054383"
	for name, c := range map[string]struct {
		lines [][]string
		want  []string
		steps int
	}{
		"wrong numbers": {lines: [][]string{
			{"1", "CSQU3054384", "MSC", "05.11.2026"}, {"2", "MSKU601167", "MSC", "05.11.2026"}, {"3", "TBJA7176445", "MSC", "05.11.2026"}, {"4", "", "MSC", "05.11.2026"},
		}, want: []string{"2 number number", "3 number number", "4 number number", "5 number number_missing"}},
		"wrong days": {lines: [][]string{
			{"1", a, "MSC", "скоро"}, {"2", a, "MSC", ""}, {"3", a, "MSC", "22.11.2026"}, {"4", a, "MSC", "05.11.2026", "04.11.2026"}, {"5", a, "MSC", "05.11.2026", "25.11.2026"},
			{"6", a, "MSC", "05.11.2026", "31.11.2026"}, {"7", b, "MSC", "05.11.2026", "08.11.2026", "04.11.2026, 09.11.2026"},
		}, want: []string{"2 entered date", "3 entered entry_missing", "4 entered future", "5 left exit_before_entry", "6 left future", "7 left date",
			"8 cranes crane_outside", "8 cranes crane_outside"}},
		"clients": {lines: [][]string{{"1", a, "", "05.11.2026"}, {"2", a, "Альфа Логистк", "05.11.2026"}, {"3", a, "Никто", "05.11.2026"}},
			want: []string{"2 client client_missing", "3 client client_unknown", "4 client client_unknown"}},
		"in without out twice": {lines: [][]string{{"1", a, "MSC", "05.11.2026"}, {"2", a, "MSC", "09.11.2026"}},
			want: []string{"3 entered overlap"}, steps: 1},
		"the order of rows does not matter": {lines: [][]string{{"1", a, "MSC", "09.11.2026"}, {"2", a, "MSC", "05.11.2026"}},
			want: []string{"2 entered overlap"}, steps: 1},
		"overlapping": {lines: [][]string{{"1", a, "MSC", "05.11.2026", "09.11.2026"}, {"2", a, "MSC", "08.11.2026", "12.11.2026"}},
			want: []string{"3 entered overlap"}, steps: 1},
		"one after the other":                      {lines: [][]string{{"1", a, "MSC", "05.11.2026", "09.11.2026"}, {"2", a, "MSC", "09.11.2026", "12.11.2026"}, {"3", a, "MSC", "12.11.2026 18:00"}}, steps: 3},
		"out and in on one day, one with its time": {lines: [][]string{{"1", a, "MSC", "05.11.2026", "09.11.2026 15:00"}, {"2", a, "MSC", "09.11.2026", "09.11.2026"}}, steps: 2},
		"in and out on one day":                    {lines: [][]string{{"1", a, "MSC", "05.11.2026 14:00", "05.11.2026"}}, steps: 1},
		"another exit of the same stay": {lines: [][]string{{"1", a, "MSC", "05.11.2026", "09.11.2026"}, {"2", a, "MSC", "05.11.2026"}},
			want: []string{"3 left differs"}, steps: 1},
		"no boxes": {lines: [][]string{{"1"}, {"", "Номер контейнера", "Клиент"}, {"", "", "", "Итого:", "2"}}},
		"a doubtful row hides no other": {lines: [][]string{{"1", a, "Никто", "05.11.2026"}, {"2", a, "MSC", "05.11.2026"}},
			want: []string{"2 client client_unknown"}, steps: 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := plan(t, known(), c.lines...)
			require.Equal(t, c.want, doubts(p))
			require.Len(t, p.Steps, c.steps)
			require.Empty(t, p.Repeats)
		})
	}
}

func TestSuggestions(t *testing.T) {
	p := plan(t, known(), []string{"1", "MSKU6O11672", "MSC", "05.11.2026"}, []string{"2", "MSKU6011673", "MSC", "05.11.2026"}, []string{"3", "MSKU6011672", "Альфа Логистк", "05.11.2026"})
	require.Equal(t, []string{"MSKU6011672"}, p.Doubts[0].Suggestions)
	require.Empty(t, p.Doubts[1].Suggestions, "never the expected check digit")
	require.Equal(t, []string{"Альфа Логистик"}, p.Doubts[2].Suggestions)
	require.Equal(t, "Номер контейнера", p.Doubts[0].Title)
	require.Len(t, p.Rejected, 3)
}

func TestTheSameRowTwice(t *testing.T) {
	row := []string{"1", "MSKU6011672", "MSC", "05.11.2026", "09.11.2026"}
	p := plan(t, known(), row, row, []string{"2", "msku 6011672", "MSC", "05.11.2026 10:00", "09.11.2026 10:00"})
	require.Empty(t, p.Doubts)
	require.Len(t, p.Steps, 1)
	require.Equal(t, []Repeat{{Where{"Лист1", 3}, Where{"Лист1", 2}}, {Where{"Лист1", 4}, Where{"Лист1", 2}}}, p.Repeats)
}

// The row with the exit completes the one without.
func TestARowAgainWithItsExit(t *testing.T) {
	const n = "MSKU6011672"
	in := []string{"1", n, "MSC", "05.11.2026 10:00", "", "06.11.2026"}
	out := []string{"2", n, "MSC", "05.11.2026", "09.11.2026", "07.11.2026"}
	p := plan(t, known(), in, out)
	require.Empty(t, p.Doubts)
	require.Equal(t, []Repeat{{Where{"Лист1", 2}, Where{"Лист1", 3}}}, p.Repeats)
	require.Len(t, p.Steps, 1)
	want := yard.Past{Entered: day(5).Add(10 * time.Hour), Cranes: []time.Time{day(7), day(6)}, Left: day(9)}
	require.Equal(t, want, yard.Past{Entered: p.Steps[0].Entered, Cranes: p.Steps[0].Cranes, Left: p.Steps[0].Left})

	k := carryOut(p, known())
	p = plan(t, k, in, out)
	require.Empty(t, p.Doubts)
	require.Empty(t, p.Steps)

	require.Equal(t, []string{"2 left differs"}, doubts(plan(t, known(), in, []string{"2", n, "MSC", "05.11.2026", "05.11.2026 09:00"})), "that is before the entry")
	require.Equal(t, []string{"3 left differs"}, doubts(plan(t, known(), in, out, []string{"3", n, "MSC", "05.11.2026", "10.11.2026"})))
	require.Equal(t, []string{"2 client differs"}, doubts(plan(t, known(), in, []string{"2", n, "Альфа Логистик", "05.11.2026", "09.11.2026"})))
}

// What a row says against the record is told, unless that was corrected since.
func TestAnotherClientTypeOrLoad(t *testing.T) {
	const n = container.Number("MSKU6011672")
	stay := yard.Stay{ID: 7, Number: n, State: yard.In, Terminal: 1, Origin: 1, Entered: day(5), Client: 10, SizeType: "45G1", Load: container.Laden}
	bare := stay
	bare.Client, bare.SizeType, bare.Load = 10, "", ""
	short := stay
	short.SizeType = "40"
	void := stay
	void.State = yard.Void
	was := yard.Movement{Stay: 7, Kind: yard.GateIn, At: day(5), Details: yard.Details{Number: n, Client: 11, SizeType: "22G1", Load: container.Empty}}
	for name, c := range map[string]struct {
		stay               yard.Stay
		gone               []yard.Movement
		client, kind, load string
		want               []string
	}{
		"the same":                    {stay, nil, "альфа логистик", "40HC", "груж.", nil},
		"another client":              {stay, nil, "MSC", "40HC", "", []string{"2 client differs"}},
		"another type":                {stay, nil, "Альфа Логистик", "40DC", "", []string{"2 type differs"}},
		"another length":              {stay, nil, "Альфа Логистик", "20", "", []string{"2 type differs"}},
		"a type that says less":       {stay, nil, "Альфа Логистик", "40", "", nil},
		"a type that says more":       {short, nil, "Альфа Логистик", "40HC", "", nil},
		"another code for the same":   {stay, nil, "Альфа Логистик", "45G0", "", nil},
		"another load":                {stay, nil, "Альфа Логистик", "", "пор.", []string{"2 load differs"}},
		"everything":                  {stay, nil, "MSC", "20DC", "E", []string{"2 client differs", "2 type differs", "2 load differs"}},
		"what was corrected since":    {stay, []yard.Movement{was}, "MSC", "20DC", "E", nil},
		"what was corrected, and not": {stay, []yard.Movement{was}, "MSC", "20RF", "E", []string{"2 type differs"}},
		"nothing was recorded of it":  {bare, nil, "Альфа Логистик", "40HC", "F", nil},
		"taken back":                  {void, nil, "MSC", "20DC", "E", nil},
	} {
		t.Run(name, func(t *testing.T) {
			k := known(c.stay)
			k.Corrected = c.gone
			row := []string{string(n), c.client, "05.11.2026", c.kind, c.load}
			tables, _ := Tables([]Sheet{{Name: "Лист1", Rows: rows([]string{"Контейнер", "Клиент", "Дата", "Тип", "Груж/порож"}, row)}})
			p := Make(tables, k)
			require.Equal(t, c.want, doubts(p))
			require.Empty(t, p.Steps)
			require.Equal(t, map[bool]int{true: 1}[c.want == nil], p.Unchanged)
		})
	}
	k := known(stay)
	k.NewClients = true
	p := plan(t, k, []string{"1", string(n), "Бета", "05.11.2026"})
	require.Equal(t, []string{"2 client differs"}, doubts(p))
	require.Empty(t, p.Companies)
	tables, _ := Tables([]Sheet{{Rows: rows([]string{"Контейнер", "Клиент", "Дата", "Груз"}, []string{string(n), "Альфа Логистик", "05.11.2026", "порожний"})}})
	require.Equal(t, []string{"2 cargo differs"}, doubts(Make(tables, known(stay))))
}

func TestAgainstWhatIsRecorded(t *testing.T) {
	const n = container.Number("MSKU6011672")
	open := yard.Stay{ID: 7, Number: n, State: yard.In, Terminal: 1, Origin: 1, Entered: day(5).Add(14 * time.Hour)}
	out := open
	out.State, out.Left = yard.Out, day(9).Add(9*time.Hour)
	void := open
	void.State = yard.Void
	transit := open
	transit.State = yard.InTransit
	craned := open
	craned.Done = []yard.Handled{{Operation: yard.Crane, At: day(6).Add(8 * time.Hour)}}
	for name, c := range map[string]struct {
		stay      yard.Stay
		row       []string
		want      []string
		unchanged int
		steps     []yard.Past
	}{
		"the same":                       {open, []string{"05.11.2026", ""}, nil, 1, nil},
		"the same, with its time":        {open, []string{"05.11.2026 14:00", ""}, nil, 1, nil},
		"another time on that day":       {open, []string{"05.11.2026 15:00", ""}, []string{"2 entered overlap"}, 0, nil},
		"a release":                      {open, []string{"05.11.2026", "08.11.2026"}, nil, 0, []yard.Past{{Stay: 7, Entered: open.Entered, Left: day(8)}}},
		"a release on the same day":      {open, []string{"05.11.2026", "05.11.2026"}, nil, 0, []yard.Past{{Stay: 7, Entered: open.Entered, Left: open.Entered}}},
		"an operation":                   {open, []string{"05.11.2026", "", "06.11.2026"}, nil, 0, []yard.Past{{Stay: 7, Entered: open.Entered, Cranes: []time.Time{day(6)}}}},
		"an operation that is recorded":  {craned, []string{"05.11.2026", "", "06.11.2026"}, nil, 1, nil},
		"left":                           {out, []string{"05.11.2026", "09.11.2026"}, nil, 1, nil},
		"left, which the sheet lacks":    {out, []string{"05.11.2026", ""}, nil, 1, nil},
		"left on another day":            {out, []string{"05.11.2026", "10.11.2026"}, []string{"2 left differs"}, 0, nil},
		"taken back":                     {void, []string{"05.11.2026", "10.11.2026"}, nil, 1, nil},
		"in transit":                     {transit, []string{"05.11.2026", ""}, nil, 1, nil},
		"in transit, and left":           {transit, []string{"05.11.2026", "10.11.2026"}, []string{"2 left differs"}, 0, nil},
		"in while it is in":              {open, []string{"08.11.2026", ""}, []string{"2 entered overlap"}, 0, nil},
		"in before it came in":           {open, []string{"03.11.2026", ""}, []string{"2 entered overlap"}, 0, nil},
		"a stay before":                  {open, []string{"01.11.2026", "04.11.2026"}, nil, 0, []yard.Past{{Entered: day(1), Left: day(4)}}},
		"a stay after":                   {out, []string{"10.11.2026", ""}, nil, 0, []yard.Past{{Entered: day(10)}}},
		"a stay after, on the same day":  {out, []string{"09.11.2026", ""}, nil, 0, []yard.Past{{Entered: out.Left}}},
		"a stay within":                  {out, []string{"06.11.2026", "07.11.2026"}, []string{"2 entered overlap"}, 0, nil},
		"a stay instead of the reversed": {void, []string{"06.11.2026", ""}, nil, 0, []yard.Past{{Entered: day(6)}}},
	} {
		t.Run(name, func(t *testing.T) {
			p := plan(t, known(c.stay), append([]string{"1", string(n), "MSC"}, c.row...))
			require.Equal(t, c.want, doubts(p))
			require.Equal(t, c.unchanged, p.Unchanged)
			require.Len(t, p.Steps, len(c.steps))
			for i, s := range p.Steps {
				require.Equal(t, c.steps[i], yard.Past{Stay: s.Stay, Entered: s.Entered, Left: s.Left, Cranes: s.Cranes})
			}
		})
	}
}

func TestClientsOfAnEmptyWorkspaceAreMade(t *testing.T) {
	k := Known{Now: now, Zone: tashkent}
	numbers := []string{"MSKU6011672", "CSQU3054383", "TOLU4734787", "HLXU2008419", "TEMU1002030", "DFSU1704420"}
	clients := []string{"Альфа Логистк", "Альфа Логистик", "ООО «Альфа Логистик»", "Альфа Логистик", "Клиент 1", "Клиент 2"}
	var lines [][]string
	for i := range numbers {
		lines = append(lines, []string{"", numbers[i], clients[i], "05.11.2026"})
	}
	p := plan(t, k, lines...)
	require.Equal(t, []string{"2 client company_similar", "4 client company_similar"}, doubts(p))
	require.Equal(t, []string{"Альфа Логистик"}, p.Doubts[0].Suggestions)
	require.Equal(t, []string{"Альфа Логистик", "Клиент 1", "Клиент 2"}, p.Companies)
	require.Equal(t, []string{FirstTerminal}, p.Terminals)
	require.Equal(t, yard.Named{Name: "Клиент 2"}, p.Steps[3].Client)
}

func TestNewClientsAreMadeWhenAskedFor(t *testing.T) {
	k := known()
	k.NewClients = true
	p := plan(t, k, []string{"", "MSKU6011672", "Бета", "05.11.2026"}, []string{"", "CSQU3054383", "альфа-логистик", "05.11.2026"}, []string{"", "TOLU4734787", "Альфа Логистика", "05.11.2026"})
	require.Equal(t, []string{"4 client company_similar"}, doubts(p))
	require.Equal(t, []string{"Бета"}, p.Companies)
	require.Equal(t, yard.Named{ID: 10}, p.Steps[1].Client)
}

func TestTerminals(t *testing.T) {
	south, north := yard.Terminal{ID: 1, Name: "Юг", Zone: "Asia/Tashkent"}, yard.Terminal{ID: 2, Name: "Север", Zone: "Europe/Moscow"}
	row := []string{"MSKU6011672", "MSC", "05.11.2026", ""}
	for name, c := range map[string]struct {
		sheet, cell, asked string
		terminals          []yard.Terminal
		want               yard.Named
		entered            time.Time
		doubtful           bool
	}{
		"the only one":        {terminals: []yard.Terminal{south}, want: yard.Named{ID: 1}, entered: day(5)},
		"the sheet's name":    {sheet: "север", terminals: []yard.Terminal{south, north}, want: yard.Named{ID: 2}, entered: day(5).Add(2 * time.Hour)},
		"the one asked for":   {sheet: "север", asked: "юг", terminals: []yard.Terminal{south, north}, want: yard.Named{ID: 1}, entered: day(5)},
		"the row's own":       {sheet: "север", cell: "Юг", terminals: []yard.Terminal{south, north}, want: yard.Named{ID: 1}, entered: day(5)},
		"none is named":       {terminals: []yard.Terminal{south, north}, doubtful: true},
		"an unknown one":      {cell: "Запад", terminals: []yard.Terminal{south, north}, doubtful: true},
		"the first of all":    {want: yard.Named{Name: FirstTerminal}, entered: day(5)},
		"the first, by name":  {asked: "Юг", want: yard.Named{Name: "Юг"}, entered: day(5)},
		"several of no house": {cell: "Запад", want: yard.Named{Name: "Запад"}, entered: day(5)},
	} {
		t.Run(name, func(t *testing.T) {
			k := known()
			k.Terminals, k.Terminal = c.terminals, c.asked
			row[3] = c.cell
			tables, _ := Tables([]Sheet{{Name: c.sheet, Rows: rows([]string{"Контейнер", "Клиент", "Дата", "Терминал"}, row)}})
			p := Make(tables, k)
			if c.doubtful {
				require.Equal(t, []string{"2 terminal terminal_unknown"}, doubts(p))
				require.NoError(t, k.AnyTerminal(tables), "the rows have a column for it")
				tables, _ := Tables([]Sheet{{Rows: rows(short)}})
				require.Error(t, k.AnyTerminal(tables))
				return
			}
			require.NoError(t, k.AnyTerminal(tables))
			require.Empty(t, p.Doubts)
			require.Equal(t, c.want, p.Steps[0].Terminal)
			require.Equal(t, c.entered, p.Steps[0].Entered)
		})
	}
}

// TestTerminalsOfSheets imports files of several sheets, and again when that has made terminals.
func TestTerminalsOfSheets(t *testing.T) {
	numbers := []string{"MSKU6011672", "CSQU3054383", "TOLU4734787"}
	south, north := yard.Terminal{ID: 1, Name: "ULS", Zone: "Asia/Tashkent"}, yard.Terminal{ID: 2, Name: "Сергели", Zone: "Asia/Tashkent"}
	for name, c := range map[string]struct {
		sheets    []string
		asked     string
		terminals []yard.Terminal
		want      []string // by sheet; "": doubtful
		refused   string
	}{
		"called by terminals":         {sheets: []string{"ULS", "Сергели"}, want: []string{"ULS", "Сергели"}},
		"that are there":              {sheets: []string{"uls", "Сергели"}, terminals: []yard.Terminal{south, north}, want: []string{"ULS", "Сергели"}},
		"of which one is there":       {sheets: []string{"ULS", "Сергели"}, terminals: []yard.Terminal{south}, want: []string{"ULS", ""}},
		"one sheet":                   {sheets: []string{"Сергели"}, want: []string{"Сергели"}},
		"one of another terminal":     {sheets: []string{"Сергели"}, terminals: []yard.Terminal{south}, want: []string{""}, refused: "intake.terminal_of_sheet"},
		"one, a terminal is named":    {sheets: []string{"Сергели"}, asked: "uls", terminals: []yard.Terminal{south}, want: []string{"ULS"}},
		"one of no name":              {sheets: []string{"Sheet1"}, want: []string{FirstTerminal}},
		"one of no name, again":       {sheets: []string{"Лист 1"}, terminals: []yard.Terminal{south}, want: []string{"ULS"}},
		"one of no name, which is it": {sheets: []string{"containers"}, terminals: []yard.Terminal{south, north}, want: []string{""}, refused: "intake.terminal_missing"},
		"a month":                     {sheets: []string{"Ноябрь 2026 г."}, want: []string{FirstTerminal}},
		"months":                      {sheets: []string{"Октябрь", "Nov 2026"}, terminals: []yard.Terminal{south}, want: []string{"ULS", "ULS"}},
		"no names":                    {sheets: []string{"Sheet1", "Лист2"}, want: []string{"", ""}, refused: "intake.terminal_of_sheets"},
		"no names, one is asked for":  {sheets: []string{"Sheet1", "Лист2"}, asked: "ULS", want: []string{"ULS", "ULS"}},
		"a name and none":             {sheets: []string{"ULS", "Лист2"}, want: []string{"ULS", ""}},
		"a name and none, again":      {sheets: []string{"ULS", "Лист2"}, terminals: []yard.Terminal{south}, want: []string{"ULS", ""}},
		"the name is a default one's": {sheets: []string{"Terminal"}, terminals: []yard.Terminal{{ID: 1, Name: FirstTerminal, Zone: "UTC"}}, want: []string{FirstTerminal}},
	} {
		t.Run(name, func(t *testing.T) {
			k := known()
			k.Terminals, k.Terminal = c.terminals, c.asked
			var sheets []Sheet
			for i, name := range c.sheets {
				sheets = append(sheets, Sheet{Name: name, Rows: rows(short, []string{"1", numbers[i], "MSC", "05.11.2026"})})
			}
			tables, _ := Tables(sheets)
			if err := k.AnyTerminal(tables); c.refused != "" {
				require.Equal(t, c.refused, fault.As(err).Text.Key)
			} else {
				require.NoError(t, err)
			}
			p := Make(tables, k)
			got := map[string]string{}
			for _, s := range p.Steps {
				got[s.Sheet] = s.Terminal.Name
				for _, at := range c.terminals {
					if at.ID == s.Terminal.ID {
						got[s.Sheet] = at.Name
					}
				}
			}
			for i, name := range c.sheets {
				require.Equal(t, c.want[i], got[name], name)
			}
			for _, d := range p.Doubts {
				require.Equal(t, UnknownTerminal, d.Reason)
			}
		})
	}
}

// carryOut is what records make of a plan.
func carryOut(p Plan, k Known) Known {
	id := int64(1000)
	for _, s := range p.Steps {
		stay := yard.Stay{ID: id, Number: s.Number, State: yard.In, Terminal: 1, Origin: 1, Entered: s.Entered}
		at := -1
		if s.Stay != 0 {
			at = slices.IndexFunc(k.Stays[s.Number], func(x yard.Stay) bool { return x.ID == s.Stay })
			stay = k.Stays[s.Number][at]
		}
		for _, c := range s.Cranes {
			stay.Done = append(stay.Done, yard.Handled{Operation: yard.Crane, At: c})
		}
		if !s.Left.IsZero() {
			stay.State, stay.Left = yard.Out, s.Left
		}
		if at >= 0 {
			k.Stays[s.Number][at] = stay
		} else {
			k.Stays[s.Number] = append(k.Stays[s.Number], stay)
		}
		id++
	}
	return k
}

// TestRunningItAgainChangesNothing draws sheets full of slips.
func TestRunningItAgainChangesNothing(t *testing.T) {
	moment := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"", "%02d.11.2026", "%02d.11.2026", "%02d.11.2026 10:00", "%02d.11.2026 18:30"}).Draw(t, "layout")
	})
	draw := func(t *rapid.T, label string) string {
		layout := moment.Draw(t, label)
		if layout == "" {
			return ""
		}
		return fmt.Sprintf(layout, rapid.IntRange(1, 12).Draw(t, label+" day"))
	}
	rapid.Check(t, func(t *rapid.T) {
		var lines [][]string
		for range rapid.IntRange(1, 12).Draw(t, "rows") {
			lines = append(lines, []string{"", rapid.SampledFrom([]string{"MSKU6011672", "CSQU3054383", "CSQU3054384"}).Draw(t, "number"),
				"MSC", draw(t, "in"), draw(t, "out"), draw(t, "crane")})
		}
		k := known()
		first := plan(t, k, lines...)
		rejected := map[int]bool{}
		for _, d := range first.Doubts {
			rejected[d.Row] = true
		}
		require.Equal(t, len(lines), len(first.Steps)+len(first.Repeats)+first.Unchanged+len(rejected), "each row is accounted for")
		k = carryOut(first, k)
		for _, stays := range k.Stays {
			slices.SortFunc(stays, func(a, b yard.Stay) int { return a.Entered.Compare(b.Entered) })
			for i, s := range stays[1:] {
				require.False(t, stays[i].Left.IsZero() || stays[i].Left.After(s.Entered), "stays of one box overlap")
			}
		}
		second := plan(t, k, lines...)
		require.Empty(t, second.Steps)
	})
}
