package desk

import (
	"strconv"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/ticket"
	"quaydesk/workflows/dialog"
)

// fileTicket is /new. What stands behind the command is what happened.
var fileTicket = dialog.Dialogue{Name: "desk.new", Run: func(d *dialog.D) error {
	var said records.Said
	if e := d.Event(); e.Kind == chat.Sent {
		said = saidIn(d)
	}
	return file(d, chat.T("desk.new.category"), said, 0)
}}

// moveComment makes a ticket of its own of a comment that went to another one.
var moveComment = dialog.Dialogue{Name: "desk.move", Run: func(d *dialog.D) error {
	c, err := dialog.Do(d, act.OwnComment, argID(d))
	if err != nil {
		return err
	}
	return file(d, chat.T("desk.new.category"), records.Said{Text: c.Text, Files: c.Files, Pieces: c.Pieces}, c.ID)
}}

// file leads to a ticket. said is asked for if there is nothing in it; moves is a comment that goes in for it, or 0.
func file(d *dialog.D, prompt chat.Text, said records.Said, moves int64) error {
	var options []dialog.Option
	for _, c := range ticket.Categories {
		options = append(options, dialog.Option{Value: string(c), Label: c.Label()})
	}
	category := ticket.Category(d.Choose("category", prompt, options))
	if said.Empty() {
		said = collected(d.Collect("what", chat.T("desk.new.what")))
	}
	if !d.Confirm("confirm", summary(category, said), chat.T("desk.new.yes"), chat.T("desk.new.no")) {
		d.Say(chat.T("desk.new.dropped"))
		return nil
	}
	filed, err := dialog.Do(d, act.FileTicket, records.Filing{Category: category, Said: said, Moves: moves})
	if err != nil {
		return err
	}
	id := filed.Ticket.ID
	sayAbout(d, id, chat.T("desk.new.filed", "Number", filed.Ticket.Number))
	changed(d, id)
	if filed.From != 0 {
		changed(d, filed.From)
	}
	return nil
}

// summary is what will be filed.
func summary(category ticket.Category, said records.Said) chat.Text {
	lines := []chat.Text{chat.T("desk.new.summary", "Category", category.Label())}
	if said.Text != "" {
		lines = append(lines, chat.Text{}, chat.Plain(said.Text))
	}
	if n := len(said.Files); n > 0 {
		lines = append(lines, chat.Text{}, chat.T("desk.new.files", "Count", n))
	}
	return chat.Lines(lines...)
}

// plain takes a message outside of any dialogue: to the organizer's open ticket, to one of several, or to a new one.
var plain = dialog.Dialogue{Name: "desk.plain", Run: func(d *dialog.D) error {
	said := saidIn(d)
	switch {
	case said.Empty():
		d.Say(chat.T("desk.plain.cannot"))
		return nil
	case d.Person().Role.Staff():
		d.Send(chat.Message{Text: chat.T("desk.plain.staff"), Buttons: [][]chat.Button{
			{button("desk.button.queue", ticket.ActQueue), button("desk.button.mine", ticket.ActMine)},
			{button("desk.button.new", ticket.ActNew)},
		}})
		return nil
	}
	open, err := dialog.Do(d, act.OpenTickets, struct{}{})
	if err != nil {
		return err
	}
	switch len(open) {
	case 0:
		return file(d, chat.T("desk.plain.offer"), said, 0)
	case 1:
		return commentFrom(d, open[0].Ticket.ID, said)
	}
	const another = "new"
	prompt := chat.T("desk.plain.which")
	if len(open) > records.ChooseLimit {
		open = open[:records.ChooseLimit]
		prompt = chat.Lines(prompt, chat.T("desk.plain.older"))
	}
	var options []dialog.Option
	for _, l := range open {
		options = append(options, dialog.Option{Value: strconv.FormatInt(l.Ticket.ID, 10), Label: l.Ticket.Label()})
	}
	options = append(options, dialog.Option{Value: another, Label: chat.T("desk.plain.another")})
	which := d.Choose("which", prompt, options)
	if which == another {
		return file(d, chat.T("desk.new.category"), said, 0)
	}
	id, err := strconv.ParseInt(which, 10, 64)
	if err != nil {
		return err
	}
	return comment(d, id, said)
}}

// commentFrom comments on the only open ticket, and offers to make another of it.
func commentFrom(d *dialog.D, id int64, said records.Said) error {
	c, err := dialog.Do(d, act.CommentTicket, records.Commenting{Ticket: id, Said: said})
	if err != nil {
		return err
	}
	instead := button("desk.button.instead", ticket.ActMove)
	instead.Arg = strconv.FormatInt(c.Comment, 10)
	sayAbout(d, id, commented(c), []chat.Button{instead})
	changed(d, id)
	return nil
}

// saidIn is what the event that began the dialogue says, if anything.
func saidIn(d *dialog.D) records.Said {
	if said := collected(d.Given()); !said.Empty() {
		return said
	}
	return records.Said{}
}

// collected is what was given in a Collect.
func collected(c dialog.Collected) records.Said {
	said := records.Said{Text: c.Text, Files: c.Files}
	for _, p := range c.Pieces {
		said.Pieces = append(said.Pieces, ticket.Piece{Message: p.Message, Text: p.Text})
	}
	return said
}
