package paper

import (
	"fmt"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
)

var correctionColumns = []column{{mm: 62}, {mm: 27, right: true}, {mm: 27, right: true}, {mm: 22, right: true}, {mm: 20, right: true}, {mm: 32, right: true}}

// Correction prints the document for the difference to an invoice.
func (p Printer) Correction(c billing.Correction) ([]byte, error) {
	name := p.say("paper.correction", "Number", number(c.Number), "Date", p.day(calendar.In(c.IssuedAt, p.Zone)), "Invoice", number(c.Invoice))
	d := p.begin(name, c.IssuedAt)
	d.paragraph(face{size: title, bold: true}, name)
	d.paragraph(words, p.say("paper.period", "Period", p.period(c.From, c.To), "AsOf", p.moment(c.AsOf)))
	d.gap(2)
	d.sides("paper.seller", "paper.client")
	err := d.table(correctionColumns, p.say("paper.item"), p.say("paper.was"), p.say("paper.is"), p.say("paper.net"), p.say("paper.vat"), p.say("paper.difference"))
	if err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	for i, l := range c.Lines {
		if i == 0 || c.Lines[i-1].Stay.ID != l.Stay.ID {
			d.paragraph(group, p.Stay(billing.Rated{Stay: l.Stay}))
		}
		_, _, was := p.amounts(l.Was)
		_, _, is := p.amounts(l.Is)
		net, vat, gross := p.amounts(l.Difference)
		d.AddRows(rowOf(correctionColumns, plain, p.Line(l.Line), was, is, net, vat, gross))
	}
	if err := d.noTable(); err != nil {
		return nil, fmt.Errorf("paper: %w", err)
	}
	d.gap(2)
	d.totals(c.Totals, c.Rates, c.InUZS)
	d.gap(10)
	d.paragraph(words, d.say("paper.signature", "Name", d.Seller.Name))
	return d.bytes()
}
