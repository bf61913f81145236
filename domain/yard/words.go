package yard

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
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

const (
	longestText = 200 // characters of what is typed of a box
	longestNote = 1000
	mostSeals   = 10
)

// Tidy is the movement with what people typed on single lines without spaces at the ends. The error is a fault.Invalid:
// some of it is too long.
func (m Movement) Tidy() (Movement, error) {
	var err error
	tidy := func(s *string, most int) {
		*s = strings.Join(strings.FieldsFunc(*s, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }), " ")
		if utf8.RuneCountInString(*s) > most {
			err = fault.New(fault.Invalid, "yardrules.too_long", "Most", most)
		}
	}
	m.Seals = slices.Clone(m.Seals)
	for _, s := range []*string{&m.Typed, &m.Order, &m.Transport.Number, &m.Destination, &m.Place, &m.Cargo} {
		tidy(s, longestText)
	}
	for _, s := range []*string{&m.Remarks, &m.Reason} {
		tidy(s, longestNote)
	}
	for i := range m.Seals {
		tidy(&m.Seals[i], longestText)
	}
	if len(m.Seals) > mostSeals {
		err = fault.New(fault.Invalid, "yardrules.too_many_seals", "Most", mostSeals)
	}
	return m, err
}
