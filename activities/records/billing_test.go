package records

import (
	"encoding/json"
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
	"quaydesk/store"
)

// noon gives noon in Tashkent so many days ago, and day its date.
func noon(daysAgo int) time.Time { return day(daysAgo).Start(tashkentZone).Add(12 * time.Hour).UTC() }
func day(daysAgo int) calendar.Date {
	return calendar.In(now(), tashkentZone) - calendar.Date(daysAgo)
}

var tashkentZone, _ = time.LoadLocation("Asia/Tashkent")

// flat is a version of so many free days and USD a day.
func flat(from calendar.Date, free int, rate string) billing.Version {
	return billing.Version{ValidFrom: from, Terms: billing.Terms{Counting: billing.CalendarDays, FreeDays: free, VAT: decimal.NewFromInt(12),
		Prices: []billing.Price{{Currency: money.USD, Tiers: []billing.Tier{{From: 1, Rate: decimal.RequireFromString(rate)}}}},
		Fees:   []billing.Fee{{Operation: billing.Transfer, Amount: money.Amount{Value: decimal.NewFromInt(70), Currency: money.UZS}}}}}
}

func (d depot) save(company int64, v billing.Version) {
	d.t.Helper()
	_, err := d.r.SaveTariffVersion(d.t.Context(), d.turn(tamara), Revision{Company: company, Version: v})
	require.NoError(d.t, err)
}

// stay brings a box in and out so many days ago; out 0: it stays.
func (d depot) stay(number container.Number, in, out int) int64 {
	d.t.Helper()
	arrival := d.arrival(number, noon(in))
	got, err := d.r.GateIn(d.t.Context(), d.turn(vera), arrival)
	require.NoError(d.t, err)
	id := got.Boxes[0].ID
	if out > 0 {
		_, err = d.r.Release(d.t.Context(), d.turn(vera), yard.Departure{Stays: []int64{id}, At: noon(out)})
		require.NoError(d.t, err)
	}
	return id
}

// statement of the client from so many days ago until today, as of a moment.
func (d depot) statement(from int, asOf time.Time) billing.Statement {
	d.t.Helper()
	s, err := d.r.Statement(d.t.Context(), StatementQuery{Workspace: d.workspace, Company: d.client.ID, From: day(from), To: day(0), AsOf: asOf})
	require.NoError(d.t, err)
	return s
}

func gross(totals money.Totals) string {
	var all []string
	for _, a := range totals.Gross() {
		all = append(all, a.String())
	}
	return strings.Join(all, ", ")
}

func TestStatementsFollowTheMovements(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.save(0, flat(day(100), 2, "10"))
	id := d.stay(box1, 20, 11) // ten days, eight paid
	d.stay(box2, 5, 0)         // six, four paid
	atFirst := now()
	s := d.statement(30, time.Time{})
	require.Equal(t, "120.00 USD", gross(s.Totals))
	require.Equal(t, []int{16, 4, 12}, []int{s.Days, s.Free, s.Paid})
	require.Equal(t, "107.14", s.Totals[0].Net.String())
	s = d.statement(15, time.Time{}) // from the sixth day of the first one's on
	require.Equal(t, "90.00 USD", gross(s.Totals))

	// It came in two days later: a correction.
	correct := yard.Correction{Movement: d.movements(id)[0].ID, At: noon(18), Reason: "the paper says so", Details: d.movements(id)[0].Details}
	_, err := d.r.Correct(ctx, d.turn(vera), correct)
	require.NoError(t, err)
	corrected := now()
	require.Equal(t, "100.00 USD", gross(d.statement(30, time.Time{}).Totals))
	require.Equal(t, "120.00 USD", gross(d.statement(30, atFirst).Totals), "as it was known then")

	// Its going never happened.
	_, err = d.r.Correct(ctx, d.turn(vera), yard.Correction{Movement: d.movements(id)[1].ID, Reverse: true, Reason: "another box"})
	require.NoError(t, err)
	require.Equal(t, "210.00 USD", gross(d.statement(30, time.Time{}).Totals)) // nineteen days and six, four of them free
	require.Equal(t, "100.00 USD", gross(d.statement(30, corrected).Totals))

	accrued, err := d.r.Accrued(ctx, AccruedQuery{Workspace: d.workspace, Stay: id})
	require.NoError(t, err)
	require.Equal(t, "170.00 USD", gross(accrued.Totals))
	require.Equal(t, []int{19, 2, 17}, []int{accrued.Days, accrued.Free, accrued.Paid})
	_, err = d.r.Accrued(ctx, AccruedQuery{Workspace: d.workspace, Stay: id, AsOf: noon(50)})
	refused(t, err, fault.NotFound, "yardrules.unknown")

	// It never came in at all.
	for _, m := range yard.Effective(d.movements(id)) {
		_, err = d.r.Correct(ctx, d.turn(vera), yard.Correction{Movement: m.ID, Reverse: true, Reason: "another box"})
		require.NoError(t, err)
	}
	require.Equal(t, "40.00 USD", gross(d.statement(30, time.Time{}).Totals))
	require.Equal(t, "120.00 USD", gross(d.statement(30, atFirst).Totals))
}

func TestAStayGoesToTheClientItWasOfThen(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.save(0, flat(day(100), 0, "10"))
	id := d.stay(box1, 4, 0)
	before := now()
	details := d.movements(id)[0].Details
	details.Client = d.line.ID
	_, err := d.r.Correct(ctx, d.turn(vera), yard.Correction{Movement: d.movements(id)[0].ID, Reason: "wrong client", Details: details})
	require.NoError(t, err)
	require.Empty(t, d.statement(30, time.Time{}).Stays)
	require.Equal(t, "50.00 USD", gross(d.statement(30, before).Totals))
	all, err := d.r.Statements(ctx, StatementQuery{Workspace: d.workspace, From: day(30), To: day(0)})
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, d.line.ID, all[0].Client)
}

func TestATransferMayCostAFeeAndTheStayGoesOn(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.save(0, flat(day(100), 3, "10"))
	id := d.stay(box1, 4, 0)
	_, err := d.r.Transfer(ctx, d.turn(vera), yard.Transfer{Stays: []int64{id}, At: noon(2), Details: yard.Details{To: d.south.ID}})
	require.NoError(t, err)
	require.Equal(t, "20.00 USD, 70.00 UZS", gross(d.statement(30, time.Time{}).Totals))
}

func TestARevisionCountsFromWhenItIsRecorded(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.save(0, flat(day(100), 0, "10"))
	d.stay(box1, 9, 5)
	atFirst := now()
	d.save(0, flat(day(7), 0, "4"))
	revised := now()
	require.Equal(t, "32.00 USD", gross(d.statement(30, time.Time{}).Totals)) // two days of 10, three of 4
	require.Equal(t, "50.00 USD", gross(d.statement(30, atFirst).Totals))
	d.save(d.client.ID, flat(day(9), 0, "1"))
	require.Equal(t, "5.00 USD", gross(d.statement(30, time.Time{}).Totals))
	_, err := d.r.WithdrawTariffVersion(ctx, d.turn(tamara), Withdrawal{Company: d.client.ID, ValidFrom: day(9)})
	require.NoError(t, err)
	_, err = d.r.WithdrawTariffVersion(ctx, d.turn(tamara), Withdrawal{ValidFrom: day(7)})
	require.NoError(t, err)
	require.Equal(t, "50.00 USD", gross(d.statement(30, time.Time{}).Totals))
	require.Equal(t, "32.00 USD", gross(d.statement(30, revised).Totals))
	_, err = d.r.WithdrawTariffVersion(ctx, d.turn(tamara), Withdrawal{ValidFrom: day(7)})
	refused(t, err, fault.NotFound, "billing.version_unknown")
}

func TestDiscountsAreSavedAndEnded(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.save(0, flat(day(100), 0, "10"))
	d.stay(box1, 9, 5)
	half := billing.Discount{Name: "half", Percent: decimal.NewFromInt(50)}
	_, err := d.r.SaveDiscount(ctx, d.turn(tamara), half)
	require.NoError(t, err)
	require.Equal(t, "25.00 USD", gross(d.statement(30, time.Time{}).Totals))
	half.Percent = decimal.NewFromInt(20)
	_, err = d.r.SaveDiscount(ctx, d.turn(tamara), half)
	require.NoError(t, err)
	require.Equal(t, "40.00 USD", gross(d.statement(30, time.Time{}).Totals))
	_, err = d.r.WithdrawDiscount(ctx, d.turn(tamara), "half")
	require.NoError(t, err)
	require.Equal(t, "50.00 USD", gross(d.statement(30, time.Time{}).Totals))
	_, err = d.r.WithdrawDiscount(ctx, d.turn(tamara), "half")
	refused(t, err, fault.NotFound, "billing.discount_unknown")
}

func TestOnlyThoseWhoBillDo(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	for _, who := range []int64{nadia, ivan} {
		_, err := d.r.SaveTariffVersion(ctx, d.turn(who), Revision{Version: flat(day(9), 0, "1")})
		refused(t, err, fault.Forbidden, "billing.not_yours")
		_, err = d.r.IssueInvoice(ctx, d.turn(who), Invoicing{Company: d.client.ID, From: day(9), To: day(0)})
		refused(t, err, fault.Forbidden, "billing.not_yours")
		_, err = d.r.ImportSchedule(ctx, d.turn(who), billing.NamedBook{})
		refused(t, err, fault.Forbidden, "billing.not_yours")
	}
	other := d.desks.office()
	d.save(0, flat(day(100), 0, "10"))
	d.stay(box1, 9, 5)
	s, err := d.r.Statements(ctx, StatementQuery{Workspace: other.workspace, From: day(30), To: day(0)})
	require.NoError(t, err)
	require.Empty(t, s, "another workspace's")
	_, err = d.r.SaveTariffVersion(ctx, d.turn(tamara), Revision{Company: d.client.ID + 1000, Version: flat(day(9), 0, "1")})
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestAWrongTariffIsRefused(t *testing.T) {
	d := newDepot(t)
	wrong := flat(day(9), 0, "-1")
	_, err := d.r.SaveTariffVersion(t.Context(), d.turn(tamara), Revision{Version: wrong})
	refused(t, err, fault.Invalid, "billing.problems")
	_, err = d.r.Preview(t.Context(), Previewing{Workspace: d.workspace, Revision: &Revision{Version: wrong}})
	refused(t, err, fault.Invalid, "billing.problems")
}

func TestABoxWithoutAPriceIsNamed(t *testing.T) {
	d := newDepot(t)
	only40 := flat(day(100), 0, "10")
	only40.Prices[0].Size = 40
	d.save(0, only40)
	d.stay(box1, 9, 5)
	_, err := d.r.Statement(t.Context(), StatementQuery{Workspace: d.workspace, Company: d.client.ID, From: day(30), To: day(0)})
	f := refused(t, err, fault.Invalid, "billing.unpriced")
	require.Equal(t, "billing.no_price", f.Text.Args["Boxes"].Lines[0].Key)
}

func TestAPreviewSaysWhatARevisionWillChange(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.save(0, flat(day(100), 0, "10"))
	d.stay(box1, 9, 5)
	d.stay(box2, 60, 50) // before the revision
	revision := Revision{Version: flat(day(7), 0, "4")}
	preview, err := d.r.Preview(ctx, Previewing{Workspace: d.workspace, Revision: &revision})
	require.NoError(t, err)
	require.Len(t, preview.Clients, 1)
	change := preview.Clients[0]
	require.Equal(t, "Anor Foods", change.Name)
	require.Len(t, change.Stays, 1)
	require.Equal(t, "50.00 USD → 32.00 USD", gross(change.Before)+" → "+gross(change.After))
	require.Equal(t, "50.00 USD", gross(d.statement(30, time.Time{}).Totals), "nothing is saved")
	d.save(0, revision.Version)
	require.Equal(t, "32.00 USD", gross(d.statement(30, time.Time{}).Totals))

	tenth := billing.Discount{Name: "half", Percent: decimal.NewFromInt(50)}
	preview, err = d.r.Preview(ctx, Previewing{Workspace: d.workspace, Discount: &tenth})
	require.NoError(t, err)
	require.Len(t, preview.Clients[0].Stays, 2)
}

func TestAnInvoiceIsFrozenAndCorrected(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.save(0, flat(day(100), 0, "10"))
	id := d.stay(box1, 9, 5)
	in := Invoicing{Company: d.client.ID, From: day(30), To: day(1), InUZS: true}
	_, err := d.r.IssueInvoice(ctx, d.turn(tamara), in)
	refused(t, err, fault.NotFound, "billing.no_rate")
	_, err = d.r.SetRate(ctx, d.turn(tamara), money.Rate{Currency: money.USD, Date: day(40), UZS: decimal.RequireFromString("12650.37")})
	require.NoError(t, err)

	_, err = d.r.IssueInvoice(ctx, d.turn(tamara), in)
	old := refused(t, err, fault.Invalid, "billing.rate_old")
	require.Equal(t, day(40).String(), old.Text.Args["Date"].Day)
	for _, daysAgo := range []int{12, 11} { // ten days before the last one may be, eleven not
		_, err = d.r.IssueInvoice(ctx, d.turn(tamara), in)
		refused(t, err, fault.Invalid, "billing.rate_old")
		_, err = d.r.SetRate(ctx, d.turn(tamara), money.Rate{Currency: money.USD, Date: day(daysAgo), UZS: decimal.RequireFromString("12650.37")})
		require.NoError(t, err)
	}

	turn := d.turn(tamara)
	number, err := d.r.IssueInvoice(ctx, turn, in)
	require.NoError(t, err)
	require.Equal(t, 1, number, "a refused one takes no number")
	again, err := d.r.IssueInvoice(ctx, turn, in)
	require.NoError(t, err)
	require.Equal(t, number, again, "one operation")
	_, err = d.r.IssueInvoice(ctx, d.turn(tamara), Invoicing{Company: d.client.ID, From: day(2), To: day(0)})
	refused(t, err, fault.Conflict, "billing.invoiced_already")
	_, err = d.r.IssueInvoice(ctx, d.turn(tamara), Invoicing{Company: d.client.ID, From: day(0), To: day(-1)})
	refused(t, err, fault.Invalid, "billing.not_over")
	_, err = d.r.IssueInvoice(ctx, d.turn(tamara), Invoicing{Company: d.line.ID, From: day(30), To: day(1)})
	refused(t, err, fault.Invalid, "billing.nothing_to_invoice")

	issued := d.issued(number)
	require.Equal(t, "50.00 USD", gross(issued.Invoice.Statement.Totals))
	require.Equal(t, "632518.5", issued.Invoice.InUZS.Gross.String())
	require.Equal(t, day(11), issued.Invoice.Rates[0].Date, "the rate's own day")
	require.Equal(t, "Anor Foods", issued.Invoice.ClientName)
	before, err := json.Marshal(issued)
	require.NoError(t, err)
	_, err = d.r.IssueCorrection(ctx, d.turn(tamara), number)
	refused(t, err, fault.Conflict, "billing.no_difference")

	d.save(0, flat(day(7), 0, "4"))
	correction, err := d.r.IssueCorrection(ctx, d.turn(tamara), number)
	require.NoError(t, err)
	require.Equal(t, 2, correction)
	_, err = d.r.IssueCorrection(ctx, d.turn(tamara), number)
	refused(t, err, fault.Conflict, "billing.no_difference")
	_, err = d.r.Correct(ctx, d.turn(vera), yard.Correction{Movement: d.movements(id)[1].ID, At: noon(4), Reason: "a day later", Details: d.movements(id)[1].Details})
	require.NoError(t, err)
	difference, err := d.r.Difference(ctx, InvoiceQuery{Workspace: d.workspace, Number: number})
	require.NoError(t, err)
	require.Equal(t, "4.00 USD", gross(difference.Totals))
	_, err = d.r.IssueCorrection(ctx, d.turn(tamara), number)
	require.NoError(t, err)

	issued = d.issued(number)
	require.Len(t, issued.Corrections, 2)
	require.Equal(t, "-18.00 USD", gross(issued.Corrections[0].Totals))
	require.Equal(t, "-227706.66", issued.Corrections[0].InUZS.Gross.String(), "at the invoice's rate")
	issued.Corrections = nil
	after, err := json.Marshal(issued)
	require.NoError(t, err)
	require.JSONEq(t, string(before), string(after), "the invoice is as it was")
	for _, sql := range []string{"UPDATE invoices SET document = '{}'", "DELETE FROM invoices", "UPDATE corrections SET number = 9",
		"UPDATE tariff_versions SET content = '{}'", "DELETE FROM exchange_rates"} {
		_, err = d.pool.Exec(ctx, sql)
		require.ErrorContains(t, err, "never edited", sql)
	}
}

func (d depot) issued(number int) (issued store.Issued) {
	d.t.Helper()
	d.tx(func(tx *store.Tx) (err error) {
		issued, err = tx.Invoice(d.t.Context(), d.workspace, number)
		return err
	})
	return issued
}

// Of two corrections of one invoice at once, the one that waits takes what was recorded until then as it is, and has
// nothing left to correct.
func TestTwoCorrectionsAtOnce(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.save(0, flat(day(100), 0, "10"))
	d.stay(box1, 9, 5)
	invoice, err := d.r.IssueInvoice(ctx, d.turn(tamara), Invoicing{Company: d.client.ID, From: day(30), To: day(1)})
	require.NoError(t, err)
	turn := d.turn(vera)
	second := make(chan error, 1)
	d.tx(func(tx *store.Tx) error {
		number, err := tx.NextInvoice(ctx, d.workspace)
		require.NoError(t, err)
		go func() {
			_, err := d.r.IssueCorrection(ctx, turn, invoice)
			second <- err
		}()
		require.Eventually(t, d.waiting, 10*time.Second, time.Millisecond, "it waits")
		d.save(0, flat(day(7), 0, "4"))
		c, err := difference(ctx, tx, d.workspace, invoice, number, now())
		require.NoError(t, err)
		require.Equal(t, "-18.00 USD", gross(c.Totals))
		return tx.AddCorrection(ctx, store.Recorder{Workspace: d.workspace, Op: "first"}, c)
	})
	refused(t, <-second, fault.Conflict, "billing.no_difference")
	require.Len(t, d.issued(invoice).Corrections, 1)
}

// An invoice is as of when nobody else issues one any more.
func TestAnInvoiceCountsWhatWasRecordedWhileItWaited(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.save(0, flat(day(100), 0, "10"))
	d.stay(box1, 9, 5)
	turn := d.turn(tamara)
	type done struct {
		number int
		err    error
	}
	issued := make(chan done, 1)
	d.tx(func(tx *store.Tx) error {
		_, err := tx.NextInvoice(ctx, d.workspace)
		require.NoError(t, err)
		go func() {
			n, err := d.r.IssueInvoice(ctx, turn, Invoicing{Company: d.client.ID, From: day(30), To: day(1)})
			issued <- done{n, err}
		}()
		require.Eventually(t, d.waiting, 10*time.Second, time.Millisecond, "it waits")
		d.save(0, flat(day(7), 0, "4"))
		return nil
	})
	got := <-issued
	require.NoError(t, got.err)
	require.Equal(t, "32.00 USD", gross(d.issued(got.number).Invoice.Statement.Totals))
}
