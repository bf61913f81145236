package desk_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/ticket"
	"quaydesk/workflows/desk"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/dialog/dialogtest"
)

// desktop doubles the desk's activities for one person, who is people.Person 7; notices and cards to others are the
// records' own business and tested there.
type desktop struct {
	role     people.Role
	tickets  []ticket.Ticket
	comments []ticket.Comment
	blocked  bool // organizers cannot be reached
}

const me = int64(7)

// talk begins a talk with the desk.
func talk(t *testing.T, d *desktop, lang string) *dialogtest.Talk {
	if d.role == "" {
		d.role = people.Client
	}
	return dialogtest.New(t, dialogtest.Setup{Modules: []dialog.Module{desk.Module()}, Activities: []any{d}, Lang: lang, Role: d.role})
}

// has gives the desk a ticket of somebody's and what was said on it.
func (d *desktop) has(organizer int64, state ticket.State, assignee *ticket.Party, text string) *desktop {
	n := len(d.tickets) + 1
	d.tickets = append(d.tickets, ticket.Ticket{ID: int64(n), Number: n, Category: "equipment", Subject: ticket.Subject(text),
		Organizer: ticket.Party{ID: organizer, Name: "Ann"}, State: state, Assignee: assignee})
	d.comments = append(d.comments, ticket.Comment{ID: int64(len(d.comments) + 1), Ticket: int64(n), Author: ticket.Party{ID: organizer},
		Side: ticket.FromOrganizer, Text: text})
	return d
}

func (d *desktop) ticket(id int64) (*ticket.Ticket, error) {
	if id < 1 || int(id) > len(d.tickets) {
		return nil, fault.New(fault.NotFound, "ticket.unknown")
	}
	return &d.tickets[id-1], nil
}

func (d *desktop) move(id int64, e ticket.Event) (ticket.Ticket, error) {
	t, err := d.ticket(id)
	if err != nil {
		return ticket.Ticket{}, err
	}
	after, err := t.After(e, ticket.Party{ID: me, Name: "Ann"}, time.Time{})
	if err == nil {
		*t = after
	}
	return after, err
}

func (d *desktop) FileTicket(_ context.Context, _ chat.Turn, in records.Filing) (records.Filed, error) {
	filed := records.Filed{}
	if in.Moves != 0 {
		filed.From = d.comments[in.Moves-1].Ticket
		d.comments[in.Moves-1].Text = ""
	}
	d.has(me, ticket.New, nil, in.Said.Text)
	filed.Ticket = d.tickets[len(d.tickets)-1]
	d.tickets[len(d.tickets)-1].Category = in.Category
	c := &d.comments[len(d.comments)-1]
	c.Files, c.Pieces = in.Said.Files, in.Said.Pieces
	return filed, nil
}

func (d *desktop) TakeTicket(_ context.Context, _ chat.Turn, in records.Taking) (ticket.Ticket, error) {
	return d.move(in.Ticket, ticket.Take)
}

func (d *desktop) ReleaseTicket(_ context.Context, _ chat.Turn, id int64) (ticket.Ticket, error) {
	return d.move(id, ticket.Release)
}

func (d *desktop) CloseTicket(_ context.Context, _ chat.Turn, id int64) (ticket.Ticket, error) {
	return d.move(id, ticket.Close)
}

func (d *desktop) ReopenTicket(_ context.Context, _ chat.Turn, id int64) (ticket.Ticket, error) {
	return d.move(id, ticket.Reopen)
}

func (d *desktop) CommentTicket(_ context.Context, _ chat.Turn, in records.Commenting) (records.Commented, error) {
	t, err := d.ticket(in.Ticket)
	if err != nil {
		return records.Commented{}, err
	}
	side, event := ticket.FromAgent, ticket.Answer
	if t.Organizer.ID == me {
		side, event = ticket.FromOrganizer, ticket.Write
	}
	before := t.State
	after, err := d.move(in.Ticket, event)
	if err != nil {
		return records.Commented{}, err
	}
	d.comments = append(d.comments, ticket.Comment{ID: int64(len(d.comments) + 1), Ticket: in.Ticket, Author: ticket.Party{ID: me}, Side: side,
		Text: in.Said.Text, Files: in.Said.Files, Pieces: in.Said.Pieces})
	return records.Commented{Ticket: after, Comment: int64(len(d.comments)), Side: side,
		Reopened: before == ticket.Closed && after.State != ticket.Closed, Unreachable: d.blocked && side == ticket.FromAgent}, nil
}

func (d *desktop) EditComment(_ context.Context, _ chat.Turn, in records.Editing) (int64, error) {
	for i := range d.comments {
		c := &d.comments[i]
		j := slices.IndexFunc(c.Pieces, func(p ticket.Piece) bool { return p.Message == in.Message })
		if j >= 0 {
			c.Pieces[j].Text = in.Text
			c.Text = ticket.Join(c.Pieces)
			return c.Ticket, nil
		}
	}
	return 0, nil
}

func (d *desktop) OwnComment(_ context.Context, _ chat.Turn, id int64) (ticket.Comment, error) {
	return d.comments[id-1], nil
}

func (d *desktop) listed(keep func(ticket.Ticket) bool) (listed []ticket.Listed) {
	for _, t := range d.tickets {
		if keep(t) {
			l := ticket.Listed{Ticket: t}
			for _, c := range d.comments {
				if c.Ticket == t.ID && !c.Withdrawn() {
					l.Last, l.Side = c.Text, c.Side
				}
			}
			listed = append(listed, l)
		}
	}
	return listed
}

func (d *desktop) ListTickets(_ context.Context, _ chat.Turn, in records.Listing) (records.Page, error) {
	all := d.listed(func(t ticket.Ticket) bool {
		switch in.Action {
		case ticket.ActQueue:
			return t.State == ticket.New
		case ticket.ActMine:
			return t.Assignee != nil && t.Assignee.ID == me
		}
		return t.Organizer.ID == me
	})
	from := min(in.Page*ticket.PageSize, len(all))
	return records.Page{Tickets: all[from:min(from+ticket.PageSize, len(all))], Page: in.Page, Total: len(all)}, nil
}

func (d *desktop) OpenTickets(context.Context, chat.Turn, struct{}) ([]ticket.Listed, error) {
	open := d.listed(func(t ticket.Ticket) bool { return t.Organizer.ID == me && t.State != ticket.Closed })
	return open[:min(len(open), records.ChooseLimit+1)], nil
}

func (d *desktop) ShowTicket(_ context.Context, _ chat.Turn, id int64) (records.Shown, error) {
	if _, err := d.ticket(id); err != nil {
		return records.Shown{}, err
	}
	return records.Shown{Listed: d.listed(func(t ticket.Ticket) bool { return t.ID == id })[0], Reader: me, Staff: d.role.Staff()}, nil
}
