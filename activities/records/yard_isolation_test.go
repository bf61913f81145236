package records

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// Whoever knows the ids of another workspace's yard can neither see nor touch it.
func TestAWorkspaceCannotTouchAnothersYard(t *testing.T) {
	w := newDesks(t)
	ours, theirs := w.depot(), w.depot()
	ctx := t.Context()
	held, moving := theirs.in(box1, 48*time.Hour), theirs.in(box2, 48*time.Hour)
	_, err := theirs.r.Handle(ctx, theirs.turn(vera), yard.Handling{Stay: held.ID, Kind: yard.Held})
	require.NoError(t, err)
	_, err = theirs.r.Transfer(ctx, theirs.turn(nadia), yard.Transfer{Stays: []int64{moving.ID}, Details: yard.Details{To: theirs.south.ID}})
	require.NoError(t, err)
	stays := []int64{held.ID, moving.ID}
	entry := theirs.movements(held.ID)[0]
	at := theirs.closedDay()
	waits, err := theirs.r.GateIn(ctx, theirs.turn(nadia), theirs.arrival(box3, at))
	require.NoError(t, err)
	before := snapshot(t, theirs)
	ourBox := ours.in(box1, time.Hour)
	ourEntry := ours.movements(ourBox.ID)[0]

	arrival := func(change func(*yard.Arrival)) yard.Arrival {
		a := ours.arrival(box4, time.Time{})
		change(&a)
		return a
	}
	correction := func(change func(*yard.Correction)) yard.Correction {
		c := yard.Correction{Movement: ourEntry.ID, Reason: "x", Details: ourEntry.Details}
		change(&c)
		return c
	}
	for name, do := range map[string]func(chat.Turn) error{
		"gate-in at their terminal": func(turn chat.Turn) error {
			_, err := w.r.GateIn(ctx, turn, arrival(func(a *yard.Arrival) { a.Terminal = theirs.north.ID }))
			return err
		},
		"gate-in for their client": func(turn chat.Turn) error {
			_, err := w.r.GateIn(ctx, turn, arrival(func(a *yard.Arrival) { a.Client = theirs.client.ID }))
			return err
		},
		"gate-in of their line": func(turn chat.Turn) error {
			_, err := w.r.GateIn(ctx, turn, arrival(func(a *yard.Arrival) { a.Line = theirs.line.ID }))
			return err
		},
		"release": func(turn chat.Turn) error {
			_, err := w.r.Release(ctx, turn, yard.Departure{Stays: stays})
			return err
		},
		"release among ours": func(turn chat.Turn) error {
			_, err := w.r.Release(ctx, turn, yard.Departure{Stays: []int64{ourBox.ID, held.ID}})
			return err
		},
		"transfer": func(turn chat.Turn) error {
			_, err := w.r.Transfer(ctx, turn, yard.Transfer{Stays: stays, Details: yard.Details{To: ours.south.ID}})
			return err
		},
		"transfer to their terminal": func(turn chat.Turn) error {
			_, err := w.r.Transfer(ctx, turn, yard.Transfer{Stays: []int64{ourBox.ID}, Details: yard.Details{To: theirs.south.ID}})
			return err
		},
		"receive": func(turn chat.Turn) error {
			_, err := w.r.Receive(ctx, turn, yard.Receipt{Stays: stays})
			return err
		},
		"operation": func(turn chat.Turn) error {
			_, err := w.r.Handle(ctx, turn, yard.Handling{Stay: held.ID, Kind: yard.Operated, Details: yard.Details{Operation: yard.Crane}})
			return err
		},
		"lift their hold": func(turn chat.Turn) error {
			_, err := w.r.Handle(ctx, turn, yard.Handling{Stay: held.ID, Kind: yard.Unheld})
			return err
		},
		"correct": func(turn chat.Turn) error {
			_, err := w.r.Correct(ctx, turn, yard.Correction{Movement: entry.ID, Reason: "x", Details: entry.Details})
			return err
		},
		"reverse": func(turn chat.Turn) error {
			_, err := w.r.Correct(ctx, turn, yard.Correction{Movement: entry.ID, Reason: "x", Reverse: true})
			return err
		},
		"correct to their client": func(turn chat.Turn) error {
			_, err := w.r.Correct(ctx, turn, correction(func(c *yard.Correction) { c.Client = theirs.client.ID }))
			return err
		},
		"correct to their terminal": func(turn chat.Turn) error {
			_, err := w.r.Correct(ctx, turn, correction(func(c *yard.Correction) { c.Terminal = theirs.north.ID }))
			return err
		},
		"decide": func(turn chat.Turn) error {
			_, err := w.r.Decide(ctx, turn, yard.Decision{Approval: waits.Waits, Approve: true})
			return err
		},
		"look": func(turn chat.Turn) error {
			turn.Op = ""
			_, err := w.r.LookAtBoxes(ctx, turn, Looking{Stays: stays})
			return err
		},
		"report of their terminal": func(turn chat.Turn) error {
			turn.Op = ""
			_, err := w.r.ReportYard(ctx, turn, Reporting{Report: yard.StockReport, Terminal: theirs.north.ID})
			return err
		},
		"history": func(turn chat.Turn) error {
			turn.Op = ""
			_, err := w.r.ReportYard(ctx, turn, Reporting{Report: yard.HistoryReport, Stay: held.ID})
			return err
		},
		"import to their stay": func(turn chat.Turn) error {
			out, err := w.r.ImportStays(ctx, StayImport{Workspace: ours.workspace, Op: turn.Op, Stays: []yard.Past{{Stay: held.ID, Number: box1, Left: now()}}})
			require.NoError(t, err)
			return out[0].Fault
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := do(ours.turn(vera))
			require.True(t, fault.Is(err, fault.NotFound), "%v", err)
		})
	}

	look := ours.turn(vera)
	look.Op = ""
	looked, err := w.r.LookAtBoxes(ctx, look, Looking{Typed: string(box2), For: yard.ActRelease})
	require.NoError(t, err)
	require.Nil(t, looked.Boxes[0].Box, "the number is not here")
	require.Empty(t, looked.Boxes[0].Nearest)
	found, err := w.r.FindCompany(ctx, look, "Anor Foods")
	require.NoError(t, err)
	require.Equal(t, ours.client.ID, found.Company.ID)
	choices, err := w.r.RecentChoices(ctx, look, struct{}{})
	require.NoError(t, err)
	require.Len(t, choices.Terminals, 2)
	for _, c := range choices.Clients {
		require.Equal(t, ours.workspace, c.Workspace)
	}
	for _, r := range []yard.Report{yard.StockReport, yard.TodayReport, yard.LongStayReport, yard.InTransitReport} {
		report, err := w.r.ReportYard(ctx, look, Reporting{Report: r})
		require.NoError(t, err)
		require.NotContains(t, inWords(w, report.Text), box2.Grouped())
	}
	stays, err = w.r.Unwatched(ctx, Unwatching{Workspace: ours.workspace, Limit: 100})
	require.NoError(t, err)
	require.Equal(t, []int64{ourBox.ID}, stays)
	require.Equal(t, before, snapshot(t, theirs), "nothing of theirs has changed")
}

func inWords(w *desks, t chat.Text) string { return w.r.texts.HTML("en", time.UTC, t) }

// snapshot is all that a workspace's yard holds.
func snapshot(t *testing.T, d depot) string {
	var rows []string
	for _, table := range []string{"stays", "movements", "legs", "companies", "terminals", "approvals", "files"} {
		var all string
		require.NoError(t, d.pool.QueryRow(t.Context(), `SELECT coalesce(string_agg(x::text, E'\n' ORDER BY x::text), '') FROM `+table+` x WHERE workspace_id = $1`, d.workspace).Scan(&all))
		rows = append(rows, all)
	}
	return strings.Join(rows, "\n\n")
}

// Every query of the store is tried with a workspace that the ids are not of.
func TestStoreQueriesAreBoundToTheirWorkspace(t *testing.T) {
	w := newDesks(t)
	ours, theirs := w.depot(), w.depot()
	ctx := t.Context()
	b := theirs.in(box1, 48*time.Hour)
	m := theirs.movements(b.ID)[0]
	details := m.Details
	details.Place = "Z-9"
	_, err := theirs.r.Correct(ctx, theirs.turn(nadia), yard.Correction{Movement: m.ID, Reason: "slip", Details: details})
	require.NoError(t, err)
	theirs.closedDay()
	waits, err := theirs.r.GateIn(ctx, theirs.turn(nadia), theirs.arrival(box2, now().Add(-40*time.Hour)))
	require.NoError(t, err)
	before := snapshot(t, theirs)
	w.tx(func(tx *store.Tx) error {
		none := func(err error) {
			t.Helper()
			require.True(t, fault.Is(err, fault.NotFound), "%v", err)
		}
		_, err := tx.Terminal(ctx, ours.workspace, theirs.north.ID)
		none(err)
		_, err = tx.Company(ctx, ours.workspace, theirs.client.ID)
		none(err)
		_, err = tx.Box(ctx, ours.workspace, b.ID, now())
		none(err)
		_, err = tx.Movement(ctx, ours.workspace, m.ID)
		none(err)
		_, err = tx.LockApproval(ctx, ours.workspace, waits.Waits)
		none(err)
		boxes, err := tx.Boxes(ctx, ours.workspace, []int64{b.ID}, now())
		require.NoError(t, err)
		require.Empty(t, boxes)
		boxes, err = tx.LatestBoxes(ctx, ours.workspace, []container.Number{box1}, now())
		require.NoError(t, err)
		require.Empty(t, boxes)
		boxes, err = tx.CompanyBoxes(ctx, ours.workspace, theirs.client.ID, time.Time{}, now())
		require.NoError(t, err)
		require.Empty(t, boxes)
		all, err := tx.Movements(ctx, ours.workspace, b.ID)
		require.NoError(t, err)
		require.Empty(t, all)
		all, err = tx.Corrected(ctx, ours.workspace, b.ID)
		require.NoError(t, err)
		require.Empty(t, all)
		used, err := tx.HasMovements(ctx, ours.workspace, theirs.north.ID)
		require.NoError(t, err)
		require.False(t, used)
		stays, err := tx.StaysOf(ctx, ours.workspace, []container.Number{box1})
		require.NoError(t, err)
		require.Empty(t, stays)
		numbers, err := tx.NumbersThere(ctx, ours.workspace, yard.In, 0)
		require.NoError(t, err)
		require.Empty(t, numbers)
		numbers, err = tx.NumbersThere(ctx, ours.workspace, yard.In, theirs.north.ID)
		require.NoError(t, err)
		require.Empty(t, numbers)
		same := b.Stay
		same.ID, same.Workspace = 0, ours.workspace
		overlapping, err := tx.Overlapping(ctx, same)
		require.NoError(t, err)
		require.Zero(t, overlapping)
		posted, err := tx.PeopleAt(ctx, ours.workspace, people.Post("terminal", theirs.north.ID))
		require.NoError(t, err)
		require.Empty(t, posted)
		recent, err := tx.RecentCompanies(ctx, ours.workspace, theirs.north.ID, false, 6)
		require.NoError(t, err)
		require.Empty(t, recent)
		places, err := tx.RecentPlaces(ctx, ours.workspace, theirs.north.ID, 6)
		require.NoError(t, err)
		require.Empty(t, places)
		day := calendar.Of(2026, 11, 21)
		_, first, err := tx.LockReports(ctx, ours.workspace, theirs.client.ID, day, time.Hour)
		require.NoError(t, err)
		require.False(t, first)
		told, err := tx.TellLongStay(ctx, ours.workspace, b.ID)
		require.NoError(t, err)
		require.False(t, told)

		stolen := b.Stay
		stolen.Workspace, stolen.State, stolen.Legs = ours.workspace, yard.Void, append(stolen.Legs, stolen.Legs...)
		require.NoError(t, tx.SaveStays(ctx, stolen))
		require.NoError(t, tx.DecideApproval(ctx, ours.workspace, waits.Waits, 1, now(), true))
		require.Error(t, tx.SaveTerminal(ctx, yard.Terminal{ID: theirs.north.ID, Workspace: ours.workspace, Name: "Stolen", Zone: "UTC"}))
		require.Error(t, tx.SaveCompany(ctx, yard.Company{ID: theirs.client.ID, Workspace: ours.workspace, Name: "Stolen"}, nil))
		return nil
	})
	require.Equal(t, before, snapshot(t, theirs))
}
