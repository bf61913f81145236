package billing

import (
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/formats/paper"
	"quaydesk/formats/sheet"
	"quaydesk/store"
	"quaydesk/web/page"
)

// question is what a statement is asked for, as it stands in the URL.
type question struct {
	company  int64
	from, to calendar.Date
	asOf     time.Time // zero: now
}

// readQuestion reads the form's question; the days are those of last month unless told otherwise.
func readQuestion(v *page.Visit, f *page.Form) question {
	month, _ := today(v).Month()
	from, to := (month - 1).Month()
	f.Set("from", from.String())
	f.Set("to", to.String())
	q := question{company: f.ID("client"), from: f.Date("from"), to: f.Date("to"), asOf: f.Moment("as_of", v.Zone)}
	if q.from == 0 {
		f.Need("from")
	}
	if q.to < q.from {
		f.Wrong("to", chat.T("billing.wrong.period"))
	}
	return q
}

func (q question) query(v *page.Visit) records.StatementQuery {
	return records.StatementQuery{Workspace: v.Person.Workspace, Company: q.company, From: q.from, To: q.to, AsOf: q.asOf}
}

// params are the question as a URL has it.
func (q question) params(v *page.Visit) string {
	all := url.Values{"client": {strconv.FormatInt(q.company, 10)}, "from": {q.from.String()}, "to": {q.to.String()}}
	if !q.asOf.IsZero() {
		all.Set("as_of", page.MomentValue(q.asOf, v.Zone))
	}
	return all.Encode()
}

// statement shows what a client's stays cost in a period.
func (p *pages) statement(v *page.Visit) error {
	f := v.Form()
	return p.showStatement(v, f, readQuestion(v, f))
}

// showStatement shows the statement that is asked for, and the way to an invoice of it.
func (p *pages) showStatement(v *page.Visit, f *page.Form, q question) error {
	var companies []yard.Company
	var client yard.Company
	err := p.read(v, func(tx *store.Tx) (err error) {
		if companies, err = tx.Companies(v.Ctx(), v.Person.Workspace); err != nil || q.company == 0 {
			return err
		}
		client, err = tx.Company(v.Ctx(), v.Person.Workspace, q.company)
		return err
	})
	if err != nil {
		return err
	}
	filter := f.FilterAt("/billing/statements",
		f.Field(page.Field{Name: "client", Label: chat.T("webbilling.client"), Type: "select", Options: companyOptions(v, companies, chat.T("webbilling.choose"))}),
		f.Field(page.Field{Name: "from", Label: chat.T("webbilling.from"), Type: "date"}),
		f.Field(page.Field{Name: "to", Label: chat.T("webbilling.to"), Type: "date"}),
		f.Field(page.Field{Name: "as_of", Label: chat.T("webbilling.as_of"), Hint: chat.T("webbilling.as_of_how"), Type: "datetime-local"}),
	)
	if q.company == 0 || !f.OK() {
		return v.Show(chat.T("webbilling.statements"), filter,
			h.P(h.Class("none"), v.T("webbilling.statement.choose")),
			g.If(f.OK(), h.Ul(h.Class("cards"), g.Map(companies, func(c yard.Company) g.Node {
				of := q
				of.company = c.ID
				return h.Li(h.A(h.Href("/billing/statements?"+of.params(v)), g.Text(c.Name)))
			}))))
	}
	s, err := p.records.Statement(v.Ctx(), q.query(v))
	if err != nil {
		why, err := refused(v, err)
		if err != nil {
			return err
		}
		return v.Show(chat.T("webbilling.statements"), filter, why, h.P(v.T("webbilling.statement.barred")))
	}
	var issue g.Node
	if v.May(people.Bill) && len(s.Stays) > 0 {
		if issue, err = p.issueForm(v, q); err != nil {
			return err
		}
	}
	return v.Show(chat.T("webbilling.statement_of", "Client", client.Name), filter,
		h.P(h.Class("quiet"), v.T("webbilling.statement.as_of", "AsOf", s.AsOf)),
		facts(v,
			v.T("webbilling.stays"), v.Count(len(s.Stays)),
			v.T("webbilling.days"), v.Count(s.Days),
			v.T("webbilling.free"), v.Count(s.Free),
			v.T("webbilling.paid"), v.Count(s.Paid)),
		h.H2(v.T("webbilling.totals")), totals(v, s.Totals),
		h.P(h.Class("actions"), link("/billing/statements/xlsx?"+q.params(v), v.T("webbilling.xlsx"))),
		issue,
		h.H2(v.T("webbilling.lines")), p.lines(v, s),
	)
}

// line is a line of a statement with its stay.
type line struct {
	billing.Line
	stay  billing.Rated
	first bool // of its stay
}

// lines shows a stretch of a statement's stays, each line with what explains it.
func (p *pages) lines(v *page.Visit, s billing.Statement) g.Node {
	words := p.words(v)
	var rows []line
	from := min(v.Offset(), len(s.Stays))
	for _, stay := range s.Stays[from:min(from+page.PageSize, len(s.Stays))] {
		for i, l := range stay.Lines {
			rows = append(rows, line{l, stay, i == 0})
		}
	}
	return g.Group{page.Table(v, chat.T("webbilling.lines"), lineColumns(v, words), rows), v.Pager(len(s.Stays))}
}

func lineColumns(v *page.Visit, words paper.Printer) []page.Column[line] {
	return []page.Column[line]{
		{Head: chat.T("paper.sheet.number"), Cell: func(l line) g.Node {
			if !l.first {
				return nil
			}
			number := l.stay.Stay.Number
			return h.Div(link("/yard/containers/"+string(number), g.Text(number.Grouped())), g.Text(strings.TrimPrefix(words.Stay(l.stay), number.Grouped())))
		}},
		{Head: chat.T("paper.item"), Cell: func(l line) g.Node { return g.Text(words.Line(l.Line)) }},
		{Head: chat.T("paper.days"), Number: true, Cell: func(l line) g.Node { return g.Text(number(l.Days())) }},
		{Head: chat.T("paper.rate"), Number: true, Cell: func(l line) g.Node {
			if l.Kind != billing.Storage {
				return nil
			}
			return g.Text(amount(v, l.Tier.Rate, l.Amount.Currency))
		}},
		{Head: chat.T("paper.discount"), Cell: func(l line) g.Node { return g.Text(words.Discounts(l.Line)) }},
		{Head: chat.T("paper.net"), Number: true, Cell: func(l line) g.Node { return charged(l, amount(v, l.Amount.Net, l.Amount.Currency)) }},
		{Head: chat.T("paper.vat"), Number: true, Cell: func(l line) g.Node { return charged(l, amount(v, l.Amount.VAT, l.Amount.Currency)) }},
		{Head: chat.T("paper.gross"), Number: true, Cell: func(l line) g.Node { return charged(l, amount(v, l.Amount.Gross, l.Amount.Currency)) }},
	}
}

// charged shows an amount of lines that have one.
func charged(l line, words string) g.Node {
	if l.Kind == billing.Free {
		return nil
	}
	return g.Text(words)
}

// fileWords is a name as files can have it on every system: what is neither letter, digit nor - . _ becomes a space.
func fileWords(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._", r)
	}), " ")
}

// statementSheet sends a statement as xlsx.
func (p *pages) statementSheet(v *page.Visit) error {
	f := v.Form()
	q := readQuestion(v, f)
	if !f.OK() {
		return fault.New(fault.Invalid, "billing.wrong.period")
	}
	var client yard.Company
	err := p.read(v, func(tx *store.Tx) (err error) {
		client, err = tx.Company(v.Ctx(), v.Person.Workspace, q.company)
		return err
	})
	if err != nil {
		return err
	}
	s, err := p.records.Statement(v.Ctx(), q.query(v))
	if err != nil {
		return err
	}
	words := p.words(v)
	words.Client.Name = client.Name
	name := v.S("webbilling.statement.file", "Client", fileWords(client.Name), "From", q.from.String(), "To", q.to.String()) + ".xlsx"
	return v.Download(name, sheet.ContentTypeXLSX, func(w io.Writer) error { return words.Statement(w, s) })
}
