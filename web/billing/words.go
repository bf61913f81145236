package billing

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
	"quaydesk/formats/paper"
	"quaydesk/store"
	"quaydesk/texts"
	"quaydesk/web/page"
)

// read reads in one transaction.
func (p *pages) read(v *page.Visit, do func(tx *store.Tx) error) error {
	return p.store.Tx(v.Ctx(), do)
}

// today is the day it is in the workspace's zone.
func today(v *page.Visit) calendar.Date { return calendar.In(time.Now(), v.Zone) }

// printer prints papers in a language, those that were issued at a moment of a client (0: none).
func (p *pages) printer(v *page.Visit, lang string, client int64, name string, at time.Time) (paper.Printer, error) {
	out := paper.Printer{Texts: p.texts, Lang: lang, Zone: v.Zone, Client: paper.Party{Name: name}}
	err := p.read(v, func(tx *store.Tx) error {
		seller, err := tx.PaperDetails(v.Ctx(), v.Person.Workspace, 0, at)
		if err != nil {
			return err
		}
		out.Seller = paper.Party{Name: seller.Name, Details: seller.Details}
		if client == 0 {
			return nil
		}
		d, err := tx.PaperDetails(v.Ctx(), v.Person.Workspace, client, at)
		if d.Name != "" {
			out.Client = paper.Party{Name: d.Name, Details: d.Details}
		}
		return err
	})
	return out, err
}

// words explains lines in the visitor's language.
func (p *pages) words(v *page.Visit) paper.Printer {
	return paper.Printer{Texts: p.texts, Lang: v.Lang, Zone: v.Zone}
}

// gross shows the gross sums, each on a line of its own.
func gross(v *page.Visit, all money.Totals) g.Node {
	if len(all) == 0 {
		return g.Text("—")
	}
	return h.Div(g.Map(all, func(t money.Taxed) g.Node {
		return h.Div(g.Text(amount(v, t.Gross, t.Currency)))
	}))
}

// totals shows net, VAT and gross for each currency.
func totals(v *page.Visit, all money.Totals) g.Node {
	part := func(of func(money.Taxed) decimal.Decimal) func(money.Taxed) g.Node {
		return func(t money.Taxed) g.Node { return g.Text(amount(v, of(t), t.Currency)) }
	}
	return page.Table(v, chat.T("webbilling.totals"), []page.Column[money.Taxed]{
		{Head: chat.T("webbilling.currency"), Cell: func(t money.Taxed) g.Node { return g.Text(string(t.Currency)) }},
		{Head: chat.T("paper.net"), Number: true, Cell: part(func(t money.Taxed) decimal.Decimal { return t.Net })},
		{Head: chat.T("paper.vat"), Number: true, Cell: part(func(t money.Taxed) decimal.Decimal { return t.VAT })},
		{Head: chat.T("paper.gross"), Number: true, Cell: part(func(t money.Taxed) decimal.Decimal { return t.Gross })},
	}, all)
}

// facts shows names and values below each other.
func facts(v *page.Visit, pairs ...g.Node) g.Node {
	var rows g.Group
	for i := 0; i+1 < len(pairs); i += 2 {
		rows = append(rows, h.Div(h.Dt(pairs[i]), h.Dd(pairs[i+1])))
	}
	return h.Dl(h.Class("facts"), rows)
}

// yes shows whether something is so.
func yes(v *page.Visit, is bool) g.Node {
	if is {
		return v.T("webbilling.yes")
	}
	return v.T("webbilling.no")
}

// companyOptions are the workspace's companies as choices, after one that means none.
func companyOptions(v *page.Visit, all []yard.Company, none chat.Text) []page.Option {
	options := []page.Option{{Value: "", Label: v.Label(none)}}
	for _, c := range all {
		options = append(options, page.Option{Value: strconv.FormatInt(c.ID, 10), Label: c.Name})
	}
	return options
}

// currencyOptions are all currencies as choices, those of every day first.
func currencyOptions(but ...money.Currency) []page.Option {
	var options []page.Option
	add := func(c money.Currency) { options = append(options, page.Option{Value: string(c), Label: string(c)}) }
	skip := map[money.Currency]bool{}
	for _, c := range but {
		skip[c] = true
	}
	for _, c := range append([]money.Currency{money.UZS, money.USD}, money.Currencies()...) {
		if !skip[c] {
			add(c)
		}
		skip[c] = true
	}
	return options
}

// link leads to a page.
func link(to string, words g.Node) g.Node { return h.A(h.Href(to), words) }

// button leads to a page and looks like one.
func button(to string, words g.Node) g.Node { return h.A(h.Class("button"), h.Href(to), words) }

// refused shows a fault in place of what it keeps from being shown; any other error comes back.
func refused(v *page.Visit, err error) (g.Node, error) {
	f := fault.As(err)
	if f == nil || f.Kind == fault.Forbidden {
		return nil, err
	}
	return h.P(h.Class("wrong whole"), h.Role("alert"), v.Words(f.Text)), nil
}

// classWords names a class of boxes.
func classWords(v *page.Visit, c billing.Class) g.Node { return v.Words(c.Text()) }

// dateText is a day in the visitor's language.
func dateText(v *page.Visit, d calendar.Date) string { return texts.Date(v.Lang, d) }

// amount is a value with the currency's digits and its code.
func amount(v *page.Visit, value decimal.Decimal, c money.Currency) string {
	return texts.Money(v.Lang, money.Amount{Value: value, Currency: c})
}

// period shows a range of days; one end may be open.
func period(v *page.Visit, from, to calendar.Date) g.Node {
	return h.Span(v.Date(from), g.Text(" – "), v.Date(to))
}
