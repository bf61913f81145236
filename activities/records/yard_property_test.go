package records

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// Whatever people do, in whatever order and at whatever times: what is refused is refused with words; each row is what
// its movements add up to, now and as of any moment before; and the stays of a number never overlap.
func TestWhateverPeopleDo(t *testing.T) {
	w := newDesks(t)
	rapid.Check(t, func(t *rapid.T) {
		d := w.depot()
		ctx := w.t.Context()
		then := map[int64][]known{} // by stay, as it was after each of its movements
		check := func(rec yard.Recorded, err error) {
			if err != nil {
				require.NotNil(t, fault.As(err), "%v", err)
				return
			}
			for _, b := range rec.Boxes {
				all := d.movements(b.ID)
				then[b.ID] = append(then[b.ID], known{all[len(all)-1].Recorded, b.Stay})
			}
		}
		for range rapid.IntRange(1, 15).Draw(t, "steps") {
			at := now().Add(-time.Duration(rapid.IntRange(-1, 100).Draw(t, "hours ago")) * time.Hour)
			number := rapid.SampledFrom([]container.Number{box1, box2}).Draw(t, "number")
			box := d.latest(number)
			do := rapid.SampledFrom([]string{"in", "out", "transfer", "receive", "crane", "hold", "unhold", "move", "rename", "reverse"}).Draw(t, "do")
			if do == "in" {
				check(d.r.GateIn(ctx, d.turn(vera), d.arrival(number, at)))
				continue
			}
			if box == nil {
				continue
			}
			all := d.movements(box.ID)
			m := all[rapid.IntRange(0, len(all)-1).Draw(t, "movement")]
			fix := yard.Correction{Movement: m.ID, Reason: "slip", Details: m.Details, Terminal: m.Terminal}
			switch do {
			case "out":
				check(d.r.Release(ctx, d.turn(vera), yard.Departure{Stays: []int64{box.ID}, At: at}))
			case "transfer":
				to := d.south.ID
				if box.Terminal == to {
					to = d.north.ID
				}
				check(d.r.Transfer(ctx, d.turn(vera), yard.Transfer{Stays: []int64{box.ID}, At: at, Details: yard.Details{To: to}}))
			case "receive":
				check(d.r.Receive(ctx, d.turn(vera), yard.Receipt{Stays: []int64{box.ID}, At: at}))
			case "crane":
				check(d.r.Handle(ctx, d.turn(vera), yard.Handling{Stay: box.ID, Kind: yard.Operated, At: at, Details: yard.Details{Operation: yard.Crane}}))
			case "hold":
				check(d.r.Handle(ctx, d.turn(vera), yard.Handling{Stay: box.ID, Kind: yard.Held, At: at}))
			case "unhold":
				check(d.r.Handle(ctx, d.turn(vera), yard.Handling{Stay: box.ID, Kind: yard.Unheld, At: at}))
			case "move":
				fix.At = at
				check(d.r.Correct(ctx, d.turn(vera), fix))
			case "rename":
				if fix.Number != "" {
					fix.Number = box1
				}
				check(d.r.Correct(ctx, d.turn(vera), fix))
			case "reverse":
				check(d.r.Correct(ctx, d.turn(vera), yard.Correction{Movement: m.ID, Reason: "never", Reverse: true}))
			}
		}
		d.addUp(t, then)
	})
}

// known is what a stay was as of a moment.
type known struct {
	recorded time.Time
	stay     yard.Stay
}

// latest is the box of a number that goes on, or else the last one.
func (d depot) latest(number container.Number) (box *yard.Box) {
	d.tx(func(tx *store.Tx) error {
		boxes, err := tx.LatestBoxes(d.t.Context(), d.workspace, []container.Number{number}, now())
		if len(boxes) > 0 {
			box = &boxes[0]
		}
		return err
	})
	return box
}

// addUp checks all stays against their movements, their legs, each other, and what they were.
func (d depot) addUp(t *rapid.T, then map[int64][]known) {
	var stays []yard.Stay
	d.tx(func(tx *store.Tx) (err error) {
		stays, err = tx.StaysOf(d.t.Context(), d.workspace, []container.Number{box1, box2})
		return err
	})
	for i, s := range stays {
		all := d.movements(s.ID)
		folded, err := yard.Fold(all)
		require.NoError(t, err)
		folded.Workspace = d.workspace
		require.Equal(t, folded, s)
		for _, k := range then[s.ID] {
			was, err := foldAsOf(all, k.recorded)
			require.NoError(t, err)
			was.Workspace = d.workspace
			require.Equal(t, k.stay, was, "as of then")
		}
		var legs int
		require.NoError(t, d.pool.QueryRow(d.t.Context(), `SELECT count(*) FROM legs WHERE stay_id = $1`, s.ID).Scan(&legs))
		require.Equal(t, len(s.Legs), legs)
		for _, other := range stays[:i] {
			if s.Number == other.Number && s.State != yard.Void && other.State != yard.Void {
				require.False(t, overlap(s, other), "%+v\n%+v", s, other)
			}
		}
	}
}

// foldAsOf is the fold of what was recorded until a moment, that moment included.
func foldAsOf(movements []yard.Movement, until time.Time) (yard.Stay, error) {
	return yard.Fold(slices.DeleteFunc(slices.Clone(movements), func(m yard.Movement) bool { return m.Recorded.After(until) }))
}
