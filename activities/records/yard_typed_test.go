package records

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

func TestWhatIsUnderWayToWhom(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	b, _ := d.in(box1, 48*time.Hour), d.in(box2, 48*time.Hour)
	require.Empty(t, d.look(sergey, Looking{For: yard.ActReceive}))
	_, err := d.r.Transfer(ctx, d.turn(nadia), yard.Transfer{Stays: []int64{b.ID}, Details: yard.Details{To: d.south.ID}})
	require.NoError(t, err)
	for user, want := range map[int64]int{sergey: 1, nadia: 0, vera: 1} {
		coming := d.look(user, Looking{For: yard.ActReceive})
		require.Len(t, coming, want)
		if want > 0 {
			require.Equal(t, box1, coming[0].Number)
			require.Nil(t, coming[0].Refused)
		}
	}
}

func TestReadingWhatWasTyped(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	zone, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(t, err)
	at := now().Add(-24 * time.Hour).Truncate(time.Minute)
	got, err := d.r.ReadMoment(ctx, d.reading(nadia), at.In(zone).Format("02.01.2006 15:04"))
	require.NoError(t, err)
	require.True(t, at.Equal(got))
	_, err = d.r.ReadMoment(ctx, d.reading(nadia), "soon")
	refused(t, err, fault.Invalid, "yardrules.moment")
}

func TestMovementsOfABox(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	b := d.in(box1, 48*time.Hour)
	_, err := d.r.Handle(ctx, d.turn(nadia), yard.Handling{Stay: b.ID, Kind: yard.Operated, Details: yard.Details{Operation: yard.Crane}})
	require.NoError(t, err)
	all, err := d.r.MovementsOf(ctx, d.reading(nadia), b.ID)
	require.NoError(t, err)
	require.Equal(t, yard.Operated, all[0].Kind)
	require.Equal(t, yard.GateIn, all[1].Kind)
	all, err = d.r.MovementsOf(ctx, d.reading(sergey), b.ID)
	require.NoError(t, err)
	require.Empty(t, all, "at another terminal than his own")
	_, err = d.r.MovementsOf(ctx, d.reading(ivan), b.ID)
	refused(t, err, fault.Forbidden, "yardrules.role")
}
