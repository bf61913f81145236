package container

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"quaydesk/domain/fault"
)

// MostAtOnce is how many numbers are taken in one text.
const MostAtOnce = 200

var ordinal = regexp.MustCompile(`^\d{1,3}[.)]?$`)

// Split gives the numbers of one text as they were typed: each on a line, or set apart by commas, semicolons or tabs,
// or by spaces where a new one begins; the spaces within a number stay. Ordinals of a list ("1.") are left out. Of a
// text with more than MostAtOnce it gives MostAtOnce+1: see TooMany.
func Split(text string) []string {
	var all []string
	add := func(words []string) {
		if typed := strings.Join(words, " "); typed != "" && !ordinal.MatchString(typed) {
			all = append(all, typed)
		}
	}
	for line := range strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune("\n\r\t,;|", c) }) {
		var words []string
		for word := range strings.FieldsSeq(line) {
			if first, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(first) && strings.ContainsFunc(strings.Join(words, ""), isDigit) {
				add(words)
				words = nil
			}
			words = append(words, word)
		}
		if add(words); len(all) > MostAtOnce {
			return all[:MostAtOnce+1]
		}
	}
	return all
}

// TooMany is what is said to a text with more than MostAtOnce numbers.
func TooMany() *fault.Fault {
	return fault.New(fault.Invalid, "container.too_many", "Most", MostAtOnce)
}
