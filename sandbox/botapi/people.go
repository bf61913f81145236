package botapi

import (
	"encoding/json"
	"io"
	"math/rand/v2"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

const (
	messageLife = 24 * time.Hour // how long a message waits for a bot
	pressWait   = 15 * time.Second
)

// sending is what a person puts into the chat.
type sending struct {
	Text     string `json:"text"` // or the caption of the first file
	ReplyTo  int    `json:"reply_to"`
	Kind     string `json:"kind"`      // how files are shown; "document" when empty
	Duration int    `json:"duration"`  // seconds, of voice and the like
	FakeSize int64  `json:"fake_size"` // a file of so many bytes, which do not exist
	Name     string `json:"name"`      // of that file
	Other    string `json:"other"`     // "sticker", "location", "contact", "dice" or "poll"

	files []*file
}

func (s *Server) personSends(v *visit) (any, error) {
	in, err := s.readSending(v.r)
	if err != nil {
		return nil, err
	}
	contents, err := in.messages(v.bot)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.say(v, in.ReplyTo, known(in.files...), contents...)
}

func (s *Server) readSending(r *http.Request) (*sending, error) {
	in := &sending{}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		if err := readBody(r, in); err != nil {
			return nil, err
		}
		k, ok := kindNamed(orDocument(in.Kind))
		if !ok || in.FakeSize > 0 && k.name == "photo" {
			return nil, wrongf(http.StatusBadRequest, "there are no files of the kind %q without bytes", in.Kind)
		}
		if in.FakeSize > 0 {
			contentType, _, _ := mime.ParseMediaType(mime.TypeByExtension(path.Ext(in.Name)))
			in.files = []*file{{
				Unique: newUnique(), Kind: k.name, Name: in.Name, Type: contentType, Size: in.FakeSize, Duration: in.Duration, Fake: true,
			}}
		}
		return in, nil
	}
	if err := r.ParseMultipartForm(4 << 20); err != nil {
		return nil, wrongf(http.StatusBadRequest, "the form does not fit: %v", err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	in.Text, in.Kind = r.PostFormValue("text"), orDocument(r.PostFormValue("kind"))
	in.ReplyTo, _ = strconv.Atoi(r.PostFormValue("reply_to"))
	in.Duration, _ = strconv.Atoi(r.PostFormValue("duration"))
	k, ok := kindNamed(in.Kind)
	if !ok {
		return nil, wrongf(http.StatusBadRequest, "there are no files of the kind %q", in.Kind)
	}
	for _, part := range r.MultipartForm.File["file"] {
		upload, err := part.Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(upload)
		_ = upload.Close()
		if err != nil {
			return nil, err
		}
		f, err := s.keepFile(k, part.Filename, part.Header.Get("Content-Type"), data)
		if err != nil {
			return nil, err
		}
		f.Duration = in.Duration
		in.files = append(in.files, f)
	}
	return in, nil
}

func orDocument(kind string) string {
	if kind == "" {
		return "document"
	}
	return kind
}

// messages gives the contents of the messages that are sent: one, or one for each file of an album.
func (in *sending) messages(b *bot) ([]Message, error) {
	if in.Other != "" {
		m, ok := others[in.Other]
		if !ok {
			return nil, wrongf(http.StatusBadRequest, "people here cannot send a %q", in.Other)
		}
		return []Message{m}, nil
	}
	text, es, err := formatted(in.Text, "", "")
	if err != nil {
		return nil, err
	}
	if len(in.files) == 0 {
		if n := units(text); n < 1 || n > maxText {
			return nil, wrongf(http.StatusBadRequest, "a text has 1 to %d characters, not %d", maxText, n)
		}
		return []Message{{Text: text, Entities: es}}, nil
	}
	if n := units(text); n > maxCaption {
		return nil, wrongf(http.StatusBadRequest, "a caption has up to %d characters, not %d", maxCaption, n)
	}
	if len(in.files) > 10 {
		return nil, wrongf(http.StatusBadRequest, "an album has up to 10 files")
	}
	album := ""
	if len(in.files) > 1 {
		album = newAlbum()
	}
	var out []Message
	for i, f := range in.files {
		m := Message{MediaGroupID: album}
		if i == 0 {
			m.Caption, m.CaptionEntities = text, es
		}
		b.attach(&m, f)
		out = append(out, m)
	}
	return out, nil
}

// others are messages that are neither text nor file, each always the same.
var others = map[string]Message{
	"sticker": {Sticker: json.RawMessage(`{"file_id":"CAACsandboxsticker","file_unique_id":"sandboxsticker","type":"regular",` +
		`"width":512,"height":512,"is_animated":false,"is_video":false,"emoji":"👍","set_name":"Sandbox","file_size":12345}`)},
	"location": {Location: json.RawMessage(`{"latitude":51.9496,"longitude":4.1453}`)},
	"contact":  {Contact: json.RawMessage(`{"phone_number":"+15550100","first_name":"Dana","last_name":"Quay"}`)},
	"dice":     {Dice: json.RawMessage(`{"emoji":"🎲","value":4}`)},
	"poll": {Poll: json.RawMessage(`{"id":"5000000000000001","question":"Tea or coffee?","options":[{"text":"Tea","voter_count":0},` +
		`{"text":"Coffee","voter_count":0}],"total_voter_count":0,"is_closed":false,"is_anonymous":true,"type":"regular",` +
		`"allows_multiple_answers":false}`)},
}

// said is the answer to a person's sending.
type said struct {
	MessageID  int     `json:"message_id"` // the first
	MessageIDs []int   `json:"message_ids"`
	UpdateIDs  []int64 `json:"update_ids"` // empty when the bot does not want them
}

// say keeps a person's messages and tells the bot. The server's mutex is held.
func (s *Server) say(v *visit, reply int, files []*file, contents ...Message) (any, error) {
	if v.chat.Blocked {
		return nil, wrongf(http.StatusConflict, "this person has blocked the bot")
	}
	if reply != 0 {
		if p := v.chat.post(reply); p == nil || p.Deleted {
			return nil, wrongf(http.StatusNotFound, "the chat has no message %d to reply to", reply)
		}
	}
	now := time.Now()
	r := &record{Files: files}
	if !v.chat.Started {
		r.Chat = &chatRecord{Bot: v.bot.ID, Person: v.person.ID, Started: true}
	}
	out := said{MessageID: v.bot.nextMessage, UpdateIDs: []int64{}}
	for i, m := range contents {
		m.MessageID, m.From, m.Chat, m.Date = v.bot.nextMessage+i, userOf(v.person), chatOf(v.person), now.Unix()
		p := &post{Bot: v.bot.ID, Person: v.person.ID, Msg: m, Reply: reply, At: now}
		r.Posts = append(r.Posts, p)
		out.MessageIDs = append(out.MessageIDs, m.MessageID)
		u, err := s.tell(v.bot, r, update{Kind: "message", Queue: "message:" + itoa(v.person.ID), Chat: v.person.ID, Message: m.MessageID},
			messageLife, now, map[string]any{"message": s.message(p)})
		if err != nil {
			return nil, err
		}
		if u != nil {
			out.UpdateIDs = append(out.UpdateIDs, u.ID)
		}
	}
	if err := s.commit(r); err != nil {
		return nil, err
	}
	if r.Chat != nil {
		s.emit(event{Kind: "chat", At: now, Bot: v.bot.ID, Chat: v.person.ID})
	}
	for _, p := range r.Posts {
		s.emit(event{Kind: "message", At: now, Bot: v.bot.ID, Chat: v.person.ID, Message: s.view(p)})
	}
	s.wake(v.bot, r.Updates)
	return out, nil
}

// personStarts presses Start, or opens a link with a payload.
func (s *Server) personStarts(v *visit) (any, error) {
	var in struct {
		Payload string `json:"payload"`
	}
	if err := readBody(v.r, &in); err != nil {
		return nil, err
	}
	text, es, err := formatted(strings.TrimSpace("/start "+in.Payload), "", "")
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.say(v, 0, nil, Message{Text: text, Entities: es})
}

func (s *Server) personEdits(v *visit) (any, error) {
	var in struct {
		Text string `json:"text"`
	}
	if err := readBody(v.r, &in); err != nil {
		return nil, err
	}
	text, es, err := formatted(in.Text, "", "")
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, _ := strconv.Atoi(v.r.PathValue("id"))
	old := v.chat.post(id)
	if old == nil || old.Deleted || old.byBot() {
		return nil, wrongf(http.StatusNotFound, "this person has no message %d here", id)
	}
	if v.chat.Blocked {
		return nil, wrongf(http.StatusConflict, "this person has blocked the bot")
	}
	now := time.Now()
	next := *old
	next.Edited, next.Msg.EditDate = now, now.Unix()
	switch n := units(text); {
	case old.Msg.hasMedia() && n <= maxCaption:
		next.Msg.Caption, next.Msg.CaptionEntities = text, es
	case old.Msg.Text != "" && n >= 1 && n <= maxText:
		next.Msg.Text, next.Msg.Entities = text, es
	default:
		return nil, wrongf(http.StatusBadRequest, "the message cannot become a text of %d characters", n)
	}
	r := &record{Posts: []*post{&next}}
	u, err := s.tell(v.bot, r, update{Kind: "edited_message", Queue: "message:" + itoa(v.person.ID), Chat: v.person.ID, Message: id},
		messageLife, now, map[string]any{"edited_message": s.message(&next)})
	if err != nil {
		return nil, err
	}
	if err := s.commit(r); err != nil {
		return nil, err
	}
	s.emit(event{Kind: "edit", At: now, Bot: v.bot.ID, Chat: v.person.ID, Message: s.view(&next)})
	s.wake(v.bot, r.Updates)
	out := said{MessageID: id, MessageIDs: []int{id}, UpdateIDs: []int64{}}
	if u != nil {
		out.UpdateIDs = append(out.UpdateIDs, u.ID)
	}
	return out, nil
}

// personBlocks blocks the bot or lets it in again; doing so twice changes nothing.
func (s *Server) personBlocks(block bool) func(*visit) (any, error) {
	return func(v *visit) (any, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		out := map[string]bool{"blocked": block}
		if v.chat.Blocked == block {
			return out, nil
		}
		next := v.chat.chatRecord
		next.Blocked = block
		status := map[bool]string{true: "kicked", false: "member"}
		member := func(blocked bool) map[string]any {
			m := map[string]any{"user": v.bot.user(), "status": status[blocked]}
			if blocked {
				m["until_date"] = 0
			}
			return m
		}
		r := &record{Chat: &next}
		_, err := s.tell(v.bot, r, update{Kind: "my_chat_member", Queue: "member:" + itoa(v.person.ID), Chat: v.person.ID}, messageLife, v.now,
			map[string]any{"my_chat_member": map[string]any{
				"chat": chatOf(v.person), "from": userOf(v.person), "date": v.now.Unix(),
				"old_chat_member": member(!block), "new_chat_member": member(block),
			}})
		if err != nil {
			return nil, err
		}
		if err := s.commit(r); err != nil {
			return nil, err
		}
		s.emit(event{Kind: "chat", At: v.now, Bot: v.bot.ID, Chat: v.person.ID})
		s.wake(v.bot, r.Updates)
		return out, nil
	}
}

func newAlbum() string { return strconv.FormatInt(13_000_000_000_000_000+rand.Int64N(1<<52), 10) }
