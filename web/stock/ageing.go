package stock

import (
	"fmt"
	"io"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/formats/chart"
	"quaydesk/store"
	"quaydesk/web/page"
)

// monthsShown is of how many months it is shown how long boxes stayed that left in them; the last one is not over yet.
const monthsShown = 12

// clientsShown is of how many clients that is shown, those with the most boxes.
const clientsShown = 30

// ages is how old a stock is: by terminal, for each step of store.AgeSteps and what is older.
type ages struct {
	terminal string
	boxes    []int
	total    int
}

// ageing shows how long boxes have stood, and how long those stood that have left.
func (p *pages) ageing(v *page.Visit) error {
	n, err := p.readNames(v)
	if err != nil {
		return err
	}
	f := v.Form()
	filter := ageingFilter(f, n)
	x := fields{v, f, n}
	any := chat.T("webyard.any")
	body := []g.Node{filters(v, f, f.Filter(
		x.choice("terminal", chat.T("webyard.terminal"), any, n.terminalOptions(0)),
		x.choice("client", chat.T("webyard.client"), any, n.companyOptions())))}
	if !f.OK() {
		return v.Show(chat.T("webyard.menu.ageing"), body...)
	}
	stock, err := p.ages(v, n, filter)
	if err != nil {
		return err
	}
	months, clients, err := p.dwell(v)
	if err != nil {
		return err
	}
	query := v.Request().URL.RawQuery
	body = append(body, h.H2(v.T("webyard.ages")))
	if len(stock) == 0 {
		body = append(body, h.P(h.Class("none"), v.T("webyard.stock_none")))
	} else {
		body = append(body, picture(v, "/yard/ageing/stock.svg?"+query, chat.T("webyard.ages")), ageTable(v, stock))
	}
	body = append(body, h.H2(v.T("webyard.dwell")), h.P(h.Class("quiet"), v.T("webyard.dwell_how")))
	if len(months) == 0 {
		return v.Show(chat.T("webyard.menu.ageing"), append(body, h.P(h.Class("none"), v.T("webyard.dwell_none")))...)
	}
	body = append(body,
		picture(v, "/yard/ageing/dwell.svg", chat.T("webyard.dwell")),
		page.Table(v, chat.T("webyard.dwell"), append([]page.Column[store.Dwell]{
			{Head: chat.T("webyard.month"), Cell: func(d store.Dwell) g.Node { return g.Text(monthOf(d)) }}}, dwellColumns(v)...), months),
		h.H2(v.T("webyard.dwell_clients")),
		page.Table(v, chat.T("webyard.dwell_clients"), append([]page.Column[store.Dwell]{
			{Head: chat.T("webyard.client"), Cell: func(d store.Dwell) g.Node { return g.Text(d.Client) }}}, dwellColumns(v)...),
			clients[:min(len(clients), clientsShown)]))
	return v.Show(chat.T("webyard.menu.ageing"), body...)
}

func ageingFilter(f *page.Form, n names) store.StockFilter {
	return store.StockFilter{At: now(), Terminal: chosen(f, "terminal", n.terminalOptions(0)), Client: chosen(f, "client", n.companyOptions())}
}

// ages reads how old the stock is, by terminal in the order of their names, and those moving last.
func (p *pages) ages(v *page.Visit, n names, filter store.StockFilter) (all []ages, err error) {
	var counts map[string][]int
	err = p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		counts, err = tx.Ageing(v.Ctx(), v.Person.Workspace, filter)
		return err
	})
	if err != nil {
		return nil, err
	}
	order := []string{}
	for _, t := range n.terminals {
		order = append(order, t.Name)
	}
	for _, name := range append(order, "") {
		boxes, there := counts[name]
		if !there {
			continue
		}
		a := ages{terminal: name, boxes: boxes}
		if name == "" {
			a.terminal = v.S("webyard.moving")
		}
		for _, n := range boxes {
			a.total += n
		}
		all = append(all, a)
	}
	return all, nil
}

// dwell reads how long boxes stayed that left in the months shown.
func (p *pages) dwell(v *page.Visit) (months, clients []store.Dwell, err error) {
	first, _ := calendar.In(now(), v.Zone).Month()
	from := first.Start(v.Zone).AddDate(0, 1-monthsShown, 0)
	err = p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		months, clients, err = tx.Dwell(v.Ctx(), v.Person.Workspace, from, now())
		return err
	})
	return months, clients, err
}

// ageLabels name the steps of age: "1–7", … and what is older.
func ageLabels(v *page.Visit) (labels []string) {
	from := 1
	for _, to := range store.AgeSteps {
		labels = append(labels, fmt.Sprintf("%d–%d", from, to))
		from = to + 1
	}
	return append(labels, v.S("webyard.older", "Days", from-1))
}

func ageTable(v *page.Visit, stock []ages) g.Node {
	columns := []page.Column[ages]{{Head: chat.T("webyard.terminal"), Cell: func(a ages) g.Node { return g.Text(a.terminal) }}}
	for i, label := range ageLabels(v) {
		columns = append(columns, page.Column[ages]{Head: chat.Plain(label), Number: true, Cell: func(a ages) g.Node { return v.Count(a.boxes[i]) }})
	}
	columns = append(columns, page.Column[ages]{Head: chat.T("webyard.total"), Number: true, Cell: func(a ages) g.Node { return v.Count(a.total) }})
	return page.Table(v, chat.T("webyard.ages"), columns, stock)
}

func dwellColumns(v *page.Visit) []page.Column[store.Dwell] {
	number := func(head chat.Text, count func(store.Dwell) int) page.Column[store.Dwell] {
		return page.Column[store.Dwell]{Head: head, Number: true, Cell: func(d store.Dwell) g.Node { return v.Count(count(d)) }}
	}
	return []page.Column[store.Dwell]{
		number(chat.T("webyard.boxes"), func(d store.Dwell) int { return d.Boxes }),
		number(chat.T("webyard.median"), func(d store.Dwell) int { return d.Median }),
		number(chat.T("webyard.p90"), func(d store.Dwell) int { return d.P90 }),
	}
}

func monthOf(d store.Dwell) string { return d.Month.Format("01.2006") }

// picture shows a chart, whose figures stand in a table below.
func picture(v *page.Visit, path string, words chat.Text) g.Node {
	return h.Img(h.Class("chart"), h.Src(path), h.Alt(v.Label(words)), h.Width("720"), h.Height("360"), h.Loading("lazy"))
}

// agesChart is the picture of the stock's ages.
func (p *pages) agesChart(v *page.Visit) error {
	n, err := p.readNames(v)
	if err != nil {
		return err
	}
	stock, err := p.ages(v, n, ageingFilter(v.Form(), n))
	if err != nil {
		return err
	}
	var series []chart.Series
	for _, a := range stock {
		s := chart.Series{Name: a.terminal}
		for _, boxes := range a.boxes {
			s.Figures = append(s.Figures, float64(boxes))
		}
		series = append(series, s)
	}
	return send(v, "ageing.svg", func() ([]byte, error) { return chart.Bars(ageLabels(v), series) })
}

// dwellChart is the picture of how long boxes stayed, by month.
func (p *pages) dwellChart(v *page.Visit) error {
	months, _, err := p.dwell(v)
	if err != nil {
		return err
	}
	var labels []string
	median, p90 := chart.Series{Name: v.S("webyard.median")}, chart.Series{Name: v.S("webyard.p90")}
	for _, d := range months {
		labels = append(labels, monthOf(d))
		median.Figures = append(median.Figures, float64(d.Median))
		p90.Figures = append(p90.Figures, float64(d.P90))
	}
	return send(v, "dwell.svg", func() ([]byte, error) { return chart.Lines(labels, []chart.Series{median, p90}) })
}

func send(v *page.Visit, name string, draw func() ([]byte, error)) error {
	picture, err := draw()
	if err != nil {
		return err
	}
	return v.Download(name, chart.Type, func(w io.Writer) error {
		_, err := w.Write(picture)
		return err
	})
}
