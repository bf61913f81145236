// Package money holds exact amounts in currencies: decimals, never floats.
package money

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"quaydesk/domain/fault"
)

// Currency is a currency's code by ISO 4217, such as "UZS".
type Currency string

// The currencies of every day.
const (
	UZS Currency = "UZS"
	USD Currency = "USD"
)

// exponents are the digits behind the point of the currencies that are known here, as ISO 4217 has them.
var exponents = map[Currency]int32{
	"AED": 2, "AFN": 2, "AZN": 2, "BYN": 2, "CHF": 2, "CNY": 2, "EUR": 2, "GBP": 2, "GEL": 2, "INR": 2, "IRR": 2, "JPY": 0,
	"KGS": 2, "KRW": 0, "KWD": 3, "KZT": 2, "PKR": 2, "PLN": 2, "RUB": 2, "TJS": 2, "TMT": 2, "TRY": 2, "UAH": 2, USD: 2, UZS: 2,
}

// Currencies lists those that are known, by code.
func Currencies() []Currency { return slices.Sorted(maps.Keys(exponents)) }

// Known tells whether it is a currency that amounts can be in.
func (c Currency) Known() bool {
	_, known := exponents[c]
	return known
}

// Exponent is how many digits an amount has behind the point.
func (c Currency) Exponent() int32 {
	if e, known := exponents[c]; known {
		return e
	}
	return 2
}

// Round rounds to the currency's digits, half up. A negative value is rounded as its opposite is, so that a credit is
// as much as what it takes back.
func (c Currency) Round(exact decimal.Decimal) decimal.Decimal { return exact.Round(c.Exponent()) }

// Unit is the smallest coin: 0.01 of a currency with two digits.
func (c Currency) Unit() decimal.Decimal { return decimal.New(1, -c.Exponent()) }

// Fixed writes a value with the currency's digits, or more when it has more: "112.00".
func (c Currency) Fixed(v decimal.Decimal) string {
	if short := c.Round(v); short.Equal(v) {
		return v.StringFixed(c.Exponent())
	}
	return v.String()
}

// Amount is a value in a currency.
type Amount struct {
	Value    decimal.Decimal `json:"value"` // a string in JSON
	Currency Currency        `json:"currency"`
}

// Parse reads an amount from a decimal number such as "112.50". The error is a fault.Invalid.
func Parse(value string, c Currency) (Amount, error) {
	v, err := decimal.NewFromString(strings.TrimSpace(value))
	if err != nil || strings.ContainsAny(value, "eE") {
		return Amount{}, fault.New(fault.Invalid, "money.number", "Typed", value)
	}
	return Amount{Value: v, Currency: c}, nil
}

// String gives "112.00 USD".
func (a Amount) String() string { return a.Currency.Fixed(a.Value) + " " + string(a.Currency) }

// MarshalJSON writes {"value":"112.00","currency":"USD"}.
func (a Amount) MarshalJSON() ([]byte, error) {
	return fmt.Appendf(nil, `{"value":%q,"currency":%q}`, a.Currency.Fixed(a.Value), string(a.Currency)), nil
}
