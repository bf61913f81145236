package ticket

import (
	"strconv"
	"strings"

	"quaydesk/domain/chat"
)

// PageSize is how many tickets a list shows at once.
const PageSize = 5

// ListArg is what the buttons of a list carry: the page to show (from 0), and the key of the message to show it in,
// "" for a new one.
type ListArg struct {
	Page int
	Key  string
}

// String is the argument as a button carries it.
func (a ListArg) String() string { return strconv.Itoa(a.Page) + " " + a.Key }

// ParseListArg reads a String; anything else is the first page in a new message.
func ParseListArg(s string) ListArg {
	number, key, _ := strings.Cut(s, " ")
	page, err := strconv.Atoi(number)
	if err != nil || page < 0 {
		return ListArg{}
	}
	return ListArg{Page: page, Key: key}
}

// List shows the page at of the list that action asks for, out of total tickets. at.Key is that of the message it stands in.
func List(action string, page []Listed, total int, at ListArg) chat.Message {
	what := strings.TrimPrefix(action, "desk.")
	if total == 0 {
		m := chat.Message{Text: chat.T("ticket.list." + what + "_none")}
		if action == ActTickets {
			m.Buttons = [][]chat.Button{{{Label: chat.T("desk.button.new"), Action: ActNew}}}
		}
		return m
	}
	lines := []chat.Text{chat.T("ticket.list."+what, "Count", total)}
	var m chat.Message
	for _, l := range page {
		lines = append(lines, chat.Text{}, l.Line())
		m.Buttons = append(m.Buttons, []chat.Button{{Label: l.Ticket.Label(), Action: ActOpen, Arg: strconv.FormatInt(l.Ticket.ID, 10)}})
	}
	m.Text = chat.Lines(lines...)
	var turn []chat.Button
	if at.Page > 0 {
		turn = append(turn, chat.Button{Label: chat.Plain("‹"), Action: action, Arg: ListArg{at.Page - 1, at.Key}.String()})
	}
	if (at.Page+1)*PageSize < total {
		turn = append(turn, chat.Button{Label: chat.Plain("›"), Action: action, Arg: ListArg{at.Page + 1, at.Key}.String()})
	}
	if len(turn) > 0 {
		m.Buttons = append(m.Buttons, turn)
	}
	return m
}
