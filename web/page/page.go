// Package page is the frame that every page of the web stands in: routes with their permissions, who visits, forms,
// tables, words and the layout.
//
// # Adding a page
//
// A module's pages are a package under web/ (web/members is the shortest one), which gives its routes:
//
//	func Routes(s *store.Store, r *records.Records) []page.Route {
//		p := &pages{s, r}
//		return []page.Route{
//			{Pattern: "GET /stock", May: people.SeeYard, Menu: chat.T("web_yard.menu.stock"), Do: p.stock},
//			{Pattern: "POST /stock/{id}/hold", May: people.HoldBoxes, Do: p.hold},
//		}
//	}
//
// and is added to the list in web/routes.go. A test there walks through all routes for every role, so a permission is
// never checked in a handler, except to show less. What a person asks for is carried out by a method of
// *records.Records, which knows the rules: the web has none of its own. Reading is a transaction of the store.
//
// A handler shows a page, redirects or returns an error; a *fault.Fault among its causes becomes the right status and
// words, any other error a page that names a request id, which is logged:
//
//	func (p *pages) hold(v *page.Visit) error {
//		f := v.Form()
//		in := yard.Handling{Stay: v.ID("id"), Kind: yard.Held, Reason: f.Text("reason")}
//		f.Need("reason")
//		if f.OK() {
//			_, err := p.records.Handle(v.Ctx(), v.Turn(f), in)
//			if err == nil {
//				return v.Go("/stock", chat.T("web_yard.held"))
//			}
//			if err = f.Refuse(err, map[string]string{"yard.no_reason": "reason"}); err != nil {
//				return err
//			}
//		}
//		return p.showHold(v, f) // the same page again: what was typed is still there, what is wrong stands beside it
//	}
//
// All words are keys of texts/web*.toml: name the Visit v, so that the test of the catalogue sees v.T("…") and v.S("…").
// Filters, sorting and paging are in the URL: v.Form() reads it on a GET, Form.Filter, Table and Visit.Pager write it.
package page

import (
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/texts"
)

// Route is a page, or something that can be done on one.
type Route struct {
	Pattern string // as http.ServeMux has it, with a method: "GET /stock", "POST /stock/{id}/hold"
	May     people.Permission
	Menu    chat.Text // its words in the navigation, for those who may; zero: it is not there
	Most    int64     // bytes of a request's body; 0: a megabyte
	Do      func(*Visit) error
}

// What a Route may ask for beside the permissions of package people.
const (
	Public  people.Permission = "public"  // anybody, signed in or not
	Members people.Permission = "members" // whoever works here
)

// Config is what a Frame is made of.
type Config struct {
	Store    Store
	Texts    *texts.Catalogue
	Sessions *scs.SessionManager
	Log      *slog.Logger
}

// Frame serves routes.
type Frame struct {
	Config
	routes []Route
}

// New makes a Frame of routes. It panics when one of them says not who may use it, or is not in the words of
// http.ServeMux: a programmer's mistake.
func New(c Config, routes []Route) *Frame {
	for _, r := range routes {
		if r.May == "" || r.Do == nil {
			panic("page: " + r.Pattern + " says not who may, or not what it does")
		}
	}
	return &Frame{Config: c, routes: routes}
}

// Handler serves the routes, and the style and script that the pages load. Requests that a page of another site makes a
// browser send are refused, reading aside.
func (f *Frame) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range f.routes {
		mux.Handle(r.Pattern, f.serve(r))
	}
	mux.Handle("/", f.serve(Route{May: Public, Do: func(*Visit) error {
		return fault.New(fault.NotFound, "web.no_page")
	}}))
	pages := f.Sessions.LoadAndSave(http.NewCrossOriginProtection().Handler(mux))
	all := http.NewServeMux()
	all.Handle("/", pages)
	for _, name := range assets {
		all.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable") // asked for with its hash, see asset
			http.ServeFileFS(w, r, files, name)
		})
	}
	return all
}

//go:embed style.css app.js
var files embed.FS

var assets = []string{"style.css", "app.js"}

const defaultMost = 1 << 20

// serve is a route as a handler: who is it, may they, and then what they want.
func (f *Frame) serve(r Route) http.Handler {
	if r.Most == 0 {
		r.Most = defaultMost
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if r.Most > defaultMost {
			patient(w)
		}
		req.Body = http.MaxBytesReader(w, req.Body, r.Most)
		v := &Visit{frame: f, w: w, r: req, Lang: language(req)}
		defer func() {
			if p := recover(); p == http.ErrAbortHandler {
				panic(p)
			} else if p != nil {
				v.fail(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			}
		}()
		err := v.enter()
		if err == nil {
			err = v.admit(r)
		}
		if err == nil {
			err = r.Do(v)
		}
		if err != nil && !errors.Is(err, errLeft) {
			v.fail(err)
		}
	})
}

// uploadTime bounds how long a large body may take; others have the server's minute.
const uploadTime = 20 * time.Minute

func patient(w http.ResponseWriter) {
	c, until := http.NewResponseController(w), time.Now().Add(uploadTime)
	// Where there is no connection to set this on there is no limit either.
	_, _ = c.SetReadDeadline(until), c.SetWriteDeadline(until)
}

// errLeft says that the visitor was sent elsewhere already.
var errLeft = errors.New("sent elsewhere")

// admit lets those in who may use a route.
func (v *Visit) admit(r Route) error {
	switch {
	case r.May == Public:
		return nil
	case !v.SignedIn():
		to := "/login?again=yes" // what was to be done is not
		if v.r.Method == http.MethodGet {
			to = "/login?" + ThenParam(v.r.URL.RequestURI())
		}
		http.Redirect(v.w, v.r, to, http.StatusSeeOther)
		return errLeft
	case !v.Person.Role.Member():
		return fault.New(fault.Forbidden, "web.no_role")
	case !v.may(r.May):
		return fault.New(fault.Forbidden, "web.forbidden")
	}
	return nil
}

// may tells whether the visitor may use routes with a permission.
func (v *Visit) may(p people.Permission) bool {
	switch p {
	case Public:
		return true
	case Members:
		return v.Person.Role.Member()
	}
	return v.Person.Role.May(p)
}

// Menu lists the routes that stand in the visitor's navigation.
func (v *Visit) Menu() []Route {
	var menu []Route
	for _, r := range v.frame.routes {
		if r.Menu.Key != "" && v.SignedIn() && v.may(r.May) {
			menu = append(menu, r)
		}
	}
	return menu
}

// Path is the route's path.
func (r Route) Path() string {
	_, path, _ := strings.Cut(r.Pattern, " ")
	return strings.TrimSuffix(path, "{$}")
}
