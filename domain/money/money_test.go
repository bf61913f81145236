package money_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/money"
)

func num(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestRoundsHalfUpToTheCurrencysDigits(t *testing.T) {
	for _, c := range []struct {
		currency    money.Currency
		exact, want string
	}{
		{money.USD, "1.005", "1.01"}, {money.USD, "1.004999", "1.00"}, {money.USD, "-1.005", "-1.01"}, {money.UZS, "0.125", "0.13"},
		{"JPY", "0.5", "1"}, {"JPY", "2.5", "3"}, {"KWD", "1.0005", "1.001"},
	} {
		require.Equal(t, c.want, c.currency.Fixed(c.currency.Round(num(c.exact))), "%+v", c)
	}
}

func TestVATIsWithinThePrice(t *testing.T) {
	for _, c := range []struct{ exact, percent, net, vat, gross string }{
		{"112", "12", "100.00", "12.00", "112.00"},
		{"5", "12", "4.46", "0.54", "5.00"},
		{"0.005", "12", "0.00", "0.01", "0.01"}, // net is 0.00446…: each is rounded once
		{"14.025", "12", "12.52", "1.51", "14.03"},
		{"50", "0", "50.00", "0.00", "50.00"},
		{"100", "100", "50.00", "50.00", "100.00"},
	} {
		got := money.Including(num(c.exact), num(c.percent), money.USD)
		require.Equal(t, []string{c.net, c.vat, c.gross}, []string{got.Net.StringFixed(2), got.VAT.StringFixed(2), got.Gross.StringFixed(2)}, "%+v", c)
	}
}

func TestARateConvertsGrossAndNet(t *testing.T) {
	rate := money.Rate{Currency: money.USD, UZS: num("12650.37")}
	got := rate.Convert(money.Including(num("5"), num("12"), money.USD))
	require.Equal(t, "63251.85 56420.65 6831.20", got.Gross.StringFixed(2)+" "+got.Net.StringFixed(2)+" "+got.VAT.StringFixed(2))
	require.Equal(t, money.UZS, got.Currency)
}

func TestAmountsAreStringsInJSON(t *testing.T) {
	written, err := json.Marshal([]any{money.Amount{Value: num("5"), Currency: money.USD}, money.Including(num("112"), num("12"), money.UZS)})
	require.NoError(t, err)
	require.JSONEq(t, `[{"value":"5.00","currency":"USD"},{"currency":"UZS","net":"100.00","vat":"12.00","gross":"112.00"}]`, string(written))
}

func TestAnythingIsReadBackFromJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount{Value: decimal.New(rapid.Int64().Draw(t, "value"), -rapid.Int32Range(0, 9).Draw(t, "digits")),
			Currency: rapid.SampledFrom(money.Currencies()).Draw(t, "currency")}
		written, err := json.Marshal(a)
		require.NoError(t, err)
		var read money.Amount
		require.NoError(t, json.Unmarshal(written, &read))
		require.True(t, a.Value.Equal(read.Value))
		require.Equal(t, a.Currency, read.Currency)
	})
}

func TestParse(t *testing.T) {
	a, err := money.Parse(" 56000.50 ", money.UZS)
	require.NoError(t, err)
	require.Equal(t, "56000.50 UZS", a.String())
	for _, wrong := range []string{"", "five", "1e9", "0x10", "1,5", "NaN", "∞"} {
		_, err := money.Parse(wrong, money.UZS)
		require.Error(t, err, wrong)
	}
}

func TestTotalsAreSortedSums(t *testing.T) {
	var all money.Totals
	for _, c := range []money.Currency{money.UZS, money.USD, money.UZS, "EUR"} {
		all = all.Add(money.Including(num("112"), num("12"), c))
	}
	require.Len(t, all, 3)
	require.Equal(t, money.Currency("EUR"), all[0].Currency)
	require.Equal(t, "224", all.In(money.UZS).Gross.String())
	require.True(t, all.In("JPY").Zero())
}
