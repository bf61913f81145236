package stock_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/pgxstore"
	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/store/storetest"
	"quaydesk/texts"
	"quaydesk/web/page"
	"quaydesk/web/stock"
)

// world is the pages of the yard with two workspaces behind them, each with a bot.
type world struct {
	t       *testing.T
	pool    *pgxpool.Pool
	store   *store.Store
	records *records.Records
	routes  []page.Route
	url     string
	ours    *place
	theirs  *place
}

// place is a workspace.
type place struct {
	*world
	bot, workspace int64
	terminals      []yard.Terminal
	companies      []yard.Company
	manager        people.Person
	ops            int
}

func newWorld(t *testing.T) *world {
	pool := storetest.New(t)
	s := store.New(pool)
	catalogue := texts.New()
	w := &world{t: t, pool: pool, store: s, records: records.New(s, catalogue)}
	_, err := pool.Exec(t.Context(), `
		INSERT INTO workspaces (id, name, time_zone) VALUES (1, 'Ours', 'Asia/Tashkent'), (2, 'Theirs', 'UTC');
		INSERT INTO bots (id, workspace_id, telegram_id, token, webhook_path, webhook_secret) VALUES (1, 1, 1, '', 'a', ''), (2, 2, 2, '', 'b', '')`)
	require.NoError(t, err)
	w.ours = w.place(1, "Chukursay", "Sergeli")
	w.theirs = w.place(2, "Khorgos")
	sessions := scs.New()
	sessions.Store = pgxstore.NewWithCleanupInterval(pool, 0)
	w.routes = stock.Routes(s, w.records, catalogue, slog.New(slog.DiscardHandler))
	enter := page.Route{Pattern: "GET /enter/{bot}/{telegram}", May: page.Public, Do: func(v *page.Visit) error {
		if err := v.SignIn(v.ID("bot"), v.ID("telegram")); err != nil {
			return err
		}
		return v.Go("/", chat.Text{})
	}}
	frame := page.New(page.Config{Store: s, Texts: catalogue, Sessions: sessions, Log: slog.New(slog.DiscardHandler)}, append(w.routes, enter))
	policed := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Security-Policy", page.Policy)
		frame.Handler().ServeHTTP(rw, r)
	})
	server := httptest.NewServer(policed)
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

// place furnishes a workspace: a manager, two companies and terminals.
func (w *world) place(id int64, terminals ...string) *place {
	p := &place{world: w, bot: id, workspace: id}
	p.manager = p.person("Olga", people.Manager, "")
	require.NoError(w.t, w.store.Tx(w.t.Context(), func(tx *store.Tx) error {
		for _, name := range terminals {
			made, err := tx.EnsureTerminal(w.t.Context(), id, name, "Asia/Tashkent")
			require.NoError(w.t, err)
			p.terminals = append(p.terminals, made)
		}
		for _, name := range []string{"Silk Gate Trade", "Meridian Line"} {
			made, err := tx.EnsureCompany(w.t.Context(), id, name)
			require.NoError(w.t, err)
			p.companies = append(p.companies, made)
		}
		return nil
	}))
	return p
}

// person makes somebody with a role.
func (p *place) person(name string, role people.Role, post string) people.Person {
	var made people.Person
	telegram := 1000*p.workspace + int64(len(name)) + 17*int64(name[0])
	require.NoError(p.t, p.store.Tx(p.t.Context(), func(tx *store.Tx) (err error) {
		e := chat.Event{Bot: p.bot, Update: telegram, Chat: telegram, Private: true, User: chat.User{ID: telegram, Name: name, Language: "en"}}
		if _, err = tx.Meet(p.t.Context(), e, "run"); err != nil {
			return err
		}
		if made, err = tx.PersonByTelegram(p.t.Context(), p.bot, telegram); err != nil {
			return err
		}
		if err = tx.SetRole(p.t.Context(), p.workspace, made.ID, role, post); err != nil {
			return err
		}
		made, err = tx.PersonByTelegram(p.t.Context(), p.bot, telegram)
		return err
	}))
	return made
}

// turn is an operation of the manager.
func (p *place) turn() chat.Turn {
	p.ops++
	return chat.Turn{Op: "test:" + strconv.FormatInt(p.workspace, 10) + ":" + strconv.Itoa(p.ops), Bot: p.bot, User: p.manager.Telegram}
}

// comes lets a box in, so many days ago.
func (p *place) comes(number container.Number, ago int, more ...func(*yard.Arrival)) yard.Box {
	in := yard.Arrival{Terminal: p.terminals[0].ID, At: time.Now().Add(-time.Duration(ago)*24*time.Hour - time.Minute),
		Details: yard.Details{Number: number, SizeType: "45G1", Load: container.Laden, Client: p.companies[0].ID, Place: "A-1"}}
	for _, change := range more {
		change(&in)
	}
	done, err := p.records.GateIn(p.t.Context(), p.turn(), in)
	require.NoError(p.t, err)
	return done.Boxes[0]
}

// goes lets a box out, so many days ago.
func (p *place) goes(b yard.Box, ago int) {
	_, err := p.records.Release(p.t.Context(), p.turn(), yard.Departure{Stays: []int64{b.ID}, At: time.Now().Add(-time.Duration(ago)*24*time.Hour - 30*time.Second)})
	require.NoError(p.t, err)
}

// history is all movements of a box, as they were recorded.
func (p *place) history(number container.Number) (rows []store.MovementRow) {
	require.NoError(p.t, p.store.Tx(context.Background(), func(tx *store.Tx) (err error) {
		rows, err = tx.HistoryOf(context.Background(), p.workspace, number)
		return err
	}))
	return rows
}

// browser is somebody's.
type browser struct {
	*http.Client
	t   *testing.T
	url string
}

func (p *place) as(who people.Person) *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(p.t, err)
	b := &browser{t: p.t, url: p.url, Client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	require.Equal(p.t, http.StatusSeeOther, b.get("/enter/"+strconv.FormatInt(p.bot, 10)+"/"+strconv.FormatInt(who.Telegram, 10)).status)
	return b
}

type answer struct {
	status   int
	location string
	body     string
	header   http.Header
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.send(http.MethodGet, path, "", nil)
}

func (b *browser) post(path string, form url.Values) answer {
	b.t.Helper()
	return b.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// upload posts a form with a file.
func (b *browser) upload(path, name string, content []byte, form url.Values) answer {
	b.t.Helper()
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for field, values := range form {
		for _, value := range values {
			require.NoError(b.t, parts.WriteField(field, value))
		}
	}
	file, err := parts.CreateFormFile("file", name)
	require.NoError(b.t, err)
	_, err = file.Write(content)
	require.NoError(b.t, err)
	require.NoError(b.t, parts.Close())
	return b.send(http.MethodPost, path, parts.FormDataContentType(), &body)
}

func (b *browser) send(method, path, contentType string, body io.Reader) answer {
	b.t.Helper()
	req, err := http.NewRequestWithContext(context.WithoutCancel(b.t.Context()), method, b.url+path, body)
	require.NoError(b.t, err)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	res, err := b.Do(req)
	require.NoError(b.t, err)
	defer res.Body.Close()
	read, err := io.ReadAll(res.Body)
	require.NoError(b.t, err)
	return answer{res.StatusCode, res.Header.Get("Location"), string(read), res.Header}
}

var markup = regexp.MustCompile(`<[^>]*>`)

// words are what an answer says to people.
func (a answer) words() string {
	_, main, _ := strings.Cut(a.body, "<main")
	return strings.Join(strings.Fields(markup.ReplaceAllString("<main"+main, " ")), " ")
}

var operation = regexp.MustCompile(`name="op" value="([A-Z2-7]{26})"`)

// op is the operation of an answer's last form: the page's own, as those of the frame stand above.
func (a answer) op() string {
	all := operation.FindAllStringSubmatch(a.body, -1)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1][1]
}

// evil gives a box a remark that programs could take for a formula.
func evil(a *yard.Arrival) { a.Remarks = `=HYPERLINK("http://evil.example","click")` }

// abandoned is an import that nobody works on.
func (p *place) abandoned(name string, content []byte) (id int64) {
	require.NoError(p.t, p.store.Tx(p.t.Context(), func(tx *store.Tx) (err error) {
		id, err = tx.AddImport(p.t.Context(), store.Import{Workspace: p.workspace, Person: p.manager.ID, Op: "abandoned", Name: name}, content)
		return err
	}))
	return id
}

// asks is a change to a closed day that somebody without that permission asks for.
func (p *place) asks(m store.MovementRow) (approval int64) {
	require.NoError(p.t, p.store.Tx(p.t.Context(), func(tx *store.Tx) (err error) {
		approval, err = tx.AddApproval(p.t.Context(), store.Approval{Workspace: p.workspace, AskedBy: p.manager.ID, AskedAt: time.Now(), Bot: p.bot,
			Change: yard.Change{Correction: &yard.Correction{Movement: m.ID, Reverse: true, Reason: "never"}}})
		return err
	}))
	return approval
}
