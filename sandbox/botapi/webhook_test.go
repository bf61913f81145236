package botapi

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// inbox is a webhook that keeps what comes.
type inbox struct {
	*httptest.Server
	mu     sync.Mutex
	got    []anUpdate
	secret []string
	answer func(u anUpdate, attempt int, w http.ResponseWriter)
	tries  map[int64]int
}

func hooked(t *testing.T, answer func(u anUpdate, attempt int, w http.ResponseWriter)) *inbox {
	in := &inbox{answer: answer, tries: map[int64]int{}}
	in.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		var u anUpdate
		_ = json.Unmarshal(data, &u)
		in.mu.Lock()
		in.got = append(in.got, u)
		in.secret = append(in.secret, r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
		in.tries[u.ID]++
		attempt := in.tries[u.ID]
		in.mu.Unlock()
		if in.answer != nil {
			in.answer(u, attempt, w)
		}
	}))
	t.Cleanup(in.Close)
	return in
}

// wait gives all that came, once there are n.
func (in *inbox) wait(t *testing.T, n int) []anUpdate {
	t.Helper()
	require.Eventually(t, func() bool {
		in.mu.Lock()
		defer in.mu.Unlock()
		return len(in.got) >= n
	}, 10*time.Second, time.Millisecond)
	in.mu.Lock()
	defer in.mu.Unlock()
	return append([]anUpdate(nil), in.got...)
}

// pending waits until the bot has n updates that were not taken.
func (d *desk) pending(n int) {
	d.t.Helper()
	require.Eventually(d.t, func() bool {
		info := decode[struct {
			Pending int `json:"pending_update_count"`
		}](d.t, d.done("getWebhookInfo", nil))
		return info.Pending == n
	}, 10*time.Second, time.Millisecond)
}

func TestWebhookDeliversInOrderWithSecret(t *testing.T) {
	d := open(t)
	in := hooked(t, nil)
	d.say(emma, "before the webhook")
	d.done("setWebhook", obj{"url": in.URL, "secret_token": "se-cret_1"})
	for i := range 20 {
		d.say(emma, fmt.Sprint(i))
	}
	got := in.wait(t, 21)
	require.Equal(t, "before the webhook", got[0].Message.Text)
	for i, u := range got[1:] {
		require.Equal(t, fmt.Sprint(i), u.Message.Text)
	}
	require.Equal(t, "se-cret_1", in.secret[0])
	d.pending(0)
}

func TestFailingChatHoldsUpNobodyElse(t *testing.T) {
	d := open(t)
	var broken sync.Map
	broken.Store(int64(emma), true)
	in := hooked(t, func(u anUpdate, _ int, w http.ResponseWriter) {
		if u.Message != nil {
			if _, yes := broken.Load(u.Message.Chat.ID); yes {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}
	})
	d.done("setWebhook", obj{"url": in.URL})
	d.say(emma, "first")
	d.say(emma, "second")
	d.say(nadia, "hello")
	_, _ = d.demo("callbacks?wait=0", obj{"bot_id": d.bot, "person": emma, "message_id": 1, "data": "x"})
	d.pending(2)
	require.Contains(t, string(d.done("getWebhookInfo", nil)), "Wrong response from the webhook: 500 Internal Server Error")
	for _, u := range in.wait(t, 4) {
		require.False(t, u.Message != nil && u.Message.Text == "second", "one update of a chat is in flight")
	}
	broken.Delete(int64(emma))
	d.pending(0)
	got := in.wait(t, 5)
	require.Equal(t, "second", got[len(got)-1].Message.Text)
}

func TestRetryAfterIsHeeded(t *testing.T) {
	d := open(t)
	in := hooked(t, func(_ anUpdate, attempt int, w http.ResponseWriter) {
		if attempt == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	d.done("setWebhook", obj{"url": in.URL})
	began := time.Now()
	d.say(emma, "hello")
	in.wait(t, 2)
	require.GreaterOrEqual(t, time.Since(began), time.Second)
}

func TestAnswerWithMethodIsCarriedOut(t *testing.T) {
	d := open(t)
	in := hooked(t, func(u anUpdate, _ int, w http.ResponseWriter) {
		method := map[string]string{"send": "sendMessage", "drop": "deleteWebhook"}[u.Message.Text]
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprintf(w, `{"method": %q, "chat_id": %d, "text": "at once"}`, method, u.Message.Chat.ID)
	})
	d.done("setWebhook", obj{"url": in.URL})
	d.say(emma, "drop")
	d.say(emma, "send")
	require.Eventually(t, func() bool {
		seen := d.seen(emma)
		return seen[len(seen)-1].Text == "at once"
	}, 10*time.Second, time.Millisecond)
	require.Contains(t, string(d.done("getWebhookInfo", nil)), in.URL, "deleteWebhook is not carried out this way")
}

func TestWebhookSettings(t *testing.T) {
	d := openAt(t, t.TempDir())
	in := hooked(t, nil)
	d.say(emma, "old")
	d.done("setWebhook", obj{"url": in.URL, "allowed_updates": []string{"message"}, "drop_pending_updates": true})
	r := d.call("setWebhook", obj{"url": in.URL})
	require.Equal(t, "429 Too Many Requests: retry after 1", fmt.Sprint(r.Code, " ", r.Description))
	d.set(`{"limits": false}`)
	d.done("setWebhook", obj{"url": in.URL + "/other", "max_connections": 7})
	require.JSONEq(t, `{"url":"`+in.URL+`/other","has_custom_certificate":false,"pending_update_count":0,"max_connections":7,`+
		`"ip_address":"127.0.0.1","allowed_updates":["message"]}`, string(d.done("getWebhookInfo", nil)))
	d.act(emma, "block", nil)
	d.act(emma, "unblock", nil)
	d.say(emma, "new")
	require.Equal(t, []string{"new"}, texts(in.wait(t, 1)))
}

func TestDuplicatesAndReorder(t *testing.T) {
	d := open(t)
	d.set(`{"telegram": {"webhook_duplicates": 1}}`)
	in := hooked(t, nil)
	d.done("setWebhook", obj{"url": in.URL})
	d.say(emma, "twice")
	require.Equal(t, []string{"twice", "twice"}, texts(in.wait(t, 2)))

	d.set(`{"telegram": {"webhook_duplicates": 0, "webhook_reorder": 1}}`)
	d.say(emma, "one")
	d.say(emma, "two")
	require.Equal(t, []string{"two", "one"}, texts(in.wait(t, 4))[2:])
}

func TestExpiredCallbackIsDropped(t *testing.T) {
	d := open(t)
	in := hooked(t, func(_ anUpdate, _ int, w http.ResponseWriter) { w.WriteHeader(http.StatusBadGateway) })
	_, _ = d.demo("callbacks?wait=0", obj{"bot_id": d.bot, "person": emma, "message_id": 1, "data": "x"})
	d.s.mu.Lock()
	d.s.bots[d.bot].pending[0].Expires = time.Now()
	d.s.mu.Unlock()
	d.done("setWebhook", obj{"url": in.URL})
	d.pending(0)
}
