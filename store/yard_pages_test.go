package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/store/storetest"
)

// day is noon in UTC of a day of November 2026.
func day(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }

// boxes are two workspaces' stays. In the first one: MSKU6011672 stood from the 1st and was held from the 3rd to the 5th;
// CSQU3054383 stood at West from the 2nd, left on the 4th and came in at East on the 6th, from where it went on the 8th;
// TOLU4734787 stood from the 1st to the 3rd, and its gate-in was corrected; HLXU2008419 never was.
func boxes(t testing.TB) *store.Store {
	pool := storetest.New(t)
	_, err := pool.Exec(context.Background(), `
		INSERT INTO workspaces (id, name) VALUES (1, 'ours'), (2, 'theirs');
		INSERT INTO people (id, workspace_id, telegram_id, name, role) VALUES (1, 1, 1, 'Rustam', 'dispatcher'), (2, 1, 2, 'Olga', 'manager');
		INSERT INTO terminals (id, workspace_id, name, name_key, time_zone) VALUES
			(1, 1, 'West', 'west', 'Asia/Tashkent'), (2, 1, 'East', 'east', 'UTC'), (3, 2, 'West', 'west', 'UTC');
		INSERT INTO companies (id, workspace_id, name, name_key) VALUES (1, 1, 'Atlas', 'atlas'), (2, 1, 'boreal', 'boreal'), (3, 2, 'Atlas', 'atlas');`)
	require.NoError(t, err)
	s := store.New(pool)
	rustam, olga := yard.Party{ID: 1, Name: "Rustam"}, yard.Party{ID: 2, Name: "Olga"}
	in := func(number container.Number, size container.SizeType, load container.Load, client, line int64, place string) yard.Details {
		return yard.Details{Number: number, SizeType: size, Load: load, Client: client, Line: line, Place: place}
	}
	record(t, s, 1, // movements 1 to 3
		yard.Movement{Kind: yard.GateIn, At: day(1), Terminal: 1, By: rustam, Details: in("MSKU6011672", "45G1", container.Laden, 1, 2, "B-2")},
		yard.Movement{Kind: yard.Held, At: day(3), Terminal: 1, By: olga, Reason: "customs"},
		yard.Movement{Kind: yard.Unheld, At: day(5), Terminal: 1, By: olga})
	record(t, s, 1, // 4 to 7
		yard.Movement{Kind: yard.GateIn, At: day(2), Terminal: 1, By: rustam, Details: in("CSQU3054383", "22G1", container.Empty, 2, 0, "")},
		yard.Movement{Kind: yard.TransferOut, At: day(4), Terminal: 1, By: rustam, Details: yard.Details{To: 2}},
		yard.Movement{Kind: yard.TransferIn, At: day(6), Terminal: 2, By: rustam},
		yard.Movement{Kind: yard.GateOut, At: day(8), Terminal: 2, By: rustam})
	record(t, s, 1, // 8 to 10
		yard.Movement{Kind: yard.GateIn, At: day(2), Terminal: 1, By: rustam, Details: in("TOLU4734787", "20", "", 1, 0, "A-1")},
		yard.Movement{Kind: yard.GateOut, At: day(3).Add(8 * time.Hour), Terminal: 1, By: rustam},
		yard.Movement{Kind: yard.GateIn, At: day(1), Recorded: day(9), Terminal: 1, By: olga, ApprovedBy: 2, Replaces: 8, Reason: "wrong client",
			Details: in("TOLU4734787", "20", "", 2, 0, "A-1")})
	record(t, s, 1, // 11 and 12
		yard.Movement{Kind: yard.GateIn, At: day(1), Terminal: 1, By: rustam, Details: in("HLXU2008419", "22G1", "", 2, 0, "A-1")},
		yard.Movement{Kind: yard.Reversed, At: day(1), Terminal: 1, By: rustam, Replaces: 11, Reason: "another yard"})
	record(t, s, 2, // 13
		yard.Movement{Kind: yard.GateIn, At: day(1), Terminal: 3, Details: in("MSKU6011672", "45G1", container.Laden, 3, 0, "Z-9")})
	return s
}

// record stores the movements of one stay, each recorded when it happened unless it says otherwise.
func record(t testing.TB, s *store.Store, workspace int64, movements ...yard.Movement) {
	require.NoError(t, s.Tx(context.Background(), func(tx *store.Tx) error {
		first := movements[0]
		stay, err := tx.AddStay(context.Background(), yard.Stay{Workspace: workspace, State: yard.In, Number: first.Number, Client: first.Client,
			Terminal: first.Terminal, Origin: first.Terminal, Entered: first.At, Since: first.At})
		require.NoError(t, err)
		for i := range movements {
			m := &movements[i]
			m.Stay, m.Source = stay, yard.FromChat
			if m.Recorded.IsZero() {
				m.Recorded = m.At
			}
			m.ID, err = tx.AddMovement(context.Background(), workspace, *m, "test")
			require.NoError(t, err)
		}
		folded, err := yard.Fold(movements)
		require.NoError(t, err)
		folded.Workspace = workspace
		return tx.SaveStays(context.Background(), folded)
	}))
}

// inTx gives what a read of one transaction gives.
func inTx[Out any](t testing.TB, s *store.Store, read func(context.Context, *store.Tx) (Out, error)) Out {
	t.Helper()
	var out Out
	require.NoError(t, s.Tx(context.Background(), func(tx *store.Tx) (err error) {
		out, err = read(context.Background(), tx)
		return err
	}))
	return out
}

func TestStockAtAnyMoment(t *testing.T) {
	s := boxes(t)
	for name, c := range map[string]struct {
		filter store.StockFilter
		by     string
		down   bool
		want   []string // number, place or way, days, held
	}{
		"before":           {store.StockFilter{At: day(1).Add(-time.Second)}, "number", false, nil},
		"first day":        {store.StockFilter{At: day(1)}, "number", false, []string{"MSKU6011672 West B-2 1", "TOLU4734787 West A-1 1"}},
		"third day":        {store.StockFilter{At: day(3)}, "number", false, []string{"CSQU3054383 West  2", "MSKU6011672 West B-2 3 held", "TOLU4734787 West A-1 3"}},
		"moving":           {store.StockFilter{At: day(4)}, "number", false, []string{"CSQU3054383 West→East  3", "MSKU6011672 West B-2 4 held"}},
		"days by zone":     {store.StockFilter{At: day(3).Add(7 * time.Hour)}, "number", true, []string{"TOLU4734787 West A-1 4", "MSKU6011672 West B-2 4 held", "CSQU3054383 West  3"}},
		"elsewhere":        {store.StockFilter{At: day(7)}, "entered", false, []string{"MSKU6011672 West B-2 7", "CSQU3054383 East  6"}},
		"last moment":      {store.StockFilter{At: day(8)}, "number", false, []string{"MSKU6011672 West B-2 8"}},
		"terminal":         {store.StockFilter{At: day(5), Terminal: 2}, "number", false, []string{"CSQU3054383 West→East  4"}},
		"client":           {store.StockFilter{At: day(3), Client: 2}, "number", true, []string{"TOLU4734787 West A-1 3", "CSQU3054383 West  2"}},
		"line":             {store.StockFilter{At: day(3), Line: 2}, "number", true, []string{"MSKU6011672 West B-2 3 held"}},
		"presence: in":     {store.StockFilter{At: day(5), Presence: store.Standing}, "number", false, []string{"MSKU6011672 West B-2 5"}},
		"presence: moving": {store.StockFilter{At: day(5), Presence: store.Moving}, "number", false, []string{"CSQU3054383 West→East  4"}},
		"presence: held":   {store.StockFilter{At: day(4), Presence: store.OnHold}, "number", false, []string{"MSKU6011672 West B-2 4 held"}},
		"feet":             {store.StockFilter{At: day(3), Feet: 20}, "client", false, []string{"CSQU3054383 West  2", "TOLU4734787 West A-1 3"}},
		"other feet":       {store.StockFilter{At: day(3), Feet: 40}, "place", false, []string{"MSKU6011672 West B-2 3 held"}},
		"load":             {store.StockFilter{At: day(3), Load: container.Empty}, "days", false, []string{"CSQU3054383 West  2"}},
		"number":           {store.StockFilter{At: day(3), Number: "60116"}, "days", false, []string{"MSKU6011672 West B-2 3 held"}},
		"no pattern":       {store.StockFilter{At: day(3), Number: "%"}, "days", false, nil},
		"longer":           {store.StockFilter{At: day(3), Longer: 2}, "days", true, []string{"MSKU6011672 West B-2 3 held", "TOLU4734787 West A-1 3"}},
		"another's":        {store.StockFilter{At: day(3), Terminal: 3}, "days", true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			rows := inTx(t, s, func(ctx context.Context, tx *store.Tx) ([]store.StockRow, error) {
				return tx.Stock(ctx, 1, c.filter, c.by, c.down, 0, 10)
			})
			var got []string
			for _, r := range rows {
				where := r.Terminal
				if r.Moving {
					where += "→" + r.Bound
				}
				line := fmt.Sprintf("%s %s %s %d", r.Number, where, r.Place, r.Days)
				if r.Held {
					line += " held"
				}
				got = append(got, line)
			}
			require.Equal(t, c.want, got)
			counts := inTx(t, s, func(ctx context.Context, tx *store.Tx) ([]store.StockCount, error) {
				return tx.CountStock(ctx, 1, c.filter)
			})
			var all, held int
			for _, n := range counts {
				all, held = all+n.Boxes, held+n.Held
			}
			require.Len(t, rows, all)
			require.Equal(t, held, len(slices.DeleteFunc(rows, func(r store.StockRow) bool { return !r.Held })))
		})
	}
	err := s.Tx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Stock(t.Context(), 1, store.StockFilter{At: day(1)}, "number; DROP TABLE stays", false, 0, 1)
		return err
	})
	require.Error(t, err)
}

func TestStockIsCutIntoPages(t *testing.T) {
	s := boxes(t)
	for offset, want := range []container.Number{"TOLU4734787", "MSKU6011672", "CSQU3054383"} {
		rows := inTx(t, s, func(ctx context.Context, tx *store.Tx) ([]store.StockRow, error) {
			return tx.Stock(ctx, 1, store.StockFilter{At: day(3)}, "number", true, offset, 1)
		})
		require.Len(t, rows, 1)
		require.Equal(t, want, rows[0].Number)
	}
}

func TestJournal(t *testing.T) {
	s := boxes(t)
	for name, c := range map[string]struct {
		filter store.MovementFilter
		want   []int64
	}{
		"all":         {store.MovementFilter{}, []int64{7, 6, 3, 5, 9, 2, 8, 4, 12, 11, 10, 1}},
		"days":        {store.MovementFilter{From: day(4), To: day(6)}, []int64{3, 5}},
		"terminal":    {store.MovementFilter{Terminal: 2}, []int64{7, 6}},
		"kind":        {store.MovementFilter{Kind: yard.GateOut}, []int64{7, 9}},
		"client":      {store.MovementFilter{Client: 1}, []int64{3, 2, 1}},
		"person":      {store.MovementFilter{Person: 2}, []int64{3, 2, 10}},
		"number":      {store.MovementFilter{Number: "TOLU"}, []int64{9, 8, 10}},
		"corrections": {store.MovementFilter{Corrections: true}, []int64{12, 10}},
		"several":     {store.MovementFilter{Corrections: true, Person: 2, Client: 2, Number: "47"}, []int64{10}},
		"another's":   {store.MovementFilter{Terminal: 3}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			rows := inTx(t, s, func(ctx context.Context, tx *store.Tx) ([]store.MovementRow, error) {
				return tx.Journal(ctx, 1, c.filter, 0, 50)
			})
			var got []int64
			for _, m := range rows {
				got = append(got, m.ID)
			}
			require.Equal(t, c.want, got)
			require.Equal(t, len(c.want), inTx(t, s, func(ctx context.Context, tx *store.Tx) (int, error) {
				return tx.CountMovements(ctx, 1, c.filter)
			}))
			if len(got) > 1 {
				second := inTx(t, s, func(ctx context.Context, tx *store.Tx) ([]store.MovementRow, error) {
					return tx.Journal(ctx, 1, c.filter, 1, 1)
				})
				require.Equal(t, got[1], second[0].ID)
			}
		})
	}
}

func TestHistoryTellsWhatNoLongerCounts(t *testing.T) {
	s := boxes(t)
	history := func(workspace int64, number container.Number) []store.MovementRow {
		return inTx(t, s, func(ctx context.Context, tx *store.Tx) ([]store.MovementRow, error) {
			return tx.HistoryOf(ctx, workspace, number)
		})
	}
	rows := history(1, "TOLU4734787")
	require.Len(t, rows, 3)
	wrong, _, right := rows[0], rows[1], rows[2]
	require.Equal(t, int64(10), wrong.ReplacedBy)
	require.Equal(t, day(9), wrong.ReplacedAt)
	require.Equal(t, "Atlas", wrong.ClientName)
	require.Equal(t, "boreal", right.ClientName)
	require.Equal(t, "wrong client", right.Reason)
	require.Equal(t, "Olga", right.ApprovedName)
	require.Equal(t, day(2), right.Corrected.At)
	require.Equal(t, int64(1), right.Corrected.Client)
	require.Zero(t, right.ReplacedBy)
	require.Equal(t, "East", history(1, "CSQU3054383")[1].ToName)
	require.Equal(t, "boreal", history(1, "MSKU6011672")[0].LineName)
	require.Len(t, history(1, "MSKU6011672"), 3)
	require.Len(t, history(2, "MSKU6011672"), 1)
	require.Empty(t, history(2, "TOLU4734787"))
	require.NoError(t, s.Tx(t.Context(), func(tx *store.Tx) error {
		m, err := tx.MovementRow(t.Context(), 1, 10)
		require.NoError(t, err)
		require.Equal(t, right, m)
		_, err = tx.MovementRow(t.Context(), 1, 13)
		require.True(t, fault.Is(err, fault.NotFound), "another's")
		return nil
	}))
}

func TestAgeingAndDwell(t *testing.T) {
	s := boxes(t)
	ages := inTx(t, s, func(ctx context.Context, tx *store.Tx) (map[string][]int, error) {
		return tx.Ageing(ctx, 1, store.StockFilter{At: day(7)})
	})
	require.Equal(t, map[string][]int{"West": {1, 0, 0, 0, 0, 0}, "East": {1, 0, 0, 0, 0, 0}}, ages)
	ages = inTx(t, s, func(ctx context.Context, tx *store.Tx) (map[string][]int, error) {
		return tx.Ageing(ctx, 1, store.StockFilter{At: day(8)})
	})
	require.Equal(t, map[string][]int{"West": {0, 1, 0, 0, 0, 0}}, ages, "the eighth day is of the next step")
	require.NoError(t, s.Tx(t.Context(), func(tx *store.Tx) error {
		months, clients, err := tx.Dwell(t.Context(), 1, day(1), day(30))
		require.NoError(t, err)
		november := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
		// TOLU stayed from the 1st to the 4th by the clocks of Tashkent, CSQU from the 2nd to the 8th.
		require.Equal(t, []store.Dwell{{Month: november, Boxes: 2, Median: 4, P90: 7}}, months)
		require.Equal(t, []store.Dwell{{Client: "boreal", Boxes: 2, Median: 4, P90: 7}}, clients)
		months, clients, err = tx.Dwell(t.Context(), 1, day(4), day(8))
		require.NoError(t, err)
		require.Empty(t, months)
		require.Empty(t, clients)
		return nil
	}))
}

// BenchmarkYardPages reads what the pages show, of 100,000 stays in two years.
func BenchmarkYardPages(b *testing.B) {
	pool := storetest.New(b)
	_, err := pool.Exec(b.Context(), manyStays)
	require.NoError(b, err)
	s := store.New(pool)
	now := time.Now()
	read := func(name string, do func(context.Context, *store.Tx) error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				require.NoError(b, s.Tx(b.Context(), func(tx *store.Tx) error { return do(b.Context(), tx) }))
			}
		})
	}
	for name, f := range map[string]store.StockFilter{
		"now": {At: now}, "a year ago": {At: now.AddDate(-1, 0, 0)}, "everything": {At: now.AddDate(0, 0, -100), Client: 1001},
		"filtered": {At: now, Terminal: 1001, Feet: 40, Load: container.Laden, Number: "12", Longer: 3},
	} {
		read("stock/"+name, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Stock(ctx, 1001, f, "client", false, 0, 50)
			return err
		})
		read("count/"+name, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.CountStock(ctx, 1001, f)
			return err
		})
	}
	for name, f := range map[string]store.MovementFilter{
		"all": {}, "month": {From: now.AddDate(0, -1, 0), To: now}, "client": {Client: 1005}, "number": {Number: "1234"},
		"number's end": {Number: "99987"}, "nobody": {Person: 1}, "corrections": {Corrections: true}, "kind": {Kind: yard.GateOut, Terminal: 1002},
	} {
		read("journal/"+name, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Journal(ctx, 1001, f, 0, 50)
			return err
		})
		read("journal count/"+name, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.CountMovements(ctx, 1001, f)
			return err
		})
	}
	read("journal/last page", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Journal(ctx, 1001, store.MovementFilter{}, 190_000, 50)
		return err
	})
	read("history", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.HistoryOf(ctx, 1001, "MSKU0007919")
		return err
	})
	read("ageing", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Ageing(ctx, 1001, store.StockFilter{At: now})
		return err
	})
	read("dwell", func(ctx context.Context, tx *store.Tx) error {
		_, _, err := tx.Dwell(ctx, 1001, now.AddDate(-1, 0, 0), now)
		return err
	})
}

const manyStays = `
	INSERT INTO workspaces (id, name) VALUES (1001, 'large');
	INSERT INTO terminals (id, workspace_id, name, name_key, time_zone) SELECT 1000 + i, 1001, 'T' || i, 't' || i, 'Asia/Tashkent' FROM generate_series(1, 3) i;
	INSERT INTO companies (id, workspace_id, name, name_key) SELECT 1000 + i, 1001, 'C' || i, 'c' || i FROM generate_series(1, 60) i;
	INSERT INTO people (id, workspace_id, telegram_id, name, role) SELECT 1000 + i, 1001, i, 'P' || i, 'dispatcher' FROM generate_series(1, 8) i;
	CREATE TEMP TABLE many AS SELECT i, now() - i * interval '10 minutes' AS entered, (0.1 - 18 * ln(1 - random())) * interval '1 day' AS stay,
		i % 50 = 7 AS moved, 1001 + i % 3 AS terminal FROM generate_series(1, 100000) i;
	INSERT INTO stays (id, workspace_id, number, state, size_type, load, client_id, line_id, terminal_id, origin_id, place, entered_at, left_at, since, version, folded)
		SELECT 1000 + i, 1001, 'MSKU' || lpad((i * 7919 % 10000000)::text, 7, '0'), CASE WHEN entered + stay < now() THEN 'out' ELSE 'in' END,
		(ARRAY['22G1', '42G1', '45G1', '45R1', '20', ''])[1 + i % 6], CASE WHEN i % 5 < 3 THEN 'laden' ELSE 'empty' END, 1001 + i % 40, 1041 + i % 20,
		terminal, terminal, 'A-' || i % 90, entered, CASE WHEN entered + stay < now() THEN entered + stay END, entered, 2, '{}' FROM many;
	INSERT INTO legs (stay_id, n, workspace_id, terminal_id, from_at, to_at)
		SELECT 1000 + i, 0, 1001, terminal, entered, CASE WHEN moved THEN entered + stay * 0.4 WHEN entered + stay < now() THEN entered + stay END FROM many
		UNION ALL SELECT 1000 + i, 1, 1001, 1001 + (i + 1) % 3, entered + stay * 0.5, entered + stay FROM many WHERE moved AND entered + stay < now();
	INSERT INTO movements (workspace_id, stay_id, kind, at, recorded_at, terminal_id, details, person_id, person_name, source, op)
		SELECT 1001, 1000 + i, 'gate_in', entered, entered, terminal, jsonb_build_object('number', 'MSKU', 'client', 1001 + i % 40), 1001 + i % 8, 'P', 'chat', 'x' FROM many
		UNION ALL SELECT 1001, 1000 + i, 'gate_out', entered + stay, entered + stay, terminal, '{}', 1001 + i % 8, 'P', 'chat', 'x' FROM many WHERE entered + stay < now()
		UNION ALL SELECT 1001, 1000 + i, 'hold', entered, entered, terminal, '{}', 1001 + i % 8, 'P', 'chat', 'x' FROM many WHERE i % 20 = 3;
	INSERT INTO movements (workspace_id, stay_id, kind, at, recorded_at, terminal_id, details, person_id, person_name, source, op, replaces, reason)
		SELECT 1001, stay_id, kind, at, now(), terminal_id, details, person_id, person_name, 'web', 'y', id, 'typo' FROM movements WHERE stay_id % 100 = 0 AND kind = 'gate_in';
	DROP TABLE many;
	ANALYZE stays; ANALYZE legs; ANALYZE movements; ANALYZE companies; ANALYZE terminals;`
