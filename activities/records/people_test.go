package records

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/store"
)

// refusal is the catalogue key of a fault.
func refusal(t *testing.T, err error) string {
	t.Helper()
	require.NotNil(t, fault.As(err), "%v", err)
	return fault.As(err).Text.Key
}

// yardOf gives the office a terminal and a company.
func (o office) yardOf(terminal, company string) (terminalPost, companyPost string) {
	require.NoError(o.t, o.s.Tx(o.t.Context(), func(tx *store.Tx) error {
		term, err := tx.EnsureTerminal(o.t.Context(), o.workspace, terminal, "Asia/Tashkent")
		if err != nil {
			return err
		}
		c, err := tx.EnsureCompany(o.t.Context(), o.workspace, company)
		terminalPost, companyPost = people.Post("terminal", term.ID), people.Post("company", c.ID)
		return err
	}))
	return terminalPost, companyPost
}

func (o office) who(telegram int64) people.Person {
	var p people.Person
	require.NoError(o.t, o.s.Tx(o.t.Context(), func(tx *store.Tx) (err error) {
		p, err = tx.PersonByTelegram(o.t.Context(), o.bot, telegram)
		return err
	}))
	return p
}

// invited makes an invite by Petra and gives its code.
func (o office) invited(in Inviting) string {
	o.t.Helper()
	_, err := o.r.Invite(o.t.Context(), o.turn(petra), in)
	require.NoError(o.t, err)
	_, code, found := strings.Cut(o.lastSeen(petra), "https://t.me/desk_bot?start=inv_")
	require.True(o.t, found)
	return code
}

func TestInvites(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	o.person(petra, "Petra", people.Owner, "en")
	fresh := o.invited(Inviting{Role: people.Agent})
	require.Contains(t, o.lastSeen(petra), "should join as Agent. It works once")
	var kept int
	require.NoError(t, o.pool.QueryRow(ctx, `SELECT count(*) FROM operations o, invites i, audit a WHERE o.result::text LIKE '%' || $1 || '%'
		OR i::text LIKE '%' || $1 || '%' OR a::text LIKE '%' || $1 || '%'`, fresh).Scan(&kept))
	require.Zero(t, kept, "the code is in the message alone")

	accepted, err := o.r.AcceptInvite(ctx, o.turn(maria), fresh)
	require.NoError(t, err)
	require.Equal(t, Accepted{Role: people.Agent, Already: true}, accepted)
	accepted, err = o.r.AcceptInvite(ctx, o.turn(petra), fresh)
	require.NoError(t, err)
	require.Equal(t, Accepted{Role: people.Owner, Already: true}, accepted)

	accepted, err = o.r.AcceptInvite(ctx, o.turn(anna), fresh)
	require.NoError(t, err, "it was not used up")
	require.Equal(t, Accepted{Role: people.Agent}, accepted)

	refused := func(code, key string) {
		t.Helper()
		_, err := o.r.AcceptInvite(ctx, o.turn(boris), code)
		require.Equal(t, key, refusal(t, err))
	}
	refused(fresh, "people.invite_used")
	refused("NOSUCH", "people.invite_unknown")
	refused("", "people.invite_unknown")
	stale := o.invited(Inviting{Role: people.Agent})
	_, err = o.pool.Exec(ctx, `UPDATE invites SET expires_at = now()`)
	require.NoError(t, err)
	refused(stale, "people.invite_expired")
}

func TestInvitesCarryAPost(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	o.person(petra, "Petra", people.Owner, "ru")
	terminal, company := o.yardOf("Chukursay", "Anor Foods")

	code := o.invited(Inviting{Role: people.Dispatcher, Post: terminal, Uses: 2, Days: 1})
	require.Contains(t, o.lastSeen(petra), "Диспетчер, Chukursay. Она сработает 2 раза")
	for range 2 { // a second time it is not used
		_, err := o.r.AcceptInvite(ctx, o.turn(anna), code)
		require.NoError(t, err)
	}
	require.Equal(t, people.Dispatcher, o.who(anna).Role)
	require.Equal(t, terminal, o.who(anna).Post)
	accepted, err := o.r.AcceptInvite(ctx, o.turn(boris), code)
	require.NoError(t, err)
	require.Equal(t, Accepted{Role: people.Dispatcher, Post: terminal, Place: "Chukursay"}, accepted)

	accepted, err = o.r.AcceptInvite(ctx, o.turn(anna), o.invited(Inviting{Role: people.Client, Post: company}))
	require.NoError(t, err)
	require.True(t, accepted.Already, "nobody is made weaker by a link")
	o.person(400, "Line", people.Client, "en")
	accepted, err = o.r.AcceptInvite(ctx, o.turn(400), o.invited(Inviting{Role: people.Client, Post: company}))
	require.NoError(t, err)
	require.Equal(t, Accepted{Role: people.Client, Post: company, Place: "Anor Foods"}, accepted)
	require.Equal(t, company, o.who(400).Post)

	var staff []people.Person
	require.NoError(t, o.s.Tx(ctx, func(tx *store.Tx) (err error) {
		staff, err = tx.Staff(ctx, o.workspace)
		return err
	}))
	require.Len(t, staff, 3, "a dispatcher is told of no ticket")
}

func TestInvitesThatCannotBe(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	o.person(petra, "Petra", people.Owner, "en")
	o.person(310, "Max", people.Manager, "en")
	o.person(311, "Ada", people.Accountant, "en")
	terminal, company := o.yardOf("Chukursay", "Anor Foods")
	elsewhere, _ := o.desks.office().yardOf("Sergeli", "Saiga")
	for name, c := range map[string]struct {
		by   int64
		in   Inviting
		want string
	}{
		"by a client":               {anna, Inviting{Role: people.Agent}, "people.may_not_invite"},
		"by an agent":               {maria, Inviting{Role: people.Agent}, "people.may_not_invite"},
		"by an accountant":          {311, Inviting{Role: people.Agent}, "people.may_not_invite"},
		"a manager by a manager":    {310, Inviting{Role: people.Manager}, "people.may_not_invite"},
		"an owner":                  {petra, Inviting{Role: people.Owner}, "people.may_not_invite"},
		"no role":                   {petra, Inviting{Role: "king"}, "people.no_such_role"},
		"a dispatcher of nothing":   {petra, Inviting{Role: people.Dispatcher}, "people.needs_terminal"},
		"a dispatcher of a company": {petra, Inviting{Role: people.Dispatcher, Post: company}, "people.needs_terminal"},
		"a dispatcher elsewhere":    {petra, Inviting{Role: people.Dispatcher, Post: elsewhere}, "yardrules.terminal_unknown"},
		"a client of nothing":       {petra, Inviting{Role: people.Client}, "people.needs_company"},
		"a client of a terminal":    {petra, Inviting{Role: people.Client, Post: terminal}, "people.needs_company"},
		"an agent of a terminal":    {petra, Inviting{Role: people.Agent, Post: terminal}, "people.no_post"},
		"no terminal at all":        {petra, Inviting{Role: people.Dispatcher, Post: "terminal:x"}, "yardrules.terminal_unknown"},
		"for ever":                  {petra, Inviting{Role: people.Agent, Days: 366}, "people.invite_days"},
		"since yesterday":           {petra, Inviting{Role: people.Agent, Days: -1}, "people.invite_days"},
		"for everybody":             {petra, Inviting{Role: people.Agent, Uses: 1001}, "people.invite_uses"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.r.Invite(ctx, o.turn(c.by), c.in)
			require.Equal(t, c.want, refusal(t, err))
		})
	}
	_, err := o.r.Invite(ctx, o.turn(310), Inviting{Role: people.Accountant})
	require.NoError(t, err)
}

func TestInvitesOfAnotherWorkspace(t *testing.T) {
	w, ctx := newDesks(t), context.Background()
	here, there := w.office(), w.office()
	here.person(petra, "Petra", people.Owner, "en")
	there.person(anna, "Anna", people.Client, "en")
	_, err := there.r.AcceptInvite(ctx, there.turn(anna), here.invited(Inviting{Role: people.Agent}))
	require.True(t, fault.Is(err, fault.NotFound))
}

func TestMemberships(t *testing.T) {
	o, ctx := staffed(t), t.Context()
	o.person(petra, "Petra", people.Owner, "en")
	o.person(310, "Max", people.Manager, "en")
	o.person(312, "Olga", people.Owner, "en")
	terminal, _ := o.yardOf("Chukursay", "Anor Foods")
	id := func(telegram int64) int64 { return o.who(telegram).ID }

	_, err := o.r.SetMembership(ctx, o.turn(petra), Membership{Person: id(maria), Role: people.Dispatcher, Post: terminal})
	require.NoError(t, err)
	require.Equal(t, terminal, o.who(maria).Post)
	var members []store.Member
	require.NoError(t, o.s.Tx(ctx, func(tx *store.Tx) (err error) {
		members, err = tx.Members(ctx, o.workspace)
		return err
	}))
	require.Len(t, members, 5)
	require.Equal(t, "Maria", members[3].Name)
	require.Equal(t, "Chukursay", members[3].Place)
	var audited string
	require.NoError(t, o.pool.QueryRow(ctx, `SELECT before::text || ' ' || after::text || ' ' || person_id FROM audit
		WHERE action = 'people.role' AND about = $1`, people.About(id(maria))).Scan(&audited))
	require.Equal(t, `{"role": "agent"} {"post": "`+terminal+`", "role": "dispatcher"} `+strconv.FormatInt(id(petra), 10), audited)

	_, err = o.r.SetMembership(ctx, o.turn(petra), Membership{Person: id(maria), Role: people.Client})
	require.NoError(t, err)
	require.Equal(t, people.Client, o.who(maria).Role)
	require.Empty(t, o.who(maria).Post)

	for name, c := range map[string]struct {
		by   int64
		in   Membership
		want string
	}{
		"by a manager":    {310, Membership{Person: id(oleg), Role: people.Client}, "people.owners_only"},
		"oneself":         {petra, Membership{Person: id(petra), Role: people.Agent}, "people.not_yourself"},
		"another owner":   {petra, Membership{Person: id(312), Role: people.Agent}, "people.owners_are_set"},
		"a new owner":     {petra, Membership{Person: id(oleg), Role: people.Owner}, "people.owners_are_set"},
		"somebody else's": {petra, Membership{Person: 999999, Role: people.Agent}, "people.unknown"},
		"no terminal":     {petra, Membership{Person: id(oleg), Role: people.Dispatcher}, "people.needs_terminal"},
		"no role":         {petra, Membership{Person: id(oleg), Role: "king"}, "people.no_such_role"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := o.r.SetMembership(ctx, o.turn(c.by), c.in)
			require.Equal(t, c.want, refusal(t, err))
		})
	}
}
