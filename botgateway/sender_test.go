package botgateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/botgateway/telegram"
	"quaydesk/domain/chat"
	"quaydesk/store"
)

func TestSendsInTheOrderOfEachChat(t *testing.T) {
	w := newWorld(t)
	for range 4 { // gateways, as many replicas would be
		w.gateway()
	}
	w.exec(`UPDATE bots SET sends_per_second = 1000`)
	var enqueuing sync.WaitGroup
	for c := range int64(12) {
		enqueuing.Go(func() {
			for i := range 4 {
				w.say(1+c, fmt.Sprintf("%d.%d", c, i))
			}
		})
	}
	enqueuing.Wait()
	w.settled()
	for c := range int64(12) {
		var want []string
		for i := range 4 {
			want = append(want, fmt.Sprintf("%d.%d", c, i))
		}
		require.Equal(t, want, w.api.heard(1+c))
	}
	require.Len(t, w.api.made("send"), 48, "each exactly once")
	require.Equal(t, 48, value[int](w, `SELECT count(DISTINCT message_id) FROM outbox WHERE status = 'sent' AND attempts = 1`))
}

func TestInteractiveBeforeBulk(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE bots SET sends_per_second = 20`)
	for i := range 20 {
		w.enqueue(store.Row{Chat: int64(1 + i), Key: fmt.Sprintf("news.%d", i), Bulk: true, Message: chat.Rendered{HTML: "news"}})
	}
	w.say(5, "reply")
	w.say(500, "reply to another")
	w.gateway()
	w.settled()
	sent := w.api.made("send")
	require.ElementsMatch(t, []string{"reply", "reply to another"}, []string{sent[0].words(), sent[1].words()})
	require.Equal(t, []string{"reply", "news"}, w.api.heard(5))
}

func TestWhatIsSentIsKept(t *testing.T) {
	w := newWorld(t)
	w.gateway()
	w.enqueue(store.Row{Chat: 5, Key: "a", About: "ticket:12", Message: chat.Rendered{HTML: "<b>Hi</b>", ReplyTo: 77, Buttons: [][]chat.RenderedButton{
		{{Label: "Take", Action: "desk.take", Arg: "12"}, {Label: "Look", URL: "https://example.org"}}, {{Label: "No", Action: "desk.no"}}}}})
	w.settled()
	sent := w.api.made("sendMessage")[0].params
	require.Equal(t, "<b>Hi</b>", sent["text"])
	require.Equal(t, "HTML", sent["parse_mode"])
	require.JSONEq(t, `{"message_id":77,"allow_sending_without_reply":true}`, sent["reply_parameters"])
	id := value[int64](w, `SELECT id FROM outbox`)
	require.JSONEq(t, fmt.Sprintf(`{"inline_keyboard":[[{"text":"Take","callback_data":%q},{"text":"Look","url":"https://example.org"}],[{"text":"No","callback_data":%q}]]}`,
		token(id, 0), token(id, 2)), sent["reply_markup"])
	require.Equal(t, "ticket:12", value[string](w, `SELECT about FROM messages WHERE bot_id = $1 AND chat_id = 5 AND message_id = $2`, w.bot, w.row("a").Message))
}

func TestEachErrorHasItsTreatment(t *testing.T) {
	first := func(code int, description, parameters string) func(call, int) (int, string, bool) {
		return func(_ call, n int) (int, string, bool) {
			if n == 1 {
				return refusal(code, description, parameters)
			}
			return 0, "", false
		}
	}
	always := func(code int, description string) func(call, int) (int, string, bool) {
		return func(call, int) (int, string, bool) { return refusal(code, description, "") }
	}
	for _, c := range []struct {
		name        string
		bulk        bool
		answer      func(c call, n int) (status int, body string, ok bool) // n counts the sends
		want        row
		sends       int
		unreachable bool
	}{
		{name: "429", answer: first(429, "Too Many Requests: retry after 1", `{"retry_after":1}`), want: row{Status: store.Sent, Attempts: 2}, sends: 2},
		{name: "502 of a proxy", answer: func(_ call, n int) (int, string, bool) { return 502, "<html>Bad Gateway</html>", n == 1 }, want: row{Status: store.Sent, Attempts: 2}, sends: 2},
		{name: "403 of a proxy", answer: func(_ call, n int) (int, string, bool) { return 403, "<html>Forbidden</html>", n == 1 }, want: row{Status: store.Sent, Attempts: 2}, sends: 2},
		{name: "401 of a proxy", bulk: true, answer: func(_ call, n int) (int, string, bool) { return 401, `{"error":"x"}`, n == 1 }, want: row{Status: store.Sent, Attempts: 2}, sends: 2},
		{name: "404 of a proxy", answer: func(_ call, n int) (int, string, bool) { return 404, "", n == 1 }, want: row{Status: store.Sent, Attempts: 2}, sends: 2},
		{name: "429 of a proxy", answer: func(_ call, n int) (int, string, bool) { return 429, "slowly", n == 1 }, want: row{Status: store.Sent, Attempts: 2}, sends: 2},
		{name: "500", answer: first(500, "Internal Server Error", ""), want: row{Status: store.Sent, Attempts: 2}, sends: 2},
		{name: "no answer", answer: func(_ call, n int) (int, string, bool) { return 0, "", n == 1 }, want: row{Status: store.Sent, Attempts: 2}, sends: 2},
		{name: "no answer, bulk", bulk: true, answer: func(_ call, n int) (int, string, bool) { return 0, "", n == 1 }, want: row{Status: store.Dead, Error: inDoubt, Attempts: 1}, sends: 1},
		{name: "an answer that is none", bulk: true, answer: func(_ call, n int) (int, string, bool) { return 200, "oops", n == 1 }, want: row{Status: store.Dead, Error: inDoubt, Attempts: 1}, sends: 1},
		{name: "cannot be parsed", answer: first(400, "Bad Request: can't parse entities: Unsupported start tag", ""), want: row{Status: store.Sent, Attempts: 1}, sends: 2},
		{name: "too long", answer: always(400, "Bad Request: message is too long"), want: row{Status: store.Dead, Error: "400 Bad Request: message is too long", Attempts: 1}, sends: 1},
		{name: "blocked", answer: always(403, "Forbidden: bot was blocked by the user"), want: row{Status: store.Dead, Error: "unreachable: 403 Forbidden: bot was blocked by the user", Attempts: 1}, sends: 1, unreachable: true},
		{name: "deactivated", answer: always(403, "Forbidden: user is deactivated"), want: row{Status: store.Dead, Error: "unreachable: 403 Forbidden: user is deactivated", Attempts: 1}, sends: 1, unreachable: true},
		{name: "chat not found", answer: always(400, "Bad Request: chat not found"), want: row{Status: store.Dead, Error: "unreachable: 400 Bad Request: chat not found", Attempts: 1}, sends: 1, unreachable: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			n := 0
			w.api.on(func(made call) (int, string, bool) {
				if !strings.HasPrefix(made.method, "send") {
					return 0, "", false
				}
				w.api.mu.Lock()
				n++
				i := n
				w.api.mu.Unlock()
				return c.answer(made, i)
			})
			w.enqueue(store.Row{Chat: 5, Key: "a", Bulk: c.bulk, Message: chat.Rendered{HTML: "<b>fish</b> &amp; chips"}})
			w.gateway()
			w.settled()
			got := w.row("a")
			if got.Status == store.Sent {
				require.NotZero(t, got.Message)
				got.Message = 0
			}
			require.Equal(t, c.want, got)
			require.Len(t, w.api.made("send"), c.sends)
			if c.name == "cannot be parsed" {
				plain := w.api.made("send")[1].params
				require.Equal(t, "fish & chips", plain["text"])
				require.NotContains(t, plain, "parse_mode")
			}
			require.Equal(t, c.unreachable, value[bool](w, `SELECT unreachable IS NOT NULL FROM chats`))
		})
	}
}

// Telegram may have sent it each time: a person gets it five times at worst, and what comes after it is not held up.
func TestAMessageInDoubtIsRepeatedOnlySoOften(t *testing.T) {
	w := newWorld(t)
	w.api.on(func(c call) (int, string, bool) { return 0, "", c.words() == "a" })
	w.say(5, "a", "b")
	w.exec(`UPDATE outbox SET attempts = 7 WHERE key = 'a'`) // it was tried before in vain, but not in doubt
	w.gateway()
	for range maxDoubts {
		w.hurry("a")
	}
	w.settled()
	require.Equal(t, row{Status: store.Dead, Error: inDoubt, Attempts: 7 + maxDoubts}, w.row("a"))
	require.Equal(t, []string{"a", "a", "a", "a", "a", "b"}, w.api.heard(5))
}

func TestAMessageOfYesterdayIsNotTriedForEver(t *testing.T) {
	doubt := &telegram.Unanswered{WentOut: true}
	for _, c := range []struct {
		name string
		row  store.OutboxRow
		want string
	}{
		{"today", store.OutboxRow{Attempts: 2, Waited: time.Hour}, store.Pending},
		{"yesterday", store.OutboxRow{Attempts: 2, Waited: giveUpAfter + 1}, store.Dead},
		{"yesterday, for the first time", store.OutboxRow{Attempts: 1, Waited: giveUpAfter + 1}, store.Pending},
		{"an edit of yesterday", store.OutboxRow{Edit: true, Attempts: 2, Waited: giveUpAfter + 1}, store.Dead},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, job{OutboxRow: c.row}.result(doubt).Status)
		})
	}
}

func TestNobodyThere(t *testing.T) {
	w := newWorld(t)
	w.api.Close()
	w.say(5, "a")
	w.gateway()
	w.eventually(func() bool { return w.row("a").Attempts >= 2 })
	require.Equal(t, store.Pending, w.row("a").Status)
	require.Contains(t, w.row("a").Error, "not sent")
	require.NotContains(t, w.row("a").Error, "SECRET")
}

func TestAnUnreachableChatGetsWhatItMissedWhenItIsBack(t *testing.T) {
	w := newWorld(t)
	g := w.gateway()
	w.say(5, "before")
	w.settled()
	w.api.on(func(c call) (int, string, bool) {
		switch {
		case c.words() == "bad":
			return refusal(400, "Bad Request: BUTTON_URL_INVALID", "")
		case c.chat() == 5:
			return refusal(403, "Forbidden: bot was blocked by the user", "")
		}
		return 0, "", false
	})
	edit := func(key, edits string) {
		w.enqueue(store.Row{Chat: 5, Key: key, Edits: edits, Message: chat.Rendered{HTML: key}})
	}
	w.say(5, "bad")
	w.settled()
	w.say(5, "old", "a")
	edit("a2", "a")
	edit("before2", "before")
	w.settled()
	w.deliver(g, membership(1, 5, "kicked"))
	w.eventually(func() bool {
		return value[string](w, `SELECT coalesce(unreachable, '') FROM chats`) == "the bot was blocked or removed"
	})
	asked := len(w.api.made(""))
	w.say(5, "b")
	edit("before3", "before")
	w.settled()
	require.Len(t, w.api.made(""), asked, "nothing more is sent there")
	for _, key := range []string{"old", "a", "a2", "before2"} {
		require.Equal(t, store.Dead, w.row(key).Status, key)
		require.Equal(t, "unreachable: 403 Forbidden: bot was blocked by the user", w.row(key).Error, key)
	}
	for _, key := range []string{"b", "before3"} {
		require.Equal(t, store.Dead, w.row(key).Status, key)
		require.Equal(t, "unreachable: the bot was blocked or removed", w.row(key).Error, key)
	}

	w.exec(`UPDATE outbox SET created_at = now() - interval '8 days' WHERE key = 'old'`)
	w.api.on(nil)
	made := len(w.api.heard(5))
	w.deliver(g, membership(2, 5, "member"))
	w.eventually(func() bool { return !value[bool](w, `SELECT unreachable IS NOT NULL FROM chats`) })
	w.say(5, "c")
	w.settled()
	require.Equal(t, []string{"a", "b", "c"}, w.api.heard(5)[made:])
	for _, key := range []string{"a", "a2", "before2", "b", "before3", "c"} {
		require.Equal(t, store.Sent, w.row(key).Status, key)
	}
	require.Equal(t, w.row("a").Message, w.row("a2").Message)
	require.Equal(t, w.row("before").Message, w.row("before3").Message)
	var edits []string
	for _, c := range w.api.made("edit") {
		if c.params["message_id"] == fmt.Sprint(w.row("before").Message) {
			edits = append(edits, c.words())
		}
	}
	require.Equal(t, []string{"before2", "before3"}, edits[len(edits)-2:])
	for _, key := range []string{"bad", "old"} {
		require.Equal(t, store.Dead, w.row(key).Status, key)
	}
}

func TestADeadLetterIsSentToAnUnreachableChatWhenAskedFor(t *testing.T) {
	w := newWorld(t)
	w.say(5, "a", "b")
	require.NoError(t, w.store.Unreachable(t.Context(), w.bot, 5, "gone"))
	w.gateway()
	w.settled()
	require.Empty(t, w.api.made("send"))
	id := value[int64](w, `SELECT id FROM outbox WHERE key = 'b'`)
	found, err := w.store.Resend(t.Context(), 2, id)
	require.NoError(t, err)
	require.False(t, found, "another workspace's")
	found, err = w.store.Resend(t.Context(), 1, id)
	require.NoError(t, err)
	require.True(t, found)
	w.settled()
	require.Equal(t, store.Sent, w.row("b").Status)
	require.Equal(t, store.Dead, w.row("a").Status)
}

func TestAGroupThatBecameASupergroup(t *testing.T) {
	w := newWorld(t)
	w.api.on(func(c call) (int, string, bool) {
		if c.chat() == -7 {
			return refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", `{"migrate_to_chat_id":-1007}`)
		}
		return 0, "", false
	})
	w.say(-7, "a", "b")
	w.gateway()
	w.settled()
	require.Equal(t, []string{"a", "b"}, w.api.heard(-1007))
	require.Equal(t, []string{"a"}, w.api.heard(-7))
}

func TestFloodHoldsTheChatAndThenTheBot(t *testing.T) {
	w := newWorld(t)
	w.api.on(func(c call) (int, string, bool) {
		if c.chat() == 5 {
			return refusal(429, "Too Many Requests: retry after 100", `{"retry_after":100}`)
		}
		return 0, "", false
	})
	w.gateway()
	w.say(5, "a", "b")
	w.say(6, "c")
	w.eventually(func() bool { return w.row("c").Status == store.Sent })
	w.eventually(func() bool {
		return value[bool](w, `SELECT held_until > now() + interval '90 s' FROM chats WHERE chat_id = 5`)
	})
	require.Equal(t, []string{"a"}, w.api.heard(5))
	require.False(t, value[bool](w, `SELECT held_until > now() FROM bot_limits`))

	s := &sender{}
	at := time.Now()
	require.False(t, s.botFlooded(1, 5, at))
	require.False(t, s.botFlooded(1, 5, at.Add(time.Millisecond)), "the same chat")
	require.False(t, s.botFlooded(2, 6, at.Add(time.Millisecond)), "another bot")
	require.False(t, s.botFlooded(1, 6, at.Add(2*time.Second)), "much later")
	require.True(t, s.botFlooded(1, 7, at.Add(2500*time.Millisecond)))
}

func TestARefusedTokenSwitchesTheBotOff(t *testing.T) {
	w := newWorld(t)
	w.api.on(func(c call) (int, string, bool) {
		if strings.HasPrefix(c.method, "send") {
			return refusal(401, "Unauthorized", "")
		}
		return 0, "", false
	})
	w.say(5, "a")
	g := w.gateway()
	w.eventually(func() bool {
		return value[bool](w, `SELECT disabled_reason IS NOT NULL FROM bots`) && w.row("a").Error != ""
	})
	switchedOff := fmt.Sprintf("bot %d is switched off: Telegram refuses its token", w.bot)
	require.ErrorContains(t, g.Ready(t.Context()), switchedOff)
	require.ErrorContains(t, w.gateway().Ready(t.Context()), switchedOff, "a gateway that started afterwards")
	require.Equal(t, store.Pending, w.row("a").Status, "it waits for a new token")
	require.Len(t, w.api.made("send"), 1)
	bots, err := w.store.Bots(t.Context())
	require.NoError(t, err)
	require.Empty(t, bots)

	_, err = EnsureBot(t.Context(), w.store, testToken, "", []string{"desk"})
	require.NoError(t, err)
	require.NoError(t, g.Ready(t.Context()))
	w.api.on(nil)
	w.settled()
}

func TestEdits(t *testing.T) {
	w := newWorld(t)
	release := make(chan struct{})
	w.api.on(func(c call) (int, string, bool) {
		if c.words() == "slow" {
			<-release
		}
		if c.words() == "gone" && c.method == "editMessageText" {
			return refusal(400, "Bad Request: message to edit not found", "")
		}
		if c.words() == "same" && c.method == "editMessageText" {
			return refusal(400, "Bad Request: message is not modified: specified new message content…", "")
		}
		if c.words() == "dead" {
			return refusal(400, "Bad Request: BUTTON_URL_INVALID", "")
		}
		return 0, "", false
	})
	edit := func(key, edits string, m chat.Rendered) {
		w.enqueue(store.Row{Chat: 5, Key: key, Edits: edits, About: "ticket:1", Message: m})
	}
	w.gateway()

	// An edit waits for the message it edits, and for earlier edits of it.
	w.say(5, "slow")
	edit("e1", "slow", chat.Rendered{HTML: "one", Buttons: [][]chat.RenderedButton{{{Label: "x", Action: "y"}}}})
	edit("e2", "slow", chat.Rendered{HTML: "two"})
	w.say(6, "elsewhere")
	w.eventually(func() bool { return w.row("elsewhere").Status == store.Sent })
	require.Empty(t, w.api.made("edit"))
	close(release)
	w.settled()
	edits := w.api.made("edit")
	require.Len(t, edits, 2)
	require.Equal(t, []string{"one", "two"}, []string{edits[0].words(), edits[1].words()})
	require.Equal(t, fmt.Sprint(w.row("slow").Message), edits[0].params["message_id"])
	require.Contains(t, edits[0].params["reply_markup"], token(value[int64](w, `SELECT id FROM outbox WHERE key = 'e1'`), 0))
	require.Equal(t, w.row("slow").Message, w.row("e2").Message)

	// What is as it should be already is done.
	edit("e3", "slow", chat.Rendered{HTML: "same"})
	w.settled()
	require.Equal(t, store.Sent, w.row("e3").Status)
	require.Equal(t, 1, w.row("e3").Attempts)

	// A message that is gone comes anew, and later edits replace that one.
	edit("e4", "slow", chat.Rendered{HTML: "gone"})
	edit("e5", "slow", chat.Rendered{HTML: "later"})
	w.settled()
	require.Equal(t, []string{"slow", "gone"}, w.api.heard(5))
	edits = w.api.made("edit")
	require.Equal(t, fmt.Sprint(w.row("e4").Message), edits[len(edits)-1].params["message_id"])
	require.Equal(t, "ticket:1", value[string](w, `SELECT about FROM messages WHERE message_id = $1`, w.row("e4").Message))

	// There is nothing to change about what was never sent.
	w.say(5, "dead")
	edit("e6", "dead", chat.Rendered{HTML: "news"})
	w.settled()
	require.Equal(t, store.Dead, w.row("dead").Status)
	require.Equal(t, store.Sent, w.row("e6").Status)
	require.Zero(t, w.row("e6").Message)

	// Unless that is sent after all.
	w.api.on(nil)
	_, err := w.store.Resend(t.Context(), 1, value[int64](w, `SELECT id FROM outbox WHERE key = 'dead'`))
	require.NoError(t, err)
	w.settled()
	require.Equal(t, w.row("dead").Message, w.row("e6").Message)
}

func TestACaptionIsEditedAsOne(t *testing.T) {
	w := newWorld(t)
	w.gateway()
	w.enqueue(
		store.Row{Chat: 5, Key: "p", Message: chat.Rendered{HTML: "look", Files: []chat.File{{Kind: chat.Photo, ID: "P"}}}},
		store.Row{Chat: 5, Key: "e", Edits: "p", Message: chat.Rendered{HTML: "looked"}},
		store.Row{Chat: 5, Key: "long", Edits: "p", Message: chat.Rendered{HTML: strings.Repeat("x", 1025)}})
	w.settled()
	require.Len(t, w.api.made("editMessageCaption"), 1)
	require.Len(t, w.api.made("sendMessage"), 1, "too long for a caption: sent anew")
}

func TestMedia(t *testing.T) {
	photo := func(id string) chat.File { return chat.File{Kind: chat.Photo, ID: id} }
	buttons := [][]chat.RenderedButton{{{Label: "x", Action: "y"}}}
	long := strings.Repeat("ю", 1025)
	for _, c := range []struct {
		name string
		m    chat.Rendered
		want []string // method, and what it carries
		main int      // which request has the message that edits change
	}{
		{"photo with caption and buttons", chat.Rendered{HTML: "hi", Files: []chat.File{photo("P")}, Buttons: buttons}, []string{"sendPhoto hi keys photo=P"}, 0},
		{"each kind", chat.Rendered{Files: []chat.File{{Kind: chat.Voice, ID: "V"}, {Kind: chat.Animation, ID: "A"}, {Kind: chat.VideoNote, ID: "N"}}},
			[]string{"sendVoice voice=V", "sendAnimation animation=A", "sendVideoNote video_note=N"}, 0},
		{"album", chat.Rendered{HTML: "hi", Files: []chat.File{photo("P"), {Kind: chat.Video, ID: "V"}}}, []string{`sendMediaGroup [{"type":"photo","media":"P","caption":"hi","parse_mode":"HTML"},{"type":"video","media":"V"}]`}, 0},
		{"album with buttons", chat.Rendered{HTML: "hi", Files: []chat.File{photo("P"), photo("Q")}, Buttons: buttons},
			[]string{`sendMediaGroup [{"type":"photo","media":"P","parse_mode":"HTML"},{"type":"photo","media":"Q"}]`, "sendMessage hi keys"}, 1},
		{"long words", chat.Rendered{HTML: long, Files: []chat.File{photo("P")}}, []string{"sendMessage " + long, "sendPhoto photo=P"}, 0},
		{"tags do not count", chat.Rendered{HTML: "<b>" + long[:2048] + "</b>", Files: []chat.File{photo("P")}}, []string{"sendPhoto <b>" + long[:2048] + "</b> photo=P"}, 0},
		{"a mixture", chat.Rendered{HTML: "hi", Files: []chat.File{photo("P"), {Kind: chat.Document, ID: "D"}, {Kind: chat.Document, ID: "E"}}},
			[]string{"sendMessage hi", "sendPhoto photo=P", `sendMediaGroup [{"type":"document","media":"D","parse_mode":"HTML"},{"type":"document","media":"E"}]`}, 0},
		{"uploads", chat.Rendered{HTML: "hi", Files: []chat.File{{Kind: chat.Document, Ref: "test:cat", Name: "cat.txt"}}}, []string{"sendDocument hi document:meow"}, 0},
		{"album of uploads", chat.Rendered{Files: []chat.File{{Kind: chat.Document, Ref: "test:cat"}, {Kind: chat.Document, Ref: "test:dog"}}},
			[]string{`sendMediaGroup [{"type":"document","media":"attach://file0","parse_mode":"HTML"},{"type":"document","media":"attach://file1"}] file0:meow file1:woof`}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.gateway()
			w.enqueue(store.Row{Chat: 5, Key: "a", About: "ticket:1", Message: c.m})
			w.settled()
			var got []string
			for _, made := range w.api.made("send") {
				s := made.method
				for _, words := range []string{made.words(), made.params["media"]} {
					if words != "" {
						s += " " + words
					}
				}
				if made.params["reply_markup"] != "" {
					s += " keys"
				}
				for _, kind := range []string{"photo", "video", "voice", "animation", "video_note"} {
					if made.params[kind] != "" {
						s += " " + kind + "=" + made.params[kind]
					}
				}
				for _, field := range []string{"document", "file0", "file1"} {
					if made.files[field] != "" {
						s += " " + field + ":" + made.files[field]
					}
				}
				got = append(got, s)
			}
			require.Equal(t, c.want, got)
			require.Equal(t, w.api.nextID-100, value[int](w, `SELECT count(*) FROM messages WHERE about = 'ticket:1'`))
			if len(c.want) > 1 && c.main == 1 {
				require.EqualValues(t, w.api.nextID, w.row("a").Message)
			} else {
				require.EqualValues(t, 101, w.row("a").Message)
			}
		})
	}
}

func TestALaterAttemptGoesOnWhereTheFirstStopped(t *testing.T) {
	w := newWorld(t)
	failed := false
	w.api.on(func(c call) (int, string, bool) {
		if c.method == "sendPhoto" && !failed {
			failed = true
			return refusal(500, "Internal Server Error", "")
		}
		return 0, "", false
	})
	w.gateway()
	w.enqueue(store.Row{Chat: 5, Key: "a", Message: chat.Rendered{HTML: "hi", Files: []chat.File{{Kind: chat.Photo, ID: "P"}, {Kind: chat.Voice, ID: "V"}}}})
	w.settled()
	var methods []string
	for _, c := range w.api.made("send") {
		methods = append(methods, c.method)
	}
	require.Equal(t, []string{"sendMessage", "sendPhoto", "sendPhoto", "sendVoice"}, methods)
	require.EqualValues(t, 101, w.row("a").Message)
}

func TestAFileThatCannotBeHadForNowHoldsNobodyUp(t *testing.T) {
	w := newWorld(t)
	away := make(awayFiles)
	w.gateway(func(c *Config) { c.Files = away })
	w.enqueue(store.Row{Chat: 5, Key: "a", Message: chat.Rendered{Files: []chat.File{{Kind: chat.Photo, Ref: "test:cat"}}}})
	w.say(5, "b", "c")
	w.eventually(func() bool { return w.row("c").Status == store.Sent })
	require.Equal(t, store.Pending, w.row("a").Status)
	require.Equal(t, "open a file: away", w.row("a").Error)
	close(away)
	w.settled()
	require.Equal(t, store.Sent, w.row("a").Status)
	require.Equal(t, []string{"b", "c", ""}, w.api.heard(5))
}

// awayFiles is a source that does not work until it is closed.
type awayFiles chan struct{}

func (a awayFiles) Open(context.Context, string) (io.ReadCloser, error) {
	select {
	case <-a:
		return io.NopCloser(strings.NewReader("meow")), nil
	default:
		return nil, errors.New("away")
	}
}

func TestAFileThatIsGone(t *testing.T) {
	w := newWorld(t)
	w.gateway()
	w.enqueue(store.Row{Chat: 5, Key: "a", Message: chat.Rendered{Files: []chat.File{{Kind: chat.Photo, Ref: "test:nothing"}}}})
	w.settled()
	require.Equal(t, row{Status: store.Dead, Error: "open a file: gone", Attempts: 1}, w.row("a"))
}

func TestLosingTheDatabaseRepeatsNothing(t *testing.T) {
	w := newWorld(t)
	g := []*Gateway{w.gateway(), w.gateway()}
	var failing sync.WaitGroup
	stop := make(chan struct{})
	failing.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(60 * time.Millisecond):
			}
			// All but our own: gateways, listeners, what tests look with.
			_, _ = w.pool.Exec(context.Background(),
				`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		}
	})
	persist := func(do func() error) {
		w.eventually(func() bool { return do() == nil })
	}
	const chats, each = 40, 5
	for i := range each {
		for c := range chats {
			text := fmt.Sprintf("%d.%d", c, i)
			persist(func() error {
				return w.store.Tx(t.Context(), func(tx *store.Tx) error {
					return tx.Enqueue(t.Context(), w.bot, store.Row{Chat: int64(1 + c), Key: text, Message: chat.Rendered{HTML: text}})
				})
			})
			persist(func() error {
				if answer := w.post(g[c%2], message(10*i+100*c, int64(1+c), text), g[0].anyBot().Secret); answer.Code != http.StatusOK {
					return errors.New(answer.Body.String())
				}
				return nil
			})
		}
	}
	persist(func() error {
		var waiting int
		err := w.pool.QueryRow(t.Context(), `SELECT count(*) FROM outbox WHERE status = 'pending'`).Scan(&waiting)
		if err == nil && waiting > 0 {
			err = errors.New("some wait")
		}
		return err
	})
	close(stop)
	failing.Wait()
	w.pool.Reset()
	w.handedOver()
	heard := map[int64][]string{}
	for _, e := range w.temporal.got() {
		heard[e.Chat] = append(heard[e.Chat], e.Text)
	}
	for c := range chats {
		var want []string
		for i := range each {
			want = append(want, fmt.Sprintf("%d.%d", c, i))
		}
		require.Equal(t, want, w.api.heard(int64(1+c)))
		require.Equal(t, want, heard[int64(1+c)])
	}
}

// A sender that crashed leaves rows that it claimed and perhaps sent.
func TestTakingOverAfterACrash(t *testing.T) {
	w := newWorld(t)
	w.say(5, "reply")
	w.enqueue(store.Row{Chat: 6, Key: "news", Bulk: true, Message: chat.Rendered{HTML: "news"}})
	w.say(7, "under way")
	w.exec(`UPDATE outbox SET attempts = 1, claimed_until = now() + CASE WHEN key = 'under way' THEN interval '1 h' ELSE interval '-1 s' END`)
	w.gateway()
	w.eventually(func() bool { return w.row("reply").Status == store.Sent && w.row("news").Status == store.Dead })
	require.Equal(t, inDoubt, w.row("news").Error)
	require.Equal(t, row{Status: store.Pending, Attempts: 1}, w.row("under way"))
}

func TestEndingWaitsForWhatIsUnderWay(t *testing.T) {
	w := newWorld(t)
	arrived, release := make(chan struct{}), make(chan struct{})
	w.api.on(func(c call) (int, string, bool) {
		if c.method == "sendMessage" {
			close(arrived)
			<-release
		}
		return 0, "", false
	})
	w.say(5, "a")
	t.Run("gateway", func(t *testing.T) {
		inner := *w
		inner.t = t
		inner.gateway()
		<-arrived
		go func() { time.Sleep(50 * time.Millisecond); close(release) }() // while the gateway ends
	})
	require.Equal(t, store.Sent, w.row("a").Status)
}

// Telegram hangs: neither a message nor the answer to a press keeps the gateway from telling the store in time.
func TestEndingDoesNotWaitForASlowTelegram(t *testing.T) {
	require.Less(t, grace+endTime, 4*time.Second, "after which it is killed")
	w := newWorld(t)
	arrived, release := make(chan struct{}, 2), make(chan struct{})
	defer close(release)
	w.api.on(func(c call) (int, string, bool) {
		if c.method == "sendMessage" || c.method == "answerCallbackQuery" {
			arrived <- struct{}{}
			<-release
		}
		return 0, "", false
	})
	w.say(5, "a")
	t.Run("gateway", func(t *testing.T) {
		inner := *w
		inner.t = t
		g := inner.gateway()
		g.answerSoon(g.anyBot(), "press")
		<-arrived
		<-arrived
	})
	require.Equal(t, store.Pending, w.row("a").Status)
	require.Contains(t, w.row("a").Error, "no answer")
	require.False(t, value[bool](w, `SELECT claimed_until IS NOT NULL FROM outbox`), "noted, not abandoned")
}

func TestLimits(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE bots SET sends_per_second = 10`)
	for c := range 15 {
		w.say(int64(1+c), fmt.Sprintf("m%d", c))
	}
	begun := time.Now()
	for range 3 {
		w.gateway()
	}
	w.settled()
	require.Len(t, w.api.made("send"), 15)
	require.GreaterOrEqual(t, time.Since(begun), time.Second, "no second sees more than ten")
}
