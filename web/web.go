// Package web is the process that people's browsers and Todoist reach: a start page that tells what runs and how it
// does, Todoist's webhooks, and the gateway's webhooks passed on, so that one public address serves all.
package web

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"quaydesk/health"
	"quaydesk/store"
)

// Store is what the web keeps and reads; *store.Store is one.
type Store interface {
	Deliveries
	BoardHealth(ctx context.Context) (map[int64]store.BoardHealth, error)
}

// Config is what the web needs.
type Config struct {
	Version  string
	Store    Store
	Database func(ctx context.Context) error // asks PostgreSQL whether it answers
	Temporal func(ctx context.Context) error // asks Temporal whether it answers
	Gateway  string                          // the gateway's address, without a slash at its end; "": it is not passed on to
	Todoist  string                          // client secret of the app that sends webhooks; "": there are none
	Signals  Signals                         // hints at the board's news
	Log      *slog.Logger
	Metrics  *prometheus.Registry // also served
}

//go:embed page
var files embed.FS

// policy lets the pages load their own style and nothing else.
const policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type site struct {
	Config
	page   *template.Template
	needs  *health.Checks // what the web cannot do without
	wishes *health.Checks // and the rest that the page tells of
}

// New makes the web's handler.
func New(c Config) (http.Handler, error) {
	page, err := template.ParseFS(files, "page/start.html")
	if err != nil {
		return nil, fmt.Errorf("start page: %w", err)
	}
	s := &site{Config: c, page: page, needs: health.New(
		health.Check{Name: "Database", Ask: c.Database}, health.Check{Name: "Temporal", Ask: c.Temporal})}
	s.wishes = health.New(s.others()...)
	mux := http.NewServeMux()
	s.needs.Register(mux, c.Metrics)
	mux.HandleFunc("GET /{$}", s.start)
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "page/style.css")
	})
	if c.Todoist != "" {
		mux.Handle("POST /todoist/webhook", newWebhook(c))
	}
	if c.Gateway != "" {
		gateway, err := url.Parse(c.Gateway)
		if err != nil {
			return nil, fmt.Errorf("the gateway's address: %w", err)
		}
		mux.Handle("/telegram/", passOn(gateway, c.Log))
	}
	return safe(mux), nil
}

// others are the checks of parts that the web can do without.
func (s *site) others() []health.Check {
	var checks []health.Check
	if s.Gateway != "" {
		checks = append(checks, health.Check{Name: "Gateway", Ask: s.askGateway})
	}
	return append(checks, health.Check{Name: "Board", Ask: s.askBoard})
}

func (s *site) askGateway(ctx context.Context) error {
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

func (s *site) askBoard(ctx context.Context) error {
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

// part is a line of the start page.
type part struct{ Name, Word, Class string }

func (s *site) start(w http.ResponseWriter, _ *http.Request) {
	var parts []part
	for _, r := range append(s.needs.Results(), s.wishes.Results()...) {
		p := part{r.Name, "works", "works"}
		switch {
		case r.Err == errNoBoard{}:
			p.Word, p.Class = "not set up", "none"
		case r.Err != nil && r.Name == "Board":
			p.Word, p.Class = "does not answer; what changes at the desk is brought there later", "fails"
		case r.Err != nil:
			p.Word, p.Class = "does not answer", "fails"
		}
		parts = append(parts, p)
	}
	var page bytes.Buffer
	err := s.page.Execute(&page, map[string]any{"Version": s.Version, "Parts": parts})
	if err != nil {
		s.Log.Error("the start page cannot be shown", slog.Any("error", err))
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = page.WriteTo(w)
}

// passOn hands requests to the gateway.
func passOn(to *url.URL, log *slog.Logger) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.SetXForwarded()
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			log.Warn("the gateway does not answer", slog.Any("error", err))
			http.Error(w, "the gateway does not answer", http.StatusBadGateway)
		},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// safe adds the headers that every answer has.
func safe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}
