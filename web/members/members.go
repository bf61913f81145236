// Package members is the page of who works here: their roles, invites for more, and taking a role away.
package members

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

// Store reads.
type Store interface {
	Tx(ctx context.Context, do func(*store.Tx) error) error
}

type pages struct {
	store   Store
	records *records.Records
}

// Routes are the pages.
func Routes(s Store, r *records.Records) []page.Route {
	p := &pages{s, r}
	return []page.Route{
		{Pattern: "GET /members", May: people.SeeMembers, Menu: chat.T("web_members.title"), Do: p.list},
		{Pattern: "POST /members/invite", May: people.InvitePeople, Do: p.invite},
		{Pattern: "GET /members/{id}", May: people.NameManagers, Do: p.one},
		{Pattern: "POST /members/{id}", May: people.NameManagers, Do: p.change},
		{Pattern: "POST /members/{id}/remove", May: people.NameManagers, Do: p.remove},
	}
}

// office is what the pages show of a workspace.
type office struct {
	members   []store.Member
	terminals []yard.Terminal
	companies []yard.Company
}

func (p *pages) office(v *page.Visit) (o office, err error) {
	ctx, workspace := v.Ctx(), v.Person.Workspace
	err = p.store.Tx(ctx, func(tx *store.Tx) error {
		if o.members, err = tx.Members(ctx, workspace); err != nil {
			return err
		}
		if o.terminals, err = tx.Terminals(ctx, workspace); err != nil {
			return err
		}
		o.companies, err = tx.Companies(ctx, workspace)
		return err
	})
	return o, err
}

func (p *pages) list(v *page.Visit) error { return p.show(v, v.Blank(), nil) }

// show shows everybody, and the form for an invite with what came of it.
func (p *pages) show(v *page.Visit, f *page.Form, made g.Node) error {
	o, err := p.office(v)
	if err != nil {
		return err
	}
	sortMembers(v, o.members)
	columns := []page.Column[store.Member]{
		{Head: chat.T("web_members.name"), Sort: "name", Cell: func(m store.Member) g.Node { return g.Text(m.Name) }},
		{Head: chat.T("web_members.role"), Sort: "role", Cell: func(m store.Member) g.Node { return v.Words(m.Role.Label()) }},
		{Head: chat.T("web_members.post"), Cell: func(m store.Member) g.Node { return g.Text(m.Place) }},
		{Head: chat.T("web_members.since"), Sort: "since", Cell: func(m store.Member) g.Node { return v.Time(m.Since) }},
	}
	if v.May(people.NameManagers) {
		columns = append(columns, page.Column[store.Member]{Head: chat.T("web_members.do"), Cell: func(m store.Member) g.Node {
			if !p.changeable(v, m.Person) {
				return nil
			}
			return h.A(h.Href("/members/"+strconv.FormatInt(m.ID, 10)), h.Aria("label", v.S("web_members.change_one", "Name", m.Name)),
				v.T("web_members.change"))
		}})
	}
	f.Set("role", string(people.Agent))
	f.Set("days", strconv.Itoa(records.InviteDays))
	f.Set("uses", strconv.Itoa(records.InviteUses))
	return v.Show(chat.T("web_members.title"),
		page.Table(v, chat.T("web_members.title"), columns, o.members),
		h.H2(h.ID("invite"), v.T("web_members.invite")), made,
		h.P(h.Class("quiet"), v.T("web_members.invite_how")),
		f.Post("/members/invite", chat.T("web_members.make"),
			p.role(v, f, func(r people.Role) bool { return v.Person.Role.MayInvite(r) }), p.post(v, f, o),
			f.Field(page.Field{Name: "days", Type: "number", Label: chat.T("web_members.days"), Need: true,
				More: []g.Node{h.Min("1"), h.Max(strconv.Itoa(records.MostInviteDays))}}),
			f.Field(page.Field{Name: "uses", Type: "number", Label: chat.T("web_members.uses"), Need: true,
				More: []g.Node{h.Min("1"), h.Max(strconv.Itoa(records.MostInviteUses))}}),
		))
}

// sortMembers brings members, who come by role, into the order that the URL asks for.
func sortMembers(v *page.Visit, members []store.Member) {
	by, down := v.Sort("role", "name", "since")
	switch by {
	case "name":
		slices.SortStableFunc(members, func(a, b store.Member) int { return strings.Compare(a.Name, b.Name) })
	case "since":
		slices.SortStableFunc(members, func(a, b store.Member) int { return a.Since.Compare(b.Since) })
	}
	if down {
		slices.Reverse(members)
	}
}

// changeable tells whether there is anything to change for somebody; the records have the last word.
func (p *pages) changeable(v *page.Visit, m people.Person) bool {
	return m.ID != v.Person.ID && m.Role != people.Owner
}

// role is the choice of a role.
func (p *pages) role(v *page.Visit, f *page.Form, may func(people.Role) bool) g.Node {
	var options []page.Option
	for _, r := range people.Roles {
		if may(r) {
			options = append(options, page.Option{Value: string(r), Label: v.Label(r.Label())})
		}
	}
	return f.Field(page.Field{Name: "role", Type: "select", Label: chat.T("web_members.role"), Options: options, Need: true})
}

// post is the choice of where the role holds.
func (p *pages) post(v *page.Visit, f *page.Form, o office) g.Node {
	options := []page.Option{{Value: "", Label: v.S("web_members.everywhere")}}
	for _, t := range o.terminals {
		options = append(options, page.Option{Value: people.Post("terminal", t.ID), Label: v.S("web_members.terminal", "Name", t.Name)})
	}
	for _, c := range o.companies {
		options = append(options, page.Option{Value: people.Post("company", c.ID), Label: v.S("web_members.company", "Name", c.Name)})
	}
	return f.Field(page.Field{Name: "post", Type: "select", Label: chat.T("web_members.post"), Hint: chat.T("web_members.post_hint"), Options: options})
}

// besides says which field the refusals of the records stand beside.
var besides = map[string]string{
	"people.needs_terminal": "post", "people.needs_company": "post", "people.no_post": "post", "people.no_such_role": "role",
	"people.invite_days": "days", "people.invite_uses": "uses", "yardrules.terminal_unknown": "post", "yardrules.company_unknown": "post",
}

func (p *pages) invite(v *page.Visit) error {
	f := v.Form()
	f.Need("days", "uses")
	in := records.Inviting{Role: people.Role(f.Text("role")), Post: f.Text("post"), Days: f.Int("days"), Uses: f.Int("uses")}
	var made g.Node
	if f.OK() {
		turn := v.Turn(f)
		in.Code = code(v.Secret(), turn.Op)
		invited, err := p.records.Invite(v.Ctx(), turn, in)
		if err == nil {
			made = p.made(v, invited, in.Code)
			f = v.Blank()
		} else if err = f.Refuse(err, besides); err != nil {
			return err
		}
	}
	return p.show(v, f, made)
}

// code is the secret of an invite's link: the same when the form is sent twice, and known to the visitor's browser alone.
func code(secret, op string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("invite:" + op))
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:16])
}

// made shows an invite's link, the only time.
func (p *pages) made(v *page.Visit, in records.Invited, code string) g.Node {
	return h.Div(h.Class("did"), h.Role("status"),
		h.P(v.T("web_members.made", "Role", people.RoleAt(in.Invite.Role, in.Place), "Count", in.Invite.MaxUses, "Expires", in.Invite.Expires)),
		h.P(h.Code(h.Class("copy"), g.Text(people.Link(in.Bot, code)))))
}

func (p *pages) one(v *page.Visit) error {
	m, err := p.member(v)
	if err != nil {
		return err
	}
	f := v.Blank()
	f.Set("role", string(m.Role))
	f.Set("post", m.Post)
	return p.showOne(v, m, f)
}

// member is the person that the path names.
func (p *pages) member(v *page.Visit) (m people.Person, err error) {
	err = p.store.Tx(v.Ctx(), func(tx *store.Tx) error {
		m, err = tx.Person(v.Ctx(), v.Person.Workspace, v.ID("id"))
		return err
	})
	return m, err
}

func (p *pages) showOne(v *page.Visit, m people.Person, f *page.Form) error {
	o, err := p.office(v)
	if err != nil {
		return err
	}
	here := "/members/" + strconv.FormatInt(m.ID, 10)
	body := g.Group{
		f.Post(here, chat.T("web_members.save"),
			p.role(v, f, func(r people.Role) bool { return r != people.Owner }), p.post(v, f, o)),
		h.H2(v.T("web_members.remove")), h.P(v.T("web_members.remove_how")),
		v.Button(here+"/remove", chat.T("web_members.remove")),
	}
	if !p.changeable(v, m) {
		body = g.Group{h.P(v.T("web_members.unchangeable"))}
	}
	return v.Show(chat.T("web_members.one", "Name", m.Name), body, h.P(h.A(h.Href("/members"), v.T("web_members.back"))))
}

func (p *pages) change(v *page.Visit) error {
	m, err := p.member(v)
	if err != nil {
		return err
	}
	f := v.Form()
	in := records.Membership{Person: m.ID, Role: people.Role(f.Text("role")), Post: f.Text("post")}
	if _, err = p.records.SetMembership(v.Ctx(), v.Turn(f), in); err == nil {
		return v.Go("/members", chat.T("web_members.changed", "Name", m.Name))
	}
	if err = f.Refuse(err, besides); err != nil {
		return err
	}
	return p.showOne(v, m, f)
}

func (p *pages) remove(v *page.Visit) error {
	m, err := p.member(v)
	if err != nil {
		return err
	}
	in := records.Membership{Person: m.ID, Role: people.Client}
	if _, err := p.records.SetMembership(v.Ctx(), v.Turn(v.Form()), in); err != nil {
		return err
	}
	return v.Go("/members", chat.T("web_members.removed", "Name", m.Name))
}
