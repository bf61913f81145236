package schedule

import (
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/shopspring/decimal"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/money"
)

// The sorts of values that are written in a way of their own. Each is read from the file's own characters: no number
// ever goes through a float.

// wrong is a value that cannot be read.
type wrong struct{ billing.Problem }

func (w *wrong) Error() string { return w.Text.Key }

func refuse(node ast.Node, key string, args ...any) error {
	path := strings.TrimPrefix(node.GetPath(), "$.")
	return &wrong{billing.Problem{Path: path, Line: node.GetToken().Position.Line, Text: chat.T(key, args...)}}
}

// typed gives a value as it was typed, without quotes.
func typed(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	case *ast.TagNode:
		return typed(n.Value)
	}
	return "", false
}

// number is an exact decimal number: 5, 5.00 or "5.00".
type number struct{ text string }

// UnmarshalYAML reads the number.
func (n *number) UnmarshalYAML(node ast.Node) error {
	text, ok := typed(node)
	a, err := money.Parse(text, "")
	if !ok || err != nil || len(text) > 30 {
		return refuse(node, "money.number", "Typed", text)
	}
	n.text = a.Value.String()
	return nil
}

// MarshalYAML writes the number.
func (n number) MarshalYAML() ([]byte, error) { return []byte(n.text), nil }

func (n *number) decimal() decimal.Decimal {
	if n == nil || n.text == "" {
		return decimal.Zero
	}
	return decimal.RequireFromString(n.text)
}

func numberOf(d decimal.Decimal) *number { return &number{d.String()} }

// fixed writes a price with all digits of its currency.
func fixed(c money.Currency, d decimal.Decimal) number { return number{c.Fixed(d)} }

// day is a date: 2026-01-31.
type day calendar.Date

// UnmarshalYAML reads the date.
func (d *day) UnmarshalYAML(node ast.Node) error {
	text, _ := typed(node)
	date, err := calendar.Parse(text)
	if err != nil {
		return refuse(node, "billing.wrong.no_day")
	}
	*d = day(date)
	return nil
}

// MarshalYAML writes the date.
func (d day) MarshalYAML() ([]byte, error) { return []byte(calendar.Date(d).String()), nil }

// IsZero tells whether there is none.
func (d day) IsZero() bool { return d == 0 }

// moment is a time with its offset from UTC: 2026-01-31T09:00:00Z. It is kept to the microsecond.
type moment time.Time

// UnmarshalYAML reads the moment.
func (m *moment) UnmarshalYAML(node ast.Node) error {
	text, _ := typed(node)
	t, err := time.Parse(time.RFC3339Nano, strings.Replace(text, " ", "T", 1))
	if err != nil {
		return refuse(node, "billing.wrong.moment")
	}
	*m = moment(t.UTC().Truncate(time.Microsecond))
	return nil
}

// MarshalYAML writes the moment.
func (m moment) MarshalYAML() ([]byte, error) {
	return []byte(time.Time(m).UTC().Format(time.RFC3339Nano)), nil
}

// IsZero tells whether there is none.
func (m moment) IsZero() bool { return time.Time(m).IsZero() }

// name is a client's or a discount's. It is always written in double quotes: many a name is something else without.
type name string

// MarshalYAML writes the name; Go's escapes are all YAML's too.
func (n name) MarshalYAML() ([]byte, error) { return []byte(strconv.Quote(string(n))), nil }

// anything is how a file may say that a price is for all.
const anything = "any"

// size is a length in feet, or any.
type size int

// UnmarshalYAML reads the length.
func (s *size) UnmarshalYAML(node ast.Node) error {
	text, _ := typed(node)
	if text == anything {
		*s = 0
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n == 0 {
		return refuse(node, "billing.wrong.size")
	}
	*s = size(n)
	return nil
}

// word is a load or group, or any.
type word string

// UnmarshalYAML reads the word.
func (w *word) UnmarshalYAML(node ast.Node) error {
	text, _ := typed(node)
	if text != anything {
		*w = word(text)
	}
	return nil
}
