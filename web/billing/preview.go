package billing

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/money"
	"quaydesk/store"
	"quaydesk/web/page"
)

// seen is a preview of something that can be saved now.
type seen struct {
	records.Preview
	invoiced map[int64]calendar.Date // the last day of each client's invoices
	mark     string                  // of what was previewed
}

// preview asks what a revision changes; mark is of what is then saved.
func (p *pages) preview(v *page.Visit, in records.Previewing, mark string) (*seen, error) {
	in.Workspace = v.Person.Workspace
	preview, err := p.records.Preview(v.Ctx(), in)
	if err != nil {
		return nil, err
	}
	for i := range preview.Clients {
		c := &preview.Clients[i]
		c.Stays = slices.DeleteFunc(c.Stays, func(s records.StayChange) bool { return same(s.Before, s.After) })
	}
	preview.Clients = slices.DeleteFunc(preview.Clients, func(c records.ClientChange) bool { return len(c.Stays) == 0 })
	s := &seen{Preview: preview, invoiced: map[int64]calendar.Date{}, mark: mark}
	return s, p.read(v, func(tx *store.Tx) error {
		clients, _, err := tx.Clients(v.Ctx(), in.Workspace, "", "name", false, 0, math.MaxInt32)
		for _, c := range clients {
			s.invoiced[c.ID] = c.Invoiced
		}
		return err
	})
}

// mark tells revisions apart: what is saved is what was previewed.
func mark(revision any) string {
	said, err := json.Marshal(revision)
	if err != nil {
		panic(fmt.Sprintf("billing: %v", err)) // it is made of texts and numbers
	}
	sum := sha256.Sum256(said)
	return hex.EncodeToString(sum[:])
}

// save shows the preview, and the button that saves what it is of.
func (s seen) save(v *page.Visit, words g.Node) g.Node {
	return wide(s.show(v),
		h.Input(h.Type("hidden"), h.Name("previewed"), h.Value(s.mark)),
		h.Div(h.Class("actions"), h.Button(h.Type("submit"), h.Name("do"), h.Value("save"), words)))
}

// shownStays is how many stays of a client a preview lists.
const shownStays = 10

// show says what a revision changes, client by client.
func (s seen) show(v *page.Visit) g.Node {
	in := s.Preview
	return h.Section(h.ID("preview"),
		h.H2(v.T("webbilling.preview")),
		g.Iff(len(in.Unpriced) > 0, func() g.Node {
			return h.Div(h.Class("wrong whole"), h.Role("alert"),
				h.P(v.T("webbilling.preview.unpriced", "Count", len(in.Unpriced))),
				h.Ul(g.Map(in.Unpriced[:min(len(in.Unpriced), shownStays)], func(t chat.Text) g.Node { return h.Li(v.Words(t)) })), rest(v, len(in.Unpriced)))
		}),
		g.Iff(len(in.Clients) == 0, func() g.Node { return h.P(v.T("webbilling.preview.nothing")) }),
		g.Iff(len(in.Clients) > 0, func() g.Node {
			return g.Group{
				page.Table(v, chat.T("webbilling.preview"), []page.Column[records.ClientChange]{
					{Head: chat.T("webbilling.client"), Cell: func(c records.ClientChange) g.Node {
						return link("/billing/clients/"+strconv.FormatInt(c.Client, 10), g.Text(c.Name))
					}},
					{Head: chat.T("webbilling.preview.stays"), Number: true, Cell: func(c records.ClientChange) g.Node { return v.Count(len(c.Stays)) }},
					{Head: chat.T("webbilling.preview.open"), Number: true, Cell: func(c records.ClientChange) g.Node { return v.Count(open(c)) }},
					{Head: chat.T("webbilling.preview.invoiced"), Number: true, Cell: func(c records.ClientChange) g.Node { return v.Count(s.begun(v, c)) }},
					{Head: chat.T("webbilling.preview.before"), Number: true, Cell: func(c records.ClientChange) g.Node { return gross(v, c.Before) }},
					{Head: chat.T("webbilling.preview.after"), Number: true, Cell: func(c records.ClientChange) g.Node { return gross(v, c.After) }},
					{Head: chat.T("paper.difference"), Number: true, Cell: func(c records.ClientChange) g.Node { return gross(v, less(c.After, c.Before)) }},
				}, in.Clients),
				g.Map(in.Clients, func(c records.ClientChange) g.Node { return changedStays(v, c) }),
			}
		}),
	)
}

// changedStays lists the first stays of a client that change.
func changedStays(v *page.Visit, c records.ClientChange) g.Node {
	return h.Details(
		h.Summary(v.T("webbilling.preview.of", "Client", c.Name, "Count", len(c.Stays))),
		page.Table(v, chat.T("webbilling.preview"), []page.Column[records.StayChange]{
			{Head: chat.T("paper.sheet.number"), Cell: func(s records.StayChange) g.Node { return g.Text(s.Stay.Number.Grouped()) }},
			{Head: chat.T("paper.sheet.entry"), Cell: func(s records.StayChange) g.Node { return v.Time(s.Stay.Entry) }},
			{Head: chat.T("paper.sheet.exit"), Cell: func(s records.StayChange) g.Node { return v.Time(s.Stay.Exit) }},
			{Head: chat.T("webbilling.preview.before"), Number: true, Cell: func(s records.StayChange) g.Node { return gross(v, s.Before) }},
			{Head: chat.T("webbilling.preview.after"), Number: true, Cell: func(s records.StayChange) g.Node { return gross(v, s.After) }},
			{Head: chat.T("paper.difference"), Number: true, Cell: func(s records.StayChange) g.Node { return gross(v, less(s.After, s.Before)) }},
		}, c.Stays[:min(len(c.Stays), shownStays)]), rest(v, len(c.Stays)))
}

// open counts the stays that go on.
func open(c records.ClientChange) int {
	n := 0
	for _, s := range c.Stays {
		if s.Stay.Exit.IsZero() {
			n++
		}
	}
	return n
}

// begun counts the stays that an invoice has days of.
func (s seen) begun(v *page.Visit, c records.ClientChange) int {
	n := 0
	for _, stay := range c.Stays {
		if calendar.In(stay.Stay.Entry, v.Zone) <= s.invoiced[c.Client] {
			n++
		}
	}
	return n
}

// same tells whether sums differ in no currency.
func same(a, b money.Totals) bool {
	return !slices.ContainsFunc(less(a, b), func(t money.Taxed) bool { return !t.Gross.IsZero() || !t.Net.IsZero() })
}

// rest tells how many of a list are not shown.
func rest(v *page.Visit, all int) g.Node {
	return g.Iff(all > shownStays, func() g.Node { return h.P(h.Class("quiet"), v.T("yardrules.more", "Count", all-shownStays)) })
}

// less is the difference of sums for each currency.
func less(all, minus money.Totals) money.Totals {
	var out money.Totals
	for _, t := range all {
		out = out.Add(t)
	}
	for _, t := range minus {
		out = out.Add(money.Taxed{Currency: t.Currency}.Sub(t))
	}
	return out
}
