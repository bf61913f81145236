package botapi

import (
	"encoding/json"
	"slices"
	"sort"
	"time"

	"quaydesk/sandbox/world"
)

// bot is one bot and everything that belongs to it.
type bot struct {
	botRecord
	hook        hook
	allowed     []string // update kinds wanted; empty means all but the ones that have to be asked for
	texts       map[string]string
	commands    map[string][]Command // by scope and language
	chats       map[int64]*chat      // by person
	pending     []*update            // not yet delivered, by id
	nextMessage int
	nextUpdate  int64

	// What follows is not kept over a restart.
	poll         *poll
	delivery     *delivery
	limits       limiter
	hookSetAt    time.Time
	hookError    string
	hookErrorAt  time.Time
	actionsUntil map[int64]time.Time
}

// chat is the private chat of a bot with a person.
type chat struct {
	chatRecord
	posts []*post // by message id
}

func (c *chat) post(id int) *post {
	i, found := slices.BinarySearchFunc(c.posts, id, func(p *post, id int) int { return p.Msg.MessageID - id })
	if !found {
		return nil
	}
	return c.posts[i]
}

// record is one line of the journal: what it names is replaced as a whole, so applying a record twice does no harm.
// A post, file or update that was applied is never changed in place.
type record struct {
	Bot      *botRecord      `json:"bot,omitempty"`
	Person   *world.Person   `json:"person,omitempty"`
	Chat     *chatRecord     `json:"chat,omitempty"`
	Files    []*file         `json:"files,omitempty"`
	Posts    []*post         `json:"posts,omitempty"`
	Callback *callback       `json:"callback,omitempty"`
	Updates  []*update       `json:"updates,omitempty"`
	Done     *doneRecord     `json:"done,omitempty"`
	Hook     *hookRecord     `json:"hook,omitempty"`
	Commands *commandsRecord `json:"commands,omitempty"`
	Text     *textRecord     `json:"text,omitempty"`
}

type botRecord struct {
	ID       int64  `json:"id"`
	Secret   string `json:"secret"` // the token's part behind the colon
	Username string `json:"username"`
	Name     string `json:"name"`
}

type chatRecord struct {
	Bot     int64 `json:"bot"`
	Person  int64 `json:"person"`
	Started bool  `json:"started"` // the person let the bot in
	Blocked bool  `json:"blocked"`
}

// post is a message as it is kept.
type post struct {
	Bot     int64     `json:"bot"`
	Person  int64     `json:"person"`
	Msg     Message   `json:"msg"` // without ReplyTo, which follows from Reply
	Reply   int       `json:"reply,omitempty"`
	At      time.Time `json:"at"` // when it was accepted
	Edited  time.Time `json:"edited,omitzero"`
	Deleted bool      `json:"deleted,omitempty"`
}

func (p *post) byBot() bool { return p.Msg.From.IsBot }

// update is something a bot is to be told.
type update struct {
	ID       int64           `json:"id"`
	Bot      int64           `json:"bot"`
	Kind     string          `json:"kind"` // the Bot API's name of its one field: "message", "callback_query", …
	Body     json.RawMessage `json:"body"` // the whole update, update_id included
	Queue    string          `json:"queue"`
	Expires  time.Time       `json:"expires"`
	Chat     int64           `json:"chat,omitempty"`
	Message  int             `json:"message,omitempty"`
	Callback string          `json:"callback,omitempty"`
}

type callback struct {
	ID       string    `json:"id"`
	Bot      int64     `json:"bot"`
	Person   int64     `json:"person"`
	Message  int       `json:"message"`
	At       time.Time `json:"at"`
	Answered bool      `json:"answered,omitempty"`
	Text     string    `json:"text,omitempty"`
	Alert    bool      `json:"alert,omitempty"`
	URL      string    `json:"url,omitempty"`

	done chan struct{} // closed when answered
}

type doneRecord struct {
	Bot   int64 `json:"bot"`
	ID    int64 `json:"id,omitempty"`    // this update is delivered or has expired
	Below int64 `json:"below,omitempty"` // all updates below this are
}

type hookRecord struct {
	Bot     int64    `json:"bot"`
	Hook    hook     `json:"hook"`
	Allowed []string `json:"allowed"`
}

// hook is a webhook's settings; the zero hook is none.
type hook struct {
	URL            string `json:"url,omitempty"`
	Secret         string `json:"secret,omitempty"`
	MaxConnections int    `json:"max_connections,omitempty"`
}

type commandsRecord struct {
	Bot      int64     `json:"bot"`
	Key      string    `json:"key"`
	Commands []Command `json:"commands"`
}

type textRecord struct {
	Bot  int64  `json:"bot"`
	Key  string `json:"key"`
	Text string `json:"text"`
}

// Command is the Bot API's BotCommand.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// apply brings a record into the state, and does nothing else: it also runs at load.
func (s *Server) apply(r *record) {
	if r.Bot != nil {
		s.applyBot(*r.Bot)
	}
	if r.Person != nil {
		s.applyPerson(*r.Person)
	}
	if r.Chat != nil {
		s.chat(s.bots[r.Chat.Bot], r.Chat.Person).chatRecord = *r.Chat
	}
	for _, f := range r.Files {
		s.files[f.Unique] = f
	}
	for _, p := range r.Posts {
		s.applyPost(p)
	}
	if r.Callback != nil {
		s.callbacks[r.Callback.ID] = r.Callback
	}
	for _, u := range r.Updates {
		b := s.bots[u.Bot]
		b.pending = append(b.pending, u)
		b.nextUpdate = max(b.nextUpdate, u.ID+1)
	}
	if d := r.Done; d != nil {
		b := s.bots[d.Bot]
		b.pending = slices.DeleteFunc(b.pending, func(u *update) bool { return u.ID == d.ID || u.ID < d.Below })
	}
	if h := r.Hook; h != nil {
		s.bots[h.Bot].hook, s.bots[h.Bot].allowed = h.Hook, h.Allowed
	}
	if c := r.Commands; c != nil {
		s.bots[c.Bot].commands[c.Key] = c.Commands
	}
	if t := r.Text; t != nil {
		s.bots[t.Bot].texts[t.Key] = t.Text
	}
}

func (s *Server) applyBot(r botRecord) {
	if b := s.bots[r.ID]; b != nil {
		b.botRecord = r
		return
	}
	s.bots[r.ID] = &bot{
		botRecord: r, chats: map[int64]*chat{}, commands: map[string][]Command{}, texts: map[string]string{},
		nextMessage: 1, nextUpdate: 100_000_000 + r.ID%1000*1000, actionsUntil: map[int64]time.Time{},
	}
}

func (s *Server) applyPerson(p world.Person) {
	if _, known := s.people[p.ID]; !known {
		s.order = append(s.order, p.ID)
	}
	s.people[p.ID] = p
	s.nextPerson = max(s.nextPerson, p.ID+1)
}

func (s *Server) applyPost(p *post) {
	b := s.bots[p.Bot]
	c := s.chat(b, p.Person)
	id := p.Msg.MessageID
	b.nextMessage = max(b.nextMessage, id+1)
	i := sort.Search(len(c.posts), func(i int) bool { return c.posts[i].Msg.MessageID >= id })
	if i < len(c.posts) && c.posts[i].Msg.MessageID == id {
		c.posts[i] = p
		return
	}
	c.posts = slices.Insert(c.posts, i, p)
}

// chat gives the chat of a bot with a person, which is made when it is first asked for.
func (s *Server) chat(b *bot, person int64) *chat {
	c := b.chats[person]
	if c == nil {
		c = &chat{chatRecord: chatRecord{Bot: b.ID, Person: person}}
		b.chats[person] = c
	}
	return c
}

// message gives a post as the Bot API shows it, with the message it replies to.
func (s *Server) message(p *post) *Message {
	m := p.Msg
	if p.Reply != 0 {
		if to := s.chat(s.bots[p.Bot], p.Person).post(p.Reply); to != nil && !to.Deleted {
			inner := to.Msg
			m.ReplyTo = &inner
		}
	}
	return &m
}

func (b *bot) user() *User {
	return &User{ID: b.ID, IsBot: true, FirstName: b.Name, Username: b.Username}
}

func userOf(p world.Person) *User {
	first, last := p.FirstLast()
	return &User{ID: p.ID, FirstName: first, LastName: last, Username: p.Username, LanguageCode: p.Language}
}

func chatOf(p world.Person) Chat {
	first, last := p.FirstLast()
	return Chat{ID: p.ID, FirstName: first, LastName: last, Username: p.Username, Type: "private"}
}
