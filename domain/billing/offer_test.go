package billing_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
)

func TestTheBestDiscountChangesWhileAStayGoesOn(t *testing.T) {
	fifty := billing.Discount{Name: "fifty", Flat: amount("50 USD")}
	tenth := billing.Discount{Name: "tenth", Percent: num("10")}
	later := billing.Discount{Name: "half", Percent: num("50"), From: date("2026-10-08")}
	odd := billing.Discount{Name: "odd", Flat: amount("52.5 USD")}
	more := billing.Discount{Name: "more", Percent: num("50"), Stacks: true}
	once := billing.Discount{Name: "once", Flat: amount("30 USD"), Stacks: true}
	for _, c := range []struct {
		name      string
		discounts []billing.Discount
		tiers     string
		until     string
		want      string
	}{
		{"one while it lasts", []billing.Discount{tenth, fifty}, "1- 10", "2026-11-20",
			"1-50 ×10.00 −50.00(fifty) = 450.00 USD"},
		{"another from the day on which it is better", []billing.Discount{fifty, tenth}, "1- 10", "2026-12-10",
			"1-50 ×10.00 −50.00(fifty) = 450.00 USD; 51-70 ×10.00 −20.00(tenth) = 180.00 USD"},
		{"on the day of the change the first one's lead is used up", []billing.Discount{odd, tenth}, "1- 10", "2026-12-10",
			"1-52 ×10.00 −52.50(odd) = 467.50 USD; 53-70 ×10.00 −17.50(tenth) = 162.50 USD"},
		{"with tiers", []billing.Discount{fifty, tenth}, "1-10 10, 11- 100", "2026-10-20",
			"1-10 ×10.00 −50.00(fifty) = 50.00 USD; 11-14 ×100.00 = 400.00 USD; 15-19 ×100.00 −50.00(tenth) = 450.00 USD"},
		{"one that begins later", []billing.Discount{fifty, later}, "1- 10", "2026-10-31",
			"1-16 ×10.00 −50.00(fifty) = 110.00 USD; 17-30 ×10.00 −70.00(half) = 70.00 USD"},
		{"stacking ones come on top", []billing.Discount{fifty, tenth, more}, "1- 10", "2026-10-31",
			"1-30 ×10.00 −150.00(more) −50.00(fifty) = 100.00 USD"},
		{"while a flat one that stacks covers all, no other is better", []billing.Discount{fifty, tenth, once}, "1- 10", "2026-12-10",
			"1-3 ×10.00 −30.00(once) = 0.00 USD; 4-50 ×10.00 −20.00(fifty) −30.00(once) = 420.00 USD; 51-70 ×10.00 −20.00(tenth) = 180.00 USD"},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := public(from("2026-01-01", terms(0, money.USD, c.tiers)))
			book.Discounts = c.discounts
			require.Equal(t, c.want, told(rate(t, book, stay("2026-10-02 08:00", c.until+" 20:00"))))
		})
	}
}

// An invoice of October differs in nothing when the box stays on.
func TestAnInvoiceDoesNotDriftWhileAStayGoesOn(t *testing.T) {
	book := public(from("2026-01-01", terms(0, money.USD, "1- 10")))
	book.Discounts = []billing.Discount{{Name: "fifty", Flat: amount("50 USD")}, {Name: "tenth", Percent: num("10")}}
	october := func(asOf string) billing.Statement {
		all, err := book.AsOf(at(asOf)).Statements([]billing.Stay{stay("2026-10-02 08:00", "")}, date("2026-10-01"), date("2026-10-31"))
		require.NoError(t, err)
		return all[0]
	}
	issued := october("2026-11-01 09:00")
	require.Equal(t, "250.00", money.USD.Fixed(issued.Totals[0].Gross))
	invoice := billing.NewInvoice(1, "Acme", issued.AsOf, issued, nil)
	require.Empty(t, invoice.Difference(2, later, nil, october("2026-12-31 09:00")).Lines)
}

func TestADayOnceBilledNeverChangesBecauseTheStayGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, s := drawBook(t), drawStay(t)
		book.Discounts = drawDiscounts(t)
		s.Exit, s.Operations = time.Time{}, s.Operations[:1]
		first := s.Entry.Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "first")) * time.Minute)
		second := first.Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "second")) * time.Minute)
		to := calendar.In(first, tashkent) - calendar.Date(rapid.IntRange(1, 20).Draw(t, "before"))
		start := to - calendar.Date(rapid.IntRange(0, 40).Draw(t, "days"))
		for i := range book.Tariffs { // nothing is recorded in between
			for k := range book.Tariffs[i].Versions {
				v := &book.Tariffs[i].Versions[k]
				v.RecordedAt = v.RecordedAt.Add(-1000 * time.Hour)
			}
		}
		for i := range book.Discounts {
			book.Discounts[i].RecordedAt = book.Discounts[i].RecordedAt.Add(-1000 * time.Hour)
		}
		then, now := drawn(t, book, first, s).Within(start, to), drawn(t, book, second, s).Within(start, to)
		require.Equal(t, told(then), told(now))
		requireSame(t, then.Totals, now.Totals)
		requireRight(t, then)
	})
}

// Up to the rounding of the lines.
func TestAWholeStayCostsWhatItsBestDiscountLeaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, s := drawBook(t), drawStay(t)
		s.Operations = nil
		for i := range book.Tariffs {
			for k := range book.Tariffs[i].Versions {
				book.Tariffs[i].Versions[k].Minimum = nil
			}
		}
		var stacking, single []billing.Discount
		for _, d := range drawDiscounts(t) {
			if d.Stacks {
				stacking = append(stacking, d)
			} else {
				single = append(single, d)
			}
		}
		cost := func(discounts ...billing.Discount) billing.Rated {
			book.Discounts = append(discounts, stacking...)
			return drawn(t, book, never, s)
		}
		all := cost(single...)
		for _, l := range all.Lines {
			for _, d := range l.Discounts {
				require.False(t, d.Off.LessThan(l.Amount.Currency.Unit().Neg()), "%s", told(all))
			}
		}
		for _, total := range all.Totals {
			c, lines := total.Currency, len(all.Lines)
			alone := cost()
			least := alone.Totals.In(c).Gross
			for _, d := range single {
				alone = cost(d)
				least = decimal.Min(least, alone.Totals.In(c).Gross)
				lines = max(lines, len(all.Lines)+len(alone.Lines))
			}
			off := c.Unit().Mul(decimal.NewFromInt(int64(lines)))
			require.True(t, total.Gross.Sub(least).Abs().LessThanOrEqual(off), "%s is not %s: %s", total.Gross, least, told(all))
		}
	})
}
