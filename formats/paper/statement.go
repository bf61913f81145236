package paper

import (
	"io"
	"iter"
	"slices"

	"github.com/shopspring/decimal"

	"quaydesk/domain/billing"
	"quaydesk/domain/money"
	"quaydesk/formats/sheet"
)

// Statement writes a statement as .xlsx: a sheet with all lines, each with what explains it, and one with the sums.
func (p Printer) Statement(w io.Writer, s billing.Statement) error {
	heads := func(keys ...string) (columns []sheet.Column) {
		for _, head := range keys {
			columns = append(columns, sheet.Column{Title: head})
		}
		return columns
	}
	items := sheet.Table{Name: p.say("paper.sheet.lines"), Zone: p.Zone, Rows: p.lineRows(s), Columns: heads(
		p.say("paper.sheet.number"), p.say("paper.sheet.size_type"), p.say("paper.sheet.load"), p.say("paper.sheet.entry"),
		p.say("paper.sheet.exit"), p.say("paper.item"), p.say("paper.sheet.first"), p.say("paper.sheet.last"),
		p.say("paper.sheet.from_day"), p.say("paper.sheet.to_day"), p.say("paper.days"), p.say("paper.sheet.tier"), p.say("paper.rate"),
		p.say("paper.sheet.tariff"), p.say("paper.sheet.full"), p.say("paper.discount"), p.say("paper.net"), p.say("paper.vat"),
		p.say("paper.gross"), p.say("paper.sheet.currency"))}
	for i := range items.Columns {
		items.Columns[i].Width = 14
	}
	items.Columns[5].Width, items.Columns[13].Width, items.Columns[15].Width = 24, 24, 24
	sums := sheet.Table{Name: p.say("paper.sheet.totals"), Zone: p.Zone, Rows: totalRows(p, s),
		Columns: heads(p.Client.Name, p.say("paper.net"), p.say("paper.vat"), p.say("paper.gross"), p.say("paper.sheet.currency"))}
	sums.Columns[0].Width = 40
	return sheet.WriteXLSX(w, items, sums)
}

// lineRows gives the rows of the lines.
func (p Printer) lineRows(s billing.Statement) iter.Seq[[]sheet.Cell] {
	return func(yield func([]sheet.Cell) bool) {
		for _, r := range s.Stays {
			for _, l := range r.Lines {
				if !yield(p.lineRow(r.Stay, l)) {
					return
				}
			}
		}
	}
}

func (p Printer) lineRow(s billing.Stay, l billing.Line) []sheet.Cell {
	row := []sheet.Cell{string(s.Number), string(s.SizeType), "", s.Entry, s.Exit, p.Kind(l), l.First, l.Last, nil, nil, nil, "", nil,
		p.Tariff(l.Tariff), nil, p.Discounts(l), nil, nil, nil, nil}
	if s.Load != "" {
		row[2] = p.Texts.Label(p.Lang, p.Zone, s.Load.Label())
	}
	if l.Days() > 0 {
		row[8], row[9], row[10] = l.FromDay, l.ToDay, l.Days()
	}
	if l.Kind == billing.Storage {
		row[11], row[12] = p.Tier(l.Tier), l.Tier.Rate
	}
	if l.Kind != billing.Free {
		c := l.Amount.Currency
		row[14] = fixed(l.Full, c)
		row[16], row[17], row[18], row[19] = fixed(l.Amount.Net, c), fixed(l.Amount.VAT, c), fixed(l.Amount.Gross, c), string(c)
	}
	return row
}

func totalRows(p Printer, s billing.Statement) iter.Seq[[]sheet.Cell] {
	rows := [][]sheet.Cell{
		{p.say("paper.period", "Period", p.period(s.From, s.To), "AsOf", p.moment(s.AsOf))},
		{p.say("paper.counted", "Count", s.Days, "Free", s.Free, "Paid", s.Paid)},
	}
	for _, t := range s.Totals {
		c := t.Currency
		rows = append(rows, []sheet.Cell{p.say("paper.total", "Currency", string(c)), fixed(t.Net, c), fixed(t.VAT, c), fixed(t.Gross, c), string(c)})
	}
	return slices.Values(rows)
}

// fixed is a value with all the digits of its currency, so that a sheet shows them.
func fixed(v decimal.Decimal, c money.Currency) decimal.Decimal {
	return decimal.RequireFromString(c.Fixed(v))
}
