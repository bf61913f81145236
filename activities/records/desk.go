package records

import (
	"context"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/ticket"
	"quaydesk/store"
)

// What people do on the desk by Telegram. Each activity is one operation, by the person of its turn.

// desk runs do as an operation of the turn's person.
func desk[Out any](ctx context.Context, r *Records, turn chat.Turn, do func(*store.Tx, deed) (Out, error)) (Out, error) {
	return once(ctx, r, turn, func(tx *store.Tx) (Out, error) {
		var none Out
		p, err := tx.PersonByTelegram(ctx, turn.Bot, turn.User)
		if err != nil {
			return none, err
		}
		return do(tx, deed{op: turn.Op, workspace: p.Workspace, by: p, at: now(), source: "telegram", bot: turn.Bot, chat: turn.Chat})
	})
}

// Filing is a ticket to be filed.
type Filing struct {
	Category ticket.Category `json:"category"`
	Said     Said            `json:"said"`
	Moves    int64           `json:"moves,omitempty"` // a comment that is withdrawn for it
}

// Filed is a ticket that was filed.
type Filed struct {
	Ticket ticket.Ticket `json:"ticket"`
	From   int64         `json:"from,omitempty"` // the ticket that its words were withdrawn from
}

// FileTicket files a ticket of the turn's person.
func (r *Records) FileTicket(ctx context.Context, turn chat.Turn, in Filing) (Filed, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (Filed, error) {
		var filed Filed
		if in.Moves != 0 {
			c, err := r.withdraw(ctx, tx, d, in.Moves)
			if err != nil {
				return filed, err
			}
			filed.From = c.Ticket
		}
		var err error
		filed.Ticket, err = r.file(ctx, tx, d, in.Category, in.Said)
		return filed, err
	})
}

// Taking is a ticket to be taken.
type Taking struct {
	Ticket int64 `json:"ticket"`
	Fresh  bool  `json:"fresh"` // send a new card, even if a notice could become one
}

// TakeTicket gives a ticket that waits to the turn's person. A Conflict says who was faster.
func (r *Records) TakeTicket(ctx context.Context, turn chat.Turn, in Taking) (ticket.Ticket, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (ticket.Ticket, error) {
		return r.take(ctx, tx, d, in.Ticket, in.Fresh)
	})
}

// ReleaseTicket gives a ticket back to the queue.
func (r *Records) ReleaseTicket(ctx context.Context, turn chat.Turn, id int64) (ticket.Ticket, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (ticket.Ticket, error) { return r.release(ctx, tx, d, id) })
}

// CloseTicket closes a ticket.
func (r *Records) CloseTicket(ctx context.Context, turn chat.Turn, id int64) (ticket.Ticket, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (ticket.Ticket, error) { return r.close(ctx, tx, d, id) })
}

// ReopenTicket opens a closed ticket again.
func (r *Records) ReopenTicket(ctx context.Context, turn chat.Turn, id int64) (ticket.Ticket, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (ticket.Ticket, error) { return r.reopen(ctx, tx, d, id) })
}

// Commenting is a comment to be made.
type Commenting struct {
	Ticket int64 `json:"ticket"`
	Said   Said  `json:"said"`
}

// Commented is a comment that was made, on the ticket as it is now.
type Commented struct {
	Ticket  ticket.Ticket `json:"ticket"`
	Comment int64         `json:"comment"`
	Side    ticket.Side   `json:"side"`

	Reopened    bool `json:"reopened,omitempty"`    // it was closed before
	Unreachable bool `json:"unreachable,omitempty"` // an agent's: nothing can be sent to the organizer's chat just now
}

// CommentTicket says something on a ticket: as its organizer, or else as staff.
func (r *Records) CommentTicket(ctx context.Context, turn chat.Turn, in Commenting) (Commented, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (Commented, error) {
		before, err := tx.LockTicket(ctx, d.workspace, in.Ticket)
		if err != nil {
			return Commented{}, err
		}
		side := ticket.FromAgent
		if d.is(before.Organizer) {
			side = ticket.FromOrganizer
		}
		c, t, err := r.comment(ctx, tx, d, in.Ticket, side, in.Said)
		if err != nil {
			return Commented{}, err
		}
		out := Commented{Ticket: t, Comment: c.ID, Side: side,
			Reopened: before.State == ticket.Closed && t.State != ticket.Closed}
		if side == ticket.FromAgent {
			out.Unreachable, err = tx.IsUnreachable(ctx, t.Bot, t.Chat)
		}
		return out, err
	})
}

// Editing is an edited Telegram message.
type Editing struct {
	Message int    `json:"message"`
	Text    string `json:"text"`
}

// EditComment edits the comment that a message of the turn's chat was, and gives the ticket's id; 0 when the message
// was no comment.
func (r *Records) EditComment(ctx context.Context, turn chat.Turn, in Editing) (int64, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (int64, error) {
		_, part, err := tx.AboutMessage(ctx, turn.Bot, turn.Chat, in.Message)
		if err != nil {
			return 0, err
		}
		id, ok := ticket.FromPart(part)
		if !ok {
			return 0, nil
		}
		c, err := r.edit(ctx, tx, d, id, in.Message, in.Text)
		return c.Ticket, err
	})
}

// OwnComment gives a comment of the turn's person.
func (r *Records) OwnComment(ctx context.Context, turn chat.Turn, id int64) (ticket.Comment, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (ticket.Comment, error) {
		c, err := tx.Comment(ctx, d.workspace, id)
		if err == nil && (!d.is(c.Author) || c.Withdrawn()) {
			err = fault.New(fault.Forbidden, "ticket.comment_not_yours")
		}
		return c, err
	})
}

// Listing is a page of a list to be shown.
type Listing struct {
	Action string `json:"action"` // ticket.ActTickets, ActQueue or ActMine
	Page   int    `json:"page"`   // from 0; a page behind the last one is the last one
}

// Page is a page of a list.
type Page struct {
	Tickets []ticket.Listed `json:"tickets"`
	Page    int             `json:"page"`
	Total   int             `json:"total"` // of tickets in the whole list
}

var lists = map[string]store.TicketList{
	ticket.ActTickets: store.Own,
	ticket.ActQueue:   store.Queue,
	ticket.ActMine:    store.Mine,
}

// ListTickets gives a page of one of the lists, of which an organizer sees only their own.
func (r *Records) ListTickets(ctx context.Context, turn chat.Turn, in Listing) (Page, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (Page, error) {
		if in.Action != ticket.ActTickets && !d.by.Role.Staff() {
			return Page{}, fault.New(fault.Forbidden, "ticket.staff_only")
		}
		total, err := tx.CountTickets(ctx, d.workspace, lists[in.Action], d.by.ID)
		if err != nil {
			return Page{}, err
		}
		p := Page{Page: min(in.Page, max(total-1, 0)/ticket.PageSize), Total: total}
		p.Tickets, err = tx.Tickets(ctx, d.workspace, lists[in.Action], d.by.ID, p.Page*ticket.PageSize, ticket.PageSize)
		return p, err
	})
}

// ChooseLimit is among how many open tickets an organizer may be asked to choose.
const ChooseLimit = 8

// OpenTickets gives the open tickets of the turn's person, the newest first, at most one more than ChooseLimit.
func (r *Records) OpenTickets(ctx context.Context, turn chat.Turn, _ struct{}) ([]ticket.Listed, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) ([]ticket.Listed, error) {
		return tx.Tickets(ctx, d.workspace, store.Open, d.by.ID, 0, ChooseLimit+1)
	})
}

// Shown is a ticket as its reader may see it.
type Shown struct {
	Listed ticket.Listed `json:"listed"`
	Reader int64         `json:"reader"` // people.Person.ID
	Staff  bool          `json:"staff"`
}

// ShowTicket gives a ticket to staff or to its organizer.
func (r *Records) ShowTicket(ctx context.Context, turn chat.Turn, id int64) (Shown, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (Shown, error) {
		l, err := tx.Listed(ctx, d.workspace, id)
		if err == nil && !d.is(l.Ticket.Organizer) && !d.by.Role.Staff() {
			err = fault.New(fault.Forbidden, "ticket.not_yours")
		}
		if err != nil {
			return Shown{}, err
		}
		return Shown{Listed: l, Reader: d.by.ID, Staff: d.by.Role.Staff()}, nil
	})
}
