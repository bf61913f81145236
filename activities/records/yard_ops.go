package records

import (
	"context"

	"quaydesk/domain/chat"
	"quaydesk/domain/yard"
)

// GateIn records that a box has come in: its stay begins.
func (r *Records) GateIn(ctx context.Context, turn chat.Turn, in yard.Arrival) (yard.Recorded, error) {
	return yard.Recorded{}, errSoon
}

// Release records that boxes have left.
func (r *Records) Release(ctx context.Context, turn chat.Turn, in yard.Departure) (yard.Recorded, error) {
	return yard.Recorded{}, errSoon
}

// Transfer records that boxes are off to another terminal. The dispatchers there are told.
func (r *Records) Transfer(ctx context.Context, turn chat.Turn, in yard.Transfer) (yard.Recorded, error) {
	return yard.Recorded{}, errSoon
}

// Receive records that boxes in transit have come in where they are bound.
func (r *Records) Receive(ctx context.Context, turn chat.Turn, in yard.Receipt) (yard.Recorded, error) {
	return yard.Recorded{}, errSoon
}

// Handle records an operation on a box, a hold, or the end of one.
func (r *Records) Handle(ctx context.Context, turn chat.Turn, in yard.Handling) (yard.Recorded, error) {
	return yard.Recorded{}, errSoon
}

// Correct records what a movement should have told, or that it never happened.
func (r *Records) Correct(ctx context.Context, turn chat.Turn, in yard.Correction) (yard.Recorded, error) {
	return yard.Recorded{}, errSoon
}

// Decide lets a change that waits into a closed day, or refuses it, and tells who asked for it.
func (r *Records) Decide(ctx context.Context, turn chat.Turn, in yard.Decision) (yard.Recorded, error) {
	return yard.Recorded{}, errSoon
}
