package billing

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
)

// latestDiscounts gives the records that count as of a moment, each Name where it is listed first: nil if none does.
func latestDiscounts(all []Discount, at time.Time) []*Discount {
	place := map[string]int{}
	var latest []*Discount
	for i := range all {
		d := &all[i]
		p, known := place[d.Name]
		if !known {
			p = len(latest)
			place[d.Name] = p
			latest = append(latest, nil)
		}
		if !d.RecordedAt.After(at) && (latest[p] == nil || !d.RecordedAt.Before(latest[p].RecordedAt)) {
			latest[p] = d
		}
	}
	return latest
}

// concerns tells whether the discount can work on a stay that is charged from one day to another.
func (d *Discount) concerns(s Stay, first, last calendar.Date) bool {
	return (d.Client == 0 || d.Client == s.Client) && d.From <= last && (d.To == 0 || d.To >= first) &&
		(len(d.Sizes) == 0 || slices.Contains(d.Sizes, s.SizeType.Length()))
}

// fits tells whether the discount works on prices in a currency.
func (d *Discount) fits(c money.Currency) bool {
	return (d.PerDay == nil || d.PerDay.Currency == c) && (d.Flat == nil || d.Flat.Currency == c)
}

// discounted gives a stay's charged days with the discounts that it gets: of those that do not stack, on each day the one
// by which the days until then cost the least together.
func (s *Schedule) discounted(stay Stay, runs []run) []run {
	var single, stacked []*Discount
	last := runs[len(runs)-1]
	for _, d := range s.discounts {
		switch {
		case !d.concerns(stay, runs[0].first, last.first+calendar.Date(last.to-last.from)):
		case d.Stacks:
			stacked = append(stacked, d)
		default:
			single = append(single, d)
		}
	}
	if len(single) == 0 && len(stacked) == 0 {
		return runs
	}
	var all []run
	for c, runs := range byCurrency(runs) {
		offers := []offer{{runs: cutBy(runs, stacked)}}
		for _, d := range single {
			if d.fits(c) {
				offers = append(offers, offer{runs: cutBy(runs, append([]*Discount{d}, stacked...))})
			}
		}
		all = append(all, cheapest(offers)...)
	}
	slices.SortFunc(all, func(a, b run) int { return a.from - b.from })
	return all
}

func byCurrency(runs []run) map[money.Currency][]run {
	all := map[money.Currency][]run{}
	for _, r := range runs {
		all[r.currency] = append(all[r.currency], r)
	}
	return all
}

// cutBy gives runs of one currency with the discounts that work on them, of which only the first may be one that does
// not stack. A run is divided where a discount begins or ends.
func cutBy(runs []run, discounts []*Discount) []run {
	left := make([]decimal.Decimal, len(discounts)) // of flat amounts
	for i, d := range discounts {
		if d.Flat != nil {
			left[i] = d.Flat.Value
		}
	}
	var all []run
	for _, r := range runs {
		end := r.to
		for r.from <= end {
			r.to, r.cuts = end, nil
			var working []int
			for i, d := range discounts {
				if d.Flat != nil && left[i].IsZero() || !d.fits(r.currency) {
					continue
				}
				last := r.first + calendar.Date(r.to-r.from)
				switch {
				case r.first < d.From:
					last = min(last, d.From-1)
				case d.To == 0 || r.first <= d.To:
					working = append(working, i)
					if d.To != 0 {
						last = min(last, d.To)
					}
				}
				r.to = r.from + int(last-r.first)
			}
			r.work(discounts, working, left)
			all = append(all, r)
			r.first += calendar.Date(r.to - r.from + 1)
			r.from = r.to + 1
		}
	}
	return all
}

// work makes the cuts of the discounts at these places, and takes what they use up off what is left of flat amounts.
func (r *run) work(discounts []*Discount, working []int, left []decimal.Decimal) {
	daily, flat := r.tier.Rate, decimal.Zero
	for _, i := range working {
		switch d := discounts[i]; {
		case d.PerDay != nil:
			daily = decimal.Max(decimal.Zero, daily.Sub(d.PerDay.Value))
		case d.Flat == nil:
			daily = daily.Mul(hundred.Sub(d.Percent)).Shift(-2)
		default:
			continue
		}
		r.cuts = append(r.cuts, cut{discount: discounts[i], daily: daily})
	}
	cost := daily.Mul(decimal.NewFromInt(int64(r.to - r.from + 1)))
	for _, i := range working {
		if d := discounts[i]; d.Flat != nil {
			flat = flat.Add(left[i])
			r.cuts = append(r.cuts, cut{discount: d, daily: daily, flat: flat})
			used := decimal.Min(left[i], cost)
			left[i], cost = left[i].Sub(used), cost.Sub(used)
		}
	}
}
