package people_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/fault"
	"quaydesk/domain/people"
)

func TestWhoMayInviteWhom(t *testing.T) {
	for by, may := range map[people.Role][]people.Role{
		people.Owner:      {people.Manager, people.Accountant, people.Dispatcher, people.Agent, people.Client},
		people.Manager:    {people.Accountant, people.Dispatcher, people.Agent, people.Client},
		people.Accountant: nil, people.Dispatcher: nil, people.Agent: nil, people.Client: nil,
	} {
		var got []people.Role
		for _, r := range people.Roles {
			if by.MayInvite(r) {
				got = append(got, r)
			}
		}
		require.Equal(t, may, got, by)
	}
}

func TestWhereARoleHolds(t *testing.T) {
	for name, c := range map[string]struct {
		role people.Role
		post string
		want string // catalogue key of the refusal
	}{
		"an agent":                  {people.Agent, "", ""},
		"an agent of a terminal":    {people.Agent, "terminal:1", "people.no_post"},
		"a dispatcher":              {people.Dispatcher, "terminal:1", ""},
		"a dispatcher of nothing":   {people.Dispatcher, "", "people.needs_terminal"},
		"a dispatcher of a company": {people.Dispatcher, "company:1", "people.needs_terminal"},
		"a client":                  {people.Client, "", ""},
		"a company's own person":    {people.Client, "company:1", ""},
		"a client of a terminal":    {people.Client, "terminal:1", "people.needs_company"},
		"no role":                   {"king", "", "people.no_such_role"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			if f := fault.As(c.role.CheckPost(c.post)); f != nil {
				got = f.Text.Key
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestPosts(t *testing.T) {
	require.Equal(t, int64(3), people.Person{Post: people.Post("terminal", 3)}.PostOf("terminal"))
	require.Zero(t, people.Person{Post: "company:3"}.PostOf("terminal"))
	require.Zero(t, people.Person{Post: "terminal:x"}.PostOf("terminal"))
	require.Zero(t, people.Person{}.PostOf("terminal"))
}

// No link makes anybody weaker than they are, and an owner stays one.
func TestInvitesMakeNobodyWeaker(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		role := func(name string) people.Role { return rapid.SampledFrom(people.Roles).Draw(t, name) }
		post := func(name string) string {
			return rapid.SampledFrom([]string{"", "terminal:1", "terminal:2"}).Draw(t, name)
		}
		p := people.Person{Role: role("has"), Post: post("at")}
		in := people.Invite{Role: role("offers"), Post: post("there")}
		strength := map[people.Role]int{}
		for i, r := range people.Roles {
			strength[r] = -i
		}
		switch gives := in.Gives(p); {
		case strength[in.Role] > strength[p.Role]:
			require.True(t, gives)
		case strength[in.Role] < strength[p.Role]:
			require.False(t, gives)
		default:
			require.Equal(t, in.Post != p.Post, gives)
		}
	})
}

func TestInvitesEnd(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	in := people.Invite{Expires: now, MaxUses: 2, Uses: 1}
	require.NoError(t, in.Check(now.Add(-time.Second)))
	require.Equal(t, "people.invite_expired", fault.As(in.Check(now)).Text.Key)
	in.Uses = 2
	require.Equal(t, "people.invite_used", fault.As(in.Check(now.Add(-time.Second))).Text.Key)
}
