package billing

import (
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

// beginRevision shows the form of a new version, filled in as the version of ?like says, or the one in force.
func (p *pages) beginRevision(v *page.Visit) error {
	company, versions, err := p.found(v)
	if err != nil {
		return err
	}
	if len(versions) == 0 && company.ID != 0 { // a client's first tariff begins as the public one
		public := int64(0)
		err = p.read(v, func(tx *store.Tx) (err error) {
			versions, err = p.standing(v, tx, &public)
			return err
		})
		if err != nil {
			return err
		}
	}
	d := first(today(v).String())
	like, _ := calendar.Parse(v.Form().Text("like"))
	for _, s := range counting(versions) {
		if s.ValidFrom == like || like == 0 && s.key == "webbilling.version.now" {
			d = draftOf(s.Version)
			if like == 0 {
				d.head["valid_from"] = today(v).String()
			}
			break
		}
	}
	f := v.Blank()
	d.fill(f)
	return p.showRevision(v, company, f, d, nil)
}

// revise changes the form's rows, previews what the version changes, or saves it once that was seen.
func (p *pages) revise(v *page.Visit) error {
	company, _, err := p.found(v)
	if err != nil {
		return err
	}
	posted := v.Form()
	d := readDraft(posted)
	again := v.Blank()
	if d.change(posted.Text("do")) {
		d.fill(again)
		return p.showRevision(v, company, again, d, nil)
	}
	d.fill(again)
	revision := records.Revision{Company: company.ID, Version: d.version(again)}
	if !again.OK() {
		again.Wrong("", chat.T("webbilling.revise.wrong"))
		return p.showRevision(v, company, again, d, nil)
	}
	if posted.Text("do") == "save" && posted.Text("previewed") == mark(revision.Version) {
		_, err := p.records.SaveTariffVersion(v.Ctx(), v.Turn(posted), revision)
		if err == nil {
			return v.Go(tariffPath(company.ID)+"/"+revision.Version.ValidFrom.String(), chat.T("webbilling.revise.done"))
		}
		if err = again.Refuse(err, nil); err != nil {
			return err
		}
	}
	preview, err := p.preview(v, records.Previewing{Revision: &revision}, mark(revision.Version))
	if err != nil {
		if err = again.Refuse(err, nil); err != nil {
			return err
		}
		return p.showRevision(v, company, again, d, nil)
	}
	return p.showRevision(v, company, again, d, preview)
}

// showRevision shows the form, and below it what the version changes once that was asked for.
func (p *pages) showRevision(v *page.Visit, company yard.Company, f *page.Form, d draft, preview *seen) error {
	return v.Show(chat.T("webbilling.revise", "Tariff", v.Label(tariffName(company))),
		h.P(v.T("webbilling.revise.how")),
		f.Post(tariffPath(company.ID)+"/revise#preview", chat.T("webbilling.revise.preview"),
			// Enter presses a form's first button: it is to preview, not to add a row.
			h.Button(h.Class("hidden"), h.Type("submit"), h.TabIndex("-1"), h.Aria("hidden", "true"), v.T("webbilling.revise.preview")),
			headForm(v, f),
			wide(h.H2(v.T("webbilling.prices"))),
			priceForms(v, f, d),
			wide(h.Div(h.Class("actions"), more(v, "price", "webbilling.revise.add_price"))),
			wide(h.H2(v.T("webbilling.fees"))),
			feeForms(v, f, d),
			wide(h.Div(h.Class("actions"), more(v, "fee", "webbilling.revise.add_fee"))),
			g.Iff(preview != nil, func() g.Node { return preview.save(v, v.T("webbilling.revise.save")) }),
		),
	)
}

// wide takes the whole width of a form.
func wide(nodes ...g.Node) g.Node { return h.Div(h.Class("field wide"), g.Group(nodes)) }

// more is a button that changes the form's rows.
func more(v *page.Visit, do, key string) g.Node {
	return h.Button(h.Class("second"), h.Type("submit"), h.Name("do"), h.Value(do), h.FormNoValidate(), v.T(key))
}

func headForm(v *page.Visit, f *page.Form) g.Node {
	return g.Group{
		f.Field(page.Field{Name: "valid_from", Label: chat.T("webbilling.valid_from"), Hint: chat.T("webbilling.valid_from_how"), Type: "date", Need: true}),
		f.Field(page.Field{Name: "counting", Label: chat.T("webbilling.counting"), Type: "select", Options: []page.Option{
			{Value: string(billing.CalendarDays), Label: v.S("webbilling.counting.calendar_days")},
			{Value: string(billing.Periods24h), Label: v.S("webbilling.counting.periods_24h")},
		}}),
		f.Field(page.Field{Name: "grace_hours", Label: chat.T("webbilling.grace_hours"), Hint: chat.T("webbilling.grace_how"), More: whole()}),
		f.Field(page.Field{Name: "free_days", Label: chat.T("webbilling.free_days"), Hint: chat.T("webbilling.free_how"), More: whole()}),
		f.Field(page.Field{Name: "vat", Label: chat.T("webbilling.vat_percent"), Hint: chat.T("webbilling.vat_how"), Need: true, More: decimals()}),
		f.Field(page.Field{Name: "minimum", Label: chat.T("webbilling.minimum"), Hint: chat.T("webbilling.minimum_how"), More: decimals()}),
		f.Field(page.Field{Name: "minimum.currency", Label: chat.T("webbilling.minimum_currency"), Type: "select", Options: currencyOptions()}),
	}
}

func whole() []g.Node    { return []g.Node{g.Attr("inputmode", "numeric"), h.AutoComplete("off")} }
func decimals() []g.Node { return []g.Node{g.Attr("inputmode", "decimal"), h.AutoComplete("off")} }

// classForm are the fields of a class of boxes.
func classForm(v *page.Visit, f *page.Form, called func(string) string) g.Node {
	sizes := []page.Option{{Label: v.S("billing.size.any")}}
	for _, s := range billing.Sizes {
		sizes = append(sizes, page.Option{Value: strconv.Itoa(s), Label: strconv.Itoa(s) + "'"})
	}
	loads := []page.Option{{Label: v.S("billing.load.any")}}
	for _, l := range container.Loads {
		loads = append(loads, page.Option{Value: string(l), Label: v.Label(l.Label())})
	}
	groups := []page.Option{{Label: v.S("billing.group.any")}}
	for _, s := range billing.Groups {
		groups = append(groups, page.Option{Value: s, Label: v.Label(chat.T("billing.group." + s))})
	}
	return g.Group{
		f.Field(page.Field{Name: called("size"), Label: chat.T("webbilling.size"), Type: "select", Options: sizes}),
		f.Field(page.Field{Name: called("load"), Label: chat.T("webbilling.load"), Type: "select", Options: loads}),
		f.Field(page.Field{Name: called("group"), Label: chat.T("webbilling.group"), Type: "select", Options: groups}),
	}
}

func priceForms(v *page.Visit, f *page.Form, d draft) g.Node {
	var all g.Group
	for i, p := range d.prices {
		var tiers g.Group
		for j := range p.tiers {
			tiers = append(tiers, h.Div(h.Class("fields"),
				f.Field(page.Field{Name: tierField(i, j, "from"), Label: chat.T("webbilling.day_from"), More: whole()}),
				f.Field(page.Field{Name: tierField(i, j, "to"), Label: chat.T("webbilling.day_to_open"), More: whole()}),
				f.Field(page.Field{Name: tierField(i, j, "rate"), Label: chat.T("webbilling.rate_a_day"), More: decimals()})))
		}
		all = append(all, wide(h.FieldSet(
			h.Legend(v.T("webbilling.price_row", "Row", i+1)),
			h.Div(h.Class("fields"),
				classForm(v, f, func(name string) string { return priceField(i, name) }),
				f.Field(page.Field{Name: priceField(i, "currency"), Label: chat.T("webbilling.currency"), Type: "select", Options: currencyOptions()})),
			tiers,
			h.Div(h.Class("actions"),
				more(v, "tier:"+strconv.Itoa(i), "webbilling.revise.add_tier"),
				more(v, "drop:"+strconv.Itoa(i), "webbilling.revise.drop_price")))))
	}
	return all
}

func feeForms(v *page.Visit, f *page.Form, d draft) g.Node {
	operations := []page.Option{{Label: v.S("webbilling.no_fee")}}
	for _, o := range billing.Operations {
		operations = append(operations, page.Option{Value: string(o), Label: v.Label(chat.T("paper.operation." + string(o)))})
	}
	var all g.Group
	for i := range d.fees {
		all = append(all, wide(h.FieldSet(h.Legend(v.T("webbilling.fee_row", "Row", i+1)), h.Div(h.Class("fields"),
			f.Field(page.Field{Name: feeField(i, "operation"), Label: chat.T("webbilling.operation"), Type: "select", Options: operations}),
			f.Field(page.Field{Name: feeField(i, "amount"), Label: chat.T("webbilling.amount"), More: decimals()}),
			f.Field(page.Field{Name: feeField(i, "amount.currency"), Label: chat.T("webbilling.currency"), Type: "select", Options: currencyOptions()}),
			classForm(v, f, func(name string) string { return feeField(i, name) })))))
	}
	return all
}
