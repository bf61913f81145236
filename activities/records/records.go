// Package records holds the activities that read and change the product's own records: each change of the domain, the
// messages that tell of it and the journal's outcome in one transaction, once per operation key.
package records

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/store"
)

// Store runs transactions.
type Store interface {
	Tx(ctx context.Context, do func(*store.Tx) error) error
}

// Texts renders texts in a reader's language, moments in zone: HTML for Telegram, Label without markup for buttons.
type Texts interface {
	HTML(lang string, zone *time.Location, t chat.Text) string
	Label(lang string, zone *time.Location, t chat.Text) string
}

// Records are the activities. Every exported method is registered as one, under its bare name.
type Records struct {
	store Store
	texts Texts
}

// New makes the activities on a store, with the texts' catalogue.
func New(s Store, t Texts) *Records { return &Records{store: s, texts: t} }

// once carries out an operation: do's changes, the turn's messages, the journal's outcome and the answer in one
// transaction. When turn.Op was carried out before, nothing changes and its first answer comes back. A fault of do rolls
// all of it back and comes back as it is.
func once[Out any](ctx context.Context, r *Records, turn chat.Turn, do func(*store.Tx) (Out, error)) (Out, error) {
	var out Out
	if turn.Op == "" {
		return out, errors.New("an operation without a key")
	}
	err := r.store.Tx(ctx, func(tx *store.Tx) error {
		saved, done, err := tx.Begin(ctx, turn.Op)
		if err != nil {
			return err
		}
		if done {
			return json.Unmarshal(saved, &out)
		}
		if out, err = do(tx); err != nil {
			return err
		}
		result, err := json.Marshal(out)
		if err != nil {
			return fmt.Errorf("answer of an operation: %w", err)
		}
		return r.finish(ctx, tx, turn, store.End{Op: turn.Op, Result: result})
	})
	if err != nil {
		var none Out
		return none, err
	}
	return out, nil
}

// finish writes a turn's messages and outcome along with end.
func (r *Records) finish(ctx context.Context, tx *store.Tx, turn chat.Turn, end store.End) error {
	rows, err := r.rows(ctx, tx, turn.Bot, turn.Out)
	if err != nil {
		return err
	}
	end.Bot, end.Rows, end.Updates, end.Outcome = turn.Bot, rows, turn.Updates, turn.Outcome
	return tx.Finish(ctx, end)
}
