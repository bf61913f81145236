package records

import (
	"context"
	"slices"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// inYardLook is a look by the turn's person: nothing is written.
func inYardLook[Out any](ctx context.Context, r *Records, turn chat.Turn, do func(*store.Tx, deed) (Out, error)) (out Out, err error) {
	err = r.store.Tx(ctx, func(tx *store.Tx) error {
		d, err := yardDeed(ctx, tx, turn)
		if err != nil {
			return err
		}
		out, err = do(tx, d)
		return err
	})
	return out, err
}

// ReadMoment reads a moment that the turn's person typed (see yard.ParseMoment), in the zone of their terminal, or else
// of the workspace. It gives UTC.
func (r *Records) ReadMoment(ctx context.Context, turn chat.Turn, typed string) (time.Time, error) {
	return look(ctx, r, turn, func(tx *store.Tx, d deed) (time.Time, error) {
		zone, err := zoneOf(ctx, tx, d.by)
		if err != nil {
			return time.Time{}, err
		}
		return yard.ParseMoment(typed, d.at, zone)
	})
}

// zoneOf gives the time zone in which a person reads and types moments.
func zoneOf(ctx context.Context, tx *store.Tx, p people.Person) (*time.Location, error) {
	post := p.PostOf("terminal")
	if post == 0 {
		return tx.Zone(ctx, p.Workspace)
	}
	t, err := tx.Terminal(ctx, p.Workspace, post)
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(t.Zone)
}

// MovementsOf gives a stay's movements that count and that the turn's person may correct, the latest first.
func (r *Records) MovementsOf(ctx context.Context, turn chat.Turn, stay int64) ([]yard.Movement, error) {
	return look(ctx, r, turn, func(tx *store.Tx, d deed) ([]yard.Movement, error) {
		all, err := tx.Movements(ctx, d.workspace, stay)
		if err != nil {
			return nil, err
		}
		counting := yard.Effective(all)
		slices.Reverse(counting)
		return slices.DeleteFunc(counting, func(m yard.Movement) bool { return yard.MayCorrect(d.by, m.Kind, m.Terminal) != nil }), nil
	})
}
