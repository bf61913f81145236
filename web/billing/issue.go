package billing

import (
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

// issueForm leads from a statement to the invoice of it, or to the one that has days of it already.
func (p *pages) issueForm(v *page.Visit, q question) (g.Node, error) {
	if !q.asOf.IsZero() {
		return h.P(h.Class("quiet"), v.T("webbilling.issue.now_only")), nil
	}
	already, missing, err := p.before(v, q)
	if err != nil || already != nil {
		return already, err
	}
	f := v.Blank()
	f.Set("client", strconv.FormatInt(q.company, 10))
	f.Set("from", q.from.String())
	f.Set("to", q.to.String())
	return g.Group{missing, f.Post("/billing/invoices", chat.T("webbilling.issue"), hidden(f, "client", "from", "to"),
		f.Field(page.Field{Name: "in_uzs", Label: chat.T("webbilling.issue.in_uzs"), Hint: chat.T("webbilling.issue.in_uzs_how"), Type: "check"}))}, nil
}

func hidden(f *page.Form, names ...string) g.Node {
	return g.Map(names, func(name string) g.Node { return f.Field(page.Field{Name: name, Type: "hidden"}) })
}

// before tells what is to be known before an invoice is issued: which one has days of its period already, and whose
// details its papers lack.
func (p *pages) before(v *page.Visit, q question) (already, missing g.Node, err error) {
	var earlier []store.Issued
	var seller, client store.PaperDetails
	err = p.read(v, func(tx *store.Tx) (err error) {
		in := store.Issues{Workspace: v.Person.Workspace, Company: q.company, From: q.from, To: q.to}
		if earlier, err = tx.Invoices(v.Ctx(), in); err != nil {
			return err
		}
		if seller, err = tx.PaperDetails(v.Ctx(), v.Person.Workspace, 0, time.Now()); err != nil {
			return err
		}
		client, err = tx.PaperDetails(v.Ctx(), v.Person.Workspace, q.company, time.Now())
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if len(earlier) > 0 {
		in := earlier[0].Invoice
		already = h.P(v.T("webbilling.issue.already"), g.Text(" "), link(invoicePath(in.Number), v.T("webbilling.invoice", "Number", in.Number)),
			g.Text(", "), period(v, in.Statement.From, in.Statement.To))
	}
	lacks := func(details store.PaperDetails, key, path string) g.Node {
		return g.If(details.Details == "", h.P(h.Class("wrong"), v.T(key), g.Text(" "), link(path, v.T("webbilling.issue.enter"))))
	}
	return already, g.Group{lacks(seller, "webbilling.issue.seller_lacks", "/billing/settings"),
		lacks(client, "webbilling.issue.client_lacks", clientPath(q.company))}, nil
}

// issueInvoice asks once more, and then issues an invoice.
func (p *pages) issueInvoice(v *page.Visit) error {
	f := v.Form()
	f.Need("client", "from", "to")
	q := readQuestion(v, f)
	if !f.OK() || q.company == 0 {
		return p.showStatement(v, f, q)
	}
	if f.On("sure") {
		n, err := p.records.IssueInvoice(v.Ctx(), v.Turn(f), records.Invoicing{Company: q.company, From: q.from, To: q.to, InUZS: f.On("in_uzs")})
		if err == nil {
			return v.Go(invoicePath(n), chat.T("webbilling.issued", "Number", n))
		}
		if err = f.Refuse(err, nil); err != nil {
			return err
		}
	}
	return p.askInvoice(v, f, q)
}

// askInvoice shows what the invoice will be, and the button that issues it.
func (p *pages) askInvoice(v *page.Visit, f *page.Form, q question) error {
	var client yard.Company
	err := p.read(v, func(tx *store.Tx) (err error) {
		client, err = tx.Company(v.Ctx(), v.Person.Workspace, q.company)
		return err
	})
	if err != nil {
		return err
	}
	back := h.P(link("/billing/statements?"+q.params(v), v.T("webbilling.statement.back")))
	s, err := p.records.Statement(v.Ctx(), q.query(v))
	if err != nil {
		if err = f.Refuse(err, nil); err != nil {
			return err
		}
		return v.Show(chat.T("webbilling.issue"), f.Above(), back)
	}
	already, missing, err := p.before(v, q)
	if err != nil {
		return err
	}
	f.Set("sure", "1")
	issue := g.Group{f.Above(), already}
	if already == nil {
		issue = g.Group{missing, f.Post("/billing/invoices", chat.T("webbilling.issue.sure"), hidden(f, "client", "from", "to", "in_uzs", "sure"))}
	}
	return v.Show(chat.T("webbilling.issue"),
		facts(v,
			v.T("webbilling.client"), g.Text(client.Name),
			v.T("webbilling.period"), period(v, q.from, q.to),
			v.T("webbilling.stays"), v.Count(len(s.Stays)),
			v.T("webbilling.issue.in_uzs"), yes(v, f.On("in_uzs"))),
		h.H2(v.T("webbilling.totals")), totals(v, s.Totals),
		issue, back)
}
