package ticket

import (
	"strconv"
	"strings"
	"time"

	"quaydesk/domain/chat"
)

// Category is what a ticket is about; its label is the catalogue key "ticket.category.<category>".
type Category string

// Categories lists the categories in the order they are offered.
var Categories = []Category{"access", "equipment", "payment", "schedule", "other"}

// Ticket is one matter an organizer brought.
type Ticket struct {
	ID        int64     `json:"id"`
	Workspace int64     `json:"workspace"`
	Bot       int64     `json:"bot"`    // the bot the organizer writes to
	Number    int       `json:"number"` // per workspace, as people say it: #12
	Category  Category  `json:"category"`
	Subject   string    `json:"subject"` // the first words of what happened; "" when there were none (see Title)
	Organizer Party     `json:"organizer"`
	Chat      int64     `json:"chat"` // where the organizer reads
	State     State     `json:"state"`
	Assignee  *Party    `json:"assignee,omitempty"`
	Version   int       `json:"version"` // grows with every change
	Since     time.Time `json:"since"`   // of the state, UTC
	Created   time.Time `json:"created"` // UTC
}

// Party is a person's part in a ticket. ID is 0 for somebody who is known on the board only.
type Party struct {
	ID       int64  `json:"id"` // people.Person.ID
	Telegram int64  `json:"telegram,omitempty"`
	Name     string `json:"name"`
}

// Side tells who wrote a comment.
type Side string

// The sides of a comment.
const (
	FromOrganizer Side = "organizer"
	FromAgent     Side = "agent"
	Note          Side = "note" // among staff: never reaches the organizer
)

// Comment is one thing said on a ticket. The first one, from the organizer, is what happened.
type Comment struct {
	ID      int64       `json:"id"`
	Ticket  int64       `json:"ticket"`
	Author  Party       `json:"author"`
	Side    Side        `json:"side"`
	Text    string      `json:"text"`
	Files   []chat.File `json:"files,omitempty"`
	Pieces  []Piece     `json:"pieces,omitempty"` // the Telegram messages that Text was joined from, so that each can be edited
	Version int         `json:"version"`          // grows with every edit
	Created time.Time   `json:"created"`          // UTC
}

// Withdrawn tells whether the comment was taken back: nothing of it is left.
func (c Comment) Withdrawn() bool { return c.Text == "" && len(c.Files) == 0 }

// Piece is what one Telegram message brought to a comment.
type Piece struct {
	Message int    `json:"message"` // its id, in the chat of the comment's author
	Text    string `json:"text"`    // text or caption, "" for files without words
}

// Join gives the text of pieces, one below the other.
func Join(pieces []Piece) string {
	var lines []string
	for _, p := range pieces {
		if p.Text != "" {
			lines = append(lines, p.Text)
		}
	}
	return strings.Join(lines, "\n")
}

// Listed is a ticket as a list shows it.
type Listed struct {
	Ticket Ticket `json:"ticket"`
	Last   string `json:"last"` // what was said last, "" for files without words; notes are passed over
	Side   Side   `json:"side"` // who said it
}

// About names a ticket where messages say what they are about: "ticket:<id>".
func About(id int64) string { return "ticket:" + strconv.FormatInt(id, 10) }

// Part names a comment where messages say which part of their ticket they are: "comment:<id>".
func Part(comment int64) string { return "comment:" + strconv.FormatInt(comment, 10) }

// FromPart gives the comment id of a Part, and whether it is one.
func FromPart(part string) (int64, bool) {
	s, ok := strings.CutPrefix(part, "comment:")
	if !ok {
		return 0, false
	}
	id, err := strconv.ParseInt(s, 10, 64)
	return id, err == nil
}
