package stock

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

// now is the moment until which days are counted.
func now() time.Time { return time.Now().UTC() }

// deed is something that can be done with a box.
type deed struct {
	path   string
	action yard.Action
	may    people.Permission
	title  chat.Text
	fields func(x fields, b yard.Box) []g.Node
	do     func(ctx context.Context, turn chat.Turn, f *page.Form, stay int64, at time.Time, d yard.Details) (yard.Recorded, error)
}

// deeds are all that can be done, in the order in which it is offered.
func (p *pages) deeds() []deed {
	handle := func(kind yard.Kind) func(context.Context, chat.Turn, *page.Form, int64, time.Time, yard.Details) (yard.Recorded, error) {
		return func(ctx context.Context, turn chat.Turn, f *page.Form, stay int64, at time.Time, d yard.Details) (yard.Recorded, error) {
			return p.records.Handle(ctx, turn, yard.Handling{Stay: stay, Kind: kind, At: at, Reason: f.Text("reason"), Details: d})
		}
	}
	why := func(x fields, _ yard.Box) []g.Node {
		return []g.Node{x.text("reason", chat.T("webyard.reason")), x.when()}
	}
	return []deed{
		{"receive", yard.ActReceive, people.MoveBoxes, chat.T("webyard.do.receive"),
			func(x fields, _ yard.Box) []g.Node {
				return []g.Node{x.when(), x.text("place", chat.T("webyard.place")), x.remarks()}
			},
			func(ctx context.Context, turn chat.Turn, _ *page.Form, stay int64, at time.Time, d yard.Details) (yard.Recorded, error) {
				return p.records.Receive(ctx, turn, yard.Receipt{Stays: []int64{stay}, At: at, Details: d})
			}},
		{"release", yard.ActRelease, people.MoveBoxes, chat.T("webyard.do.release"),
			func(x fields, b yard.Box) []g.Node {
				order := x.f.Field(page.Field{Name: "order", Label: chat.T("webyard.order"), Need: b.RequiresOrder, More: []g.Node{h.AutoComplete("off")}})
				return slices.Concat([]g.Node{x.when(), order}, x.transport(),
					[]g.Node{x.text("destination", chat.T("webyard.destination")), x.text("seals", chat.T("webyard.seals")), x.remarks()})
			},
			func(ctx context.Context, turn chat.Turn, _ *page.Form, stay int64, at time.Time, d yard.Details) (yard.Recorded, error) {
				return p.records.Release(ctx, turn, yard.Departure{Stays: []int64{stay}, At: at, Details: d})
			}},
		{"transfer", yard.ActTransfer, people.MoveBoxes, chat.T("webyard.do.transfer"),
			func(x fields, b yard.Box) []g.Node {
				return slices.Concat([]g.Node{x.must("to", chat.T("webyard.to_terminal"), x.n.terminalOptions(b.Terminal)), x.when()}, x.transport(), []g.Node{x.remarks()})
			},
			func(ctx context.Context, turn chat.Turn, _ *page.Form, stay int64, at time.Time, d yard.Details) (yard.Recorded, error) {
				return p.records.Transfer(ctx, turn, yard.Transfer{Stays: []int64{stay}, At: at, Details: d})
			}},
		{"operation", yard.ActHandle, people.MoveBoxes, chat.T("webyard.do.operation"),
			func(x fields, _ yard.Box) []g.Node {
				return []g.Node{x.must("operation", chat.T("webyard.operation"), labelled(x.v, handlings, yard.Operation.Label)), x.when(),
					x.text("place", chat.T("webyard.place")), x.remarks()}
			}, handle(yard.Operated)},
		{"hold", yard.ActHold, people.HoldBoxes, chat.T("webyard.do.hold"), why, handle(yard.Held)},
		{"unhold", yard.ActUnhold, people.HoldBoxes, chat.T("webyard.do.unhold"), why, handle(yard.Unheld)},
	}
}

// when is the field of a moment; nothing in it is now.
func (x fields) when() g.Node {
	return x.moment("at", chat.T("webyard.at"), chat.T("webyard.now_hint"))
}

// actions lead to what the visitor can do with a box as it is now.
func (p *pages) actions(v *page.Visit, b yard.Box) g.Node {
	can := b.Can(v.Person)
	var links []g.Node
	for _, d := range p.deeds() {
		if slices.Contains(can, d.action) && v.May(d.may) {
			links = append(links, h.A(h.Class("button"), h.Href(fmt.Sprintf("/yard/stays/%d/%s", b.ID, d.path)), v.Words(d.title)))
		}
	}
	if slices.Contains(can, yard.ActGateIn) && mayMove(v) {
		links = append(links, h.A(h.Class("button"), h.Href("/yard/gate-in?number="+string(b.Number)), v.T("webyard.gate_in")))
	}
	if len(links) == 0 {
		return nil
	}
	return h.P(h.Class("actions"), g.Group(links))
}

// doing shows the form of a deed beside the box, and does it.
func (p *pages) doing(d deed) func(*page.Visit) error {
	return func(v *page.Visit) error {
		var n names
		var b yard.Box
		err := p.store.Tx(v.Ctx(), func(tx *store.Tx) (err error) {
			if n, err = p.names(v.Ctx(), tx, v.Person.Workspace); err != nil {
				return err
			}
			b, err = tx.Box(v.Ctx(), v.Person.Workspace, v.ID("stay"), now())
			return err
		})
		if err != nil {
			return err
		}
		f := v.Form()
		x := fields{v, f, n}
		zone := n.zone(b.Terminal)
		if d.action == yard.ActReceive {
			zone = n.zone(b.Bound)
		}
		if posted(v) {
			at, details := f.Moment("at", zone), x.details(yard.Details{})
			if f.OK() {
				done, err := d.do(v.Ctx(), v.Turn(f), f, b.ID, at, details)
				if err == nil {
					return v.Go(boxPath(b.Number), outcome(done))
				}
				if err := f.Refuse(err, fieldOf); err != nil {
					return err
				}
			}
		}
		return v.Show(d.title, h.P(boxLink(b.Number)), facts(v, b, n),
			f.Post(fmt.Sprintf("/yard/stays/%d/%s", b.ID, d.path), d.title, d.fields(x, b)...))
	}
}

// outcome says what came of a change.
func outcome(done yard.Recorded) chat.Text {
	if done.Waits != 0 {
		return chat.T("webyard.waits")
	}
	return chat.T("webyard.done")
}

// gateIn shows the form of a gate-in, and records it.
func (p *pages) gateIn(v *page.Visit) error {
	n, err := p.readNames(v)
	if err != nil {
		return err
	}
	f := v.Form()
	x := fields{v, f, n}
	if posted(v) {
		terminal := chosen(f, "terminal", gates(v, n))
		in := yard.Arrival{Terminal: terminal, At: f.Moment("at", n.zone(terminal)), Details: x.details(yard.Details{})}
		f.Need("terminal", "number", "client")
		if f.OK() {
			done, err := p.records.GateIn(v.Ctx(), v.Turn(f), in)
			if err == nil && len(done.Boxes) == 1 {
				return v.Go(boxPath(done.Boxes[0].Number), outcome(done))
			}
			if err == nil {
				return v.Go("/yard", outcome(done))
			}
			if err := f.Refuse(err, fieldOf); err != nil {
				return err
			}
		}
	}
	return v.Show(chat.T("webyard.gate_in"), f.Post("/yard/gate-in", chat.T("webyard.gate_in"), slices.Concat(
		[]g.Node{x.must("terminal", chat.T("webyard.terminal"), gates(v, n))}, x.arrival(), []g.Node{x.when()}, x.transport(),
		[]g.Node{x.text("place", chat.T("webyard.place"))}, x.cargo(), []g.Node{x.remarks()})...))
}

// gates are the terminals where the visitor may let boxes in.
func gates(v *page.Visit, n names) []page.Option {
	return slices.DeleteFunc(n.terminalOptions(0), func(o page.Option) bool {
		id, err := strconv.ParseInt(o.Value, 10, 64)
		return err != nil || yard.May(v.Person, yard.ActGateIn, id) != nil
	})
}

// posted tells whether the visitor sent a form, rather than asking for the page.
func posted(v *page.Visit) bool { return v.Request().Method == http.MethodPost }
