package members_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/dialog/dialogtest"
	"quaydesk/workflows/members"
)

// office doubles the activities for one person.
type office struct {
	role    people.Role
	invites map[string]error // by code, nil for one that can be used
	gives   records.Accepted
	asked   []records.Inviting
	choices records.Choices
	found   records.Found
}

func (o *office) Invite(_ context.Context, _ chat.Turn, in records.Inviting) (records.Invited, error) {
	o.asked = append(o.asked, in)
	return records.Invited{}, nil
}

func (o *office) AcceptInvite(_ context.Context, _ chat.Turn, code string) (records.Accepted, error) {
	err, known := o.invites[code]
	if !known {
		err = fault.New(fault.NotFound, "people.invite_unknown")
	}
	return o.gives, err
}

func (o *office) RecentChoices(context.Context, chat.Turn, struct{}) (records.Choices, error) {
	return o.choices, nil
}

func (o *office) FindCompany(context.Context, chat.Turn, string) (records.Found, error) {
	return o.found, nil
}

// shop is a module with something for each role.
func shop() dialog.Module {
	return dialog.Module{Name: "shop", Menu: func(p people.Person) dialog.Menu {
		return dialog.Menu{Text: chat.Plain("Shop"), Buttons: [][]chat.Button{{{Label: chat.Plain("For " + string(p.Role)), Action: "shop.x"}}}}
	}}
}

func talk(t *testing.T, o *office, lang string) *dialogtest.Talk {
	return dialogtest.New(t, dialogtest.Setup{Modules: []dialog.Module{shop(), members.Module()}, Activities: []any{o}, Lang: lang, Role: o.role})
}

func TestJoining(t *testing.T) {
	o := &office{role: people.Client, invites: map[string]error{"good": nil,
		"used": fault.New(fault.Conflict, "people.invite_used"), "old": fault.New(fault.Conflict, "people.invite_expired")}}
	talk := talk(t, o, "en")
	talk.Says("/start inv_used")
	talk.Hears("This invitation has been used up.")
	talk.Says("/start inv_old")
	talk.Hears("This invitation has expired.")
	talk.Says("/start inv_made_up")
	talk.Hears("There is no such invitation.")
	for role, words := range map[people.Role]string{
		people.Manager: "You watch over it all", people.Accountant: "invoices wait for you on the web",
		people.Dispatcher: "You work the gate of Chukursay", people.Agent: "You are told of every new ticket",
		people.Client: "report to Chukursay",
	} {
		o.gives = records.Accepted{Role: role, Post: "x:1", Place: "Chukursay"}
		talk.Says("/start inv_good")
		talk.Hears(words).Offers("For "+string(role), "🌐 Language")
	}
}

func TestJoiningTwice(t *testing.T) {
	o := &office{role: people.Agent, invites: map[string]error{"good": nil}, gives: records.Accepted{Role: people.Dispatcher, Place: "Сергели", Already: true}}
	talk := talk(t, o, "ru")
	talk.Says("/start inv_good")
	talk.Hears("Вы уже здесь: Диспетчер, Сергели.")
}

func TestInviting(t *testing.T) {
	o := &office{role: people.Owner, choices: records.Choices{
		Terminals: []yard.Terminal{{ID: 3, Name: "Chukursay"}, {ID: 4, Name: "Sergeli"}},
		Clients:   []yard.Company{{ID: 7, Name: "Anor Foods"}}, Lines: []yard.Company{{ID: 8, Name: "Saiga"}, {ID: 7, Name: "Anor Foods"}},
	}}
	talk := talk(t, o, "en")
	last := func() records.Inviting { return o.asked[len(o.asked)-1] }

	talk.Says("/invite agent")
	require.Equal(t, records.Inviting{Role: people.Agent}, last(), "nothing is asked")

	talk.Says("/invite")
	talk.Hears("What shall they be here?").Offers("Manager", "Accountant", "Dispatcher", "Agent", "Client", "✕ Cancel")
	talk.Presses("Accountant")
	require.Equal(t, records.Inviting{Role: people.Accountant}, last())

	talk.Says("/invite")
	talk.Hears("What shall they be here?")
	talk.Presses("Dispatcher")
	talk.Hears("At which terminal?").Offers("Chukursay", "Sergeli", "« Back", "✕ Cancel")
	talk.Says("Keles")
	talk.Hears("There is no such terminal.")
	talk.Says("sergeli")
	require.Equal(t, records.Inviting{Role: people.Dispatcher, Post: "terminal:4"}, last())

	talk.Says("/invite client")
	talk.Hears("Of which company?").Offers("Anor Foods", "Saiga", "✕ Cancel")
	talk.Presses("Saiga")
	require.Equal(t, records.Inviting{Role: people.Client, Post: "company:8"}, last())

	talk.Says("/invite client")
	talk.Hears("Of which company?")
	o.found = records.Found{Similar: []yard.Company{{ID: 9, Name: "Kestrel Lines"}}}
	talk.Says("Kestrl")
	talk.Hears("There is no such company. Do you mean Kestrel Lines?")
	o.found = records.Found{Company: &yard.Company{ID: 9, Name: "Kestrel Lines"}}
	talk.Says("Kestrel Lines")
	require.Equal(t, records.Inviting{Role: people.Client, Post: "company:9"}, last())
}

func TestThereMustBeATerminal(t *testing.T) {
	o := &office{role: people.Owner}
	talk := talk(t, o, "en")
	talk.Says("/invite dispatcher")
	talk.Hears("There is no terminal yet.")
	require.Empty(t, o.asked)
}

func TestManagersInviteAllButManagers(t *testing.T) {
	o := &office{role: people.Manager}
	talk := talk(t, o, "en")
	talk.Says("/invite manager")
	talk.Hears("What shall they be here?").Offers("Accountant", "Dispatcher", "Agent", "Client", "✕ Cancel")
}

func TestInvitingIsForThoseWhoMay(t *testing.T) {
	for _, role := range []people.Role{people.Accountant, people.Dispatcher, people.Agent, people.Client} {
		o := &office{role: role}
		talk := talk(t, o, "en")
		talk.Says("/invite agent")
		talk.Hears("I do not know that command.")
		talk.Says("/help")
		require.NotContains(t, talk.Hears("/language").Text(), "/invite")
		require.Empty(t, o.asked)
	}
	owner := talk(t, &office{role: people.Owner}, "en")
	owner.Says("/help")
	owner.Hears("/invite – a link that gives somebody a role")
}
