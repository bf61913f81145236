package stock

import (
	"fmt"
	"slices"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

func correctPath(movement int64) string { return fmt.Sprintf("/yard/movements/%d/correct", movement) }

// correct shows a movement with the form of what it should have told, and the one that says it never happened; and
// records either.
func (p *pages) correct(v *page.Visit) error {
	var n names
	var m store.MovementRow
	var b yard.Box
	err := p.store.Tx(v.Ctx(), func(tx *store.Tx) (err error) {
		if n, err = p.names(v.Ctx(), tx, v.Person.Workspace); err != nil {
			return err
		}
		if m, err = tx.MovementRow(v.Ctx(), v.Person.Workspace, v.ID("movement")); err != nil {
			return err
		}
		b, err = tx.Box(v.Ctx(), v.Person.Workspace, m.Stay, now())
		return err
	})
	if err != nil {
		return err
	}
	f := v.Form()
	change, reverse := f, v.Blank()
	if posted(v) {
		in := yard.Correction{Movement: m.ID, Reason: f.Text("reason")}
		fieldOf := fieldOf
		if strings.HasSuffix(v.Request().URL.Path, "/reverse") {
			change, reverse = reverse, f
			in.Reverse, in.Reason, fieldOf = true, f.Text("why"), nil
			f.Need("why")
		} else {
			in = p.changed(fields{v, f, n}, m, in)
			f.Need("reason")
		}
		if f.OK() {
			done, err := p.records.Correct(v.Ctx(), v.Turn(f), in)
			if err == nil {
				to := b.Number
				if len(done.Boxes) == 1 {
					to = done.Boxes[0].Number
				}
				return v.Go(boxPath(to), outcome(done))
			}
			if err := f.Refuse(err, fieldOf); err != nil {
				return err
			}
		}
	}
	return p.showCorrection(v, n, m, b, change, reverse)
}

// changed is what the form changes of a movement; what stays as it was keeps its exact moment.
func (p *pages) changed(x fields, m store.MovementRow, in yard.Correction) yard.Correction {
	zone := zoneOf(m.Zone)
	in.Details = x.details(m.Details)
	if x.f.Text("at") != page.MomentValue(m.At, zone) {
		in.At = x.f.Moment("at", zone)
	}
	if in.Terminal = chosen(x.f, "terminal", x.n.terminalOptions(0)); in.Terminal == m.Terminal {
		in.Terminal = 0
	}
	return in
}

func (p *pages) showCorrection(v *page.Visit, n names, m store.MovementRow, b yard.Box, change, reverse *page.Form) error {
	record := page.Table(v, chat.T("webyard.record"), movementColumns(v, n), []store.MovementRow{m})
	head := []g.Node{h.P(boxLink(b.Number)), record}
	if !mayCorrect(v, m) {
		return v.Show(chat.T("webyard.correct_title", "Kind", m.Kind.Label()), append(head, h.P(v.T("webyard.not_to_correct")))...)
	}
	fill(change, m.Movement, zoneOf(m.Zone))
	x := fields{v, change, n}
	reason := func(f *page.Form, name string) g.Node {
		return f.Field(page.Field{Name: name, Label: chat.T("webyard.why"), Need: true, Wide: true, More: []g.Node{h.AutoComplete("off")}})
	}
	return v.Show(chat.T("webyard.correct_title", "Kind", m.Kind.Label()), append(head,
		h.H2(v.T("webyard.correct_what")),
		h.P(h.Class("quiet"), v.T("webyard.correct_how")),
		change.Post(correctPath(m.ID), chat.T("webyard.correct_do"), slices.Concat(
			[]g.Node{x.moment("at", chat.T("webyard.at"), chat.Text{}), x.must("terminal", chat.T("webyard.terminal"), n.terminalOptions(0))},
			x.ofKind(m.Kind), []g.Node{reason(change, "reason")})...),
		h.H2(v.T("webyard.reverse")),
		h.P(h.Class("quiet"), v.T("webyard.reverse_how")),
		reverse.Post(fmt.Sprintf("/yard/movements/%d/reverse", m.ID), chat.T("webyard.reverse"), reason(reverse, "why")))...)
}

// ofKind are the fields that a movement of a kind has beside its time and terminal.
func (x fields) ofKind(kind yard.Kind) []g.Node {
	place := x.text("place", chat.T("webyard.place"))
	switch kind {
	case yard.GateIn:
		return slices.Concat(x.arrival(), x.transport(), []g.Node{place}, x.cargo(), []g.Node{x.remarks()})
	case yard.GateOut:
		return slices.Concat([]g.Node{x.text("order", chat.T("webyard.order"))}, x.transport(),
			[]g.Node{x.text("destination", chat.T("webyard.destination")), x.text("seals", chat.T("webyard.seals")), x.remarks()})
	case yard.TransferOut:
		return slices.Concat([]g.Node{x.must("to", chat.T("webyard.to_terminal"), x.n.terminalOptions(0))}, x.transport(), []g.Node{x.remarks()})
	case yard.TransferIn:
		return []g.Node{place, x.remarks()}
	case yard.Operated:
		return []g.Node{x.must("operation", chat.T("webyard.operation"), labelled(x.v, handlings, yard.Operation.Label)), place, x.remarks()}
	}
	return []g.Node{x.remarks()}
}
