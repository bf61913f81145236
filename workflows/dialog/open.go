package dialog

import (
	"encoding/json"
	"slices"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
)

// Open is a dialogue in progress: all that is needed to go on with it in another run, or another day.
type Open struct {
	Dialogue string        `json:"dialogue"`
	Start    chat.Event    `json:"start"`            // what began it
	Pieces   []Piece       `json:"pieces,omitempty"` // the messages of Start
	Person   people.Person `json:"person"`           // as known then
	Log      []Entry       `json:"log,omitempty"`

	Draft    string     `json:"draft,omitempty"`    // the name of the draft that this dialogue offers
	Prompt   string     `json:"prompt,omitempty"`   // outbox key of the message that asks the current question
	Retired  string     `json:"retired,omitempty"`  // the prompt before that
	Waiting  *Waiting   `json:"waiting,omitempty"`  // what asked to come in between
	Cause    string     `json:"cause,omitempty"`    // of the latest event
	Last     *time.Time `json:"last,omitempty"`     // when that was
	Reminded bool       `json:"reminded,omitempty"` // since Last
	Blocked  bool       `json:"blocked,omitempty"`  // the person blocked the bot: nothing is said
}

// Waiting is a command, or whatever else begins a dialogue, that came while another was open.
type Waiting struct {
	Event  chat.Event `json:"event"`
	Pieces []Piece    `json:"pieces,omitempty"`
	Prompt string     `json:"prompt"` // key of the message that asks whether to drop the open dialogue
}

// Entry is one thing that happened in a dialogue.
type Entry struct {
	Kind    EntryKind       `json:"kind"`
	Step    string          `json:"step,omitempty"`    // the step's name, for done and look the activity's
	Value   string          `json:"value,omitempty"`   // answer: the words, or the option's value
	Message int             `json:"message,omitempty"` // answer: id of the message with the words
	Piece   *Piece          `json:"piece,omitempty"`   // piece
	Input   json.RawMessage `json:"input,omitempty"`   // look: what was asked for
	Result  json.RawMessage `json:"result,omitempty"`  // done, look
	Fault   *fault.Fault    `json:"fault,omitempty"`   // done, look: refused by the domain
}

// EntryKind is the sort of an Entry.
type EntryKind string

// The kinds of entries.
const (
	answered EntryKind = "answer" // a step got its answer
	piece    EntryKind = "piece"  // a message that a Collect takes
	said     EntryKind = "said"   // the dialogue said something besides its prompts
	done     EntryKind = "done"   // an activity was carried out
	looked   EntryKind = "look"   // an activity was asked for something
)

// free gives the index of the first entry that can still be changed: what a Do has used stays.
func (o *Open) free() int {
	for i, e := range slices.Backward(o.Log) {
		if e.Kind == done {
			return i + 1
		}
	}
	return 0
}

// back gives the index of the last answer, or -1 when there is none to go back to. The messages that a Collect took
// before its "Done" stand before that, and stay.
func (o *Open) back() int {
	for i := len(o.Log) - 1; i >= o.free(); i-- {
		if o.Log[i].Kind == answered {
			return i
		}
	}
	return -1
}

// in gives the index of the entry whose words stand in a message, or -1 when there is none that can still be changed.
func (o *Open) in(message int) int {
	for i := len(o.Log) - 1; i >= o.free(); i-- {
		e := o.Log[i]
		if e.Kind == answered && e.Message == message && message != 0 || e.Kind == piece && e.Piece.Message == message {
			return i
		}
	}
	return -1
}

// draftName is what a draft of the dialogue is kept under: the same button under another ticket begins another thing.
func (o *Open) draftName() string {
	if o.Start.Arg == "" {
		return o.Dialogue
	}
	return o.Dialogue + ":" + o.Start.Arg
}

// draft gives the dialogue as a draft keeps it, or nil when nothing was answered that is worth keeping. What a plain
// message began has no draft: the next message begins with words of its own, which a draft would put aside.
func (o *Open) draft() *Open {
	worth := func(e Entry) bool { return e.Kind == answered || e.Kind == piece }
	asked := o.Start.Kind == chat.Pressed || o.Start.Command != ""
	if o.Draft != "" || !asked || !slices.ContainsFunc(o.Log, worth) {
		return nil
	}
	return &Open{Dialogue: o.Dialogue, Start: o.Start, Pieces: o.Pieces, Person: o.Person, Log: o.Log}
}
