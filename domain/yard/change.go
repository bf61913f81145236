package yard

import (
	"time"

	"quaydesk/domain/fault"
)

// What people ask to be recorded. A zero At is the moment it is recorded.

// Arrival asks for a gate-in.
type Arrival struct {
	Terminal   int64     `json:"terminal"`
	At         time.Time `json:"at,omitzero"`
	ClientName string    `json:"client_name,omitempty"` // a company to be made, when Details.Client is 0
	LineName   string    `json:"line_name,omitempty"`   // likewise for Details.Line; may be empty
	Details
}

// Departure asks for a gate-out of boxes, each of its own.
type Departure struct {
	Stays []int64   `json:"stays"`
	At    time.Time `json:"at,omitzero"`
	Details
}

// Transfer asks to send boxes off to another terminal, Details.To.
type Transfer struct {
	Stays []int64   `json:"stays"`
	At    time.Time `json:"at,omitzero"`
	Details
}

// Receipt asks to confirm that boxes in transit have come in where they are bound.
type Receipt struct {
	Stays []int64   `json:"stays"`
	At    time.Time `json:"at,omitzero"`
	Details
}

// Handling asks for an operation on a box, a hold, or the end of one.
type Handling struct {
	Stay   int64     `json:"stay"`
	Kind   Kind      `json:"kind"` // Operated, Held or Unheld
	At     time.Time `json:"at,omitzero"`
	Reason string    `json:"reason,omitempty"`
	Details
}

// Correction asks for a record that stands for a movement from now on: with everything it should have told, or none at
// all.
type Correction struct {
	Movement   int64     `json:"movement"`
	Reverse    bool      `json:"reverse,omitempty"`  // it never happened
	At         time.Time `json:"at,omitzero"`        // zero: as it was
	Terminal   int64     `json:"terminal,omitempty"` // 0: as it was
	ClientName string    `json:"client_name,omitempty"`
	LineName   string    `json:"line_name,omitempty"`
	Reason     string    `json:"reason"`
	Details              // of the movement, whole
}

// Change is any one of these, as it waits for a manager's approval.
type Change struct {
	Arrival    *Arrival    `json:"arrival,omitempty"`
	Departure  *Departure  `json:"departure,omitempty"`
	Transfer   *Transfer   `json:"transfer,omitempty"`
	Receipt    *Receipt    `json:"receipt,omitempty"`
	Handling   *Handling   `json:"handling,omitempty"`
	Correction *Correction `json:"correction,omitempty"`
}

// Recorded is what came of a Change. Of several boxes each goes or is refused by itself.
type Recorded struct {
	Boxes   []Box     `json:"boxes,omitempty"`   // as they are now
	Refused []Refusal `json:"refused,omitempty"` // of a list
	Waits   int64     `json:"waits,omitempty"`   // the approval it waits for; nothing is recorded yet
}

// Refusal is a box of a list for which nothing was recorded.
type Refusal struct {
	Stay   int64        `json:"stay"`
	Number string       `json:"number"`
	Fault  *fault.Fault `json:"fault"`
}

// Box is a stay with the names that people know its parts by.
type Box struct {
	Stay
	TerminalName  string `json:"terminal_name"`
	BoundName     string `json:"bound_name,omitempty"`
	ClientName    string `json:"client_name"`
	LineName      string `json:"line_name,omitempty"`
	RequiresOrder bool   `json:"requires_order,omitempty"`
	Days          int    `json:"days"` // so far, or of the whole stay, both ends counted, in the zone of Origin
}

// Decision is a manager's word on a Change that waits.
type Decision struct {
	Approval int64 `json:"approval"`
	Approve  bool  `json:"approve"`
}

// At gives the change a moment where it has none. A correction without one keeps that of what it corrects.
func (c *Change) At(moment time.Time) {
	set := func(at *time.Time) {
		if at.IsZero() {
			*at = moment
		}
	}
	switch {
	case c.Arrival != nil:
		set(&c.Arrival.At)
	case c.Departure != nil:
		set(&c.Departure.At)
	case c.Transfer != nil:
		set(&c.Transfer.At)
	case c.Receipt != nil:
		set(&c.Receipt.At)
	case c.Handling != nil:
		set(&c.Handling.At)
	}
}
