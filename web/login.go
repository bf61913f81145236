package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/store"
	"quaydesk/web/page"
)

// Login is how people sign in: with Telegram, by OpenID Connect's code flow with PKCE, for the client that is the bot.
type Login struct {
	Issuer string // its configuration is found below /.well-known/
	Secret string // of the client; "": nobody can sign in
}

// signingIn lets people in who have a role here, and out again.
type signingIn struct {
	Config
	http     *http.Client
	attempts limiter

	mu       sync.Mutex
	provider *oidc.Provider // nil until it is first needed: the web starts without it
}

const (
	issuerTimeout = 10 * time.Second
	sessionLogin  = "login" // a journey
)

func newSigningIn(c Config) *signingIn {
	return &signingIn{Config: c, http: &http.Client{Timeout: issuerTimeout}, attempts: limiter{counts: map[string]int{}}}
}

// journey is what has to come back from Telegram the way it went there.
type journey struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Bot      int64  `json:"bot"`
	Client   string `json:"client"`
	Then     string `json:"then"`
}

func (s *signingIn) show(v *page.Visit) error {
	if v.SignedIn() && v.Person.Role.Member() {
		return v.Go(v.Then(), chat.Text{})
	}
	if s.Login.Secret == "" {
		return v.Show(chat.T("web.login.title"), h.P(v.T("web.login.not_set_up")))
	}
	var again g.Node
	if v.Request().URL.Query().Has("again") {
		again = h.P(h.Class("wrong whole"), h.Role("alert"), v.T("web.login.again"))
	}
	return v.Show(chat.T("web.login.title"), again, h.P(v.T("web.login.how")),
		h.P(h.A(h.Class("button"), h.Href("/login/telegram?"+page.ThenParam(v.Then())), v.T("web.login.button"))))
}

// begin sends the browser to Telegram.
func (s *signingIn) begin(v *page.Visit) error {
	if err := s.allow(v); err != nil {
		return err
	}
	bot, client, err := s.bot(v.Ctx())
	if err != nil {
		return err
	}
	config, _, err := s.oauth(v, client)
	if err != nil {
		return err
	}
	j := journey{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Bot: bot, Client: client, Then: v.Then()}
	kept, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("begin to sign in: %w", err)
	}
	v.Keep(sessionLogin, string(kept))
	return v.Leave(config.AuthCodeURL(j.State, oidc.Nonce(j.Nonce), oauth2.S256ChallengeOption(j.Verifier)))
}

// back takes the browser from Telegram again. Each journey has one way back.
func (s *signingIn) back(v *page.Visit) error {
	if err := s.allow(v); err != nil {
		return err
	}
	var j journey
	query := v.Request().URL.Query()
	if err := json.Unmarshal([]byte(v.Take(sessionLogin)), &j); err != nil ||
		subtle.ConstantTimeCompare([]byte(j.State), []byte(query.Get("state"))) != 1 {
		return fault.New(fault.Invalid, "web.login.stale")
	}
	if query.Get("error") != "" || query.Get("code") == "" {
		return v.Go("/login", chat.T("web.login.declined"))
	}
	telegram, err := s.ask(v, j, query.Get("code"))
	if err != nil {
		return err
	}
	var p people.Person
	err = s.Store.Tx(v.Ctx(), func(tx *store.Tx) error {
		p, err = tx.PersonByTelegram(v.Ctx(), j.Bot, telegram)
		return err
	})
	if fault.Is(err, fault.NotFound) || err == nil && !p.Role.Member() {
		v.Status(http.StatusForbidden)
		return v.Show(chat.T("web.login.title"), h.P(h.Class("wrong whole"), h.Role("alert"), v.T("web.login.stranger")),
			h.P(h.A(h.Class("button"), h.Href("/login/telegram?"+page.ThenParam(j.Then)), v.T("web.login.other"))))
	}
	if err != nil {
		return err
	}
	if err := v.SignIn(j.Bot, telegram); err != nil {
		return err
	}
	return v.Go(page.Local(j.Then), chat.Text{})
}

// ask exchanges the code for the Telegram user id that signed in.
func (s *signingIn) ask(v *page.Visit, j journey, code string) (int64, error) {
	config, verifier, err := s.oauth(v, j.Client)
	if err != nil {
		return 0, err
	}
	refused := func(why string, err error) (int64, error) {
		s.Log.Warn("a sign-in was refused", slog.String("why", why), slog.Any("error", err))
		return 0, fault.New(fault.Invalid, "web.login.refused")
	}
	ctx := oidc.ClientContext(v.Ctx(), s.http)
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(j.Verifier))
	if answer := (*oauth2.RetrieveError)(nil); errors.As(err, &answer) {
		if answer.Response.StatusCode >= 500 {
			return 0, s.away(errors.New(answer.Response.Status))
		}
		return refused("code", errors.New(answer.ErrorCode))
	}
	if err != nil {
		return 0, s.away(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return refused("id token", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(j.Nonce)) != 1 {
		return refused("nonce", nil)
	}
	var claims struct {
		ID json.Number `json:"id"` // Telegram's user id; sub is another one, made for each client
	}
	if err := id.Claims(&claims); err != nil {
		return refused("claims", err)
	}
	telegram, err := strconv.ParseInt(claims.ID.String(), 10, 64)
	if err != nil || telegram <= 0 {
		return refused("claim id", nil)
	}
	return telegram, nil
}

// bot is the one whose workspace people sign in to, and what the issuer calls it: its Telegram id.
func (s *signingIn) bot(ctx context.Context) (id int64, client string, err error) {
	bots, err := s.Store.Bots(ctx)
	if err != nil {
		return 0, "", err
	}
	if s.Login.Secret == "" || len(bots) == 0 {
		return 0, "", fault.New(fault.Unavailable, "web.login.not_set_up")
	}
	client, _, _ = strings.Cut(bots[0].Token, ":")
	return bots[0].ID, client, nil
}

// oauth asks the issuer where everything is, once it is needed.
func (s *signingIn) oauth(v *page.Visit, client string) (*oauth2.Config, *oidc.IDTokenVerifier, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider == nil {
		// The provider keeps the context to fetch keys with later.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(v.Ctx()), s.http), s.Login.Issuer)
		if err != nil {
			return nil, nil, s.away(err)
		}
		s.provider = found
	}
	return &oauth2.Config{
		ClientID: client, ClientSecret: s.Login.Secret, Endpoint: s.provider.Endpoint(),
		RedirectURL: s.address(v.Request()) + "/login/back", Scopes: []string{oidc.ScopeOpenID, "profile"},
	}, s.provider.Verifier(&oidc.Config{ClientID: client}), nil
}

func (s *signingIn) away(err error) error {
	s.Log.Warn("Telegram's login does not answer", slog.Any("error", err))
	return fault.New(fault.Unavailable, "web.login.away")
}

// address is where people reach us. Telegram sends them back to addresses only that the bot's owner has listed.
func (s *signingIn) address(r *http.Request) string {
	if s.Public != "" {
		return s.Public
	}
	return "http://" + r.Host
}

func (s *signingIn) leave(v *page.Visit) error {
	if err := v.SignOut(); err != nil {
		return err
	}
	return v.Go("/", chat.Text{})
}

// language keeps the language that somebody chose: with the person, for the bot speaks it too, or in a stranger's
// browser.
func (s *signingIn) language(v *page.Visit) error {
	f := v.Form()
	lang := people.Language(f.Text("lang"))
	if !v.SignedIn() {
		v.SpeakTo(lang)
		return v.Go(v.Then(), chat.Text{})
	}
	in := records.LanguageChoice{Workspace: v.Person.Workspace, Person: v.Person.ID, Lang: lang}
	if _, err := s.Records.SetLanguage(v.Ctx(), v.Turn(f), in); err != nil {
		return err
	}
	return v.Go(v.Then(), chat.Text{})
}

// limiter bounds how often one address may try to sign in.
type limiter struct {
	mu     sync.Mutex
	minute time.Time
	counts map[string]int
}

const mostAttempts = 60 // steps a minute, two for each sign-in: an office behind one address stays well below

// allow counts an attempt, or refuses it.
func (s *signingIn) allow(v *page.Visit) error {
	host, _, err := net.SplitHostPort(v.Request().RemoteAddr)
	if err != nil {
		host = v.Request().RemoteAddr
	}
	if !s.attempts.allow(host, time.Now()) {
		return fault.New(fault.Unavailable, "web.login.too_often")
	}
	return nil
}

func (l *limiter) allow(who string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := now.Truncate(time.Minute); minute != l.minute {
		l.minute = minute
		clear(l.counts)
	}
	l.counts[who]++
	return l.counts[who] <= mostAttempts
}
