package records

import (
	"context"
	"fmt"
	"time"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/store"
)

// Invoicing asks for an invoice of a client's statement.
type Invoicing struct {
	Company int64         `json:"company"`
	From    calendar.Date `json:"from"`
	To      calendar.Date `json:"to"`               // inclusive, and not in the future
	InUZS   bool          `json:"in_uzs,omitempty"` // show it in UZS too, by the central bank's rates that hold on the day To
}

// IssueInvoice issues an invoice of what the client's stays cost in the period as of now, and gives its number. Days that
// were invoiced before are a Conflict, nothing to be paid and a rate that is too old are Invalid, a rate that is missing
// NotFound.
func (r *Records) IssueInvoice(ctx context.Context, turn chat.Turn, in Invoicing) (int, error) {
	return bill(ctx, r, turn, func(tx *store.Tx, d deed) (int, error) {
		company, err := tx.Company(ctx, d.workspace, in.Company)
		if err != nil {
			return 0, err
		}
		number, err := tx.NextInvoice(ctx, d.workspace) // first: of two for the same days, the second waits here
		if err != nil {
			return 0, err
		}
		d.at = now() // what was recorded until it stopped waiting counts
		today, err := today(ctx, tx, d)
		if err != nil {
			return 0, err
		}
		if in.To > today {
			return 0, fault.New(fault.Invalid, "billing.not_over", "To", chat.Day(in.To.String()))
		}
		earlier, err := tx.Invoices(ctx, store.Issues{Workspace: d.workspace, Company: in.Company, From: in.From, To: in.To})
		if err != nil {
			return 0, err
		}
		if len(earlier) > 0 {
			was := earlier[0].Invoice
			return 0, fault.New(fault.Conflict, "billing.invoiced_already", "Number", was.Number,
				"From", chat.Day(was.Statement.From.String()), "To", chat.Day(was.Statement.To.String()))
		}
		all, err := statements(ctx, tx, StatementQuery{Workspace: d.workspace, Company: in.Company, From: in.From, To: in.To, AsOf: d.at})
		if err != nil {
			return 0, err
		}
		if len(all) == 0 || !payable(all[0].Totals) {
			return 0, fault.New(fault.Invalid, "billing.nothing_to_invoice")
		}
		var rates []money.Rate
		if in.InUZS {
			if rates, err = ratesFor(ctx, tx, d, all[0].Totals, in.To); err != nil {
				return 0, err
			}
		}
		invoice := billing.NewInvoice(number, company.Name, d.at, all[0], rates)
		if err := tx.AddInvoice(ctx, d.recorder(), invoice); err != nil {
			return 0, err
		}
		return number, r.auditBilling(ctx, tx, d, "invoice.issue", fmt.Sprint(aboutInvoice, number), in)
	})
}

// today is the day it is in the workspace's zone.
func today(ctx context.Context, tx *store.Tx, d deed) (calendar.Date, error) {
	zone, err := tx.Zone(ctx, d.workspace)
	if err != nil {
		return 0, err
	}
	return calendar.In(d.at, zone), nil
}

func payable(totals money.Totals) bool {
	for _, t := range totals {
		if t.Gross.IsPositive() {
			return true
		}
	}
	return false
}

// oldestRate is by how many days a rate may be older than the day on which it is used: the central bank sets none on
// weekends and holidays.
const oldestRate = 10

// ratesFor gives the rates of all currencies but UZS that hold on a day.
func ratesFor(ctx context.Context, tx *store.Tx, d deed, totals money.Totals, day calendar.Date) ([]money.Rate, error) {
	var rates []money.Rate
	for _, t := range totals {
		if t.Currency == money.UZS {
			continue
		}
		rate, err := tx.RateOn(ctx, d.workspace, t.Currency, day, d.at)
		if err != nil {
			return nil, err
		}
		if rate.Date < day-oldestRate {
			return nil, fault.New(fault.Invalid, "billing.rate_old", "Currency", string(t.Currency), "Date", chat.Day(rate.Date.String()), "Day", chat.Day(day.String()))
		}
		rates = append(rates, rate)
	}
	return rates, nil
}

// IssueCorrection issues a correction of an invoice for what it, with its corrections so far, differs in from what the
// same days cost as of now, and gives its number. When that is nothing it is a Conflict.
func (r *Records) IssueCorrection(ctx context.Context, turn chat.Turn, invoice int) (int, error) {
	return bill(ctx, r, turn, func(tx *store.Tx, d deed) (int, error) {
		number, err := tx.NextInvoice(ctx, d.workspace) // first: of two for the same invoice, the second waits here
		if err != nil {
			return 0, err
		}
		d.at = now() // what was recorded until it stopped waiting counts
		c, err := difference(ctx, tx, d.workspace, invoice, number, d.at)
		if err != nil {
			return 0, err
		}
		if len(c.Lines) == 0 {
			return 0, fault.New(fault.Conflict, "billing.no_difference", "Number", invoice)
		}
		if err := tx.AddCorrection(ctx, d.recorder(), c); err != nil {
			return 0, err
		}
		return number, r.auditBilling(ctx, tx, d, "invoice.correct", fmt.Sprint(aboutInvoice, invoice), c.Totals)
	})
}

// InvoiceQuery names an invoice.
type InvoiceQuery struct {
	Workspace int64 `json:"workspace"`
	Number    int   `json:"number"`
}

// Difference gives the correction that IssueCorrection would issue of an invoice now, without a number; without lines
// when nothing differs.
func (r *Records) Difference(ctx context.Context, q InvoiceQuery) (billing.Correction, error) {
	var c billing.Correction
	err := r.store.Tx(ctx, func(tx *store.Tx) (err error) {
		c, err = difference(ctx, tx, q.Workspace, q.Number, 0, now())
		return err
	})
	return c, err
}

func difference(ctx context.Context, tx *store.Tx, workspace int64, invoice, number int, at time.Time) (billing.Correction, error) {
	issued, err := tx.Invoice(ctx, workspace, invoice)
	if err != nil {
		return billing.Correction{}, err
	}
	was := issued.Invoice.Statement
	q := StatementQuery{Workspace: workspace, Company: was.Client, From: was.From, To: was.To, AsOf: at}
	all, err := statements(ctx, tx, q)
	if err != nil {
		return billing.Correction{}, err
	}
	is := billing.Statement{Client: was.Client, From: was.From, To: was.To, AsOf: at}
	if len(all) > 0 {
		is = all[0]
	}
	return issued.Invoice.Difference(number, at, issued.Corrections, is), nil
}
