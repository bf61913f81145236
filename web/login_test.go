package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/people"
	"quaydesk/sandbox/login"
	"quaydesk/sandbox/world"
	"quaydesk/store"
)

// newLogin is a site whose people sign in at the sandbox's login, whose clock goes wrong by behind.
func newLogin(t *testing.T) (s *site, behind *atomic.Int64) {
	behind = &atomic.Int64{}
	issuer, err := login.New(login.Config{World: world.Demo, DataDir: t.TempDir(),
		Now: func() time.Time { return time.Now().Add(-time.Duration(behind.Load())) }})
	require.NoError(t, err)
	mux := http.NewServeMux()
	issuer.Register(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return newSite(t, func(c *Config) {
		c.Login = Login{Issuer: server.URL, Secret: world.Demo().Bots[0].LoginSecret}
	}), behind
}

// The demo people that tests sign in as.
const (
	nadia = 500003
	emma  = 500001
)

// leave goes to the login and gives where it asks the browser to go.
func (b *browser) leave(then string) string {
	a := b.get("/login/telegram?then=" + url.QueryEscape(then))
	require.Equal(b.t, http.StatusFound, a.status, a.body)
	return a.location
}

// choose is what the login page's button does: it gives where the browser is sent back to, a path of the site.
func (b *browser) choose(page string, person int64) string {
	res, err := b.PostForm(page, url.Values{"person": {strconv.FormatInt(person, 10)}})
	require.NoError(b.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(b.t, err)
	require.Equal(b.t, http.StatusSeeOther, res.StatusCode, string(body))
	path, ours := strings.CutPrefix(res.Header.Get("Location"), b.site.url)
	require.True(b.t, ours, res.Header.Get("Location"))
	return path
}

func TestSigningIn(t *testing.T) {
	s, _ := newLogin(t)
	s.person(t, nadia, "Nadia Brooks", people.Agent)
	b := s.browser(t)
	require.Contains(t, b.get("/").body, `href="/login/telegram"`)
	require.Contains(t, b.get("/login").body, "Log in with Telegram")
	page := b.leave("/?from=login")
	require.Contains(t, page, "code_challenge_method=S256")
	require.Contains(t, page, "client_id=7000000001")

	back := b.get(b.choose(page, nadia))
	require.Equal(t, http.StatusSeeOther, back.status, back.body)
	require.Equal(t, "/?from=login", back.location)
	cookie := back.header.Get("Set-Cookie")
	for _, flag := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		require.Contains(t, cookie, flag)
	}
	require.NotContains(t, cookie, "Secure", "the site is reached by http")
	in := b.get("/")
	require.Contains(t, in.body, "Hello, Nadia Brooks")
	require.Contains(t, in.header.Get("Content-Security-Policy"), "default-src 'none'")

	require.Equal(t, http.StatusSeeOther, b.post("/logout", url.Values{}).status)
	require.NotContains(t, b.get("/").body, "Nadia")
}

func TestCookiesAreSecureOverHTTPS(t *testing.T) {
	c := Config{Public: "https://desk.example.com"}
	require.True(t, c.sessions().Cookie.Secure)
	require.Equal(t, http.SameSiteLaxMode, c.sessions().Cookie.SameSite)
	require.True(t, c.sessions().HashTokenInStore)
}

func TestSignInsThatAreRefused(t *testing.T) {
	s, behind := newLogin(t)
	s.person(t, nadia, "Nadia Brooks", people.Agent)
	s.person(t, emma, "Emma Clarke", people.Client)
	with := func(page, name, value string) string {
		u, err := url.Parse(page)
		require.NoError(t, err)
		q := u.Query()
		q.Set(name, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	for name, c := range map[string]struct {
		back   func(*browser) string // where the browser comes back to
		status int
		says   string
	}{
		"a forged state": {func(b *browser) string { return b.choose(with(b.leave("/"), "state", "guess"), nadia) },
			422, "begun somewhere else"},
		"a state of another browser": {func(b *browser) string {
			other := s.browser(t)
			return other.choose(other.leave("/"), nadia)
		}, 422, "begun somewhere else"},
		"another nonce": {func(b *browser) string { return b.choose(with(b.leave("/"), "nonce", "other"), nadia) },
			422, "did not confirm"},
		"another verifier": {func(b *browser) string { return b.choose(with(b.leave("/"), "code_challenge", "other"), nadia) },
			422, "did not confirm"},
		"a made-up code": {func(b *browser) string { return with(b.choose(b.leave("/"), nadia), "code", "guess") },
			422, "did not confirm"},
		"a code that was used": {func(b *browser) string {
			first := b.choose(b.leave("/"), nadia)
			require.Equal(t, http.StatusSeeOther, b.get(first).status)
			b.post("/logout", url.Values{})
			u, err := url.Parse(first)
			require.NoError(t, err)
			return with(b.choose(b.leave("/"), nadia), "code", u.Query().Get("code"))
		}, 422, "did not confirm"},
		"an ID token that has expired": {func(b *browser) string {
			behind.Store(int64(2 * time.Hour))
			return b.choose(b.leave("/"), nadia)
		}, 422, "did not confirm"},
		"a client":            {func(b *browser) string { return b.choose(b.leave("/"), emma) }, 403, "no role here yet"},
		"nobody known":        {func(b *browser) string { return b.choose(b.leave("/"), 500006) }, 403, "no role here yet"},
		"back out of nowhere": {func(b *browser) string { return "/login/back?code=c&state=" }, 422, "begun somewhere else"},
	} {
		t.Run(name, func(t *testing.T) {
			behind.Store(0)
			b := s.browser(t)
			b.t = t
			a := b.get(c.back(b))
			require.Equal(t, c.status, a.status, a.body)
			require.Contains(t, a.body, c.says)
			require.NotContains(t, b.get("/").body, "Hello", "nobody is signed in")
		})
	}
	t.Run("declined", func(t *testing.T) {
		b := s.browser(t)
		page := b.leave("/")
		u, err := url.Parse(page)
		require.NoError(t, err)
		a := b.get("/login/back?error=access_denied&state=" + url.QueryEscape(u.Query().Get("state")))
		require.Equal(t, "/login", a.location)
		require.Contains(t, b.get("/login").body, "You did not sign in.")
	})
}

func TestASecondWayBackIsNone(t *testing.T) {
	s, _ := newLogin(t)
	s.person(t, nadia, "Nadia Brooks", people.Agent)
	b := s.browser(t)
	back := b.choose(b.leave("/"), nadia)
	require.Equal(t, http.StatusSeeOther, b.get(back).status)
	require.Equal(t, 422, b.get(back).status)
}

func TestThereIsNoWayElsewhere(t *testing.T) {
	s, _ := newLogin(t)
	s.person(t, nadia, "Nadia Brooks", people.Agent)
	for _, then := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "evil", "/a\nb"} {
		b := s.browser(t)
		require.Equal(t, "/", b.get(b.choose(b.leave(then), nadia)).location, then)
	}
}

func TestARoleCountsAsItIsNow(t *testing.T) {
	s, _ := newLogin(t)
	p := s.person(t, nadia, "Nadia Brooks", people.Agent)
	b := s.browser(t)
	require.Equal(t, http.StatusSeeOther, b.get(b.choose(b.leave("/"), nadia)).status)
	require.Contains(t, b.get("/").body, "Hello, Nadia Brooks")
	require.NoError(t, s.Store.Tx(t.Context(), func(tx *store.Tx) error {
		return tx.SetRole(t.Context(), p.Workspace, p.ID, people.Client, "")
	}))
	require.NotContains(t, b.get("/").body, "Hello, ")
}

func TestWithoutALogin(t *testing.T) {
	s := newSite(t, nil)
	b := s.browser(t)
	require.Contains(t, b.get("/login").body, "TELEGRAM_LOGIN_SECRET")
	require.Equal(t, 503, b.get("/login/telegram").status)

	s = newSite(t, func(c *Config) { c.Login = Login{Issuer: "http://127.0.0.1:1", Secret: "s"} })
	a := s.browser(t).get("/login/telegram")
	require.Equal(t, 503, a.status, "it starts all the same")
	require.Contains(t, a.body, "does not answer")
}

func TestTooManySignIns(t *testing.T) {
	l := limiter{counts: map[string]int{}}
	now := time.Date(2026, 11, 21, 12, 0, 1, 0, time.UTC)
	for range mostAttempts {
		require.True(t, l.allow("a", now))
	}
	require.False(t, l.allow("a", now))
	require.True(t, l.allow("b", now))
	require.True(t, l.allow("a", now.Add(time.Minute)))
}
