package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
)

// Policy is the Content-Security-Policy of every page: it loads what is ours and nothing else.
const Policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Show shows a page under a title, which is also its heading.
func (v *Visit) Show(title chat.Text, body ...g.Node) error {
	var buffer bytes.Buffer
	if err := v.layout(title, body).Render(&buffer); err != nil {
		return err
	}
	head := v.w.Header()
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Cache-Control", "no-store")
	if v.status == 0 {
		v.status = http.StatusOK
	}
	v.w.WriteHeader(v.status)
	_, _ = buffer.WriteTo(v.w) // if it fails, the browser has gone
	return nil
}

func (v *Visit) layout(title chat.Text, body []g.Node) g.Node {
	did := v.did()
	return h.Doctype(h.HTML(h.Lang(v.Lang),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
			h.TitleEl(g.Text(v.Label(title)+" · Quaydesk")),
			h.Link(h.Rel("stylesheet"), h.Href(asset("style.css"))),
			h.Script(h.Src(asset("app.js")), h.Defer()),
		),
		h.Body(
			h.A(h.Class("skip"), h.Href("#main"), v.T("web.skip")),
			h.Header(
				h.Div(h.Class("top"),
					h.A(h.Class("brand"), h.Href("/"), g.Text("Quaydesk")),
					v.who(),
				),
				v.navigation(),
			),
			h.Main(h.ID("main"), h.TabIndex("-1"),
				h.H1(v.Words(title)),
				g.Iff(did.Key != "", func() g.Node { return h.P(h.Class("did"), h.Role("status"), v.Words(did)) }),
				g.Group(body),
			),
		),
	))
}

// who shows who is signed in, and lets them choose their language and leave.
func (v *Visit) who() g.Node {
	other := map[string]string{"en": "ru", "ru": "en"}[v.Lang]
	names := map[string]string{"en": "English", "ru": "Русский"}
	here := "/"
	if v.r.Method == http.MethodGet {
		here = v.r.URL.RequestURI()
	}
	return h.Div(h.Class("who"),
		g.Iff(v.SignedIn(), func() g.Node {
			return h.Span(g.Text(v.Person.Name+" · "), v.Words(v.Person.Role.Label()))
		}),
		h.Div(h.Lang(other), v.Button("/language", chat.Plain(names[other]), "lang", other, "then", here)),
		g.Iff(v.SignedIn(), func() g.Node { return v.Button("/logout", chat.T("web.logout")) }),
	)
}

func (v *Visit) navigation() g.Node {
	menu := v.Menu()
	if len(menu) == 0 {
		return nil
	}
	here := "" // the entry that this page stands nearest below
	for _, r := range menu {
		if v.under(r.Path()) && len(r.Path()) > len(here) {
			here = r.Path()
		}
	}
	return h.Nav(h.Class("menu"), h.Aria("label", v.S("web.menu")), h.Ul(g.Map(menu, func(r Route) g.Node {
		return h.Li(h.A(h.Href(r.Path()), g.If(r.Path() == here, h.Aria("current", "page")), v.Words(r.Menu)))
	})))
}

// under tells whether this page is a path's, or below it.
func (v *Visit) under(path string) bool {
	here := v.r.URL.Path
	return here == path || path != "/" && strings.HasPrefix(here, path+"/")
}

// asset is the address of a style or script, another one for another content, so that browsers may keep it.
func asset(name string) string { return "/" + name + "?" + hashes()[name] }

var hashes = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, name := range assets {
		content, err := files.ReadFile(name)
		if err != nil {
			panic("page: " + err.Error()) // it is embedded
		}
		sum := sha256.Sum256(content)
		all[name] = hex.EncodeToString(sum[:6])
	}
	return all
})
