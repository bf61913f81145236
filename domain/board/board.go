// Package board holds the rules of the board: how a ticket looks there, and what it means for the ticket when a person
// changes its task. Pure: it knows the board's ids as strings and nothing of how they are fetched.
package board

import (
	"quaydesk/domain/ticket"
)

// State is how a ticket's task stands on the board.
type State struct {
	Section     string       `json:"section"`  // id, "" for none
	Assignee    string       `json:"assignee"` // uid, "" for nobody
	Checked     bool         `json:"checked"`
	Title       string       `json:"title"`
	Description string       `json:"description"`
	Agreed      ticket.State `json:"agreed"` // the ticket's state when section was right for it; "" when it is to be corrected
}

// Sections gives the sections of the states, by id. A closed ticket stays where it was, checked.
type Sections map[ticket.State]string

// Of gives the state that a section stands for, and whether it is one of ours: people may have sections of their own.
func (s Sections) Of(section string) (ticket.State, bool) {
	for state, id := range s {
		if id == section && id != "" {
			return state, true
		}
	}
	return "", false
}

// Names are the names of the sections, in the order in which they are made.
var Names = []struct {
	State ticket.State
	Name  string
}{{ticket.New, "New"}, {ticket.Taken, "Taken"}, {ticket.Waiting, "Waiting"}}

// Want gives how a ticket's task should stand, given how it was last seen. uid is the assignee's on the board; it is
// "" for somebody who is not there. Somebody who is known there only stays what was seen, and so does a section of
// people's own, until the ticket's state changes.
func Want(t ticket.Ticket, uid string, seen State, sections Sections) State {
	want := State{Section: seen.Section, Checked: t.State == ticket.Closed, Agreed: t.State}
	switch {
	case t.Assignee == nil:
	case t.Assignee.ID == 0:
		want.Assignee = seen.Assignee
	default:
		want.Assignee = uid
	}
	if t.State != ticket.Closed && t.State != seen.Agreed {
		want.Section = sections[t.State]
	}
	return want
}

// Step is what a person's change on the board asks of the desk.
type Step struct {
	Event   ticket.Event
	UID     string // whom Assign gives it to
	Section string // where the task was moved to, for finding out who did it; "" when that was not it
}

// Steps gives what people did between seen and now, in the order to carry it out: Close comes last, after what was
// said. What the desk changed meanwhile is not theirs to change: the desk's state stands (want, as of Want).
func Steps(t ticket.Ticket, seen, want, now State, sections Sections) []Step {
	var steps []Step
	if seen.Checked && !now.Checked && t.State == ticket.Closed {
		steps = append(steps, Step{Event: ticket.Reopen})
	}
	place := moves(t, seen, want, now, sections)
	steps = append(steps, place...)
	if !seen.Checked && now.Checked && t.State != ticket.Closed {
		steps = append(steps, Step{Event: ticket.Close})
	}
	return steps
}

// moves gives what a new assignee and a new section ask for. The assignee says more than the section, for it names a
// person: a task that is given to somebody and put among the new ones is taken.
func moves(t ticket.Ticket, seen, want, now State, sections Sections) []Step {
	assigned := now.Assignee != seen.Assignee && want.Assignee == seen.Assignee && now.Assignee != want.Assignee
	to, known := sections.Of(now.Section)
	moved := known && now.Section != seen.Section && (t.State == seen.Agreed || t.State == ticket.Closed)
	var steps []Step
	switch {
	case assigned && now.Assignee == "":
		return []Step{{Event: ticket.Release}}
	case assigned:
		steps = append(steps, Step{Event: ticket.Assign, UID: now.Assignee})
	}
	if !moved {
		return steps
	}
	move := Step{Section: now.Section}
	switch {
	case to == ticket.New && !assigned:
		move.Event = ticket.Release
	case to == ticket.Waiting:
		move.Event = ticket.Await
	case to == ticket.Taken && t.State == ticket.Waiting:
		move.Event = ticket.Resume
	case to == ticket.Taken && !assigned:
		move.Event, move.UID = ticket.Assign, now.Assignee
	default:
		return steps
	}
	return append(steps, move)
}

// Seen gives what to remember after a look at the board, for the ticket as it stands once the people's steps are
// carried out. Where the task now stands in a section that does not fit, it is to be corrected.
func Seen(t ticket.Ticket, seen, now State, sections Sections) State {
	now.Agreed = seen.Agreed
	if now.Section == seen.Section {
		return now
	}
	now.Agreed = t.State
	if to, known := sections.Of(now.Section); known && to != t.State && t.State != ticket.Closed {
		now.Agreed = ""
	}
	return now
}
