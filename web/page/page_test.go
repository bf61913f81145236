package page

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	g "maragu.dev/gomponents"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/texts"
)

// serve serves routes to strangers and gives the address, a client that keeps cookies, and what is logged.
func serve(t *testing.T, routes ...Route) (string, *http.Client, *bytes.Buffer) {
	var log bytes.Buffer
	f := New(Config{Texts: texts.New(), Sessions: scs.New(), Log: slog.New(slog.NewTextHandler(&log, nil))}, routes)
	server := httptest.NewServer(f.Handler())
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return server.URL, &http.Client{Jar: jar}, &log
}

func answer(t *testing.T, res *http.Response, err error) (int, string) {
	t.Helper()
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(body)
}

// at is a visit to an address, for what needs no server.
func at(t *testing.T, target, lang string) *Visit {
	f := New(Config{Texts: texts.New(), Sessions: scs.New(), Log: slog.New(slog.DiscardHandler)}, nil)
	return &Visit{frame: f, w: httptest.NewRecorder(), r: httptest.NewRequest(http.MethodGet, target, nil), Lang: lang, Zone: time.UTC}
}

func html(t *testing.T, n g.Node) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, n.Render(&b))
	return b.String()
}

func TestARouteSaysWhoMay(t *testing.T) {
	require.Panics(t, func() { New(Config{}, []Route{{Pattern: "GET /", Do: func(*Visit) error { return nil }}}) })
}

func TestErrorsBecomePages(t *testing.T) {
	fails := func(err error) Route {
		return Route{Pattern: "GET /x", May: Public, Do: func(*Visit) error { return err }}
	}
	for name, c := range map[string]struct {
		route  Route
		status int
		says   string
		logged string
	}{
		"not found":   {fails(fault.New(fault.NotFound, "people.unknown")), 404, "I do not know this person.", ""},
		"conflict":    {fails(fault.New(fault.Conflict, "people.invite_used")), 409, "has been used up", ""},
		"forbidden":   {fails(fault.New(fault.Forbidden, "people.owners_only")), 403, "Only an owner", ""},
		"unavailable": {fails(fault.New(fault.Unavailable, "web.login.away")), 503, "does not answer", ""},
		"ours":        {fails(errors.New("the secret reason")), 500, "tell whoever runs this desk the number", "the secret reason"},
		"a panic": {Route{Pattern: "GET /x", May: Public, Do: func(*Visit) error { panic("the secret reason") }},
			500, "tell whoever runs this desk the number", "the secret reason"},
	} {
		t.Run(name, func(t *testing.T) {
			at, client, log := serve(t, c.route)
			res, err := client.Get(at + "/x")
			status, page := answer(t, res, err)
			require.Equal(t, c.status, status)
			require.Contains(t, page, c.says)
			require.NotContains(t, page, "secret")
			require.Contains(t, log.String(), c.logged)
		})
	}
}

func TestADownloadThatFailsIsCut(t *testing.T) {
	at, client, _ := serve(t, Route{Pattern: "GET /x", May: Public, Do: func(v *Visit) error {
		return v.Download("Остатки.csv", "text/csv", func(w io.Writer) error {
			_, _ = io.WriteString(w, strings.Repeat("a", 1<<16))
			return errors.New("no more")
		})
	}})
	res, err := client.Get(at + "/x")
	require.NoError(t, err)
	require.Contains(t, res.Header.Get("Content-Disposition"), "attachment")
	_, err = io.ReadAll(res.Body)
	require.Error(t, err, "nobody takes half of a file for the whole")
	require.NoError(t, res.Body.Close())
}

// filled is a form as it was posted.
type filled struct {
	id     int64
	count  int
	number decimal.Decimal
	date   calendar.Date
	moment time.Time
	on     bool
	text   string
	op     string
	file   string
	page   string
}

// post posts a form and gives what was read of it.
func post(t *testing.T, body io.Reader, kind string) filled {
	t.Helper()
	var got filled
	at, client, _ := serve(t, Route{Pattern: "POST /x", May: Public, Do: func(v *Visit) error {
		f := v.Form()
		zone := time.FixedZone("UZT", 5*3600)
		got.id, got.count, got.number, got.date = f.ID("id"), f.Int("count"), f.Decimal("number"), f.Date("date")
		got.moment, got.on, got.text = f.Moment("moment", zone), f.On("on"), f.Text("text")
		if v.r.MultipartForm != nil {
			if file, name := f.Upload("file"); file != nil {
				content, _ := io.ReadAll(file)
				got.file = name + ":" + string(content)
				_ = file.Close()
			}
		}
		got.op = v.Turn(f).Op
		names := []string{"id", "count", "number", "date", "moment", "text"}
		var fields []g.Node
		for _, name := range names {
			fields = append(fields, f.Field(Field{Name: name, Label: chat.T("web.form.working")}))
		}
		return v.Show(chat.T("web.start.title"), f.Post("/x", chat.T("web.filter.show"), fields...))
	}})
	res, err := client.Post(at+"/x", kind, body)
	_, got.page = answer(t, res, err)
	return got
}

const plainForm = "application/x-www-form-urlencoded"

func TestFormsAreRead(t *testing.T) {
	in := url.Values{"id": {"7"}, "count": {" 30 "}, "number": {"1\u00a0250,50"}, "date": {"2026-11-21"}, "moment": {"2026-11-21T04:05"},
		"on": {"1"}, "text": {" a\r\nb\x00 "}, "op": {strings.Repeat("A", 26)}}
	got := post(t, strings.NewReader(in.Encode()), plainForm)
	require.Equal(t, int64(7), got.id)
	require.Equal(t, 30, got.count)
	require.Equal(t, "1250.5", got.number.String())
	require.Equal(t, calendar.Of(2026, 11, 21), got.date)
	require.Equal(t, time.Date(2026, 11, 20, 23, 5, 0, 0, time.UTC), got.moment)
	require.True(t, got.on)
	require.Equal(t, "a\nb", got.text)
	require.NotContains(t, got.page, "-wrong")
	require.Contains(t, got.page, `name="op" value="`+in.Get("op")+`"`)

	again := post(t, strings.NewReader(in.Encode()), plainForm)
	require.Equal(t, got.op, again.op, "sent twice it is one operation")
	in.Set("count", "31")
	require.NotEqual(t, got.op, post(t, strings.NewReader(in.Encode()), plainForm).op, "filled in otherwise it is another")
	in.Set("op", "../../made up")
	require.NotContains(t, post(t, strings.NewReader(in.Encode()), plainForm).op, "made up")
}

func TestWhatCannotBeReadStandsBesideItsField(t *testing.T) {
	in := url.Values{"id": {"x"}, "count": {"1.5"}, "number": {"1e9"}, "date": {"21.11.2026"}, "moment": {"yesterday"}, "text": {"<b>"}}
	got := post(t, strings.NewReader(in.Encode()), plainForm)
	for _, name := range []string{"id", "count", "number", "date", "moment"} {
		require.Contains(t, got.page, `id="f-`+name+`-wrong"`)
		require.Contains(t, got.page, `value="`+in.Get(name)+`"`)
	}
	require.Contains(t, got.page, `value="&lt;b&gt;"`)
	require.Contains(t, got.page, `aria-invalid="true"`)
}

func TestFilesAreRead(t *testing.T) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "containers.xlsx")
	require.NoError(t, err)
	_, _ = io.WriteString(part, "PK")
	require.NoError(t, w.WriteField("text", "x"))
	require.NoError(t, w.Close())
	require.Equal(t, "containers.xlsx:PK", post(t, &body, w.FormDataContentType()).file)
	require.Contains(t, post(t, strings.NewReader("--x\r\nbroken"), "multipart/form-data; boundary=x").page, "could not be read")
}

func TestRefusals(t *testing.T) {
	v := at(t, "/", "en")
	f := v.Blank()
	require.NoError(t, f.Refuse(fault.New(fault.Conflict, "people.invite_used"), map[string]string{"people.invite_used": "code"}))
	require.Equal(t, "people.invite_used", f.wrong["code"].Key)
	require.Equal(t, http.StatusConflict, v.status)
	require.NoError(t, f.Refuse(fault.New(fault.Invalid, "people.unknown"), nil))
	require.Contains(t, html(t, f.Above()), "I do not know this person.")
	require.Error(t, f.Refuse(fault.New(fault.Forbidden, "people.owners_only"), nil))
	require.Error(t, f.Refuse(errors.New("x"), nil))
	require.False(t, f.OK())
}

func TestTablesSortByTheURL(t *testing.T) {
	columns := []Column[string]{
		{Head: chat.T("web.form.working"), Sort: "name", Cell: func(s string) g.Node { return g.Text(s) }},
		{Head: chat.T("web.menu"), Number: true, Cell: func(string) g.Node { return nil }},
	}
	v := at(t, "/x?q=a+b&sort=name&page=3", "en")
	table := html(t, Table(v, chat.T("web.menu"), columns, []string{"<i>"}))
	require.Contains(t, table, `aria-sort="ascending"`)
	require.Contains(t, table, `href="/x?q=a+b&amp;sort=-name"`)
	require.Contains(t, table, "&lt;i&gt;")
	require.Contains(t, html(t, Table(v, chat.T("web.menu"), columns, nil)), "There is nothing to show.")

	by, down := v.Sort("-since", "name")
	require.Equal(t, "name", by)
	require.False(t, down)
	by, down = at(t, "/x?sort=-since", "en").Sort("-since", "name")
	require.Equal(t, "since", by)
	require.True(t, down)
	by, down = at(t, "/x?sort=drop+table", "en").Sort("-since", "name")
	require.Equal(t, "since", by)
	require.True(t, down)
}

func TestPaging(t *testing.T) {
	v := at(t, "/x?q=a&page=2", "en")
	require.Equal(t, PageSize, v.Offset())
	pager := html(t, v.Pager(3*PageSize))
	require.Contains(t, pager, `href="/x?page=1&amp;q=a"`)
	require.Contains(t, pager, `href="/x?page=3&amp;q=a"`)
	require.Contains(t, pager, "Page 2 of 3")
	require.Nil(t, at(t, "/x", "en").Pager(PageSize))
	require.Zero(t, at(t, "/x?page=-5", "en").Offset())
	require.Zero(t, at(t, "/x?page=x", "en").Offset())
	require.Positive(t, at(t, "/x?page=99999999999999", "en").Offset()+1)
	require.Contains(t, html(t, at(t, "/x?page=9", "en").Pager(2*PageSize)), `page=2`, "there is a way back from beyond the end")
	require.Equal(t, "/x?q=a", v.URL())
	require.Equal(t, "/x", v.URL("q", ""))
}

func TestWordsAreOfTheLanguage(t *testing.T) {
	en, ru := at(t, "/", "en"), at(t, "/", "ru")
	amount := money.Amount{Value: decimal.RequireFromString("-1234567.5"), Currency: money.UZS}
	require.Equal(t, "\u22121,234,567.50\u00a0UZS", html(t, en.Money(amount)))
	require.Equal(t, "\u22121\u00a0234\u00a0567,50\u00a0UZS", html(t, ru.Money(amount)))
	require.Equal(t, "1,000", html(t, en.Count(1000)))
	require.Contains(t, html(t, ru.Date(calendar.Of(2026, 2, 3))), ">03.02.2026<")
	require.Contains(t, html(t, en.Date(calendar.Of(2026, 2, 3))), ">3 Feb 2026<")
	require.Nil(t, en.Date(0))
	require.Contains(t, html(t, en.TimeIn(time.Date(2026, 2, 3, 20, 0, 0, 0, time.UTC), time.FixedZone("UZT", 5*3600))), "4 Feb 2026, 01:00")
	require.Equal(t, "There is no such invitation.", en.S("people.invite_unknown"))
}

func TestOnlyPathsOfOurs(t *testing.T) {
	for path, want := range map[string]string{
		"/members?x=1": "/members?x=1", "": "/", "//evil.example": "/", "https://evil.example/": "/", `/\evil.example`: "/", "members": "/",
		"/\nx": "/", "javascript:alert(1)": "/",
	} {
		require.Equal(t, want, Local(path), path)
	}
}
