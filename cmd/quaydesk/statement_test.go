package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

func TestMomentOf(t *testing.T) {
	tashkent := time.FixedZone("", 5*60*60)
	for _, c := range []struct{ typed, want string }{
		{"", "0001-01-01T00:00:00Z"},
		{"2026-11-01T09:00:00Z", "2026-11-01T09:00:00Z"},
		{"2026-11-01T09:00:00.5+05:00", "2026-11-01T04:00:00.5Z"},
		{"2026-11-01", "2026-11-01T18:59:59.999999Z"},
	} {
		got, err := momentOf(c.typed, tashkent)
		require.NoError(t, err)
		require.Equal(t, c.want, got.Format(time.RFC3339Nano))
	}
	_, err := momentOf("yesterday", tashkent)
	require.ErrorContains(t, err, "--as-of")
}

func TestAStatementIsPrintedWithStrings(t *testing.T) {
	tashkent := time.FixedZone("", 5*60*60)
	first := calendar.Of(2026, 10, 1)
	recorded := time.Date(2025, 12, 20, 9, 0, 0, 0, time.UTC)
	book := billing.Book{Discounts: []billing.Discount{{Name: "tenth", Percent: decimal.NewFromInt(10), RecordedAt: recorded}}}.With(0, billing.Version{
		ValidFrom: first - 200, RecordedAt: recorded, Terms: billing.Terms{Counting: billing.CalendarDays, FreeDays: 1, VAT: decimal.NewFromInt(12),
			Prices: []billing.Price{{Currency: money.USD, Tiers: []billing.Tier{{From: 2, Rate: decimal.NewFromInt(5)}}}},
			Fees:   []billing.Fee{{Operation: yard.LiftOff, Amount: money.Amount{Value: decimal.NewFromInt(350000), Currency: money.UZS}}}}})
	entry := first.Start(tashkent).Add(8 * time.Hour)
	all, err := book.AsOf(recorded.AddDate(1, 0, 0)).Statements([]billing.Stay{{ID: 1, Number: "MSKU6011672", SizeType: "22G1", Load: "laden", Client: 3,
		Entry: entry, Exit: entry.Add(48 * time.Hour), Zone: tashkent, Operations: []yard.Handled{{Operation: yard.LiftOff, At: entry}}}}, first, first+30)
	require.NoError(t, err)
	printed, err := json.Marshal(tell(all[0], map[int64]string{3: "Acme"}))
	require.NoError(t, err)
	tariff := `{"valid_from":"2026-03-15","recorded_at":"2025-12-20T09:00:00Z"}`
	require.JSONEq(t, `{"client":"Acme","from":"2026-10-01","to":"2026-10-31","as_of":"2026-12-20T09:00:00Z",
		"days":3,"free":1,"paid":2,
		"totals":[{"currency":"USD","net":"8.04","vat":"0.96","gross":"9.00"},{"currency":"UZS","net":"312500.00","vat":"37500.00","gross":"350000.00"}],
		"stays":[{"number":"MSKU6011672","size_type":"22G1","load":"laden","entry":"2026-10-01T08:00:00+05:00","exit":"2026-10-03T08:00:00+05:00",
			"days":3,"free":1,"paid":2,
			"totals":[{"currency":"USD","net":"8.04","vat":"0.96","gross":"9.00"},{"currency":"UZS","net":"312500.00","vat":"37500.00","gross":"350000.00"}],
			"lines":[
				{"kind":"free","first":"2026-10-01","last":"2026-10-01","days":1,"from_day":1,"to_day":1,"tariff":`+tariff+`,"full":"0.00",
					"vat_percent":"12","currency":"USD","net":"0.00","vat":"0.00","gross":"0.00"},
				{"kind":"storage","first":"2026-10-02","last":"2026-10-03","days":2,"from_day":2,"to_day":3,"tier":{"from":2,"rate":"5.00"},
					"tariff":`+tariff+`,"discounts":[{"name":"tenth","off":"1.00"}],"full":"10.00",
					"vat_percent":"12","currency":"USD","net":"8.04","vat":"0.96","gross":"9.00"},
				{"kind":"fee","first":"2026-10-01","last":"2026-10-01","days":0,"operation":"lift_off","at":"2026-10-01T08:00:00+05:00",
					"tariff":`+tariff+`,"full":"350000.00","vat_percent":"12","currency":"UZS","net":"312500.00","vat":"37500.00","gross":"350000.00"}]}]}`,
		string(printed))
}
