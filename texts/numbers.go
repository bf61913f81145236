package texts

import (
	"strings"

	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
)

// days is how a day is shown.
var days = map[string]string{"en": "2 Jan 2006", "ru": "02.01.2006"}

// Date gives a day as a language writes it.
func Date(lang string, d calendar.Date) string {
	layout, known := days[lang]
	if !known {
		layout = days[Languages[0]]
	}
	return d.Format(layout)
}

// Number gives a decimal number such as "-1234567.50" as a language writes it: 1,234,567.50 in English, 1 234 567,50 in
// Russian, with no-break spaces and a true minus.
func Number(lang, plain string) string {
	group, point := ",", "."
	if lang == "ru" {
		group, point = "\u00a0", ","
	}
	minus := ""
	if rest, negative := strings.CutPrefix(plain, "-"); negative {
		minus, plain = "\u2212", rest
	}
	whole, fraction, broken := strings.Cut(plain, ".")
	var groups []string
	for len(whole) > 3 {
		groups = append([]string{whole[len(whole)-3:]}, groups...)
		whole = whole[:len(whole)-3]
	}
	out := minus + strings.Join(append([]string{whole}, groups...), group)
	if broken {
		out += point + fraction
	}
	return out
}

// Money gives an amount as a language writes it, with the currency's digits and its code.
func Money(lang string, a money.Amount) string {
	return Number(lang, a.Currency.Fixed(a.Value)) + "\u00a0" + string(a.Currency)
}
