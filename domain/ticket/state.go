// Package ticket holds the rules of a support ticket: its states, its categories, what may be written, and the cards
// that tell of it. Pure: no clock, no I/O.
package ticket

import (
	"time"

	"quaydesk/domain/fault"
)

// State is where a ticket stands.
type State string

// The states of a ticket.
const (
	New     State = "new"     // filed, nobody has it
	Taken   State = "taken"   // an agent works on it
	Waiting State = "waiting" // an agent answered; the organizer's turn
	Closed  State = "closed"
)

// States lists the states in the order of a ticket's life.
var States = []State{New, Taken, Waiting, Closed}

// Event is what happens to a ticket.
type Event string

// The events of a ticket's life.
const (
	Take    Event = "take"    // an agent takes it from the queue: the first wins
	Assign  Event = "assign"  // it is given to somebody, whoever had it before
	Release Event = "release" // it goes back to the queue
	Answer  Event = "answer"  // staff writes to the organizer; on a new ticket this takes it too
	Write   Event = "write"   // the organizer writes; on a closed ticket this reopens it
	Await   Event = "await"   // staff moves it to waiting without words; on a new ticket this takes it too
	Resume  Event = "resume"  // staff moves it back from waiting without words
	Close   Event = "close"
	Reopen  Event = "reopen"
)

// Events lists the events.
var Events = []Event{Take, Assign, Release, Answer, Write, Await, Resume, Close, Reopen}

// moves is the whole table. A pair that is absent is a conflict.
var moves = map[State]map[Event]State{
	New:     {Take: Taken, Assign: Taken, Answer: Waiting, Write: New, Await: Waiting, Close: Closed},
	Taken:   {Assign: Taken, Release: New, Answer: Waiting, Write: Taken, Await: Waiting, Close: Closed},
	Waiting: {Assign: Waiting, Release: New, Answer: Waiting, Write: Taken, Resume: Taken, Close: Closed},
	Closed:  {Answer: Closed, Write: Taken, Reopen: Taken},
}

// After gives the ticket as it is after an event at a moment (UTC). by is who becomes the assignee where the event
// names one: whom it is given to for Take and Assign, who did it for Answer and Await on a ticket nobody has; it is
// not looked at otherwise. A ticket is New exactly as long as it is open and nobody has it. An event that does not fit
// is a Conflict that says where the ticket stands.
func (t Ticket) After(e Event, by Party, at time.Time) (Ticket, error) {
	next, ok := moves[t.State][e]
	if !ok {
		return t, t.conflict()
	}
	switch {
	case e == Release:
		t.Assignee = nil
	case e == Take || e == Assign || (next == Waiting && t.Assignee == nil):
		t.Assignee = &by
	case next == Taken && t.Assignee == nil: // reopened, and nobody had it
		next = New
	}
	if next != t.State {
		t.State, t.Since = next, at.UTC()
	}
	t.Version++
	return t, nil
}

// conflict says where the ticket stands.
func (t Ticket) conflict() error {
	name := ""
	if t.Assignee != nil {
		name = t.Assignee.Name
	}
	return fault.New(fault.Conflict, "ticket.stands_"+string(t.State), "Number", t.Number, "Name", name)
}
