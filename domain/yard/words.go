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

// TidyText gives what somebody typed of a box (a place, an order) on a single line without spaces at the ends. The error
// is a fault.Invalid: it is too long.
func TidyText(typed string) (string, error) { return tidy(typed, longestText) }

// TidyNote is TidyText for what may be longer: a remark, a reason.
func TidyNote(typed string) (string, error) { return tidy(typed, longestNote) }

func tidy(typed string, most int) (string, error) {
	line := strings.Join(strings.FieldsFunc(typed, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) }), " ")
	if utf8.RuneCountInString(line) > most {
		return line, fault.New(fault.Invalid, "yardrules.too_long", "Most", most)
	}
	return line, nil
}

// TidySeals is TidyText for each of some seals. It is a fault.Invalid too when there are too many of them.
func TidySeals(typed []string) ([]string, error) {
	if len(typed) > mostSeals {
		return nil, fault.New(fault.Invalid, "yardrules.too_many_seals", "Most", mostSeals)
	}
	seals := slices.Clone(typed)
	for i := range seals {
		var err error
		if seals[i], err = TidyText(seals[i]); err != nil {
			return nil, err
		}
	}
	return seals, nil
}

// CheckTonnage says whether a container can weigh so much, in metric tons: nil, or a fault.Invalid.
func CheckTonnage(tons decimal.Decimal) error {
	if tons.IsNegative() || tons.GreaterThan(heaviest) {
		return fault.New(fault.Invalid, "yardrules.tonnage")
	}
	return nil
}

// Tidy is the movement with what people typed on single lines without spaces at the ends. The error is a fault.Invalid:
// some of it is too long.
func (m Movement) Tidy() (Movement, error) {
	for _, s := range []*string{&m.Typed, &m.Order, &m.Transport.Number, &m.Destination, &m.Place, &m.Cargo} {
		var err error
		if *s, err = TidyText(*s); err != nil {
			return m, err
		}
	}
	for _, s := range []*string{&m.Remarks, &m.Reason} {
		var err error
		if *s, err = TidyNote(*s); err != nil {
			return m, err
		}
	}
	var err error
	m.Seals, err = TidySeals(m.Seals)
	return m, err
}
