package stock

import (
	"strconv"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/people"
	"quaydesk/store"
	"quaydesk/web/page"
)

// feet are the lengths that the stock is counted by; what is of another, or of none, stands in a column of its own.
var feet = []int{20, 40, 45}

// stock shows what stands in the yard, now or at another moment.
func (p *pages) stock(v *page.Visit) error {
	n, err := p.readNames(v)
	if err != nil {
		return err
	}
	f := v.Form()
	filter := stockFilter(v, f, n)
	body := []g.Node{
		g.If(mayMove(v), h.P(h.Class("actions"), h.A(h.Class("button"), h.Href("/yard/gate-in"), v.T("webyard.gate_in")))),
		findForm(v), filters(v, f, stockForm(v, f, n))}
	if len(n.terminals) == 0 {
		body = []g.Node{h.P(v.T("webyard.no_terminals")), g.If(v.May(people.RunYard), h.P(h.A(h.Class("button"), h.Href("/yard/settings"), v.T("webyard.menu.settings"))))}
	}
	if !f.OK() || len(n.terminals) == 0 {
		return v.Show(chat.T("webyard.menu.stock"), body...)
	}
	by, down := v.Sort("-days", "number", "entered", "client", "place")
	var rows []store.StockRow
	var counts []store.StockCount
	err = p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		if counts, err = tx.CountStock(v.Ctx(), v.Person.Workspace, filter); err != nil {
			return err
		}
		rows, err = tx.Stock(v.Ctx(), v.Person.Workspace, filter, by, down, v.Offset(), page.PageSize)
		return err
	})
	if err != nil {
		return err
	}
	total := 0
	for _, c := range counts {
		total += c.Boxes
	}
	if total == 0 {
		body = append(body, h.P(h.Class("none"), v.T("webyard.stock_none")))
		if typed := f.Text("number"); typed != "" {
			known, err := p.records.LookAtBoxes(v.Ctx(), v.Look(), records.Looking{Typed: typed})
			if err != nil {
				return err
			}
			body = append(body, explain(v, known)...)
		}
	} else {
		body = append(body, stockSummary(v, counts), page.Table(v, chat.T("webyard.menu.stock"), stockColumns(v), rows), v.Pager(total), exports(v))
	}
	return v.Show(chat.T("webyard.menu.stock"), body...)
}

// stockFilter reads which boxes are meant; what cannot be is noted with its field.
func stockFilter(v *page.Visit, f *page.Form, n names) store.StockFilter {
	now := time.Now()
	filter := store.StockFilter{
		At: f.Moment("at", v.Zone), Number: numberPart(f.Text("number")), Longer: f.Int("longer"), Feet: f.Int("feet"),
		Terminal: chosen(f, "terminal", n.terminalOptions(0)), Client: chosen(f, "client", n.companyOptions()), Line: chosen(f, "line", n.companyOptions()),
		Presence: word(f, "state", store.Presences), Load: word(f, "load", container.Loads),
	}
	if filter.At.After(now) {
		f.Wrong("at", chat.T("webyard.future"))
	}
	if filter.At.IsZero() {
		filter.At = now
	}
	const mostDays = 100_000
	if filter.Longer < 0 || filter.Longer > mostDays {
		f.Wrong("longer", chat.T("web.form.whole"))
	}
	if filter.Feet < 0 || filter.Feet > 60 {
		f.Wrong("feet", chat.T("web.form.choice"))
	}
	return filter
}

func stockForm(v *page.Visit, f *page.Form, n names) g.Node {
	x := fields{v, f, n}
	any := chat.T("webyard.any")
	var lengths []page.Option
	for _, l := range feet {
		lengths = append(lengths, page.Option{Value: strconv.Itoa(l), Label: strconv.Itoa(l) + "′"})
	}
	return f.Filter(
		x.text("number", chat.T("webyard.number")),
		x.choice("terminal", chat.T("webyard.terminal"), any, n.terminalOptions(0)),
		x.choice("client", chat.T("webyard.client"), any, n.companyOptions()),
		x.choice("line", chat.T("webyard.line"), any, n.companyOptions()),
		x.choice("state", chat.T("webyard.state"), any, labelled(v, store.Presences, presenceLabel)),
		x.choice("feet", chat.T("webyard.feet"), any, lengths),
		x.choice("load", chat.T("webyard.load"), any, labelled(v, container.Loads, container.Load.Label)),
		x.whole("longer", chat.T("webyard.longer")),
		x.moment("at", chat.T("webyard.moment"), chat.T("webyard.moment_hint")),
	)
}

func presenceLabel(p store.Presence) chat.Text {
	switch p {
	case store.Moving:
		return chat.T("webyard.moving")
	case store.OnHold:
		return chat.T("webyard.held")
	}
	return chat.T("webyard.standing")
}

// filters fold a filter up until it is used, so that what it filters is seen at once on a phone too.
func filters(v *page.Visit, f *page.Form, form g.Node) g.Node {
	used := !f.OK()
	for name, values := range v.Request().URL.Query() {
		used = used || name != "sort" && name != "page" && strings.Join(values, "") != ""
	}
	return h.Details(h.Class("filters"), g.If(used, g.Attr("open")), h.Summary(v.T("webyard.filter")), form)
}

// findForm leads to a container's page.
func findForm(v *page.Visit) g.Node {
	return h.Form(h.Class("find"), h.Method("get"), h.Action("/yard/containers"), h.Role("search"),
		h.Label(h.Class("hidden"), h.For("find"), v.T("webyard.find")),
		h.Input(h.ID("find"), h.Name("number"), h.Type("search"), h.AutoComplete("off"), h.Placeholder(v.S("webyard.find"))),
		h.Button(h.Type("submit"), v.T("webyard.open")))
}

func stockColumns(v *page.Visit) []page.Column[store.StockRow] {
	return []page.Column[store.StockRow]{
		{Head: chat.T("webyard.number"), Sort: "number", Cell: func(r store.StockRow) g.Node {
			return g.Group{boxLink(r.Number), g.If(r.Held, h.Span(h.Class("tag bad"), v.T("webyard.held")))}
		}},
		{Head: chat.T("webyard.type"), Cell: func(r store.StockRow) g.Node { return g.Text(sizeAndLoad(v, r.SizeType, r.Load)) }},
		{Head: chat.T("webyard.client"), Sort: "client", Cell: func(r store.StockRow) g.Node { return g.Text(r.Client) }},
		{Head: chat.T("webyard.line"), Cell: func(r store.StockRow) g.Node { return g.Text(r.Line) }},
		{Head: chat.T("webyard.terminal"), Cell: func(r store.StockRow) g.Node {
			if r.Moving {
				return g.Text(r.Terminal + " → " + r.Bound)
			}
			return g.Text(r.Terminal)
		}},
		{Head: chat.T("webyard.place"), Sort: "place", Cell: func(r store.StockRow) g.Node {
			return g.If(r.Place != "", h.Span(h.Class("box"), g.Text(r.Place)))
		}},
		{Head: chat.T("webyard.entered"), Sort: "entered", Cell: func(r store.StockRow) g.Node { return v.TimeIn(r.Entered, zoneOf(r.Zone)) }},
		{Head: chat.T("webyard.days"), Sort: "days", Number: true, Cell: func(r store.StockRow) g.Node { return v.Count(r.Days) }},
	}
}

// tally is a row of the summary: how many boxes there are of each sort.
type tally struct {
	name                    string
	all, laden, empty, held int
	feet                    map[int]int
	other                   int
}

func (t *tally) add(c store.StockCount) {
	t.all, t.held = t.all+c.Boxes, t.held+c.Held
	switch c.Load {
	case container.Laden:
		t.laden += c.Boxes
	case container.Empty:
		t.empty += c.Boxes
	}
	for _, l := range feet {
		if c.SizeType.Length() == l {
			t.feet[l] += c.Boxes
			return
		}
	}
	t.other += c.Boxes
}

// stockSummary counts the stock by terminal, size and load.
func stockSummary(v *page.Visit, counts []store.StockCount) g.Node {
	var rows []*tally
	total := &tally{name: v.S("webyard.total"), feet: map[int]int{}}
	for _, c := range counts {
		name := c.Terminal
		if name == "" {
			name = v.S("webyard.moving")
		}
		if len(rows) == 0 || rows[len(rows)-1].name != name {
			rows = append(rows, &tally{name: name, feet: map[int]int{}})
		}
		rows[len(rows)-1].add(c)
		total.add(c)
	}
	if len(rows) > 1 {
		rows = append(rows, total)
	}
	heads := []string{v.S("webyard.boxes")}
	for _, l := range feet {
		heads = append(heads, strconv.Itoa(l)+"′")
	}
	heads = append(heads, v.S("webyard.other"), v.Label(container.Laden.Label()), v.Label(container.Empty.Label()), v.S("webyard.held"))
	figures := func(t *tally) (all []int) {
		all = append(all, t.all)
		for _, l := range feet {
			all = append(all, t.feet[l])
		}
		return append(all, t.other, t.laden, t.empty, t.held)
	}
	return h.Div(h.Class("summary"), h.TabIndex("0"), h.Role("region"), h.Aria("label", v.S("webyard.summary")), h.Table(
		h.Caption(h.Class("hidden"), v.T("webyard.summary")),
		h.THead(h.Tr(h.Th(h.Scope("col"), v.T("webyard.terminal")), g.Map(heads, func(s string) g.Node { return h.Th(h.Scope("col"), h.Class("number"), g.Text(s)) }))),
		h.TBody(g.Map(rows, func(t *tally) g.Node {
			cells := g.Group{h.Th(h.Scope("row"), g.Text(t.name))}
			for i, n := range figures(t) {
				cells = append(cells, h.Td(h.Class("number"), g.Attr("data-head", heads[i]), v.Count(n)))
			}
			return h.Tr(cells)
		}))))
}

// exports lead to the files of what the page shows, and of every stay that there was.
func exports(v *page.Visit) g.Node {
	query := v.Request().URL.Query()
	query.Del("page")
	link := func(format, words string) g.Node {
		query.Set("format", format)
		return h.A(h.Href("/yard/export?"+query.Encode()), g.Text(words))
	}
	return h.P(h.Class("actions"), v.T("webyard.export"), link("xlsx", "xlsx"), link("csv", "CSV"), v.T("webyard.export_all"),
		h.A(h.Href("/yard/export?all=1&format=xlsx"), g.Text("xlsx")), h.A(h.Href("/yard/export?all=1&format=csv"), g.Text("CSV")))
}
