package e2e

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/talk"
)

// Updates of kinds nobody knows, and ones that hold nothing, are taken and lead to nothing.
func TestUnknownUpdates(t *testing.T) {
	w := webhook(t)
	emma := w.organizer(t, "Emma Unknown")
	emma.starts("")
	emma.hears("Hello!")
	chat := map[string]any{"id": emma.Person.ID, "type": "private", "first_name": "Emma"}
	from := map[string]any{"id": emma.Person.ID, "is_bot": false, "first_name": "Emma"}
	var ids []int64
	for _, update := range []map[string]any{
		{"telepathy": map[string]any{"thought": "a new kind of update"}},
		{"teleport": "not even an object"},
		{"message": map[string]any{"message_id": 900001, "date": 1, "chat": chat, "from": from, "text": ""}},
		{"message": map[string]any{"message_id": 900002, "date": 1, "chat": chat, "from": from}},
		{"message": map[string]any{"message_id": 900003, "date": 1, "chat": chat, "text": "from nobody"}},
		{"message": map[string]any{}},
		{"edited_message": map[string]any{"message_id": 900004, "date": 1, "chat": chat, "from": from, "text": "never sent before"}},
		{"callback_query": map[string]any{"id": "1", "from": from, "chat_instance": "1", "data": "1.1"}}, // no message
		{"callback_query": map[string]any{"id": "2", "from": from, "chat_instance": "1", "inline_message_id": "x", "game_short_name": "g"}},
	} {
		id, err := w.sandbox.Inject(t.Context(), emma.Bot, update)
		require.NoError(t, err)
		ids = append(ids, id)
	}
	w.becomes(t, len(ids), "SELECT count(*) FROM updates WHERE update_id = ANY($1) AND delivered_at IS NOT NULL", ids)
	emma.says("/tickets") // the talk goes on
	emma.hears("You have no tickets yet")
}

// What people can write goes all the way, whatever it is.
func TestTextsOfAllSorts(t *testing.T) {
	w := webhook(t)
	nadia := w.nadia(t)
	long := func(n int) string { return strings.Repeat("word ", n/5) }
	for name, text := range map[string]string{
		"4096 characters":     unique(long(4080)),
		"emoji":               unique("🚢🔥👨‍👩‍👧‍👦 sinking 🇳🇱"),
		"right to left":       unique("السفينة متأخرة וגם המנוף"),
		"looks like markup":   unique("<b>not bold</b> & [link](tg://x) *stars* {{.Number}}"),
		"looks like a number": unique("00012"),
	} {
		t.Run(name, func(t *testing.T) {
			emma, nadia := w.organizer(t, "Emma Writes"), w.person(t, nadia.Person)
			mark := text[strings.LastIndex(text, "q"):]
			emma.says("/new")
			emma.hears(talk.WhatAbout)
			emma.presses(talk.Equipment)
			emma.hears(talk.WhatHappens)
			emma.says(text)
			emma.hears(talk.GotIt)
			emma.presses(talk.Done)
			emma.awaits("the summary", talk.Says(mark))
			emma.presses(talk.FileIt)
			emma.hears("is filed")
			nadia.awaits("the end of the text", talk.Says(mark))
			task := w.task(t, mark, "there", anyhow)
			require.Contains(t, task.Description, text)
			w.becomes(t, 1, "SELECT count(*) FROM comments WHERE text = $1", text)
			answer := text + "!"
			if len(text) > 4000 {
				answer = text[1:] + "!"
			}
			notice, ok := nadia.Last(func(m talk.Message) bool { return m.ByBot() && strings.Contains(m.Text, mark) })
			require.True(t, ok)
			nadia.replies(notice, answer)
			emma.awaits("the end of the answer", talk.Says(mark+"!"))
			w.note(t, task, mark+"!")
		})
	}
}

// A file too big for a bot to fetch still reaches the agents; the board names it.
func TestAFileTooBigToFetch(t *testing.T) {
	w := webhook(t)
	emma, nadia := w.organizer(t, "Emma Heavy"), w.nadia(t)
	words := unique("See the video")
	emma.says("/new")
	emma.hears(talk.WhatAbout)
	emma.presses(talk.Equipment)
	emma.hears(talk.WhatHappens)
	require.NoError(t, emma.Huge(t.Context(), words, "yard.mp4", 60<<20))
	emma.hears(talk.GotIt)
	emma.confirms(words)
	nadia.awaits("the file", func(h talk.Heard) bool {
		return h.Kind == "message" && len(h.Message.Files) == 1 && h.Message.Files[0].Name == "yard.mp4"
	})
	task := w.task(t, words, "there", anyhow)
	w.note(t, task, "yard.mp4")
}

// knock posts to the gateway as Telegram would, or nearly so.
func knock(t *testing.T, url, secret string, body []byte) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	if secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	return resp.StatusCode
}

func TestForgedAndReplayedWebhooks(t *testing.T) {
	w := webhook(t)
	emma := w.organizer(t, "Emma Forged")
	emma.starts("")
	emma.hears("Hello!")
	var bot int64
	var secret string
	require.NoError(t, w.db.QueryRow(t.Context(), "SELECT id, webhook_secret FROM bots").Scan(&bot, &secret))
	url, err := w.sandbox.WebhookURL(t.Context(), w.sandbox.World.Bots[0])
	require.NoError(t, err)
	require.NotContains(t, url, w.sandbox.World.Bots[0].Token)
	require.NotContains(t, url, strings.Split(w.sandbox.World.Bots[0].Token, ":")[1])

	words := unique("Forged words")
	update := func(id int64, text string) []byte {
		b, err := json.Marshal(map[string]any{"update_id": id, "message": map[string]any{
			"message_id": 910000 + id, "date": 1_700_000_000, "text": text,
			"chat": map[string]any{"id": emma.Person.ID, "type": "private", "first_name": "Emma"},
			"from": map[string]any{"id": emma.Person.ID, "is_bot": false, "first_name": "Emma"},
		}})
		require.NoError(t, err)
		return b
	}
	const id = 7_700_000
	refused := func(status int) { t.Helper(); require.GreaterOrEqual(t, status, 400); require.Less(t, status, 500) }
	refused(knock(t, url, "", update(id, words)))
	refused(knock(t, url, "wrong", update(id, words)))
	refused(knock(t, url, secret+"x", update(id, words)))
	require.Equal(t, http.StatusNotFound, knock(t, url+"x", secret, update(id, words)))
	refused(knock(t, url, secret, update(id, strings.Repeat("x", 8<<20))))
	for _, nonsense := range []string{"{not json", "[]", "", "null"} { // refused, it would only come again
		require.Equal(t, http.StatusOK, knock(t, url, secret, []byte(nonsense)))
	}
	require.Equal(t, 0, w.counts(t, "SELECT count(*) FROM updates WHERE update_id = $1", id))

	// The real one, three times at once and once later, is taken each time and has one effect.
	done := make(chan int)
	for range 3 {
		go func() { done <- knock(t, url, secret, update(id, words)) }()
	}
	for range 3 {
		require.Equal(t, http.StatusOK, <-done)
	}
	emma.hears("file this as a ticket")
	require.Equal(t, http.StatusOK, knock(t, url, secret, update(id, words)))
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM updates WHERE update_id = $1", id))
	emma.presses(talk.Equipment)
	emma.hears(talk.ShallIFile, words)
	emma.presses(talk.FileIt)
	emma.hears("is filed")
	emma.heardOnce("file this as a ticket")
	w.becomes(t, 1, "SELECT count(*) FROM comments WHERE text = $1", words)
}

func TestForgedBoardWebhooks(t *testing.T) {
	w := webhook(t)
	body := []byte(fmt.Sprintf(`{"event_name":"item:updated","user_id":"51000001","event_data":{"id":"nothing","project_id":%q},
		"initiator":{"id":"51000003","full_name":"Nadia Brooks"},"version":"10"}`, w.sandbox.World.Todoist.ProjectID))
	sign := func(secret string) string {
		m := hmac.New(sha256.New, []byte(secret))
		m.Write(body)
		return base64.StdEncoding.EncodeToString(m.Sum(nil))
	}
	send := func(signature, delivery string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.WebURL+"/todoist/webhook", bytes.NewReader(body))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Todoist-Hmac-SHA256", signature)
		req.Header.Set("X-Todoist-Delivery-ID", delivery)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		return resp.StatusCode
	}
	refused := func(status int) { t.Helper(); require.GreaterOrEqual(t, status, 400); require.Less(t, status, 500) }
	delivery := unique("delivery")
	refused(send("", delivery))
	refused(send(sign("another secret"), delivery))
	refused(send("%%%", delivery))
	require.Equal(t, 0, w.counts(t, "SELECT count(*) FROM board_deliveries WHERE delivery_id = $1", delivery))
	good := sign(w.sandbox.World.Todoist.ClientSecret)
	require.Equal(t, http.StatusOK, send(good, delivery))
	require.Equal(t, http.StatusOK, send(good, delivery))
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM board_deliveries WHERE delivery_id = $1", delivery))
}

// Presses on what was never offered to this person do nothing, and say so.
func TestForeignButtons(t *testing.T) {
	w := webhook(t)
	emma, eve, nadia := w.organizer(t, "Emma Owns"), w.organizer(t, "Eve Wants"), w.nadia(t)
	words := unique("A private matter")
	number := emma.files(talk.Other, words)
	notice := nadia.hears(words)
	take, ok := notice.Button(talk.Take)
	require.True(t, ok)
	eve.starts("")
	greeting := eve.hears("Hello!")
	for _, data := range []string{take.Data, "1.0", "999999999.0", "-1.-1", "0", "desk.take", strings.Repeat("9", 64), "💥", "1.99999999999999999999"} {
		out, err := eve.Forge(t.Context(), greeting.ID, data, 15)
		require.NoError(t, err)
		require.True(t, out.Answered, "the spinner of %q hangs", data)
	}
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM tickets WHERE number = $1 AND state = 'new'", number))
	eve.says("/tickets")
	eve.hears("You have no tickets yet")
	eve.neverHeard(words)
	nadia.pressesOn(notice, talk.Take)
	emma.hears("is taking care")

	// A button that was in use a moment ago and is not any more.
	emma.says("/new")
	asked := emma.hears(talk.WhatAbout)
	emma.presses(talk.Equipment)
	emma.hears(talk.WhatHappens)
	b, _ := asked.Button(talk.Payment)
	out, err := emma.Forge(t.Context(), asked.ID, b.Data, 15)
	require.NoError(t, err)
	require.True(t, out.Answered)
	emma.says(unique("Still at the same step"))
	emma.hears(talk.GotIt)
	emma.says("/cancel")
	emma.hears("Cancelled")
}

// Somebody blocks the bot in mid-dialogue and comes back: what was said meanwhile comes then, and the dialogue is where
// it was.
func TestBlockingInTheMiddle(t *testing.T) {
	w := webhook(t)
	emma, nadia := w.organizer(t, "Emma Blocks"), w.nadia(t)
	first := unique("An open ticket")
	emma.files(talk.Equipment, first)
	notice := nadia.hears(first)
	nadia.pressesOn(notice, talk.Take)
	emma.hears("is taking care")
	emma.says("/new")
	emma.hears(talk.WhatAbout)
	_, err := emma.PressLast(t.Context(), talk.Equipment, 0)
	require.NoError(t, err)
	require.NoError(t, emma.Block(t.Context()))
	w.becomes(t, 1, "SELECT count(*) FROM chats WHERE chat_id = $1 AND unreachable IS NOT NULL", emma.Person.ID)
	answer := unique("An answer to somebody who is not there")
	nadia.replies(notice, answer)
	nadia.hears("has blocked the bot")
	w.becomes(t, 0, "SELECT count(*) FROM outbox WHERE chat_id = $1 AND status IN ('pending', 'sending')", emma.Person.ID)
	require.NoError(t, emma.Unblock(t.Context()))
	w.becomes(t, 1, "SELECT count(*) FROM chats WHERE chat_id = $1 AND unreachable IS NULL", emma.Person.ID)
	emma.hears(answer)
	words := unique("I am back")
	emma.says(words)
	emma.hears(talk.GotIt)
	emma.confirms(words)
	nadia.hears(words)
}
