package container

import (
	"regexp"
	"strings"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
)

// Load tells whether a container is laden or empty; "" when that is not known.
type Load string

// The loads.
const (
	Laden Load = "laden"
	Empty Load = "empty"
)

// Loads lists them.
var Loads = []Load{Laden, Empty}

// Label gives the load in words; nothing when it is not known.
func (l Load) Label() chat.Text {
	if l == "" {
		return chat.Text{}
	}
	return chat.T("container.load." + string(l))
}

// emptyWords and ladenWords are the usual words and letters as a whole: "empty bottles" are a cargo.
var (
	emptyWords = regexp.MustCompile(`^(?:[EЕMМП]|MTY|ПОР\.?|ПОРОЖ.*|БЕЗ ГРУЗА|НЕ ?ГРУЖ\pL*|` +
		`(?:ПУСТ(?:ОЙ|АЯ|ОЕ|ЫЕ|ЫХ)?|EMPTY|MT|МТ)\.?(?:[ ,(-]+(?:КОНТЕЙНЕР|КТК|CONTAINER|ПОСЛЕ|ВОЗВРАТ|RETURN).*)?)$`)
	ladenWords = regexp.MustCompile(`^(?:[FLГ]|FCL|ГР|ГРУЖ\pL{0,5}|ГРУЗ|С ГРУЗОМ|ПОЛН(?:ЫЙ|АЯ|ОЕ|ЫЕ)|LADEN|LOADED|FULL)\.?(?:[ ,(-]+(?:КОНТЕЙНЕР|КТК|CONTAINER)\pL*)?$`)
)

// ParseLoad reads the usual words, English and Russian; "laden" and "empty" are among them. The error is a
// fault.Invalid.
func ParseLoad(raw string) (Load, error) {
	typed := strings.ReplaceAll(strings.ToUpper(strings.Join(strings.Fields(raw), " ")), "Ё", "Е")
	switch {
	case emptyWords.MatchString(typed):
		return Empty, nil
	case ladenWords.MatchString(typed):
		return Laden, nil
	}
	return "", fault.New(fault.Invalid, "container.load")
}
