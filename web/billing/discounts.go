package billing

import (
	"strconv"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/billing"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

// The sorts of discounts, as the form has them.
const (
	percent = "percent"
	perDay  = "per_day"
	flat    = "flat"
)

// discountTable lists discounts, with more columns, and for those who may a button that ends one.
func discountTable(v *page.Visit, all []billing.Discount, more ...page.Column[billing.Discount]) g.Node {
	columns := []page.Column[billing.Discount]{
		{Head: chat.T("webbilling.name"), Cell: func(d billing.Discount) g.Node { return g.Text(d.Name) }},
		{Head: chat.T("webbilling.discount.off"), Number: true, Cell: func(d billing.Discount) g.Node { return off(v, d) }},
		{Head: chat.T("webbilling.period"), Cell: func(d billing.Discount) g.Node {
			if d.From == 0 && d.To == 0 {
				return v.T("webbilling.always")
			}
			return period(v, d.From, d.To)
		}},
		{Head: chat.T("webbilling.size"), Cell: func(d billing.Discount) g.Node {
			if len(d.Sizes) == 0 {
				return v.T("billing.size.any")
			}
			return g.Text(sizes(d.Sizes))
		}},
		{Head: chat.T("webbilling.discount.stacks"), Cell: func(d billing.Discount) g.Node { return yes(v, d.Stacks) }},
		{Head: chat.T("webbilling.recorded_at"), Cell: func(d billing.Discount) g.Node { return v.Time(d.RecordedAt) }},
	}
	columns = append(columns, more...)
	if v.May(people.Bill) {
		columns = append(columns, page.Column[billing.Discount]{Head: chat.T("webbilling.discount.end"), Cell: func(d billing.Discount) g.Node {
			return v.Button("/billing/discounts/end", chat.T("webbilling.discount.end"), "name", d.Name)
		}})
	}
	return page.Table(v, chat.T("webbilling.discounts"), columns, all)
}

// off says what a discount takes off.
func off(v *page.Visit, d billing.Discount) g.Node {
	switch {
	case d.PerDay != nil:
		return v.T("paper.per_day", "Amount", amount(v, d.PerDay.Value, d.PerDay.Currency))
	case d.Flat != nil:
		return v.T("webbilling.discount.once", "Amount", amount(v, d.Flat.Value, d.Flat.Currency))
	}
	return g.Group{v.Number(d.Percent), g.Text(" %")}
}

func sizes(all []int) string {
	var words []string
	for _, s := range all {
		words = append(words, strconv.Itoa(s)+"'")
	}
	return strings.Join(words, ", ")
}

// discounts lists what discounts there are, and the form of a new one.
func (p *pages) discounts(v *page.Visit) error {
	f := v.Blank()
	f.Set("client", v.Form().Text("client"))
	return p.showDiscounts(v, f, nil)
}

func (p *pages) showDiscounts(v *page.Visit, f *page.Form, preview *seen) error {
	var book billing.Book
	var companies []yard.Company
	err := p.read(v, func(tx *store.Tx) (err error) {
		if book, err = tx.Book(v.Ctx(), v.Person.Workspace); err != nil {
			return err
		}
		companies, err = tx.Companies(v.Ctx(), v.Person.Workspace)
		return err
	})
	if err != nil {
		return err
	}
	names := map[int64]string{0: v.S("webbilling.all_clients")}
	for _, c := range companies {
		names[c.ID] = c.Name
	}
	more := []page.Column[billing.Discount]{{Head: chat.T("webbilling.client"), Cell: func(d billing.Discount) g.Node { return g.Text(names[d.Client]) }}}
	return v.Show(chat.T("webbilling.discounts"),
		h.P(v.T("webbilling.discounts.how")),
		discountTable(v, book.AsOf(time.Now()).Discounts(0), more...),
		g.Iff(v.May(people.Bill), func() g.Node {
			return g.Group{h.H2(v.T("webbilling.discounts.add")), discountForm(v, f, companies, preview)}
		}),
	)
}

func discountForm(v *page.Visit, f *page.Form, companies []yard.Company, preview *seen) g.Node {
	var feet []page.Option
	feet = append(feet, page.Option{Label: v.S("billing.size.any")})
	for _, s := range billing.Sizes {
		feet = append(feet, page.Option{Value: strconv.Itoa(s), Label: strconv.Itoa(s) + "'"})
	}
	return f.Post("/billing/discounts#preview", chat.T("webbilling.revise.preview"),
		f.Field(page.Field{Name: "name", Label: chat.T("webbilling.name"), Hint: chat.T("webbilling.discount.name_how"), Need: true}),
		f.Field(page.Field{Name: "client", Label: chat.T("webbilling.client"), Type: "select", Options: companyOptions(v, companies, chat.T("webbilling.all_clients"))}),
		f.Field(page.Field{Name: "kind", Label: chat.T("webbilling.discount.kind"), Type: "select", Options: []page.Option{
			{Value: percent, Label: v.S("webbilling.discount.percent")},
			{Value: perDay, Label: v.S("webbilling.discount.per_day")},
			{Value: flat, Label: v.S("webbilling.discount.flat")},
		}}),
		f.Field(page.Field{Name: "value", Label: chat.T("webbilling.discount.value"), Need: true, More: decimals()}),
		f.Field(page.Field{Name: "currency", Label: chat.T("webbilling.currency"), Hint: chat.T("webbilling.discount.currency_how"), Type: "select", Options: currencyOptions()}),
		f.Field(page.Field{Name: "from", Label: chat.T("webbilling.from"), Type: "date"}),
		f.Field(page.Field{Name: "to", Label: chat.T("webbilling.to"), Type: "date"}),
		f.Field(page.Field{Name: "size", Label: chat.T("webbilling.size"), Type: "select", Options: feet}),
		f.Field(page.Field{Name: "stacks", Label: chat.T("webbilling.discount.stacks"), Type: "check"}),
		g.Iff(preview != nil, func() g.Node {
			return preview.save(v, v.T("webbilling.discount.save"))
		}),
	)
}

// readDiscount reads a discount. What cannot be is noted with its field.
func readDiscount(f *page.Form) billing.Discount {
	d := billing.Discount{Name: f.Text("name"), Client: f.ID("client"), From: f.Date("from"), To: f.Date("to"), Stacks: f.On("stacks")}
	f.Need("name", "value")
	if size := f.Int("size"); size != 0 {
		d.Sizes = []int{size}
	}
	off := money.Amount{Value: f.Decimal("value"), Currency: money.Currency(f.Text("currency"))}
	switch f.Text("kind") {
	case perDay:
		d.PerDay = &off
	case flat:
		d.Flat = &off
	default:
		d.Percent = off.Value
	}
	for _, p := range d.Problems() {
		switch p.Path {
		case "", percent, perDay, flat:
			f.Wrong("value", p.Text)
		case "per_day.currency", "flat.currency":
			f.Wrong("currency", p.Text)
		case "sizes[0]":
			f.Wrong("size", p.Text)
		default:
			f.Wrong(p.Path, p.Text)
		}
	}
	return d
}

// saveDiscount previews what a discount changes, or records it once that was seen.
func (p *pages) saveDiscount(v *page.Visit) error {
	f := v.Form()
	d := readDiscount(f)
	if !f.OK() {
		return p.showDiscounts(v, f, nil)
	}
	if f.Text("do") == "save" && f.Text("previewed") == mark(d) {
		_, err := p.records.SaveDiscount(v.Ctx(), v.Turn(f), d)
		if err == nil {
			return v.Go("/billing/discounts", chat.T("webbilling.discount.saved"))
		}
		if err = f.Refuse(err, nil); err != nil {
			return err
		}
	}
	preview, err := p.preview(v, records.Previewing{Discount: &d}, mark(d))
	if err != nil {
		if err = f.Refuse(err, nil); err != nil {
			return err
		}
		return p.showDiscounts(v, f, nil)
	}
	return p.showDiscounts(v, f, preview)
}

// endDiscount ends a discount.
func (p *pages) endDiscount(v *page.Visit) error {
	f := v.Form()
	_, err := p.records.WithdrawDiscount(v.Ctx(), v.Turn(f), f.Text("name"))
	if err == nil || fault.Is(err, fault.NotFound) {
		return v.Go("/billing/discounts", chat.T("webbilling.discount.ended"))
	}
	return err
}
