package records

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// made gives n numbers that are valid.
func made(n int) []container.Number {
	var all []container.Number
	for i := range n {
		first := fmt.Sprintf("MSKU%06d", 100000+i)
		all = append(all, container.Number(fmt.Sprint(first, container.CheckDigit(first))))
	}
	return all
}

// together runs do n times at once and gives what came of each.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = do(i) })
	}
	all.Wait()
	return errs
}

// oneWon wants exactly one success; the others are told of it.
func oneWon(t *testing.T, errs []error, key string) {
	t.Helper()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		f := fault.As(err)
		require.NotNil(t, f, "%v", err)
		require.Equal(t, key, f.Text.Key)
	}
	require.Equal(t, 1, won)
}

func TestAHundredOnOneBoxAtOnce(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	turns := func() []chat.Turn {
		var all []chat.Turn
		for i := range 100 {
			all = append(all, d.turn([]int64{nadia, vera}[i%2]))
		}
		return all
	}
	ins := turns()
	oneWon(t, together(100, func(i int) error {
		_, err := d.r.GateIn(ctx, ins[i], d.arrival(box1, time.Time{}))
		return err
	}), "yardrules.stands_in")
	var id int64
	require.NoError(t, d.pool.QueryRow(ctx, `SELECT id FROM stays`).Scan(&id))

	moves := turns()
	errs := together(100, func(i int) error {
		var err error
		if i%4 < 2 {
			_, err = d.r.Release(ctx, moves[i], yard.Departure{Stays: []int64{id}})
		} else {
			_, err = d.r.Transfer(ctx, moves[i], yard.Transfer{Stays: []int64{id}, Details: yard.Details{To: d.south.ID}})
		}
		return err
	})
	key := "yardrules.stands_out"
	if d.box(id).State == yard.InTransit {
		key = "yardrules.stands_transit"
	}
	oneWon(t, errs, key)
	all := d.movements(id)
	require.Len(t, all, 2)
	winner := all[1].By.Name
	for _, err := range errs {
		if f := fault.As(err); f != nil {
			require.Equal(t, winner, f.Text.Args["By"].Plain, "the losers are told who was faster")
			require.True(t, all[1].At.Equal(*f.Text.Args["Since"].Time), "and when")
		}
	}
	entry := all[0]
	corrections := turns()
	errs = together(100, func(i int) error {
		_, err := d.r.Correct(ctx, corrections[i], yard.Correction{Movement: entry.ID, Reason: "race", Details: entry.Details})
		return err
	})
	oneWon(t, errs, "yardrules.corrected")
}

func TestAHundredBoxesAtOnceEachTwice(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	numbers := made(100)
	twice := func(do func(turn chat.Turn, i int) error) {
		t.Helper()
		var turns []chat.Turn
		for range numbers {
			turns = append(turns, d.turn(vera))
		}
		for _, err := range together(2*len(numbers), func(i int) error { return do(turns[i/2], i/2) }) {
			require.NoError(t, err)
		}
	}
	stays := make([]int64, len(numbers))
	var mu sync.Mutex
	twice(func(turn chat.Turn, i int) error {
		out, err := d.r.GateIn(ctx, turn, d.arrival(numbers[i], time.Time{}))
		if err == nil {
			mu.Lock()
			stays[i] = out.Boxes[0].ID
			mu.Unlock()
		}
		return err
	})
	twice(func(turn chat.Turn, i int) error {
		_, err := d.r.Transfer(ctx, turn, yard.Transfer{Stays: []int64{stays[i]}, Details: yard.Details{To: d.south.ID}})
		return err
	})
	twice(func(turn chat.Turn, i int) error {
		_, err := d.r.Receive(ctx, turn, yard.Receipt{Stays: []int64{stays[i]}})
		return err
	})
	twice(func(turn chat.Turn, i int) error {
		_, err := d.r.Release(ctx, turn, yard.Departure{Stays: []int64{stays[i]}})
		return err
	})
	for _, id := range stays {
		all := d.movements(id)
		require.Len(t, all, 4, "every movement exactly once")
		folded, err := yard.Fold(all)
		require.NoError(t, err)
		folded.Workspace = d.workspace
		require.Equal(t, folded, d.box(id).Stay)
	}
}

// Lists that name the same boxes in different orders take their locks in one order.
func TestListsOfTheSameBoxesAtOnce(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	var stays []int64
	for _, n := range made(20) {
		stays = append(stays, d.in(n, time.Hour).ID)
	}
	var turns []chat.Turn
	for range 20 {
		turns = append(turns, d.turn(nadia))
	}
	outs := make([]yard.Recorded, len(turns))
	errs := together(len(turns), func(i int) (err error) {
		mine := append(append([]int64{}, stays[i:]...), stays[:i]...)
		outs[i], err = d.r.Release(ctx, turns[i], yard.Departure{Stays: mine})
		return err
	})
	gone := 0
	for i, err := range errs {
		if err != nil { // all were gone
			refused(t, err, fault.Conflict, "yardrules.stands_out")
			continue
		}
		gone += len(outs[i].Boxes)
		require.Len(t, outs[i].Refused, len(stays)-len(outs[i].Boxes))
	}
	require.Equal(t, len(stays), gone)
}

// Two corrections that give two boxes the same number cannot both be.
func TestNumbersThatChangeAtOnceNeverStandTwice(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	a, b := d.in(box1, time.Hour), d.in(box2, time.Hour)
	of := []yard.Movement{d.movements(a.ID)[0], d.movements(b.ID)[0]}
	turns := []chat.Turn{d.turn(nadia), d.turn(nadia)}
	oneWon(t, together(2, func(i int) error {
		of[i].Number = box3
		_, err := d.r.Correct(ctx, turns[i], yard.Correction{Movement: of[i].ID, Reason: "race", Details: of[i].Details})
		return err
	}), "yardrules.overlaps_open")
	var twice int
	require.NoError(t, d.pool.QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM stays WHERE state = 'in' GROUP BY number HAVING count(*) > 1) x`).Scan(&twice))
	require.Zero(t, twice)
}
