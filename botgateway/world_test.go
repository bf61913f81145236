package botgateway

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/grpc"

	"quaydesk/domain/chat"
	"quaydesk/store"
	"quaydesk/store/storetest"
)

const testToken = "1000:SECRET-token"

// world is a database with one bot, a Bot API and a Temporal that tests look into.
type world struct {
	t        *testing.T
	pool     *pgxpool.Pool
	store    *store.Store
	bot      int64
	api      *fakeAPI
	temporal *fakeTemporal
}

func newWorld(t *testing.T) *world {
	t.Parallel()
	w := &world{t: t, pool: storetest.New(t), api: newFakeAPI(t), temporal: &fakeTemporal{}}
	w.store = store.New(w.pool)
	var err error
	w.bot, err = EnsureBot(t.Context(), w.store, testToken, "Acme", []string{"desk"})
	require.NoError(t, err)
	w.exec(`UPDATE bots SET sends_per_second = 1000`)
	return w
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.pool.Exec(w.t.Context(), sql, args...)
	require.NoError(w.t, err)
}

// value queries one value.
func value[T any](w *world, sql string, args ...any) (v T) {
	w.t.Helper()
	require.NoError(w.t, w.pool.QueryRow(w.t.Context(), sql, args...).Scan(&v))
	return v
}

func (w *world) config() Config {
	return Config{Store: w.store, Temporal: w.temporal, Namespace: "test", PublicURL: "https://desk.example", APIURL: w.api.URL,
		Files: fakeFiles{"test:cat": "meow", "test:dog": "woof"}, Log: slog.New(slog.NewTextHandler(testLog{w.t}, &slog.HandlerOptions{Level: slog.LevelDebug}))}
}

// gateway runs a gateway until the test ends.
func (w *world) gateway(change ...func(*Config)) *Gateway {
	c := w.config()
	for _, change := range change {
		change(&c)
	}
	g := New(c)
	ctx, cancel := context.WithCancel(w.t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = g.Run(ctx) })
	w.t.Cleanup(func() { cancel(); running.Wait() })
	w.eventually(func() bool { return g.bots.Load() != nil })
	return g
}

func (w *world) enqueue(rows ...store.Row) {
	w.t.Helper()
	require.NoError(w.t, w.store.Tx(w.t.Context(), func(tx *store.Tx) error {
		return tx.Enqueue(w.t.Context(), w.bot, rows...)
	}))
}

// say enqueues a text of its own key.
func (w *world) say(chatID int64, texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		w.enqueue(store.Row{Chat: chatID, Key: text, Message: chat.Rendered{HTML: text}})
	}
}

func (w *world) eventually(ok func() bool) {
	w.t.Helper()
	require.Eventually(w.t, ok, 30*time.Second, 5*time.Millisecond)
}

// settled waits until nothing in the outbox waits.
func (w *world) settled() {
	w.t.Helper()
	w.eventually(func() bool { return value[int](w, `SELECT count(*) FROM outbox WHERE status = 'pending'`) == 0 })
}

// hurry waits for an attempt to send a row to end, and has the next one follow at once.
func (w *world) hurry(key string) {
	w.t.Helper()
	attempts := w.row(key).Attempts
	w.eventually(func() bool {
		w.exec(`UPDATE outbox SET not_before = now() WHERE key = $1 AND claimed_until IS NULL`, key)
		return w.row(key).Attempts > attempts || w.row(key).Status != store.Pending
	})
}

// row is an outbox row's state.
type row struct {
	Status, Error string
	Message       int64
	Attempts      int
}

func (w *world) row(key string) (r row) {
	w.t.Helper()
	require.NoError(w.t, w.pool.QueryRow(w.t.Context(),
		`SELECT status, coalesce(error, ''), coalesce(message_id, 0), attempts FROM outbox WHERE key = $1`, key).
		Scan(&r.Status, &r.Error, &r.Message, &r.Attempts))
	return r
}

// call is a request to the Bot API.
type call struct {
	method string
	params map[string]string
	files  map[string]string // uploads: field → content
}

func (c call) chat() int64 { n, _ := strconv.ParseInt(c.params["chat_id"], 10, 64); return n }

func (c call) words() string { return c.params["text"] + c.params["caption"] }

// fakeAPI is a Bot API that accepts everything, unless refuse says otherwise.
type fakeAPI struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []call
	nextID int
	answer func(call) (status int, body string, ok bool)
}

func newFakeAPI(t *testing.T) *fakeAPI {
	f := &fakeAPI{nextID: 100}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fakeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/bot"+testToken+"/")
	if !ok {
		http.Error(w, `{"ok":false,"error_code":401,"description":"Unauthorized"}`, http.StatusUnauthorized)
		return
	}
	c := call{method: rest, params: map[string]string{}, files: map[string]string{}}
	if err := r.ParseMultipartForm(1 << 20); err != nil && err != http.ErrNotMultipart {
		http.Error(w, `{"ok":false,"error_code":400,"description":"Bad Request: multipart"}`, http.StatusBadRequest)
		return
	}
	for k := range r.Form {
		c.params[k] = r.Form.Get(k)
	}
	if r.MultipartForm != nil {
		for k, headers := range r.MultipartForm.File {
			file, _ := headers[0].Open()
			content, _ := io.ReadAll(file)
			c.files[k] = string(content)
		}
	}
	status, body := f.handle(c)
	if status == 0 { // no answer
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func (f *fakeAPI) handle(c call) (status int, body string) {
	f.mu.Lock()
	answer := f.answer
	f.calls = append(f.calls, c)
	f.mu.Unlock()
	if answer != nil {
		if status, body, ok := answer(c); ok {
			return status, body
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch c.method {
	case "getMe":
		return ok(`{"id":1000,"is_bot":true,"username":"quaybot"}`)
	case "getUpdates":
		return ok(`[]`)
	case "sendMediaGroup":
		var media []any
		_ = json.Unmarshal([]byte(c.params["media"]), &media)
		var made []string
		for range media {
			f.nextID++
			made = append(made, fmt.Sprintf(`{"message_id":%d}`, f.nextID))
		}
		return ok("[" + strings.Join(made, ",") + "]")
	default:
		if strings.HasPrefix(c.method, "send") {
			f.nextID++
			return ok(fmt.Sprintf(`{"message_id":%d}`, f.nextID))
		}
		return ok(`true`)
	}
}

func ok(result string) (int, string) { return http.StatusOK, `{"ok":true,"result":` + result + `}` }

// refusal is an error answer; parameters may be "".
func refusal(code int, description, parameters string) (int, string, bool) {
	if parameters != "" {
		parameters = `,"parameters":` + parameters
	}
	return code, fmt.Sprintf(`{"ok":false,"error_code":%d,"description":%q%s}`, code, description, parameters), true
}

// on sets what is answered instead of success.
func (f *fakeAPI) on(answer func(call) (status int, body string, ok bool)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = answer
}

// made gives the calls so far of methods that begin with prefix.
func (f *fakeAPI) made(prefix string) (calls []call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if strings.HasPrefix(c.method, prefix) {
			calls = append(calls, c)
		}
	}
	return calls
}

// heard gives the words sent to a chat, in order.
func (f *fakeAPI) heard(chatID int64) (words []string) {
	for _, c := range f.made("send") {
		if c.chat() == chatID {
			words = append(words, c.words())
		}
	}
	return words
}

// fakeTemporal keeps the events that conversations got, dropping repeated requests as Temporal does.
type fakeTemporal struct {
	mu     sync.Mutex
	err    error
	seen   map[string]bool
	events []chat.Event
	calls  int
}

func (f *fakeTemporal) SignalWithStartWorkflowExecution(_ context.Context, r *workflowservice.SignalWithStartWorkflowExecutionRequest, _ ...grpc.CallOption) (*workflowservice.SignalWithStartWorkflowExecutionResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.err != nil {
		return nil, f.err
	}
	if f.seen == nil {
		f.seen = map[string]bool{}
	}
	if !f.seen[r.RequestId] {
		var e chat.Event
		if err := converter.GetDefaultDataConverter().FromPayloads(r.SignalInput, &e); err != nil {
			return nil, err
		}
		f.seen[r.RequestId] = true
		f.events = append(f.events, e)
	}
	return &workflowservice.SignalWithStartWorkflowExecutionResponse{}, nil
}

func (f *fakeTemporal) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

func (f *fakeTemporal) got() []chat.Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]chat.Event(nil), f.events...)
}

type fakeFiles map[string]string

func (f fakeFiles) Open(_ context.Context, ref string) (io.ReadCloser, error) {
	content, ok := f[ref]
	if !ok {
		return nil, gone{}
	}
	return io.NopCloser(strings.NewReader(content)), nil
}

type gone struct{}

func (gone) Error() string  { return "gone" }
func (gone) NotFound() bool { return true }

// testLog writes to the test's log, and fails the test if a token is about to be logged.
type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	if strings.Contains(string(p), "SECRET") {
		l.t.Errorf("the token is in the log: %s", strings.ReplaceAll(string(p), "SECRET", "*"))
	}
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}
