// Package web is the process that people's browsers and Todoist reach: the admin's pages for those who work here,
// Todoist's webhooks, and the gateway's webhooks passed on, so that one public address serves all. Package web/page is
// the frame of the pages and says how to add one.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/alexedwards/scs/v2"
	"github.com/prometheus/client_golang/prometheus"

	"quaydesk/activities/records"
	"quaydesk/health"
	"quaydesk/store"
	"quaydesk/texts"
	"quaydesk/web/page"
)

// Config is what the web needs.
type Config struct {
	Version  string
	Store    *store.Store
	Records  *records.Records
	Texts    *texts.Catalogue
	Sessions scs.Store
	Public   string                          // the address that people reach us at, without a slash at its end; "": as they call it
	Login    Login                           // how people sign in
	Database func(ctx context.Context) error // asks PostgreSQL whether it answers
	Temporal func(ctx context.Context) error // asks Temporal whether it answers
	Gateway  string                          // the gateway's address, without a slash at its end; "": it is not passed on to
	Todoist  string                          // client secret of the app that sends webhooks; "": there are none
	Signals  Signals                         // hints at the board's news
	Log      *slog.Logger
	Metrics  *prometheus.Registry // also served
}

// New makes the web's handler.
func New(c Config) (http.Handler, error) {
	mux := http.NewServeMux()
	needs := c.needs()
	needs.Register(mux, c.Metrics)
	mux.Handle("/", c.frame(c.routes(needs)).Handler())
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

// needs are the checks of what the web cannot do without.
func (c Config) needs() *health.Checks {
	return health.New(health.Check{Name: "Database", Ask: c.Database}, health.Check{Name: "Temporal", Ask: c.Temporal})
}

func (c Config) frame(routes []page.Route) *page.Frame {
	return page.New(page.Config{Store: c.Store, Texts: c.Texts, Sessions: c.sessions(), Log: c.Log}, routes)
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
		h.Set("Content-Security-Policy", page.Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}
