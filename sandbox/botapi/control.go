package botapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"quaydesk/sandbox/world"
)

// wrong is a request of the control API that cannot be carried out.
type wrong struct {
	status int
	text   string
}

func (w *wrong) Error() string { return w.text }

func wrongf(status int, format string, args ...any) error {
	return &wrong{status: status, text: fmt.Sprintf(format, args...)}
}

// Control serves what the people do, under /demo/. Bodies are JSON, errors are {"error": "…"}. With C for
// /demo/people/{person}/chats/{bot}:
//
//	GET  /demo/world              the bots, the people and the board's account
//	POST /demo/people             {name, username, language_code}: a new person
//	GET  C/messages               {bot, person, started, blocked, typing, commands, messages}: the chat as the person sees it
//	POST C/messages               {text, reply_to}, {fake_size, name, kind} or {other}; or a form with text, reply_to, kind,
//	                              duration and one or more file parts: {message_id, message_ids, update_ids}
//	POST C/messages/{id}/edit     {text}
//	POST C/start                  {payload}: Start, or a deep link
//	POST C/press?wait=15          {message_id, data} or {message_id, row, col}: {callback_id, update_id, answered, text, alert, url}
//	POST C/block, C/unblock       {blocked}
//	POST /demo/callbacks?wait=15  {bot_id, person, message_id, data}: a press of a button that need not exist
//	POST /demo/updates/{bot}      any update: {update_id}
//	GET  /demo/events?kinds=&chats=   events, streamed: see event
//	GET  /demo/files/{unique}     the bytes of a file
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	const chat = "/demo/people/{person}/chats/{bot}/"
	mux.HandleFunc("GET /demo/world", s.serveWorld)
	mux.HandleFunc("GET /demo/events", s.serveEvents)
	mux.HandleFunc("GET /demo/files/{unique}", s.serveFile)
	mux.HandleFunc("POST /demo/people", answer(s.addPerson))
	mux.HandleFunc("GET "+chat+"messages", answer(s.inChat(s.showChat)))
	mux.HandleFunc("POST "+chat+"messages", answer(s.inChat(s.personSends)))
	mux.HandleFunc("POST "+chat+"messages/{id}/edit", answer(s.inChat(s.personEdits)))
	mux.HandleFunc("POST "+chat+"press", answer(s.inChat(s.personPresses)))
	mux.HandleFunc("POST "+chat+"start", answer(s.inChat(s.personStarts)))
	mux.HandleFunc("POST "+chat+"block", answer(s.inChat(s.personBlocks(true))))
	mux.HandleFunc("POST "+chat+"unblock", answer(s.inChat(s.personBlocks(false))))
	mux.HandleFunc("POST /demo/callbacks", answer(s.injectCallback))
	mux.HandleFunc("POST /demo/updates/{bot}", answer(s.injectUpdate))
	return mux
}

func answer(do func(r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 10*maxUpload)
		result, err := do(r)
		var known *wrong
		var ref *refusal
		switch {
		case errors.As(err, &known):
			writeJSON(w, known.status, map[string]string{"error": known.text})
		case errors.As(err, &ref):
			writeJSON(w, ref.code, map[string]string{"error": ref.text})
		case err != nil:
			writeJSON(w, http.StatusInternalServerError, map[string]string{"error": err.Error()})
		default:
			writeJSON(w, http.StatusOK, result)
		}
	}
}

// readBody decodes a JSON object; an empty body leaves v alone.
func readBody(r *http.Request, v any) error {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil && !errors.Is(err, io.EOF) {
		return wrongf(http.StatusBadRequest, "the body does not fit: %v", err)
	}
	return nil
}

// visit is what a person does in one chat.
type visit struct {
	r      *http.Request
	bot    *bot
	chat   *chat
	person world.Person
	now    time.Time
}

// inChat looks up the chat of the request's path. do runs without the server's mutex.
func (s *Server) inChat(do func(*visit) (any, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		person, _ := strconv.ParseInt(r.PathValue("person"), 10, 64)
		bot, _ := strconv.ParseInt(r.PathValue("bot"), 10, 64)
		v, err := s.visit(bot, person)
		if err != nil {
			return nil, err
		}
		v.r = r
		return do(v)
	}
}

func (s *Server) visit(bot, person int64) (*visit, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, known := s.people[person]
	if !known {
		return nil, wrongf(http.StatusNotFound, "nobody has the id %d", person)
	}
	b := s.bots[bot]
	if b == nil {
		return nil, wrongf(http.StatusNotFound, "no bot has the id %d", bot)
	}
	return &visit{bot: b, chat: s.chat(b, person), person: p, now: time.Now()}, nil
}

func (s *Server) serveWorld(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.World())
}

// World is the world as it is now, with the bots and people that came since.
func (s *Server) World() world.World {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.World
	now.Bots, now.People = slices.Clone(now.Bots), nil
	for _, b := range s.bots {
		if !slices.ContainsFunc(s.cfg.World.Bots, func(known world.Bot) bool { return known.ID == b.ID }) {
			now.Bots = append(now.Bots, world.Bot{Token: fmt.Sprintf("%d:%s", b.ID, b.Secret), ID: b.ID, Username: b.Username, Name: b.Name})
		}
	}
	for _, id := range s.order {
		now.People = append(now.People, s.people[id])
	}
	return now
}

// serveFile serves a file to the page, shown where it is harmless to show and downloaded otherwise.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files[r.PathValue("unique")]
	s.mu.Unlock()
	if f == nil || f.Fake {
		writeJSON(w, http.StatusNotFound, map[string]string{"error": "there is no such file"})
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "sandbox")
	contentType, _, _ := strings.Cut(f.Type, "/")
	if f.Type == "image/svg+xml" || contentType != "image" && contentType != "audio" && contentType != "video" {
		w.Header().Set("Content-Disposition", "attachment")
	}
	s.serveBytes(w, r, f, f.Type)
}

func (s *Server) addPerson(r *http.Request) (any, error) {
	var in struct {
		Name     string `json:"name"`
		Username string `json:"username"`
		Language string `json:"language_code"`
	}
	if err := readBody(r, &in); err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Name) == "" {
		return nil, wrongf(http.StatusBadRequest, "a person needs a name")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := world.Person{ID: s.nextPerson, Name: in.Name, Username: in.Username, Language: in.Language}
	return p, s.commit(&record{Person: &p})
}

// showChat gives the chat with all its messages, the deleted ones too.
func (s *Server) showChat(v *visit) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := struct {
		Bot      map[string]any `json:"bot"`
		Person   world.Person   `json:"person"`
		Started  bool           `json:"started"`
		Blocked  bool           `json:"blocked"`
		Typing   bool           `json:"typing"`
		Commands []Command      `json:"commands"`
		Messages []*view        `json:"messages"`
	}{
		Bot: map[string]any{
			"id": v.bot.ID, "username": v.bot.Username, "name": v.bot.shown("name", v.person.Language),
			"description": v.bot.shown("description", v.person.Language),
		},
		Person: v.person, Started: v.chat.Started, Blocked: v.chat.Blocked, Typing: v.now.Before(v.bot.actionsUntil[v.person.ID]),
		Commands: v.bot.menu(v.person.ID, v.person.Language), Messages: []*view{},
	}
	for _, p := range v.chat.posts {
		out.Messages = append(out.Messages, s.view(p))
	}
	return out, nil
}

// injectCallback presses a button that need not exist.
func (s *Server) injectCallback(r *http.Request) (any, error) {
	var in struct {
		Bot       int64  `json:"bot_id"`
		Person    int64  `json:"person"`
		MessageID int    `json:"message_id"`
		Data      string `json:"data"`
	}
	if err := readBody(r, &in); err != nil {
		return nil, err
	}
	v, err := s.visit(in.Bot, in.Person)
	if err != nil {
		return nil, err
	}
	v.r = r
	return s.press(v, in.MessageID, in.Data)
}

// injectUpdate gives a bot an update as it stands, with an update_id put in.
func (s *Server) injectUpdate(r *http.Request) (any, error) {
	id, _ := strconv.ParseInt(r.PathValue("bot"), 10, 64)
	fields := map[string]any{}
	dec := json.NewDecoder(r.Body)
	dec.UseNumber()
	if err := dec.Decode(&fields); err != nil {
		return nil, wrongf(http.StatusBadRequest, "an update is a JSON object")
	}
	delete(fields, "update_id")
	kind := ""
	for name := range fields {
		kind = max(kind, name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.bots[id]
	if b == nil {
		return nil, wrongf(http.StatusNotFound, "no bot has the id %d", id)
	}
	rec := &record{}
	u, err := s.tell(b, rec, update{Kind: kind, Queue: "injected"}, messageLife, time.Now(), fields)
	if err != nil {
		return nil, err
	}
	if u == nil {
		return nil, wrongf(http.StatusConflict, "the bot does not want updates of the kind %q", kind)
	}
	if err := s.commit(rec); err != nil {
		return nil, err
	}
	s.wake(b, rec.Updates)
	return map[string]int64{"update_id": u.ID}, nil
}
