package billing

import (
	"sort"

	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
)

// offer is one way to pay for a stay's charged days of one currency: without discounts, or by one that does not stack;
// those that stack are in it. What its first days cost together does not depend on the days that follow.
type offer struct {
	runs   []run           // those that are not passed yet
	before decimal.Decimal // exact cost of the days before them
}

// cost is what all days until one in the first run, or the one before it, cost together.
func (o *offer) cost(day int) decimal.Decimal {
	r := &o.runs[0]
	return o.before.Add(r.exact(day-r.from+1, len(r.cuts)))
}

// even gives the last day, not after end, until which each day from one in the first run on costs the same.
func (o *offer) even(day, end int) int {
	r := &o.runs[0]
	end = min(end, r.to)
	daily, flat := r.state(len(r.cuts))
	if flat.IsZero() || !daily.IsPositive() || flat.GreaterThanOrEqual(daily.Mul(decimal.NewFromInt(int64(end-r.from+1)))) {
		return end
	}
	whole, _ := flat.QuoRem(daily, 0)
	switch used := r.from + int(whole.IntPart()); { // the day on which the flat amount is used up
	case day < used:
		return used - 1
	case day == used:
		return used
	}
	return end
}

// pass leaves the first run behind if a day is its last.
func (o *offer) pass(day int) {
	if r := &o.runs[0]; r.to == day {
		o.before, o.runs = o.cost(day), o.runs[1:]
	}
}

// cheapest gives the days such that the first n of them cost, for each n, what they cost by the offer that is cheapest
// then. The offers are of the same days, and none costs more than the first one, which has no discount but stacking ones.
// A run ends where another offer becomes the cheapest.
//
// All offers' sums only grow, so does the least of them: no day costs less than nothing. And as it is taken of the days
// until n alone, a day costs what it does however long the stay goes on.
func cheapest(offers []offer) []run {
	if len(offers) == 1 {
		return offers[0].runs
	}
	best := &offers[0]
	now := best.runs[0]
	var all []run
	for day := now.from; ; {
		end := now.to
		for i := range offers {
			end = offers[i].even(day, end)
		}
		from, next := overtaken(best, offers[1:], day, end)
		if next != nil {
			if from > now.from {
				now.to = from - 1
				all = append(all, now)
			}
			now = next.runs[0].since(from, next.cost(from-1).Sub(best.cost(from-1)))
			best, day = next, from
			continue
		}
		for i := range offers {
			offers[i].pass(end)
		}
		day = end + 1
		if end == now.to {
			if all = append(all, now); len(best.runs) == 0 {
				return all
			}
			now = best.runs[0]
			day = now.from
		}
	}
}

// overtaken gives the first of some days on which an offer is cheaper than the one that was best before, and the cheapest
// one then; nil if there is none. On these days each offer costs the same every day.
func overtaken(best *offer, others []offer, day, end int) (int, *offer) {
	var next *offer
	least := best.cost(end)
	from := end
	for i := range others {
		o := &others[i]
		if o == best || !o.cost(end).LessThan(best.cost(end)) {
			continue
		}
		at := day + sort.Search(end-day, func(n int) bool { return o.cost(day + n).LessThan(best.cost(day + n)) })
		if next == nil || at < from || at == from && o.cost(at).LessThan(least) {
			next, from, least = o, at, o.cost(at)
		}
	}
	return from, next
}

// since gives the run's days from one on, when the days before it cost less by some amount than by this run's discounts:
// what they cost from here on is more by that, as the sum is what these discounts leave.
func (r run) since(day int, owed decimal.Decimal) run {
	passed := day - r.from
	if passed == 0 && owed.IsZero() {
		return r
	}
	var cuts []cut
	flat := decimal.Zero
	for _, c := range r.cuts {
		c.flat = decimal.Max(decimal.Zero, c.flat.Sub(c.daily.Mul(decimal.NewFromInt(int64(passed)))))
		if c.discount.Flat != nil && c.flat.Equal(flat) {
			continue // used up
		}
		flat = c.flat
		cuts = append(cuts, c)
	}
	r.first += calendar.Date(passed)
	r.from, r.cuts, r.owed = day, cuts, owed
	return r
}
