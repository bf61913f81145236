package botapi

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRefusals(t *testing.T) {
	d := open(t)
	d.say(emma, "hello")
	mine := d.sent("sendMessage", obj{"chat_id": emma, "text": "with words"}).MessageID
	gone := d.sent("sendMessage", obj{"chat_id": emma, "text": "to be deleted"}).MessageID
	d.done("deleteMessage", obj{"chat_id": emma, "message_id": gone})
	d.say(nadia, "hello")
	d.act(nadia, "block", nil)
	key := func(button string) obj {
		return obj{"chat_id": emma, "text": "x", "reply_markup": `{"inline_keyboard":[[` + button + `]]}`}
	}
	notModified := "Bad Request: message is not modified: specified new message content and reply markup are exactly the " +
		"same as a current content and reply markup of the message"
	tests := []struct {
		method string
		params obj
		code   int
		text   string
	}{
		{"nonsense", nil, 404, "Not Found: method not found"},
		{"sendMessage", obj{"text": "x"}, 400, "Bad Request: chat_id is empty"},
		{"sendMessage", obj{"chat_id": nobody, "text": "x"}, 400, "Bad Request: chat not found"},
		{"sendMessage", obj{"chat_id": "@someone", "text": "x"}, 400, "Bad Request: chat not found"},
		{"sendMessage", obj{"chat_id": owner, "text": "x"}, 403, "Forbidden: bot can't initiate conversation with a user"},
		{"sendMessage", obj{"chat_id": nadia, "text": "x"}, 403, "Forbidden: bot was blocked by the user"},
		{"sendMessage", obj{"chat_id": emma}, 400, "Bad Request: message text is empty"},
		{"sendMessage", obj{"chat_id": emma, "text": " \n "}, 400, "Bad Request: text must be non-empty"},
		{"sendMessage", obj{"chat_id": emma, "text": strings.Repeat("😀", 2049)}, 400, "Bad Request: message is too long"},
		{"sendMessage", obj{"chat_id": emma, "text": "x", "parse_mode": "LaTeX"}, 400, "Bad Request: unsupported parse_mode"},
		{"sendMessage", obj{"chat_id": emma, "text": "x", "reply_parameters": obj{"message_id": 999}}, 400, "Bad Request: message to be replied not found"},
		{"sendMessage", obj{"chat_id": emma, "text": "x", "reply_to_message_id": gone}, 400, "Bad Request: message to be replied not found"},
		{"sendMessage", obj{"chat_id": emma, "text": "x", "message_thread_id": 3}, 400, `Bad Request: parameter "message_thread_id" of sendMessage is not known to the sandbox`},
		{"sendMessage", obj{"chat_id": emma, "text": "x", "reply_markup": "{"}, 400, "Bad Request: can't parse reply keyboard markup JSON object"},
		{"sendMessage", obj{"chat_id": emma, "text": "x", "reply_markup": obj{"force_reply": true}}, 400, `Bad Request: reply markup "force_reply" is not known to the sandbox`},
		{"sendMessage", key(`{"text":"no action"}`), 400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"sendMessage", key(`{"text":"x","callback_data":"` + strings.Repeat("я", 33) + `"}`), 400, "Bad Request: BUTTON_DATA_INVALID"},
		{"sendMessage", key(`{"text":"x","url":"nowhere"}`), 400, "Bad Request: inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"},
		{"sendMessage", key(strings.TrimSuffix(strings.Repeat(`{"text":"x","callback_data":"y"},`, 9), ",")), 400, "Bad Request: BUTTON_COUNT_INVALID"},
		{"sendMessage", key(`{"text":"` + strings.Repeat("x", 10_000) + `","callback_data":"y"}`), 400, "Bad Request: reply markup is too long"},
		{"sendPhoto", obj{"chat_id": emma}, 400, "Bad Request: there is no photo in the request"},
		{"sendPhoto", obj{"chat_id": emma, "photo": "made-up"}, 400, "Bad Request: wrong file identifier/HTTP URL specified"},
		{"sendPhoto", obj{"chat_id": emma, "photo": "http://127.0.0.1:1/none.png"}, 400, "Bad Request: failed to get HTTP URL content"},
		{"editMessageText", obj{"chat_id": emma, "text": "x"}, 400, "Bad Request: message identifier is not specified"},
		{"editMessageText", obj{"chat_id": emma, "message_id": mine, "text": "with words"}, 400, notModified},
		{"editMessageText", obj{"chat_id": emma, "message_id": 999, "text": "x"}, 400, "Bad Request: message to edit not found"},
		{"editMessageText", obj{"chat_id": emma, "message_id": gone, "text": "x"}, 400, "Bad Request: message to edit not found"},
		{"editMessageText", obj{"chat_id": emma, "message_id": 1, "text": "x"}, 400, "Bad Request: message can't be edited"},
		{"editMessageCaption", obj{"chat_id": emma, "message_id": mine, "caption": "x"}, 400, "Bad Request: there is no caption in the message to edit"},
		{"editMessageReplyMarkup", obj{"chat_id": emma, "message_id": mine}, 400, notModified},
		{"deleteMessage", obj{"chat_id": emma, "message_id": gone}, 400, "Bad Request: message to delete not found"},
		{"deleteMessages", obj{"chat_id": emma}, 400, "Bad Request: message identifiers are not specified"},
		{"copyMessage", obj{"chat_id": emma, "from_chat_id": emma, "message_id": 999}, 400, "Bad Request: message to copy not found"},
		{"forwardMessage", obj{"chat_id": emma, "from_chat_id": emma, "message_id": 999}, 400, "Bad Request: message to forward not found"},
		{"sendChatAction", obj{"chat_id": emma, "action": "dancing"}, 400, "Bad Request: wrong parameter action in request"},
		{"answerCallbackQuery", obj{"callback_query_id": "1"}, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"getFile", obj{}, 400, "Bad Request: file_id not specified"},
		{"getFile", obj{"file_id": "made-up"}, 400, "Bad Request: wrong file_id or the file is temporarily unavailable"},
		{"setMyCommands", obj{"commands": []obj{{"command": "No Way", "description": "x"}}}, 400, "Bad Request: BOT_COMMAND_INVALID"},
		{"setMyCommands", obj{"commands": []obj{{"command": "ok", "description": ""}}}, 400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"},
		{"setWebhook", obj{"url": "http://127.0.0.1:9", "secret_token": "no spaces"}, 400, "Bad Request: secret token contains unallowed characters"},
		{"setWebhook", obj{"url": "https://example.org/hook"}, 400, "Bad Request: bad webhook: the sandbox delivers to loopback addresses only"},
		{"setWebhook", obj{"url": "ftp://127.0.0.1"}, 400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
	}
	before := len(d.seen(emma))
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.text, func(t *testing.T) {
			r := d.call(tt.method, tt.params)
			require.Equal(t, fmt.Sprint(tt.code, " ", tt.text), fmt.Sprint(r.Code, " ", r.Description))
		})
	}
	require.Len(t, d.seen(emma), before, "a refused call does nothing")
}

func TestTokens(t *testing.T) {
	d := open(t)
	get := func(token string) reply {
		resp, err := http.Get(d.url + "/bot" + token + "/getMe")
		require.NoError(t, err)
		return d.read(resp)
	}
	require.Equal(t, 404, get("nonsense").Code)
	require.True(t, get("123:abc").OK, "any well-formed token makes a bot")
	require.True(t, get("123:abc").OK)
	r := get("123:other")
	require.Equal(t, "401 Unauthorized", fmt.Sprint(r.Code, " ", r.Description))
}

func TestParametersInEveryForm(t *testing.T) {
	d := open(t)
	d.say(emma, "hello")
	base := d.url + "/bot" + d.token + "/SENDmessage"
	values := url.Values{"chat_id": {fmt.Sprint(emma)}, "text": {"a & b"}}
	resp, err := http.Get(base + "?" + values.Encode())
	require.NoError(t, err)
	require.True(t, d.read(resp).OK)
	resp, err = http.PostForm(base, values)
	require.NoError(t, err)
	require.True(t, d.read(resp).OK)
	require.True(t, d.upload("sendMessage", map[string]string{"chat_id": fmt.Sprint(emma), "text": "a & b"}).OK)
	require.True(t, d.call("sendMessage", obj{"chat_id": emma, "text": "a & b"}).OK)
	for _, m := range d.seen(emma)[1:] {
		require.Equal(t, "a & b", m.Text)
	}
}

func TestEditing(t *testing.T) {
	d := open(t)
	d.say(emma, "hello")
	keys := obj{"inline_keyboard": [][]obj{{{"text": "Take", "callback_data": "t"}}}}
	m := d.sent("sendMessage", obj{"chat_id": emma, "text": "one", "reply_markup": keys})
	require.Equal(t, "t", m.ReplyMarkup.Rows[0][0].CallbackData)

	m = d.sent("editMessageReplyMarkup", obj{"chat_id": emma, "message_id": m.MessageID})
	require.Nil(t, m.ReplyMarkup)
	require.False(t, d.seen(emma)[1].Edited, "losing a keyboard is not shown as an edit")

	m = d.sent("editMessageText", obj{"chat_id": emma, "message_id": m.MessageID, "text": "<b>two</b>", "parse_mode": "HTML"})
	require.Equal(t, "two", m.Text)
	require.NotZero(t, m.EditDate)
	seen := d.seen(emma)[1]
	require.True(t, seen.Edited)
	require.Equal(t, []Entity{{Type: "bold", Offset: 0, Length: 3}}, seen.Entities)
}

func TestRepliesCopiesAndDeletes(t *testing.T) {
	d := open(t)
	first := d.say(emma, "hello")
	m := d.sent("sendMessage", obj{"chat_id": emma, "text": "x", "reply_parameters": obj{"message_id": first}})
	require.Equal(t, "hello", m.ReplyTo.Text)
	require.Nil(t, d.sent("sendMessage", obj{"chat_id": emma, "text": "y", "reply_to_message_id": 99, "allow_sending_without_reply": true}).ReplyTo)
	d.done("copyMessage", obj{"chat_id": emma, "from_chat_id": emma, "message_id": first})
	require.NotNil(t, d.sent("forwardMessage", obj{"chat_id": emma, "from_chat_id": emma, "message_id": first}).ForwardOrigin)
	d.done("deleteMessages", obj{"chat_id": emma, "message_ids": []int{first, m.MessageID, 777}})
	var left []string
	for _, v := range d.seen(emma) {
		if !v.Deleted {
			left = append(left, v.From+" "+v.Text)
		}
	}
	require.Equal(t, []string{"bot y", "bot hello", "bot hello"}, left)
}

func TestPress(t *testing.T) {
	d := open(t)
	d.say(emma, "hello")
	m := d.sent("sendMessage", obj{"chat_id": emma, "text": "Take it?", "reply_markup": obj{"inline_keyboard": [][]obj{
		{{"text": "Yes", "callback_data": "yes"}, {"text": "No", "callback_data": "no"}}}}})
	answer := make(chan obj)
	go func() { answer <- d.act(emma, "press", obj{"message_id": m.MessageID, "row": 0, "col": 1}) }()
	us := d.updates(obj{"offset": -1, "timeout": 10})
	for len(us) == 0 || us[0].Callback == nil {
		us = d.updates(obj{"offset": -1, "timeout": 1})
	}
	q := us[0].Callback
	require.Equal(t, "no", q.Data)
	require.Equal(t, m.MessageID, q.Message.MessageID)
	require.EqualValues(t, emma, q.From.ID)
	require.Equal(t, "Bad Request: MESSAGE_TOO_LONG", d.call("answerCallbackQuery", obj{"callback_query_id": q.ID, "text": strings.Repeat("x", 201)}).Description)
	d.done("answerCallbackQuery", obj{"callback_query_id": q.ID, "text": "Taken by Igor", "show_alert": true})
	got := <-answer
	require.Equal(t, true, got["answered"])
	require.Equal(t, "Taken by Igor", got["text"])
	require.Equal(t, true, got["alert"])
	require.Equal(t, 400, d.call("answerCallbackQuery", obj{"callback_query_id": q.ID}).Code, "once only")

	status, _ := d.demo(fmt.Sprintf("people/%d/chats/%d/press", emma, d.bot), obj{"message_id": m.MessageID, "data": "made up"})
	require.Equal(t, http.StatusNotFound, status)
	status, made := d.demo("callbacks?wait=0", obj{"bot_id": d.bot, "person": emma, "message_id": m.MessageID, "data": "made up"})
	require.Equal(t, http.StatusOK, status)

	d.s.mu.Lock()
	d.s.callbacks[made["callback_id"].(string)].At = time.Now().Add(-callbackLife - time.Second)
	d.s.mu.Unlock()
	require.Contains(t, d.call("answerCallbackQuery", obj{"callback_query_id": made["callback_id"]}).Description, "query is too old")
}

func TestBlocking(t *testing.T) {
	d := open(t)
	d.say(emma, "hello")
	d.act(emma, "block", nil)
	d.act(emma, "block", nil)
	status, _ := d.demo(fmt.Sprintf("people/%d/chats/%d/messages", emma, d.bot), obj{"text": "x"})
	require.Equal(t, http.StatusConflict, status)
	d.act(emma, "unblock", nil)
	us := d.updates(nil)
	require.Len(t, us, 3)
	require.Equal(t, "member kicked", us[1].Member.Old.Status+" "+us[1].Member.New.Status)
	require.Equal(t, "kicked member", us[2].Member.Old.Status+" "+us[2].Member.New.Status)
	d.done("sendMessage", obj{"chat_id": emma, "text": "welcome back"})
}

func TestWhatPeopleSend(t *testing.T) {
	d := open(t)
	d.act(emma, "start", obj{"payload": "inv_1"})
	first := d.say(emma, "Look at https://example.org, /help 🙂")
	d.act(emma, "messages", obj{"text": "about that", "reply_to": first})
	d.act(emma, fmt.Sprintf("messages/%d/edit", first), obj{"text": "changed"})
	d.act(emma, "messages", obj{"other": "sticker"})
	us := d.updates(nil)
	require.Equal(t, "/start inv_1", us[0].Message.Text)
	require.Equal(t, Entity{Type: "bot_command", Offset: 0, Length: 6}, us[0].Message.Entities[0])
	require.Equal(t, []Entity{{Type: "url", Offset: 8, Length: 19}, {Type: "bot_command", Offset: 29, Length: 5}}, us[1].Message.Entities)
	require.Equal(t, first, us[2].Message.ReplyTo.MessageID)
	require.Equal(t, "changed", us[3].Edited.Text)
	require.NotZero(t, us[3].Edited.EditDate)
	require.NotNil(t, us[4].Message.Sticker)
	require.Equal(t, "Emma Clarke", us[4].Message.From.FirstName+" "+us[4].Message.From.LastName)
	require.Equal(t, "private", us[4].Message.Chat.Type)

	_, p := d.demo("people", obj{"name": "Wei Zhang", "language_code": "zh"})
	require.NotZero(t, d.say(int64(p["id"].(float64)), "你好"))
	status, _ := d.demo(fmt.Sprintf("people/%d/chats/%d/messages", nobody, d.bot), obj{"text": "x"})
	require.Equal(t, http.StatusNotFound, status)
}

func TestInjectedUpdates(t *testing.T) {
	d := open(t)
	status, out := d.demo(fmt.Sprintf("updates/%d", d.bot), obj{"update_id": 1, "brand_new_kind": obj{"x": 1}})
	require.Equal(t, http.StatusOK, status)
	us := d.updates(nil)
	require.Len(t, us, 1)
	require.EqualValues(t, out["update_id"], us[0].ID)
}

func TestCommandsAndTexts(t *testing.T) {
	d := open(t)
	d.done("setMyCommands", obj{"commands": []obj{{"command": "new", "description": "File a ticket"}}})
	d.done("setMyCommands", obj{"commands": []obj{{"command": "new", "description": "Новая заявка"}}, "language_code": "ru"})
	require.Equal(t, "Новая заявка", decode[[]Command](t, d.done("getMyCommands", obj{"language_code": "ru"}))[0].Description)
	d.done("deleteMyCommands", obj{"language_code": "ru"})
	require.Empty(t, decode[[]Command](t, d.done("getMyCommands", obj{"language_code": "ru"})))
	require.Len(t, decode[[]Command](t, d.done("getMyCommands", nil)), 1)
	d.done("setMyDescription", obj{"description": "Hello"})
	require.JSONEq(t, `{"description":"Hello"}`, string(d.done("getMyDescription", obj{"language_code": "ru"})))
}

func TestLimits(t *testing.T) {
	d := openAt(t, t.TempDir())
	d.say(emma, "hello")
	var refused reply
	for range int(burstChat) + 2 {
		if refused = d.call("sendMessage", obj{"chat_id": emma, "text": "x"}); !refused.OK {
			break
		}
	}
	require.Equal(t, 429, refused.Code)
	require.Positive(t, refused.Parameters.RetryAfter)
	require.Equal(t, fmt.Sprint(refused.Parameters.RetryAfter), refused.RetryAfter)
	require.Equal(t, "Too Many Requests: retry after "+refused.RetryAfter, refused.Description)
	d.say(nadia, "hello")
	d.done("sendMessage", obj{"chat_id": nadia, "text": "another chat goes on"})
	d.set(`{"limits": false}`)
	d.done("sendMessage", obj{"chat_id": emma, "text": "no limits"})
}

func TestLimiterRefills(t *testing.T) {
	var l limiter
	now := time.Unix(1_700_000_000, 0)
	for range int(burstChat) {
		require.NoError(t, l.spend(now, emma, 1))
	}
	require.Error(t, l.spend(now, emma, 1))
	require.NoError(t, l.spend(now.Add(time.Second), emma, 1))
	require.NoError(t, l.spend(now.Add(time.Minute), emma, 10), "an album passes as a whole")
	require.Error(t, l.spend(now.Add(time.Minute), emma, 1))
	sent := 0
	for chat := range int64(100) {
		if l.spend(now.Add(2*time.Minute), chat, 1) == nil {
			sent++
		}
	}
	require.Equal(t, int(burstBot), sent)
}
