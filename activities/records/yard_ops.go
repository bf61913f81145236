package records

import (
	"context"
	"errors"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// inYard runs do as an operation of the turn's person.
func inYard[Out any](ctx context.Context, r *Records, turn chat.Turn, do func(*store.Tx, deed) (Out, error)) (Out, error) {
	return once(ctx, r, turn, func(tx *store.Tx) (Out, error) {
		d, err := yardDeed(ctx, tx, turn)
		if err != nil {
			var none Out
			return none, err
		}
		return do(tx, d)
	})
}

// yardDeed is what the turn's person does in the yard; the web has no chat.
func yardDeed(ctx context.Context, tx *store.Tx, turn chat.Turn) (deed, error) {
	p, err := tx.PersonByTelegram(ctx, turn.Bot, turn.User)
	if err != nil {
		return deed{}, err
	}
	source := yard.FromChat
	if turn.Chat == 0 {
		source = yard.FromWeb
	}
	return deed{op: turn.Op, workspace: p.Workspace, by: p, at: now(), source: string(source), bot: turn.Bot, chat: turn.Chat}, nil
}

// GateIn records that a box has come in: its stay begins.
func (r *Records) GateIn(ctx context.Context, turn chat.Turn, in yard.Arrival) (yard.Recorded, error) {
	return r.change(ctx, turn, yard.Change{Arrival: &in})
}

// Release records that boxes have left.
func (r *Records) Release(ctx context.Context, turn chat.Turn, in yard.Departure) (yard.Recorded, error) {
	return r.change(ctx, turn, yard.Change{Departure: &in})
}

// Transfer records that boxes are off to another terminal. The dispatchers there are told.
func (r *Records) Transfer(ctx context.Context, turn chat.Turn, in yard.Transfer) (yard.Recorded, error) {
	return r.change(ctx, turn, yard.Change{Transfer: &in})
}

// Receive records that boxes in transit have come in where they are bound.
func (r *Records) Receive(ctx context.Context, turn chat.Turn, in yard.Receipt) (yard.Recorded, error) {
	return r.change(ctx, turn, yard.Change{Receipt: &in})
}

// Handle records an operation on a box, a hold, or the end of one.
func (r *Records) Handle(ctx context.Context, turn chat.Turn, in yard.Handling) (yard.Recorded, error) {
	return r.change(ctx, turn, yard.Change{Handling: &in})
}

// Correct records what a movement should have told, or that it never happened.
func (r *Records) Correct(ctx context.Context, turn chat.Turn, in yard.Correction) (yard.Recorded, error) {
	return r.change(ctx, turn, yard.Change{Correction: &in})
}

// change carries a change out, or has it wait for a manager when it reaches into a day that is closed for accounting and
// the turn's person may not do that. Of several boxes those that cannot be are refused; when that is all of them, or
// there is but one, so is the operation.
func (r *Records) change(ctx context.Context, turn chat.Turn, c yard.Change) (yard.Recorded, error) {
	return inYard(ctx, r, turn, func(tx *store.Tx, d deed) (yard.Recorded, error) {
		steps, refused, err := r.plan(ctx, tx, d, c)
		if err != nil {
			return yard.Recorded{}, err
		}
		if closed(steps) && !d.by.Role.May(people.ApproveChanges) {
			id, err := r.askApproval(ctx, tx, d, c, steps)
			return yard.Recorded{Refused: refused, Waits: id}, err
		}
		return r.carryOut(ctx, tx, d, c, steps, refused)
	})
}

// carryOut records planned steps and tells those who are concerned.
func (r *Records) carryOut(ctx context.Context, tx *store.Tx, d deed, c yard.Change, steps []step, refused []yard.Refusal) (yard.Recorded, error) {
	out := yard.Recorded{Refused: refused}
	var stays []int64
	for i := range steps {
		if err := r.write(ctx, tx, d, &steps[i]); err != nil {
			return yard.Recorded{}, err
		}
		stays = append(stays, steps[i].after.ID)
	}
	var err error
	if out.Boxes, err = tx.Boxes(ctx, d.workspace, stays, d.at); err != nil {
		return yard.Recorded{}, err
	}
	if c.Transfer != nil {
		err = r.tellBound(ctx, tx, d, c.Transfer.To, out.Boxes)
	}
	return out, err
}

// action is what a change does, as the audit log names it and people may do it.
func action(c yard.Change) yard.Action {
	switch {
	case c.Arrival != nil:
		return yard.ActGateIn
	case c.Departure != nil:
		return yard.ActRelease
	case c.Transfer != nil:
		return yard.ActTransfer
	case c.Receipt != nil:
		return yard.ActReceive
	case c.Handling != nil:
		switch c.Handling.Kind {
		case yard.Held:
			return yard.ActHold
		case yard.Unheld:
			return yard.ActUnhold
		}
		return yard.ActHandle
	}
	return yard.ActCorrect
}

// plan checks a change against everything as it is now, and holds the boxes' histories until the transaction ends.
// Nothing is written.
func (r *Records) plan(ctx context.Context, tx *store.Tx, d deed, c yard.Change) ([]step, []yard.Refusal, error) {
	one := func(s step, err error) ([]step, []yard.Refusal, error) { return []step{s}, nil, err }
	p := planner{tx: tx, d: d, action: action(c)}
	if err := p.begin(ctx); err != nil {
		return nil, nil, err
	}
	switch {
	case c.Arrival != nil:
		return one(p.arrival(ctx, *c.Arrival))
	case c.Departure != nil:
		return p.each(ctx, c.Departure.Stays, yard.Movement{Kind: yard.GateOut, At: c.Departure.At, Details: c.Departure.Details})
	case c.Transfer != nil:
		if _, err := tx.Terminal(ctx, d.workspace, c.Transfer.To); err != nil {
			return nil, nil, err
		}
		return p.each(ctx, c.Transfer.Stays, yard.Movement{Kind: yard.TransferOut, At: c.Transfer.At, Details: c.Transfer.Details})
	case c.Receipt != nil:
		return p.each(ctx, c.Receipt.Stays, yard.Movement{Kind: yard.TransferIn, At: c.Receipt.At, Details: c.Receipt.Details})
	case c.Handling != nil:
		h := c.Handling
		if h.Kind != yard.Operated && h.Kind != yard.Held && h.Kind != yard.Unheld {
			return nil, nil, fault.New(fault.Invalid, "yardrules.kind_unknown")
		}
		return p.each(ctx, []int64{h.Stay}, yard.Movement{Kind: h.Kind, At: h.At, Reason: h.Reason, Details: h.Details})
	case c.Correction != nil:
		return one(p.correction(ctx, *c.Correction))
	}
	return nil, nil, errors.New("a change of the yard without content")
}
