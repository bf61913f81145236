package records

import (
	"context"
	"slices"

	"quaydesk/domain/chat"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// PhotosOf gives a stay's movements that count and of which there are photos, the latest first.
func (r *Records) PhotosOf(ctx context.Context, turn chat.Turn, stay int64) ([]yard.Movement, error) {
	return look(ctx, r, turn, func(tx *store.Tx, d deed) ([]yard.Movement, error) {
		return pictured(ctx, tx, d.workspace, stay)
	})
}

func pictured(ctx context.Context, tx *store.Tx, workspace, stay int64) ([]yard.Movement, error) {
	all, err := tx.Movements(ctx, workspace, stay)
	if err != nil {
		return nil, err
	}
	counting := slices.DeleteFunc(yard.Effective(all), func(m yard.Movement) bool { return len(m.Photos) == 0 })
	slices.Reverse(counting)
	return counting, nil
}

// countPhotos adds how many photos there are of a box that is looked at alone, as on its card.
func countPhotos(ctx context.Context, tx *store.Tx, workspace int64, known []Known) error {
	if len(known) != 1 || known[0].Box == nil {
		return nil
	}
	movements, err := pictured(ctx, tx, workspace, known[0].Box.ID)
	for _, m := range movements {
		known[0].Photos += len(m.Photos)
	}
	return err
}
