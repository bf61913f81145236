package stock

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/web/page"
)

// fields are the fields of the yard's forms.
type fields struct {
	v *page.Visit
	f *page.Form
	n names
}

func (x fields) text(name string, label chat.Text, more ...g.Node) g.Node {
	return x.f.Field(page.Field{Name: name, Label: label, More: append([]g.Node{h.AutoComplete("off")}, more...)})
}

// choice is a list to choose from; any is what stands for none of them.
func (x fields) choice(name string, label, any chat.Text, options []page.Option) g.Node {
	options = append([]page.Option{{Label: x.v.Label(any)}}, options...)
	return x.f.Field(page.Field{Name: name, Label: label, Type: "select", Options: options})
}

// must is choice without none.
func (x fields) must(name string, label chat.Text, options []page.Option) g.Node {
	return x.f.Field(page.Field{Name: name, Label: label, Type: "select", Options: options, Need: true})
}

func (x fields) moment(name string, label, hint chat.Text) g.Node {
	return x.f.Field(page.Field{Name: name, Label: label, Hint: hint, Type: "datetime-local"})
}

func (x fields) whole(name string, label chat.Text) g.Node {
	return x.f.Field(page.Field{Name: name, Label: label, Type: "number", More: []g.Node{h.Min("0"), h.Step("1")}})
}

func idOption(id int64, label string) page.Option {
	return page.Option{Value: strconv.FormatInt(id, 10), Label: label}
}

func (n names) terminalOptions(but int64) (options []page.Option) {
	for _, t := range n.terminals {
		if t.ID != but {
			options = append(options, idOption(t.ID, t.Name))
		}
	}
	return options
}

func (n names) companyOptions() (options []page.Option) {
	for _, c := range n.companies {
		options = append(options, idOption(c.ID, c.Name))
	}
	return options
}

func (n names) personOptions() (options []page.Option) {
	for _, p := range n.people {
		options = append(options, idOption(p.ID, p.Name))
	}
	return options
}

// labelled are options of words of ours.
func labelled[S ~string](v *page.Visit, values []S, label func(S) chat.Text) (options []page.Option) {
	for _, value := range values {
		options = append(options, page.Option{Value: string(value), Label: v.Label(label(value))})
	}
	return options
}

// chosen reads a choice of those offered; any other is noted with the field.
func chosen(f *page.Form, name string, offered []page.Option) int64 {
	id := f.ID(name)
	if id == 0 && f.Text(name) == "" {
		return 0
	}
	for _, o := range offered {
		if o.Value == f.Text(name) {
			return id
		}
	}
	f.Wrong(name, chat.T("web.form.choice"))
	return 0
}

// word reads a choice of some words; any other is noted with the field.
func word[S ~string](f *page.Form, name string, allowed []S) S {
	for _, a := range allowed {
		if f.Text(name) == string(a) {
			return a
		}
	}
	if f.Text(name) != "" {
		f.Wrong(name, chat.T("web.form.choice"))
	}
	return ""
}

// numberPart is a part of a container's number as somebody typed it: in any case, with spaces and dashes, or a whole one
// however it can be read.
func numberPart(typed string) string {
	if number, err := container.Parse(typed); err == nil {
		return string(number)
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, typed)
}

// boxLink leads to a container's page.
func boxLink(n container.Number) g.Node {
	return h.A(h.Class("box"), h.Href(boxPath(n)), g.Text(n.Grouped()))
}

func boxPath(n container.Number) string { return "/yard/containers/" + string(n) }

// arrival are the fields of a gate-in.
func (x fields) arrival() []g.Node {
	return []g.Node{
		x.f.Field(page.Field{Name: "number", Label: chat.T("webyard.number"), Need: true,
			More: []g.Node{h.AutoComplete("off"), g.Attr("autocapitalize", "characters")}}),
		x.f.Field(page.Field{Name: "type", Label: chat.T("webyard.type"), Hint: chat.T("webyard.type_hint"), List: sizeTypes()}),
		x.choice("load", chat.T("webyard.load"), chat.T("webyard.unknown"), labelled(x.v, container.Loads, container.Load.Label)),
		x.must("client", chat.T("webyard.client"), append([]page.Option{{}}, x.n.companyOptions()...)),
		x.choice("line", chat.T("webyard.line"), chat.T("webyard.unknown"), x.n.companyOptions()),
	}
}

func sizeTypes() (all []string) {
	for _, s := range container.UsualSizeTypes {
		all = append(all, string(s))
	}
	return all
}

// transport are the fields of what brings or takes a box.
func (x fields) transport() []g.Node {
	return []g.Node{
		x.choice("mode", chat.T("webyard.mode"), chat.T("webyard.unknown"), labelled(x.v, yard.Modes, yard.Mode.Label)),
		x.text("vehicle", chat.T("webyard.vehicle")),
	}
}

func (x fields) cargo() []g.Node {
	return []g.Node{
		x.text("seals", chat.T("webyard.seals")),
		x.text("cargo", chat.T("webyard.cargo")),
		x.text("tonnage", chat.T("webyard.tonnage"), g.Attr("inputmode", "decimal")),
	}
}

func (x fields) remarks() g.Node {
	return x.f.Field(page.Field{Name: "remarks", Label: chat.T("webyard.remarks"), Type: "area"})
}

// fill gives the fields what a movement tells.
func fill(f *page.Form, m yard.Movement, zone *time.Location) {
	set := func(name, value string) {
		if value != "" {
			f.Set(name, value)
		}
	}
	id := func(name string, id int64) {
		if id != 0 {
			f.Set(name, strconv.FormatInt(id, 10))
		}
	}
	set("at", page.MomentValue(m.At, zone))
	id("terminal", m.Terminal)
	id("to", m.To)
	id("client", m.Client)
	id("line", m.Line)
	set("number", string(m.Number))
	set("type", string(m.SizeType))
	set("load", string(m.Load))
	set("operation", string(m.Operation))
	set("order", m.Order)
	set("mode", string(m.Transport.Mode))
	set("vehicle", m.Transport.Number)
	set("destination", m.Destination)
	set("seals", strings.Join(m.Seals, ", "))
	set("place", m.Place)
	set("cargo", m.Cargo)
	if !m.Tonnage.IsZero() {
		set("tonnage", m.Tonnage.String())
	}
	set("remarks", m.Remarks)
}

// details reads what a form tells of a box; what it has no field for stays as it was.
func (x fields) details(d yard.Details) yard.Details {
	f := x.f
	text := func(name string, into *string) {
		if f.Texts(name) != nil {
			*into = f.Text(name)
		}
	}
	if f.Texts("number") != nil && f.Text("number") != string(d.Number) {
		d.Typed = f.Text("number")
		d.Number = container.Number(d.Typed)
	}
	if f.Texts("type") != nil && f.Text("type") != string(d.SizeType) {
		d.SizeType = ""
		if f.Text("type") != "" {
			var err error
			if d.SizeType, err = container.ParseSizeType(f.Text("type")); err != nil {
				f.Wrong("type", fault.As(err).Text)
			}
		}
	}
	if f.Texts("load") != nil {
		d.Load = word(f, "load", container.Loads)
	}
	if f.Texts("client") != nil {
		d.Client = chosen(f, "client", x.n.companyOptions())
	}
	if f.Texts("line") != nil {
		d.Line = chosen(f, "line", x.n.companyOptions())
	}
	if f.Texts("to") != nil {
		d.To = chosen(f, "to", x.n.terminalOptions(0))
	}
	if f.Texts("operation") != nil {
		d.Operation = word(f, "operation", handlings)
	}
	if f.Texts("mode") != nil {
		d.Transport.Mode = word(f, "mode", yard.Modes)
	}
	if f.Texts("seals") != nil {
		d.Seals = strings.FieldsFunc(f.Text("seals"), func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' })
	}
	if f.Texts("tonnage") != nil {
		d.Tonnage = f.Decimal("tonnage")
	}
	for name, into := range map[string]*string{"order": &d.Order, "vehicle": &d.Transport.Number, "destination": &d.Destination,
		"place": &d.Place, "cargo": &d.Cargo, "remarks": &d.Remarks} {
		text(name, into)
	}
	return d
}

// handlings are the operations that are recorded by themselves.
var handlings = []yard.Operation{yard.Crane, yard.Weighing}

// fieldOf is the field that a refusal of the yard is about.
var fieldOf = map[string]string{
	"container.length": "number", "container.wants_letter": "number", "container.wants_digit": "number", "container.category": "number",
	"container.check_digit": "number", "container.check_digit_any": "number", "container.ambiguous": "number",
	"container.size_type": "type", "container.size_type_ambiguous": "type",
	"yardrules.number_missing": "number", "yardrules.client_missing": "client", "yardrules.terminal_missing": "terminal",
	"yardrules.terminal_unknown": "terminal", "yardrules.to_missing": "to", "yardrules.operation_missing": "operation",
	"yardrules.order_missing": "order", "yardrules.reason_missing": "reason", "yardrules.tonnage": "tonnage",
	"yardrules.future": "at", "yardrules.long_ago": "at", "yardrules.before_entry": "at", "yardrules.after_exit": "at",
	"yardrules.overlaps": "at", "yardrules.overlaps_open": "at", "yardrules.then_held": "at", "yardrules.then_not_held": "at",
	"yardrules.then_in_transit": "at", "yardrules.then_not_in_transit": "at",
	"yardrules.too_many_seals": "seals",
}

// facts show a box as it is now.
func facts(v *page.Visit, b yard.Box, n names) g.Node {
	zone := n.zone(b.Terminal)
	row := func(label string, value g.Node) g.Node {
		if value == nil {
			return nil
		}
		return h.Div(h.Dt(g.Text(label)), h.Dd(value))
	}
	text := func(s string) g.Node {
		if s == "" {
			return nil
		}
		return g.Text(s)
	}
	where := text(b.TerminalName)
	if b.State == yard.InTransit {
		where = g.Text(b.TerminalName + " → " + b.BoundName)
	}
	var held g.Node
	if b.OnHold {
		held = h.Span(h.Class("bad"), g.If(b.Held == "", v.T("webyard.held")), g.Text(b.Held))
	}
	var left g.Node
	if !b.Left.IsZero() {
		left = v.TimeIn(b.Left, zone)
	}
	return h.Dl(h.Class("facts"),
		row(v.S("webyard.state"), v.Words(b.State.Label())),
		row(v.S("webyard.hold"), held),
		row(v.S("webyard.terminal"), where),
		row(v.S("webyard.place"), text(b.Place)),
		row(v.S("webyard.type"), text(sizeAndLoad(v, b.SizeType, b.Load))),
		row(v.S("webyard.client"), text(b.ClientName)),
		row(v.S("webyard.line"), text(b.LineName)),
		row(v.S("webyard.entered"), v.TimeIn(b.Entered, n.zone(b.Origin))),
		row(v.S("webyard.left"), left),
		row(v.S("webyard.days"), v.Count(b.Days)),
	)
}

func sizeAndLoad(v *page.Visit, s container.SizeType, l container.Load) string {
	return strings.Join(strings.Fields(fmt.Sprint(string(s), " ", v.Label(l.Label()))), " ")
}

// mayMove tells whether the visitor works the gate of some terminal.
func mayMove(v *page.Visit) bool { return v.May(people.MoveBoxes) }
