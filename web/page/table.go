package page

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
)

// Column is a column of a Table.
type Column[R any] struct {
	Head   chat.Text
	Sort   string // its name in the URL; "": the table is not sorted by it
	Number bool   // digits stand below each other
	Cell   func(R) g.Node
}

// Table shows rows. On a phone each row becomes a card. caption names it to who cannot see it.
func Table[R any](v *Visit, caption chat.Text, columns []Column[R], rows []R) g.Node {
	if len(rows) == 0 {
		return h.P(h.Class("none"), v.T("web.table.none"))
	}
	by, down := v.sorted()
	head := g.Map(columns, func(c Column[R]) g.Node {
		number := g.If(c.Number, h.Class("number"))
		if c.Sort == "" {
			return h.Th(h.Scope("col"), number, v.Words(c.Head))
		}
		to, order, mark := c.Sort, "none", ""
		if by == c.Sort {
			if order, mark = "ascending", " ↑"; down {
				order, mark = "descending", " ↓"
			} else {
				to = "-" + c.Sort
			}
		}
		return h.Th(h.Scope("col"), number, h.Aria("sort", order),
			h.A(h.Href(v.URL("sort", to)), v.Words(c.Head), g.Text(mark)))
	})
	body := g.Map(rows, func(row R) g.Node {
		return h.Tr(g.Map(columns, func(c Column[R]) g.Node {
			return h.Td(g.If(c.Number, h.Class("number")), g.Attr("data-head", v.Label(c.Head)), c.Cell(row))
		}))
	})
	return h.Div(h.Class("table"), h.TabIndex("0"), h.Role("region"), h.Aria("label", v.Label(caption)),
		h.Table(h.Caption(h.Class("hidden"), v.Words(caption)), h.THead(h.Tr(head)), h.TBody(body)))
}

// sorted is what the URL sorts by.
func (v *Visit) sorted() (by string, down bool) {
	by, down = strings.CutPrefix(v.r.URL.Query().Get("sort"), "-")
	return by, down
}

// Sort is what the URL sorts by, one of those allowed, and whether from the highest down; else the first allowed, upwards,
// or downwards when it is written with a minus.
func (v *Visit) Sort(allowed ...string) (by string, down bool) {
	by, down = v.sorted()
	if slices.Contains(allowed, by) || slices.Contains(allowed, "-"+by) {
		return by, down
	}
	by, down = strings.CutPrefix(allowed[0], "-")
	return by, down
}

// URL is this page's with other parameters, name and value in turn; "" takes one away. Unless told otherwise it leads to
// the first page.
func (v *Visit) URL(params ...string) string {
	q := v.r.URL.Query()
	q.Del("page")
	return withParams(v.r.URL.Path, q, params)
}

func withParams(path string, q url.Values, params []string) string {
	for i := 0; i+1 < len(params); i += 2 {
		if q.Set(params[i], params[i+1]); params[i+1] == "" {
			q.Del(params[i])
		}
	}
	for name, values := range q {
		if slices.Equal(values, []string{""}) { // an empty field of a filter
			q.Del(name)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// PageSize is how many rows of a long list stand on one page.
const PageSize = 50

// Offset is how many rows stand on the pages before this one.
func (v *Visit) Offset() int { return (v.page() - 1) * PageSize }

// mostPages keeps offsets within what a database counts to.
const mostPages = 1_000_000

func (v *Visit) page() int {
	n, err := strconv.Atoi(v.r.URL.Query().Get("page"))
	if err != nil {
		return 1
	}
	return min(max(n, 1), mostPages)
}

// Pager leads to the pages before and behind this one of a list with so many rows in all.
func (v *Visit) Pager(total int) g.Node {
	last, now := (total+PageSize-1)/PageSize, v.page()
	if last <= 1 && now == 1 {
		return nil
	}
	link := func(to int, words g.Node, rel string) g.Node {
		if to < 1 || to > last {
			return nil
		}
		return h.A(h.Href(v.URL("page", strconv.Itoa(to))), h.Rel(rel), words)
	}
	return h.Nav(h.Class("pager"), h.Aria("label", v.S("web.pager.label")),
		link(min(now-1, last), v.T("web.pager.before"), "prev"),
		h.Span(v.T("web.pager.here", "Page", now, "Pages", last, "Rows", v.Label(chat.Plain(strconv.Itoa(total))))),
		link(now+1, v.T("web.pager.after"), "next"))
}
