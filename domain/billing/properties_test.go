package billing_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

var (
	year0    = date("2026-01-01")
	recorded = at("2026-01-01 00:00")
	never    = at("2030-01-01 00:00")
)

// drawRate is a price of some currency: cents, sums, whole yen, and zero.
func drawRate(t *rapid.T, c money.Currency) decimal.Decimal {
	return decimal.New(rapid.Int64Range(0, 2000).Draw(t, "rate"), -c.Exponent())
}

func drawCurrency(t *rapid.T) money.Currency {
	return rapid.SampledFrom([]money.Currency{money.USD, money.UZS, "JPY"}).Draw(t, "currency")
}

func drawTerms(t *rapid.T) billing.Terms {
	terms := billing.Terms{
		Counting:   rapid.SampledFrom([]billing.Counting{billing.CalendarDays, billing.Periods24h}).Draw(t, "counting"),
		GraceHours: rapid.IntRange(0, 23).Draw(t, "grace"),
		FreeDays:   rapid.IntRange(0, 6).Draw(t, "free"),
		VAT:        decimal.NewFromInt(rapid.SampledFrom([]int64{0, 12, 15, 100}).Draw(t, "vat")),
	}
	for _, class := range []billing.Class{{}, {Size: 40}, {Size: 40, Load: container.Empty}} {
		price := billing.Price{Class: class, Currency: drawCurrency(t)}
		next := 1
		for range rapid.IntRange(0, 3).Draw(t, "tiers") {
			end := next + rapid.IntRange(0, 5).Draw(t, "length")
			price.Tiers = append(price.Tiers, billing.Tier{From: next, To: end, Rate: drawRate(t, price.Currency)})
			next = end + 1
		}
		price.Tiers = append(price.Tiers, billing.Tier{From: next, Rate: drawRate(t, price.Currency)})
		terms.Prices = append(terms.Prices, price)
	}
	for _, o := range []yard.Operation{yard.LiftOff, yard.LiftOn} {
		c := drawCurrency(t)
		terms.Fees = append(terms.Fees, billing.Fee{Operation: o, Amount: money.Amount{Value: drawRate(t, c), Currency: c}})
	}
	if rapid.Bool().Draw(t, "minimum") {
		c := drawCurrency(t)
		terms.Minimum = &money.Amount{Value: drawRate(t, c), Currency: c}
	}
	return terms
}

func drawDay(t *rapid.T) calendar.Date {
	return year0 + calendar.Date(rapid.IntRange(0, 60).Draw(t, "day"))
}

// drawBook has a public tariff from the beginning, and more versions of it and of company 7.
func drawBook(t *rapid.T) billing.Book {
	book := billing.Book{}.With(0, billing.Version{ValidFrom: year0, RecordedAt: recorded, Terms: drawTerms(t)})
	for i := range rapid.IntRange(0, 4).Draw(t, "versions") {
		v := billing.Version{ValidFrom: drawDay(t), RecordedAt: recorded.Add(time.Duration(i+1) * time.Hour), Terms: drawTerms(t)}
		book = book.With(rapid.SampledFrom([]int64{0, 7}).Draw(t, "client"), v)
	}
	return book
}

func drawDiscounts(t *rapid.T) (all []billing.Discount) {
	for i := range rapid.IntRange(0, 4).Draw(t, "discounts") {
		d := billing.Discount{Name: string(rune('a' + i)), RecordedAt: recorded, Stacks: rapid.Bool().Draw(t, "stacks")}
		c := drawCurrency(t)
		amount := &money.Amount{Value: drawRate(t, c), Currency: c}
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			d.Percent = decimal.New(rapid.Int64Range(1, 1000).Draw(t, "percent"), -1)
		case 1:
			d.PerDay = amount
		case 2:
			d.Flat = amount
		}
		if rapid.Bool().Draw(t, "begins") {
			d.From = drawDay(t)
		}
		if rapid.Bool().Draw(t, "ends") {
			d.To = max(d.From, drawDay(t))
		}
		if rapid.Bool().Draw(t, "large") {
			d.Sizes = []int{40}
		}
		all = append(all, d)
	}
	return all
}

func drawStay(t *rapid.T) billing.Stay {
	entry := year0.Start(tashkent).Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "entry")) * time.Minute)
	s := billing.Stay{ID: 1, Number: "MSKU6011672", Client: 7, Entry: entry, Zone: tashkent,
		SizeType: rapid.SampledFrom([]container.SizeType{"22G1", "45G1", ""}).Draw(t, "size"),
		Load:     rapid.SampledFrom([]container.Load{container.Laden, container.Empty, ""}).Draw(t, "load")}
	s.Exit = entry.Add(time.Duration(rapid.IntRange(0, 50*24*60).Draw(t, "stay")) * time.Minute)
	s.Operations = []yard.Handled{{Operation: yard.LiftOff, At: s.Entry}, {Operation: yard.LiftOn, At: s.Exit}}
	return s
}

func drawn(t *rapid.T, book billing.Book, asOf time.Time, s billing.Stay) billing.Rated {
	r, err := book.AsOf(asOf).Rate(s)
	require.NoError(t, err)
	return r
}

func TestDrawnBooksAreRight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book := drawBook(t)
		book.Discounts = drawDiscounts(t)
		require.Empty(t, book.Problems())
	})
}

func TestSplittingAPeriodChangesNoTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, s := drawBook(t), drawStay(t)
		book.Discounts = drawDiscounts(t)
		whole := drawn(t, book, never, s)
		from := year0
		var sum money.Totals
		days, free, paid := 0, 0, 0
		for range rapid.IntRange(0, 8).Draw(t, "cuts") {
			to := from + calendar.Date(rapid.IntRange(0, 20).Draw(t, "length"))
			part := whole.Within(from, to)
			requireRight(t, part)
			for _, total := range part.Totals {
				sum = sum.Add(total)
			}
			days, free, paid = days+part.Days, free+part.Free, paid+part.Paid
			from = to + 1
		}
		rest := whole.Within(from, from+10_000)
		requireRight(t, rest)
		for _, total := range rest.Totals {
			sum = sum.Add(total)
		}
		requireSame(t, whole.Totals, sum)
		require.Equal(t, []int{whole.Days, whole.Free, whole.Paid}, []int{days + rest.Days, free + rest.Free, paid + rest.Paid})
	})
}

// requireRight wants gross = net + VAT in every line, nothing negative, and lines that add up.
func requireRight(t *rapid.T, r billing.Rated) {
	var sum money.Totals
	for _, l := range r.Lines {
		a := l.Amount
		require.True(t, a.Gross.Equal(a.Net.Add(a.VAT)), "%+v", a)
		for _, v := range []decimal.Decimal{a.Gross, a.Net, a.VAT, l.Full} {
			require.False(t, v.IsNegative(), "%+v", l)
			require.True(t, a.Currency.Round(v).Equal(v), "%+v", l)
		}
		off := l.Full
		for _, d := range l.Discounts {
			off = off.Sub(d.Off)
		}
		require.True(t, off.Equal(a.Gross), "%+v", l)
		sum = sum.Add(a)
	}
	requireSame(t, sum, r.Totals)
}

func requireSame(t *rapid.T, want, got money.Totals) {
	require.True(t, slices.EqualFunc(withoutZeros(want), withoutZeros(got), money.Taxed.Equal), "%v is not %v", want, got)
}

// withoutZeros leaves out currencies in which there is nothing to pay: a part without days does not name them.
func withoutZeros(all money.Totals) (some money.Totals) {
	for _, t := range all {
		if !t.Zero() {
			some = append(some, t)
		}
	}
	return some
}

func TestGrossIsNetAndVATAndNothingIsNegative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book := drawBook(t)
		book.Discounts = drawDiscounts(t)
		requireRight(t, drawn(t, book, never, drawStay(t)))
	})
}

func TestTheOrderOfInputChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book := drawBook(t)
		book.Discounts = drawDiscounts(t)
		var stays []billing.Stay
		for i := range rapid.IntRange(0, 6).Draw(t, "stays") {
			s := drawStay(t)
			s.ID, s.Client = int64(i), rapid.SampledFrom([]int64{7, 8}).Draw(t, "client")
			stays = append(stays, s)
		}
		from, to := year0+10, year0+50
		want, err := book.AsOf(never).Statements(stays, from, to)
		require.NoError(t, err)

		dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		shuffled := billing.Book{Discounts: book.Discounts}
		for _, i := range dice.Perm(len(book.Tariffs)) {
			tariff := billing.Tariff{Client: book.Tariffs[i].Client}
			for _, k := range dice.Perm(len(book.Tariffs[i].Versions)) {
				v := book.Tariffs[i].Versions[k]
				v.Prices, v.Fees = slices.Clone(v.Prices), slices.Clone(v.Fees)
				dice.Shuffle(len(v.Prices), func(a, b int) { v.Prices[a], v.Prices[b] = v.Prices[b], v.Prices[a] })
				dice.Shuffle(len(v.Fees), func(a, b int) { v.Fees[a], v.Fees[b] = v.Fees[b], v.Fees[a] })
				tariff.Versions = append(tariff.Versions, v)
			}
			shuffled.Tariffs = append(shuffled.Tariffs, tariff)
		}
		mixed := slices.Clone(stays)
		dice.Shuffle(len(mixed), func(a, b int) { mixed[a], mixed[b] = mixed[b], mixed[a] })
		for i := range mixed {
			mixed[i].Operations = slices.Clone(mixed[i].Operations)
			slices.Reverse(mixed[i].Operations)
		}
		got, err := shuffled.AsOf(never).Statements(mixed, from, to)
		require.NoError(t, err)
		require.Equal(t, written(want), written(got))
	})
}

// written is all that statements say.
func written(all []billing.Statement) (lines []string) {
	for _, s := range all {
		for _, r := range s.Stays {
			lines = append(lines, told(r))
		}
		for _, t := range s.Totals {
			lines = append(lines, fixed(t)+" "+string(t.Currency))
		}
	}
	return lines
}

func TestARevisionAndItsReversalRestoreEveryAmount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, s := drawBook(t), drawStay(t)
		client := rapid.SampledFrom([]int64{0, 7}).Draw(t, "client")
		revision := billing.Version{ValidFrom: drawDay(t), RecordedAt: recorded.Add(100 * time.Hour), Terms: drawTerms(t)}
		revised := book.With(client, revision)

		reversal := billing.Version{ValidFrom: revision.ValidFrom, RecordedAt: recorded.Add(200 * time.Hour), Withdrawn: true}
		if before, found := book.Version(client, revision.ValidFrom, revision.RecordedAt); found {
			reversal.Terms, reversal.Withdrawn = before.Terms, before.Withdrawn
		}
		want := drawn(t, book, never, s)
		require.Equal(t, told(want), told(drawn(t, revised.With(client, reversal), never, s)))
		asBefore := drawn(t, revised, revision.RecordedAt.Add(-time.Microsecond), s)
		require.Equal(t, told(want), told(asBefore)) // s has ended: as of any moment it is the same stay
	})
}

func TestAsOfAMomentNothingRecordedLaterCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, s := drawBook(t), drawStay(t)
		book.Discounts = drawDiscounts(t)
		then := recorded.Add(50 * time.Hour)
		want := told(drawn(t, book, then, s))
		for i := range rapid.IntRange(1, 4).Draw(t, "later") {
			at := then.Add(time.Duration(i+1) * time.Microsecond)
			v := billing.Version{ValidFrom: drawDay(t), RecordedAt: at, Terms: drawTerms(t), Withdrawn: rapid.Bool().Draw(t, "withdrawn")}
			book = book.With(rapid.SampledFrom([]int64{0, 7}).Draw(t, "client"), v)
			for _, d := range drawDiscounts(t) {
				d.RecordedAt = at
				book.Discounts = append(book.Discounts, d)
			}
		}
		require.Equal(t, want, told(drawn(t, book, then, s)))
	})
}

func TestALongerStayNeverCostsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book, s := drawBook(t), drawStay(t)
		book.Discounts = drawDiscounts(t)
		s.Operations = nil // the fee for going is that of the day
		if s.Exit.Equal(calendar.In(s.Exit, tashkent).Start(tashkent)) {
			s.Exit = s.Exit.Add(time.Minute) // a day without its time has no grace
		}
		longer := s
		longer.Exit = s.Exit.Add(time.Duration(rapid.IntRange(0, 20*24*60).Draw(t, "longer")) * time.Minute)
		short, long := drawn(t, book, never, s), drawn(t, book, never, longer)
		for _, total := range short.Totals {
			require.False(t, long.Totals.In(total.Currency).Gross.LessThan(total.Gross), "%s\n%s", told(short), told(long))
		}
	})
}

func TestCorrectionsAddUpToWhatItCostsNow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book := drawBook(t)
		s := drawStay(t)
		from, to := year0, year0+200
		statement := func(stays ...billing.Stay) billing.Statement {
			all, err := book.AsOf(never).Statements(stays, from, to)
			require.NoError(t, err)
			if len(all) == 0 {
				return billing.Statement{From: from, To: to}
			}
			return all[0]
		}
		first := statement(s)
		invoice := billing.NewInvoice(1, "Acme", never, first, nil)
		var soFar []billing.Correction
		sum := slices.Clone(first.Totals)
		var now billing.Statement
		for i := range rapid.IntRange(1, 3).Draw(t, "changes") {
			book = book.With(7, billing.Version{ValidFrom: drawDay(t), RecordedAt: recorded.Add(time.Duration(100+i) * time.Hour), Terms: drawTerms(t)})
			other := drawStay(t)
			other.ID = 2
			now = statement(s, other)
			c := invoice.Difference(2+i, never, soFar, now)
			soFar = append(soFar, c)
			for _, total := range c.Totals {
				sum = sum.Add(total)
			}
			for _, l := range c.Lines {
				require.True(t, l.Difference.Gross.Equal(l.Difference.Net.Add(l.Difference.VAT)))
			}
			requireSame(t, now.Totals, sum)
		}
		require.Empty(t, invoice.Difference(9, never, soFar, now).Lines)
	})
}
