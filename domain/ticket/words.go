package ticket

import "strings"

const (
	subjectLimit = 60 // characters
	labelLimit   = 30 // characters of a ticket's title on a button
	lastLimit    = 80 // characters of what was said last, in a list
)

// Subject gives the first words of what happened, at most 60 characters of its first line; "" for files without words.
func Subject(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return clip(line, subjectLimit)
}

// clip gives a text on one line of at most limit characters, cut between words where it can be, with "…" for what is
// gone.
func clip(text string, limit int) string {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	cut := string(runes[:limit-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ") + "…"
}
