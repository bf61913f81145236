package records

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
)

// twoWait are two boxes whose release into a closed day waits for a manager, as of that day.
func (d depot) twoWait() (one, two yard.Box, approval int64) {
	d.t.Helper()
	one, two = d.in(box1, 96*time.Hour), d.in(box2, 96*time.Hour)
	at := d.closedDay()
	out, err := d.r.Release(d.t.Context(), d.turn(nadia), yard.Departure{Stays: []int64{one.ID, two.ID}, At: at})
	require.NoError(d.t, err)
	require.NotZero(d.t, out.Waits)
	return one, two, out.Waits
}

func TestNothingLeftToApproveIsToldAndWaitsOn(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	one, two, waits := d.twoWait()
	_, err := d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{one.ID, two.ID}})
	require.NoError(t, err)
	_, err = d.r.Decide(ctx, d.turn(vera), yard.Decision{Approval: waits, Approve: true})
	refused(t, err, fault.Conflict, "yardrules.stands_out")
	require.Empty(t, d.sees(nadia))
	require.Contains(t, d.lastSeen(vera), "[✅ Approve]", "it waits still")
	_, err = d.r.Decide(ctx, d.turn(vera), yard.Decision{Approval: waits})
	require.NoError(t, err)
	require.Contains(t, d.lastSeen(nadia), "✖️ Vera refused")
}

func TestWhatOfAnApprovalIsNotRecordedIsTold(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.post(600, "Boris", people.Owner, "en", "")
	one, two, waits := d.twoWait()
	_, err := d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{one.ID}})
	require.NoError(t, err)
	out, err := d.r.Decide(ctx, d.turn(vera), yard.Decision{Approval: waits, Approve: true})
	require.NoError(t, err)
	require.Len(t, out.Boxes, 1)
	require.Equal(t, two.ID, out.Boxes[0].ID)
	require.Len(t, out.Refused, 1)
	for _, who := range []int64{nadia, vera, 600} {
		require.Contains(t, d.lastSeen(who), "These are not recorded: / MSKU 601167 2: ")
		require.NotContains(t, d.lastSeen(who), "CSQU 305438 3:")
	}
}

func TestOfTwoManagersAtOnceOneDecides(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.post(600, "Boris", people.Owner, "en", "")
	_, two, waits := d.twoWait()
	turns := []chat.Turn{d.turn(vera), d.turn(600)}
	oneWon(t, together(2, func(i int) error {
		_, err := d.r.Decide(ctx, turns[i], yard.Decision{Approval: waits, Approve: true})
		return err
	}), "yardrules.decided")
	require.Len(t, d.movements(two.ID), 2)
}

func TestAListOfWhichNothingCanBeIsRefused(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	stays := []int64{d.in(box1, time.Hour).ID, d.in(box2, time.Hour).ID}
	_, err := d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: stays})
	require.NoError(t, err)
	_, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: stays})
	refused(t, err, fault.Conflict, "yardrules.stands_out")
}

// A box that was refused when a list was to go is not let out with the others later: nobody was asked for it.
func TestOnlyWhatCanBeIsAskedFor(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	one, two := d.in(box1, 96*time.Hour), d.in(box2, 96*time.Hour)
	at := d.closedDay()
	held := yard.Handling{Stay: one.ID, Kind: yard.Held, Reason: "customs"}
	_, err := d.r.Handle(ctx, d.turn(tamara), held)
	require.NoError(t, err)
	out, err := d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{one.ID, two.ID}, At: at})
	require.NoError(t, err)
	require.Len(t, out.Refused, 1)
	_, err = d.r.Correct(ctx, d.turn(tamara), yard.Correction{Movement: d.movements(one.ID)[1].ID, Reverse: true, Reason: "slip"})
	require.NoError(t, err)
	done, err := d.r.Decide(ctx, d.turn(vera), yard.Decision{Approval: out.Waits, Approve: true})
	require.NoError(t, err)
	require.Len(t, done.Boxes, 1)
	require.Equal(t, two.ID, done.Boxes[0].ID)
	require.Equal(t, yard.In, d.box(one.ID).State)
}
