// Package ticket holds the rules of a support ticket: its states, its categories, what may be written, and the cards
// that tell of it. Pure: no clock, no I/O.
package ticket

import "quaydesk/domain/fault"

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
	Take    Event = "take"    // an agent takes it
	Release Event = "release" // the agent gives it back to the queue
	Answer  Event = "answer"  // staff writes to the organizer; on a new ticket this takes it too
	Write   Event = "write"   // the organizer writes; on a closed ticket this reopens it
	Await   Event = "await"   // staff moves it to waiting without words
	Close   Event = "close"
	Reopen  Event = "reopen"
)

// moves is the whole table. A pair that is absent is a conflict.
var moves = map[State]map[Event]State{
	New:     {Take: Taken, Answer: Waiting, Write: New, Await: Waiting, Close: Closed},
	Taken:   {Release: New, Answer: Waiting, Write: Taken, Await: Waiting, Close: Closed},
	Waiting: {Release: New, Take: Taken, Answer: Waiting, Write: Taken, Close: Closed},
	Closed:  {Answer: Closed, Write: Taken, Reopen: Taken},
}

// Next gives the state after an event. A ticket without an assignee cannot be Taken or Waiting through the organizer's
// own doing: it goes back to New. An event that does not fit is a Conflict.
func Next(s State, e Event, assigned bool) (State, error) {
	next, ok := moves[s][e]
	if !ok {
		return s, fault.New(fault.Conflict, "ticket.no_"+string(e)+"_when_"+string(s))
	}
	if !assigned && (e == Write || e == Reopen) && next == Taken {
		return New, nil
	}
	return next, nil
}
