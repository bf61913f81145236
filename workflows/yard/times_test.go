package yard

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTimeBehindNumbers(t *testing.T) {
	for text, want := range map[string][2]string{
		"MSKU6011672":                             {"MSKU6011672", ""},
		"MSKU 601167 2":                           {"MSKU 601167 2", ""},
		"MSKU 601167 2 16:05":                     {"MSKU 601167 2", "16:05"},
		"мску6011672 вчера 18:40":                 {"мску6011672", "вчера 18:40"},
		"мску 601167 2 Вчера":                     {"мску 601167 2", "Вчера"},
		"MSKU6011672, вчера в 18:40":              {"MSKU6011672", "вчера в 18:40"},
		"MSKU6011672 18:40 yesterday":             {"MSKU6011672", "18:40 yesterday"},
		"MSKU6011672 2026-11-05 14:00":            {"MSKU6011672", "2026-11-05 14:00"},
		"MSKU6011672\nTOLU4734787\n20.11 в 16:05": {"MSKU6011672\nTOLU4734787", "20.11 в 16:05"},
		"MSKU6011672 at 16:05":                    {"MSKU6011672", "at 16:05"},
		"16:05":                                   {"", "16:05"},
		"":                                        {"", ""},
	} {
		rest, when := splitWhen(text)
		require.Equal(t, want, [2]string{rest, when}, text)
	}
}

func TestNothingIsLostBetweenNumbersAndTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.StringMatching(`[A-ZА-Я]{4} ?[0-9]{6}[ -]?[0-9](, [A-Z]{4}[0-9]{7}){0,3}`).Draw(t, "numbers")
		when := rapid.SampledFrom([]string{"16:05", "вчера 18:40", "5.11 14:00", "05.11.2026 14:00", "14:00 5/11", "2026-11-05, 14:00"}).Draw(t, "when")
		rest, split := splitWhen(numbers)
		require.Equal(t, numbers, rest)
		require.Empty(t, split)
		rest, split = splitWhen(numbers + " " + when)
		require.Equal(t, numbers, rest)
		require.Equal(t, when, split)
	})
}
