package paper

import (
	"fmt"
	"strconv"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
	"quaydesk/texts"
)

// number is a document's number as text, without any grouping.
func number(n int) string { return strconv.Itoa(n) }

// sides prints who sells and who pays, beside each other.
func (d document) sides(seller, client string) {
	columns := []column{{mm: width / 2}, {mm: width / 2}}
	d.AddRows(rowOf(columns, words, d.say(seller), d.say(client)))
	bold := words
	bold.bold = true
	d.AddRows(rowOf(columns, bold, d.Seller.Name, d.Client.Name))
	left, right := lines(d.Seller.Details), lines(d.Client.Details)
	for i := range max(len(left), len(right)) {
		d.AddRows(rowOf(columns, words, at(left, i), at(right, i)))
	}
	d.gap(3)
}

// itemColumns are those of a statement's lines.
var itemColumns = []column{{mm: 70}, {mm: 9, right: true}, {mm: 20, right: true}, {mm: 23}, {mm: 21, right: true},
	{mm: 19, right: true}, {mm: 28, right: true}}

// Invoice prints an invoice with all its lines.
func (p Printer) Invoice(in billing.Invoice) ([]byte, error) {
	name := p.say("paper.invoice", "Number", number(in.Number), "Date", p.day(calendar.In(in.IssuedAt, p.Zone)))
	d := p.begin(name, in.IssuedAt)
	d.paragraph(face{size: title, bold: true}, name)
	s := in.Statement
	d.paragraph(words, p.say("paper.period", "Period", p.period(s.From, s.To), "AsOf", p.moment(s.AsOf)))
	d.gap(2)
	d.sides("paper.seller", "paper.client")
	err := d.table(itemColumns, p.say("paper.item"), p.say("paper.days"), p.say("paper.rate"), p.say("paper.discount"),
		p.say("paper.net"), p.say("paper.vat"), p.say("paper.gross"))
	if err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	for _, stay := range s.Stays {
		d.paragraph(group, p.Stay(stay))
		for _, l := range stay.Lines {
			d.item(l)
		}
	}
	if err := d.noTable(); err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	d.gap(2)
	d.totals(s.Totals, in.Rates, in.InUZS)
	d.gap(10)
	d.paragraph(words, d.say("paper.signature", "Name", d.Seller.Name))
	return d.bytes()
}

// item prints a line.
func (d document) item(l billing.Line) {
	days, rate := "", ""
	if n := l.Days(); n > 0 {
		days = number(n)
	}
	if l.Kind == billing.Storage {
		rate = texts.Number(d.Lang, l.Amount.Currency.Fixed(l.Tier.Rate))
	}
	if l.Kind == billing.Free {
		d.AddRows(rowOf(itemColumns, plain, d.Line(l), days, "", "", "", "", ""))
		return
	}
	net, vat, gross := d.amounts(l.Amount)
	d.AddRows(rowOf(itemColumns, plain, d.Line(l), days, rate, d.Discounts(l), net, vat, gross))
}

var sumColumns = []column{{mm: 76, right: true}, {mm: 36, right: true}, {mm: 32, right: true}, {mm: 46, right: true}}

// totals prints the sums for each currency, and what they are in UZS.
func (d document) totals(all money.Totals, rates []money.Rate, uzs *money.Taxed) {
	small := face{size: 7, bold: true}
	d.AddRows(rowOf(sumColumns, small, "", d.say("paper.net"), d.say("paper.vat"), d.say("paper.gross")))
	total := func(label string, t money.Taxed) {
		net, vat, gross := d.amounts(t)
		d.AddRows(rowOf(sumColumns, sum, label, net, vat, gross))
	}
	for _, t := range all {
		total(d.say("paper.total", "Currency", string(t.Currency)), t)
	}
	if uzs == nil {
		return
	}
	for _, r := range rates {
		d.paragraph(words, d.say("paper.exchange", "Currency", string(r.Currency), "Date", d.day(r.Date),
			"UZS", d.money(money.Amount{Value: r.UZS, Currency: money.UZS})))
	}
	total(d.say("paper.total_uzs"), *uzs)
}
