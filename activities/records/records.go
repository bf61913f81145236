// Package records holds the activities that read and change the product's own records: each change of the domain, the
// messages that tell of it and the journal's outcome in one transaction, once per operation key.
package records

import (
	"context"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/store"
)

// Store runs transactions.
type Store interface {
	Tx(ctx context.Context, do func(*store.Tx) error) error
}

// Texts renders texts in a reader's language; time.Time's are shown in zone.
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
	panic("not yet")
}

// enqueue puts messages of a bot into the outbox, rendered for their readers, in order and within do's transaction. It
// is for messages besides the turn's own: to other people, or that do alone can word.
func (r *Records) enqueue(ctx context.Context, tx *store.Tx, bot int64, out ...chat.Outgoing) error {
	panic("not yet")
}
