package records

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/calendar"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

func TestTheDailyReportOfALine(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.post(700, "Liner", people.Client, "en", people.Post("company", d.line.ID))
	d.post(701, "Линейный", people.Client, "ru", people.Post("company", d.line.ID))
	due, err := d.r.NextReports(ctx, d.workspace)
	require.NoError(t, err)
	require.Empty(t, due)
	morning := 8*time.Hour + 30*time.Minute
	d.tx(func(tx *store.Tx) error { return tx.SaveCompany(ctx, d.line, &morning) })
	due, err = d.r.NextReports(ctx, d.workspace)
	require.NoError(t, err)
	today := calendar.In(now(), time.UTC)
	require.Equal(t, []DueReport{{Workspace: d.workspace, Company: d.line.ID, Day: today, At: today.Start(time.UTC).Add(morning)}}, due)

	d.in(box1, 72*time.Hour)
	gone := d.in(box2, 72*time.Hour)
	_, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{gone.ID}, At: now().Add(-time.Minute)})
	require.NoError(t, err)
	other := d.arrival(box3, time.Time{})
	other.Line = 0
	_, err = d.r.GateIn(ctx, d.turn(nadia), other)
	require.NoError(t, err)

	report := due[0]
	report.At = now()
	for range 2 {
		require.NoError(t, d.r.ReportToLine(ctx, report))
	}
	require.Len(t, d.sees(700), 1)
	var bulk bool
	require.NoError(t, d.pool.QueryRow(ctx, `SELECT bool_or(bulk) FROM outbox WHERE chat_id = 700`).Scan(&bulk))
	require.False(t, bulk, "what is bulk is not sent again when in doubt: better a report twice than none")
	require.Contains(t, d.lastSeen(700), "Saiga Shipping, "+today.Format("02.01.2006 "))
	require.Contains(t, d.lastSeen(700), " / in stock 1 · came in 2 · released 1")
	require.NotContains(t, d.lastSeen(700), "Nadia")
	require.NotContains(t, d.lastSeen(700), string(box3.Grouped()))
	require.Contains(t, d.lastSeen(701), "на терминалах 1 · завезено 2 · вывезено 1")
	rows := d.sentSheet(701, 0)
	require.Equal(t, "Номер контейнера", rows[0][1])
	require.Equal(t, string(box1), rows[1][1])
	require.Len(t, rows, 2)
	rows = d.sentSheet(701, 1)
	require.Len(t, rows, 4)
	require.Equal(t, []string{string(box2), "вывоз"}, rows[3][1:3])

	due, err = d.r.NextReports(ctx, d.workspace)
	require.NoError(t, err)
	require.Equal(t, today+1, due[0].Day)
	passed := today
	if now().Before(clockOn(today, morning, time.UTC)) {
		passed--
	}
	for last, next := range map[int]calendar.Date{1: today, 2: max(passed, today-1), 30: passed} {
		_, err = d.pool.Exec(ctx, `UPDATE reports SET day = $1 WHERE company_id = $2`, (today - calendar.Date(last)).String(), d.line.ID)
		require.NoError(t, err)
		due, err = d.r.NextReports(ctx, d.workspace)
		require.NoError(t, err)
		require.Equal(t, next, due[0].Day, "the last one went out %d days ago", last)
	}
}

// reports lets a person read what is told to the line at 00:00, and gives a function that sends the report of the n-th
// day from today, as of now, twice, and gives its words and the rows of its movements.
func (d depot) reports(telegram int64) func(n int) (string, [][]string) {
	d.t.Helper()
	ctx := d.t.Context()
	d.post(telegram, "Liner", people.Client, "en", people.Post("company", d.line.ID))
	midnight := time.Duration(0)
	d.tx(func(tx *store.Tx) error { return tx.SaveCompany(ctx, d.line, &midnight) })
	return func(n int) (string, [][]string) {
		d.t.Helper()
		before := len(d.sees(telegram))
		in := DueReport{Workspace: d.workspace, Company: d.line.ID, Day: calendar.In(now(), time.UTC) + calendar.Date(n), At: now()}
		for range 2 {
			require.NoError(d.t, d.r.ReportToLine(ctx, in))
		}
		require.Len(d.t, d.sees(telegram), before+1)
		return d.lastSeen(telegram), d.sentSheet(telegram, 1)[1:]
	}
}

func TestEachMovementIsInOneDailyReport(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	report := d.reports(700)
	wrong, shifted := d.in(box1, 2*time.Hour), d.in(box2, time.Hour)
	words, rows := report(0)
	require.Contains(t, words, "in stock 2 · came in 2 · released 0")
	require.Len(t, rows, 2)

	late := d.in(box3, 50*time.Hour)
	_, err := d.r.Correct(ctx, d.turn(vera), yard.Correction{Movement: d.movements(wrong.ID)[0].ID, Reverse: true, Reason: "Another box"})
	require.NoError(t, err)
	m := d.movements(shifted.ID)[0]
	details := m.Details
	details.Place = "B2"
	_, err = d.r.Correct(ctx, d.turn(vera), yard.Correction{Movement: m.ID, Details: details, Reason: "Shifted"})
	require.NoError(t, err)
	words, rows = report(1)
	require.Contains(t, words, "in stock 2 · came in 1 · released 0")
	require.Contains(t, words, late.Entered.Format("02.01 15:04")+" · <code>"+box3.Grouped()+"</code> · gate-in · recorded late")
	require.Contains(t, words, box1.Grouped()+"</code> · taken back: gate-in")
	require.Contains(t, words, box2.Grouped()+"</code> · correction: gate-in")
	require.NotContains(t, words, "Vera")
	require.Len(t, rows, 3)

	words, rows = report(2)
	require.Contains(t, words, "in stock 2 · came in 0 · released 0")
	require.Empty(t, rows)

	_, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{late.ID}})
	require.NoError(t, err)
	words, rows = report(9)
	require.Contains(t, words, "in stock 1 · came in 0 · released 1", "days that were missed are told of together")
	require.Len(t, rows, 1)
}

func TestTheDailyReportIsAsOfItsMoment(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	report := d.reports(700)
	gone := d.in(box1, 5*time.Hour)
	_, _ = report(0)
	moment := now()
	_, err := d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{gone.ID}, At: moment.Add(-time.Hour)})
	require.NoError(t, err)
	d.in(box2, time.Hour)
	in := DueReport{Workspace: d.workspace, Company: d.line.ID, Day: calendar.In(moment, time.UTC) + 1, At: moment}
	require.NoError(t, d.r.ReportToLine(ctx, in))
	require.Contains(t, d.lastSeen(700), "in stock 1 · came in 0 · released 0", "nobody knew of more")
	words, _ := report(2)
	require.Contains(t, words, "in stock 1 · came in 1 · released 1")
}

func TestALineThatLosesABoxSeesItTakenBack(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	report := d.reports(700)
	b := d.in(box1, time.Hour)
	_, _ = report(0)
	m := d.movements(b.ID)[0]
	details := m.Details
	details.Line, details.Remarks = 0, "of another line"
	_, err := d.r.Correct(ctx, d.turn(vera), yard.Correction{Movement: m.ID, Details: details, Reason: "Private"})
	require.NoError(t, err)
	_, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{b.ID}})
	require.NoError(t, err)
	words, rows := report(1)
	require.Contains(t, words, "in stock 0 · came in 0 · released 0")
	require.Contains(t, words, box1.Grouped()+"</code> · taken back: gate-in")
	require.Len(t, rows, 1)
	require.NotContains(t, strings.Join(rows[0], " "), "rivate")
	require.NotContains(t, strings.Join(rows[0], " "), "another line")
}

// What is committed after a report, with a moment before it, is in the next one.
func TestAMovementThatAReportCouldNotSeeIsInTheNext(t *testing.T) {
	d := newDepot(t)
	report := d.reports(700)
	_, _ = report(0)
	b := d.in(box1, 50*time.Hour)
	d.recordedAt(b.ID, now().Add(-10*time.Minute), b.Entered)
	_, rows := report(1)
	require.Len(t, rows, 1)
	_, rows = report(2)
	require.Empty(t, rows)
}

// recordedAt gives a stay's movements other moments, as if the clock had shown them.
func (d depot) recordedAt(stay int64, recorded, at time.Time) {
	d.t.Helper()
	_, err := d.pool.Exec(d.t.Context(), `ALTER TABLE movements DISABLE TRIGGER movements_are_final;
		UPDATE movements SET recorded_at = '`+recorded.Format(time.RFC3339Nano)+`', at = '`+at.Format(time.RFC3339Nano)+`' WHERE stay_id = `+
		strconv.FormatInt(stay, 10)+`; ALTER TABLE movements ENABLE TRIGGER movements_are_final`)
	require.NoError(d.t, err)
}

// Clocks in Berlin went back at 03:00 on 26 October 2025.
func TestTheDailyReportOfADayOf25Hours(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	_, err := d.pool.Exec(ctx, `UPDATE workspaces SET time_zone = 'Europe/Berlin' WHERE id = $1`, d.workspace)
	require.NoError(t, err)
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	_ = d.reports(700)
	day := calendar.Of(2025, 10, 25)
	at := func(n calendar.Date) time.Time { return clockOn(day+n, 8*time.Hour, berlin) }
	require.Equal(t, 25*time.Hour, at(1).Sub(at(0)))
	d.tx(func(tx *store.Tx) error { return tx.KeepReport(ctx, d.line, day, at(0), nil) })
	first, last := d.in(box1, time.Hour), d.in(box2, time.Hour)
	d.recordedAt(first.ID, at(0), at(0).Add(-time.Minute))
	d.recordedAt(last.ID, at(1), at(1).Add(-time.Minute))
	for n, want := range []int{1: 1, 2: 1, 3: 0} {
		if n == 0 {
			continue
		}
		in := DueReport{Workspace: d.workspace, Company: d.line.ID, Day: day + calendar.Date(n), At: at(calendar.Date(n))}
		require.NoError(t, d.r.ReportToLine(ctx, in))
		require.Len(t, d.sentSheet(700, 1), 1+want, "day %d", n)
	}
}
