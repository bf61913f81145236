package records

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

func TestPhotosOfABox(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	in := d.arrival(box1, now().Add(-48*time.Hour))
	in.Photos = []chat.File{{Kind: chat.Photo, ID: "in1"}, {Kind: chat.Photo, ID: "in2"}}
	out, err := d.r.GateIn(ctx, d.turn(nadia), in)
	require.NoError(t, err)
	stay := out.Boxes[0].ID
	require.Equal(t, 2, d.look(tamara, Looking{Typed: string(box1)})[0].Photos)
	require.Zero(t, d.look(nadia, Looking{Typed: string(box1), For: yard.ActRelease})[0].Photos, "only its card shows them")
	_, err = d.r.Handle(ctx, d.turn(nadia), yard.Handling{Stay: stay, Kind: yard.Operated, Details: yard.Details{Operation: yard.Crane}})
	require.NoError(t, err)
	_, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{stay}, Details: yard.Details{Photos: []chat.File{{Kind: chat.Photo, ID: "out"}}}})
	require.NoError(t, err)
	require.Equal(t, 3, d.look(vera, Looking{Stays: []int64{stay}})[0].Photos)

	all, err := d.r.PhotosOf(ctx, d.reading(tamara), stay)
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, yard.GateOut, all[0].Kind)
	require.Equal(t, in.Photos, all[1].Photos)
	_, err = d.r.PhotosOf(ctx, d.reading(ivan), stay)
	refused(t, err, fault.Forbidden, "yardrules.role")
	other := newDepot(t)
	all, err = other.r.PhotosOf(ctx, other.reading(nadia), stay)
	require.NoError(t, err)
	require.Empty(t, all, "of another workspace's")
}
