package billing_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/billing"
	"quaydesk/domain/container"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

// benchBook is a public tariff revised in mid-month with prices by size and load, fees, and discounts.
func benchBook() billing.Book {
	terms := billing.Terms{Counting: billing.CalendarDays, FreeDays: 5, VAT: num("12")}
	for _, size := range []int{20, 40, 45} {
		for _, load := range []container.Load{container.Laden, container.Empty} {
			terms.Prices = append(terms.Prices, billing.Price{Class: billing.Class{Size: size, Load: load}, Currency: money.USD,
				Tiers: tiers("1-10 4.50, 11-20 7.25, 21- 11")})
		}
	}
	terms.Fees = []billing.Fee{
		{Operation: yard.LiftOff, Amount: *amount("350000 UZS")},
		{Operation: yard.LiftOn, Amount: *amount("350000 UZS")},
	}
	book := public(from("2026-01-01", terms), from("2026-10-15", terms))
	book.Discounts = []billing.Discount{
		{Name: "tenth", Client: 7, Percent: num("10")},
		{Name: "october", PerDay: amount("0.75 USD"), From: date("2026-10-01"), To: date("2026-10-31"), Sizes: []int{20}},
	}
	return book
}

// benchStays are stays of 20 days each, all over October, of ten clients.
func benchStays(n int) []billing.Stay {
	stays := make([]billing.Stay, n)
	for i := range stays {
		entry := at("2026-09-20 08:00").Add(time.Duration(i%30*24*60+i%1440) * time.Minute)
		s := billing.Stay{ID: int64(i + 1), Number: container.Number(fmt.Sprintf("MSKU%07d", i)), SizeType: []container.SizeType{"22G1", "45G1", "L5G1"}[i%3],
			Load: []container.Load{container.Laden, container.Empty}[i%2], Client: int64(i % 10), Entry: entry, Zone: tashkent}
		s.Exit = entry.Add(19 * 24 * time.Hour)
		s.Operations = []yard.Handled{{Operation: yard.LiftOff, At: s.Entry}, {Operation: yard.LiftOn, At: s.Exit}}
		stays[i] = s
	}
	return stays
}

// BenchmarkMillionMovementDays rates 50,000 stays of 20 days each.
func BenchmarkMillionMovementDays(b *testing.B) {
	stays, s := benchStays(50_000), benchBook().AsOf(later)
	for b.Loop() {
		days := 0
		for i := range stays {
			r, err := s.Rate(stays[i])
			require.NoError(b, err)
			days += r.Days
		}
		require.Equal(b, 1_000_000, days)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e6, "ns/day")
}

// BenchmarkStatements makes the statements of a month of 50,000 stays.
func BenchmarkStatements(b *testing.B) {
	stays, s := benchStays(50_000), benchBook().AsOf(later)
	for b.Loop() {
		all, err := s.Statements(stays, date("2026-10-01"), date("2026-10-31"))
		require.NoError(b, err)
		require.Len(b, all, 10)
	}
}
