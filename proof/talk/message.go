package talk

import (
	"fmt"
	"strings"
	"time"
)

// Message is a message as a person sees it.
type Message struct {
	ID      int        `json:"id"`
	Bot     int64      `json:"bot_id"`
	Chat    int64      `json:"chat_id"` // the person
	From    string     `json:"from"`    // "bot" or "person"
	At      time.Time  `json:"at"`      // when it was accepted
	Text    string     `json:"text"`    // text or caption
	Rows    [][]Button `json:"buttons"`
	Files   []File     `json:"files"`
	Album   string     `json:"album"`
	ReplyTo int        `json:"reply_to"`
	Edited  bool       `json:"edited"`
	Deleted bool       `json:"deleted"`
}

// File is a file in a message.
type File struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	Size int64  `json:"size"`
	URL  string `json:"url"`
}

// Button is a button under a message.
type Button struct {
	Text string `json:"text"`
	Data string `json:"data"`
	URL  string `json:"url"`
}

// ByBot tells whether the bot said it.
func (m Message) ByBot() bool { return m.From == "bot" }

// Button gives the first button whose label holds a fragment.
func (m Message) Button(fragment string) (Button, bool) {
	if m.Deleted {
		return Button{}, false
	}
	for _, row := range m.Rows {
		for _, b := range row {
			if strings.Contains(b.Text, fragment) {
				return b, true
			}
		}
	}
	return Button{}, false
}

// String shows the message in one line, for transcripts.
func (m Message) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d: %q", m.From, m.ID, m.Text)
	if m.ReplyTo != 0 {
		fmt.Fprintf(&b, " (reply to %d)", m.ReplyTo)
	}
	for _, f := range m.Files {
		fmt.Fprintf(&b, " <%s %s>", f.Kind, f.Name)
	}
	for _, row := range m.Rows {
		for _, button := range row {
			fmt.Fprintf(&b, " [%s]", button.Text)
		}
	}
	if m.Deleted {
		b.WriteString(" (deleted)")
	}
	return b.String()
}

// Heard is something that happened in a chat.
type Heard struct {
	Kind    string    // "message", "edit", or "delete"
	At      time.Time // as the sandbox saw it
	Message Message   // as it was then; for a delete, only its ID
}

// String shows it in one line, for transcripts.
func (h Heard) String() string {
	mark := map[string]string{"edit": "  edited ", "delete": "  deleted "}[h.Kind]
	return h.At.Format("15:04:05.000 ") + mark + h.Message.String()
}
