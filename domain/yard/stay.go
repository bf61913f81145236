package yard

import (
	"time"

	"quaydesk/domain/container"
)

// State is where a box is in its stay.
type State string

// The states of a stay.
const (
	In        State = "in"      // stands at Terminal
	InTransit State = "transit" // on its way from Terminal to Bound
	Out       State = "out"     // has left
	Void      State = "void"    // its gate-in was reversed: there never was a stay
)

// Stay is what a box's movements add up to. It is computed from them and kept only to find it fast.
type Stay struct {
	ID        int64 `json:"id"`
	Workspace int64 `json:"workspace"`
	State     State `json:"state"`

	Number   container.Number   `json:"number"`
	SizeType container.SizeType `json:"size_type,omitempty"`
	Load     container.Load     `json:"load,omitempty"`
	Client   int64              `json:"client"`
	Line     int64              `json:"line,omitempty"`

	Terminal int64  `json:"terminal"`         // where it stands, or stood last
	Bound    int64  `json:"bound,omitempty"`  // in transit: the terminal it goes to
	Origin   int64  `json:"origin"`           // where it came in: its time zone counts the days
	Place    string `json:"place,omitempty"`  // latest told at Terminal
	Held     string `json:"held,omitempty"`   // the reason of a hold
	OnHold   bool   `json:"on_hold,omitzero"` // also without a reason

	Entered time.Time `json:"entered"`          // UTC
	Left    time.Time `json:"left,omitzero"`    // UTC; zero while it is there
	Since   time.Time `json:"since"`            // of the state, UTC
	By      string    `json:"by,omitempty"`     // name of who recorded what made the state
	Legs    []Leg     `json:"legs"`             // where it stood, in order
	Done    []Handled `json:"handled,omitzero"` // what may cost a fee, in order
	Version int       `json:"version"`          // grows with every movement
}

// Leg is a part of a stay at one terminal.
type Leg struct {
	Terminal int64     `json:"terminal"`
	From     time.Time `json:"from"`        // UTC
	To       time.Time `json:"to,omitzero"` // UTC; zero while it stands there
}

// Handled is an operation that was carried out.
type Handled struct {
	Operation Operation `json:"operation"`
	At        time.Time `json:"at"` // UTC
}

// Terminal is a yard with a gate.
type Terminal struct {
	ID        int64  `json:"id"`
	Workspace int64  `json:"workspace"`
	Name      string `json:"name"`
	Zone      string `json:"zone"` // IANA time zone: days of storage are counted in it
}

// Company is a client who pays, or a line whose containers they are; often both.
type Company struct {
	ID            int64  `json:"id"`
	Workspace     int64  `json:"workspace"`
	Name          string `json:"name"`
	RequiresOrder bool   `json:"requires_order"` // its boxes are released against an order only
}
