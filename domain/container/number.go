// Package container knows freight containers as ISO 6346 names them: numbers with their check digit and owner, sizes and
// types, laden or empty. It reads what people type and says what is wrong with it.
package container

import (
	"slices"
	"strings"

	"quaydesk/domain/fault"
)

// Number is a container number in canonical form, such as "MSKU6011672": three letters of the owner code, the category
// (U, J or Z), six digits of the serial and the check digit.
type Number string

const (
	length     = 11 // of a number
	letters    = 4  // of them, first
	categories = "UJZ"
)

// Grouped is the number as people read it: "MSKU 601167 2".
func (n Number) Grouped() string {
	if len(n) != length {
		return string(n)
	}
	return string(n[:letters] + " " + n[letters:length-1] + " " + n[length-1:])
}

// CheckDigit computes the check digit for the first ten characters of a number in canonical form; -1 when they are
// something else. A remainder of 10 gives 0: ISO 6346 advises against such serials, and many are in use.
func CheckDigit(first10 string) int {
	if len(first10) != length-1 {
		return -1
	}
	sum := 0
	for i := range len(first10) {
		v := value(first10[i])
		if v < 0 {
			return -1
		}
		sum += v << i
	}
	return sum % 11 % 10
}

// value is a character's value in the check digit; letters skip the multiples of 11. -1 for anything else.
func value(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'Z':
		v := int(c-'A') + 10
		return v + (v-1)/10
	}
	return -1
}

// right tells whether eleven characters in their places are a valid number.
func right(number string) bool {
	return strings.IndexByte(categories, number[letters-1]) >= 0 &&
		CheckDigit(number[:length-1]) == int(number[length-1]-'0')
}

// Reason says which part of a number is wrong.
type Reason string

// The reasons, in the order in which a number is looked at.
const (
	WrongLength   Reason = "length"      // not eleven characters
	WrongFormat   Reason = "format"      // not four letters and seven digits
	WrongCategory Reason = "category"    // the fourth letter is none of U, J, Z
	WrongDigit    Reason = "check_digit" // the other ten characters give another check digit
	Ambiguous     Reason = "ambiguous"   // several valid numbers can be meant, or one of several readings whose owner nobody knows
)

// Result is what can be said of a number that somebody typed.
type Result struct {
	Raw         string   `json:"raw"`
	Number      Number   `json:"number"` // canonical; also of a wrong one, if only one reading is possible
	Valid       bool     `json:"valid"`
	Reason      Reason   `json:"reason"`                // what is wrong; "" when valid
	Position    int      `json:"position,omitempty"`    // of the character that is wrong by format or category, from 1
	Digits      *Digits  `json:"check_digit,omitempty"` // when they differ, and there is one reading
	Known       bool     `json:"known"`                 // whether the owner code is in the register
	Owner       *Owner   `json:"owner"`
	Suggestions []Number `json:"suggestions"` // valid ones that may be meant; never taken without asking

	fault *fault.Fault
}

// Digits are the check digit that was typed, and the one that the other ten characters give.
type Digits struct {
	Given    int `json:"given"`
	Computed int `json:"computed"`
}

// Fault is what is wrong, in words; nil when the number is valid.
func (r Result) Fault() *fault.Fault { return r.fault }

// Parse reads a number that has one certain reading: in any case, with spaces and dashes, in Cyrillic by look or sound
// or on the wrong keyboard layout. The error is a fault.Invalid that says which part is wrong, or that several numbers
// can be meant. Letters and digits are never taken for each other.
func Parse(raw string) (Number, error) {
	r := Check(raw)
	if !r.Valid {
		return "", r.fault
	}
	return r.Number, nil
}

// Check says everything of a number that somebody typed.
func Check(raw string) Result {
	r := Result{Raw: raw}
	r.look(normal(raw))
	if r.Number != "" {
		if owner, known := r.Number.Owner(); known {
			r.Known, r.Owner = true, &owner
		}
	}
	return r
}

func (r *Result) look(typed []rune) {
	if len(typed) != length {
		r.refuse(WrongLength, "container.length", "Length", len(typed))
		return
	}
	for i, c := range typed {
		key := "container.wants_letter"
		if i >= letters {
			key = "container.wants_digit"
		}
		if i < letters && !isLetter(c) || i >= letters && !isDigit(c) {
			r.refuse(WrongFormat, key, "Position", i+1, "Character", string(c))
			r.Position, r.Suggestions = i+1, repairs(typed)
			return
		}
	}
	all := readings(typed)
	if len(all) == 1 {
		r.Number = Number(all[0])
	}
	if !slices.ContainsFunc(all, func(n string) bool { return strings.IndexByte(categories, n[letters-1]) >= 0 }) {
		r.refuse(WrongCategory, "container.category", "Character", string(typed[letters-1]))
		r.Position = letters
		return
	}
	// Of several readings the wrong digit of one may be right for another, so one that fits is certain only if its owner
	// is known.
	switch fit := valid(all); {
	case len(fit) == 1 && (len(all) == 1 || unknown(fit[0]) == 0):
		r.Number, r.Valid = fit[0], true
	case len(fit) == 1:
		r.Suggestions = fit
		r.refuse(Ambiguous, "container.unsure", "Number", fit[0].Grouped(), "Code", string(fit[0][:letters-1]))
	case len(fit) > 1:
		r.Suggestions = fit
		r.refuse(Ambiguous, "container.ambiguous", "Numbers", list(fit))
	case len(all) == 1:
		number := all[0]
		r.Digits = &Digits{Given: int(number[length-1] - '0'), Computed: CheckDigit(number[:length-1])}
		r.refuse(WrongDigit, "container.check_digit", "Given", r.Digits.Given, "Computed", r.Digits.Computed)
	default:
		r.refuse(WrongDigit, "container.check_digit_any", "Given", string(typed[length-1]))
	}
}

func (r *Result) refuse(reason Reason, key string, args ...any) {
	r.Reason, r.fault = reason, fault.New(fault.Invalid, key, args...)
}

func list(numbers []Number) string {
	grouped := make([]string, len(numbers))
	for i, n := range numbers {
		grouped[i] = n.Grouped()
	}
	return strings.Join(grouped, ", ")
}
