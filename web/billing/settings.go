package billing

import (
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
	"quaydesk/store"
	"quaydesk/web/page"
)

// settings shows what papers say of the seller, and through which day the books are closed.
func (p *pages) settings(v *page.Visit) error { return p.showSettings(v, v.Blank(), v.Blank()) }

func (p *pages) showSettings(v *page.Visit, seller, closing *page.Form) error {
	var details store.PaperDetails
	var yard store.Yard
	err := p.read(v, func(tx *store.Tx) (err error) {
		if details, err = tx.PaperDetails(v.Ctx(), v.Person.Workspace, 0, time.Now()); err != nil {
			return err
		}
		yard, err = tx.Yard(v.Ctx(), v.Person.Workspace)
		return err
	})
	if err != nil {
		return err
	}
	seller.Set("paper_name", details.Name)
	seller.Set("details", details.Details)
	closing.Set("through", yard.ClosedThrough.String())
	state := v.T("webbilling.close.open")
	if yard.ClosedThrough != 0 {
		state = v.T("webbilling.close.through", "Day", dateText(v, yard.ClosedThrough))
	}
	return v.Show(chat.T("webbilling.settings"),
		h.P(h.Class("actions"), link("/billing/rates", v.T("webbilling.rates")), link("/billing/discounts", v.T("webbilling.discounts"))),
		paperForm(v, seller, "/billing/settings/seller", chat.T("webbilling.settings.seller")),
		h.H2(v.T("webbilling.close")),
		h.P(state, g.Text(" "), v.T("webbilling.close.how")),
		closing.Post("/billing/settings/close", chat.T("webbilling.save"),
			closing.Field(page.Field{Name: "through", Label: chat.T("webbilling.close.field"), Type: "date"})),
	)
}

// saveSeller changes what papers say of the seller.
func (p *pages) saveSeller(v *page.Visit) error {
	f := v.Form()
	done, err := p.savePapers(v, f, 0, "/billing/settings")
	if done || err != nil {
		return err
	}
	return p.showSettings(v, f, v.Blank())
}

// closeDays closes days for accounting.
func (p *pages) closeDays(v *page.Visit) error {
	f := v.Form()
	f.Need("through")
	through := f.Date("through")
	if f.OK() {
		_, err := p.records.CloseDays(v.Ctx(), v.Turn(f), through)
		if err == nil {
			return v.Go("/billing/settings", chat.T("webbilling.saved"))
		}
		if err = f.Refuse(err, map[string]string{"billing.close_future": "through"}); err != nil {
			return err
		}
	}
	return p.showSettings(v, v.Blank(), f)
}
