package stock

import (
	"slices"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

// movements shows the journal: every record, those first that happened last.
func (p *pages) movements(v *page.Visit) error {
	n, err := p.readNames(v)
	if err != nil {
		return err
	}
	f := v.Form()
	filter := movementFilter(v, f, n)
	x := fields{v, f, n}
	any := chat.T("webyard.any")
	form := f.Filter(
		f.Field(page.Field{Name: "from", Label: chat.T("webyard.from"), Type: "date"}),
		f.Field(page.Field{Name: "to", Label: chat.T("webyard.through"), Type: "date"}),
		x.text("number", chat.T("webyard.number")),
		x.choice("terminal", chat.T("webyard.terminal"), any, n.terminalOptions(0)),
		x.choice("kind", chat.T("webyard.kind"), any, labelled(v, yard.Kinds, yard.Kind.Label)),
		x.choice("client", chat.T("webyard.client"), any, n.companyOptions()),
		x.choice("person", chat.T("webyard.by"), any, n.personOptions()),
		f.Field(page.Field{Name: "corrections", Label: chat.T("webyard.corrections"), Type: "check"}),
	)
	body := []g.Node{filters(v, f, form)}
	if !f.OK() {
		return v.Show(chat.T("webyard.menu.movements"), body...)
	}
	var rows []store.MovementRow
	var total int
	err = p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		if total, err = tx.CountMovements(v.Ctx(), v.Person.Workspace, filter); err != nil {
			return err
		}
		rows, err = tx.Journal(v.Ctx(), v.Person.Workspace, filter, v.Offset(), page.PageSize)
		return err
	})
	if err != nil {
		return err
	}
	if total == 0 {
		return v.Show(chat.T("webyard.menu.movements"), append(body, h.P(h.Class("none"), v.T("webyard.movements_none")))...)
	}
	columns := append([]page.Column[store.MovementRow]{
		{Head: chat.T("webyard.number"), Cell: func(m store.MovementRow) g.Node { return boxLink(m.Box) }},
	}, movementColumns(v, n)...)
	return v.Show(chat.T("webyard.menu.movements"), append(body, page.Table(v, chat.T("webyard.menu.movements"), columns, rows), v.Pager(total))...)
}

// movementFilter reads which movements are meant; what cannot be is noted with its field.
func movementFilter(v *page.Visit, f *page.Form, n names) store.MovementFilter {
	filter := store.MovementFilter{
		Terminal: chosen(f, "terminal", n.terminalOptions(0)), Client: chosen(f, "client", n.companyOptions()),
		Person: chosen(f, "person", n.personOptions()), Kind: word(f, "kind", yard.Kinds),
		Number: numberPart(f.Text("number")), Corrections: f.On("corrections"),
	}
	from, through := f.Date("from"), f.Date("to")
	if from != 0 {
		filter.From = from.Start(v.Zone)
	}
	if through != 0 {
		filter.To = (through + 1).Start(v.Zone)
	}
	if from != 0 && through != 0 && through < from {
		f.Wrong("to", chat.T("webyard.days_reversed"))
	}
	return filter
}

// movementColumns show movements, those too that no longer count.
func movementColumns(v *page.Visit, n names) []page.Column[store.MovementRow] {
	return []page.Column[store.MovementRow]{
		{Head: chat.T("webyard.at"), Cell: func(m store.MovementRow) g.Node {
			return struck(m, v.TimeIn(m.At, zoneOf(m.Zone)))
		}},
		{Head: chat.T("webyard.kind"), Cell: func(m store.MovementRow) g.Node {
			kind := m.Kind.Label()
			if m.Kind == yard.Operated {
				kind = m.Operation.Label()
			}
			return g.Group{struck(m, v.Words(kind)), mark(v, m)}
		}},
		{Head: chat.T("webyard.terminal"), Cell: func(m store.MovementRow) g.Node {
			if m.ToName != "" {
				return g.Text(m.TerminalName + " → " + m.ToName)
			}
			return g.Text(m.TerminalName)
		}},
		{Head: chat.T("webyard.what"), Cell: func(m store.MovementRow) g.Node {
			told := tell(v, n, m.Movement)
			return g.Group{
				struck(m, g.Text(strings.Join(told, " · "))),
				g.Iff(m.Corrected != nil && m.Kind != yard.Reversed, func() g.Node { return was(v, n, *m.Corrected, m.Movement) }),
			}
		}},
		{Head: chat.T("webyard.recorded"), Cell: func(m store.MovementRow) g.Node {
			return g.Group{
				g.Text(m.By.Name), g.If(m.By.Name != "", h.Br()), h.Span(h.Class("quiet small"), v.Time(m.Recorded), g.Text(" · "), v.Words(sourceLabel(m.Source))),
				g.Iff(m.ApprovedName != "" && m.ApprovedName != m.By.Name, func() g.Node {
					return h.Div(h.Class("quiet small"), v.T("webyard.approved_by", "Name", m.ApprovedName))
				}),
			}
		}},
		{Head: chat.T("webyard.reason"), Cell: func(m store.MovementRow) g.Node { return g.Text(m.Reason) }},
	}
}

// struck shows something of a movement that no longer counts as such.
func struck(m store.MovementRow, node g.Node) g.Node {
	if m.ReplacedBy != 0 {
		return h.S(node)
	}
	return node
}

// mark says what a correction is, and that a movement no longer counts.
func mark(v *page.Visit, m store.MovementRow) g.Node {
	switch {
	case m.ReplacedBy != 0:
		return h.Div(h.Class("quiet small"), v.T("webyard.replaced", "At", m.ReplacedAt))
	case m.Kind == yard.Reversed && m.Corrected != nil:
		return h.Div(h.Class("quiet small"), v.T("webyard.reverses", "Kind", m.Corrected.Kind.Label()))
	case m.Corrected != nil:
		return h.Div(h.Class("quiet small"), v.T("webyard.is_correction"))
	}
	return nil
}

// was shows what a movement told before it was corrected.
func was(v *page.Visit, n names, old, now yard.Movement) g.Node {
	told := tell(v, n, now)
	var gone []string
	if !old.At.Equal(now.At) {
		gone = append(gone, v.Label(chat.At(old.At)))
	}
	if old.Terminal != now.Terminal {
		t, _ := n.terminal(old.Terminal)
		gone = append(gone, t.Name)
	}
	for _, part := range tell(v, n, old) {
		if !slices.Contains(told, part) {
			gone = append(gone, part)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return h.Div(h.Class("quiet small"), v.T("webyard.was"), g.Text(" "), h.S(g.Text(strings.Join(gone, " · "))))
}

// tell lists what a movement tells of the box.
func tell(v *page.Visit, n names, m yard.Movement) []string {
	var told []string
	add := func(texts ...string) {
		if text := strings.TrimSpace(strings.Join(texts, " ")); text != "" {
			told = append(told, text)
		}
	}
	if m.Kind == yard.GateIn {
		add(m.Number.Grouped())
	}
	add(sizeAndLoad(v, m.SizeType, m.Load))
	add(n.company(m.Client))
	if m.Line != 0 {
		add(v.S("webyard.line_is", "Line", n.company(m.Line)))
	}
	if m.Transport.Mode != "" {
		add(v.Label(m.Transport.Mode.Label()), m.Transport.Number)
	} else {
		add(m.Transport.Number)
	}
	if m.Order != "" {
		add(v.S("webyard.order_is", "Order", m.Order))
	}
	if m.Destination != "" {
		add(v.S("webyard.bound_for", "Place", m.Destination))
	}
	if m.Place != "" {
		add(v.S("webyard.place_is", "Place", m.Place))
	}
	if len(m.Seals) > 0 {
		add(v.S("webyard.seals_are", "Seals", strings.Join(m.Seals, ", ")))
	}
	add(m.Cargo)
	if !m.Tonnage.IsZero() {
		add(v.S("webyard.tons", "Tons", m.Tonnage.String()))
	}
	add(m.Remarks)
	if len(m.Photos) > 0 {
		add(v.S("webyard.photos", "Count", len(m.Photos)))
	}
	return told
}

func sourceLabel(s yard.Source) chat.Text {
	switch s {
	case yard.FromWeb:
		return chat.T("webyard.from_web")
	case yard.FromImport:
		return chat.T("webyard.from_import")
	}
	return chat.T("webyard.from_chat")
}

// mayCorrect tells whether the visitor can be offered to correct a movement.
func mayCorrect(v *page.Visit, m store.MovementRow) bool {
	return m.ReplacedBy == 0 && m.Kind != yard.Reversed && yard.MayCorrect(v.Person, m.Kind, m.Terminal) == nil
}
