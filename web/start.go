package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/health"
	"quaydesk/store"
	"quaydesk/web/page"
)

// start is the first page: for those who work here what runs and how it does, for others the way in.
type start struct {
	Config
	needs  *health.Checks // what the web cannot do without
	wishes *health.Checks // and the rest that the page tells of
}

func newStart(c Config, needs *health.Checks) *start {
	s := &start{Config: c, needs: needs}
	s.wishes = health.New(s.others()...)
	return s
}

// others are the checks of parts that the web can do without.
func (s *start) others() []health.Check {
	var checks []health.Check
	if s.Gateway != "" {
		checks = append(checks, health.Check{Name: "Gateway", Ask: s.askGateway})
	}
	return append(checks, health.Check{Name: "Board", Ask: s.askBoard})
}

func (s *start) askGateway(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Gateway+"/readyz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the gateway is not ready: %s", res.Status)
	}
	return nil
}

// errNoBoard says that there is no board, which is no failure.
type errNoBoard struct{}

func (errNoBoard) Error() string { return "no board is set up" }

func (s *start) askBoard(ctx context.Context) error {
	boards, err := s.Store.BoardHealth(ctx)
	if err != nil {
		return err
	}
	if len(boards) == 0 {
		return errNoBoard{}
	}
	for _, b := range boards {
		if !b.FailingSince.IsZero() {
			return fmt.Errorf("the board has been failing since %s", b.FailingSince.UTC().Format(time.RFC3339))
		}
	}
	return nil
}

func (s *start) show(v *page.Visit) error {
	if !v.SignedIn() || !v.Person.Role.Member() {
		in := "/login/telegram"
		if s.Login.Secret == "" {
			in = "/login" // which says what to set
		}
		return v.Show(chat.T("web.start.title"),
			h.P(v.T("web.start.stranger")),
			h.P(h.A(h.Class("button"), h.Href(in), v.T("web.login.button"))))
	}
	waits, err := s.waits(v)
	if err != nil {
		return err
	}
	return v.Show(chat.T("web.start.hello", "Name", v.Person.Name),
		h.Ul(h.Class("cards"), g.Map(v.Menu()[1:], func(r page.Route) g.Node { // this page is the first
			return h.Li(h.A(h.Href(r.Path()), v.Words(r.Menu), waits[r.Path()]))
		})),
		h.H2(v.T("web.start.runs")),
		h.Dl(h.Class("facts"), g.Map(append(s.needs.Results(), s.wishes.Results()...), func(r health.Result) g.Node {
			return h.Div(h.Dt(v.T("web.part."+strings.ToLower(r.Name))), s.how(v, r))
		})),
		h.P(h.Class("small quiet"), v.T("web.start.version", "Version", s.Version)),
	)
}

// waits says of the yard's pages, by their paths, how much waits there.
func (s *start) waits(v *page.Visit) (map[string]g.Node, error) {
	if !v.May(people.SeeYard) {
		return nil, nil
	}
	var w store.YardWaits
	err := s.Store.Tx(v.Ctx(), func(tx *store.Tx) (err error) {
		w, err = tx.YardWaits(v.Ctx(), v.Person.Workspace)
		return err
	})
	note := func(key string, n int) g.Node {
		return g.Iff(n > 0, func() g.Node { return h.Div(h.Class("quiet small"), v.T(key, "Count", n)) })
	}
	return map[string]g.Node{
		"/yard":           g.Group{note("web.start.moving", w.Moving), note("web.start.held", w.Held)},
		"/yard/approvals": note("web.start.approvals", w.Approvals),
	}, err
}

// how tells how a part does.
func (s *start) how(v *page.Visit, r health.Result) g.Node {
	switch {
	case r.Err == nil:
		return h.Dd(h.Class("good"), v.T("web.start.works"))
	case r.Err == errNoBoard{}:
		return h.Dd(v.T("web.start.not_set_up"))
	case r.Name == "Board":
		return h.Dd(h.Class("bad"), v.T("web.start.board_fails"))
	}
	return h.Dd(h.Class("bad"), v.T("web.start.fails"))
}
