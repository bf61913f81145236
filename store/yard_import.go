package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/container"
	"quaydesk/domain/yard"
)

// StaysOf gives all stays of some numbers, those too that were reversed, or had one of these before it was corrected, by
// entry.
func (t *Tx) StaysOf(ctx context.Context, workspace int64, numbers []container.Number) ([]yard.Stay, error) {
	rows, err := t.tx.Query(ctx, `SELECT folded FROM stays WHERE workspace_id = $1 AND id IN (
			SELECT id FROM stays WHERE workspace_id = $1 AND number = ANY($2)
			UNION SELECT old.stay_id FROM movements later JOIN movements old ON old.id = later.replaces
			WHERE later.replaces IS NOT NULL AND later.workspace_id = $1 AND old.kind = 'gate_in' AND old.details->>'number' = ANY($2))
		ORDER BY entered_at, id`, workspace, numbers)
	if err != nil {
		return nil, fmt.Errorf("stays: %w", err)
	}
	stays, err := pgx.CollectRows(rows, pgx.RowTo[yard.Stay])
	if err != nil {
		return nil, fmt.Errorf("stays: %w", err)
	}
	return stays, nil
}

// TakeIDs gives n new ids of a table, "stays" or "movements", in order.
func (t *Tx) TakeIDs(ctx context.Context, table string, n int) ([]int64, error) {
	rows, err := t.tx.Query(ctx, `SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)`, table, n)
	if err != nil {
		return nil, fmt.Errorf("ids: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("ids: %w", err)
	}
	slices.Sort(ids)
	return ids, nil
}

// AddStays stores many stays of a workspace that are new, and many movements of its stays, which op records. All have
// ids of TakeIDs. Stays that are over have nothing to be watched for.
func (t *Tx) AddStays(ctx context.Context, workspace int64, stays []yard.Stay, movements []yard.Movement, op string) error {
	columns := []string{"id", "workspace_id", "number", "state", "size_type", "load", "client_id", "line_id", "terminal_id", "bound_id",
		"origin_id", "place", "held", "entered_at", "left_at", "since", "version", "folded", "watched"}
	_, err := t.tx.CopyFrom(ctx, pgx.Identifier{"stays"}, columns, pgx.CopyFromSlice(len(stays), func(i int) ([]any, error) {
		watched := 0
		if stays[i].State == yard.Out {
			watched = stays[i].Version
		}
		return append(stayValues(stays[i]), watched), nil
	}))
	if err != nil {
		return fmt.Errorf("add stays: %w", err)
	}
	type leg struct {
		stay int64
		n    int
		yard.Leg
	}
	var legs []leg
	for _, s := range stays {
		for n, l := range s.Legs {
			legs = append(legs, leg{s.ID, n, l})
		}
	}
	_, err = t.tx.CopyFrom(ctx, pgx.Identifier{"legs"}, []string{"stay_id", "n", "workspace_id", "terminal_id", "from_at", "to_at"},
		pgx.CopyFromSlice(len(legs), func(i int) ([]any, error) {
			l := legs[i]
			return []any{l.stay, l.n, workspace, l.Terminal, l.From, moment(l.To)}, nil
		}))
	if err != nil {
		return fmt.Errorf("add legs: %w", err)
	}
	_, err = t.tx.CopyFrom(ctx, pgx.Identifier{"movements"}, []string{"id", "workspace_id", "stay_id", "kind", "at", "recorded_at", "terminal_id",
		"details", "reason", "person_id", "person_name", "source", "op"},
		pgx.CopyFromSlice(len(movements), func(i int) ([]any, error) {
			m := movements[i]
			return []any{m.ID, workspace, m.Stay, m.Kind, m.At, m.Recorded, m.Terminal, m.Details, m.Reason, id(m.By.ID), m.By.Name, m.Source, op}, nil
		}))
	if err != nil {
		return fmt.Errorf("add movements: %w", err)
	}
	return nil
}

// stayValues are the values of a stay's columns, in the order of putStay.
func stayValues(s yard.Stay) []any {
	var held *string
	if s.OnHold {
		held = &s.Held
	}
	return []any{s.ID, s.Workspace, s.Number, s.State, s.SizeType, s.Load, s.Client, id(s.Line), s.Terminal, id(s.Bound), s.Origin,
		s.Place, held, s.Entered, moment(s.Left), s.Since, s.Version, s}
}
