package billing

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

// Rate says what a whole stay costs: from its entry to its exit, or to the moment as of which the schedule counts.
//
// Counting, grace, free days and the minimum are those of the version in force on the day of entry, and stay with it.
// Each charged day has the rate of the version in force on that day, each fee that of the day of its operation. The
// minimum is for the storage, after discounts, of a stay that has ended and has a charged day in the currency of the
// minimum; what is missing to it is a line of its own on the day of exit.
//
// The error is a fault.Invalid that names the box and the days, when no tariff, no price or no tier is there for them.
func (s *Schedule) Rate(stay Stay) (Rated, error) {
	rated := Rated{Stay: stay}
	versions := s.of(stay.Client)
	entry := calendar.In(stay.Entry, stay.Zone)
	at := versions.on(entry)
	if at < 0 {
		return rated, noTariff(stay, entry)
	}
	terms := versions[at]
	days := terms.Days(stay, s.asOf)
	free := min(terms.FreeDays, days)
	var runs []run
	if days > free {
		var err error
		if runs, err = charged(stay, versions, entry, free+1, days); err != nil {
			return rated, err
		}
		runs = s.discounted(stay, runs)
	}
	rated.Lines = make([]Line, 0, len(runs)+len(stay.Operations)+2) // free days and minimum
	if free > 0 {
		price := terms.price(stay.Class())
		if price == nil {
			return rated, noPrice(stay, entry, entry+calendar.Date(free-1))
		}
		r := &run{kind: Free, first: entry, from: 1, to: free, version: terms, currency: price.Currency}
		rated.add(r.line(1, free))
	}
	for i := range runs {
		rated.add(runs[i].line(runs[i].from, runs[i].to))
	}
	rated.minimum(terms)
	return rated, rated.fees(versions)
}

// charged gives the charged days of a stay, which are those with these numbers, before discounts.
func charged(stay Stay, versions timeline, entry calendar.Date, from, to int) ([]run, error) {
	box := stay.Class()
	last := entry + calendar.Date(to-1)
	var runs []run
	for n := from; n <= to; {
		day := entry + calendar.Date(n-1)
		at := versions.on(day)
		end := versions.until(at, last)
		price := versions[at].price(box)
		if price == nil {
			return nil, noPrice(stay, day, end)
		}
		tier, gap := price.tier(n)
		if tier == nil {
			return nil, noTier(stay, n, gap, versions[at])
		}
		next := int(end-entry) + 2
		if tier.To != 0 {
			next = min(next, tier.To+1)
		}
		runs = append(runs, run{kind: Storage, first: day, from: n, to: next - 1, version: versions[at], currency: price.Currency, tier: *tier})
		n = next
	}
	return runs, nil
}

// tier gives the tier for the day with a number; or nil, and the last day until which there is none, 0 for no end.
func (p *Price) tier(n int) (*Tier, int) {
	gap := 0
	for i := range p.Tiers {
		t := &p.Tiers[i]
		if t.From <= n && (t.To == 0 || n <= t.To) {
			return t, 0
		}
		if t.From > n && (gap == 0 || t.From <= gap) {
			gap = t.From - 1
		}
	}
	return nil, gap
}

// minimum adds what is missing to the minimum charge.
func (r *Rated) minimum(terms *version) {
	if terms.Minimum == nil || r.Stay.Exit.IsZero() {
		return
	}
	c := terms.Minimum.Currency
	paid, cost := false, decimal.Zero
	for _, l := range r.Lines {
		if l.Kind == Storage && l.Amount.Currency == c {
			paid, cost = true, cost.Add(l.Amount.Gross)
		}
	}
	if missing := terms.Minimum.Value.Sub(cost); paid && missing.IsPositive() {
		exit := calendar.In(r.Stay.Exit, r.Stay.Zone)
		amount := money.Including(missing, terms.VAT, c)
		r.add(Line{Kind: Minimum, First: exit, Last: exit, Tariff: terms.Source, Full: amount.Gross, VAT: terms.VAT, Amount: amount})
	}
}

// fees adds a line for each operation that costs something.
func (r *Rated) fees(versions timeline) error {
	if len(r.Stay.Operations) == 0 {
		return nil
	}
	operations := slices.SortedFunc(slices.Values(r.Stay.Operations), func(a, b yard.Handled) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Operation, b.Operation))
	})
	box := r.Stay.Class()
	for _, o := range operations {
		day := calendar.In(o.At, r.Stay.Zone)
		at := versions.on(day)
		if at < 0 {
			return noTariff(r.Stay, day)
		}
		v := versions[at]
		fee := v.fee(o.Operation, box)
		if fee == nil {
			continue
		}
		amount := money.Including(fee.Amount.Value, v.VAT, fee.Amount.Currency)
		r.add(Line{Kind: Charge, First: day, Last: day, Operation: o.Operation, At: o.At, Tariff: v.Source, Full: amount.Gross,
			VAT: v.VAT, Amount: amount})
	}
	return nil
}

func noTariff(s Stay, day calendar.Date) error {
	return fault.New(fault.Invalid, "billing.no_tariff", "Box", boxText(s), "Day", dayText(day))
}

func noPrice(s Stay, from, to calendar.Date) error {
	return fault.New(fault.Invalid, "billing.no_price", "Box", boxText(s), "From", dayText(from), "To", dayText(to))
}

// noTier says that days have no rate: from a number to another, 0 for no end.
func noTier(s Stay, from, to int, v *version) error {
	box, since := boxText(s), dayText(v.ValidFrom)
	if to == 0 {
		return fault.New(fault.Invalid, "billing.no_tier_on", "Box", box, "From", from, "Since", since)
	}
	return fault.New(fault.Invalid, "billing.no_tier", "Box", box, "From", from, "To", to, "Since", since)
}

// dayText shows a day as the reader's language writes it.
func dayText(d calendar.Date) chat.Text { return chat.Day(d.String()) }
