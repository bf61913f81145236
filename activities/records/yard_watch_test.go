package records

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

func TestWhatAStaysWorkflowNeeds(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	b := d.in(box1, time.Hour)
	unwatched := func() []int64 {
		t.Helper()
		all, err := d.r.Unwatched(ctx, Unwatching{Workspace: d.workspace, Limit: 10})
		require.NoError(t, err)
		return all
	}
	require.Equal(t, []int64{b.ID}, unwatched())
	at, err := d.r.StayNow(ctx, b.ID)
	require.NoError(t, err)
	require.Empty(t, unwatched())
	tashkent, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(t, err)
	require.Equal(t, StayNow{Workspace: d.workspace, State: yard.In, Since: b.Entered, Version: 1,
		LongStay: (calendar.In(b.Entered, tashkent) + 30).Start(tashkent).UTC()}, at)

	_, err = d.r.Transfer(ctx, d.turn(nadia), yard.Transfer{Stays: []int64{b.ID}, Details: yard.Details{To: d.south.ID}})
	require.NoError(t, err)
	require.Equal(t, []int64{b.ID}, unwatched(), "every movement is something to look at")
	at, err = d.r.StayNow(ctx, b.ID)
	require.NoError(t, err)
	require.Equal(t, yard.InTransit, at.State)
	require.Equal(t, at.Since.Add(24*time.Hour), at.Missed)
	require.Equal(t, 24*time.Hour, at.MissedAgain)

	d.tx(func(tx *store.Tx) error {
		return tx.SaveYard(ctx, d.workspace, 2, 30)
	})
	require.Equal(t, []int64{b.ID}, unwatched(), "so is another deadline")
	at, err = d.r.StayNow(ctx, b.ID)
	require.NoError(t, err)
	require.Equal(t, at.Since.Add(2*time.Hour), at.Missed)

	_, err = d.r.Receive(ctx, d.turn(sergey), yard.Receipt{Stays: []int64{b.ID}})
	require.NoError(t, err)
	_, err = d.r.Release(ctx, d.turn(sergey), yard.Departure{Stays: []int64{b.ID}})
	require.NoError(t, err)
	at, err = d.r.StayNow(ctx, b.ID)
	require.NoError(t, err)
	require.Equal(t, StayNow{Workspace: d.workspace, State: yard.Out, Since: at.Since, Version: 4}, at)
	_, err = d.r.StayNow(ctx, 4711)
	refused(t, err, fault.NotFound, "yardrules.unknown")
}

func TestAMissedBoxIsToldOfOncePerReminder(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	b := d.in(box1, 72*time.Hour)
	out, err := d.r.Transfer(ctx, d.turn(nadia), yard.Transfer{Stays: []int64{b.ID}, At: now().Add(-48 * time.Hour), Details: yard.Details{To: d.south.ID}})
	require.NoError(t, err)
	since := out.Boxes[0].Since
	for _, n := range []int{1, 1, 2} {
		require.NoError(t, d.r.RemindTransit(ctx, Missing{Stay: b.ID, Since: since, N: n}))
	}
	require.Len(t, d.sees(sergey), 3, "that it comes, and two reminders")
	require.Contains(t, d.lastSeen(sergey), "⏰ MSKU 601167 2 не прибыл на South: отправлен с North")
	require.Contains(t, d.lastSeen(sergey), "[✅ Прибыл]")
	require.Len(t, d.sees(vera), 2)
	require.Empty(t, d.sees(nadia))

	require.NoError(t, d.r.RemindTransit(ctx, Missing{Stay: b.ID, Since: since.Add(-time.Hour), N: 3}), "of another transit")
	_, err = d.r.Receive(ctx, d.turn(sergey), yard.Receipt{Stays: []int64{b.ID}})
	require.NoError(t, err)
	require.NoError(t, d.r.RemindTransit(ctx, Missing{Stay: b.ID, Since: since, N: 3}), "it has come in by now")
	require.Len(t, d.sees(vera), 2)
}

func TestALongStayIsToldOfOnce(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	short, long := d.in(box1, 24*time.Hour), d.in(box2, 40*24*time.Hour)
	for range 2 {
		require.NoError(t, d.r.TellLongStay(ctx, short.ID))
		require.NoError(t, d.r.TellLongStay(ctx, long.ID))
	}
	require.Len(t, d.sees(vera), 1)
	require.Contains(t, d.lastSeen(vera), "⏳ CSQU 305438 3 (Anor Foods) has stood at North")
	require.Contains(t, d.lastSeen(vera), "41 days")
	require.Len(t, d.sees(nadia), 1)
	require.Empty(t, d.sees(sergey))
	at, err := d.r.StayNow(ctx, long.ID)
	require.NoError(t, err)
	require.Zero(t, at.LongStay)
	_, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{short.ID}})
	require.NoError(t, err)
	require.NoError(t, d.r.TellLongStay(ctx, short.ID))
}

func TestLongStaysOfASheetAreKnown(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	past := func(n container.Number, days int) yard.Past {
		return yard.Past{Number: n, Terminal: yard.Named{ID: d.north.ID}, Client: yard.Named{ID: d.client.ID}, Entered: now().AddDate(0, 0, -days)}
	}
	made, err := d.r.ImportStays(ctx, StayImport{Workspace: d.workspace, Op: "import:1", Stays: []yard.Past{past(box1, 50), past(box2, 10)}})
	require.NoError(t, err)
	for i, told := range []bool{true, false} {
		at, err := d.r.StayNow(ctx, made[i].Stay)
		require.NoError(t, err)
		require.Equal(t, told, at.LongStay.IsZero())
	}
}
