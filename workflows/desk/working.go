package desk

import (
	"context"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/ticket"
	"quaydesk/workflows/dialog"
)

// reply takes a reply to any message about a ticket.
var reply = dialog.Dialogue{Name: "desk.reply", Short: true, Run: func(d *dialog.D) error {
	said := saidIn(d)
	if said.Empty() {
		d.Say(chat.T("desk.plain.cannot"))
		return nil
	}
	return comment(d, argID(d), said)
}}

// commentTicket asks what to say on a ticket.
var commentTicket = dialog.Dialogue{Name: "desk.comment", Run: func(d *dialog.D) error {
	shown, err := dialog.Do(d, act.ShowTicket, argID(d))
	if err != nil {
		return err
	}
	t := shown.Listed.Ticket
	return comment(d, t.ID, collected(d.Collect("words", t.Text("desk.comment.ask"))))
}}

// comment says something on a ticket, and that it was said.
func comment(d *dialog.D, id int64, said records.Said) error {
	c, err := dialog.Do(d, act.CommentTicket, records.Commenting{Ticket: id, Said: said})
	if err != nil {
		return err
	}
	sayAbout(d, id, commented(c))
	changed(d, id)
	return nil
}

// commented says what became of a comment.
func commented(c records.Commented) chat.Text {
	switch {
	case c.Unreachable:
		return chat.T("desk.comment.unreachable", "Number", c.Ticket.Number, "Name", c.Ticket.Organizer.Name)
	case c.Side == ticket.FromAgent:
		return c.Ticket.Text("desk.comment.answered")
	case c.Reopened:
		return c.Ticket.Text("desk.comment.reopened")
	}
	return c.Ticket.Text("desk.comment.added")
}

// edited edits the comment that a message was.
var edited = dialog.Dialogue{Name: "desk.edited", Short: true, Run: func(d *dialog.D) error {
	e := d.Event()
	id, err := dialog.Do(d, act.EditComment, records.Editing{Message: e.Message, Text: e.Text})
	if err != nil || id == 0 {
		return err
	}
	changed(d, id)
	return nil
}}

// takeTicket takes a ticket that waits. What follows stands in its notice or card, which the records write.
var takeTicket = dialog.Dialogue{Name: "desk.take", Short: true, Run: func(d *dialog.D) error {
	t, err := dialog.Do(d, act.TakeTicket, records.Taking{Ticket: argID(d), Fresh: d.Event().Action == ticket.ActPick})
	if err != nil {
		return err
	}
	changed(d, t.ID)
	return nil
}}

var releaseTicket = move("desk.release", act.ReleaseTicket, func(d *dialog.D, t ticket.Ticket) {
	sayAbout(d, t.ID, t.Text("desk.released"))
})

var closeTicket = move("desk.close", act.CloseTicket, func(d *dialog.D, t ticket.Ticket) {
	sayAbout(d, t.ID, t.Text("desk.closed"), []chat.Button{{Label: chat.T("ticket.reopen"), Action: ticket.ActReopen, Arg: d.Event().Arg}})
})

var reopenTicket = move("desk.reopen", act.ReopenTicket, func(d *dialog.D, t ticket.Ticket) {
	if t.Assignee == nil || t.Assignee.ID != d.Person().ID { // who gets its card again sees it
		sayAbout(d, t.ID, t.Text("desk.reopened"))
	}
})

// move is a dialogue that changes the state of a ticket by one press.
func move(name string, activity func(context.Context, chat.Turn, int64) (ticket.Ticket, error), say func(*dialog.D, ticket.Ticket)) dialog.Dialogue {
	return dialog.Dialogue{Name: name, Short: true, Run: func(d *dialog.D) error {
		t, err := dialog.Do(d, activity, argID(d))
		if err != nil {
			return err
		}
		say(d, t)
		changed(d, t.ID)
		return nil
	}}
}

var (
	listTickets = list("desk.tickets", ticket.ActTickets)
	listQueue   = list("desk.queue", ticket.ActQueue)
	listMine    = list("desk.mine", ticket.ActMine)
)

// list is a dialogue that shows a list of tickets, and turns its pages in place.
func list(name, action string) dialog.Dialogue {
	return dialog.Dialogue{Name: name, Short: true, Run: func(d *dialog.D) error {
		var at ticket.ListArg
		if d.Event().Action == action {
			at = ticket.ParseListArg(d.Event().Arg)
		}
		page, err := dialog.Do(d, act.ListTickets, records.Listing{Action: action, Page: at.Page})
		if err != nil {
			return err
		}
		at.Page = page.Page
		if at.Key != "" {
			d.Send(ticket.List(action, page.Tickets, page.Total, at), dialog.Edits(at.Key))
			return nil
		}
		at.Key = d.Key()
		d.Send(ticket.List(action, page.Tickets, page.Total, at))
		return nil
	}}
}

// openTicket shows a ticket's card.
var openTicket = dialog.Dialogue{Name: "desk.open", Short: true, Run: func(d *dialog.D) error {
	shown, err := dialog.Do(d, act.ShowTicket, argID(d))
	if err != nil {
		return err
	}
	d.Send(shown.Listed.Card(shown.Reader, shown.Staff), dialog.About(ticket.About(shown.Listed.Ticket.ID)))
	return nil
}}
