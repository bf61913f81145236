package botapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"quaydesk/sandbox/faults"
	"quaydesk/sandbox/world"
)

// Config is what a Server is made of. All fields are needed.
type Config struct {
	World   world.World
	Faults  *faults.Faults
	DataDir string // the journal and the files lie here; made when missing
	Log     *slog.Logger
}

// Server is the Bot API and the people of its chats. It runs until Close.
type Server struct {
	cfg       Config
	retryUnit time.Duration // a webhook's retries come after none, 2, 4, 8… of these
	client    *http.Client
	ctx       context.Context
	cancel    context.CancelFunc
	running   sync.WaitGroup
	hub       hub

	mu         sync.Mutex // guards all that follows, and every bot
	journal    *journal
	bots       map[int64]*bot
	people     map[int64]world.Person
	order      []int64 // of people, as they came
	nextPerson int64
	files      map[string]*file
	callbacks  map[string]*callback
}

// New opens the journal in the data folder, fills a new one with the world, and starts delivering what is pending.
func New(cfg Config) (*Server, error) { return newServer(cfg, time.Second) }

func newServer(cfg Config, retryUnit time.Duration) (*Server, error) {
	if err := os.MkdirAll(filepath.Join(cfg.DataDir, "files"), 0o700); err != nil {
		return nil, fmt.Errorf("sandbox data: %w", err)
	}
	s := &Server{
		cfg: cfg, retryUnit: retryUnit, client: webhookClient(),
		bots: map[int64]*bot{}, people: map[int64]world.Person{}, nextPerson: 600_000,
		files: map[string]*file{}, callbacks: map[string]*callback{},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	var err error
	if s.journal, err = openJournal(filepath.Join(cfg.DataDir, "telegram.journal"), s.apply); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range cfg.World.Bots {
		if s.bots[b.ID] == nil {
			_, secret, _ := strings.Cut(b.Token, ":")
			err = errors.Join(err, s.commit(&record{Bot: &botRecord{ID: b.ID, Secret: secret, Username: b.Username, Name: b.Name}}))
		}
	}
	for _, p := range cfg.World.People {
		if s.people[p.ID] != p {
			err = errors.Join(err, s.commit(&record{Person: &p}))
		}
	}
	if err != nil {
		return nil, errors.Join(err, s.journal.close())
	}
	for _, b := range s.bots {
		s.startDelivery(b)
	}
	return s, nil
}

// Close stops all deliveries and closes the journal. Open requests are answered with refusals.
func (s *Server) Close() error {
	s.cancel()
	s.running.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.close()
}

// commit writes a record down and applies it.
func (s *Server) commit(r *record) error {
	if err := s.journal.write(r); err != nil {
		return err
	}
	s.apply(r)
	return nil
}

// call is one call of a method by a bot.
type call struct {
	s      *Server
	bot    *bot
	params params
	now    time.Time // when it is carried out
	files  []*file   // uploaded or fetched for it
	note   string    // what is said beside the result
}

var tokenShape = regexp.MustCompile(`^([0-9]{1,16}):([A-Za-z0-9_-]{3,80})$`)

// API serves /bot<token>/<method> and /file/bot<token>/<path>.
func (s *Server) API() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, ok := strings.CutPrefix(r.URL.Path, "/file/bot"); ok {
			s.serveDownload(w, r, rest)
			return
		}
		rest := strings.TrimPrefix(r.URL.Path, "/bot")
		token, name, _ := strings.Cut(rest, "/")
		b, err := s.botOf(token)
		if err != nil {
			writeRefusal(w, asRefusal(err))
			return
		}
		p, err := readParams(w, r)
		if err == nil {
			defer func() {
				if r.MultipartForm != nil {
					_ = r.MultipartForm.RemoveAll()
				}
			}()
		}
		var result any
		c := &call{s: s, bot: b, params: p}
		if err == nil {
			result, err = s.dispatch(r.Context(), c, name)
		}
		if err != nil {
			writeRefusal(w, asRefusal(err))
			return
		}
		writeJSON(w, http.StatusOK, struct {
			OK          bool   `json:"ok"`
			Result      any    `json:"result"`
			Description string `json:"description,omitempty"`
		}{true, result, c.note})
	})
}

// botOf gives the bot of a token. Any well-formed token of an unknown bot makes that bot; from then on it is the only
// one that fits.
func (s *Server) botOf(token string) (*bot, error) {
	m := tokenShape.FindStringSubmatch(token)
	if m == nil {
		return nil, &refusal{code: http.StatusNotFound, text: "Not Found"}
	}
	id, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil {
		return nil, &refusal{code: http.StatusNotFound, text: "Not Found"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bots[id] == nil {
		r := botRecord{ID: id, Secret: m[2], Username: fmt.Sprintf("sandbox%d_bot", id), Name: fmt.Sprintf("Bot %d", id)}
		if err := s.commit(&record{Bot: &r}); err != nil {
			return nil, err
		}
	}
	if s.bots[id].Secret != m[2] {
		return nil, &refusal{code: http.StatusUnauthorized, text: "Unauthorized"}
	}
	return s.bots[id], nil
}

// dispatch carries out a method and tells the watchers how it went.
func (s *Server) dispatch(ctx context.Context, c *call, name string) (any, error) {
	name = strings.ToLower(name)
	m, known := methods[name]
	if !known {
		return nil, &refusal{code: http.StatusNotFound, text: "Not Found: method not found"}
	}
	for given := range c.params.values {
		if !slices.Contains(m.params, given) {
			return nil, badRequest("parameter %q of %s is not known to the sandbox", given, m.name)
		}
	}
	if name == "getupdates" {
		return s.getUpdates(ctx, c)
	}
	if m.prepare != nil {
		if err := m.prepare(ctx, c); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = time.Now()
	result, err := m.run(c)
	e := event{Kind: "call", At: c.now, Bot: c.bot.ID, Method: m.name, OK: err == nil}
	e.Chat, _ = strconv.ParseInt(c.params.values["chat_id"], 10, 64)
	if err != nil {
		r := asRefusal(err)
		e.Code, e.Description = r.code, r.text
	}
	s.emit(e)
	return result, err
}
