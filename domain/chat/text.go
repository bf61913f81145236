package chat

import (
	"fmt"
	"time"
)

// Text is words to be said in the reader's language. They are rendered where a message is stored for sending, so a
// workflow never depends on a translation. Exactly one of Key, Plain, Time, Day, Sum and Lines is set; the zero Text is empty.
type Text struct {
	Key   string          `json:"key,omitempty"`   // a message of the catalogue (package texts)
	Args  map[string]Text `json:"args,omitempty"`  // its arguments, {{.Name}} in the catalogue; escaped when rendered
	Count *int            `json:"count,omitempty"` // chooses the plural form; {{.Count}} in the catalogue
	Plain string          `json:"plain,omitempty"` // words as a person typed them, or a name or number
	Time  *time.Time      `json:"time,omitempty"`  // a moment, UTC, shown in the reader's zone
	Day   string          `json:"day,omitempty"`   // a day, "2026-01-31", shown as the language writes days
	Sum   string          `json:"sum,omitempty"`   // an amount, "850000.00 UZS", shown as the language writes numbers
	Lines []Text          `json:"lines,omitempty"` // several texts, one below the other
}

// T is the text of a catalogue key. args are name and value in turn; a value is a Text, string, int, int64 or
// time.Time. The name "Count" (an int) chooses the plural form. It panics on anything else: a programmer's mistake.
func T(key string, args ...any) Text {
	t := Text{Key: key}
	if len(args)%2 != 0 {
		panic("chat.T: " + key + ": arguments are name and value in turn")
	}
	for i := 0; i < len(args); i += 2 {
		name := args[i].(string)
		if name == "Count" {
			n := args[i+1].(int)
			t.Count = &n
			continue
		}
		if t.Args == nil {
			t.Args = make(map[string]Text, len(args)/2)
		}
		t.Args[name] = textOf(args[i+1])
	}
	return t
}

func textOf(v any) Text {
	switch v := v.(type) {
	case Text:
		return v
	case string:
		return Plain(v)
	case int, int64:
		return Plain(fmt.Sprint(v))
	case time.Time:
		return At(v)
	default:
		panic(fmt.Sprintf("chat.T: a %T is no text", v))
	}
}

// Plain is words as they are, in no language of ours.
func Plain(s string) Text { return Text{Plain: s} }

// At is a moment, shown in the reader's zone.
func At(t time.Time) Text { t = t.UTC(); return Text{Time: &t} }

// Day is a day, such as calendar.Date's String gives it: "2026-01-31".
func Day(day string) Text { return Text{Day: day} }

// Sum is an amount with its currency, such as money.Amount's String gives it: "850000.00 UZS".
func Sum(amount string) Text { return Text{Sum: amount} }

// Lines is several texts, one below the other; empty ones leave an empty line.
func Lines(texts ...Text) Text { return Text{Lines: texts} }

// Empty tells whether nothing would be said.
func (t Text) Empty() bool {
	return t.Key == "" && t.Plain == "" && t.Time == nil && t.Day == "" && t.Sum == "" && len(t.Lines) == 0
}
