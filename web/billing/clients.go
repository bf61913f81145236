package billing

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/store"
	"quaydesk/web/page"
)

// clients lists the workspace's companies.
func (p *pages) clients(v *page.Visit) error { return p.showClients(v, v.Form(), v.Blank()) }

func (p *pages) showClients(v *page.Visit, f, add *page.Form) error {
	by, down := v.Sort("name", "boxes", "invoiced")
	var rows []store.ClientRow
	total := 0
	var book billing.Book
	err := p.read(v, func(tx *store.Tx) (err error) {
		if rows, total, err = tx.Clients(v.Ctx(), v.Person.Workspace, f.Text("q"), by, down, v.Offset(), page.PageSize); err != nil {
			return err
		}
		book, err = tx.Book(v.Ctx(), v.Person.Workspace)
		return err
	})
	if err != nil {
		return err
	}
	schedule := book.AsOf(time.Now())
	discounts := map[int64]int{}
	for _, d := range schedule.Discounts(0) {
		discounts[d.Client]++
	}
	return v.Show(chat.T("webbilling.clients"),
		f.Filter(f.Field(page.Field{Name: "q", Label: chat.T("webbilling.name"), Type: "search"})),
		page.Table(v, chat.T("webbilling.clients"), []page.Column[store.ClientRow]{
			{Head: chat.T("webbilling.name"), Sort: "name", Cell: func(c store.ClientRow) g.Node { return link(clientPath(c.ID), g.Text(c.Name)) }},
			{Head: chat.T("webbilling.boxes_now"), Sort: "boxes", Number: true, Cell: func(c store.ClientRow) g.Node { return v.Count(c.Boxes) }},
			{Head: chat.T("webbilling.invoiced"), Sort: "invoiced", Cell: func(c store.ClientRow) g.Node { return v.Date(c.Invoiced) }},
			{Head: chat.T("webbilling.tariff"), Cell: func(c store.ClientRow) g.Node {
				if in, _ := schedule.InForce(c.ID, today(v)); in.Client == c.ID {
					return v.T("webbilling.tariff.own")
				}
				return v.T("webbilling.tariff.public")
			}},
			{Head: chat.T("webbilling.discounts"), Number: true, Cell: func(c store.ClientRow) g.Node { return g.Text(number(discounts[c.ID])) }},
			{Head: chat.T("webbilling.requires_order"), Cell: func(c store.ClientRow) g.Node { return yes(v, c.RequiresOrder) }},
			{Head: chat.T("webbilling.report_at"), Cell: func(c store.ClientRow) g.Node { return g.Text(clock(c.ReportAt)) }},
		}, rows),
		v.Pager(total),
		g.Iff(v.May(people.RunYard), func() g.Node {
			return g.Group{h.H2(v.T("webbilling.clients.add")), add.Post("/billing/clients", chat.T("webbilling.clients.add"),
				add.Field(page.Field{Name: "name", Label: chat.T("webbilling.name"), Need: true}))}
		}),
	)
}

func clientPath(id int64) string { return "/billing/clients/" + strconv.FormatInt(id, 10) }

// clock is a time of the day as a field of the type time has it.
func clock(d *time.Duration) string {
	if d == nil {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// readClock reads such a time; nil when the field is empty.
func readClock(f *page.Form, name string) *time.Duration {
	typed := f.Text(name)
	if typed == "" {
		return nil
	}
	t, err := time.Parse("15:04", typed)
	if err != nil {
		f.Wrong(name, chat.T("webbilling.wrong_clock"))
		return nil
	}
	d := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	return &d
}

// nameFaults are the faults that are about a name.
var nameFaults = map[string]string{"yardrules.company_name": "name", "yardrules.company_invalid": "name"}

// addClient makes a company.
func (p *pages) addClient(v *page.Visit) error {
	f := v.Form()
	if f.Need("name"); f.OK() {
		c, err := p.records.SaveCompany(v.Ctx(), v.Turn(f), records.CompanyChange{Name: f.Text("name")})
		if err == nil {
			return v.Go(clientPath(c.ID), chat.T("webbilling.clients.added"))
		}
		if err = f.Refuse(err, nameFaults); err != nil {
			return err
		}
	}
	return p.showClients(v, v.Blank(), f)
}

// client shows a company: what it owes so far, its tariff, discounts, and what papers say of it.
func (p *pages) client(v *page.Visit) error { return p.showClient(v, v.Blank(), v.Blank()) }

func (p *pages) showClient(v *page.Visit, edit, papers *page.Form) error {
	var c store.ClientRow
	var details store.PaperDetails
	var versions []standingVersion
	var book billing.Book
	err := p.read(v, func(tx *store.Tx) (err error) {
		if c, err = tx.Client(v.Ctx(), v.Person.Workspace, v.ID("client")); err != nil {
			return err
		}
		if details, err = tx.PaperDetails(v.Ctx(), c.Workspace, c.ID, time.Now()); err != nil {
			return err
		}
		if versions, err = p.standing(v, tx, &c.ID); err != nil {
			return err
		}
		versions = counting(versions)
		book, err = tx.Book(v.Ctx(), c.Workspace)
		return err
	})
	if err != nil {
		return err
	}
	balance, err := p.balance(v, c)
	if err != nil {
		return err
	}
	if edit.Texts("name") == nil { // it is not posted
		edit.Set("name", c.Name)
		edit.Set("report_at", clock(c.ReportAt))
		if c.RequiresOrder {
			edit.Set("requires_order", "1")
		}
	}
	papers.Set("paper_name", details.Name)
	papers.Set("details", details.Details)
	return v.Show(chat.Plain(c.Name),
		h.H2(v.T("webbilling.balance")), balance,
		h.H2(v.T("webbilling.tariff")),
		g.If(len(versions) == 0, h.P(v.T("webbilling.client.public"), g.Text(" "), link("/billing/tariffs", v.T("webbilling.tariffs")))),
		g.Iff(len(versions) > 0, func() g.Node { return versionTable(v, versions) }),
		g.If(v.May(people.Bill), h.P(h.Class("actions"), link(tariffPath(c.ID)+"/revise", v.T("webbilling.client.own_tariff")))),
		h.H2(v.T("webbilling.discounts")), discountTable(v, book.AsOf(time.Now()).Discounts(c.ID)),
		g.If(v.May(people.Bill), h.P(h.Class("actions"), link("/billing/discounts?client="+strconv.FormatInt(c.ID, 10), v.T("webbilling.discounts.add")))),
		g.Iff(v.May(people.RunYard), func() g.Node {
			return g.Group{h.H2(v.T("webbilling.client.edit")), edit.Post(clientPath(c.ID), chat.T("webbilling.save"),
				edit.Field(page.Field{Name: "name", Label: chat.T("webbilling.name"), Need: true}),
				edit.Field(page.Field{Name: "report_at", Label: chat.T("webbilling.report_at"), Hint: chat.T("webbilling.report_how"), Type: "time"}),
				edit.Field(page.Field{Name: "requires_order", Label: chat.T("webbilling.requires_order"), Type: "check"}))}
		}),
		g.Iff(v.May(people.Bill), func() g.Node {
			return paperForm(v, papers, clientPath(c.ID)+"/papers", chat.T("webbilling.client.papers"))
		}),
	)
}

// paperForm asks what papers say of one side.
func paperForm(v *page.Visit, f *page.Form, path string, title chat.Text) g.Node {
	return g.Group{h.H2(v.Words(title)), f.Post(path, chat.T("webbilling.save"),
		f.Field(page.Field{Name: "paper_name", Label: chat.T("webbilling.paper_name"), Need: true}),
		f.Field(page.Field{Name: "details", Label: chat.T("webbilling.paper_details"), Hint: chat.T("webbilling.paper_details_how"), Type: "area"}))}
}

// balance shows what a client's stays cost since its last invoice, up to today.
func (p *pages) balance(v *page.Visit, c store.ClientRow) (g.Node, error) {
	q := question{company: c.ID, from: c.Invoiced + 1, to: today(v)}
	if c.Invoiced == 0 {
		q.from = calendar.Of(2000, time.January, 1)
	}
	if q.to < q.from {
		return h.P(v.T("webbilling.balance.none")), nil
	}
	s, err := p.records.Statement(v.Ctx(), q.query(v))
	if err != nil {
		return refused(v, err)
	}
	if c.Invoiced == 0 && len(s.Stays) > 0 {
		q.from = firstDay(s)
	}
	since := v.T("webbilling.balance.ever")
	if c.Invoiced != 0 {
		since = v.T("webbilling.balance.since", "Day", dateText(v, c.Invoiced))
	}
	return g.Group{h.P(since), totals(v, s.Totals),
		h.P(h.Class("actions"),
			link("/billing/statements?"+q.params(v), v.T("webbilling.statement.see")),
			link("/billing/invoices?"+url.Values{"client": {strconv.FormatInt(c.ID, 10)}}.Encode(), v.T("webbilling.invoices")))}, nil
}

// firstDay is the first day that something of a statement is for.
func firstDay(s billing.Statement) calendar.Date {
	first := s.To
	for _, stay := range s.Stays {
		for _, l := range stay.Lines {
			first = min(first, l.First)
		}
	}
	return first
}

// saveClient changes a company.
func (p *pages) saveClient(v *page.Visit) error {
	f := v.Form()
	in := records.CompanyChange{ID: v.ID("client"), Name: f.Text("name"), RequiresOrder: f.On("requires_order"), ReportAt: readClock(f, "report_at")}
	if f.Need("name"); f.OK() && in.ID != 0 {
		_, err := p.records.SaveCompany(v.Ctx(), v.Turn(f), in)
		if err == nil {
			return v.Go(clientPath(in.ID), chat.T("webbilling.saved"))
		}
		if err = f.Refuse(err, nameFaults); err != nil {
			return err
		}
	}
	return p.showClient(v, f, v.Blank())
}

// saveClientPapers changes what papers say of a client.
func (p *pages) saveClientPapers(v *page.Visit) error {
	f := v.Form()
	id := v.ID("client")
	done, err := p.savePapers(v, f, id, clientPath(id))
	if done || err != nil {
		return err
	}
	return p.showClient(v, v.Blank(), f)
}

// savePapers changes what papers say of a side, and tells whether that was done.
func (p *pages) savePapers(v *page.Visit, f *page.Form, company int64, back string) (bool, error) {
	if f.Need("paper_name"); !f.OK() {
		return false, nil
	}
	in := store.PaperDetails{Company: company, Name: f.Text("paper_name"), Details: f.Text("details")}
	_, err := p.records.SavePaperDetails(v.Ctx(), v.Turn(f), in)
	if err == nil {
		return true, v.Go(back, chat.T("webbilling.saved"))
	}
	return false, f.Refuse(err, map[string]string{"billing.wrong.no_name": "paper_name", "yardrules.too_long": "details"})
}
