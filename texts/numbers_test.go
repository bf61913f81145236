package texts_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
	"quaydesk/texts"
)

func TestNumbersAreOfTheLanguage(t *testing.T) {
	for plain, want := range map[string][2]string{ // English, Russian
		"0": {"0", "0"}, "999": {"999", "999"}, "1000": {"1,000", "1\u00a0000"}, "-1": {"\u22121", "\u22121"},
		"1234567.50": {"1,234,567.50", "1\u00a0234\u00a0567,50"}, "-100000.5": {"\u2212100,000.5", "\u2212100\u00a0000,5"},
	} {
		require.Equal(t, want, [2]string{texts.Number("en", plain), texts.Number("ru", plain)}, plain)
	}
	require.Equal(t, "5.00\u00a0USD", texts.Money("en", money.Amount{Value: decimal.NewFromInt(5), Currency: money.USD}))
	require.Equal(t, "21.11.2026", texts.Date("ru", calendar.Of(2026, 11, 21)))
	require.Equal(t, "21 Nov 2026", texts.Date("xx", calendar.Of(2026, 11, 21)))
}

// However a number is written, it is the same number.
func TestNumbersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64().Draw(t, "digits"), -rapid.Int32Range(0, 6).Draw(t, "places"))
		for lang, plain := range map[string]*strings.Replacer{
			"en": strings.NewReplacer(",", "", "\u2212", "-"), "ru": strings.NewReplacer("\u00a0", "", ",", ".", "\u2212", "-"),
		} {
			back, err := decimal.NewFromString(plain.Replace(texts.Number(lang, d.String())))
			require.NoError(t, err)
			require.True(t, back.Equal(d), lang)
		}
	})
}
