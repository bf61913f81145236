package page

import (
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
)

// Field is a labelled field of a form.
type Field struct {
	Name    string
	Label   chat.Text
	Hint    chat.Text // a line below; zero: none
	Type    string    // as HTML has it; "": text; also "select", "area" and "check"
	Options []Option  // of a select
	List    []string  // what is offered while typing
	Need    bool      // it must not be empty
	Wide    bool      // over the whole width of the form
	More    []g.Node  // attributes of the input
}

// Option is one of the choices of a select.
type Option struct {
	Value string
	Label string
}

// Field shows a field with its value and what is wrong with it.
func (f *Form) Field(d Field) g.Node {
	id := "f-" + d.Name
	value := f.values.Get(d.Name)
	wrong, isWrong := f.wrong[d.Name]
	attrs := g.Group{h.ID(id), h.Name(d.Name), g.If(d.Need, h.Required())}
	attrs = append(attrs, d.More...)
	if described := described(id, d.Hint.Key != "", isWrong); described != "" {
		attrs = append(attrs, h.Aria("describedby", described))
	}
	if isWrong {
		attrs = append(attrs, h.Aria("invalid", "true"))
	}
	label := h.Label(h.For(id), f.v.Words(d.Label))
	var input g.Node
	switch d.Type {
	case "hidden":
		return h.Input(h.Type("hidden"), h.Name(d.Name), h.Value(value))
	case "select":
		input = h.Select(attrs, g.Map(d.Options, func(o Option) g.Node {
			return h.Option(h.Value(o.Value), g.If(o.Value == value, h.Selected()), g.Text(o.Label))
		}))
	case "area":
		input = h.Textarea(attrs, g.Text(value))
	case "check":
		input = h.Input(attrs, h.Type("checkbox"), h.Value("1"), g.If(value != "", h.Checked()))
	case "file":
		input = h.Input(attrs, h.Type("file"))
	default:
		if d.Type == "" {
			d.Type = "text"
		}
		input = g.Group{
			h.Input(attrs, h.Type(d.Type), h.Value(value), g.If(len(d.List) > 0, h.List(id+"-list"))),
			g.If(len(d.List) > 0, h.DataList(h.ID(id+"-list"), g.Map(d.List, func(s string) g.Node {
				return h.Option(h.Value(s))
			}))),
		}
	}
	parts := g.Group{label, input}
	if d.Type == "check" {
		parts = g.Group{input, label}
	}
	return h.Div(h.Class(class("field", d.Type == "check", "check", d.Wide || d.Type == "area", "wide")), parts,
		g.Iff(d.Hint.Key != "", func() g.Node { return h.P(h.Class("hint"), h.ID(id+"-hint"), f.v.Words(d.Hint)) }),
		g.Iff(isWrong, func() g.Node { return h.P(h.Class("wrong"), h.ID(id+"-wrong"), f.v.Words(wrong)) }),
	)
}

func described(id string, hint, wrong bool) string {
	switch {
	case hint && wrong:
		return id + "-hint " + id + "-wrong"
	case hint:
		return id + "-hint"
	case wrong:
		return id + "-wrong"
	}
	return ""
}

// class joins a class with those whose condition holds.
func class(always string, more ...any) string {
	for i := 0; i+1 < len(more); i += 2 {
		if more[i].(bool) {
			always += " " + more[i+1].(string)
		}
	}
	return always
}

// Post shows the form so that it is posted to a path; submit is the button's words. What is wrong with all of it stands
// above.
func (f *Form) Post(action string, submit chat.Text, fields ...g.Node) g.Node {
	return f.post(action, submit, "", fields)
}

// PostFiles is Post for a form with files.
func (f *Form) PostFiles(action string, submit chat.Text, fields ...g.Node) g.Node {
	return f.post(action, submit, "multipart/form-data", fields)
}

func (f *Form) post(action string, submit chat.Text, enctype string, fields []g.Node) g.Node {
	return h.Form(h.Method("post"), h.Action(action), g.If(enctype != "", h.EncType(enctype)),
		g.Attr("data-working", f.v.S("web.form.working")),
		f.Above(), h.Input(h.Type("hidden"), h.Name("op"), h.Value(f.op)),
		h.Div(h.Class("fields"), g.Group(fields)),
		h.P(h.Class("actions"), h.Button(h.Type("submit"), f.v.Words(submit))))
}

// Above tells what is wrong with the whole form, for pages that lay out a form of their own.
func (f *Form) Above() g.Node {
	why, wrong := f.wrong[""]
	if !wrong {
		return nil
	}
	return h.P(h.Class("wrong whole"), h.Role("alert"), f.v.Words(why))
}

// Button is a form of one button: something to do that asks nothing. Hidden fields are name and value in turn.
func (v *Visit) Button(action string, label chat.Text, hidden ...string) g.Node {
	f := v.Blank()
	fields := g.Group{h.Input(h.Type("hidden"), h.Name("op"), h.Value(f.op))}
	for i := 0; i+1 < len(hidden); i += 2 {
		fields = append(fields, h.Input(h.Type("hidden"), h.Name(hidden[i]), h.Value(hidden[i+1])))
	}
	return h.Form(h.Class("one"), h.Method("post"), h.Action(action), g.Attr("data-working", v.S("web.form.working")),
		fields, h.Button(h.Type("submit"), v.Words(label)))
}

// Filter shows the form so that its fields come into this page's URL.
func (f *Form) Filter(fields ...g.Node) g.Node { return f.FilterAt(f.v.r.URL.Path, fields...) }

// FilterAt is Filter for another page's URL.
func (f *Form) FilterAt(path string, fields ...g.Node) g.Node {
	return h.Form(h.Class("filter"), h.Method("get"), h.Action(path),
		f.Above(), h.Div(h.Class("fields"), g.Group(fields)),
		g.If(f.Text("sort") != "", h.Input(h.Type("hidden"), h.Name("sort"), h.Value(f.Text("sort")))),
		h.P(h.Class("actions"), h.Button(h.Type("submit"), f.v.T("web.filter.show")), g.Text(" "),
			h.A(h.Href(path), f.v.T("web.filter.clear"))))
}
