package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/people"
	"quaydesk/store"
)

var invited = regexp.MustCompile(`https://t\.me/desk_bot\?start=inv_\w+`)

// staffedSite is a site with an owner, a manager and an agent, and a terminal.
func staffedSite(t *testing.T) (s *site, owner, manager, agent people.Person, terminal string) {
	s = newSite(t, nil)
	require.NoError(t, s.Store.NameBot(t.Context(), s.bot, "desk_bot"))
	owner, manager = s.person(t, 301, "Olivia", people.Owner), s.person(t, 302, "Max", people.Manager)
	agent = s.person(t, 303, "<b>Nadia</b>", people.Agent)
	require.NoError(t, s.Store.Tx(t.Context(), func(tx *store.Tx) error {
		term, err := tx.EnsureTerminal(t.Context(), owner.Workspace, "Chukursay", "Asia/Tashkent")
		terminal = people.Post("terminal", term.ID)
		return err
	}))
	return s, owner, manager, agent, terminal
}

// op is the operation of the form that a page shows.
func op(t *testing.T, path, page string) string {
	t.Helper()
	m := regexp.MustCompile(`action="` + path + `"[^>]*>` + `<input type="hidden" name="op" value="(\w+)"`).FindStringSubmatch(page)
	require.NotNil(t, m, page)
	return m[1]
}

func TestMembersAreListed(t *testing.T) {
	s, _, manager, _, _ := staffedSite(t)
	a := s.as(t, manager).get("/members")
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.body, "&lt;b&gt;Nadia&lt;/b&gt;", "names are nobody's markup")
	require.Contains(t, a.body, "Olivia")
	require.NotContains(t, a.body, `href="/members/`, "a manager changes nobody's role")
	require.NotContains(t, a.body, `value="manager"`, "nor invites managers")
	require.Regexp(t, `(?s)Olivia</td>.*Max</td>.*Nadia`, a.body)
	require.Regexp(t, `(?s)Nadia.*Max</td>.*Olivia</td>`, s.as(t, manager).get("/members?sort=name").body)
	require.Regexp(t, `(?s)Olivia</td>.*Max</td>.*Nadia`, s.as(t, manager).get("/members?sort=-name").body)
}

func TestAnInvitesLinkIsMadeOnce(t *testing.T) {
	s, owner, _, _, terminal := staffedSite(t)
	b := s.as(t, owner)
	form := url.Values{"op": {op(t, "/members/invite", b.get("/members").body)}, "role": {"dispatcher"}, "post": {terminal}, "days": {"3"}, "uses": {"2"}}
	first := b.post("/members/invite", form)
	require.Equal(t, http.StatusOK, first.status, first.body)
	link := invited.FindString(first.body)
	require.NotEmpty(t, link, first.body)
	require.Contains(t, first.body, "<b>Dispatcher, Chukursay</b>. It works 2 times")
	require.Equal(t, link, invited.FindString(b.post("/members/invite", form).body), "sent twice, it is the same invite")
	require.Empty(t, invited.FindString(b.get("/members").body), "it is shown once")

	clerk := s.person(t, 400, "Clerk", people.Client)
	_, err := s.Records.AcceptInvite(t.Context(), s.turn(clerk), link[len("https://t.me/desk_bot?start=inv_"):])
	require.NoError(t, err)
	require.Contains(t, b.get("/members").body, "Clerk")
}

func TestARefusedFormKeepsWhatWasTyped(t *testing.T) {
	s, owner, _, _, _ := staffedSite(t)
	a := s.as(t, owner).post("/members/invite", url.Values{"role": {"dispatcher"}, "days": {"soon"}, "uses": {"5"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Regexp(t, `value="dispatcher" selected`, a.body)
	require.Regexp(t, `value="soon"`, a.body)
	require.Contains(t, a.body, `id="f-days-wrong">This must be a whole number`)

	a = s.as(t, owner).post("/members/invite", url.Values{"role": {"dispatcher"}, "days": {"3"}, "uses": {"5"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.body, `id="f-post-wrong">A dispatcher works at one of the terminals`)
	require.Empty(t, invited.FindString(a.body))
}

func TestRolesAreChangedAndTaken(t *testing.T) {
	s, owner, manager, agent, terminal := staffedSite(t)
	b := s.as(t, owner)
	path := "/members/" + strconv.FormatInt(agent.ID, 10)
	require.Regexp(t, `value="agent" selected`, b.get(path).body)
	require.Equal(t, "/members", b.post(path, url.Values{"role": {"dispatcher"}, "post": {terminal}}).location)
	require.Regexp(t, `The role of &lt;b&gt;Nadia&lt;/b&gt; is changed.`, b.get("/members").body)
	require.NotContains(t, b.get("/members").body, "is changed", "said once")
	require.Contains(t, b.get("/members").body, "Chukursay</td>")
	require.Equal(t, http.StatusUnprocessableEntity, b.post(path, url.Values{"role": {"agent"}, "post": {terminal}}).status)
	require.Equal(t, "/members", b.post(path+"/remove", url.Values{}).location)
	require.NotContains(t, b.get("/members").body, "Nadia</td>")

	for _, p := range []people.Person{owner, s.person(t, 309, "Other owner", people.Owner)} {
		path := "/members/" + strconv.FormatInt(p.ID, 10)
		require.Contains(t, b.get(path).body, "Owners are named by the settings")
		require.Equal(t, http.StatusConflict, b.post(path, url.Values{"role": {"agent"}}).status)
		require.Equal(t, http.StatusConflict, b.post(path+"/remove", url.Values{}).status)
	}
	require.Equal(t, http.StatusNotFound, b.post("/members/999999", url.Values{"role": {"agent"}}).status)
	m := s.as(t, manager)
	require.Equal(t, http.StatusForbidden, m.post(path, url.Values{"role": {"client"}}).status)
	require.Equal(t, http.StatusForbidden, m.post("/members/invite", url.Values{"role": {"manager"}, "days": {"1"}, "uses": {"1"}}).status)
}

func TestWhoWasRemovedIsOut(t *testing.T) {
	s, owner, _, agent, _ := staffedSite(t)
	b := s.as(t, agent)
	require.Equal(t, http.StatusForbidden, b.get("/members").status, "an agent sees no members")
	require.NoError(t, s.Store.Tx(t.Context(), func(tx *store.Tx) error {
		return tx.SetRole(t.Context(), agent.Workspace, agent.ID, people.Manager, "")
	}))
	require.Equal(t, http.StatusOK, b.get("/members").status, "a role counts at once")
	require.Equal(t, "/members", s.as(t, owner).post("/members/"+strconv.FormatInt(agent.ID, 10)+"/remove", url.Values{}).location)
	a := b.get("/members")
	require.Equal(t, http.StatusForbidden, a.status, "and so does losing it")
	require.Contains(t, a.body, "no role here any more")
}
