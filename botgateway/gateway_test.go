package botgateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/botgateway/telegram"
	"quaydesk/domain/chat"
	"quaydesk/store"
	"quaydesk/workflows/dialog"
)

// deliver posts an update to the gateway as Telegram does.
func (w *world) deliver(g *Gateway, update string) {
	w.t.Helper()
	require.Equal(w.t, http.StatusOK, w.post(g, update, g.anyBot().Secret).Code)
}

// anyBot is the bot that the gateway runs.
func (g *Gateway) anyBot() *bot {
	for _, b := range *g.bots.Load() {
		return b
	}
	return nil
}

func (w *world) post(g *Gateway, body, secret string) *httptest.ResponseRecorder {
	path := "nowhere"
	if g.bots.Load() != nil {
		path = g.anyBot().Path
	}
	r := httptest.NewRequest(http.MethodPost, "/telegram/"+path, strings.NewReader(body))
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	answer := httptest.NewRecorder()
	g.Handler().ServeHTTP(answer, r)
	return answer
}

func message(update int, chat int64, text string) string {
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1700000000,"chat":{"id":%d,"type":"private"},"from":{"id":%d,"first_name":"Ann"},"text":%q}}`,
		update, update, chat, chat, text)
}

func membership(update int, chat int64, status string) string {
	return fmt.Sprintf(`{"update_id":%d,"my_chat_member":{"date":1700000000,"chat":{"id":%d,"type":"private"},"from":{"id":%d,"first_name":"Ann"},"new_chat_member":{"status":%q}}}`,
		update, chat, chat, status)
}

func press(update int, chat int64, data string) string {
	return fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"q%d","from":{"id":%d,"first_name":"Ann"},"message":{"message_id":9,"date":1,"chat":{"id":%d,"type":"private"}},"data":%q}}`,
		update, update, chat, chat, data)
}

// texts waits until the conversations have got n events, and gives their texts in order.
func (w *world) texts(n int) (texts []string) {
	w.t.Helper()
	w.eventually(func() bool { return len(w.temporal.got()) >= n })
	for _, e := range w.temporal.got() {
		texts = append(texts, e.Text)
	}
	require.Len(w.t, texts, n)
	return texts
}

// handedOver waits until no update waits.
func (w *world) handedOver() {
	w.t.Helper()
	w.eventually(func() bool { return value[int](w, `SELECT count(*) FROM updates WHERE delivered_at IS NULL`) == 0 })
}

func TestWebhook(t *testing.T) {
	w := newWorld(t)
	g := w.gateway()
	secret := g.anyBot().Secret
	for _, c := range []struct {
		name, body, secret string
		want, rows         int
	}{
		{"an update", message(1, 5, "hello"), secret, http.StatusOK, 1},
		{"the same again", message(1, 5, "hello"), secret, http.StatusOK, 1},
		{"no secret", message(2, 5, "x"), "", http.StatusUnauthorized, 1},
		{"a wrong secret", message(2, 5, "x"), secret + "x", http.StatusUnauthorized, 1},
		{"too large", message(2, 5, strings.Repeat("x", maxUpdate)), secret, http.StatusRequestEntityTooLarge, 1},
		{"no update", `{"ok":true}`, secret, http.StatusOK, 1},
		{"no JSON", `hello`, secret, http.StatusOK, 1},
		{"what PostgreSQL's jsonb would refuse", message(2, 5, "x")[:len(message(2, 5, "x"))-2] + `,"caption":"\u0000\ud83d"}}`, secret, http.StatusOK, 2},
		{"invalid UTF-8", message(3, 5, "x")[:len(message(3, 5, "x"))-4] + "\xff\"}}", secret, http.StatusOK, 3},
		{"a kind nobody handles", `{"update_id":4,"poll_answer":{}}`, secret, http.StatusOK, 4},
	} {
		require.Equal(t, c.want, w.post(g, c.body, c.secret).Code, c.name)
		require.Equal(t, c.rows, value[int](w, `SELECT count(*) FROM updates`), c.name)
	}
	w.handedOver()
	require.Len(t, w.temporal.got(), 3)
	require.Equal(t, "ignored: poll_answer", value[string](w, `SELECT outcome FROM updates WHERE update_id = 4`))

	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodPost, "/telegram/"+testToken, strings.NewReader("{}")),
		httptest.NewRequest(http.MethodPost, "/telegram/", strings.NewReader("{}")),
	} {
		answer := httptest.NewRecorder()
		g.Handler().ServeHTTP(answer, r)
		require.Equal(t, http.StatusNotFound, answer.Code)
	}
	answer := httptest.NewRecorder()
	g.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/telegram/x", nil))
	require.Equal(t, http.StatusMethodNotAllowed, answer.Code)

	set := w.api.made("setWebhook")[0].params
	require.Equal(t, "https://desk.example/telegram/"+value[string](w, `SELECT webhook_path FROM bots`), set["url"])
	require.Equal(t, secret, set["secret_token"])
	require.JSONEq(t, `["message","edited_message","callback_query","my_chat_member"]`, set["allowed_updates"])
}

// noJournal is a store whose journal does not work.
type noJournal struct{ Store }

func (noJournal) Journal(context.Context, ...store.Update) error { return errors.New("away") }

func TestAnUpdateThatCannotBeKeptIsRefused(t *testing.T) {
	w := newWorld(t)
	g := w.gateway(func(c *Config) { c.Store = noJournal{w.store} })
	answer := w.post(g, press(1, 5, "x"), g.anyBot().Secret)
	require.Equal(t, http.StatusServiceUnavailable, answer.Code)
	require.Empty(t, w.temporal.got())
	w.eventually(func() bool { return len(w.api.made("answerCallbackQuery")) == 1 }) // the spinner ends all the same
}

func TestNothingIsAcceptedBeforeTheBotsAreLoaded(t *testing.T) {
	w := newWorld(t)
	g := New(w.config())
	require.Error(t, g.Ready(t.Context()))
	require.Equal(t, http.StatusServiceUnavailable, w.post(g, message(1, 5, "x"), "").Code)
}

func TestEachConversationGetsItsUpdatesInOrder(t *testing.T) {
	w := newWorld(t)
	gateways := []*Gateway{w.gateway(), w.gateway(), w.gateway()}
	var people sync.WaitGroup
	for p := range 8 {
		people.Go(func() {
			for i := range 10 {
				w.deliver(gateways[(p+i)%3], message(100*p+i, int64(1+p), fmt.Sprint(i)))
			}
		})
	}
	people.Wait()
	w.handedOver()
	said := map[int64]string{}
	for _, e := range w.temporal.got() {
		said[e.Chat] += e.Text
	}
	for p := range int64(8) {
		require.Equal(t, "0123456789", said[1+p])
	}
}

func TestWithTemporalAwayUpdatesWaitAndThenComeInOrder(t *testing.T) {
	w := newWorld(t)
	w.temporal.fail(errors.New("connection refused"))
	g := w.gateway()
	w.deliver(g, message(1, 5, "one"))
	w.eventually(func() bool { return g.Ready(t.Context()) != nil })
	w.deliver(g, message(2, 5, "two"))
	w.deliver(g, message(3, 6, "elsewhere"))
	w.deliver(g, message(4, 5, "three"))
	require.Empty(t, w.temporal.got())

	w.temporal.fail(nil)
	w.handedOver()
	var five []string
	for _, e := range w.temporal.got() {
		if e.Chat == 5 {
			five = append(five, e.Text)
		}
	}
	require.Equal(t, []string{"one", "two", "three"}, five)
	w.eventually(func() bool { return g.Ready(t.Context()) == nil })
}

// A gateway that crashed left rows that it had not handed over, or whose marks were lost.
func TestWhatACrashLeft(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.store.Journal(t.Context(), w.journal(message(1, 5, "handled")), w.journal(message(2, 5, "delivered")), w.journal(message(3, 5, "new"))))
	w.exec(`UPDATE updates SET handled_at = now(), outcome = 'filed' WHERE update_id = 1`)
	w.temporal.seen = map[string]bool{fmt.Sprintf("u:%d:2", w.bot): true} // Temporal has it already
	w.gateway()
	w.handedOver()
	require.Equal(t, []string{"new"}, w.texts(1))
	require.Equal(t, "filed", value[string](w, `SELECT outcome FROM updates WHERE update_id = 1`))
}

func (w *world) journal(raw string) store.Update {
	u, err := readUpdate([]byte(raw), w.bot, "quaybot", received)
	require.NoError(w.t, err)
	return u.row(w.bot, []byte(raw))
}

func TestWhatAnEventRefersTo(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE bots SET modules = '{desk}'`)
	g := w.gateway()
	buttons := [][]chat.RenderedButton{{{Label: "x", Action: "desk.take", Arg: "12"}}, {{Label: "y", Action: "desk.no"}}}
	w.enqueue(store.Row{Chat: 5, Key: "a", About: "ticket:12", Message: chat.Rendered{HTML: "hi", Buttons: buttons}},
		store.Row{Chat: 6, Key: "b", Message: chat.Rendered{HTML: "hi", Buttons: buttons}})
	w.settled()
	a := value[int64](w, `SELECT id FROM outbox WHERE key = 'a'`)
	for i, c := range []struct{ raw, about, action, arg string }{
		{raw: press(1, 5, token(a, 0)), action: "desk.take", arg: "12"},
		{raw: press(2, 5, token(a, 1)), action: "desk.no"},
		{raw: press(3, 5, token(a, 2))},     // no such button
		{raw: press(4, 5, token(a+1, 0))},   // another chat's
		{raw: press(5, 5, token(1<<40, 0))}, // made up
		{raw: press(6, 5, "desk.take:12")},  // no token
		{raw: press(7, 5, "")},              // nothing
		{raw: fmt.Sprintf(`{"update_id":8,"message":{%s,"text":"ok","reply_to_message":{"message_id":%d}}}`, private5, w.row("a").Message), about: "ticket:12"},
		{raw: fmt.Sprintf(`{"update_id":9,"message":{%s,"text":"ok","reply_to_message":{"message_id":%d}}}`, private5, w.row("b").Message)},
	} {
		w.deliver(g, c.raw)
		w.eventually(func() bool { return len(w.temporal.got()) == i+1 })
		e := w.temporal.got()[i]
		require.Equal(t, []string{c.about, c.action, c.arg}, []string{e.About, e.Action, e.Arg}, c.raw)
	}
	w.eventually(func() bool { return len(w.api.made("answerCallbackQuery")) == 7 })
	require.Equal(t, "q1", w.api.made("answerCallbackQuery")[0].params["callback_query_id"])
}

const private5 = `"message_id":70,"date":1700000000,"chat":{"id":5,"type":"private"},"from":{"id":5,"first_name":"Ann"}`

func TestAPersonWhoWritesIsReachable(t *testing.T) {
	w := newWorld(t)
	g := w.gateway()
	require.NoError(t, w.store.Unreachable(t.Context(), w.bot, 5, "blocked"))
	w.deliver(g, message(1, 5, "/start"))
	w.texts(1)
	require.False(t, value[bool](w, `SELECT unreachable IS NOT NULL FROM chats`))
}

func TestPolling(t *testing.T) {
	w := newWorld(t)
	w.api.on(pollable(w,
		[]string{message(1, 5, "one"), message(2, 5, "two"), `{"update_id":3,"poll":{}}`},
		[]string{message(2, 5, "two"), press(4, 5, "x")}))
	w.gateway(func(c *Config) { c.PublicURL = "" })
	w.gateway(func(c *Config) { c.PublicURL = "" }) // leaves it to the first
	w.eventually(func() bool { return len(w.api.made("getUpdates")) >= 5 })
	require.Equal(t, []string{"one", "two", ""}, w.texts(3))
	require.NotEmpty(t, w.api.made("deleteWebhook"))
	var offsets []string
	for _, c := range w.api.made("getUpdates")[:5] {
		offsets = append(offsets, c.params["offset"])
	}
	require.Equal(t, []string{"", "4", "5", "", ""}, offsets, "an offset is dropped once it has done its work")
	require.Equal(t, "25", w.api.made("getUpdates")[0].params["timeout"])
	require.EqualValues(t, 0, value[int64](w, `SELECT poll_offset FROM bots`))
}

// pollable answers polls with batches in turn, and then slowly with nothing.
func pollable(w *world, batches ...[]string) func(call) (int, string, bool) {
	polls := 0
	return func(c call) (int, string, bool) {
		if c.method != "getUpdates" {
			return 0, "", false
		}
		w.api.mu.Lock()
		polls++
		n := polls
		w.api.mu.Unlock()
		if n > len(batches) {
			if n > len(batches)+2 {
				<-w.t.Context().Done()
			}
			return 0, "", false
		}
		status, body := ok("[" + strings.Join(batches[n-1], ",") + "]")
		return status, body, true
	}
}

// failingOnce is a journal that fails when it is written to first.
type failingOnce struct {
	Store
	once sync.Once
}

func (f *failingOnce) JournalPolled(ctx context.Context, bot, offset int64, updates []store.Update) (err error) {
	f.once.Do(func() { err = errors.New("away") })
	if err != nil {
		return err
	}
	return f.Store.JournalPolled(ctx, bot, offset, updates)
}

func TestTheOffsetStaysUntilTheJournalHasTheUpdates(t *testing.T) {
	w := newWorld(t)
	batch := []string{message(8, 5, "one")}
	w.api.on(pollable(w, batch, batch))
	w.gateway(func(c *Config) { c.PublicURL = ""; c.Store = &failingOnce{Store: w.store} })
	require.Equal(t, []string{"one"}, w.texts(1))
	polls := w.api.made("getUpdates")
	require.Equal(t, []string{"", ""}, []string{polls[0].params["offset"], polls[1].params["offset"]})
}

func TestAfterACrashPollingGoesOnWhereItWas(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE bots SET poll_offset = 77`)
	w.api.on(pollable(w))
	w.gateway(func(c *Config) { c.PublicURL = "" })
	w.eventually(func() bool { return len(w.api.made("getUpdates")) > 0 })
	require.Equal(t, "77", w.api.made("getUpdates")[0].params["offset"])
}

func TestTheMenuIsSet(t *testing.T) {
	w := newWorld(t)
	w.gateway(func(c *Config) {
		c.Commands = map[string][]telegram.Command{"ru": {{Name: "new", Description: "Заявка"}}}
	})
	w.eventually(func() bool { return len(w.api.made("setMyCommands")) == 1 })
	require.Equal(t, "ru", w.api.made("setMyCommands")[0].params["language_code"])
	require.Equal(t, "quaybot", value[string](w, `SELECT username FROM bots`))
}

// Of several gateways one polls, and when its connection goes, another one does.
func TestPollingMovesOn(t *testing.T) {
	w := newWorld(t)
	holders := `FROM pg_locks WHERE locktype = 'advisory' AND classid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
	polling := make(chan context.Context)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	for range 2 {
		running.Go(func() {
			for ctx.Err() == nil {
				_ = w.store.AloneForBot(ctx, w.bot, func(alone context.Context) error {
					select {
					case polling <- alone:
					case <-ctx.Done():
					}
					<-alone.Done()
					return nil
				})
			}
		})
	}
	first := <-polling
	select {
	case <-polling:
		t.Fatal("two at once")
	case <-time.After(100 * time.Millisecond):
	}
	w.exec(`SELECT pg_terminate_backend(pid) ` + holders)
	<-polling
	w.eventually(func() bool { return first.Err() != nil })
}

func TestEnsureBot(t *testing.T) {
	w := newWorld(t)
	before := value[string](w, `SELECT webhook_path || webhook_secret FROM bots`)
	require.NotContains(t, before, "SECRET")
	again, err := EnsureBot(t.Context(), w.store, "1000:NEW", "Other", []string{"desk", "yard"})
	require.NoError(t, err)
	require.Equal(t, w.bot, again)
	require.Equal(t, before, value[string](w, `SELECT webhook_path || webhook_secret FROM bots`))
	require.Equal(t, "1000:NEW", value[string](w, `SELECT token FROM bots`))
	require.Equal(t, 1, value[int](w, `SELECT count(*) FROM workspaces`))
	for _, bad := range []string{"", "abc", "12", ":x", "x:y", "-1:y", "1:a/b", "1:a b"} {
		_, err := EnsureBot(t.Context(), w.store, bad, "", nil)
		require.Error(t, err)
	}
}

func TestNULCharactersDoNotHoldUpdatesUp(t *testing.T) {
	w := newWorld(t)
	g := w.gateway()
	for i, raw := range []string{
		`{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},
		  "from":{"id":5,"first_name":"A","username":"an\u0000n"},"document":{"file_id":"D","mime_type":"text/\u0000plain"}}}`,
		`{"update_id":2,"new\u0000kind":{}}`,
	} {
		require.Equal(t, http.StatusOK, w.post(g, raw, g.anyBot().Secret).Code, i)
	}
	w.handedOver()
	require.Equal(t, 2, value[int](w, `SELECT count(*) FROM updates`))
	e := w.temporal.got()[0]
	require.Equal(t, "ann", e.User.Username)
	require.Equal(t, "text/plain", e.Files[0].Type)
}

// A button's data names an outbox row: that of another bot, which happens to have a chat of the same id, is none.
func TestAButtonOfAnotherBotStandsForNothing(t *testing.T) {
	w := newWorld(t)
	other, err := EnsureBot(t.Context(), w.store, "2000:other", "Acme", []string{"desk"})
	require.NoError(t, err)
	buttons := chat.Rendered{HTML: "x", Buttons: [][]chat.RenderedButton{{{Label: "Take", Action: "desk.take", Arg: "12"}}}}
	require.NoError(t, w.store.Tx(t.Context(), func(tx *store.Tx) error {
		return tx.Enqueue(t.Context(), other, store.Row{Chat: 5, Key: "theirs", Message: buttons})
	}))
	w.enqueue(store.Row{Chat: 5, Key: "ours", Message: buttons})
	g := New(w.config())
	stored, err := w.store.Bots(t.Context())
	require.NoError(t, err)
	var ours store.Bot
	for _, b := range stored {
		if b.ID == w.bot {
			ours = b
		}
	}
	g.start([]store.Bot{ours})
	for i, key := range []string{"theirs", "ours"} {
		id := value[int64](w, `SELECT id FROM outbox WHERE key = $1`, key)
		raw := fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"q","from":{"id":5,"first_name":"A"},"data":%q,
			"message":{"message_id":9,"chat":{"id":5,"type":"private"}}}}`, 1+i, token(id, 0))
		require.Equal(t, http.StatusOK, w.post(g, raw, ours.Secret).Code)
	}
	_, err = w.store.HandOver(t.Context(), dialog.ID(w.bot, 5, 5), g.relay.give)
	require.NoError(t, err)
	got := w.temporal.got()
	require.Len(t, got, 2)
	require.Equal(t, []string{"", ""}, []string{got[0].Action, got[0].Arg})
	require.Equal(t, []string{"desk.take", "12"}, []string{got[1].Action, got[1].Arg})
}
