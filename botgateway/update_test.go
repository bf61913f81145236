package botgateway

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/chat"
)

var received = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const (
	private = `"message_id":7,"date":1700000000,"chat":{"id":55,"type":"private"},"from":{"id":55,"is_bot":false,"first_name":"Ann","last_name":"Lee","username":"ann","language_code":"ru"}`
	group   = `"message_id":7,"date":1700000000,"chat":{"id":-99,"type":"supergroup"},"from":{"id":55,"first_name":"Ann"}`
)

var (
	ann  = chat.User{ID: 55, Name: "Ann Lee", Username: "ann", Language: "ru"}
	date = time.Unix(1700000000, 0).UTC()
)

func TestReadUpdate(t *testing.T) {
	// What a private message of Ann's has in common; each case says what is different.
	sent := func(change func(*chat.Event)) chat.Event {
		e := chat.Event{Bot: 3, Update: 10, Chat: 55, Private: true, User: ann, Kind: chat.Sent, At: date, Message: 7}
		change(&e)
		return e
	}
	message := func(fields string) string { return `{"update_id":10,"message":{` + private + fields + `}}` }
	text := func(s string) string {
		quoted, err := json.Marshal(s)
		require.NoError(t, err)
		return message(`,"text":` + string(quoted))
	}
	for _, c := range []struct {
		name string
		raw  string
		want chat.Event
	}{
		{"text", text("hello"), sent(func(e *chat.Event) { e.Text = "hello" })},
		{"right to left and emoji", text("שלום 👩‍👩‍👧 🚢"), sent(func(e *chat.Event) { e.Text = "שלום 👩‍👩‍👧 🚢" })},
		{"NUL characters", message(`,"text":"a\u0000b"`), sent(func(e *chat.Event) { e.Text = "ab" })},
		{"half a surrogate pair", message(`,"text":"a\ud83d"`), sent(func(e *chat.Event) { e.Text = "a\uFFFD" })},
		{"command", text("/new"), sent(func(e *chat.Event) { e.Command = "new" })},
		{"command with words", text("/New  the gate\nis stuck"), sent(func(e *chat.Event) { e.Command, e.Text = "new", "the gate\nis stuck" })},
		{"command for this bot", text("/new@QuayBot leak"), sent(func(e *chat.Event) { e.Command, e.Text = "new", "leak" })},
		{"deep link", text("/start inv_a-B_9"), sent(func(e *chat.Event) { e.Command, e.Text = "start", "inv_a-B_9" })},
		{"a path is no command", text("/usr/bin is full"), sent(func(e *chat.Event) { e.Text = "/usr/bin is full" })},
		{"a slash", text("/"), sent(func(e *chat.Event) { e.Text = "/" })},
		{"photo with caption", message(`,"caption":"see","photo":[{"file_id":"s","file_size":10},{"file_id":"l","file_size":99}]`),
			sent(func(e *chat.Event) { e.Text, e.Files = "see", []chat.File{{Kind: chat.Photo, ID: "l", Size: 99}} })},
		{"part of an album", message(`,"media_group_id":"g1","photo":[{"file_id":"p"}]`),
			sent(func(e *chat.Event) { e.Album, e.Files = "g1", []chat.File{{Kind: chat.Photo, ID: "p"}} })},
		{"document of 60 MB", message(`,"document":{"file_id":"d","file_name":"a.pdf","mime_type":"application/pdf","file_size":62914560}`),
			sent(func(e *chat.Event) {
				e.Files = []chat.File{{Kind: chat.Document, ID: "d", Name: "a.pdf", Type: "application/pdf", Size: 62914560}}
			})},
		{"animation comes as a document too", message(`,"animation":{"file_id":"a"},"document":{"file_id":"d"}`),
			sent(func(e *chat.Event) { e.Files = []chat.File{{Kind: chat.Animation, ID: "a"}} })},
		{"voice", message(`,"voice":{"file_id":"v","mime_type":"audio/ogg"}`),
			sent(func(e *chat.Event) { e.Files = []chat.File{{Kind: chat.Voice, ID: "v", Type: "audio/ogg"}} })},
		{"audio", message(`,"audio":{"file_id":"v"}`), sent(func(e *chat.Event) { e.Files = []chat.File{{Kind: chat.Audio, ID: "v"}} })},
		{"video", message(`,"video":{"file_id":"v"}`), sent(func(e *chat.Event) { e.Files = []chat.File{{Kind: chat.Video, ID: "v"}} })},
		{"video note", message(`,"video_note":{"file_id":"v"}`), sent(func(e *chat.Event) { e.Files = []chat.File{{Kind: chat.VideoNote, ID: "v"}} })},
		{"sticker", message(`,"sticker":{"file_id":"x"}`), sent(func(e *chat.Event) { e.Other = "sticker" })},
		{"venue comes as a location too", message(`,"location":{},"venue":{}`), sent(func(e *chat.Event) { e.Other = "location" })},
		{"something newer than this program", message(`,"hologram":{}`), sent(func(e *chat.Event) { e.Other = "unknown" })},
		{"reply", message(`,"text":"ok","reply_to_message":{"message_id":5}`), sent(func(e *chat.Event) { e.Text, e.ReplyTo = "ok", 5 })},
		{"edit", `{"update_id":10,"edited_message":{` + private + `,"edit_date":1700000060,"text":"new"}}`,
			sent(func(e *chat.Event) { e.Kind, e.Text, e.At = chat.Edited, "new", date.Add(time.Minute) })},
		{"press", `{"update_id":10,"callback_query":{"id":"q","from":{"id":55,"first_name":"Ann","last_name":"Lee","username":"ann","language_code":"ru"},"message":{"message_id":7,"date":0,"chat":{"id":55,"type":"private"}},"data":"1a.2"}}`,
			sent(func(e *chat.Event) { e.Kind, e.At = chat.Pressed, received })},
		{"blocked", `{"update_id":10,"my_chat_member":{` + private + `,"new_chat_member":{"status":"kicked"}}}`,
			sent(func(e *chat.Event) { e.Kind, e.Message = chat.Blocked, 0 })},
		{"unblocked", `{"update_id":10,"my_chat_member":{` + private + `,"new_chat_member":{"status":"member"}}}`,
			sent(func(e *chat.Event) { e.Kind, e.Message = chat.Unblocked, 0 })},
		{"in a group", `{"update_id":10,"message":{` + group + `,"text":"hi"}}`,
			chat.Event{Bot: 3, Update: 10, Chat: -99, User: chat.User{ID: 55, Name: "Ann"}, Kind: chat.Sent, At: date, Message: 7, Text: "hi"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := readUpdate([]byte(c.raw), 3, "quaybot", received)
			require.NoError(t, err)
			require.Empty(t, u.ignored)
			require.Equal(t, c.want, u.event)
		})
	}
}

func TestIgnoredUpdates(t *testing.T) {
	for _, c := range []struct{ name, raw, kind, ignored string }{
		{"a kind nobody handles", `{"update_id":1,"inline_query":{"id":"x"}}`, "inline_query", "inline_query"},
		{"a kind of the future", `{"update_id":1,"time_travel":{}}`, "time_travel", "time_travel"},
		{"no content", `{"update_id":1}`, "unknown", "unknown"},
		{"channel post", `{"update_id":1,"channel_post":{"message_id":1}}`, "channel_post", "channel_post"},
		{"a bot's message", `{"update_id":1,"message":{"message_id":1,"chat":{"id":-5,"type":"group"},"from":{"id":9,"is_bot":true},"text":"x"}}`, "message", "from a bot"},
		{"an anonymous administrator", `{"update_id":1,"message":{` + group + `,"sender_chat":{"id":-5},"text":"x"}}`, "message", "not from a person"},
		{"nobody's message", `{"update_id":1,"message":{"message_id":1,"chat":{"id":-5,"type":"group"},"text":"x"}}`, "message", "not from a person"},
		{"another bot's command", `{"update_id":1,"message":{` + group + `,"text":"/new@otherbot"}}`, "message", "command for another bot"},
		{"somebody came", `{"update_id":1,"message":{` + group + `,"new_chat_members":[]}}`, "message", "service message"},
		{"a topic", `{"update_id":1,"message":{` + group + `,"forum_topic_created":{}}}`, "message", "service message"},
		{"press in an inline message", `{"update_id":1,"callback_query":{"id":"q","from":{"id":5},"inline_message_id":"x","data":"1.0"}}`, "callback_query", "press outside of chats"},
		{"message of another shape", `{"update_id":1,"message":"text"}`, "message", "unreadable"},
		{"message with odd fields", `{"update_id":1,"message":{"message_id":"seven"}}`, "message", "unreadable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := readUpdate([]byte(c.raw), 3, "quaybot", received)
			require.NoError(t, err)
			require.Equal(t, c.kind, u.kind)
			require.Equal(t, c.ignored, u.ignored)
			row := u.row(3, []byte(c.raw))
			require.Equal(t, "ignored: "+c.ignored, row.Outcome)
			require.Empty(t, row.Conversation)
		})
	}
}

func TestNoUpdateAtAll(t *testing.T) {
	for _, raw := range []string{``, `null`, `[]`, `{}`, `{"update_id":"x"}`, `{"message":{}}`, `<html>`} {
		_, err := readUpdate([]byte(raw), 3, "", received)
		require.Error(t, err, raw)
	}
}

func TestAnyBytesAreReadWithoutPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := []byte(rapid.StringMatching(`\{"update_id":1,"(message|callback_query|my_chat_member)":(\{"(chat|from|text|photo|message)":(\{\}|\[\]|null|1|"x")\}|null|7)\}`).Draw(t, "raw"))
		u, err := readUpdate(raw, 3, "", received)
		require.NoError(t, err)
		u.row(3, raw)
	})
}

func TestTokenSurvivesTheWayThroughTelegram(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row, button := rapid.Int64Min(1).Draw(t, "row"), rapid.IntRange(0, 99).Draw(t, "button")
		s := token(row, button)
		require.LessOrEqual(t, len(s), 64)
		gotRow, gotButton := readToken(s)
		require.Equal(t, row, gotRow)
		require.Equal(t, button, gotButton)
	})
	for _, made := range []string{"", ".", "1", "1.", ".1", "1.-1", "-1.0", "0.0", "?.0", "1.x", "zzzzzzzzzzzzzzzzzzz.0", "desk.take:1"} {
		row, _ := readToken(made)
		require.Zero(t, row, made)
	}
}

func TestPressed(t *testing.T) {
	rows := [][]chat.RenderedButton{{{Action: "a", Arg: "1"}, {URL: "https://example.org"}}, {{Action: "b"}}}
	for i, want := range []string{"a", "", "b", "", ""} {
		action, _ := pressed(rows, update{button: i})
		require.Equal(t, want, action, i)
	}
}

// PostgreSQL refuses a text with NUL characters, and Telegram would send such an update again and again.
func TestNothingHasNULCharacters(t *testing.T) {
	person := `{"id":7,"first_name":"A\u0000nn","username":"an\u0000n","language_code":"e\u0000n"}`
	for _, raw := range []string{
		`{"update_id":1,"message":{"message_id":2,"date":3,"chat":{"id":7,"type":"private"},"from":` + person + `,
		  "text":"/st\u0000art a\u0000b"}}`,
		`{"update_id":1,"message":{"message_id":2,"date":3,"chat":{"id":7,"type":"private"},"from":` + person + `,
		  "media_group_id":"g\u0000","caption":"c\u0000",
		  "document":{"file_id":"D\u0000","file_name":"d\u0000.pdf","mime_type":"application/\u0000pdf","file_size":4}}}`,
		`{"update_id":1,"callback_query":{"id":"q","from":` + person + `,"data":"a\u0000.0",
		  "message":{"message_id":2,"chat":{"id":7,"type":"private"}}}}`,
		`{"update_id":1,"new\u0000kind":{}}`,
	} {
		u, err := readUpdate([]byte(raw), 1, "quaybot", time.Unix(0, 0))
		require.NoError(t, err)
		row := u.row(1, nil)
		require.NotContains(t, fmt.Sprintf("%+v %+v", u, row), "\x00", raw)
	}
}
