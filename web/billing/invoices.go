package billing

import (
	"bytes"
	"io"
	"slices"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/billing"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/formats/paper"
	"quaydesk/formats/sheet"
	"quaydesk/store"
	"quaydesk/texts"
	"quaydesk/web/page"
)

// invoices lists the invoices that were issued.
func (p *pages) invoices(v *page.Visit) error {
	f := v.Form()
	in := store.Issues{Workspace: v.Person.Workspace, Company: f.ID("client"), From: f.Date("from"), To: f.Date("to")}
	by, down := v.Sort("-number", "client", "issued", "period")
	var companies []yard.Company
	var rows []store.InvoiceRow
	total := 0
	err := p.read(v, func(tx *store.Tx) (err error) {
		if companies, err = tx.Companies(v.Ctx(), v.Person.Workspace); err != nil {
			return err
		}
		rows, total, err = tx.InvoiceList(v.Ctx(), in, by, down, v.Offset(), page.PageSize)
		return err
	})
	if err != nil {
		return err
	}
	return v.Show(chat.T("webbilling.invoices"),
		f.Filter(
			f.Field(page.Field{Name: "client", Label: chat.T("webbilling.client"), Type: "select", Options: companyOptions(v, companies, chat.T("webbilling.all_clients"))}),
			f.Field(page.Field{Name: "from", Label: chat.T("webbilling.from"), Type: "date"}),
			f.Field(page.Field{Name: "to", Label: chat.T("webbilling.to"), Type: "date"}),
		),
		page.Table(v, chat.T("webbilling.invoices"), []page.Column[store.InvoiceRow]{
			{Head: chat.T("webbilling.number"), Sort: "number", Cell: func(r store.InvoiceRow) g.Node {
				if r.Corrects != 0 {
					return link(invoicePath(r.Corrects), v.T("webbilling.correction_to", "Number", r.Number, "Invoice", r.Corrects))
				}
				return link(invoicePath(r.Number), v.T("webbilling.invoice", "Number", r.Number))
			}},
			{Head: chat.T("webbilling.client"), Sort: "client", Cell: func(r store.InvoiceRow) g.Node { return g.Text(r.ClientName) }},
			{Head: chat.T("webbilling.period"), Sort: "period", Cell: func(r store.InvoiceRow) g.Node {
				return period(v, r.From, r.To)
			}},
			{Head: chat.T("webbilling.issued_at"), Sort: "issued", Cell: func(r store.InvoiceRow) g.Node { return v.Time(r.IssuedAt) }},
			{Head: chat.T("paper.gross"), Number: true, Cell: func(r store.InvoiceRow) g.Node { return gross(v, r.Totals) }},
		}, rows),
		v.Pager(total),
	)
}

func invoicePath(n int) string { return "/billing/invoices/" + strconv.Itoa(n) }

// issued is the invoice of the path.
func (p *pages) issued(v *page.Visit) (i store.Issued, err error) {
	err = p.read(v, func(tx *store.Tx) (err error) {
		i, err = tx.Invoice(v.Ctx(), v.Person.Workspace, int(max(0, min(v.ID("number"), 1<<31-1))))
		return err
	})
	return i, err
}

// invoice shows an invoice as it was issued, its corrections, and what it differs in from what the days cost now.
func (p *pages) invoice(v *page.Visit) error { return p.showInvoice(v, v.Blank()) }

func (p *pages) showInvoice(v *page.Visit, f *page.Form) error {
	issued, err := p.issued(v)
	if err != nil {
		return err
	}
	in, s := issued.Invoice, issued.Invoice.Statement
	path := invoicePath(in.Number)
	difference, err := p.difference(v, f, issued)
	if err != nil {
		return err
	}
	printer, err := p.printer(v, v.Lang, 0, "", in.IssuedAt)
	if err != nil {
		return err
	}
	nameless := g.If(printer.Seller.Name == "", h.P(h.Class("quiet"), v.T("webbilling.nameless"), g.Text(" "),
		link("/billing/settings", v.T("webbilling.settings"))))
	return v.Show(chat.T("webbilling.invoice", "Number", in.Number),
		facts(v,
			v.T("webbilling.client"), link("/billing/clients/"+strconv.FormatInt(s.Client, 10), g.Text(in.ClientName)),
			v.T("webbilling.period"), period(v, s.From, s.To),
			v.T("webbilling.issued_at"), v.Time(in.IssuedAt),
			v.T("webbilling.days"), v.T("paper.counted", "Count", s.Days, "Free", s.Free, "Paid", s.Paid)),
		papers(v, path), nameless,
		h.H2(v.T("webbilling.totals")), totals(v, s.Totals),
		g.Iff(in.InUZS != nil, func() g.Node { return inUZS(v, in.Rates, *in.InUZS) }),
		g.Iff(len(issued.Corrections) > 0, func() g.Node { return corrections(v, path, issued.Corrections) }),
		h.H2(v.T("webbilling.difference")), difference,
		h.H2(v.T("webbilling.lines")), p.lines(v, s),
	)
}

// papers leads to what can be printed of an invoice.
func papers(v *page.Visit, path string) g.Node {
	var links g.Group
	for _, lang := range texts.Languages {
		in := " (" + lang + ")"
		links = append(links,
			h.A(h.Class("button"), h.Href(path+"/pdf?lang="+lang), v.T("webbilling.pdf"), g.Text(in)),
			link(path+"/act?lang="+lang, g.Group{v.T("webbilling.act"), g.Text(in)}))
	}
	return h.P(h.Class("actions"), links, link(path+"/xlsx", v.T("webbilling.xlsx")))
}

// inUZS shows what all of it is in UZS, and by which rates.
func inUZS(v *page.Visit, rates []money.Rate, sum money.Taxed) g.Node {
	return h.P(
		g.Map(rates, func(r money.Rate) g.Node {
			return g.Group{v.T("paper.exchange", "Currency", string(r.Currency), "Date", dateText(v, r.Date), "UZS", amount(v, r.UZS, money.UZS)), h.Br()}
		}),
		v.T("paper.total_uzs"), g.Text(": "), h.Strong(g.Text(amount(v, sum.Gross, money.UZS))))
}

func corrections(v *page.Visit, path string, all []billing.Correction) g.Node {
	return g.Group{h.H2(v.T("webbilling.corrections")),
		page.Table(v, chat.T("webbilling.corrections"), []page.Column[billing.Correction]{
			{Head: chat.T("webbilling.number"), Cell: func(c billing.Correction) g.Node { return v.T("webbilling.correction", "Number", c.Number) }},
			{Head: chat.T("webbilling.issued_at"), Cell: func(c billing.Correction) g.Node { return v.Time(c.IssuedAt) }},
			{Head: chat.T("paper.difference"), Number: true, Cell: func(c billing.Correction) g.Node { return gross(v, c.Totals) }},
			{Head: chat.T("webbilling.paper"), Cell: func(c billing.Correction) g.Node {
				return g.Map(texts.Languages, func(lang string) g.Node {
					return g.Group{link(path+"/corrections/"+strconv.Itoa(c.Number)+"?lang="+lang, g.Text("PDF ("+lang+")")), g.Text(" ")}
				})
			}},
		}, all)}
}

// shownChanges is how many lines of a difference a page shows.
const shownChanges = 200

// difference shows what an invoice differs in from what the same days cost now, and lets it be corrected.
func (p *pages) difference(v *page.Visit, f *page.Form, issued store.Issued) (g.Node, error) {
	c, err := p.records.Difference(v.Ctx(), records.InvoiceQuery{Workspace: v.Person.Workspace, Number: issued.Invoice.Number})
	if err != nil {
		return refused(v, err)
	}
	if len(c.Lines) == 0 {
		return h.P(h.Class("quiet"), v.T("webbilling.difference.none")), nil
	}
	words := p.words(v)
	taxed := func(of func(billing.Changed) money.Taxed) func(billing.Changed) g.Node {
		return func(l billing.Changed) g.Node { t := of(l); return g.Text(amount(v, t.Gross, t.Currency)) }
	}
	return g.Group{
		h.P(v.T("webbilling.difference.how")),
		totals(v, c.Totals),
		page.Table(v, chat.T("webbilling.difference"), []page.Column[billing.Changed]{
			{Head: chat.T("paper.sheet.number"), Cell: func(l billing.Changed) g.Node { return g.Text(words.Stay(billing.Rated{Stay: l.Stay})) }},
			{Head: chat.T("paper.item"), Cell: func(l billing.Changed) g.Node { return g.Text(words.Line(l.Line)) }},
			{Head: chat.T("paper.was"), Number: true, Cell: taxed(func(l billing.Changed) money.Taxed { return l.Was })},
			{Head: chat.T("paper.is"), Number: true, Cell: taxed(func(l billing.Changed) money.Taxed { return l.Is })},
			{Head: chat.T("paper.difference"), Number: true, Cell: taxed(func(l billing.Changed) money.Taxed { return l.Difference })},
		}, c.Lines[:min(len(c.Lines), shownChanges)]),
		g.If(v.May(people.Bill), f.Post(invoicePath(issued.Invoice.Number)+"/corrections", chat.T("webbilling.correct"))),
	}, nil
}

// issueCorrection issues a correction of an invoice.
func (p *pages) issueCorrection(v *page.Visit) error {
	issued, err := p.issued(v)
	if err != nil {
		return err
	}
	f := v.Form()
	n, err := p.records.IssueCorrection(v.Ctx(), v.Turn(f), issued.Invoice.Number)
	if err == nil {
		return v.Go(invoicePath(issued.Invoice.Number), chat.T("webbilling.corrected_now", "Number", n))
	}
	if err = f.Refuse(err, nil); err != nil {
		return err
	}
	return p.showInvoice(v, f)
}

// paperLang is the language that a paper is asked for in.
func paperLang(v *page.Visit) string {
	if lang := v.Form().Text("lang"); slices.Contains(texts.Languages, lang) {
		return lang
	}
	return v.Lang
}

// sendPDF sends a paper.
func sendPDF(v *page.Visit, name string, pdf []byte, err error) error {
	if err != nil {
		return err
	}
	return v.Download(name+".pdf", "application/pdf", func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(pdf))
		return err
	})
}

// printInvoice sends something that is printed of the path's invoice.
func (p *pages) printInvoice(v *page.Visit, name string, do func(paper.Printer, billing.Invoice) ([]byte, error)) error {
	issued, err := p.issued(v)
	if err != nil {
		return err
	}
	in, lang := issued.Invoice, paperLang(v)
	printer, err := p.printer(v, lang, in.Statement.Client, in.ClientName, in.IssuedAt)
	if err != nil {
		return err
	}
	pdf, err := do(printer, in)
	return sendPDF(v, name+"-"+strconv.Itoa(in.Number)+"-"+lang, pdf, err)
}

// invoicePaper sends an invoice as PDF.
func (p *pages) invoicePaper(v *page.Visit) error {
	return p.printInvoice(v, "invoice", paper.Printer.Invoice)
}

// actPaper sends the act of an invoice as PDF.
func (p *pages) actPaper(v *page.Visit) error { return p.printInvoice(v, "act", paper.Printer.Act) }

// correctionPaper sends a correction as PDF.
func (p *pages) correctionPaper(v *page.Visit) error {
	issued, err := p.issued(v)
	if err != nil {
		return err
	}
	for _, c := range issued.Corrections {
		if int64(c.Number) != v.ID("correction") {
			continue
		}
		lang := paperLang(v)
		printer, err := p.printer(v, lang, issued.Invoice.Statement.Client, c.ClientName, c.IssuedAt)
		if err != nil {
			return err
		}
		pdf, err := printer.Correction(c)
		return sendPDF(v, "correction-"+strconv.Itoa(c.Number)+"-"+lang, pdf, err)
	}
	return fault.New(fault.NotFound, "billing.invoice_unknown")
}

// invoiceSheet sends an invoice's lines as xlsx.
func (p *pages) invoiceSheet(v *page.Visit) error {
	issued, err := p.issued(v)
	if err != nil {
		return err
	}
	words := p.words(v)
	words.Client.Name = issued.Invoice.ClientName
	return v.Download("invoice-"+strconv.Itoa(issued.Invoice.Number)+".xlsx", sheet.ContentTypeXLSX, func(w io.Writer) error {
		return words.Statement(w, issued.Invoice.Statement)
	})
}
