package records

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/billing"
	"quaydesk/domain/container"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/store/storetest"
	"quaydesk/texts"
)

// TestWhatIsBilledIsWhatTheMovementsAddUpTo has people do things at random, and compares the stays that are billed as of
// moments in between with what the movements add up to that were recorded until then.
func TestWhatIsBilledIsWhatTheMovementsAddUpTo(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	dice := rand.New(rand.NewPCG(20261001, 7))
	boxes := []container.Number{box1, box2, box3, box4}
	var stays []int64
	var moments []time.Time
	at := now().Add(-60 * 24 * time.Hour)
	for range 150 {
		at = at.Add(time.Duration(dice.IntN(12*60)) * time.Minute)
		var id int64
		if len(stays) > 0 {
			id = stays[dice.IntN(len(stays))]
		}
		turn := d.turn(vera)
		// Most of what is drawn is refused, for the box stands elsewhere: that is no matter.
		switch dice.IntN(7) {
		case 0, 1:
			in := d.arrival(boxes[dice.IntN(len(boxes))], at)
			if out, err := d.r.GateIn(ctx, turn, in); err == nil {
				stays = append(stays, out.Boxes[0].ID)
			}
		case 2:
			_, _ = d.r.Release(ctx, turn, yard.Departure{Stays: []int64{id}, At: at})
		case 3:
			_, _ = d.r.Transfer(ctx, turn, yard.Transfer{Stays: []int64{id}, At: at, Details: yard.Details{To: d.south.ID}})
		case 4:
			_, _ = d.r.Receive(ctx, turn, yard.Receipt{Stays: []int64{id}, At: at})
		case 5:
			_, _ = d.r.Handle(ctx, turn, yard.Handling{Stay: id, Kind: yard.Operated, At: at, Details: yard.Details{Operation: yard.Crane}})
		case 6:
			if id == 0 {
				continue
			}
			all := d.movements(id)
			m := all[dice.IntN(len(all))]
			c := yard.Correction{Movement: m.ID, Reason: "drawn", Details: m.Details, At: m.At.Add(time.Duration(dice.IntN(600)-300) * time.Minute)}
			if dice.IntN(4) == 0 {
				c.Reverse = true
			} else if m.Kind == yard.GateIn && dice.IntN(2) == 0 {
				c.Client = d.line.ID
			}
			_, _ = d.r.Correct(ctx, turn, c)
		}
		moments = append(moments, now())
	}
	require.NotEmpty(t, stays)

	billed := func(b store.Billed, asOf time.Time) (all []billing.Stay) {
		b.Workspace = d.workspace
		d.tx(func(tx *store.Tx) (err error) {
			all, err = tx.StaysAsOf(ctx, b, asOf)
			return err
		})
		slices.SortFunc(all, func(a, b billing.Stay) int { return cmp.Compare(a.ID, b.ID) })
		return all
	}
	compared := 0
	for _, asOf := range moments {
		var want []billing.Stay
		for _, id := range stays {
			s, err := foldAsOf(d.movements(id), asOf)
			if err != nil || s.State == yard.Void {
				continue
			}
			b := billing.Stay{ID: id, Number: s.Number, SizeType: s.SizeType, Load: s.Load, Client: s.Client, Entry: s.Entered, Exit: s.Left,
				Zone: tashkentZone, Operations: s.Done}
			for _, leg := range s.Legs {
				if leg.To.IsZero() || leg.To.Equal(s.Left) {
					continue
				}
				b.Operations = append(b.Operations, yard.Handled{Operation: billing.Transfer, At: leg.To})
			}
			want = append(want, b)
		}
		got := billed(store.Billed{}, asOf)
		for _, all := range [][]billing.Stay{want, got} {
			for i := range all {
				slices.SortFunc(all[i].Operations, func(a, b yard.Handled) int {
					return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Operation, b.Operation))
				})
			}
		}
		require.Equal(t, want, got)
		compared += len(got)

		for _, client := range []int64{d.client.ID, d.line.ID} {
			from, to := day(40), day(20)
			some := billed(store.Billed{Company: client, From: from, To: to}, asOf)
			for _, s := range want {
				inside := s.Client == client && s.Entry.Before((to + 1).Start(tashkentZone)) && (s.Exit.IsZero() || !s.Exit.Before(from.Start(tashkentZone)))
				if inside {
					require.True(t, slices.ContainsFunc(some, func(o billing.Stay) bool { return o.ID == s.ID }))
				}
			}
			require.False(t, slices.ContainsFunc(some, func(o billing.Stay) bool { return o.Client != client }))
		}
	}
	require.Greater(t, compared, 500)
}

// TestAnotherDatabaseGivesTheSameFiguresAsOfAnyMoment exports a schedule and imports it elsewhere.
func TestAnotherDatabaseGivesTheSameFiguresAsOfAnyMoment(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.save(0, flat(day(100), 0, "10"))
	first := now()
	d.save(0, flat(day(7), 0, "4"))
	d.save(d.line.ID, flat(day(7), 0, "1"))
	_, err := d.r.WithdrawTariffVersion(ctx, d.turn(tamara), Withdrawal{Company: d.line.ID, ValidFrom: day(7)})
	require.NoError(t, err)
	book, err := d.r.Schedule(ctx, d.workspace)
	require.NoError(t, err)

	other := store.New(storetest.New(t))
	workspace, err := other.EnsureWorkspace(ctx, "w", "Asia/Tashkent")
	require.NoError(t, err)
	r := New(other, texts.New())
	imported, err := r.LoadSchedule(ctx, Loading{Op: "cli:1", Workspace: workspace, Schedule: book})
	require.NoError(t, err)
	require.Equal(t, Imported{Added: 4, Companies: []string{"Anor Foods", "Saiga Shipping"}}, imported)
	imported, err = r.LoadSchedule(ctx, Loading{Op: "cli:2", Workspace: workspace, Schedule: book})
	require.NoError(t, err)
	require.Equal(t, Imported{Unchanged: 4, Companies: []string{}}, imported)

	again, err := r.Schedule(ctx, workspace)
	require.NoError(t, err)
	s := billing.Stay{ID: 1, Number: box1, SizeType: "22G1", Load: container.Laden, Client: 99, Entry: noon(9), Exit: noon(5), Zone: tashkentZone}
	for _, asOf := range []time.Time{first, now()} {
		want, err := book.AsOf(asOf).Rate(s)
		require.NoError(t, err)
		got, err := again.AsOf(asOf).Rate(s)
		require.NoError(t, err)
		require.Equal(t, gross(want.Totals), gross(got.Totals))
	}
}
