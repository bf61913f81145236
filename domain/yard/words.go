package yard

import (
	"github.com/shopspring/decimal"

	"quaydesk/domain/chat"
)

// earliest is the first year that a movement can be of: what is before it is a slip.
const earliest = 2000

// heaviest is more than a container can weigh, in tons: what is above it is a slip. ISO 668 allows 36.
var heaviest = decimal.NewFromInt(60)

// Kinds, States, Operations and Modes list what there is, in the order in which people expect it.
var (
	Kinds      = []Kind{GateIn, GateOut, TransferOut, TransferIn, Operated, Held, Unheld, Reversed}
	States     = []State{In, InTransit, Out, Void}
	Operations = []Operation{LiftOff, LiftOn, Crane, Weighing}
	Modes      = []Mode{Truck, Wagon, Train}
)

// Label gives the kind's name.
func (k Kind) Label() chat.Text { return chat.T("yardrules.kind." + string(k)) }

// Label gives the state's name.
func (s State) Label() chat.Text { return chat.T("yardrules.state." + string(s)) }

// Label gives the operation's name.
func (o Operation) Label() chat.Text { return chat.T("yardrules.operation." + string(o)) }

// Label gives the mode's name.
func (m Mode) Label() chat.Text { return chat.T("yardrules.mode." + string(m)) }
