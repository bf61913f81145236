package records

import (
	"context"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/ticket"
	"quaydesk/store"
)

// What a ticket's workflow reads and does.

// TicketNow is what a ticket's workflow needs to know of it.
type TicketNow struct {
	State     ticket.State    `json:"state"`
	Since     time.Time       `json:"since"` // of the state, UTC
	Version   int             `json:"version"`
	Reminders []time.Duration `json:"reminders"` // after filing, then between reminders; the last repeats; none: no reminders
	HasBoard  bool            `json:"has_board"`
}

// ReadTicket gives what a ticket's workflow needs to know.
func (r *Records) ReadTicket(ctx context.Context, id int64) (TicketNow, error) {
	var now TicketNow
	err := r.store.Tx(ctx, func(tx *store.Tx) error {
		workspace, err := tx.TicketWorkspace(ctx, id)
		if err != nil {
			return err
		}
		t, err := tx.Ticket(ctx, workspace, id)
		if err != nil {
			return err
		}
		now.State, now.Since, now.Version = t.State, t.Since, t.Version
		if now.Reminders, err = tx.Reminders(ctx, workspace); err != nil {
			return err
		}
		board, err := tx.Board(ctx, workspace)
		now.HasBoard = board != nil
		return err
	})
	return now, err
}

// Reminding is a reminder to be sent.
type Reminding struct {
	Ticket int64     `json:"ticket"`
	Since  time.Time `json:"since"` // of the state New that it is about, UTC
	N      int       `json:"n"`     // the first is 1
}

// RemindStaff reminds all staff of a ticket that nobody has taken. It does nothing when somebody has by now, and the
// same reminder is sent once however often it is asked for.
func (r *Records) RemindStaff(ctx context.Context, in Reminding) error {
	return r.store.Tx(ctx, func(tx *store.Tx) error {
		workspace, err := tx.TicketWorkspace(ctx, in.Ticket)
		if err != nil {
			return err
		}
		t, err := tx.LockTicket(ctx, workspace, in.Ticket)
		if err != nil {
			return err
		}
		if t.State != ticket.New || !t.Since.Equal(in.Since) {
			return nil
		}
		return r.toStaff(ctx, tx, t, t.Organizer.ID, func(reader int64) chat.Outgoing {
			return chat.Outgoing{Key: noticeKey(t, in.N, reader), Message: t.Reminder()}
		})
	})
}
