// Package login is the sandbox's "Log in with Telegram": OpenID Connect's code flow with PKCE, as oauth.telegram.org has
// it, for the people of the demo world. Instead of asking for a phone it asks who of them one is.
//
//	GET  /.well-known/openid-configuration   where everything is
//	GET  /oauth/auth                         the page to choose a person on; POST goes back with a code
//	POST /oauth/token                        a code for an ID token
//	GET  /oauth/jwks                         the key that signs them
package login

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"quaydesk/sandbox/pages"
	"quaydesk/sandbox/world"
)

// Config is what a Server is made of. All fields are needed.
type Config struct {
	World   func() world.World // as it is now
	DataDir string             // the key lies here; made when missing
	Now     func() time.Time
}

// Server lets the people of the demo world sign in elsewhere.
type Server struct {
	Config
	key    *signingKey
	choose *template.Template

	mu    sync.Mutex
	codes map[string]grant
}

// How long what the server gives out can be used.
const (
	codeLife  = 5 * time.Minute
	tokenLife = time.Hour
)

// grant is what a code stands for.
type grant struct {
	asked   request
	person  int64
	expires time.Time
}

// request is what a client asks of the page.
type request struct {
	ClientID  string
	Redirect  string
	State     string
	Nonce     string
	Challenge string
}

// New opens a Server. Codes are forgotten when it ends, the key is not.
func New(cfg Config) (*Server, error) {
	key, err := openKey(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	choose, err := template.ParseFS(pages.Files, "login.html")
	if err != nil {
		return nil, fmt.Errorf("sandbox login: %w", err)
	}
	return &Server{Config: cfg, key: key, choose: choose, codes: map[string]grant{}}, nil
}

// Register adds the server's paths to a mux.
func (s *Server) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /.well-known/openid-configuration", s.configuration)
	mux.HandleFunc("GET /oauth/auth", s.ask)
	mux.HandleFunc("POST /oauth/auth", s.answer)
	mux.HandleFunc("POST /oauth/token", s.token)
	mux.HandleFunc("GET /oauth/jwks", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, 200, s.key.set()) })
}

// issuer is this server as the client calls it.
func issuer(r *http.Request) string { return "http://" + r.Host }

func (s *Server) configuration(w http.ResponseWriter, r *http.Request) {
	at := issuer(r)
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer": at, "authorization_endpoint": at + "/oauth/auth", "token_endpoint": at + "/oauth/token", "jwks_uri": at + "/oauth/jwks",
		"response_types_supported": []string{"code"}, "grant_types_supported": []string{"authorization_code"},
		"subject_types_supported": []string{"pairwise"}, "id_token_signing_alg_values_supported": []string{"ES256"},
		"scopes_supported": []string{"openid", "profile"}, "code_challenge_methods_supported": []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
		"claims_supported":                      []string{"sub", "id", "name", "preferred_username", "nonce"},
	})
}

// client is the bot that a client id names, if it can be signed in to.
func client(w world.World, id string) *world.Bot {
	i := slices.IndexFunc(w.Bots, func(b world.Bot) bool { return strconv.FormatInt(b.ID, 10) == id && b.LoginSecret != "" })
	if i < 0 {
		return nil
	}
	return &w.Bots[i]
}

// read reads what a client asks, and refuses what is not as it should be. A browser is only ever sent on to this machine.
func (s *Server) read(r *http.Request) (request, error) {
	in := request{ClientID: r.FormValue("client_id"), Redirect: r.FormValue("redirect_uri"), State: r.FormValue("state"),
		Nonce: r.FormValue("nonce"), Challenge: r.FormValue("code_challenge")}
	redirect, err := url.Parse(in.Redirect)
	switch {
	case client(s.World(), in.ClientID) == nil:
		return in, fmt.Errorf("client_id %q is no bot that people can sign in to here", in.ClientID)
	case err != nil || redirect.Scheme != "http" || !loopback(redirect.Hostname()):
		return in, fmt.Errorf("redirect_uri %q is not an address of this machine", in.Redirect)
	case r.FormValue("response_type") != "code":
		return in, fmt.Errorf("response_type is %q and not code", r.FormValue("response_type"))
	case !slices.Contains(strings.Fields(r.FormValue("scope")), "openid"):
		return in, fmt.Errorf("scope has no openid")
	case in.Challenge == "" || r.FormValue("code_challenge_method") != "S256":
		return in, fmt.Errorf("there is no code_challenge of the method S256")
	}
	return in, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ask shows the people to choose from.
func (s *Server) ask(w http.ResponseWriter, r *http.Request) {
	if _, err := s.read(r); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	now := s.World()
	action := "/oauth/auth?" + r.URL.Query().Encode()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")
	w.Header().Set("Cache-Control", "no-store")
	_ = s.choose.Execute(w, map[string]any{"Action": template.URL(action), "Bot": client(now, r.FormValue("client_id")).Name, "People": now.People})
}

// answer sends the browser back to the client.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	in, err := s.read(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {in.State}}
	if r.PostFormValue("person") == "" {
		back.Set("error", "access_denied")
	} else {
		id, _ := strconv.ParseInt(r.PostFormValue("person"), 10, 64)
		if _, err := s.World().Person(id); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		code := rand.Text()
		back.Set("code", code)
		s.mu.Lock()
		s.codes[code] = grant{asked: in, person: id, expires: s.Now().Add(codeLife)}
		s.mu.Unlock()
	}
	http.Redirect(w, r, in.Redirect+"?"+back.Encode(), http.StatusSeeOther)
}

// token gives an ID token for a code, once, to the client that it was made for.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	id, secret, basic := r.BasicAuth()
	if basic { // form-encoded there
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	now := s.World()
	bot := client(now, id)
	if bot == nil || subtle.ConstantTimeCompare([]byte(bot.LoginSecret), []byte(secret)) != 1 {
		refuse(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	s.mu.Lock()
	g, known := s.codes[r.PostFormValue("code")]
	delete(s.codes, r.PostFormValue("code"))
	s.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if r.PostFormValue("grant_type") != "authorization_code" || !known || !s.Now().Before(g.expires) || g.asked.ClientID != id ||
		g.asked.Redirect != r.PostFormValue("redirect_uri") || g.asked.Challenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
		refuse(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	p, err := now.Person(g.person)
	if err != nil {
		refuse(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	pair := sha256.Sum256(fmt.Appendf(nil, "%s:%d", id, p.ID)) // sub is another one for each client
	signed, err := s.key.sign(map[string]any{
		"iss": issuer(r), "aud": id, "sub": base64.RawURLEncoding.EncodeToString(pair[:12]), "nonce": g.asked.Nonce,
		"iat": s.Now().Unix(), "exp": s.Now().Add(tokenLife).Unix(),
		"id": p.ID, "name": p.Name, "preferred_username": p.Username,
	})
	if err != nil {
		refuse(w, http.StatusInternalServerError, "server_error")
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": rand.Text(), "token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "id_token": signed})
}

func refuse(w http.ResponseWriter, status int, why string) {
	writeJSON(w, status, map[string]string{"error": why})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
