package money

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// Taxed is an amount with its value-added tax: Gross = Net + VAT, always.
type Taxed struct {
	Currency Currency        `json:"currency"`
	Net      decimal.Decimal `json:"net"` // strings in JSON
	VAT      decimal.Decimal `json:"vat"`
	Gross    decimal.Decimal `json:"gross"`
}

// Including splits an exact price that includes VAT of so many percent. Gross and net are rounded once each, half up;
// VAT is what lies between.
func Including(exact, percent decimal.Decimal, c Currency) Taxed {
	t := Taxed{Currency: c, Gross: c.Round(exact)}
	t.Net = t.Gross
	if !percent.IsZero() {
		t.Net = exact.Mul(hundred).DivRound(hundred.Add(percent), c.Exponent())
	}
	t.VAT = t.Gross.Sub(t.Net)
	return t
}

var hundred = decimal.NewFromInt(100)

// Add gives the sum of two amounts in the same currency.
func (t Taxed) Add(o Taxed) Taxed {
	return Taxed{Currency: t.Currency, Net: t.Net.Add(o.Net), VAT: t.VAT.Add(o.VAT), Gross: t.Gross.Add(o.Gross)}
}

// Sub gives the difference of two amounts in the same currency.
func (t Taxed) Sub(o Taxed) Taxed {
	return Taxed{Currency: t.Currency, Net: t.Net.Sub(o.Net), VAT: t.VAT.Sub(o.VAT), Gross: t.Gross.Sub(o.Gross)}
}

// Zero tells whether all of it is zero.
func (t Taxed) Zero() bool { return t.Net.IsZero() && t.VAT.IsZero() && t.Gross.IsZero() }

// Equal tells whether both are the same amount.
func (t Taxed) Equal(o Taxed) bool { return t.Currency == o.Currency && t.Sub(o).Zero() }

// MarshalJSON writes the values as strings with the currency's digits.
func (t Taxed) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `{"currency":%q,"net":%q,"vat":%q,"gross":%q}`, string(t.Currency),
		t.Currency.Fixed(t.Net), t.Currency.Fixed(t.VAT), t.Currency.Fixed(t.Gross)), nil
}

// Totals are sums for each currency, in the order of their codes.
type Totals []Taxed

// Add adds an amount to its currency's sum. The receiver is not to be used afterwards.
func (all Totals) Add(t Taxed) Totals {
	i, found := slices.BinarySearchFunc(all, t.Currency, func(have Taxed, c Currency) int {
		switch {
		case have.Currency < c:
			return -1
		case have.Currency > c:
			return 1
		}
		return 0
	})
	if !found {
		return slices.Insert(all, i, t)
	}
	all[i] = all[i].Add(t)
	return all
}

// In gives the sum of a currency.
func (all Totals) In(c Currency) Taxed {
	for _, t := range all {
		if t.Currency == c {
			return t
		}
	}
	return Taxed{Currency: c}
}

// Gross lists the gross sums.
func (all Totals) Gross() []Amount {
	amounts := make([]Amount, len(all))
	for i, t := range all {
		amounts[i] = Amount{Value: t.Gross, Currency: t.Currency}
	}
	return amounts
}
