package billing

import (
	"cmp"
	"slices"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

// Invoice is a document that was issued: frozen, with everything it needs to be printed again as it was.
type Invoice struct {
	Number     int          `json:"number"` // per workspace
	ClientName string       `json:"client_name"`
	IssuedAt   time.Time    `json:"issued_at"` // UTC
	Statement  Statement    `json:"statement"`
	Rates      []money.Rate `json:"rates,omitempty"` // of the currencies that are shown in UZS too
	InUZS      *money.Taxed `json:"in_uzs,omitempty"`
}

// Correction is a document for the difference between an invoice, with its corrections so far, and what the same stays
// cost as of a later moment.
type Correction struct {
	Number     int           `json:"number"`  // per workspace, in one row with the invoices
	Invoice    int           `json:"invoice"` // Number of the invoice
	ClientName string        `json:"client_name"`
	From       calendar.Date `json:"from"`
	To         calendar.Date `json:"to"`
	AsOf       time.Time     `json:"as_of"`
	IssuedAt   time.Time     `json:"issued_at"`
	Lines      []Changed     `json:"lines"`
	Totals     money.Totals  `json:"totals"`          // of the differences: negative is a credit
	Rates      []money.Rate  `json:"rates,omitempty"` // those of the invoice
	InUZS      *money.Taxed  `json:"in_uzs,omitempty"`
}

// Changed is a line of a stay that costs another amount than it was billed.
type Changed struct {
	Stay       Stay        `json:"stay"`
	Line       Line        `json:"line"` // as it is now, or as it was billed when there is none any more
	Was        money.Taxed `json:"was"`  // billed, corrections included
	Is         money.Taxed `json:"is"`
	Difference money.Taxed `json:"difference"`
}

// NewInvoice makes an invoice of a statement. It is shown in UZS too when the rates are given of all its currencies.
func NewInvoice(number int, clientName string, issued time.Time, s Statement, rates []money.Rate) Invoice {
	i := Invoice{Number: number, ClientName: clientName, IssuedAt: issued, Statement: s}
	if i.InUZS = inUZS(s.Totals, rates); i.InUZS != nil {
		i.Rates = rates
	}
	return i
}

// inUZS gives the sum of all totals, or nil when a rate is missing, or there are none but in UZS.
func inUZS(totals money.Totals, rates []money.Rate) *money.Taxed {
	sum, foreign := money.Taxed{Currency: money.UZS}, false
	for _, t := range totals {
		if t.Currency != money.UZS {
			at := slices.IndexFunc(rates, func(r money.Rate) bool { return r.Currency == t.Currency })
			if at < 0 {
				return nil
			}
			t, foreign = rates[at].Convert(t), true
		}
		sum = sum.Add(t)
	}
	if !foreign {
		return nil
	}
	return &sum
}

// item tells the lines of an invoice apart: what two statements have for the same item is compared.
type item struct {
	stay      int64
	kind      Kind
	operation yard.Operation
	at        time.Time
	first     calendar.Date
	currency  money.Currency
}

func itemOf(s Stay, l Line) item {
	return item{stay: s.ID, kind: l.Kind, operation: l.Operation, at: l.At.UTC(), first: l.First, currency: l.Amount.Currency}
}

// Difference makes a correction of what the invoice, with its corrections so far, differs in from the same statement as
// it would be now. Where nothing does, the correction has no lines and is not to be issued.
func (i Invoice) Difference(number int, issued time.Time, soFar []Correction, now Statement) Correction {
	c := Correction{Number: number, Invoice: i.Number, ClientName: i.ClientName, From: now.From, To: now.To, AsOf: now.AsOf, IssuedAt: issued}
	all := map[item]*Changed{}
	of := func(s Stay, l Line) *Changed {
		key := itemOf(s, l)
		if all[key] == nil {
			none := money.Taxed{Currency: l.Amount.Currency}
			all[key] = &Changed{Stay: s, Line: l, Was: none, Is: none}
		}
		return all[key]
	}
	for _, r := range i.Statement.Stays {
		for _, l := range r.Lines {
			changed := of(r.Stay, l)
			changed.Was = changed.Was.Add(l.Amount)
		}
	}
	for _, earlier := range soFar {
		for _, l := range earlier.Lines {
			changed := of(l.Stay, l.Line)
			changed.Stay, changed.Line = l.Stay, l.Line
			changed.Was = changed.Was.Add(l.Difference)
		}
	}
	for _, r := range now.Stays {
		for _, l := range r.Lines {
			changed := of(r.Stay, l)
			changed.Stay, changed.Line = r.Stay, l
			changed.Is = changed.Is.Add(l.Amount)
		}
	}
	for _, changed := range all {
		if changed.Difference = changed.Is.Sub(changed.Was); !changed.Difference.Zero() {
			c.Lines = append(c.Lines, *changed)
			c.Totals = c.Totals.Add(changed.Difference)
		}
	}
	slices.SortFunc(c.Lines, func(a, b Changed) int {
		return cmp.Or(a.Stay.Entry.Compare(b.Stay.Entry), cmp.Compare(a.Stay.Number, b.Stay.Number), cmp.Compare(a.Stay.ID, b.Stay.ID),
			cmp.Compare(a.Line.First, b.Line.First), cmp.Compare(a.Line.Kind, b.Line.Kind), a.Line.At.Compare(b.Line.At),
			cmp.Compare(a.Line.Operation, b.Line.Operation), cmp.Compare(a.Was.Currency, b.Was.Currency))
	})
	if c.InUZS = inUZS(c.Totals, i.Rates); c.InUZS != nil {
		c.Rates = i.Rates
	}
	return c
}
