package dialog

import (
	"context"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
)

// D is a dialogue's side of the conversation, valid while its Run runs. Everything a dialogue decides on must come from
// D and from its steps' answers, so that another run with the same answers takes the same way.
type D struct{}

// Person is who talks, as known when the dialogue began.
func (d *D) Person() people.Person { panic("not yet") }

// Event is what began the dialogue. An album is one event, with all its files.
func (d *D) Event() chat.Event { panic("not yet") }

// Messages are the ids of the messages that began the dialogue: one, or an album's.
func (d *D) Messages() []int { panic("not yet") }

// Now is the time of the present step, UTC.
func (d *D) Now() time.Time { panic("not yet") }

// Say tells the person something. What is said goes out with the next Do or when the step ends, in this order.
func (d *D) Say(t chat.Text) { d.Send(chat.Message{Text: t}) }

// With says more about a message to be sent: About, Edits, Closes.
type With func(*chat.Outgoing)

// About says what a message is about, "ticket:12": a reply to it leads there.
func About(about string) With { return func(o *chat.Outgoing) { o.About = about } }

// Edits makes the message replace the one sent under key.
func Edits(key string) With { return func(o *chat.Outgoing) { o.Edits = key } }

// Closes takes the buttons off the message sent under key and adds the text below its words.
func Closes(key string) With {
	return func(o *chat.Outgoing) { o.Edits, o.Closes = key, true }
}

// Send is Say for a whole message, with files or buttons of the module's own actions.
func (d *D) Send(m chat.Message, with ...With) { panic("not yet") }

// Key is the outbox key that the next Send will use, for buttons that edit the message they stand under.
func (d *D) Key() string { panic("not yet") }

// Ask asks for words and gives what parse makes of them. A value that does not parse is refused with the fault's words
// and the step stays. parse never sees an empty text; it must be pure.
func Ask[T any](d *D, step string, prompt chat.Text, parse func(string) (T, error)) T {
	panic("not yet")
}

// Option is one of the answers of a Choose.
type Option struct {
	Value string // what Choose returns; at most some 40 bytes
	Label chat.Text
}

// Choose asks to press one of the options' buttons and gives the value of the one pressed, or typed in full.
func (d *D) Choose(step string, prompt chat.Text, options []Option) string { panic("not yet") }

// Confirm asks for yes or no.
func (d *D) Confirm(step string, prompt chat.Text, yes, no chat.Text) bool { panic("not yet") }

// Collected is what a person gave in a Collect: at least a text or a file.
type Collected struct {
	Text     string      `json:"text"` // texts and captions, one below the other
	Files    []chat.File `json:"files,omitempty"`
	Messages []int       `json:"messages"` // the ids of the messages it came in
}

// Collect asks for text, photos, documents, voice or albums, as many messages as the person likes, until "Done".
func (d *D) Collect(step string, prompt chat.Text) Collected { panic("not yet") }

// Do changes the domain: activity is a method of records.Records (by method expression on a nil pointer), run as a
// local activity. The change, the messages said in this step so far and the journal's outcome are one transaction. The
// error is always a *fault.Fault, the domain's refusal; failures are tried again until they pass. Its answer is
// recorded, and the person cannot go back behind it.
func Do[In, Out any](d *D, activity func(context.Context, chat.Turn, In) (Out, error), in In) (Out, error) {
	panic("not yet")
}

// Signal signals a long-lived workflow, which is started when it does not run. workflow is the type's name, id the
// workflow id; input is both the start input and the signal's payload. Recorded like a Do.
func (d *D) Signal(workflow, id, signal string, input any) { panic("not yet") }
