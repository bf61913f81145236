package web

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
)

// How long people stay signed in.
const (
	sessionIdle = 12 * time.Hour     // without a visit
	sessionLife = 7 * 24 * time.Hour // at the most
)

// sessions keeps who is signed in. The cookie is a random token, of which the store has the hash only.
func (c Config) sessions() *scs.SessionManager {
	m := scs.New()
	m.Store = c.Sessions
	m.HashTokenInStore = true
	m.IdleTimeout, m.Lifetime = sessionIdle, sessionLife
	m.Cookie.Name = "quaydesk"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode // Strict would forget who they are on the way back from Telegram
	m.Cookie.Secure = c.secure()
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		c.Log.Error("a session cannot be read or kept", slog.Any("error", err))
		http.Error(w, "The database does not answer. Please try again in a moment.", http.StatusServiceUnavailable)
	}
	return m
}

// secure tells whether cookies may travel encrypted only.
func (c Config) secure() bool { return strings.HasPrefix(c.Public, "https://") }
