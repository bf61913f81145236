package stock

import (
	"slices"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

// find leads from a number, as it was typed, to the container's page, or to those in stock that may be meant.
func (p *pages) find(v *page.Visit) error {
	typed := v.Form().Text("number")
	known, err := p.records.LookAtBoxes(v.Ctx(), v.Look(), records.Looking{Typed: typed})
	if err != nil {
		return err
	}
	if len(known.Boxes) == 1 && known.Boxes[0].Box != nil {
		return v.Go(boxPath(known.Boxes[0].Number), chat.Text{})
	}
	body := explain(v, known)
	if len(known.Boxes) == 0 {
		body = []g.Node{h.P(v.T("webyard.find_none"))}
	}
	return v.Show(chat.T("webyard.find"), append(body, findForm(v))...)
}

// explain says what became of a number as it was typed: the box, or what is wrong with it and which may be meant.
func explain(v *page.Visit, known records.Looked) (body []g.Node) {
	for _, k := range known.Boxes {
		switch {
		case k.Box != nil:
			body = append(body, h.P(boxLink(k.Number)))
		case k.Refused != nil:
			body = append(body, h.P(h.Strong(g.Text(k.Typed)), g.Text(": "), v.Words(*k.Refused)))
		default:
			body = append(body, h.P(h.Strong(g.Text(k.Number.Grouped())), g.Text(": "), v.T("yardrules.unknown")))
		}
		if len(k.Nearest) > 0 {
			body = append(body, h.P(v.T("webyard.meant")), h.Ul(g.Map(k.Nearest, func(n container.Number) g.Node { return h.Li(boxLink(n)) })))
		}
	}
	return body
}

// container shows all that is known of a container, and what can be done with it.
func (p *pages) container(v *page.Visit) error {
	number, err := container.Parse(v.Request().PathValue("number"))
	if err != nil {
		return fault.New(fault.NotFound, "yardrules.unknown")
	}
	var n names
	var rows []store.MovementRow
	var boxes []yard.Box
	err = p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		if n, err = p.names(v.Ctx(), tx, v.Person.Workspace); err != nil {
			return err
		}
		if rows, err = tx.HistoryOf(v.Ctx(), v.Person.Workspace, number); err != nil {
			return err
		}
		boxes, err = tx.Boxes(v.Ctx(), v.Person.Workspace, staysOf(rows), now())
		return err
	})
	if err != nil {
		return err
	}
	if len(boxes) == 0 {
		return fault.New(fault.NotFound, "yardrules.unknown")
	}
	slices.SortFunc(boxes, latestFirst)
	known, err := p.records.LookAtBoxes(v.Ctx(), v.Look(), records.Looking{Stays: []int64{boxes[0].ID}})
	if err != nil {
		return err
	}
	body := []g.Node{
		owner(v, number),
		facts(v, boxes[0], n),
		g.Map(known.Boxes, func(k records.Known) g.Node { return costs(v, k) }),
		p.actions(v, boxes[0]),
	}
	columns := append(movementColumns(v, n), page.Column[store.MovementRow]{Head: chat.T("webyard.correction"), Cell: func(m store.MovementRow) g.Node {
		if !mayCorrect(v, m) {
			return nil
		}
		return h.A(h.Href(correctPath(m.ID)), v.T("webyard.correct"), h.Span(h.Class("hidden"), g.Text(" "), v.Words(m.Kind.Label())))
	}})
	for _, b := range boxes {
		body = append(body, h.H2(stayTitle(v, n, b)), page.Table(v, chat.T("webyard.history"), columns, of(rows, b.ID)))
	}
	return v.Show(chat.Plain(number.Grouped()), body...)
}

// staysOf are the stays of movements, each once.
func staysOf(rows []store.MovementRow) (stays []int64) {
	for _, m := range rows {
		if !slices.Contains(stays, m.Stay) {
			stays = append(stays, m.Stay)
		}
	}
	return stays
}

// of are the movements of a stay.
func of(rows []store.MovementRow, stay int64) (some []store.MovementRow) {
	for _, m := range rows {
		if m.Stay == stay {
			some = append(some, m)
		}
	}
	return some
}

// latestFirst puts the stay that goes on first, then the last one, and those that never were last.
func latestFirst(a, b yard.Box) int {
	if void := (a.State == yard.Void); void != (b.State == yard.Void) {
		if void {
			return 1
		}
		return -1
	}
	return b.Entered.Compare(a.Entered)
}

// owner tells whose code a number has in the register.
func owner(v *page.Visit, number container.Number) g.Node {
	o, known := number.Owner()
	if !known {
		return h.P(h.Class("quiet"), v.T("webyard.owner_unknown"))
	}
	return h.P(h.Class("quiet"), g.Text(o.Company))
}

// costs show what a stay has cost so far, to those who may see it.
func costs(v *page.Visit, k records.Known) g.Node {
	switch {
	case k.Unpriced != nil:
		return h.P(h.Class("bad"), v.Words(*k.Unpriced))
	case len(k.Accrued) > 0:
		return h.P(v.T("webyard.accrued"), g.Map(k.Accrued, func(a money.Amount) g.Node { return g.Group{g.Text(" "), h.Strong(v.Money(a))} }))
	}
	return nil
}

func stayTitle(v *page.Visit, n names, b yard.Box) g.Node {
	title := g.Group{v.TimeIn(b.Entered, n.zone(b.Origin)), g.Text(" – ")}
	if !b.Left.IsZero() {
		title = append(title, v.TimeIn(b.Left, n.zone(b.Terminal)))
	} else {
		title = append(title, v.Words(b.State.Label()))
	}
	return title
}
