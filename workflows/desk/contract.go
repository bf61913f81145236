// Package desk leads people through the support desk: filing tickets, answering them, becoming an agent. A Ticket
// workflow per ticket does all the waiting there is: it reminds staff of what nobody takes and keeps the board in step.
package desk

import (
	"time"

	"quaydesk/domain/ticket"
)

// The Ticket workflow as others reach it: SignalWithStart of WorkflowName under ID, with an Input as both the start
// input and the signal's payload, after every change of the ticket's records and whenever its board may have news.
const (
	WorkflowName  = "Ticket"
	SignalChanged = "changed"
)

// ID is the workflow id of a ticket: "ticket:<id>".
func ID(id int64) string { return ticket.About(id) }

// Input starts a Ticket.
type Input struct {
	Ticket   int64    `json:"ticket"`            // the ticket's id
	Reminded Reminded `json:"reminded,omitzero"` // from the run before
	Swept    bool     `json:"swept,omitzero"`    // of a signal: a sweep found ticket and board out of step
}

// Reminded is how often staff was reminded that a ticket is new.
type Reminded struct {
	Since time.Time `json:"since"` // since when the ticket is new
	N     int       `json:"n"`     // reminders sent
	Last  time.Time `json:"last"`  // when the last one was
}
