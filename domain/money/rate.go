package money

import (
	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
)

// Rate is the central bank's: what one unit of a currency is in UZS from a day on, until the next rate.
type Rate struct {
	Currency Currency        `json:"currency"`
	Date     calendar.Date   `json:"date"`
	UZS      decimal.Decimal `json:"uzs"`
}

// Convert gives an amount of the rate's currency in UZS, rounded half up. Gross and net are converted, VAT is what lies
// between.
func (r Rate) Convert(t Taxed) Taxed {
	c := Taxed{Currency: UZS, Net: UZS.Round(t.Net.Mul(r.UZS)), Gross: UZS.Round(t.Gross.Mul(r.UZS))}
	c.VAT = c.Gross.Sub(c.Net)
	return c
}
