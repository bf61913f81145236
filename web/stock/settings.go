package stock

import (
	"fmt"
	"strconv"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

// closePath is where days are closed for accounting.
const closePath = "/billing/settings"

// zones are the time zones that are offered while typing; any other of the IANA can be typed.
var zones = []string{
	"Asia/Tashkent", "Asia/Samarkand", "Asia/Almaty", "Asia/Bishkek", "Asia/Dushanbe", "Asia/Ashgabat", "Asia/Yekaterinburg", "Asia/Vladivostok",
	"Asia/Shanghai", "Asia/Dubai", "Europe/Moscow", "Europe/Istanbul", "UTC",
}

// settings shows how the yard is run, and changes that: what is posted, or nothing yet.
func (p *pages) settings(v *page.Visit) error {
	f := v.Form()
	if posted(v) {
		in := records.YardSettings{TransitHours: f.Int("transit"), LongStayDays: f.Int("long")}
		f.Need("transit", "long")
		if f.OK() {
			_, err := p.records.SaveYardSettings(v.Ctx(), v.Turn(f), in)
			if err == nil {
				return v.Go("/yard/settings", chat.T("webyard.saved"))
			}
			if err := f.Refuse(err, map[string]string{"yardrules.transit_hours": "transit", "yardrules.long_stay_days": "long"}); err != nil {
				return err
			}
		}
	}
	return p.showSettings(v, f, v.Blank())
}

// newTerminal makes a terminal.
func (p *pages) newTerminal(v *page.Visit) error {
	f := v.Form()
	if done, err := p.saveTerminal(v, f, 0); done || err != nil {
		return err
	}
	return p.showSettings(v, v.Blank(), f)
}

// terminal shows a terminal to be changed, and changes it.
func (p *pages) terminal(v *page.Visit) error {
	var t yard.Terminal
	err := p.store.Tx(v.Ctx(), func(tx *store.Tx) (err error) {
		t, err = tx.Terminal(v.Ctx(), v.Person.Workspace, v.ID("terminal"))
		return err
	})
	if err != nil {
		return err
	}
	f := v.Form()
	if posted(v) {
		if done, err := p.saveTerminal(v, f, t.ID); done || err != nil {
			return err
		}
	}
	f.Set("name", t.Name)
	f.Set("zone", t.Zone)
	return v.Show(chat.T("webyard.terminal_title", "Name", t.Name),
		f.Post(fmt.Sprintf("/yard/settings/terminals/%d", t.ID), chat.T("webyard.save"), terminalFields(v, f)...))
}

// saveTerminal saves what the form tells of a terminal, 0 for a new one. It tells whether that is done.
func (p *pages) saveTerminal(v *page.Visit, f *page.Form, id int64) (bool, error) {
	f.Need("name", "zone")
	if !f.OK() {
		return false, nil
	}
	_, err := p.records.SaveTerminal(v.Ctx(), v.Turn(f), records.TerminalChange{ID: id, Name: f.Text("name"), Zone: f.Text("zone")})
	if err == nil {
		return true, v.Go("/yard/settings", chat.T("webyard.saved"))
	}
	return false, f.Refuse(err, map[string]string{"yardrules.terminal_invalid": "name", "yardrules.terminal_name": "name", "yardrules.zone_unknown": "zone", "yardrules.zone_stands": "zone"})
}

func terminalFields(v *page.Visit, f *page.Form) []g.Node {
	return []g.Node{
		fields{v: v, f: f}.text("name", chat.T("webyard.terminal_name"), h.Required()),
		f.Field(page.Field{Name: "zone", Label: chat.T("webyard.zone"), Hint: chat.T("webyard.zone_hint"), List: zones, Need: true}),
	}
}

func (p *pages) showSettings(v *page.Visit, run, terminal *page.Form) error {
	var y store.Yard
	var n names
	err := p.store.Tx(v.Ctx(), func(tx *store.Tx) (err error) {
		if n, err = p.names(v.Ctx(), tx, v.Person.Workspace); err != nil {
			return err
		}
		y, err = tx.Yard(v.Ctx(), v.Person.Workspace)
		return err
	})
	if err != nil {
		return err
	}
	run.Set("transit", strconv.Itoa(y.TransitHours))
	run.Set("long", strconv.Itoa(y.LongStayDays))
	terminal.Set("zone", v.Zone.String())
	body := []g.Node{h.H2(v.T("webyard.terminals"))}
	if len(n.terminals) > 0 {
		body = append(body, page.Table(v, chat.T("webyard.terminals"), []page.Column[yard.Terminal]{
			{Head: chat.T("webyard.terminal_name"), Cell: func(t yard.Terminal) g.Node {
				return h.A(h.Href(fmt.Sprintf("/yard/settings/terminals/%d", t.ID)), g.Text(t.Name))
			}},
			{Head: chat.T("webyard.zone"), Cell: func(t yard.Terminal) g.Node { return g.Text(t.Zone) }},
		}, n.terminals))
	}
	whole := func(name string, label, hint chat.Text) g.Node {
		return run.Field(page.Field{Name: name, Label: label, Hint: hint, Type: "number", Need: true, More: []g.Node{h.Min("1"), h.Step("1")}})
	}
	body = append(body,
		h.H2(v.T("webyard.new_terminal")),
		terminal.Post("/yard/settings/terminals", chat.T("webyard.new_terminal"), terminalFields(v, terminal)...),
		h.H2(v.T("webyard.run")),
		run.Post("/yard/settings", chat.T("webyard.save"),
			whole("transit", chat.T("webyard.transit_hours"), chat.T("webyard.transit_hint")),
			whole("long", chat.T("webyard.long_stay_days"), chat.T("webyard.long_hint"))),
		h.H2(v.T("webyard.closed_days")))
	if y.ClosedThrough == 0 {
		body = append(body, h.P(v.T("webyard.none_closed")))
	} else {
		body = append(body, h.P(v.T("webyard.closed_through"), g.Text(" "), v.Date(y.ClosedThrough)))
	}
	if v.May(people.Bill) {
		body = append(body, h.P(h.A(h.Href(closePath), v.T("webyard.close_days"))))
	}
	return v.Show(chat.T("webyard.menu.settings"), body...)
}
