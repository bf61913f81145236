// Package yard holds the rules of container terminals: movements, which are never edited, the stays they add up to, and
// what can be done with a box as it stands.
package yard

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"quaydesk/domain/chat"
	"quaydesk/domain/container"
)

// Kind is what a movement records.
type Kind string

// The kinds of movements.
const (
	GateIn      Kind = "gate_in"      // into a terminal: a stay begins
	GateOut     Kind = "gate_out"     // released: the stay ends
	TransferOut Kind = "transfer_out" // off to another terminal (To): in transit, the stay goes on
	TransferIn  Kind = "transfer_in"  // confirmed there
	Operated    Kind = "operation"    // a crane operation or weighing beside the gate's own
	Held        Kind = "hold"         // not to be released until the hold is lifted
	Unheld      Kind = "unhold"       // the hold is lifted
	Reversed    Kind = "reversal"     // Replaces never happened
)

// Movement is a record of something that happened to a box. It has two times: when it happened and when it was recorded.
// Nothing changes a movement: a correction is another one, which replaces it from when that is recorded.
type Movement struct {
	ID       int64     `json:"id"`
	Stay     int64     `json:"stay"`
	Kind     Kind      `json:"kind"`
	At       time.Time `json:"at"`       // when it happened, UTC
	Recorded time.Time `json:"recorded"` // when it was recorded, UTC
	Terminal int64     `json:"terminal"` // where it happened
	Details

	Replaces   int64  `json:"replaces,omitempty"` // the movement that this one stands for from now on
	Reason     string `json:"reason,omitempty"`   // of a correction or hold, as typed
	By         Party  `json:"by"`
	ApprovedBy int64  `json:"approved_by,omitempty"` // person who let it into a day closed for accounting
	Source     Source `json:"source"`
}

// Details is what a movement tells of the box. A gate-in tells most of it; zero values say nothing.
type Details struct {
	Number    container.Number   `json:"number,omitempty"`    // gate-in
	Typed     string             `json:"typed,omitempty"`     // gate-in: the number as it was typed, for the audit
	SizeType  container.SizeType `json:"size_type,omitempty"` // gate-in
	Load      container.Load     `json:"load,omitempty"`      // gate-in
	Client    int64              `json:"client,omitempty"`    // gate-in: company that pays
	Line      int64              `json:"line,omitempty"`      // gate-in: company whose container it is
	To        int64              `json:"to,omitempty"`        // transfer-out: terminal it goes to
	Operation Operation          `json:"operation,omitempty"` // operation
	Order     string             `json:"order,omitempty"`     // gate-out: release order or booking

	Transport   Transport       `json:"transport,omitzero"` // in or out
	Destination string          `json:"destination,omitempty"`
	Seals       []string        `json:"seals,omitempty"`
	Place       string          `json:"place,omitempty"` // block, bay, row, tier as the yard says it
	Cargo       string          `json:"cargo,omitempty"`
	Tonnage     decimal.Decimal `json:"tonnage,omitzero"` // metric tons
	Remarks     string          `json:"remarks,omitempty"`
	Photos      []chat.File     `json:"photos,omitempty"`
}

// Operation is a handling of a box that may cost a fee.
type Operation string

// The operations. A gate-in is a lift-off and a gate-out a lift-on; the others are recorded by themselves.
const (
	LiftOff  Operation = "lift_off"
	LiftOn   Operation = "lift_on"
	Crane    Operation = "crane"
	Weighing Operation = "weighing"
)

// Transport is what brings or takes a box.
type Transport struct {
	Mode   Mode   `json:"mode,omitempty"`
	Number string `json:"number,omitempty"` // plate, wagon or train number
}

// Mode is the sort of a Transport.
type Mode string

// The modes.
const (
	Truck Mode = "truck"
	Wagon Mode = "wagon"
	Train Mode = "train"
)

// Party is who recorded a movement: a person of the workspace, or the product itself (ID 0).
type Party struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Source is the way by which a movement was recorded.
type Source string

// The sources.
const (
	FromChat   Source = "chat"
	FromWeb    Source = "web"
	FromImport Source = "import"
)

// About names a stay to the outbox, the audit log and Temporal: "stay:12".
func About(id int64) string { return "stay:" + strconv.FormatInt(id, 10) }
