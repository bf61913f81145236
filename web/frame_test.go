package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/store"
)

// turn is an operation of somebody in the chat.
func (s *site) turn(p people.Person) chat.Turn {
	return chat.Turn{Op: "test:" + p.Name, Bot: s.bot, Chat: p.Telegram, User: p.Telegram}
}

func TestStartPage(t *testing.T) {
	gateway := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer gateway.Close()
	s := newSite(t, func(c *Config) {
		c.Gateway = gateway.URL
		c.Temporal = func(context.Context) error { return errors.New("secret reason") }
	})
	stranger := s.browser(t).get("/")
	require.Contains(t, stranger.body, `href="/login"`)
	require.NotContains(t, stranger.body, "Temporal")
	require.NotContains(t, s.as(t, s.person(t, 1, "Emma", people.Client)).get("/").body, "Temporal")

	b := s.as(t, s.person(t, 2, "Olivia", people.Owner))
	page := b.get("/").body
	require.Contains(t, page, "Version 1.2.3")
	require.Contains(t, page, `<dt>Database</dt><dd class="good">works</dd>`)
	require.Contains(t, page, `<dt>Temporal</dt><dd class="bad">does not answer</dd>`)
	require.Contains(t, page, `<dt>Gateway</dt><dd class="good">works</dd>`)
	require.Contains(t, page, `<dt>Board</dt><dd>not set up</dd>`)
	require.NotContains(t, page, "secret reason")

	_, err := s.Store.PutBoard(t.Context(), "p1")
	require.NoError(t, err)
	require.NoError(t, s.Store.Tx(t.Context(), func(tx *store.Tx) error { return tx.BoardFails(t.Context(), 1) }))
	gateway.Close()
	require.Eventually(t, func() bool {
		page := b.get("/").body
		return strings.Contains(page, `<dt>Gateway</dt><dd class="bad">does not answer</dd>`) &&
			strings.Contains(page, `<dt>Board</dt><dd class="bad">does not answer; `)
	}, 5*time.Second, 50*time.Millisecond)
}

func TestTheMenuShowsWhatTheRoleMayUse(t *testing.T) {
	s := newSite(t, nil)
	require.NotContains(t, s.browser(t).get("/").body, `<nav`)
	require.NotContains(t, s.as(t, s.person(t, 1, "Ann", people.Agent)).get("/").body, `href="/members"`)
	require.Contains(t, s.as(t, s.person(t, 2, "Max", people.Manager)).get("/").body, `href="/members"`)
}

func TestStrangersComeBackToWhereTheyWanted(t *testing.T) {
	a := newSite(t, nil).browser(t).get("/members?sort=name")
	require.Equal(t, http.StatusSeeOther, a.status)
	require.Equal(t, "/login?then=%2Fmembers%3Fsort%3Dname", a.location)
}

func TestOtherSitesPostNothing(t *testing.T) {
	s := newSite(t, nil)
	owner := s.person(t, 1, "Olivia", people.Owner)
	for name, header := range map[string]http.Header{
		"another site":     {"Sec-Fetch-Site": {"cross-site"}},
		"another host":     {"Sec-Fetch-Site": {"same-site"}},
		"an older browser": {"Origin": {"https://evil.example"}},
	} {
		a := s.as(t, owner).send(http.MethodPost, "/members/invite", url.Values{"role": {"agent"}, "days": {"1"}, "uses": {"1"}}, header)
		require.Equal(t, http.StatusForbidden, a.status, name)
		require.Empty(t, invited.FindString(a.body))
	}
}

func TestHeadersAndUnknownPages(t *testing.T) {
	s := newSite(t, nil)
	b := s.browser(t)
	a := b.get("/nothing")
	require.Equal(t, http.StatusNotFound, a.status)
	require.Contains(t, a.body, "There is no such page.")
	for _, part := range []string{"default-src 'none'", "script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"} {
		require.Contains(t, a.header.Get("Content-Security-Policy"), part)
	}
	require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	require.NotContains(t, a.body, "style=")
	require.NotContains(t, a.body, "onclick")
	for path, kind := range map[string]string{"/style.css": "text/css", "/app.js": "text/javascript"} {
		a := b.get(path)
		require.Equal(t, http.StatusOK, a.status)
		require.Contains(t, a.header.Get("Content-Type"), kind)
	}
}

func TestEverybodyReadsTheirLanguage(t *testing.T) {
	s := newSite(t, nil)
	b := s.browser(t)
	require.Contains(t, b.send(http.MethodGet, "/", nil, http.Header{"Accept-Language": {"ru-RU,ru;q=0.9"}}).body, "Войти через Telegram")
	require.Equal(t, "/login", b.post("/language", url.Values{"lang": {"ru"}, "then": {"/login"}}).location)
	require.Contains(t, b.get("/login").body, `lang="ru"`)

	p := s.person(t, 5, "Olivia", people.Owner)
	in := s.as(t, p)
	require.Contains(t, in.get("/").body, "Hello, Olivia")
	require.Equal(t, "/", in.post("/language", url.Values{"lang": {"ru"}, "then": {"//evil.example"}}).location)
	require.Contains(t, in.get("/").body, "Здравствуйте, Olivia")
}

func TestTooMuchIsRefused(t *testing.T) {
	s := newSite(t, nil)
	a := s.as(t, s.person(t, 1, "Olivia", people.Owner)).post("/members/invite", url.Values{"role": {strings.Repeat("x", 2<<20)}})
	require.Equal(t, http.StatusRequestEntityTooLarge, a.status)
	require.Contains(t, a.body, "at most 1 MB")
}

func TestWithoutTheDatabase(t *testing.T) {
	s := newSite(t, nil)
	b := s.as(t, s.person(t, 1, "Olivia", people.Owner))
	stranger := s.browser(t)
	s.pool.Close()
	require.Equal(t, http.StatusServiceUnavailable, b.get("/").status)
	require.Equal(t, http.StatusOK, stranger.get("/").status)
	a := stranger.get("/login/telegram")
	require.Equal(t, http.StatusInternalServerError, a.status)
	require.NotContains(t, a.body, "pool")
}
