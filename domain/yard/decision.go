package yard

import (
	"strconv"
	"strings"
)

// Arg is the decision as the argument of a button with ActDecide: "12:yes", "12:no".
func (d Decision) Arg() string {
	word := ":no"
	if d.Approve {
		word = ":yes"
	}
	return strconv.FormatInt(d.Approval, 10) + word
}

// ParseDecision reads the argument of a button; ok is false when it is none.
func ParseDecision(arg string) (d Decision, ok bool) {
	id, word, _ := strings.Cut(arg, ":")
	approval, err := strconv.ParseInt(id, 10, 64)
	return Decision{Approval: approval, Approve: word == "yes"}, err == nil && (word == "yes" || word == "no")
}
