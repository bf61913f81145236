// Package members is how people come to a role: invites, which carry it, and what opening one does.
package members

import (
	"slices"
	"strings"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
)

// act names the activities that the dialogues do.
var act *records.Records

// Module is what every bot knows of members, whatever else is enabled for it.
func Module() dialog.Module {
	return dialog.Module{
		Name: "members", Always: true,
		Commands: []dialog.Command{{Name: "invite", Help: chat.T("members.help.invite"), For: mayInvite, Dialogue: invite}},
		Links:    map[string]dialog.Dialogue{"inv": join},
	}
}

func mayInvite(r people.Role) bool { return r.May(people.InvitePeople) }

// invite is /invite, or /invite with a role: the records send the link, so that its code is nowhere else.
var invite = dialog.Dialogue{Name: "members.invite", Run: func(d *dialog.D) error {
	in := records.Inviting{Role: people.Role(strings.ToLower(strings.TrimSpace(d.Event().Text)))}
	var options []dialog.Option
	for _, role := range people.Roles {
		if d.Person().Role.MayInvite(role) {
			options = append(options, dialog.Option{Value: string(role), Label: role.Label()})
		}
	}
	if !slices.ContainsFunc(options, func(o dialog.Option) bool { return o.Value == string(in.Role) }) {
		in.Role = people.Role(d.ChooseShort("role", chat.T("members.role"), options))
	}
	var err error
	switch in.Role {
	case people.Dispatcher:
		in.Post, err = terminal(d)
	case people.Client:
		in.Post, err = company(d)
	}
	if err == nil {
		_, err = dialog.Do(d, act.Invite, in)
	}
	return err
}}

// mostOffered is how many places are offered by button; any can be typed.
const mostOffered = 6

// terminal asks for the terminal that a dispatcher is to work at.
func terminal(d *dialog.D) (string, error) {
	choices, err := dialog.Look(d, act.RecentChoices, struct{}{})
	if err != nil {
		return "", err
	}
	if len(choices.Terminals) == 0 {
		return "", fault.New(fault.Conflict, "members.no_terminals")
	}
	var options []dialog.Option
	for _, t := range choices.Terminals[:min(len(choices.Terminals), mostOffered)] {
		options = append(options, dialog.Option{Value: people.Post("terminal", t.ID), Label: chat.Plain(t.Name)})
	}
	return dialog.Offer(d, "terminal", chat.T("members.terminal"), options, func(typed string) (string, error) {
		for _, t := range choices.Terminals {
			if post := people.Post("terminal", t.ID); typed == post || yard.NameKey(typed) == yard.NameKey(t.Name) {
				return post, nil
			}
		}
		return "", fault.New(fault.Invalid, "members.no_such_terminal")
	}), nil
}

// company asks for the company whose person a client is.
func company(d *dialog.D) (string, error) {
	choices, err := dialog.Look(d, act.RecentChoices, struct{}{})
	if err != nil {
		return "", err
	}
	var options []dialog.Option
	offer := func(c yard.Company) {
		if post := people.Post("company", c.ID); len(options) < mostOffered &&
			!slices.ContainsFunc(options, func(o dialog.Option) bool { return o.Value == post }) {
			options = append(options, dialog.Option{Value: post, Label: chat.Plain(c.Name)})
		}
	}
	for i := range max(len(choices.Clients), len(choices.Lines)) { // in turn, the latest of each first
		for _, all := range [][]yard.Company{choices.Clients, choices.Lines} {
			if i < len(all) {
				offer(all[i])
			}
		}
	}
	answer := dialog.Offer(d, "company", chat.T("members.company"), options, func(typed string) (string, error) { return typed, nil })
	if slices.ContainsFunc(options, func(o dialog.Option) bool { return o.Value == answer }) {
		return answer, nil
	}
	found, err := dialog.Look(d, act.FindCompany, answer)
	if err == nil && found.Company == nil {
		err = fault.New(fault.Invalid, "members.no_such_company")
		if len(found.Similar) > 0 {
			err = fault.New(fault.Invalid, "members.similar_company", "Name", found.Similar[0].Name)
		}
	}
	if err != nil {
		d.Refuse("company", err)
	}
	return people.Post("company", found.Company.ID), nil
}

// join takes the role that an invite's link offers.
var join = dialog.Dialogue{Name: "members.join", Short: true, Run: func(d *dialog.D) error {
	accepted, err := dialog.Do(d, act.AcceptInvite, d.Event().Arg)
	if err != nil {
		return err
	}
	p := d.Person()
	p.Role, p.Post = accepted.Role, accepted.Post
	if accepted.Already {
		d.Welcome(chat.T("members.already", "Role", people.RoleAt(accepted.Role, accepted.Place)), p)
		return nil
	}
	d.Welcome(chat.T("members.welcome."+string(accepted.Role), "Name", p.Name, "Place", accepted.Place), p)
	return nil
}}
