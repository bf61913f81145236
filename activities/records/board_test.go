package records

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"pgregory.net/rapid"

	"quaydesk/activities/todoist"
	"quaydesk/domain/board"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/ticket"
	"quaydesk/sandbox/faults"
	sandbox "quaydesk/sandbox/todoist"
	"quaydesk/sandbox/world"
	"quaydesk/store"
	"quaydesk/store/storetest"
)

// plainTexts renders a text as its key and plain words.
type plainTexts struct{}

func (p plainTexts) HTML(lang string, zone *time.Location, t chat.Text) string {
	words := t.Key + t.Plain
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for k := range t.Args {
			if !yield(k) {
				return
			}
		}
	}) {
		words += " " + p.HTML(lang, zone, t.Args[name])
	}
	for _, line := range t.Lines {
		words += "\n" + p.HTML(lang, zone, line)
	}
	return words
}
func (p plainTexts) Label(lang string, zone *time.Location, t chat.Text) string {
	return p.HTML(lang, zone, t)
}

// telegramFiles has every file but "gone".
type telegramFiles struct{}

func (telegramFiles) Open(_ context.Context, _ int64, f chat.File) (io.ReadCloser, error) {
	if f.ID == "gone" {
		return nil, fault.New(fault.NotFound, "file.gone")
	}
	return io.NopCloser(strings.NewReader("bytes of " + f.ID)), nil
}

// boardWorld is a desk with a sandbox board. Calls to the board pass a gate that can break them.
type boardWorld struct {
	t         require.TestingT
	ctx       context.Context
	pool      *pgxpool.Pool
	store     *store.Store
	records   *Records
	board     *Board
	api       *todoist.Client // past the gate
	demo      string          // where people act on the board
	gate      atomic.Pointer[func(*http.Request) broken]
	workspace int64
	bot       int64
	emma      people.Person // files tickets
	nadia     people.Person // an agent who is on the board
	sam       people.Person // an agent who is not
	calls     atomic.Int64
	meanwhile func()
}

// broken is how a call to the board fails.
type broken int

const (
	well      broken = iota
	before           // it never arrives
	after            // it is carried out, and the answer is lost
	busy             // 429
	forbidden        // 403
	edge             // 404 of a proxy
	missing          // 404 of Todoist's own
	refuse           // 400
	slow             // it is carried out, and w.meanwhile happens before the answer arrives
	mute             // it is carried out, and the answer does not tell the ids of what was made
)

const (
	nadiaUID = "51000003"
	igorUID  = "51000004" // on the board only
)

func newBoardWorld(t *testing.T) *boardWorld {
	ctx := t.Context()
	demo := world.Demo()
	f := faults.New()
	f.Set(faults.State{}) // no limits
	server, err := sandbox.New(demo, f, t.TempDir(), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	mux := http.NewServeMux()
	server.Register(mux)
	behind := httptest.NewServer(mux)
	t.Cleanup(behind.Close)

	w := &boardWorld{t: t, ctx: ctx, pool: storetest.New(t), demo: behind.URL + "/demo/board"}
	target, err := url.Parse(behind.URL)
	require.NoError(t, err)
	proxy := httputil.NewSingleHostReverseProxy(target)
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.calls.Add(1)
		how := well
		if gate := w.gate.Load(); gate != nil {
			how = (*gate)(r)
		}
		switch how {
		case before:
			panic(http.ErrAbortHandler)
		case after:
			proxy.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		case slow:
			answer := httptest.NewRecorder()
			proxy.ServeHTTP(answer, r)
			w.meanwhile()
			_, _ = rw.Write(answer.Body.Bytes())
		case mute:
			answer := httptest.NewRecorder()
			proxy.ServeHTTP(answer, r)
			_, _ = rw.Write(bytes.ReplaceAll(answer.Body.Bytes(), []byte("temp_id_mapping"), []byte("nothing")))
		case forbidden:
			http.Error(rw, "{}", http.StatusForbidden)
		case refuse:
			http.Error(rw, `{"error_tag":"INVALID_ARGUMENT_VALUE","http_code":400}`, http.StatusBadRequest)
		case edge:
			http.Error(rw, "<html>", http.StatusNotFound)
		case missing:
			http.Error(rw, `{"error":"Not found","error_code":478,"error_tag":"NOT_FOUND","http_code":404}`, http.StatusNotFound)
		case busy:
			rw.Header().Set("Retry-After", "7")
			http.Error(rw, "{}", http.StatusTooManyRequests)
		default:
			proxy.ServeHTTP(rw, r)
		}
	}))
	t.Cleanup(front.Close)

	w.store = store.New(w.pool)
	w.records = New(w.store, plainTexts{})
	w.api = todoist.New(behind.URL+"/todoist", demo.Todoist.Token)
	w.board = NewBoard(w.records, todoist.New(front.URL+"/todoist", demo.Todoist.Token), telegramFiles{}, slog.New(slog.DiscardHandler))
	w.bot, err = w.store.RegisterBot(ctx, 7000000001, "token", "Test", []string{"desk"})
	require.NoError(t, err)
	w.workspace, err = w.store.PutBoard(ctx, demo.Todoist.ProjectID)
	require.NoError(t, err)
	w.emma = w.person(1, "Emma", people.Client, "")
	w.nadia = w.person(2, "Nadia", people.Agent, nadiaUID)
	w.sam = w.person(3, "Sam", people.Agent, "")
	return w
}

func (w *boardWorld) person(telegram int64, name string, role people.Role, uid string) people.Person {
	var p people.Person
	require.NoError(w.t, w.store.Tx(w.ctx, func(tx *store.Tx) error {
		m, err := tx.Meet(w.ctx, chat.Event{
			Bot: w.bot, Update: telegram, Chat: telegram, Private: true, User: chat.User{ID: telegram, Name: name},
		}, "run")
		if err != nil {
			return err
		}
		if err := tx.SetRole(w.ctx, w.workspace, m.Person.ID, role, ""); err != nil {
			return err
		}
		if err := tx.SetBoardUID(w.ctx, w.workspace, m.Person.ID, uid); err != nil {
			return err
		}
		p, err = tx.Person(w.ctx, w.workspace, m.Person.ID)
		return err
	}))
	return p
}

var opCount atomic.Int64

// desk does something at the desk as by, as if in Telegram; a fault is no error.
func (w *boardWorld) desk(by people.Person, do func(tx *store.Tx, d deed) error) {
	err := w.store.Tx(w.ctx, func(tx *store.Tx) error {
		return do(tx, deed{
			op: fmt.Sprintf("test:%d", opCount.Add(1)), workspace: w.workspace, by: by, bot: w.bot, chat: by.Telegram, at: now(), source: "telegram",
		})
	})
	if fault.As(err) == nil {
		require.NoError(w.t, err)
	}
}

func (w *boardWorld) file(s Said) (t ticket.Ticket) {
	w.desk(w.emma, func(tx *store.Tx, d deed) (err error) {
		t, err = w.records.file(w.ctx, tx, d, "access", s)
		return err
	})
	return t
}

func (w *boardWorld) say(by people.Person, id int64, side ticket.Side, s Said) (c ticket.Comment) {
	w.desk(by, func(tx *store.Tx, d deed) (err error) {
		c, _, err = w.records.comment(w.ctx, tx, d, id, side, s)
		return err
	})
	return c
}

func (w *boardWorld) ticket(id int64) (t ticket.Ticket) {
	require.NoError(w.t, w.store.Tx(w.ctx, func(tx *store.Tx) (err error) {
		t, err = tx.Ticket(w.ctx, w.workspace, id)
		return err
	}))
	return t
}

func (w *boardWorld) comments(id int64) (c []ticket.Comment) {
	require.NoError(w.t, w.store.Tx(w.ctx, func(tx *store.Tx) (err error) {
		c, err = tx.Comments(w.ctx, w.workspace, id)
		return err
	}))
	return c
}

func (w *boardWorld) link(id int64) (l *store.BoardTask) {
	require.NoError(w.t, w.store.Tx(w.ctx, func(tx *store.Tx) (err error) {
		l, err = tx.BoardTask(w.ctx, w.workspace, id)
		return err
	}))
	return l
}

func (w *boardWorld) sync(id int64) { require.NoError(w.t, w.board.SyncBoard(w.ctx, id)) }

// settle sweeps and syncs until there is nothing left to do.
func (w *boardWorld) settle() {
	for range 20 {
		ids, err := w.board.SweepBoard(w.ctx, w.workspace)
		require.NoError(w.t, err)
		if len(ids) == 0 {
			return
		}
		for _, id := range ids {
			w.sync(id)
		}
	}
	require.Fail(w.t, "the desk and the board do not come to rest")
}

// act does something on the board as a person: path is below /demo/board.
func (w *boardWorld) act(path string, args map[string]any) map[string]any {
	body, err := json.Marshal(args)
	require.NoError(w.t, err)
	res, err := http.Post(w.demo+path, "application/json", bytes.NewReader(body))
	require.NoError(w.t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	require.NoError(w.t, err)
	require.Equal(w.t, 200, res.StatusCode, string(answer))
	var v map[string]any
	require.NoError(w.t, json.Unmarshal(answer, &v))
	return v
}

func (w *boardWorld) onTask(id int64, action string, args map[string]any) map[string]any {
	return w.act("/tasks/"+w.link(id).Task+"/"+action, args)
}

func (w *boardWorld) section(s ticket.State) string {
	var at *store.Board
	require.NoError(w.t, w.store.Tx(w.ctx, func(tx *store.Tx) (err error) {
		at, err = tx.Board(w.ctx, w.workspace)
		return err
	}))
	return at.Sections[s]
}

func (w *boardWorld) task(id int64) todoist.Task {
	task, err := w.api.Task(w.ctx, w.link(id).Task)
	require.NoError(w.t, err)
	return task
}

func (w *boardWorld) notes(id int64) []string {
	notes, err := w.api.Notes(w.ctx, w.link(id).Task)
	require.NoError(w.t, err)
	var contents []string
	for _, n := range notes {
		contents = append(contents, n.Content)
	}
	return contents
}

// told gives what was put into the outbox for a chat, oldest first.
func (w *boardWorld) told(chat int64) []string {
	rows, err := w.pool.Query(w.ctx, `SELECT message->>'html' FROM outbox WHERE chat_id = $1 ORDER BY id`, chat)
	require.NoError(w.t, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var html string
		require.NoError(w.t, rows.Scan(&html))
		all = append(all, html)
	}
	require.NoError(w.t, rows.Err())
	return all
}

// breakCalls has calls fail as gate says; nil mends everything.
func (w *boardWorld) breakCalls(gate func(*http.Request) broken) {
	if gate == nil {
		w.gate.Store(nil)
		return
	}
	w.gate.Store(&gate)
}

func TestTicketBecomesTask(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "The gate is locked\nsince noon", Files: []chat.File{{Kind: chat.Photo, ID: "p1", Name: "gate.jpg", Type: "image/jpeg"}}})
	w.sync(filed.ID)
	task := w.task(filed.ID)
	require.Equal(t, fmt.Sprintf("#%d The gate is locked", filed.Number), task.Content)
	require.Contains(t, task.Description, "The gate is locked\nsince noon")
	require.Contains(t, task.Description, "From: Emma")
	require.Equal(t, w.section(ticket.New), task.SectionID)
	require.Empty(t, task.ResponsibleUID)
	require.Equal(t, []string{"**Emma:** gate.jpg"}, w.notes(filed.ID))

	w.desk(w.nadia, func(tx *store.Tx, d deed) error { _, err := w.records.take(w.ctx, tx, d, filed.ID, false); return err })
	w.say(w.nadia, filed.ID, ticket.FromAgent, Said{Text: "on my way"})
	w.sync(filed.ID)
	task = w.task(filed.ID)
	require.Equal(t, w.section(ticket.Waiting), task.SectionID)
	require.Equal(t, nadiaUID, task.ResponsibleUID)
	require.Equal(t, []string{"**Emma:** gate.jpg", "**Nadia:** on my way"}, w.notes(filed.ID))

	w.desk(w.nadia, func(tx *store.Tx, d deed) error { _, err := w.records.release(w.ctx, tx, d, filed.ID); return err })
	w.desk(w.nadia, func(tx *store.Tx, d deed) error { _, err := w.records.close(w.ctx, tx, d, filed.ID); return err })
	w.sync(filed.ID)
	task = w.task(filed.ID)
	require.True(t, task.Checked)
	require.Empty(t, task.ResponsibleUID)
	w.desk(w.emma, func(tx *store.Tx, d deed) error { _, err := w.records.reopen(w.ctx, tx, d, filed.ID); return err })
	w.sync(filed.ID)
	require.False(t, w.task(filed.ID).Checked)
	w.settle()
	calls := w.calls.Load()
	w.sync(filed.ID)
	require.Equal(t, calls, w.calls.Load(), "with nothing to do the board is not asked")
}

func TestPeoplesMovesReachTheDesk(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help"})
	w.settle()
	state := func() ticket.State { return w.ticket(filed.ID).State }

	w.onTask(filed.ID, "assign", map[string]any{"uid": nadiaUID, "as": nadiaUID})
	w.settle()
	require.Equal(t, ticket.Taken, state())
	require.Equal(t, w.nadia.ID, w.ticket(filed.ID).Assignee.ID)
	require.Equal(t, w.section(ticket.Taken), w.task(filed.ID).SectionID, "the section follows")

	w.onTask(filed.ID, "move", map[string]any{"section_id": w.section(ticket.Waiting)})
	w.settle()
	require.Equal(t, ticket.Waiting, state())

	w.onTask(filed.ID, "assign", map[string]any{"uid": igorUID, "as": nadiaUID})
	w.settle()
	require.Equal(t, int64(0), w.ticket(filed.ID).Assignee.ID, "nobody is guessed")
	require.Equal(t, "Игорь Лебедев", w.ticket(filed.ID).Assignee.Name)
	require.Equal(t, igorUID, w.task(filed.ID).ResponsibleUID)

	w.onTask(filed.ID, "complete", nil)
	w.settle()
	require.Equal(t, ticket.Closed, state())
	w.onTask(filed.ID, "reopen", nil)
	w.settle()
	require.Equal(t, ticket.Taken, state())
	w.onTask(filed.ID, "move", map[string]any{"section_id": w.section(ticket.New)})
	w.settle()
	require.Equal(t, ticket.New, state())
	require.Empty(t, w.task(filed.ID).ResponsibleUID)
}

func TestNotesReachTheOrganizer(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help"})
	w.settle()
	w.onTask(filed.ID, "comments", map[string]any{"uid": nadiaUID, "content": "// careful with this one"})
	note := w.onTask(filed.ID, "comments", map[string]any{"uid": igorUID, "content": "which gaet?"})
	w.settle()
	said := w.comments(filed.ID)
	require.Len(t, said, 3)
	require.Equal(t, ticket.Note, said[1].Side)
	require.Equal(t, "careful with this one", said[1].Text)
	require.Equal(t, ticket.FromAgent, said[2].Side)
	require.Equal(t, "Игорь Лебедев", said[2].Author.Name)
	heard := strings.Join(w.told(w.emma.Telegram), "\n")
	require.Contains(t, heard, "which gaet?")
	require.NotContains(t, heard, "careful")

	w.act("/comments/"+note["id"].(string), map[string]any{"as": igorUID, "content": "which gate?"})
	w.settle()
	require.Equal(t, "which gate?", w.comments(filed.ID)[2].Text)
	require.Contains(t, strings.Join(w.told(w.emma.Telegram), "\n"), "which gate?")
	require.Len(t, w.notes(filed.ID), 2, "what came from the board is not brought back to it")
}

func TestTheAccountOfTheTokenMayWriteToo(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help"})
	w.settle()
	w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: "ok"})
	w.settle()
	w.onTask(filed.ID, "comments", map[string]any{"uid": world.Demo().Todoist.UserID, "content": "**Emma:** ok"})
	w.settle()
	require.Len(t, w.comments(filed.ID), 3, "the same words by the same account are a person's when the id is not ours")
	require.Len(t, w.notes(filed.ID), 2)
}

func TestEditsAndWithdrawals(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "helo"})
	c := w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: "tomorow"})
	gone := w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: "another matter", Files: []chat.File{
		{Kind: chat.Document, ID: "a", Name: "a.pdf"}, {Kind: chat.Document, ID: "b", Name: "b.pdf"}}})
	w.settle()
	require.Equal(t, []string{"**Emma:** tomorow", "**Emma:** another matter", "**Emma:** b.pdf"}, w.notes(filed.ID))
	w.desk(w.emma, func(tx *store.Tx, d deed) error {
		_, err := w.records.edit(w.ctx, tx, d, c.ID, 0, "tomorrow")
		return err
	})
	w.desk(w.emma, func(tx *store.Tx, d deed) error {
		_, err := w.records.edit(w.ctx, tx, d, w.comments(filed.ID)[0].ID, 0, "hello")
		return err
	})
	w.desk(w.emma, func(tx *store.Tx, d deed) error { _, err := w.records.withdraw(w.ctx, tx, d, gone.ID); return err })
	w.settle()
	require.Equal(t, []string{"**Emma:** tomorrow"}, w.notes(filed.ID))
	require.Equal(t, fmt.Sprintf("#%d hello", filed.Number), w.task(filed.ID).Content)
}

func TestFilesThatStayInTelegram(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help"})
	w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: "see", Files: []chat.File{
		{Kind: chat.Video, ID: "v", Name: "long.mp4", Size: 60 << 20}, {Kind: chat.Document, ID: "gone", Name: "lost.pdf", Size: 10}}})
	w.settle()
	require.Equal(t, []string{
		"**Emma:** see\n[long.mp4, 60.0 MB: the file stays in Telegram]",
		"**Emma:** lost.pdf\n[lost.pdf, 0.0 MB: the file stays in Telegram]"}, w.notes(filed.ID))
}

func TestFilesFromTheBoard(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help"})
	w.settle()
	attachment, err := w.board.api.Upload(w.ctx, world.Demo().Todoist.ProjectID, "план.pdf", "application/pdf", 4, strings.NewReader("plan"))
	require.NoError(t, err)
	foreign := map[string]any{"file_url": "http://169.254.169.254/secret", "file_name": "x", "resource_type": "file"}
	for i, a := range []any{attachment, foreign} {
		_, err = w.api.Do(w.ctx, todoist.Command{Type: "note_add", UUID: fmt.Sprint("upload-", i), Args: map[string]any{
			"item_id": w.link(filed.ID).Task, "content": "see", "file_attachment": a}})
		require.NoError(t, err)
	}
	w.settle()
	said := w.comments(filed.ID)
	require.Len(t, said, 3)
	require.Len(t, said[1].Files, 1)
	require.Equal(t, "план.pdf", said[1].Files[0].Name)
	opened, err := todoist.NewFiles(w.board.api).Open(w.ctx, said[1].Files[0].Ref)
	require.NoError(t, err)
	defer opened.Close()
	content, err := io.ReadAll(opened)
	require.NoError(t, err)
	require.Equal(t, "plan", string(content))
	require.Empty(t, said[2].Files, "nothing is fetched from elsewhere")
	require.Contains(t, said[2].Text, "169.254.169.254")
}

func TestDeletedTaskIsLetGo(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help"})
	w.desk(w.nadia, func(tx *store.Tx, d deed) error { _, err := w.records.take(w.ctx, tx, d, filed.ID, false); return err })
	w.settle()
	w.onTask(filed.ID, "delete", nil)
	w.settle()
	require.True(t, w.link(filed.ID).Detached)
	require.Contains(t, strings.Join(w.told(w.nadia.Telegram), "\n"), "board.detached")
	require.NotContains(t, strings.Join(w.told(w.sam.Telegram), "\n"), "board.detached")
	w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: "still there?"})
	calls := w.calls.Load()
	w.sync(filed.ID)
	require.Equal(t, calls, w.calls.Load())
	require.Equal(t, ticket.Taken, w.ticket(filed.ID).State, "the ticket lives on")
}

// Whom only the board knows sees nothing of a ticket that left the board: it goes back to the queue.
func TestDeletedTaskOfSomebodyUnknown(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help"})
	w.settle()
	w.onTask(filed.ID, "assign", map[string]any{"uid": world.Demo().Todoist.UserID})
	w.settle()
	require.Equal(t, ticket.Taken, w.ticket(filed.ID).State)
	w.onTask(filed.ID, "delete", nil)
	w.settle()
	require.Equal(t, ticket.New, w.ticket(filed.ID).State)
	require.Nil(t, w.ticket(filed.ID).Assignee)
}

func TestDeletedBehindOurBack(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help"})
	w.settle()
	w.onTask(filed.ID, "delete", nil)
	w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: "anybody?"})
	w.sync(filed.ID) // before a sweep tells
	require.True(t, w.link(filed.ID).Detached)
}

// A 404 says that a task was deleted only when Todoist itself says it, of a board that can be read.
func TestWhatOnlyLooksDeletedIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		how  broken
		path string // contained in the calls that fail
	}{
		"an edge's page":            {edge, "/"},
		"an edge's page for tasks":  {edge, "/tasks/"},
		"a token of somebody else":  {missing, "/"},
		"a project that is no more": {missing, "/projects/"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newBoardWorld(t)
			filed := w.file(Said{Text: "help"})
			w.settle()
			if c.path == "/projects/" {
				w.onTask(filed.ID, "delete", nil)
			}
			w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: "anybody?"})
			_, err := w.pool.Exec(w.ctx, `UPDATE board_tasks SET heard = heard + 1`)
			require.NoError(t, err)
			w.breakCalls(func(r *http.Request) broken {
				if strings.Contains(r.URL.Path, c.path) {
					return c.how
				}
				return well
			})
			require.Error(t, w.board.SyncBoard(w.ctx, filed.ID))
			require.False(t, w.link(filed.ID).Detached)
		})
	}
}

func TestLinksBelongToTheirWorkspace(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help", Files: []chat.File{{Kind: chat.Photo, ID: "p", Name: "p.jpg", Type: "image/jpeg"}}})
	w.settle()
	before := w.link(filed.ID)
	other := w.workspace + 1
	require.NoError(t, w.store.Tx(w.ctx, func(tx *store.Tx) error {
		link, err := tx.BoardTask(w.ctx, other, filed.ID)
		require.NoError(t, err)
		require.Nil(t, link)
		notes, err := tx.BoardNotes(w.ctx, other, filed.ID)
		require.NoError(t, err)
		require.Empty(t, notes)
		require.NoError(t, tx.BoardHeard(w.ctx, other, []int64{filed.ID}))
		theirs := *before
		theirs.Workspace = other
		require.ErrorIs(t, tx.SaveBoardTask(w.ctx, &theirs), store.ErrBoardTaskChanged)
		return nil
	}))
	require.Equal(t, before, w.link(filed.ID))
}

func TestSectionsAreMadeAgain(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help"})
	w.settle()
	for try := range 2 {
		lost := w.section(ticket.Taken)
		_, err := w.api.Do(w.ctx, todoist.Command{Type: "section_delete", UUID: fmt.Sprint("delete-", try), Args: map[string]any{"id": lost}})
		require.NoError(t, err)
		w.desk(w.nadia, func(tx *store.Tx, d deed) error { _, err := w.records.take(w.ctx, tx, d, filed.ID, false); return err })
		require.Error(t, w.board.SyncBoard(w.ctx, filed.ID), "it finds the section gone")
		w.sync(filed.ID)
		require.NotEqual(t, lost, w.section(ticket.Taken))
		require.Equal(t, w.section(ticket.Taken), w.task(filed.ID).SectionID)
		w.desk(w.nadia, func(tx *store.Tx, d deed) error { _, err := w.records.release(w.ctx, tx, d, filed.ID); return err })
		w.settle()
	}
}

func TestAnAssigneeWhoLeftTheBoard(t *testing.T) {
	w := newBoardWorld(t)
	gone := w.person(4, "Gone", people.Agent, "99")
	filed := w.file(Said{Text: "help"})
	w.desk(gone, func(tx *store.Tx, d deed) error { _, err := w.records.take(w.ctx, tx, d, filed.ID, false); return err })
	w.settle()
	w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: "more"})
	w.settle()
	require.Equal(t, gone.ID, w.ticket(filed.ID).Assignee.ID, "what the board refuses is nobody's move")
	require.Empty(t, w.task(filed.ID).ResponsibleUID)
}

func TestOrderAfterAnHourOfFailures(t *testing.T) {
	w := newBoardWorld(t)
	w.settle() // the sections are there
	filed := w.file(Said{Text: "help"})
	w.breakCalls(func(*http.Request) broken { return before })
	var want []string
	for i := range 8 {
		w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: fmt.Sprintf("line %d", i)})
		want = append(want, fmt.Sprintf("**Emma:** line %d", i))
		require.Error(t, w.board.SyncBoard(w.ctx, filed.ID))
		_, err := w.board.SweepBoard(w.ctx, w.workspace)
		require.Error(t, err)
	}
	health, err := w.store.BoardHealth(w.ctx)
	require.NoError(t, err)
	require.False(t, health[w.workspace].FailingSince.IsZero())
	w.breakCalls(func(*http.Request) broken { return busy })
	require.ErrorContains(t, w.board.SyncBoard(w.ctx, filed.ID), "retry after 7s")
	calls := 0
	w.breakCalls(func(*http.Request) broken {
		if calls++; calls == 4 { // after the task is made and looked at
			return before
		}
		return well
	})
	var again *temporal.ApplicationError
	require.ErrorAs(t, w.board.SyncBoard(w.ctx, filed.ID), &again)
	require.Equal(t, time.Second, again.NextRetryDelay(), "who gets on does not wait longer and longer")
	w.breakCalls(nil)
	w.settle()
	require.Equal(t, want, w.notes(filed.ID))
	health, err = w.store.BoardHealth(w.ctx)
	require.NoError(t, err)
	require.True(t, health[w.workspace].FailingSince.IsZero())
}

// A sync that dies at its nth call to the board, whether the call was carried out or not, and is run again, leaves the
// board as one that never died.
func TestCrashAtEveryCall(t *testing.T) {
	w := newBoardWorld(t)
	w.settle() // the sections are there
	for _, how := range []broken{before, after} {
		for nth := 1; ; nth++ {
			filed := w.file(Said{Text: "help", Files: []chat.File{{Kind: chat.Photo, ID: "p", Name: "p.jpg", Type: "image/jpeg"}}})
			w.say(w.nadia, filed.ID, ticket.FromAgent, Said{Text: "first"})
			w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: "second"})
			w.desk(w.nadia, func(tx *store.Tx, d deed) error { _, err := w.records.close(w.ctx, tx, d, filed.ID); return err })
			count := 0
			w.breakCalls(func(r *http.Request) broken {
				if count++; count == nth {
					return how
				}
				return well
			})
			_ = w.board.SyncBoard(w.ctx, filed.ID)
			w.breakCalls(nil)
			w.sync(filed.ID)
			w.settle()
			require.Equal(t, []string{"**Emma:** p.jpg", "**Nadia:** first", "**Emma:** second"}, w.notes(filed.ID))
			require.True(t, w.task(filed.ID).Checked)
			require.Equal(t, nadiaUID, w.task(filed.ID).ResponsibleUID)
			require.Len(t, w.comments(filed.ID), 3, "no echo")
			require.Equal(t, ticket.Closed, w.ticket(filed.ID).State, "no echo")
			tasks, err := w.api.Tasks(w.ctx, world.Demo().Todoist.ProjectID)
			require.NoError(t, err)
			require.Empty(t, tasks, "one task, and it is completed")
			if count < nth { // it never came to that call
				require.Greater(t, nth, 5)
				break
			}
		}
	}
}

// A ticket that the board refuses for good is known to whoever looks after the desk, until the board has it.
func TestARefusedTaskIsKnown(t *testing.T) {
	w := newBoardWorld(t)
	w.settle() // the sections are there
	filed := w.file(Said{Text: "help"})
	var logged bytes.Buffer
	w.board.log = slog.New(slog.NewTextHandler(&logged, nil))
	failing := func() bool {
		health, err := w.store.BoardHealth(w.ctx)
		require.NoError(t, err)
		return !health[w.workspace].FailingSince.IsZero()
	}
	w.breakCalls(func(*http.Request) broken { return refuse })
	require.Error(t, w.board.SyncBoard(w.ctx, filed.ID))
	require.Contains(t, logged.String(), fmt.Sprintf("ticket=%d", filed.ID))
	require.True(t, failing())
	w.breakCalls(nil)
	_, err := w.board.SweepBoard(w.ctx, w.workspace)
	require.NoError(t, err)
	require.True(t, failing(), "that the board answers does not mend it")
	w.settle()
	require.False(t, failing())
}

func TestAnswersWithoutIDs(t *testing.T) {
	w := newBoardWorld(t)
	w.settle()
	w.breakCalls(func(*http.Request) broken { return mute })
	filed := w.file(Said{Text: "help"})
	for range 2 {
		w.say(w.emma, filed.ID, ticket.FromOrganizer, Said{Text: "ok"})
	}
	w.settle()
	require.Equal(t, []string{"**Emma:** ok", "**Emma:** ok"}, w.notes(filed.ID))
	require.Len(t, w.comments(filed.ID), 3, "no echo")
}

func TestAChangedTaskIsFoundByItsNumber(t *testing.T) {
	for name, change := range map[string]map[string]any{
		"another title":       {"content": "Door is broken"},
		"another description": {"description": "see above"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newBoardWorld(t)
			w.settle() // the sections are there
			filed := w.file(Said{Text: "help"})
			w.breakCalls(func(*http.Request) broken { return after })
			require.Error(t, w.board.SyncBoard(w.ctx, filed.ID))
			tasks, err := w.api.Tasks(w.ctx, world.Demo().Todoist.ProjectID)
			require.NoError(t, err)
			require.Len(t, tasks, 1)
			change["id"] = tasks[0].ID
			_, err = w.api.Do(w.ctx, todoist.Command{Type: "item_update", UUID: name, Args: change})
			require.NoError(t, err)
			w.act("/tasks/"+tasks[0].ID+"/complete", nil)
			w.breakCalls(func(*http.Request) broken { return mute })
			w.sync(filed.ID)
			require.Equal(t, tasks[0].ID, w.link(filed.ID).Task)
			require.False(t, w.link(filed.ID).Detached)
			require.Equal(t, ticket.Closed, w.ticket(filed.ID).State)
		})
	}
}

func TestNumbersOfTasks(t *testing.T) {
	for _, c := range []struct {
		title, description string
		want               bool
	}{
		{"#12 Door", "", true},
		{"#12", "", true},
		{"Door", "It squeaks\n\nCategory: x\nTicket #12", true},
		{"#123 Door", "", false},
		{"Door #12 squeaks", "see Ticket #12", false},
		{"Door", "Ticket #123", false},
	} {
		require.Equal(t, c.want, numbered(todoist.Task{Content: c.title, Description: c.description}, 12), c)
	}
}

func TestAProjectThatIsNotShared(t *testing.T) {
	w := newBoardWorld(t)
	w.breakCalls(func(r *http.Request) broken {
		if strings.HasSuffix(r.URL.Path, "/collaborators") {
			return forbidden
		}
		return well
	})
	filed := w.file(Said{Text: "help"})
	w.settle()
	w.onTask(filed.ID, "comments", map[string]any{"uid": igorUID, "content": "hello"})
	w.settle()
	require.Equal(t, "Todoist", w.comments(filed.ID)[1].Author.Name)
}

func TestWhoMovedIsWhoTakes(t *testing.T) {
	w := newBoardWorld(t)
	mine, nobodys := w.file(Said{Text: "help"}), w.file(Said{Text: "me too"})
	w.settle()
	for _, id := range []int64{mine.ID, nobodys.ID} {
		w.onTask(id, "move", map[string]any{"section_id": w.section(ticket.Taken), "as": nadiaUID})
	}
	_, err := w.store.KeepDelivery(w.ctx, store.Delivery{
		ID: "d1", Task: w.link(mine.ID).Task, Section: w.section(ticket.Taken), UID: nadiaUID, Name: "Nadia B."})
	require.NoError(t, err)
	w.settle()
	require.Equal(t, w.nadia.ID, w.ticket(mine.ID).Assignee.ID)
	require.Equal(t, nadiaUID, w.task(mine.ID).ResponsibleUID, "and is assigned there too")
	require.Equal(t, ticket.Party{Name: "Todoist"}, *w.ticket(nobodys.ID).Assignee, "nobody is guessed")
	require.Equal(t, ticket.Taken, w.ticket(nobodys.ID).State)
}

// Only the latest move tells who it was: not an older one, nor one of our own account's.
func TestWhoMovedBeforeTakesNothing(t *testing.T) {
	w := newBoardWorld(t)
	for name, told := range map[string][]store.Delivery{
		"our own account": {{UID: world.Demo().Todoist.UserID}},
		"it went on":      {{UID: nadiaUID}, {UID: igorUID, Section: "elsewhere"}},
		"long ago":        {{UID: nadiaUID}},
	} {
		filed := w.file(Said{Text: "help"})
		w.settle()
		w.onTask(filed.ID, "move", map[string]any{"section_id": w.section(ticket.Taken)})
		for i, d := range told {
			d.ID, d.Task = fmt.Sprint(name, i), w.link(filed.ID).Task
			if d.Section == "" {
				d.Section = w.section(ticket.Taken)
			}
			_, err := w.store.KeepDelivery(w.ctx, d)
			require.NoError(t, err)
		}
		if name == "long ago" {
			_, err := w.pool.Exec(w.ctx, `UPDATE board_deliveries SET received_at = received_at - interval '16 minutes'`)
			require.NoError(t, err)
		}
		w.settle()
		require.Equal(t, ticket.Party{Name: "Todoist"}, *w.ticket(filed.ID).Assignee, name)
	}
}

func TestSayingWhoOneIs(t *testing.T) {
	w := newBoardWorld(t)
	turn := func(p people.Person) chat.Turn {
		return chat.Turn{Op: fmt.Sprint("turn:", opCount.Add(1)), Bot: w.bot, Chat: p.Telegram, User: p.Telegram}
	}
	_, err := w.records.Collaborators(w.ctx, turn(w.sam), struct{}{})
	require.True(t, fault.Is(err, fault.Unavailable), "nothing was heard yet")
	w.settle()
	all, err := w.records.Collaborators(w.ctx, turn(w.sam), struct{}{})
	require.NoError(t, err)
	require.Contains(t, all, Collaborator{UID: igorUID, Name: "Игорь Лебедев"})
	_, err = w.records.Collaborators(w.ctx, turn(w.emma), struct{}{})
	require.True(t, fault.Is(err, fault.Forbidden))

	_, err = w.records.SetBoardUID(w.ctx, turn(w.sam), nadiaUID)
	require.True(t, fault.Is(err, fault.Conflict))
	_, err = w.records.SetBoardUID(w.ctx, turn(w.sam), "made up")
	require.True(t, fault.Is(err, fault.NotFound))
	name, err := w.records.SetBoardUID(w.ctx, turn(w.sam), igorUID)
	require.NoError(t, err)
	require.Equal(t, "Игорь Лебедев", name)
	filed := w.file(Said{Text: "help"})
	w.settle()
	w.onTask(filed.ID, "assign", map[string]any{"uid": igorUID})
	w.settle()
	require.Equal(t, w.sam.ID, w.ticket(filed.ID).Assignee.ID)
	_, err = w.records.SetBoardUID(w.ctx, turn(w.sam), "")
	require.NoError(t, err)
}

// Somebody who is quicker than our own recording is not overlooked, nor taken for ourselves.
func TestAMoveBetweenCallAndRecord(t *testing.T) {
	w := newBoardWorld(t)
	filed := w.file(Said{Text: "help"})
	w.settle()
	w.desk(w.nadia, func(tx *store.Tx, d deed) error { _, err := w.records.take(w.ctx, tx, d, filed.ID, false); return err })
	w.breakCalls(func(r *http.Request) broken {
		if strings.HasSuffix(r.URL.Path, "/sync") {
			return after
		}
		return well
	})
	require.Error(t, w.board.SyncBoard(w.ctx, filed.ID))
	w.breakCalls(nil)
	require.Equal(t, nadiaUID, w.task(filed.ID).ResponsibleUID)
	// back to exactly what we last knew
	w.onTask(filed.ID, "assign", map[string]any{"uid": nil})
	w.onTask(filed.ID, "move", map[string]any{"section_id": w.section(ticket.New)})
	w.settle()
	require.Equal(t, ticket.New, w.ticket(filed.ID).State)
	require.Empty(t, w.task(filed.ID).ResponsibleUID)
}

// A person and a sweep that are quicker than our recording of the task's id, with the answer to come or lost.
func TestAMoveBeforeWeKnowTheTask(t *testing.T) {
	for _, how := range []broken{slow, after} {
		w := newBoardWorld(t)
		w.settle()
		filed := w.file(Said{Text: "help"})
		w.meanwhile = func() {
			w.breakCalls(nil)
			tasks, err := w.api.Tasks(w.ctx, world.Demo().Todoist.ProjectID)
			require.NoError(t, err)
			require.Len(t, tasks, 1, "it is made, and we do not know")
			w.act("/tasks/"+tasks[0].ID+"/assign", map[string]any{"uid": nadiaUID})
			w.act("/tasks/"+tasks[0].ID+"/comments", map[string]any{"uid": nadiaUID, "content": "mine"})
			_, err = w.board.SweepBoard(w.ctx, w.workspace)
			require.NoError(t, err)
		}
		w.breakCalls(func(*http.Request) broken { return how })
		err := w.board.SyncBoard(w.ctx, filed.ID)
		if how == after {
			require.Error(t, err)
			w.meanwhile()
			err = w.board.SyncBoard(w.ctx, filed.ID)
		}
		require.NoError(t, err)
		require.Equal(t, w.nadia.ID, w.ticket(filed.ID).Assignee.ID)
		require.Len(t, w.comments(filed.ID), 2)
	}
}

func TestALostSyncTokenHeals(t *testing.T) {
	w := newBoardWorld(t)
	filed, other := w.file(Said{Text: "help"}), w.file(Said{Text: "me too"})
	w.settle()
	w.onTask(filed.ID, "complete", nil)
	w.onTask(other.ID, "comments", map[string]any{"uid": nadiaUID, "content": "hello"})
	_, err := w.pool.Exec(w.ctx, `UPDATE boards SET sync_token = 'nonsense'`)
	require.NoError(t, err)
	w.settle()
	require.Equal(t, ticket.Closed, w.ticket(filed.ID).State)
	require.Len(t, w.comments(other.ID), 2)
}

// Whatever people do at the desk and on the board, and wherever calls break: in the end both sides agree, and
// everything that was said is on both exactly once.
func TestBothSidesAgreeInTheEnd(t *testing.T) {
	w := newBoardWorld(t)
	w.settle()
	rapid.Check(t, func(t *rapid.T) {
		w.t = t
		defer w.breakCalls(nil)
		filed := w.file(Said{Text: "help"})
		id := filed.ID
		fromDesk, fromBoard := []string{}, []string{}
		notes := map[string]string{} // id → text
		words := 0
		word := func() string { words++; return fmt.Sprintf("word %d.", words) }
		staff := func() people.Person { return rapid.SampledFrom([]people.Person{w.nadia, w.sam}).Draw(t, "agent") }
		linked := func() bool { l := w.link(id); return l != nil && l.Task != "" }
		r := w.records
		t.Repeat(map[string]func(*rapid.T){
			"": func(*rapid.T) {},
			"write": func(*rapid.T) {
				text := word()
				w.say(w.emma, id, ticket.FromOrganizer, Said{Text: text})
				fromDesk = append(fromDesk, text)
			},
			"answer": func(*rapid.T) {
				text := word()
				w.say(staff(), id, ticket.FromAgent, Said{Text: text})
				fromDesk = append(fromDesk, text)
			},
			"desk": func(t *rapid.T) {
				do := rapid.SampledFrom([]func(context.Context, *store.Tx, deed, int64) (ticket.Ticket, error){
					r.release, r.await, r.resume, r.close, r.reopen,
					func(ctx context.Context, tx *store.Tx, d deed, id int64) (ticket.Ticket, error) {
						return r.take(ctx, tx, d, id, false)
					},
				}).Draw(t, "does")
				w.desk(staff(), func(tx *store.Tx, d deed) error { _, err := do(w.ctx, tx, d, id); return err })
			},
			"board": func(t *rapid.T) {
				if !linked() {
					return
				}
				switch rapid.IntRange(0, 5).Draw(t, "does") {
				case 0:
					to := rapid.SampledFrom([]ticket.State{ticket.New, ticket.Taken, ticket.Waiting}).Draw(t, "section")
					w.onTask(id, "move", map[string]any{"section_id": w.section(to)})
				case 1:
					w.onTask(id, "move", map[string]any{"section_id": nil}) // out of all sections
				case 2:
					uid := rapid.SampledFrom([]any{nil, nadiaUID, igorUID}).Draw(t, "uid")
					w.onTask(id, "assign", map[string]any{"uid": uid})
				case 3:
					w.onTask(id, "complete", nil)
				case 4:
					w.onTask(id, "reopen", nil)
				case 5:
					text := word()
					n := w.onTask(id, "comments", map[string]any{"uid": rapid.SampledFrom([]string{nadiaUID, igorUID}).Draw(t, "author"), "content": text})
					notes[n["id"].(string)] = text
					fromBoard = append(fromBoard, text)
				}
			},
			"edit on the board": func(t *rapid.T) {
				if len(notes) == 0 {
					return
				}
				var all []string
				for n := range notes {
					all = append(all, n)
				}
				slices.Sort(all)
				n := rapid.SampledFrom(all).Draw(t, "note")
				text := word()
				fromBoard[slices.Index(fromBoard, notes[n])] = text
				w.act("/comments/"+n, map[string]any{"content": text})
				notes[n] = text
			},
			"break": func(t *rapid.T) {
				after, how := rapid.Int64Range(1, 6).Draw(t, "calls"), broken(rapid.IntRange(1, 3).Draw(t, "how"))
				w.breakCalls(func(*http.Request) broken {
					if after--; after == 0 {
						return how
					}
					return well
				})
			},
			"sweep": func(*rapid.T) { _, _ = w.board.SweepBoard(w.ctx, w.workspace) },
			"sync":  func(*rapid.T) { _ = w.board.SyncBoard(w.ctx, id) },
		})
		w.breakCalls(nil)
		w.sync(id) // as its workflow does
		w.settle()

		now, task := w.ticket(id), w.task(id)
		require.Equal(t, now.State == ticket.Closed, task.Checked)
		if state, ours := (board.Sections{
			ticket.New: w.section(ticket.New), ticket.Taken: w.section(ticket.Taken), ticket.Waiting: w.section(ticket.Waiting),
		}).Of(task.SectionID); ours && now.State != ticket.Closed {
			require.Equal(t, now.State, state)
		}
		switch {
		case now.Assignee == nil:
			require.Empty(t, task.ResponsibleUID)
		case now.Assignee.ID == w.nadia.ID:
			require.Equal(t, nadiaUID, task.ResponsibleUID)
		}
		said, there := []string{}, []string{}
		for _, c := range w.comments(id)[1:] {
			said = append(said, c.Text)
		}
		for _, c := range w.notes(id) {
			_, text, named := strings.Cut(c, ":** ")
			if !named {
				text = c
			}
			there = append(there, text)
		}
		all := append(slices.Clone(fromDesk), fromBoard...)
		require.ElementsMatch(t, all, said)
		require.ElementsMatch(t, all, there)
		isDesk := func(s string) bool { return slices.Contains(fromDesk, s) }
		require.Equal(t, fromDesk, slices.DeleteFunc(there, func(s string) bool { return !isDesk(s) }), "in order")
		require.Equal(t, fromBoard, slices.DeleteFunc(said, isDesk), "in order")
	})
}
