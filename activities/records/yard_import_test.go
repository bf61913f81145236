package records

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/intake"
	"quaydesk/domain/yard"
)

func TestImportingStays(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	at := func(daysAgo int) time.Time { return now().AddDate(0, 0, -daysAgo).Truncate(time.Minute) }
	stays := []yard.Past{
		{Number: box1, Terminal: yard.Named{Name: "West"}, Client: yard.Named{Name: "Tuya Cotton"}, Line: yard.Named{ID: d.line.ID},
			Entered: at(60), Cranes: []time.Time{at(55), at(50)}, Left: at(40),
			Arrival:   yard.Details{SizeType: "22G1", Tonnage: decimal.RequireFromString("21.5"), Place: "A1"},
			Departure: yard.Details{Destination: "Чукурсай"}},
		{Number: box1, Terminal: yard.Named{Name: "west"}, Client: yard.Named{Name: "TUYA COTTON"}, Entered: at(30)},
		{Number: box2, Terminal: yard.Named{ID: d.north.ID}, Client: yard.Named{ID: d.client.ID}, Entered: at(20)},
		{Number: box1, Terminal: yard.Named{Name: "West"}, Client: yard.Named{Name: "Tuya Cotton"}, Entered: at(45), Left: at(35)},
		{Number: "MSKU6011673", Terminal: yard.Named{Name: "West"}, Client: yard.Named{Name: "Tuya Cotton"}, Entered: at(20)},
		{Number: box3, Terminal: yard.Named{ID: 4711}, Client: yard.Named{ID: d.client.ID}, Entered: at(20)},
		{Number: box3, Terminal: yard.Named{ID: d.north.ID}, Client: yard.Named{ID: 4711}, Entered: at(20)},
		{Number: box3, Terminal: yard.Named{ID: d.north.ID}, Entered: at(20)},
		{Number: box3, Terminal: yard.Named{ID: d.north.ID}, Client: yard.Named{ID: d.client.ID}, Entered: at(20), Left: at(21)},
		{Number: box3, Terminal: yard.Named{ID: d.north.ID}, Client: yard.Named{ID: d.client.ID}, Entered: at(-1)},
		{Number: box3, Stay: 4711, Left: at(1)},
	}
	in := StayImport{Workspace: d.workspace, Op: "import:1", Stays: stays}
	first, err := d.r.ImportStays(ctx, in)
	require.NoError(t, err)
	for i, want := range []struct {
		made bool
		key  string
	}{{true, ""}, {true, ""}, {true, ""}, {false, "yardrules.overlaps"}, {false, "container.check_digit"}, {false, "yardrules.terminal_unknown"},
		{false, "yardrules.company_unknown"}, {false, "yardrules.client_missing"}, {false, "yardrules.before_entry"}, {false, "yardrules.future"},
		{false, "yardrules.unknown"}} {
		require.Equal(t, want.made, first[i].Made, i)
		if want.key == "" {
			require.Nil(t, first[i].Fault, i)
		} else {
			require.Equal(t, want.key, first[i].Fault.Text.Key, i)
		}
	}
	unwatched, err := d.r.Unwatched(ctx, Unwatching{Workspace: d.workspace, Limit: 10})
	require.NoError(t, err)
	require.Equal(t, []int64{first[1].Stay, first[2].Stay}, unwatched, "what is over needs no workflow")
	again, err := d.r.ImportStays(ctx, in)
	require.NoError(t, err)
	require.Equal(t, first, again, "the same operation")

	before := snapshot(t, d)
	in.Op = "import:2"
	second, err := d.r.ImportStays(ctx, in)
	require.NoError(t, err)
	for i := range 3 {
		require.Equal(t, ImportedStay{Stay: first[i].Stay}, second[i], "the same stays")
	}
	require.Equal(t, before, snapshot(t, d))

	b := d.box(first[0].Stay)
	require.Equal(t, "West", b.TerminalName)
	require.Equal(t, yard.Out, b.State)
	require.Len(t, b.Done, 4)
	all := d.movements(b.ID)
	require.Len(t, all, 4)
	for _, m := range all {
		require.Equal(t, yard.FromImport, m.Source)
		require.Zero(t, m.By.ID)
	}
	folded, err := yard.Fold(all)
	require.NoError(t, err)
	folded.Workspace = d.workspace
	require.Equal(t, folded, b.Stay)
	require.Len(t, b.Legs, 1)

	in.Op = "import:3"
	in.Stays = []yard.Past{{Number: box1, Entered: at(30), Left: at(10)}, {Stay: first[2].Stay, Number: box2, Cranes: []time.Time{at(5)}}}
	third, err := d.r.ImportStays(ctx, in)
	require.NoError(t, err)
	require.Equal(t, []ImportedStay{{Stay: first[1].Stay, Changed: true}, {Stay: first[2].Stay, Changed: true}}, third)
	require.Equal(t, yard.Out, d.box(first[1].Stay).State)
	_, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{first[2].Stay}})
	require.NoError(t, err, "what was imported is worked on as all others")
}

// What was corrected since is still the same stay to those who import it again.
func TestImportingAgainWhatWasCorrected(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	at := func(daysAgo int) time.Time { return now().AddDate(0, 0, -daysAgo).Truncate(time.Minute) }
	var stays []yard.Past
	for _, n := range made(5) {
		stays = append(stays, yard.Past{Number: n, Terminal: yard.Named{ID: d.north.ID}, Client: yard.Named{ID: d.client.ID}, Entered: at(20),
			Cranes: []time.Time{at(15)}, Left: at(10)})
	}
	first, err := d.r.ImportStays(ctx, StayImport{Workspace: d.workspace, Op: "import:1", Stays: stays})
	require.NoError(t, err)
	correct := func(stay, n int, change func(*yard.Correction)) {
		m := d.movements(first[stay].Stay)[n]
		c := yard.Correction{Movement: m.ID, Reason: "slip", Details: m.Details}
		change(&c)
		_, err := d.r.Correct(ctx, d.turn(vera), c)
		require.NoError(t, err)
	}
	correct(0, 0, func(c *yard.Correction) { c.Number = box1 })
	correct(1, 0, func(c *yard.Correction) { c.At = at(21) })
	correct(2, 0, func(c *yard.Correction) { c.Client, c.ClientName = 0, "Tuya Cotton" })
	correct(3, 2, func(c *yard.Correction) { c.Reverse = true })
	correct(4, 1, func(c *yard.Correction) { c.At = at(14) })
	correct(4, 2, func(c *yard.Correction) { c.At = at(9) })

	before := snapshot(t, d)
	second, err := d.r.ImportStays(ctx, StayImport{Workspace: d.workspace, Op: "import:2", Stays: stays})
	require.NoError(t, err)
	for i := range stays {
		require.Equal(t, ImportedStay{Stay: first[i].Stay}, second[i], "%d: the same stay", i)
	}
	require.Equal(t, before, snapshot(t, d))

	local, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(t, err)
	text := func(t time.Time) string { return t.In(local).Format("02.01.2006 15:04") }
	rows := []intake.Row{{Line: 1, Cells: []string{"Номер контейнера", "Клиент", "Дата разгрузки", "Дата вывоза", "Дата доп. крановой операции"}}}
	for n, s := range stays {
		rows = append(rows, intake.Row{Line: n + 2, Cells: []string{string(s.Number), "Anor Foods", text(s.Entered), text(s.Left), s.Cranes[0].In(local).Format("02.01.2006")}})
	}
	tables, _ := intake.Tables([]intake.Sheet{{Rows: rows}})
	plan, err := PlanIntake(ctx, d.s, Intake{Workspace: d.workspace, Terminal: "North", Tables: tables})
	require.NoError(t, err)
	require.Empty(t, plan.Steps)
	require.Empty(t, plan.Doubts)
	require.Equal(t, len(stays), plan.Unchanged)

	more := []yard.Past{{Stay: first[0].Stay, Number: stays[0].Number, Cranes: []time.Time{at(12)}}}
	third, err := d.r.ImportStays(ctx, StayImport{Workspace: d.workspace, Op: "import:3", Stays: more})
	require.NoError(t, err)
	require.Equal(t, []ImportedStay{{Stay: first[0].Stay, Changed: true}}, third, "what is new is recorded")
}

// Whatever is corrected of what was imported, to import it again changes nothing.
func TestImportingAgainWhateverWasCorrected(t *testing.T) {
	w := newDesks(t)
	rapid.Check(t, func(t *rapid.T) {
		d := w.depot()
		ctx := w.t.Context()
		start := now().AddDate(0, 0, -30).Truncate(time.Minute)
		var stays []yard.Past
		for n, number := range []container.Number{box1, box2, box1} {
			in := start.AddDate(0, 0, 10*n)
			stays = append(stays, yard.Past{Number: number, Terminal: yard.Named{ID: d.north.ID}, Client: yard.Named{ID: d.client.ID}, Entered: in,
				Cranes: []time.Time{in.AddDate(0, 0, 2)}, Left: in.AddDate(0, 0, 5)})
		}
		imports := func() []ImportedStay {
			turn := d.turn(vera)
			out, err := d.r.ImportStays(ctx, StayImport{Workspace: d.workspace, Op: turn.Op, Stays: stays})
			require.NoError(t, err)
			return out
		}
		first := imports()
		for range rapid.IntRange(1, 8).Draw(t, "corrections") {
			all := d.movements(first[rapid.IntRange(0, len(first)-1).Draw(t, "stay")].Stay)
			m := all[rapid.IntRange(0, len(all)-1).Draw(t, "movement")]
			c := yard.Correction{Movement: m.ID, Reason: "slip", Details: m.Details, Reverse: rapid.Bool().Draw(t, "reverse")}
			c.At = m.At.Add(time.Duration(rapid.IntRange(-72, 72).Draw(t, "hours")) * time.Hour)
			if m.Kind == yard.GateIn {
				c.Number = rapid.SampledFrom([]container.Number{box1, box2, box3, box4}).Draw(t, "number")
			}
			if _, err := d.r.Correct(ctx, d.turn(vera), c); err != nil {
				require.NotNil(t, fault.As(err), "%v", err)
			}
		}
		before := snapshot(w.t, d)
		for i, again := range imports() {
			require.Equal(t, ImportedStay{Stay: first[i].Stay}, again)
		}
		require.Equal(t, before, snapshot(w.t, d))
	})
}

func TestWhoMayImport(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	id := func(telegram int64) (id int64) {
		require.NoError(t, d.pool.QueryRow(ctx, `SELECT id FROM people WHERE telegram_id = $1`, telegram).Scan(&id))
		return id
	}
	past := yard.Past{Number: box1, Terminal: yard.Named{ID: d.north.ID}, Client: yard.Named{ID: d.client.ID}, Entered: now().Add(-72 * time.Hour)}
	_, err := d.r.ImportStays(ctx, StayImport{Workspace: d.workspace, Person: id(nadia), Op: "i:1", Stays: []yard.Past{past}})
	refused(t, err, fault.Forbidden, "yardrules.role")
	tashkent, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(t, err)
	d.close(calendar.In(now(), tashkent) - 1)
	out, err := d.r.ImportStays(ctx, StayImport{Workspace: d.workspace, Person: id(tamara), Op: "i:2", Stays: []yard.Past{past}})
	require.NoError(t, err)
	require.Equal(t, "yardrules.closed_day", out[0].Fault.Text.Key)
	out, err = d.r.ImportStays(ctx, StayImport{Workspace: d.workspace, Person: id(vera), Op: "i:3", Stays: []yard.Past{past}})
	require.NoError(t, err)
	require.True(t, out[0].Made)
}

func TestImportsAndDispatchersAtOnce(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	numbers := made(30)
	entered := now().Add(-time.Hour)
	var stays []yard.Past
	for _, n := range numbers {
		stays = append(stays, yard.Past{Number: n, Terminal: yard.Named{ID: d.north.ID}, Client: yard.Named{ID: d.client.ID}, Entered: entered})
	}
	var turns []chat.Turn
	for range numbers {
		turns = append(turns, d.turn(nadia))
	}
	together(len(numbers)+4, func(i int) error {
		if i < 4 {
			_, err := d.r.ImportStays(ctx, StayImport{Workspace: d.workspace, Op: "import:" + string(rune('a'+i)), Stays: stays})
			require.NoError(t, err)
			return nil
		}
		_, err := d.r.GateIn(ctx, turns[i-4], d.arrival(numbers[i-4], time.Time{}))
		return err
	})
	var there, distinct int
	require.NoError(t, d.pool.QueryRow(ctx, `SELECT count(*), count(DISTINCT number) FROM stays WHERE workspace_id = $1`, d.workspace).Scan(&there, &distinct))
	require.Equal(t, len(numbers), there)
	require.Equal(t, len(numbers), distinct)
}
