package billing

import (
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/people"
	"quaydesk/store"
	"quaydesk/web/page"
)

// rates lists the central bank's exchange rates, and says which one holds on a day.
func (p *pages) rates(v *page.Visit) error { return p.showRates(v, v.Form(), v.Blank()) }

func (p *pages) showRates(v *page.Visit, f, add *page.Form) error {
	f.Set("day", today(v).String())
	f.Set("currency", string(money.USD))
	day, currency := f.Date("day"), money.Currency(f.Text("currency"))
	var rates []store.Rate
	var holds money.Rate
	var none *fault.Fault
	err := p.read(v, func(tx *store.Tx) (err error) {
		if rates, err = tx.Rates(v.Ctx(), v.Person.Workspace, time.Now()); err != nil || !f.OK() {
			return err
		}
		holds, err = tx.RateOn(v.Ctx(), v.Person.Workspace, currency, day, time.Now())
		if none = fault.As(err); none != nil {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	from := min(v.Offset(), len(rates))
	add.Set("date", today(v).String())
	return v.Show(chat.T("webbilling.rates"),
		h.P(v.T("webbilling.rates.how")),
		f.Filter(
			f.Field(page.Field{Name: "day", Label: chat.T("webbilling.rates.on"), Type: "date"}),
			f.Field(page.Field{Name: "currency", Label: chat.T("webbilling.currency"), Type: "select", Options: currencyOptions(money.UZS)}),
		),
		g.Iff(none != nil, func() g.Node { return h.P(v.Words(none.Text)) }),
		g.Iff(none == nil && holds.Currency != "", func() g.Node {
			return h.P(h.Strong(v.T("paper.exchange", "Currency", string(holds.Currency), "Date", dateText(v, holds.Date), "UZS", amount(v, holds.UZS, money.UZS))))
		}),
		page.Table(v, chat.T("webbilling.rates"), []page.Column[store.Rate]{
			{Head: chat.T("webbilling.rates.from"), Cell: func(r store.Rate) g.Node { return v.Date(r.Date) }},
			{Head: chat.T("webbilling.currency"), Cell: func(r store.Rate) g.Node { return g.Text(string(r.Currency)) }},
			{Head: chat.T("webbilling.rates.uzs"), Number: true, Cell: func(r store.Rate) g.Node { return v.Number(r.UZS) }},
			{Head: chat.T("webbilling.recorded_at"), Cell: func(r store.Rate) g.Node { return v.Time(r.RecordedAt) }},
		}, rates[from:min(from+page.PageSize, len(rates))]),
		v.Pager(len(rates)),
		g.Iff(v.May(people.Bill), func() g.Node {
			return g.Group{h.H2(v.T("webbilling.rates.add")), add.Post("/billing/rates", chat.T("webbilling.rates.add"),
				add.Field(page.Field{Name: "date", Label: chat.T("webbilling.rates.from"), Type: "date", Need: true}),
				add.Field(page.Field{Name: "currency", Label: chat.T("webbilling.currency"), Type: "select", Options: currencyOptions(money.UZS)}),
				add.Field(page.Field{Name: "uzs", Label: chat.T("webbilling.rates.uzs"), Need: true, More: decimals()}))}
		}),
	)
}

// addRate records an exchange rate.
func (p *pages) addRate(v *page.Visit) error {
	f := v.Form()
	f.Need("date", "uzs")
	in := money.Rate{Currency: money.Currency(f.Text("currency")), Date: f.Date("date"), UZS: f.Decimal("uzs")}
	if f.OK() {
		_, err := p.records.SetRate(v.Ctx(), v.Turn(f), in)
		if err == nil {
			return v.Go("/billing/rates", chat.T("webbilling.saved"))
		}
		err = f.Refuse(err, map[string]string{"billing.rate_not_positive": "uzs", "money.currency": "currency", "billing.wrong.no_day": "date"})
		if err != nil {
			return err
		}
	}
	return p.showRates(v, v.Blank(), f)
}
