package botgateway

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/store"
	"quaydesk/workflows/dialog"
)

// kinds are the updates asked of Telegram: those that are handled.
var kinds = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// update is what one raw update says, as far as it can be read without the store.
type update struct {
	id       int64
	kind     string     // Telegram's name for it
	ignored  string     // why nobody handles it; "" for what has an event
	event    chat.Event // without About, Action and Arg
	callback string     // id of the press to answer; "" for anything else
	buttonOf int64      // outbox row that the pressed button says it belongs to, 0 when it says nothing of the sort
	button   int        // which of its buttons, counted over all rows
}

// row is the update's row in the journal.
func (u update) row(bot int64, raw []byte) store.Update {
	r := store.Update{Bot: bot, ID: u.id, Kind: u.kind, Raw: bytes.ToValidUTF8(raw, []byte("\uFFFD"))}
	r.Chat, r.User = u.event.Chat, u.event.User.ID
	if u.ignored != "" {
		r.Outcome = "ignored: " + u.ignored
		return r
	}
	r.Conversation = dialog.ID(bot, u.event.Chat, u.event.User.ID)
	r.ReplyTo, r.ButtonOf = int64(u.event.ReplyTo), u.buttonOf
	return r
}

// readUpdate reads a raw update of a bot. It fails only on what is no update at all.
func readUpdate(raw []byte, bot int64, username string, received time.Time) (update, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return update{}, fmt.Errorf("no update: %w", err)
	}
	u := update{kind: "unknown", ignored: "unknown"}
	if err := json.Unmarshal(fields["update_id"], &u.id); err != nil {
		return update{}, fmt.Errorf("no update: update_id: %w", err)
	}
	delete(fields, "update_id")
	for _, kind := range slices.Sorted(maps.Keys(fields)) { // there is one
		u.kind, u.ignored = clean(kind), clean(kind)
	}
	u.event = chat.Event{Bot: bot, Update: u.id}

	var err error
	switch content := fields[u.kind]; u.kind {
	case "message", "edited_message":
		err = u.readMessage(content, username)
	case "callback_query":
		u.event.At = received.UTC()
		err = u.readPress(content)
	case "my_chat_member":
		err = u.readMembership(content)
	}
	if err != nil {
		u.ignored = unreadable
	}
	return u, nil
}

// unreadable is why nobody handles an update of another shape than its kind has.
const unreadable = "unreadable"

type rawUser struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Username  string `json:"username"`
	Language  string `json:"language_code"`
}

type rawChat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type rawFile struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
	Type string `json:"mime_type"`
	Size int64  `json:"file_size"`
}

type rawMessage struct {
	ID         int             `json:"message_id"`
	Date       int64           `json:"date"`
	EditDate   int64           `json:"edit_date"`
	Chat       rawChat         `json:"chat"`
	From       *rawUser        `json:"from"`
	SenderChat json.RawMessage `json:"sender_chat"`
	Text       string          `json:"text"`
	Caption    string          `json:"caption"`
	Album      string          `json:"media_group_id"`
	ReplyTo    struct {
		ID int `json:"message_id"`
	} `json:"reply_to_message"`
	Photo     []rawFile `json:"photo"`
	Animation *rawFile  `json:"animation"`
	Document  *rawFile  `json:"document"`
	Voice     *rawFile  `json:"voice"`
	Audio     *rawFile  `json:"audio"`
	Video     *rawFile  `json:"video"`
	VideoNote *rawFile  `json:"video_note"`
}

func (u *update) from(c rawChat, from *rawUser) {
	u.event.Chat, u.event.Private = c.ID, c.Type == "private"
	if from != nil {
		u.event.User = chat.User{
			ID:       from.ID,
			Name:     clean(strings.TrimSpace(from.FirstName + " " + from.LastName)),
			Username: clean(from.Username),
			Language: clean(from.Language),
		}
	}
}

func (u *update) readMessage(raw json.RawMessage, username string) error {
	var m rawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return err
	}
	u.from(m.Chat, m.From)
	e := &u.event
	e.Kind, e.At = chat.Sent, time.Unix(m.Date, 0).UTC()
	if u.kind == "edited_message" {
		e.Kind, e.At = chat.Edited, time.Unix(max(m.Date, m.EditDate), 0).UTC()
	}
	e.Message, e.Album, e.ReplyTo = m.ID, clean(m.Album), m.ReplyTo.ID
	e.Files = m.files()
	e.Text = clean(m.Text + m.Caption) // never both
	if e.Text == "" && len(e.Files) == 0 {
		var service bool
		if e.Other, service = otherContent(raw); service {
			u.ignored = "service message"
			return nil
		}
	}
	switch {
	case m.From == nil || m.SenderChat != nil || m.Chat.Type == "channel":
		u.ignored = "not from a person"
	case m.From.IsBot:
		u.ignored = "from a bot"
	case !u.readCommand(username):
		u.ignored = "command for another bot"
	default:
		u.ignored = ""
	}
	return nil
}

var command = regexp.MustCompile(`^/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\s+|$)`)

// readCommand takes the command off the text. It tells whether the message is for this bot.
func (u *update) readCommand(username string) bool {
	m := command.FindStringSubmatch(u.event.Text)
	if m == nil {
		return true
	}
	if m[2] != "" && username != "" && !strings.EqualFold(m[2], username) {
		return false
	}
	u.event.Command, u.event.Text = strings.ToLower(m[1]), u.event.Text[len(m[0]):]
	return true
}

// files are the message's: an animation comes as a document too, and a photo in several sizes.
func (m rawMessage) files() []chat.File {
	file := func(kind chat.FileKind, f *rawFile) []chat.File {
		return []chat.File{{Kind: kind, ID: clean(f.ID), Name: clean(f.Name), Type: clean(f.Type), Size: f.Size}}
	}
	switch {
	case len(m.Photo) > 0:
		largest := m.Photo[len(m.Photo)-1]
		return file(chat.Photo, &largest)
	case m.Animation != nil:
		return file(chat.Animation, m.Animation)
	case m.Document != nil:
		return file(chat.Document, m.Document)
	case m.Voice != nil:
		return file(chat.Voice, m.Voice)
	case m.Audio != nil:
		return file(chat.Audio, m.Audio)
	case m.Video != nil:
		return file(chat.Video, m.Video)
	case m.VideoNote != nil:
		return file(chat.VideoNote, m.VideoNote)
	}
	return nil
}

// content are the fields of a message that a person fills with something other than text and files.
var content = []string{"sticker", "location", "venue", "contact", "poll", "dice", "game", "story", "paid_media", "checklist",
	"live_photo", "rich_message", "giveaway"}

// service are the fields of messages that Telegram makes of its own accord, as far as their names do not end in one of
// serviceEndings.
var service = []string{"new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "migrate_to_chat_id",
	"migrate_from_chat_id", "pinned_message", "invoice", "successful_payment", "refunded_payment", "users_shared", "user_shared",
	"chat_shared", "gift", "unique_gift", "connected_website", "write_access_allowed", "passport_data", "boost_added",
	"chat_background_set", "giveaway_winners", "web_app_data", "proximity_alert_triggered"}

var serviceEndings = []string{"_created", "_deleted", "_edited", "_closed", "_reopened", "_hidden", "_unhidden", "_changed",
	"_scheduled", "_started", "_ended", "_invited", "_completed", "_added", "_removed", "_approved", "_declined", "_refunded",
	"_paid", "_approval_failed"}

// otherContent names what a message without text and files holds, or says that it is a service message. Content that
// came up after this was written is "unknown": better to tell a person so than to stay silent.
func otherContent(raw json.RawMessage) (name string, isService bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return "unknown", false
	}
	for _, name := range content {
		if _, ok := fields[name]; ok {
			return name, false
		}
	}
	for _, name := range service {
		if _, ok := fields[name]; ok {
			return "", true
		}
	}
	for name := range fields {
		for _, ending := range serviceEndings {
			if strings.HasSuffix(name, ending) {
				return "", true
			}
		}
	}
	return "unknown", false
}

func (u *update) readPress(raw json.RawMessage) error {
	var q struct {
		ID      string   `json:"id"`
		From    *rawUser `json:"from"`
		Data    string   `json:"data"`
		Message *struct {
			ID   int     `json:"message_id"`
			Chat rawChat `json:"chat"`
		} `json:"message"`
	}
	if err := json.Unmarshal(raw, &q); err != nil {
		return err
	}
	u.callback = q.ID
	if q.Message == nil || q.From == nil {
		u.ignored = "press outside of chats"
		return nil
	}
	u.from(q.Message.Chat, q.From)
	u.event.Kind, u.event.Message = chat.Pressed, q.Message.ID
	u.buttonOf, u.button = readToken(q.Data)
	u.ignored = ""
	return nil
}

// token is the callback_data of an outbox row's button, counted over all rows of its keyboard.
func token(row int64, button int) string {
	return strconv.FormatInt(row, 36) + "." + strconv.Itoa(button)
}

// readToken gives 0 for what is no token.
func readToken(data string) (row int64, button int) {
	id, index, ok := strings.Cut(data, ".")
	if !ok {
		return 0, 0
	}
	row, err := strconv.ParseInt(id, 36, 64)
	if err != nil || row <= 0 {
		return 0, 0
	}
	if button, err = strconv.Atoi(index); err != nil || button < 0 {
		return 0, 0
	}
	return row, button
}

func (u *update) readMembership(raw json.RawMessage) error {
	var m struct {
		Chat rawChat  `json:"chat"`
		From *rawUser `json:"from"`
		Date int64    `json:"date"`
		New  struct {
			Status   string `json:"status"`
			IsMember bool   `json:"is_member"` // of a restricted bot
		} `json:"new_chat_member"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return err
	}
	u.from(m.Chat, m.From)
	u.event.At = time.Unix(m.Date, 0).UTC()
	switch {
	case m.From == nil || m.Chat.Type == "channel":
		u.ignored = "not from a person"
		return nil
	case m.New.Status == "kicked" || m.New.Status == "left" || m.New.Status == "restricted" && !m.New.IsMember:
		u.event.Kind = chat.Blocked
	default:
		u.event.Kind = chat.Unblocked
	}
	u.ignored = ""
	return nil
}

// clean drops NUL characters, which PostgreSQL cannot keep in a text.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", "") }
