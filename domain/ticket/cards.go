package ticket

import (
	"strconv"

	"quaydesk/domain/chat"
)

// The actions of the desk's buttons. Their argument is a ticket's id, but for those that say otherwise.
const (
	ActNew     = "desk.new"     // no argument: file a ticket
	ActTickets = "desk.tickets" // an organizer's own tickets; the argument is a ListArg
	ActQueue   = "desk.queue"   // tickets that wait for an agent; a ListArg
	ActMine    = "desk.mine"    // an agent's tickets; a ListArg
	ActOpen    = "desk.open"    // show the ticket's card
	ActTake    = "desk.take"    // from its notice, which changes where it stands
	ActPick    = "desk.pick"    // take, from anywhere else: a new card comes
	ActComment = "desk.comment" // say something on it: an answer from staff, a comment from its organizer
	ActRelease = "desk.release"
	ActClose   = "desk.close"
	ActReopen  = "desk.reopen"
	ActMove    = "desk.move" // the argument is a comment's id: make it a ticket of its own
)

// Label is the category in words.
func (c Category) Label() chat.Text { return chat.T("ticket.category." + string(c)) }

// Label is the state in words, as the organizer and staff alike read it.
func (s State) Label() chat.Text { return chat.T("ticket.state." + string(s)) }

// Title is the ticket's subject, or its category when it came without words.
func (t Ticket) Title() chat.Text {
	if t.Subject == "" {
		return chat.T("ticket.wordless", "Category", t.Category.Label())
	}
	return chat.Plain(t.Subject)
}

// Text names the ticket in a text of the catalogue: its Number, its Title, and its assignee as Name.
func (t Ticket) Text(key string, more ...any) chat.Text {
	name := ""
	if t.Assignee != nil {
		name = t.Assignee.Name
	}
	return chat.T(key, append([]any{"Number", t.Number, "Title", t.Title(), "Name", name}, more...)...)
}

func (t Ticket) button(key, action string) chat.Button {
	return chat.Button{Label: chat.T(key), Action: action, Arg: strconv.FormatInt(t.ID, 10)}
}

// Notice is what a member of staff sees of a ticket: the news in its first words, then what happened, and the buttons
// of what reader (a person's id) can do. It is sent when the ticket is new, and edited as the ticket goes its way.
func (t Ticket) Notice(first Comment, reader int64) chat.Message {
	head := t.Text("ticket.notice."+string(t.State), "Category", t.Category.Label(), "Organizer", t.Organizer.Name)
	m := chat.Message{Files: first.Files}
	mine := t.Assignee != nil && t.Assignee.ID == reader && reader != 0
	switch {
	case t.State == New:
		if t.Since.After(t.Created) {
			head = t.Text("ticket.notice.back", "Category", t.Category.Label(), "Organizer", t.Organizer.Name)
		}
		m.Buttons = [][]chat.Button{{t.button("ticket.take", ActTake)}}
	case t.State == Closed && mine:
		m.Buttons = [][]chat.Button{{t.button("ticket.reopen", ActReopen)}}
	case mine:
		head = t.Text("ticket.notice.yours", "Category", t.Category.Label(), "Organizer", t.Organizer.Name)
		m.Buttons = t.work()
	}
	m.Text = under(head, first.Text)
	return m
}

// work is what the assignee can do with a ticket.
func (t Ticket) work() [][]chat.Button {
	return [][]chat.Button{{t.button("ticket.answer", ActComment)}, {t.button("ticket.release", ActRelease), t.button("ticket.close", ActClose)}}
}

// Reminder tells a member of staff that a ticket still waits.
func (t Ticket) Reminder() chat.Message {
	return chat.Message{
		Text:    t.Text("ticket.reminder", "Since", t.Since, "Category", t.Category.Label(), "Organizer", t.Organizer.Name),
		Buttons: [][]chat.Button{{t.button("ticket.take", ActTake)}},
	}
}

// Copy is a comment as it is passed on, to the organizer or to staff.
func (t Ticket) Copy(c Comment, organizer bool) chat.Message {
	key := "ticket.copy.agent"
	switch {
	case c.Withdrawn():
		return chat.Message{Text: t.Text("ticket.copy.withdrawn", "Author", c.Author.Name)}
	case organizer:
		key = "ticket.copy.for_organizer"
	case c.Side == FromOrganizer:
		key = "ticket.copy.organizer"
	}
	return chat.Message{Text: under(t.Text(key, "Author", c.Author.Name), c.Text), Files: c.Files}
}

// News tells what became of a ticket: the key's words name it, its assignee as Name and who did it as By.
func (t Ticket) News(key string, by Party) chat.Message {
	m := chat.Message{Text: t.Text(key, "By", by.Name)}
	if t.State == Closed {
		m.Buttons = [][]chat.Button{{t.button("ticket.reopen", ActReopen)}}
	}
	return m
}

// Card shows a ticket to somebody who asked for it: where it stands, its last word, and what they can do.
func (l Listed) Card(reader int64, staff bool) chat.Message {
	t := l.Ticket
	m := chat.Message{Text: chat.Lines(t.Text("ticket.card", "State", t.standing(), "Category", t.Category.Label(), "Organizer", t.Organizer.Name), l.last())}
	mine := t.Assignee != nil && t.Assignee.ID == reader
	switch {
	case t.State == Closed:
		m.Buttons = [][]chat.Button{{t.button("ticket.reopen", ActReopen)}}
	case t.Organizer.ID == reader:
		m.Buttons = [][]chat.Button{{t.button("ticket.comment", ActComment), t.button("ticket.close", ActClose)}}
	case staff && t.State == New:
		m.Buttons = [][]chat.Button{{t.button("ticket.take", ActPick)}}
	case staff && mine:
		m.Buttons = t.work()
	case staff:
		m.Buttons = [][]chat.Button{{t.button("ticket.answer", ActComment), t.button("ticket.close", ActClose)}}
	}
	return m
}

// standing is the state with the assignee, where there is one.
func (t Ticket) standing() chat.Text {
	if t.Assignee == nil || t.State == Closed {
		return t.State.Label()
	}
	return t.Text("ticket.standing", "State", t.State.Label())
}

// last is what was said last, and by which side.
func (l Listed) last() chat.Text {
	said := chat.Plain(clip(l.Last, lastLimit))
	if l.Last == "" {
		said = chat.T("ticket.files_only")
	}
	return chat.T("ticket.last."+string(l.Side), "Text", said)
}

// Line is a ticket in a list.
func (l Listed) Line() chat.Text {
	return chat.Lines(l.Ticket.Text("ticket.line", "State", l.Ticket.standing()), l.last())
}

// Label is a ticket on a button.
func (t Ticket) Label() chat.Text {
	t.Subject = clip(t.Subject, labelLimit)
	return t.Text("ticket.label")
}

// under puts what somebody wrote below words of ours.
func under(head chat.Text, text string) chat.Text {
	if text == "" {
		return head
	}
	return chat.Lines(head, chat.Text{}, chat.Plain(text))
}
