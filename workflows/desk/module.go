package desk

import (
	"strconv"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/ticket"
	"quaydesk/workflows/dialog"
)

// act names the activities that the dialogues do.
var act *records.Records

// Module is the desk as the conversation knows it.
func Module() dialog.Module {
	return dialog.Module{
		Name: "desk",
		Commands: []dialog.Command{
			{Name: "new", Help: chat.T("desk.help.new"), Dialogue: fileTicket},
			{Name: "tickets", Help: chat.T("desk.help.tickets"), Dialogue: listTickets},
			{Name: "queue", Help: chat.T("desk.help.queue"), For: people.Role.Staff, Dialogue: listQueue},
			{Name: "mine", Help: chat.T("desk.help.mine"), For: people.Role.Staff, Dialogue: listMine},
			boardCommand,
		},
		Actions: map[string]dialog.Dialogue{
			ticket.ActNew:     fileTicket,
			ticket.ActMove:    moveComment,
			ticket.ActTickets: listTickets,
			ticket.ActQueue:   listQueue,
			ticket.ActMine:    listMine,
			ticket.ActOpen:    openTicket,
			ticket.ActTake:    takeTicket,
			ticket.ActPick:    takeTicket,
			ticket.ActComment: commentTicket,
			ticket.ActRelease: releaseTicket,
			ticket.ActClose:   closeTicket,
			ticket.ActReopen:  reopenTicket,
		},
		Replies: map[string]dialog.Dialogue{"ticket": reply},
		Plain:   &plain,
		Edited:  &edited,
		Menu:    menu,
	}
}

// menu greets clients and staff.
func menu(p people.Person) dialog.Menu {
	switch {
	case p.Role.Staff():
		return dialog.Menu{Text: chat.T("desk.greet.staff"), Buttons: [][]chat.Button{
			{button("desk.button.queue", ticket.ActQueue), button("desk.button.mine", ticket.ActMine)}}}
	case p.Role.Member():
		return dialog.Menu{}
	}
	return dialog.Menu{Text: chat.T("desk.greet.client"), Buttons: [][]chat.Button{
		{button("desk.button.new", ticket.ActNew), button("desk.button.tickets", ticket.ActTickets)}}}
}

func button(key, action string) chat.Button { return chat.Button{Label: chat.T(key), Action: action} }

// argID is the id that the button pressed, or the message replied to, stands for; 0 is nobody's.
func argID(d *dialog.D) int64 {
	id, err := strconv.ParseInt(d.Event().Arg, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// changed lets the ticket's workflow know of a change.
func changed(d *dialog.D, id int64) {
	d.Signal(WorkflowName, ID(id), SignalChanged, Input{Ticket: id})
}

// sayAbout says something about a ticket, with buttons.
func sayAbout(d *dialog.D, id int64, text chat.Text, buttons ...[]chat.Button) {
	d.Send(chat.Message{Text: text, Buttons: buttons}, dialog.About(ticket.About(id)))
}
