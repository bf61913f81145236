package todoist

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"quaydesk/sandbox/faults"
	"quaydesk/sandbox/world"
)

// Server is the Todoist service with its board page.
type Server struct {
	account  person   // of the API token
	people   []person // the account and all collaborators
	members  []member // the same for the board page
	token    string
	secret   string // of webhooks, unless another one is set
	inbox    string
	project  string // the demo board
	filesDir string

	faults *faults.Faults
	log    *slog.Logger
	now    func() time.Time
	limits *limiter
	hub    *hub

	mu      sync.Mutex
	st      *state
	journal *journal

	hookWake chan struct{} // a webhook may be due
	stop     chan struct{}
	stopped  sync.WaitGroup
}

// New opens the board that is kept in dataDir (made when missing) and begins to deliver webhooks.
func New(w world.World, f *faults.Faults, dataDir string, log *slog.Logger) (*Server, error) {
	s := &Server{
		account: person{w.Todoist.UserID, w.Todoist.UserName, email(w.Todoist.UserName)},
		token:   w.Todoist.Token, secret: w.Todoist.ClientSecret, project: w.Todoist.ProjectID,
		inbox: "6Inbox" + w.Todoist.UserID, filesDir: filepath.Join(dataDir, "files"),
		faults: f, log: log, now: time.Now, limits: newLimiter(), hub: newHub(),
		st: newState(), hookWake: make(chan struct{}, 1), stop: make(chan struct{}),
	}
	s.people, s.members = append(s.people, s.account), append(s.members, member{person: s.account})
	for _, p := range w.Collaborators() {
		who := person{p.BoardUID, p.Name, email(p.Username)}
		s.people, s.members = append(s.people, who), append(s.members, member{who, ptr(p.ID % 7)})
	}
	if err := os.MkdirAll(s.filesDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the board's data folder: %w", err)
	}
	var err error
	if s.journal, err = openJournal(filepath.Join(dataDir, "todoist.jsonl"), s.st.apply); err != nil {
		return nil, err
	}
	if s.st.store == "" {
		if err := s.seed(); err != nil {
			return nil, errors.Join(err, s.journal.close())
		}
	}
	s.stopped.Go(s.deliver)
	return s, nil
}

// seed writes the first line: the demo project and the account's inbox.
func (s *Server) seed() error {
	at := stamp(s.now())
	base := Project{
		CreatorUID: s.account.UID, Color: "charcoal", ViewStyle: "board", CreatedAt: at, UpdatedAt: at, CanAssignTasks: true,
	}
	inbox, board := base, base
	inbox.ID, inbox.Name, inbox.InboxProject, inbox.CanAssignTasks = s.inbox, "Inbox", true, false
	board.ID, board.Name, board.IsShared, board.ChildOrder = s.project, "Support desk", true, 1
	return s.record(line{Store: newID(), Projects: []Project{inbox, board}})
}

// Close stops the webhooks and the journal. The HTTP handlers must not be used afterwards.
func (s *Server) Close() error {
	close(s.stop)
	s.stopped.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.journal.close()
}

// Register adds everything that the package serves to mux.
func (s *Server) Register(mux *http.ServeMux) {
	api := http.NewServeMux()
	s.routes(api)
	mux.Handle("/todoist/api/", s.faults.Wrap(faults.Todoist, s.authorized(api)))
	for _, old := range []string{"/todoist/rest/", "/todoist/sync/"} {
		mux.HandleFunc(old, func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "This endpoint is gone. Use the API v1: /api/v1/.", http.StatusGone)
		})
	}
	mux.HandleFunc("GET /todoist/files/{id}/{name}", s.serveFile)
	s.registerBoard(mux)
}

// record writes a line and makes it true. The caller holds mu, or is alone.
func (s *Server) record(l line) error {
	if err := s.journal.write(l); err != nil {
		return err
	}
	s.st.apply(l)
	return nil
}

// do carries out one change as actor: whatever f puts into the change is kept, told to webhooks and shown on open
// boards, or nothing is when f fails.
func (s *Server) do(actor person, f func(c *change) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &change{state: s.st, actor: actor, user: s.account, people: s.people, inbox: s.inbox, now: s.now()}
	if err := f(c); err != nil {
		return err
	}
	for _, e := range c.events {
		c.line.Activity = append(c.line.Activity, c.logged(e))
		c.line.Deliveries = append(c.line.Deliveries, s.deliveries(c, e)...)
	}
	if err := s.record(c.line); err != nil {
		s.log.Error("cannot keep a change of the sandbox's board", slog.Any("error", err))
		return err
	}
	s.wakeHooks()
	for _, e := range c.events {
		s.hub.tell(notice{Kind: e.name, TaskID: e.taskID, SectionID: e.sectionID, ProjectID: e.projectID, At: c.at()})
	}
	return nil
}

// view reads the state.
func (s *Server) view(f func(st *state)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s.st)
}

// authorized lets only the account's token through, and counts REST calls against their limit.
func (s *Server) authorized(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || subtle.ConstantTimeCompare([]byte(token), []byte(s.token)) != 1 {
			writeError(w, errUnauthorized())
			return
		}
		if r.URL.Path != "/todoist/api/v1/sync" && !s.allow(w, callREST) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

// allow counts a call, and answers it with 429 when there were too many.
func (s *Server) allow(w http.ResponseWriter, kind callKind) bool {
	if !s.faults.Limits() {
		return true
	}
	if wait := s.limits.take(s.account.UID, kind, s.now()); wait > 0 {
		writeError(w, errLimited(int((wait+time.Second-1)/time.Second)))
		return false
	}
	return true
}

func email(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ".")) + "@example.com"
}
