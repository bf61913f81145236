package web

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/store"
	"quaydesk/web/page"
)

// site is a web that tests visit over HTTP.
type site struct {
	Config
	pool *pgxpool.Pool
	url  string
	bot  int64
}

func newSite(t *testing.T, change func(*Config)) *site {
	c, _, pool := newConfig(t)
	if change != nil {
		change(&c)
	}
	bots, err := c.Store.Bots(t.Context())
	require.NoError(t, err)
	// /enter signs anybody in, beside all routes that the product has.
	routes := append(c.routes(c.needs()), page.Route{Pattern: "GET /enter/{telegram}", May: page.Public, Do: func(v *page.Visit) error {
		if err := v.SignIn(bots[0].ID, v.ID("telegram")); err != nil {
			return err
		}
		return v.Go("/", chat.Text{})
	}})
	server := httptest.NewServer(safe(c.frame(routes).Handler()))
	t.Cleanup(server.Close)
	return &site{Config: c, pool: pool, url: server.URL, bot: bots[0].ID}
}

// person makes somebody with a role and gives them as the store has them.
func (s *site) person(t *testing.T, telegram int64, name string, role people.Role) people.Person {
	t.Helper()
	var p people.Person
	require.NoError(t, s.Store.Tx(t.Context(), func(tx *store.Tx) (err error) {
		e := chat.Event{Bot: s.bot, Update: telegram, Chat: telegram, Private: true, User: chat.User{ID: telegram, Name: name, Language: "en"}}
		if _, err = tx.Meet(t.Context(), e, "run"); err != nil {
			return err
		}
		if p, err = tx.PersonByTelegram(t.Context(), s.bot, telegram); err != nil {
			return err
		}
		p.Role = role
		return tx.SetRole(t.Context(), p.Workspace, p.ID, role, "")
	}))
	return p
}

// browser is a browser that keeps cookies and follows no redirect.
type browser struct {
	*http.Client
	t    *testing.T
	site *site
}

func (s *site) browser(t *testing.T) *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &browser{site: s, t: t, Client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
}

// as is a browser in which somebody is signed in.
func (s *site) as(t *testing.T, p people.Person) *browser {
	b := s.browser(t)
	require.Equal(t, http.StatusSeeOther, b.get("/enter/"+strconv.FormatInt(p.Telegram, 10)).status)
	return b
}

// answer is what came of a request.
type answer struct {
	status   int
	location string
	body     string
	header   http.Header
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.send(http.MethodGet, path, nil, nil)
}

func (b *browser) post(path string, form url.Values) answer {
	b.t.Helper()
	return b.send(http.MethodPost, path, form, http.Header{"Sec-Fetch-Site": {"same-origin"}})
}

func (b *browser) send(method, path string, form url.Values, header http.Header) answer {
	b.t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(b.t.Context()), method, b.site.url+path, strings.NewReader(form.Encode()))
	require.NoError(b.t, err)
	for name, values := range header {
		req.Header[name] = values
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := b.Do(req)
	require.NoError(b.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(b.t, err)
	return answer{res.StatusCode, res.Header.Get("Location"), string(body), res.Header}
}
