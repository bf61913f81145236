package page

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/store"
)

// Store reads who visits.
type Store interface {
	Tx(ctx context.Context, do func(*store.Tx) error) error
}

// Visit is one request, by somebody.
type Visit struct {
	Person people.Person  // as of now, whatever it was when they signed in; zero for a stranger
	Bot    int64          // our bots.id: the bot whose workspace they signed in to; 0 for a stranger
	Lang   string         // "en" or "ru"
	Zone   *time.Location // of the workspace; UTC for a stranger

	frame  *Frame
	w      http.ResponseWriter
	r      *http.Request
	status int // that the page is shown with
}

// What the session keeps.
const (
	sessionBot      = "bot"
	sessionTelegram = "telegram"
	sessionDid      = "did"
)

// SignIn makes the visitor the person of a Telegram account, from the next request on, under a session with a new token.
func (v *Visit) SignIn(bot, telegram int64) error {
	if err := v.frame.Sessions.RenewToken(v.Ctx()); err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	v.frame.Sessions.Put(v.Ctx(), sessionBot, bot)
	v.frame.Sessions.Put(v.Ctx(), sessionTelegram, telegram)
	return nil
}

// SignOut ends the session.
func (v *Visit) SignOut() error { return v.frame.Sessions.Destroy(v.Ctx()) }

// SignedIn tells whether it is known who visits.
func (v *Visit) SignedIn() bool { return v.Person.ID != 0 }

// enter finds out who visits.
func (v *Visit) enter() error {
	v.Zone = time.UTC
	bot, telegram := v.frame.Sessions.GetInt64(v.Ctx(), sessionBot), v.frame.Sessions.GetInt64(v.Ctx(), sessionTelegram)
	if telegram == 0 {
		return nil
	}
	var p people.Person
	var zone *time.Location
	err := v.frame.Store.Tx(v.Ctx(), func(tx *store.Tx) (err error) {
		if p, err = tx.PersonByTelegram(v.Ctx(), bot, telegram); err != nil {
			return err
		}
		zone, err = tx.Zone(v.Ctx(), p.Workspace)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return nil // they are gone
	}
	if err != nil {
		return err
	}
	v.Person, v.Bot, v.Lang, v.Zone = p, bot, p.Lang, zone
	return nil
}

// Ctx is the request's context.
func (v *Visit) Ctx() context.Context { return v.r.Context() }

// Request is what the browser sent; Form and ID read it.
func (v *Visit) Request() *http.Request { return v.r }

// May tells whether the visitor has a permission, for pages that show more to some.
func (v *Visit) May(p people.Permission) bool { return v.Person.Role.May(p) }

// Turn is what an operation of the records is told: who it is by, and the form's operation, so that a form that is sent
// twice does it once. Filled in otherwise it is another operation.
func (v *Visit) Turn(f *Form) chat.Turn {
	return chat.Turn{Op: fmt.Sprintf("web:%d:%s:%s", v.Person.ID, f.op, f.sum()), Bot: v.Bot, User: v.Person.Telegram}
}

// Look is what a look into the records is told: who it is by. It is no operation.
func (v *Visit) Look() chat.Turn { return chat.Turn{Bot: v.Bot, User: v.Person.Telegram} }

// ID is the number in the path that the pattern names, "{id}"; 0, which is nobody's, when it is none.
func (v *Visit) ID(name string) int64 {
	id, err := strconv.ParseInt(v.r.PathValue(name), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// Go redirects to a path of ours, and the page there says what was done; the zero Text says nothing.
func (v *Visit) Go(to string, did chat.Text) error {
	if did.Key != "" {
		words, err := json.Marshal(did)
		if err != nil {
			return fmt.Errorf("what was done: %w", err)
		}
		v.Keep(sessionDid, string(words))
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// did takes what the page before did.
func (v *Visit) did() (t chat.Text) {
	_ = json.Unmarshal([]byte(v.Take(sessionDid)), &t)
	return t
}

// Keep puts something into the session, for Take.
func (v *Visit) Keep(name, value string) { v.frame.Sessions.Put(v.Ctx(), name, value) }

// Take takes something out of the session; "" when it is not there.
func (v *Visit) Take(name string) string { return v.frame.Sessions.PopString(v.Ctx(), name) }

// Secret is known to the visitor's browser and to nobody else, not even to the store.
func (v *Visit) Secret() string { return v.frame.Sessions.Token(v.Ctx()) }

// Status is what the page is shown with; 200 unless something is wrong.
func (v *Visit) Status(status int) { v.status = status }

// Again has the browser load the page again after a while.
func (v *Visit) Again(after time.Duration) {
	v.w.Header().Set("Refresh", strconv.Itoa(int(after.Seconds())))
}

// Leave redirects to another site.
func (v *Visit) Leave(url string) error {
	http.Redirect(v.w, v.r, url, http.StatusFound)
	return nil
}

// Download sends a file. What write fails at can no longer be told to the person: it should only copy.
func (v *Visit) Download(name, contentType string, write func(io.Writer) error) error {
	h := v.w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	if err := write(v.w); err != nil {
		v.frame.Log.Error("a file was not sent whole", slog.String("path", v.r.URL.Path), slog.Any("error", err))
		panic(http.ErrAbortHandler) // a cut connection says so; a short file would not
	}
	return nil
}

// statuses are what HTTP calls the kinds of faults.
var statuses = map[fault.Kind]int{
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Forbidden:   http.StatusForbidden,
	fault.Unavailable: http.StatusServiceUnavailable,
}

// fail shows what went wrong.
func (v *Visit) fail(err error) {
	f := fault.As(err)
	switch {
	case f != nil:
		v.status = statuses[f.Kind]
	case v.Ctx().Err() != nil:
		return // the browser has gone
	default:
		id := rand.Text()[:10]
		v.frame.Log.Error("a page failed", slog.String("request", id), slog.String("method", v.r.Method),
			slog.String("path", v.r.URL.Path), slog.Any("error", err))
		v.status, f = http.StatusInternalServerError, fault.New(fault.Unavailable, "web.failed", "Request", id)
	}
	title := chat.T("web.title.failed")
	if v.status == http.StatusNotFound {
		title = chat.T("web.title.not_found")
	}
	if err := v.Show(title, v.Words(f.Text)); err != nil {
		v.frame.Log.Error("a page cannot be shown", slog.Any("error", err))
		http.Error(v.w, "the page cannot be shown", http.StatusInternalServerError)
	}
}

// Then reads where to go on after signing in, or after another choice: a path of ours, "/" when it is none.
func (v *Visit) Then() string { return Local(v.r.FormValue("then")) }

// Local is a path of ours, or "/" for what would lead elsewhere.
func Local(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") ||
		strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// ThenParam is a path as the parameter that Then reads.
func ThenParam(path string) string { return url.Values{"then": {path}}.Encode() }
