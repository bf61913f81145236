package dialog

import (
	"slices"
	"strings"
	"unicode/utf8"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
)

// D is a dialogue's side of the conversation, valid while its Run runs. Everything a dialogue decides on must come from
// D and from its steps' answers, so that another run with the same answers takes the same way.
type D struct {
	c     *conversation
	open  *Open
	at    int  // the entry of the log that comes next
	brief bool // a Short dialogue
}

// Person is who talks, as known when the dialogue began.
func (d *D) Person() people.Person { return d.open.Person }

// Event is what began the dialogue. An album is one event, with all its files.
func (d *D) Event() chat.Event { return d.open.Start }

// Given is what came with the event that began the dialogue, message by message.
func (d *D) Given() Collected { return collected(d.open.Pieces) }

// Say tells the person something. What is said goes out with the next Do or when the step ends, in this order.
func (d *D) Say(t chat.Text) { d.Send(chat.Message{Text: t}) }

// With says more about a message to be sent: About, Edits.
type With func(*chat.Outgoing)

// About says what a message is about, "ticket:12": a reply to it leads there.
func About(about string) With { return func(o *chat.Outgoing) { o.About = about } }

// Edits makes the message replace the one sent under key.
func Edits(key string) With { return func(o *chat.Outgoing) { o.Edits = key } }

// Send is Say for a whole message, with files or buttons of the module's own actions.
func (d *D) Send(m chat.Message, with ...With) {
	if d.at < len(d.open.Log) && d.open.Log[d.at].Kind == said {
		d.at++
		return
	}
	d.log(Entry{Kind: said})
	o := chat.Outgoing{Message: m}
	for _, w := range with {
		w(&o)
	}
	d.c.send(o)
}

// Key is the outbox key that the next Send will use, for buttons that edit the message they stand under.
func (d *D) Key() string { return d.c.turn.key(d.c.turn.sent + 1) }

// Ask asks for words and gives what parse makes of them. A value that does not parse is refused with the fault's words
// and the step stays. parse never sees an empty text; it must be pure.
func Ask[T any](d *D, step string, prompt chat.Text, parse func(string) (T, error)) T {
	return Offer(d, step, prompt, nil, parse)
}

// Offer is Ask with buttons for the likeliest answers, in two rows at the most: parse gets the words typed, or the Value
// of the option that was pressed or typed in full.
func Offer[T any](d *D, step string, prompt chat.Text, options []Option, parse func(string) (T, error)) T {
	e := d.recorded(answered, step)
	if e == nil {
		d.wait(question{kind: forWords, step: step, prompt: prompt, options: options, perRow: inTwoRows(options)})
	}
	v, err := parse(e.Value)
	if err != nil {
		d.refuse(err)
	}
	d.at++
	return v
}

// Refuse takes back the latest answer to a step, for what only a Look, or a Do that was refused, could tell: the person
// reads err's words and answers again. It does not return. When there is no answer to take back, or something was done
// with it, the dialogue ends with err.
func (d *D) Refuse(step string, err error) {
	for i, e := range slices.Backward(d.open.Log[:d.at]) {
		if e.Kind == done && e.Fault == nil {
			break
		}
		if e.Kind == answered && e.Step == step {
			d.at = i
			d.refuse(err)
		}
	}
	panic(unwind{outcome{err: err}})
}

// Option is one of the answers of a Choose.
type Option struct {
	Value string // what Choose returns; at most some 40 bytes
	Label chat.Text
}

// Choose asks to press one of the options' buttons and gives the value of the one pressed, or typed in full.
func (d *D) Choose(step string, prompt chat.Text, options []Option) string {
	perRow := 1
	if len(options) > 5 {
		perRow = 2
	}
	return d.choose(question{kind: forChoice, step: step, prompt: prompt, options: options, perRow: perRow})
}

// ChooseShort is Choose for options with short labels: they stand in two rows at the most.
func (d *D) ChooseShort(step string, prompt chat.Text, options []Option) string {
	return d.choose(question{kind: forChoice, step: step, prompt: prompt, options: options, perRow: inTwoRows(options)})
}

// inTwoRows gives how many buttons stand in a row: up to three need one only.
func inTwoRows(options []Option) int {
	if len(options) <= 3 {
		return len(options)
	}
	return (len(options) + 1) / 2
}

// Confirm asks for yes or no.
func (d *D) Confirm(step string, prompt chat.Text, yes, no chat.Text) bool {
	options := []Option{{"yes", yes}, {"no", no}}
	return d.choose(question{kind: forChoice, step: step, prompt: prompt, options: options, perRow: 2}) == "yes"
}

func (d *D) choose(q question) string {
	e := d.recorded(answered, q.step)
	if e == nil || q.option(e.Value) == nil {
		d.open.Log = d.open.Log[:d.at] // an option that is no longer offered is no answer
		d.wait(q)
	}
	d.at++
	return e.Value
}

// Collected is what a person gave in a Collect: at least a text or a file.
type Collected struct {
	Text     string      `json:"text"` // texts and captions, one below the other
	Files    []chat.File `json:"files,omitempty"`
	Messages []int       `json:"messages"` // the ids of the messages it came in
	Pieces   []Piece     `json:"pieces"`   // the same, message by message
}

// Piece is what one message brought.
type Piece struct {
	Message int         `json:"message"`
	Text    string      `json:"text,omitempty"`
	Files   []chat.File `json:"files,omitempty"`
}

func collected(pieces []Piece) Collected {
	var c Collected
	var texts []string
	for _, p := range pieces {
		if p.Text != "" {
			texts = append(texts, p.Text)
		}
		c.Files = append(c.Files, p.Files...)
		c.Messages = append(c.Messages, p.Message)
		c.Pieces = append(c.Pieces, p)
	}
	c.Text = strings.Join(texts, "\n")
	return c
}

// Collect asks for text, photos, documents, voice or albums, as many messages as the person likes (to a limit, see
// full), until "Done".
func (d *D) Collect(step string, prompt chat.Text) Collected {
	var pieces []Piece
	for {
		if e := d.peek(piece, step); e != nil {
			pieces = append(pieces, *e.Piece)
			d.at++
			continue
		}
		if e := d.recorded(answered, step); e == nil || len(pieces) == 0 {
			d.wait(question{kind: forAny, step: step, prompt: prompt, given: len(pieces)})
		}
		d.at++
		return collected(pieces)
	}
}

// What a Collect takes at most.
const (
	mostPieces = 50     // messages
	mostText   = 32_000 // characters in all of them
)

// full tells whether a step's pieces are more than a Collect takes.
func (o *Open) full(step string) bool {
	pieces, text := 0, 0
	for _, e := range o.Log[o.free():] {
		if e.Kind == piece && e.Step == step {
			pieces++
			text += utf8.RuneCountInString(e.Piece.Text)
		}
	}
	return pieces > mostPieces || text > mostText
}

// peek gives the next entry if it is of the kind and step, and moves on to it. What was said is passed over.
func (d *D) peek(kind EntryKind, step string) *Entry {
	for i := d.at; i < len(d.open.Log); i++ {
		e := &d.open.Log[i]
		if e.Kind == kind && e.Step == step {
			d.at = i
			return e
		}
		if e.Kind != said {
			return nil
		}
	}
	return nil
}

// recorded is peek that forgets whatever else comes next: it belongs to a way that this run does not take.
func (d *D) recorded(kind EntryKind, step string) *Entry {
	e := d.peek(kind, step)
	if e == nil {
		d.open.Log = d.open.Log[:d.at]
	}
	return e
}

// log notes an entry where the run stands.
func (d *D) log(e Entry) {
	d.open.Log = append(d.open.Log[:d.at:d.at], append([]Entry{e}, d.open.Log[d.at:]...)...)
	d.at++
}

// unwind ends a run of a dialogue before its function returns. Only play recovers it.
type unwind struct{ outcome }

func (d *D) wait(q question) {
	if d.brief {
		panic(unwind{outcome{err: errAsks}})
	}
	panic(unwind{outcome{question: &q}})
}

func (d *D) refuse(err error) {
	reason := chat.T("dialog.invalid")
	if f := fault.As(err); f != nil {
		reason = f.Text
	}
	panic(unwind{outcome{refused: &reason, at: d.at}})
}
