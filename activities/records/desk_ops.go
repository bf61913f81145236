package records

import (
	"context"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/ticket"
	"quaydesk/store"
)

// The operations on tickets. Each runs within the transaction of whoever calls it (a conversation's turn, a sync with
// the board), locks the ticket, checks who may do it, changes it, writes the audit log and puts into the outbox what
// everybody concerned is told. None of them is idempotent by itself: wrap them in once.

// deed is something done to tickets: by whom, when, and the key of the operation, from which the keys of all it writes
// are made. One deed may hold several operations on one ticket only if they are of different kinds.
type deed struct {
	op        string
	workspace int64
	by        people.Person // ID 0: somebody the board knows by Name only; give them the role of an agent
	at        time.Time     // UTC
	source    string        // "telegram" or "board"
	bot, chat int64         // the Telegram chat it is done in; 0 on the board
}

// party is the doer as an author or assignee.
func (d deed) party() ticket.Party {
	return ticket.Party{ID: d.by.ID, Telegram: d.by.Telegram, Name: d.by.Name}
}

// is tells whether the doer is this party of a ticket.
func (d deed) is(p ticket.Party) bool {
	return p.ID == d.by.ID && (p.ID != 0 || p.Name == d.by.Name)
}

// may says whether the doer may do this to the ticket: staff all but write as its organizer, the organizer write, close
// and reopen. Otherwise it is Forbidden.
func (d deed) may(t ticket.Ticket, e ticket.Event) error {
	if d.by.ID != 0 && d.by.ID == t.Organizer.ID {
		if e == ticket.Write || e == ticket.Close || e == ticket.Reopen {
			return nil
		}
	}
	if d.by.Role.Staff() && e != ticket.Write {
		return nil
	}
	return fault.New(fault.Forbidden, "ticket.not_yours")
}

// take gives a ticket that waits to the doer; the first wins. fresh asks for a new card for the doer even if a notice
// of the ticket can be changed into one.
func (r *Records) take(ctx context.Context, tx *store.Tx, d deed, id int64, fresh bool) (ticket.Ticket, error) {
	before, after, err := r.move(ctx, tx, d, id, ticket.Take, d.party())
	if err != nil {
		return after, err
	}
	return after, r.tell(ctx, tx, d, before, after, telling{fresh: fresh})
}

// assign gives an open ticket to somebody, whoever had it.
func (r *Records) assign(ctx context.Context, tx *store.Tx, d deed, id int64, to ticket.Party) (ticket.Ticket, error) {
	before, after, err := r.move(ctx, tx, d, id, ticket.Assign, to)
	if err != nil {
		return after, err
	}
	return after, r.tell(ctx, tx, d, before, after, telling{})
}

// release gives a ticket back to the queue.
func (r *Records) release(ctx context.Context, tx *store.Tx, d deed, id int64) (ticket.Ticket, error) {
	return r.moved(ctx, tx, d, id, ticket.Release)
}

// await puts a ticket to waiting for its organizer without words. Nobody having it, the doer has it then.
func (r *Records) await(ctx context.Context, tx *store.Tx, d deed, id int64) (ticket.Ticket, error) {
	return r.moved(ctx, tx, d, id, ticket.Await)
}

// resume puts a ticket that waits for its organizer back to being worked on.
func (r *Records) resume(ctx context.Context, tx *store.Tx, d deed, id int64) (ticket.Ticket, error) {
	return r.moved(ctx, tx, d, id, ticket.Resume)
}

// close closes a ticket.
func (r *Records) close(ctx context.Context, tx *store.Tx, d deed, id int64) (ticket.Ticket, error) {
	return r.moved(ctx, tx, d, id, ticket.Close)
}

// reopen opens a closed ticket again: with who had it, else in the queue.
func (r *Records) reopen(ctx context.Context, tx *store.Tx, d deed, id int64) (ticket.Ticket, error) {
	return r.moved(ctx, tx, d, id, ticket.Reopen)
}

func (r *Records) moved(ctx context.Context, tx *store.Tx, d deed, id int64, e ticket.Event) (ticket.Ticket, error) {
	before, after, err := r.move(ctx, tx, d, id, e, d.party())
	if err != nil {
		return after, err
	}
	return after, r.tell(ctx, tx, d, before, after, telling{})
}

// Said is what somebody says on a ticket.
type Said struct {
	Text   string         `json:"text"`
	Files  []chat.File    `json:"files,omitempty"`
	Pieces []ticket.Piece `json:"pieces,omitempty"` // when it came by Telegram: the messages, whose edits edit the comment
}

// Empty tells whether nothing is said.
func (s Said) Empty() bool { return s.Text == "" && len(s.Files) == 0 }

// comment adds what the doer says from a side: the organizer's goes to the assignee (to all staff while there is none)
// and opens a closed ticket again, an agent's goes to the organizer (and to the assignee if that is another) and takes
// a ticket nobody has; a note goes to nobody.
func (r *Records) comment(ctx context.Context, tx *store.Tx, d deed, id int64, side ticket.Side, s Said) (ticket.Comment, ticket.Ticket, error) {
	var c ticket.Comment
	event := map[ticket.Side]ticket.Event{ticket.FromOrganizer: ticket.Write, ticket.FromAgent: ticket.Answer}[side]
	before, after, err := r.move(ctx, tx, d, id, event, d.party())
	if err != nil {
		return c, after, err
	}
	if c, err = r.addComment(ctx, tx, d, after, side, s); err != nil {
		return c, after, err
	}
	if err := r.tell(ctx, tx, d, before, after, telling{answered: side == ticket.FromAgent}); err != nil {
		return c, after, err
	}
	return c, after, r.passOn(ctx, tx, d, after, c)
}

// edit gives a comment other words. piece is the Telegram message that was edited, 0 for the whole comment. Only its
// author may; one that came from the board is edited there.
func (r *Records) edit(ctx context.Context, tx *store.Tx, d deed, commentID int64, piece int, text string) (ticket.Comment, error) {
	return r.rewrite(ctx, tx, d, "comment.edit", commentID, func(c *ticket.Comment) {
		c.Text = text
		for i := range c.Pieces {
			if c.Pieces[i].Message == piece {
				c.Pieces[i].Text = text
				c.Text = ticket.Join(c.Pieces)
			}
		}
	})
}

// withdraw takes a comment back: nothing of it is left but that there was one. The first comment of a ticket stays.
func (r *Records) withdraw(ctx context.Context, tx *store.Tx, d deed, commentID int64) (ticket.Comment, error) {
	return r.rewrite(ctx, tx, d, "comment.withdraw", commentID, func(c *ticket.Comment) {
		c.Text, c.Files, c.Pieces = "", nil, nil
	})
}

func (r *Records) rewrite(ctx context.Context, tx *store.Tx, d deed, action string, commentID int64, change func(*ticket.Comment)) (ticket.Comment, error) {
	c, err := tx.Comment(ctx, d.workspace, commentID)
	if err != nil {
		return c, err
	}
	t, err := tx.LockTicket(ctx, d.workspace, c.Ticket)
	if err != nil {
		return c, err
	}
	if c, err = tx.Comment(ctx, d.workspace, commentID); err != nil { // as it is now that nobody else changes it
		return c, err
	}
	if !d.is(c.Author) {
		return c, fault.New(fault.Forbidden, "ticket.comment_not_yours")
	}
	if c.Withdrawn() {
		return c, fault.New(fault.NotFound, "ticket.comment_unknown")
	}
	first, err := tx.FirstComment(ctx, d.workspace, t.ID)
	if err != nil {
		return c, err
	}
	before := c
	change(&c)
	if c.Withdrawn() && c.ID == first.ID {
		return c, fault.New(fault.Conflict, "ticket.first_stays")
	}
	c.Version++
	if err := tx.SaveComment(ctx, d.workspace, c, d.at); err != nil {
		return c, err
	}
	t.Version++
	if c.ID == first.ID {
		t.Subject = ticket.Subject(c.Text)
	}
	if err := tx.SaveTicket(ctx, t); err != nil {
		return c, err
	}
	if err := r.audit(ctx, tx, d, action, t.ID, before, c); err != nil {
		return c, err
	}
	return c, r.passOnEdit(ctx, tx, d, t, c, c.ID == first.ID)
}

// file makes a ticket of what the doer says to a bot, which is its first comment, and tells all staff.
func (r *Records) file(ctx context.Context, tx *store.Tx, d deed, category ticket.Category, s Said) (ticket.Ticket, error) {
	t, err := tx.AddTicket(ctx, ticket.Ticket{
		Workspace: d.workspace, Bot: d.bot, Chat: d.chat, Organizer: d.party(), Category: category,
		Subject: ticket.Subject(s.Text), State: ticket.New, Version: 1, Since: d.at, Created: d.at,
	})
	if err != nil {
		return t, err
	}
	if _, err := r.addComment(ctx, tx, d, t, ticket.FromOrganizer, s); err != nil {
		return t, err
	}
	if err := r.audit(ctx, tx, d, "ticket.file", t.ID, nil, t); err != nil {
		return t, err
	}
	return t, r.noticeAll(ctx, tx, t)
}

// move takes a ticket through an event and gives it before and after. The zero Event, of a note, changes nothing but
// the version.
func (r *Records) move(ctx context.Context, tx *store.Tx, d deed, id int64, e ticket.Event, by ticket.Party) (before, after ticket.Ticket, err error) {
	if before, err = tx.LockTicket(ctx, d.workspace, id); err != nil {
		return before, before, err
	}
	if err = d.may(before, e); err != nil {
		return before, before, err
	}
	after = before
	if e == "" {
		after.Version++
		return before, after, tx.SaveTicket(ctx, after)
	}
	if after, err = before.After(e, by, d.at); err != nil {
		return before, before, err
	}
	if err = tx.SaveTicket(ctx, after); err != nil {
		return before, before, err
	}
	return before, after, r.audit(ctx, tx, d, "ticket."+string(e), id, before, after)
}

func (r *Records) addComment(ctx context.Context, tx *store.Tx, d deed, t ticket.Ticket, side ticket.Side, s Said) (ticket.Comment, error) {
	c, err := tx.AddComment(ctx, d.workspace, d.op, d.source, ticket.Comment{
		Ticket: t.ID, Author: d.party(), Side: side, Text: s.Text, Files: s.Files, Pieces: s.Pieces, Version: 1, Created: d.at,
	})
	if err != nil {
		return c, err
	}
	for _, p := range s.Pieces {
		if err := tx.KeepMessage(ctx, d.bot, d.chat, p.Message, ticket.About(t.ID), ticket.Part(c.ID)); err != nil {
			return c, err
		}
	}
	return c, r.audit(ctx, tx, d, "comment.add", t.ID, nil, c)
}

func (r *Records) audit(ctx context.Context, tx *store.Tx, d deed, action string, id int64, before, after any) error {
	return tx.Audit(ctx, store.Change{
		Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: action, About: ticket.About(id),
		Before: before, After: after,
	})
}
