package records

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// waiting tells whether some transaction waits for another one's lock.
func (d depot) waiting() bool {
	var n int
	require.NoError(d.t, d.pool.QueryRow(d.t.Context(), `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n))
	return n > 0
}

// meanwhile holds a transaction open while do runs, which must wait for it, and gives what came of do then.
func (d depot) meanwhile(first func(*store.Tx), do func() error) error {
	d.t.Helper()
	done := make(chan error, 1)
	d.tx(func(tx *store.Tx) error {
		first(tx)
		go func() { done <- do() }()
		require.Eventually(d.t, d.waiting, 10*time.Second, time.Millisecond, "it waits")
		return nil
	})
	return <-done
}

// What is recorded while days are being closed waits, and then sees them closed.
func TestNoMovementSlipsPastAClosing(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	turn := d.turn(nadia)
	var out yard.Recorded
	require.NoError(t, d.meanwhile(func(tx *store.Tx) {
		require.NoError(t, tx.CloseDays(ctx, d.workspace, calendar.In(now(), time.UTC)-1))
	}, func() (err error) {
		out, err = d.r.GateIn(ctx, turn, d.arrival(box1, now().Add(-72*time.Hour)))
		return err
	}))
	require.NotZero(t, out.Waits)
	require.Empty(t, out.Boxes)
}

// A closing waits for what is being recorded.
func TestAClosingWaitsForMovements(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	require.NoError(t, d.meanwhile(func(tx *store.Tx) {
		require.NoError(t, tx.HoldYard(ctx, d.workspace))
	}, func() error {
		return d.s.Tx(ctx, func(tx *store.Tx) error { return tx.CloseDays(ctx, d.workspace, 1) })
	}))
}

// Settings that are saved beside a closing leave it alone, and the other way round.
func TestSettingsAndAClosingAtOnce(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	through := calendar.In(now(), time.UTC) - 1
	turn := d.turn(vera)
	require.NoError(t, d.meanwhile(func(tx *store.Tx) {
		require.NoError(t, tx.CloseDays(ctx, d.workspace, through))
	}, func() error {
		_, err := d.r.SaveYardSettings(ctx, turn, YardSettings{TransitHours: 5, LongStayDays: 6})
		return err
	}))
	want := store.Yard{ClosedThrough: through, TransitHours: 5, LongStayDays: 6}
	is := func() (y store.Yard) {
		d.tx(func(tx *store.Tx) (err error) {
			y, err = tx.Yard(ctx, d.workspace)
			return err
		})
		return y
	}
	require.Equal(t, want, is())
	turn = d.turn(vera)
	require.NoError(t, d.meanwhile(func(tx *store.Tx) {
		require.NoError(t, tx.SaveYard(ctx, d.workspace, 7, 8))
	}, func() error {
		_, err := d.r.CloseDays(ctx, turn, through-1)
		return err
	}))
	require.Equal(t, store.Yard{ClosedThrough: through - 1, TransitHours: 7, LongStayDays: 8}, is())
}

// A day is closed for a movement when it is so where the box is, or where it came in: its days are billed there.
func TestADayIsClosedByTheOriginsZoneToo(t *testing.T) {
	for name, zones := range map[string][2]string{
		"the origin is behind": {"America/Anchorage", "Asia/Tashkent"},
		"the origin is ahead":  {"Asia/Tashkent", "America/Anchorage"},
	} {
		t.Run(name, func(t *testing.T) {
			d, ctx := newDepot(t), t.Context()
			for n, terminal := range []yard.Terminal{d.north, d.south} {
				_, err := d.r.SaveTerminal(ctx, d.turn(vera), TerminalChange{ID: terminal.ID, Name: terminal.Name, Zone: zones[n]})
				require.NoError(t, err)
			}
			behind, err := time.LoadLocation("America/Anchorage")
			require.NoError(t, err)
			b := d.in(box1, 240*time.Hour)
			move := now().Add(-200 * time.Hour)
			_, err = d.r.Transfer(ctx, d.turn(vera), yard.Transfer{Stays: []int64{b.ID}, At: move, Details: yard.Details{To: d.south.ID}})
			require.NoError(t, err)
			_, err = d.r.Receive(ctx, d.turn(vera), yard.Receipt{Stays: []int64{b.ID}, At: move.Add(time.Minute)})
			require.NoError(t, err)
			day := calendar.In(now(), behind) - 3
			at := (day + 1).Start(behind).Add(-time.Hour) // the day in Anchorage, the next one in Tashkent
			d.close(day)
			out, err := d.r.Release(ctx, d.turn(sergey), yard.Departure{Stays: []int64{b.ID}, At: at})
			require.NoError(t, err)
			require.NotZero(t, out.Waits)
		})
	}
}

func TestATerminalsZoneStaysOnceSomethingWasRecorded(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	save := func(zone, name string) error {
		_, err := d.r.SaveTerminal(ctx, d.turn(vera), TerminalChange{ID: d.north.ID, Name: name, Zone: zone})
		return err
	}
	require.NoError(t, save("Asia/Almaty", "North"), "a slip when it was made")
	d.in(box1, time.Hour)
	refused(t, save("Asia/Tashkent", "North"), fault.Conflict, "yardrules.zone_stands")
	require.NoError(t, save("Asia/Almaty", "North gate"), "its name may change")
	_, err := d.r.SaveTerminal(ctx, d.turn(vera), TerminalChange{ID: d.south.ID, Name: "South", Zone: "UTC"})
	require.NoError(t, err)
}

// A gate-in that is being recorded is seen by who changes the zone meanwhile.
func TestAZoneAndAMovementAtOnce(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	turns := []chat.Turn{d.turn(nadia), d.turn(vera)}
	err := d.meanwhile(func(tx *store.Tx) {
		by, err := yardDeed(ctx, tx, turns[0])
		require.NoError(t, err)
		in := d.arrival(box1, now().Add(-time.Hour))
		c := yard.Change{Arrival: &in}
		steps, refused, err := d.r.plan(ctx, tx, by, c)
		require.NoError(t, err)
		_, err = d.r.carryOut(ctx, tx, by, c, steps, refused)
		require.NoError(t, err)
	}, func() error {
		_, err := d.r.SaveTerminal(ctx, turns[1], TerminalChange{ID: d.north.ID, Name: "North", Zone: "UTC"})
		return err
	})
	refused(t, err, fault.Conflict, "yardrules.zone_stands")
}

func TestAHoldOnTheWay(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	b := d.in(box1, time.Hour)
	_, err := d.r.Transfer(ctx, d.turn(nadia), yard.Transfer{Stays: []int64{b.ID}, Details: yard.Details{To: d.south.ID}})
	require.NoError(t, err)
	_, err = d.r.Handle(ctx, d.turn(tamara), yard.Handling{Stay: b.ID, Kind: yard.Held, Reason: "customs"})
	require.NoError(t, err)
	_, err = d.r.Receive(ctx, d.turn(sergey), yard.Receipt{Stays: []int64{b.ID}})
	require.NoError(t, err)
	_, err = d.r.Release(ctx, d.turn(sergey), yard.Departure{Stays: []int64{b.ID}})
	refused(t, err, fault.Conflict, "yardrules.held_for")
}
