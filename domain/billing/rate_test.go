package billing_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

var tashkent = time.FixedZone("Asia/Tashkent", 5*60*60)

func num(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func amount(s string) *money.Amount {
	value, currency, _ := strings.Cut(s, " ")
	return &money.Amount{Value: num(value), Currency: money.Currency(currency)}
}

func date(s string) calendar.Date {
	d, err := calendar.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// at reads a moment of Tashkent, "2026-10-01 08:00"; "" is none.
func at(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", s, tashkent)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// tiers reads "1-5 0, 6-10 5.00, 11- 7.50".
func tiers(s string) (all []billing.Tier) {
	for _, part := range strings.Split(s, ", ") {
		var t billing.Tier
		days, rate, _ := strings.Cut(part, " ")
		from, to, _ := strings.Cut(days, "-")
		fmt.Sscan(from, &t.From)
		fmt.Sscan(to, &t.To)
		t.Rate = num(rate)
		all = append(all, t)
	}
	return all
}

// terms are calendar days with VAT 12%, one price for all boxes.
func terms(free int, c money.Currency, prices string) billing.Terms {
	return billing.Terms{Counting: billing.CalendarDays, FreeDays: free, VAT: num("12"),
		Prices: []billing.Price{{Currency: c, Tiers: tiers(prices)}}}
}

// public is a book with one public tariff, of versions that were recorded before everything else.
func public(versions ...billing.Version) billing.Book {
	for i := range versions {
		versions[i].RecordedAt = at("2025-12-01 00:00")
	}
	return billing.Book{Tariffs: []billing.Tariff{{Versions: versions}}}
}

func from(day string, t billing.Terms) billing.Version {
	return billing.Version{ValidFrom: date(day), Terms: t}
}

// stay is a stay of a laden 20' dry box of company 7.
func stay(entry, exit string) billing.Stay {
	return billing.Stay{ID: 1, Number: "MSKU6011672", SizeType: "22G1", Load: "laden", Client: 7, Entry: at(entry), Exit: at(exit), Zone: tashkent}
}

// told is a rating in short: "free 1-3; 4-5 ×5.00 = 10.00 USD".
func told(r billing.Rated) string {
	var lines []string
	for _, l := range r.Lines {
		c := l.Amount.Currency
		amount := c.Fixed(l.Amount.Gross) + " " + string(c)
		switch l.Kind {
		case billing.Free:
			lines = append(lines, fmt.Sprintf("free %d-%d", l.FromDay, l.ToDay))
		case billing.Storage:
			line := fmt.Sprintf("%d-%d ×%s", l.FromDay, l.ToDay, c.Fixed(l.Tier.Rate))
			for _, d := range l.Discounts {
				line += fmt.Sprintf(" −%s(%s)", c.Fixed(d.Off), d.Name)
			}
			lines = append(lines, line+" = "+amount)
		case billing.Minimum:
			lines = append(lines, "minimum "+amount)
		case billing.Charge:
			lines = append(lines, string(l.Operation)+" "+amount)
		}
	}
	return strings.Join(lines, "; ")
}

var later = at("2027-01-01 00:00")

func rate(t *testing.T, book billing.Book, s billing.Stay) billing.Rated {
	t.Helper()
	require.Empty(t, book.Problems())
	r, err := book.AsOf(later).Rate(s)
	require.NoError(t, err)
	return r
}

func TestDaysAreCounted(t *testing.T) {
	for _, c := range []struct {
		counting    billing.Counting
		grace       int
		entry, exit string
		days        int
	}{
		{billing.CalendarDays, 0, "2026-10-01 08:00", "2026-10-01 09:00", 1}, // in and out on one day
		{billing.CalendarDays, 0, "2026-10-01 23:59", "2026-10-02 00:01", 2}, // both ends
		{billing.CalendarDays, 0, "2026-10-01 08:00", "2026-10-10 20:00", 10},
		{billing.CalendarDays, 0, "2026-10-01 08:00", "2026-10-10 00:00", 10}, // midnight begins a day
		{billing.CalendarDays, 3, "2026-10-01 08:00", "2026-10-10 03:00", 9},  // the grace lets the 10th off
		{billing.CalendarDays, 3, "2026-10-01 00:00", "2026-10-10 00:00", 10}, // days without times, of a sheet
		{billing.CalendarDays, 3, "2026-10-01 08:00", "2026-10-10 03:01", 10},
		{billing.CalendarDays, 3, "2026-10-01 00:30", "2026-10-01 01:00", 1}, // never the only day
		{billing.Periods24h, 0, "2026-10-01 08:00", "2026-10-01 08:00", 1},
		{billing.Periods24h, 0, "2026-10-01 08:00", "2026-10-02 08:00", 1},
		{billing.Periods24h, 0, "2026-10-01 08:00", "2026-10-02 08:01", 2}, // one begun counts
		{billing.Periods24h, 0, "2026-10-01 23:59", "2026-10-02 00:01", 1},
		{billing.Periods24h, 2, "2026-10-01 08:00", "2026-10-02 10:00", 1},
		{billing.Periods24h, 2, "2026-10-01 08:00", "2026-10-02 10:01", 2},
		{billing.Periods24h, 2, "2026-10-01 08:00", "2026-10-01 09:00", 1},
	} {
		terms := billing.Terms{Counting: c.counting, GraceHours: c.grace}
		require.Equal(t, c.days, terms.Days(stay(c.entry, c.exit), later), "%+v", c)
	}
}

func TestAnOpenStayIsCountedWithoutGrace(t *testing.T) {
	terms := billing.Terms{Counting: billing.CalendarDays, GraceHours: 3}
	open := stay("2026-10-01 08:00", "")
	require.Equal(t, 10, terms.Days(open, at("2026-10-10 01:00")))
	require.Zero(t, terms.Days(open, at("2026-09-30 01:00")))
	terms.Counting = billing.Periods24h
	require.Equal(t, 10, terms.Days(open, at("2026-10-10 10:00")))
}

func TestExamplesByHand(t *testing.T) {
	usd := terms(3, money.USD, "1-7 5.00, 8-14 7.50, 15- 10")
	dearer := terms(0, money.USD, "1-7 6.00, 8- 9.00")
	inUZS := terms(5, money.UZS, "6- 56000")
	withMinimum := terms(3, money.USD, "1- 5")
	withMinimum.Minimum = amount("30 USD")
	withFees := terms(3, money.USD, "1- 5")
	withFees.Fees = []billing.Fee{
		{Operation: yard.LiftOff, Amount: *amount("56000 UZS")},
		{Operation: yard.LiftOn, Amount: *amount("40 USD")},
		{Operation: yard.LiftOn, Class: billing.Class{Load: "empty"}, Amount: *amount("20 USD")},
	}
	fees := stay("2026-10-01 08:00", "2026-10-03 20:00")
	fees.Operations = []yard.Handled{{Operation: yard.LiftOn, At: fees.Exit}, {Operation: yard.Crane, At: fees.Exit}, {Operation: yard.LiftOff, At: fees.Entry}}
	emptied := fees
	emptied.Load = "empty"

	for _, c := range []struct {
		name string
		book billing.Book
		stay billing.Stay
		want string
	}{
		{"all days free", public(from("2026-01-01", usd)), stay("2026-10-01 08:00", "2026-10-03 20:00"), "free 1-3"},
		{"charged days are numbered from entry", public(from("2026-01-01", usd)), stay("2026-10-01 08:00", "2026-10-16 20:00"),
			"free 1-3; 4-7 ×5.00 = 20.00 USD; 8-14 ×7.50 = 52.50 USD; 15-16 ×10.00 = 20.00 USD"},
		{"UZS", public(from("2026-01-01", inUZS)), stay("2026-10-01 08:00", "2026-10-07 20:00"), "free 1-5; 6-7 ×56000.00 = 112000.00 UZS"},
		{"a stay over a change is split, its free days stay", public(from("2026-01-01", usd), from("2026-10-06", dearer)),
			stay("2026-10-01 08:00", "2026-10-09 20:00"),
			"free 1-3; 4-5 ×5.00 = 10.00 USD; 6-7 ×6.00 = 12.00 USD; 8-9 ×9.00 = 18.00 USD"},
		{"free days of a later version are not had", public(from("2026-01-01", dearer), from("2026-10-02", usd)),
			stay("2026-10-01 08:00", "2026-10-04 20:00"), "1-1 ×6.00 = 6.00 USD; 2-4 ×5.00 = 15.00 USD"},
		{"a change of currency", public(from("2026-01-01", usd), from("2026-10-06", inUZS)),
			stay("2026-10-01 08:00", "2026-10-07 20:00"), "free 1-3; 4-5 ×5.00 = 10.00 USD; 6-7 ×56000.00 = 112000.00 UZS"},
		{"the minimum", public(from("2026-01-01", withMinimum)), stay("2026-10-01 08:00", "2026-10-05 20:00"),
			"free 1-3; 4-5 ×5.00 = 10.00 USD; minimum 20.00 USD"},
		{"no minimum for free days alone", public(from("2026-01-01", withMinimum)), stay("2026-10-01 08:00", "2026-10-03 20:00"), "free 1-3"},
		{"no minimum above it", public(from("2026-01-01", withMinimum)), stay("2026-10-01 08:00", "2026-10-09 20:00"),
			"free 1-3; 4-9 ×5.00 = 30.00 USD"},
		{"fees", public(from("2026-01-01", withFees)), fees, "free 1-3; lift_off 56000.00 UZS; lift_on 40.00 USD"},
		{"the more exact fee", public(from("2026-01-01", withFees)), emptied, "free 1-3; lift_off 56000.00 UZS; lift_on 20.00 USD"},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, told(rate(t, c.book, c.stay))) })
	}
}

func TestVATIsWithinThePrice(t *testing.T) {
	r := rate(t, public(from("2026-01-01", terms(0, money.USD, "1- 112"))), stay("2026-10-01 08:00", "2026-10-01 20:00"))
	require.Equal(t, "100.00 12.00 112.00", fixed(r.Totals[0]))
	r = rate(t, public(from("2026-01-01", terms(0, money.USD, "1- 5"))), stay("2026-10-01 08:00", "2026-10-03 20:00"))
	require.Equal(t, "13.39 1.61 15.00", fixed(r.Totals[0])) // 15/1.12 = 13.392…: once for the line, not day by day
}

func fixed(t money.Taxed) string {
	return t.Currency.Fixed(t.Net) + " " + t.Currency.Fixed(t.VAT) + " " + t.Currency.Fixed(t.Gross)
}

func TestAnOpenStayIsRatedUntilAsOf(t *testing.T) {
	withMinimum := terms(3, money.USD, "1- 5")
	withMinimum.Minimum = amount("30 USD")
	s := public(from("2026-01-01", withMinimum)).AsOf(at("2026-10-05 12:00"))
	r, err := s.Rate(stay("2026-10-01 08:00", ""))
	require.NoError(t, err)
	require.Equal(t, "free 1-3; 4-5 ×5.00 = 10.00 USD", told(r))
}

func TestTheMostExactPriceCounts(t *testing.T) {
	prices := billing.Terms{Counting: billing.CalendarDays, VAT: num("12"), Prices: []billing.Price{
		{Currency: money.USD, Tiers: tiers("1- 1")},
		{Class: billing.Class{Size: 40}, Currency: money.USD, Tiers: tiers("1- 2")},
		{Class: billing.Class{Size: 40, Load: "empty"}, Currency: money.USD, Tiers: tiers("1- 3")},
		{Class: billing.Class{Size: 40, Load: "laden", Group: "reefer"}, Currency: money.USD, Tiers: tiers("1- 4")},
	}}
	for _, c := range []struct {
		sizeType container.SizeType
		load     container.Load
		rate     string
	}{
		{"22G1", "laden", "1.00"}, {"42G1", "laden", "2.00"}, {"45G1", "empty", "3.00"}, {"45R1", "laden", "4.00"},
		{"", "", "1.00"}, {"40", "", "2.00"}, // what is not known of a box is never guessed
	} {
		s := stay("2026-10-01 08:00", "2026-10-01 20:00")
		s.SizeType, s.Load = c.sizeType, c.load
		require.Equal(t, "1-1 ×"+c.rate+" = "+c.rate+" USD", told(rate(t, public(from("2026-01-01", prices)), s)), "%+v", c)
	}
}

func TestAClientsOwnTariffComesFirst(t *testing.T) {
	book := public(from("2026-01-01", terms(0, money.USD, "1- 5")))
	own := from("2026-10-03", terms(9, money.USD, "1- 4"))
	own.RecordedAt = at("2026-09-01 00:00")
	book.Tariffs = append(book.Tariffs, billing.Tariff{Client: 7, Versions: []billing.Version{own}})

	mine := stay("2026-10-01 08:00", "2026-10-04 20:00") // came in under the public one: no free days
	r := rate(t, book, mine)
	require.Equal(t, "1-2 ×5.00 = 10.00 USD; 3-4 ×4.00 = 8.00 USD", told(r))
	require.Equal(t, int64(0), r.Lines[0].Tariff.Client)
	require.Equal(t, billing.Source{Client: 7, ValidFrom: date("2026-10-03"), RecordedAt: own.RecordedAt}, r.Lines[1].Tariff)
	other := mine
	other.Client = 8
	require.Equal(t, "1-4 ×5.00 = 20.00 USD", told(rate(t, book, other)))
}

func TestWhatHasNoPriceIsRefused(t *testing.T) {
	only40 := terms(0, money.USD, "1- 5")
	only40.Prices[0].Size = 40
	gap := terms(0, money.USD, "1-5 5, 8- 6") // no import would let it in
	for _, c := range []struct {
		name string
		book billing.Book
		key  string
		args map[string]string
	}{
		{"no tariff yet", public(from("2026-10-02", terms(0, money.USD, "1- 5"))), "billing.no_tariff", map[string]string{"Day": "2026-10-01"}},
		{"no tariff at all", billing.Book{}, "billing.no_tariff", map[string]string{"Day": "2026-10-01"}},
		{"no price", public(from("2026-01-01", only40)), "billing.no_price", map[string]string{"From": "2026-10-01", "To": "2026-10-09"}},
		{"no price from a day on", public(from("2026-01-01", terms(0, money.USD, "1- 5")), from("2026-10-05", only40)), "billing.no_price",
			map[string]string{"From": "2026-10-05", "To": "2026-10-09"}},
		{"a gap", public(from("2026-01-01", gap)), "billing.no_tier", map[string]string{"From": "6", "To": "7"}},
		{"an end", public(from("2026-01-01", terms(0, money.USD, "1-5 5"))), "billing.no_tier_on", map[string]string{"From": "6"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.book.AsOf(later).Rate(stay("2026-10-01 08:00", "2026-10-09 20:00"))
			f := fault.As(err)
			require.NotNil(t, f)
			require.Equal(t, c.key, f.Text.Key)
			require.Equal(t, "MSKU 601167 2", f.Text.Args["Box"].Args["Number"].Plain)
			for name, want := range c.args {
				require.Equal(t, want, f.Text.Args[name].Plain+f.Text.Args[name].Day)
			}
		})
	}
}

func TestDiscounts(t *testing.T) {
	tenth := billing.Discount{Name: "tenth", Percent: num("10")}
	dollar := billing.Discount{Name: "dollar", PerDay: amount("1 USD")}
	fifteen := billing.Discount{Name: "fifteen", Flat: amount("15 USD")}
	for _, c := range []struct {
		name      string
		discounts []billing.Discount
		want      string
	}{
		{"percent", []billing.Discount{tenth}, "1-4 ×5.00 −2.00(tenth) = 18.00 USD; 5-6 ×8.00 −1.60(tenth) = 14.40 USD"},
		{"per day", []billing.Discount{dollar}, "1-4 ×5.00 −4.00(dollar) = 16.00 USD; 5-6 ×8.00 −2.00(dollar) = 14.00 USD"},
		{"flat, used up from the first day on", []billing.Discount{fifteen},
			"1-4 ×5.00 −15.00(fifteen) = 5.00 USD; 5-6 ×8.00 = 16.00 USD"},
		{"a flat one that outlasts a line", []billing.Discount{{Name: "big", Flat: amount("23 USD")}},
			"1-4 ×5.00 −20.00(big) = 0.00 USD; 5-6 ×8.00 −3.00(big) = 13.00 USD"},
		{"the best one", []billing.Discount{tenth, dollar, fifteen}, "1-4 ×5.00 −15.00(fifteen) = 5.00 USD; 5-6 ×8.00 = 16.00 USD"},
		{"of equals the first listed", []billing.Discount{{Name: "six", Flat: amount("6 USD")}, dollar},
			"1-4 ×5.00 −6.00(six) = 14.00 USD; 5-6 ×8.00 = 16.00 USD"},
		{"one that stacks comes on top", []billing.Discount{{Name: "more", Percent: num("50"), Stacks: true}, dollar},
			"1-4 ×5.00 −4.00(dollar) −8.00(more) = 8.00 USD; 5-6 ×8.00 −2.00(dollar) −7.00(more) = 7.00 USD"},
		{"flat comes last", []billing.Discount{{Name: "three", Flat: amount("3 USD"), Stacks: true}, tenth},
			"1-4 ×5.00 −2.00(tenth) −3.00(three) = 15.00 USD; 5-6 ×8.00 −1.60(tenth) = 14.40 USD"},
		{"never below zero", []billing.Discount{{Name: "all", PerDay: amount("6 USD")}},
			"1-4 ×5.00 −20.00(all) = 0.00 USD; 5-6 ×8.00 −12.00(all) = 4.00 USD"},
		{"within its dates", []billing.Discount{{Name: "half", Percent: num("50"), From: date("2026-10-02"), To: date("2026-10-05")}},
			"1-1 ×5.00 = 5.00 USD; 2-4 ×5.00 −7.50(half) = 7.50 USD; 5-5 ×8.00 −4.00(half) = 4.00 USD; 6-6 ×8.00 = 8.00 USD"},
		{"outside its dates", []billing.Discount{{Name: "half", Percent: num("50"), To: date("2026-09-30")}}, "1-4 ×5.00 = 20.00 USD; 5-6 ×8.00 = 16.00 USD"},
		{"another client's", []billing.Discount{{Name: "half", Percent: num("50"), Client: 8}}, "1-4 ×5.00 = 20.00 USD; 5-6 ×8.00 = 16.00 USD"},
		{"another size's", []billing.Discount{{Name: "half", Percent: num("50"), Sizes: []int{40, 45}}}, "1-4 ×5.00 = 20.00 USD; 5-6 ×8.00 = 16.00 USD"},
		{"another currency's", []billing.Discount{{Name: "sum", PerDay: amount("1000 UZS")}}, "1-4 ×5.00 = 20.00 USD; 5-6 ×8.00 = 16.00 USD"},
		{"one taken back", []billing.Discount{tenth, {Name: "tenth", Withdrawn: true, RecordedAt: at("2026-11-01 00:00")}},
			"1-4 ×5.00 = 20.00 USD; 5-6 ×8.00 = 16.00 USD"},
		{"not recorded yet", []billing.Discount{{Name: "half", Percent: num("50"), RecordedAt: at("2027-11-01 00:00")}},
			"1-4 ×5.00 = 20.00 USD; 5-6 ×8.00 = 16.00 USD"},
	} {
		t.Run(c.name, func(t *testing.T) {
			book := public(from("2026-01-01", terms(0, money.USD, "1-4 5, 5- 8")))
			book.Discounts = c.discounts
			require.Equal(t, c.want, told(rate(t, book, stay("2026-10-01 08:00", "2026-10-06 20:00"))))
		})
	}
}

func TestDiscountsAreNotForFees(t *testing.T) {
	withFee := terms(9, money.USD, "1- 5")
	withFee.Fees = []billing.Fee{{Operation: yard.LiftOff, Amount: *amount("40 USD")}}
	book := public(from("2026-01-01", withFee))
	book.Discounts = []billing.Discount{{Name: "all", Percent: num("100")}}
	s := stay("2026-10-01 08:00", "2026-10-02 20:00")
	s.Operations = []yard.Handled{{Operation: yard.LiftOff, At: s.Entry}}
	require.Equal(t, "free 1-2; lift_off 40.00 USD", told(rate(t, book, s)))
}

func TestAPeriodCutsALine(t *testing.T) {
	// A day costs 3.335: two are 6.67, one alone would be 3.34.
	book := public(from("2026-01-01", terms(1, money.USD, "1- 6.67")))
	book.Discounts = []billing.Discount{{Name: "half", Percent: num("50")}}
	r := rate(t, book, stay("2026-09-29 08:00", "2026-10-02 20:00"))
	require.Equal(t, "free 1-1; 2-4 ×6.67 −10.00(half) = 10.01 USD", told(r))
	september, october := r.Within(date("2026-09-01"), date("2026-09-30")), r.Within(date("2026-10-01"), date("2026-10-31"))
	require.Equal(t, "free 1-1; 2-2 ×6.67 −3.33(half) = 3.34 USD", told(september))
	require.Equal(t, "3-4 ×6.67 −6.67(half) = 6.67 USD", told(october))
	require.Equal(t, []int{2, 1, 1, 2, 0, 2}, []int{september.Days, september.Free, september.Paid, october.Days, october.Free, october.Paid})
	require.Equal(t, date("2026-10-01"), october.Lines[0].First)
	require.Equal(t, date("2026-10-02"), october.Lines[0].Last)
}

func TestWhatIsInForce(t *testing.T) {
	book := public(from("2026-01-01", terms(0, money.USD, "1- 5")), from("2026-10-03", terms(0, money.USD, "1- 6")))
	book = book.With(7, from("2026-10-02", terms(0, money.USD, "1- 4")))
	book.Discounts = []billing.Discount{{Name: "all's"}, {Name: "mine", Client: 7}, {Name: "theirs", Client: 8},
		{Name: "over", RecordedAt: at("2026-01-01 00:00")}, {Name: "over", Withdrawn: true, RecordedAt: at("2026-01-02 00:00")}}
	s := book.AsOf(later)
	for _, c := range []struct {
		client, of int64
		day, since string
	}{
		{7, 0, "2026-10-01", "2026-01-01"}, {7, 7, "2026-10-02", "2026-10-02"}, {7, 7, "2026-10-09", "2026-10-02"},
		{8, 0, "2026-10-02", "2026-01-01"}, {0, 0, "2026-10-03", "2026-10-03"},
	} {
		is, found := s.InForce(c.client, date(c.day))
		require.True(t, found)
		require.Equal(t, []any{c.of, date(c.since)}, []any{is.Client, is.ValidFrom}, "%+v", c)
	}
	_, found := s.InForce(7, date("2025-12-31"))
	require.False(t, found)
	var names []string
	for _, d := range s.Discounts(7) {
		names = append(names, d.Name)
	}
	require.Equal(t, []string{"all's", "mine"}, names)
	require.Len(t, s.Discounts(0), 3)
}

func TestAStatementIsNotRefusedForABoxThatWasNotThere(t *testing.T) {
	book := public(from("2026-04-01", terms(0, money.USD, "1- 5")))
	early := stay("2026-03-25 08:00", "2026-04-02 08:00") // there is no tariff on its first days
	there := stay("2026-04-10 08:00", "2026-04-11 08:00")
	s, err := book.AsOf(later).Statements([]billing.Stay{early, there}, date("2026-04-03"), date("2026-04-30"))
	require.NoError(t, err)
	require.Len(t, s, 1)
	require.Len(t, s[0].Stays, 1)
	_, err = book.AsOf(later).Statements([]billing.Stay{early, there}, date("2026-04-02"), date("2026-04-30"))
	require.True(t, fault.Is(err, fault.Invalid))
}
