package paper

import (
	"fmt"
	"slices"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

// service is what an act sums up: storage or one sort of operation, in one currency.
type service struct {
	kind      billing.Kind
	operation yard.Operation
	quantity  int // days or operations
	amount    money.Taxed
}

// services sums the lines of a statement up, storage first.
func services(s billing.Statement) []service {
	var all []service
	for _, stay := range s.Stays {
		for _, l := range stay.Lines {
			if l.Kind == billing.Free {
				continue
			}
			n := 1
			if l.Kind == billing.Storage {
				n = l.Days()
			}
			i := slices.IndexFunc(all, func(have service) bool {
				return have.kind == l.Kind && have.operation == l.Operation && have.amount.Currency == l.Amount.Currency
			})
			if i < 0 {
				i = len(all)
				all = append(all, service{kind: l.Kind, operation: l.Operation, amount: money.Taxed{Currency: l.Amount.Currency}})
			}
			all[i].quantity += n
			all[i].amount = all[i].amount.Add(l.Amount)
		}
	}
	order := []billing.Kind{billing.Storage, billing.Minimum, billing.Charge}
	slices.SortStableFunc(all, func(a, b service) int {
		if a.kind != b.kind {
			return slices.Index(order, a.kind) - slices.Index(order, b.kind)
		}
		return slices.Index(billing.Operations, a.operation) - slices.Index(billing.Operations, b.operation)
	})
	return all
}

var actColumns = []column{{mm: 8, right: true}, {mm: 68}, {mm: 18}, {mm: 16, right: true}, {mm: 26, right: true}, {mm: 22, right: true}, {mm: 32, right: true}}

// Act prints the act of services rendered for an invoice: what both sides sign.
func (p Printer) Act(in billing.Invoice) ([]byte, error) {
	day := p.day(calendar.In(in.IssuedAt, p.Zone))
	name := p.say("paper.act", "Number", number(in.Number), "Date", day)
	d := p.begin(name, in.IssuedAt)
	d.paragraph(face{size: title, bold: true}, name)
	d.gap(2)
	d.sides("paper.contractor", "paper.customer")
	s := in.Statement
	d.paragraph(words, p.say("paper.act_says", "Seller", d.Seller.Name, "Client", d.Client.Name, "Period", p.period(s.From, s.To),
		"Number", number(in.Number), "Date", day))
	d.gap(2)
	err := d.table(actColumns, "№", p.say("paper.service"), p.say("paper.unit"), p.say("paper.quantity"), p.say("paper.net"), p.say("paper.vat"), p.say("paper.gross"))
	if err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	for i, v := range services(s) {
		what, unit := p.say("paper.service_"+string(v.kind)), p.say("paper.unit_days")
		if v.kind != billing.Storage {
			unit = p.say("paper.unit_times")
		}
		if v.kind == billing.Charge {
			what = p.say("paper.operation." + string(v.operation))
		}
		net, vat, gross := p.amounts(v.amount)
		d.AddRows(rowOf(actColumns, plain, number(i+1), what, unit, number(v.quantity), net, vat, gross))
	}
	if err := d.noTable(); err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	d.gap(2)
	d.totals(s.Totals, in.Rates, in.InUZS)
	d.gap(3)
	d.paragraph(words, p.say("paper.act_done"))
	d.gap(10)
	halves := []column{{mm: width / 2}, {mm: width / 2}}
	d.AddRows(rowOf(halves, words, p.say("paper.for_contractor"), p.say("paper.for_customer")))
	d.gap(6)
	d.AddRows(rowOf(halves, words, blank, blank))
	d.AddRows(rowOf(halves, words, d.Seller.Name, d.Client.Name))
	return d.bytes()
}
