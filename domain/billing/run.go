package billing

import (
	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
)

// run is a longest stretch of days of a stay that share version, tier and discounts. What its first n days cost
// together is rounded once; a part of it costs what lies between its two ends.
type run struct {
	kind     Kind
	first    calendar.Date
	from, to int // numbers of the days
	version  *version
	currency money.Currency
	tier     Tier
	cuts     []cut           // discounts, in the order in which they work
	owed     decimal.Decimal // what comes on top as these discounts were not the best before, see run.since
}

// cut is a discount at work on a run.
type cut struct {
	discount *Discount
	daily    decimal.Decimal // what a day costs after it
	flat     decimal.Decimal // what is taken off the run as a whole after that, with the cuts before
}

// state is what days cost: n of them cost n·daily − flat, but nothing less than zero, and what is owed.
func (r *run) state(cuts int) (daily, flat decimal.Decimal) {
	if cuts == 0 {
		return r.tier.Rate, decimal.Zero
	}
	c := r.cuts[cuts-1]
	return c.daily, c.flat
}

// exact is what the first n days cost together after so many cuts. It is never more than without them.
func (r *run) exact(n, cuts int) decimal.Decimal {
	daily, flat := r.state(cuts)
	days := decimal.NewFromInt(int64(n))
	cost := daily.Mul(days)
	if !flat.IsZero() {
		if cost = cost.Sub(flat); cost.IsNegative() {
			cost = decimal.Zero
		}
	}
	if r.owed.IsZero() {
		return cost
	}
	return decimal.Min(cost.Add(r.owed), r.tier.Rate.Mul(days))
}

// taxed is what the first n days cost together. Of days so cheap that rounding hides their VAT, as one on which a flat
// amount is used up may be, the net is taken of the rounded gross: so no part of the run has a VAT below zero.
func (r *run) taxed(n int) money.Taxed {
	exact := r.exact(n, len(r.cuts))
	if daily, flat := r.state(len(r.cuts)); r.hidesVAT(daily) || r.owed.IsPositive() && flat.IsPositive() {
		exact = r.currency.Round(exact)
	}
	return money.Including(exact, r.version.VAT, r.currency)
}

// hidesVAT tells whether the VAT of a day is less than two of the smallest coins.
func (r *run) hidesVAT(daily decimal.Decimal) bool {
	if r.version.VAT.IsZero() {
		return false
	}
	coins := r.currency.Unit().Mul(two)
	return daily.Mul(r.version.VAT).LessThan(coins.Mul(hundred.Add(r.version.VAT)))
}

var (
	two     = decimal.NewFromInt(2)
	hundred = decimal.NewFromInt(100)
)

// line is the run's days from one number to another.
func (r *run) line(from, to int) Line {
	l := Line{
		Kind: r.kind, First: r.first + calendar.Date(from-r.from), Last: r.first + calendar.Date(to-r.from),
		FromDay: from, ToDay: to, Tariff: r.version.Source, VAT: r.version.VAT, Amount: money.Taxed{Currency: r.currency}, run: r,
	}
	if r.kind == Free {
		return l
	}
	l.Tier = r.tier
	before, after := from-r.from, to-r.from+1
	l.Amount = r.taxed(after)
	if before > 0 {
		l.Amount = l.Amount.Sub(r.taxed(before))
	}
	l.Full = l.Amount.Gross
	if len(r.cuts) == 0 {
		return l
	}
	costs := func(cuts int) decimal.Decimal {
		return r.currency.Round(r.exact(after, cuts)).Sub(r.currency.Round(r.exact(before, cuts)))
	}
	l.Full = costs(0)
	rest := l.Full
	for i, c := range r.cuts {
		left := costs(i + 1)
		d := c.discount
		l.Discounts = append(l.Discounts, Applied{Name: d.Name, Percent: d.Percent, PerDay: d.PerDay, Flat: d.Flat, Off: rest.Sub(left)})
		rest = left
	}
	return l
}
