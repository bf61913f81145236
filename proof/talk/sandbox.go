// Package talk plays people: it says, presses, sends and edits in the sandbox's chats and on its board, and waits for
// what is answered by watching the sandbox's events. It knows the product only from outside.
package talk

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Bot is a bot of the sandbox.
type Bot struct {
	Token    string `json:"token"`
	ID       int64  `json:"id"`
	Username string `json:"username"`
}

// Person is somebody in the sandbox.
type Person struct {
	ID       int64  `json:"id"` // Telegram user id
	Name     string `json:"name"`
	Role     string `json:"role"`  // in the demo story
	Place    string `json:"place"` // where the role holds, "" everywhere
	BoardUID string `json:"board_uid"`
}

// World is what the sandbox opens with.
type World struct {
	Bots    []Bot    `json:"bots"`
	People  []Person `json:"people"`
	Todoist struct {
		ClientSecret string `json:"client_secret"`
		ProjectID    string `json:"project_id"`
	} `json:"todoist"`
}

// Sandbox is a running sandbox that is watched.
type Sandbox struct {
	URL   string // no trailing slash
	World World

	mu    sync.Mutex
	chats map[[2]int64]*Chat
	seen  func(Event) // gets every event, may be nil
	stop  context.CancelFunc
	done  chan struct{}
}

// Event is what the sandbox tells of.
type Event struct {
	Kind      string    `json:"kind"`
	At        time.Time `json:"at"`
	Bot       int64     `json:"bot_id"`
	Chat      int64     `json:"chat_id"`
	Message   *Message  `json:"message"`
	MessageID int       `json:"message_id"`
	Update    int64     `json:"update_id"`
	Callback  string    `json:"callback_id"`
	Method    string    `json:"method"`
	OK        bool      `json:"ok"`
	Code      int       `json:"error_code"`
}

// Watch opens a sandbox and watches it until Close. seen, which may be nil, is given every event as it comes.
func Watch(ctx context.Context, url string, seen func(Event)) (*Sandbox, error) {
	s := &Sandbox{URL: url, chats: map[[2]int64]*Chat{}, seen: seen, done: make(chan struct{})}
	if err := call(ctx, http.MethodGet, url+"/demo/world", nil, &s.World); err != nil {
		return nil, err
	}
	watching, stop := context.WithCancel(context.Background())
	s.stop = stop
	open := make(chan struct{})
	go s.watch(watching, open)
	select {
	case <-open:
		return s, nil
	case <-ctx.Done():
		s.Close()
		return nil, fmt.Errorf("the sandbox's events: %w", ctx.Err())
	}
}

// Close stops watching.
func (s *Sandbox) Close() {
	s.stop()
	<-s.done
}

// watch reads the stream of events, again when it breaks off; what happened in between is looked up.
func (s *Sandbox) watch(ctx context.Context, open chan struct{}) {
	defer close(s.done)
	for first := true; ctx.Err() == nil; first = false {
		_ = s.stream(ctx, func() {
			if first {
				close(open)
				return
			}
			s.catchUp(ctx)
		})
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (s *Sandbox) stream(ctx context.Context, opened func()) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/demo/events?kinds=message,edit,delete,update_delivering", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	lines := bufio.NewReaderSize(resp.Body, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return err
		}
		if opened != nil { // the first comment says that we are listened to
			go opened()
			opened = nil
		}
		data, ok := bytes.CutPrefix(line, []byte("data: "))
		if !ok {
			continue
		}
		var e Event
		if err := json.Unmarshal(data, &e); err != nil {
			return err
		}
		s.take(e)
	}
}

func (s *Sandbox) take(e Event) {
	if s.seen != nil {
		s.seen(e)
	}
	s.mu.Lock()
	c := s.chats[[2]int64{e.Bot, e.Chat}]
	s.mu.Unlock()
	if c == nil {
		return
	}
	switch {
	case e.Kind == "delete":
		c.heard(Heard{Kind: e.Kind, At: e.At, Message: Message{ID: e.MessageID, Deleted: true}})
	case (e.Kind == "message" || e.Kind == "edit") && e.Message != nil:
		c.heard(Heard{Kind: e.Kind, At: e.At, Message: *e.Message})
	}
}

func (s *Sandbox) catchUp(ctx context.Context) {
	s.mu.Lock()
	var chats []*Chat
	for _, c := range s.chats {
		chats = append(chats, c)
	}
	s.mu.Unlock()
	for _, c := range chats {
		_ = c.load(ctx)
	}
}

// NewPerson makes somebody with a Telegram account; lang is an IETF tag.
func (s *Sandbox) NewPerson(ctx context.Context, name, lang string) (Person, error) {
	var p Person
	err := call(ctx, http.MethodPost, s.URL+"/demo/people", map[string]string{"name": name, "language_code": lang}, &p)
	return p, err
}

// Role gives the first person of the demo story with a role.
func (s *Sandbox) Role(role string) (Person, error) {
	for _, p := range s.World.People {
		if p.Role == role {
			return p, nil
		}
	}
	return Person{}, fmt.Errorf("nobody in the demo world is %q", role)
}

// Chat opens a person's chat with the demo bot.
func (s *Sandbox) Chat(ctx context.Context, p Person) (*Chat, error) {
	return s.ChatWith(ctx, p, s.World.Bots[0].ID)
}

// ChatWith opens a person's chat with a bot.
func (s *Sandbox) ChatWith(ctx context.Context, p Person, bot int64) (*Chat, error) {
	key := [2]int64{bot, p.ID}
	s.mu.Lock()
	c := s.chats[key]
	if c == nil {
		c = newChat(s, p, bot)
		s.chats[key] = c
	}
	s.mu.Unlock()
	return c, c.load(ctx)
}

// Inject gives a bot an update as it stands, whatever its kind, and gives its id.
func (s *Sandbox) Inject(ctx context.Context, bot int64, update any) (int64, error) {
	var out struct {
		Update int64 `json:"update_id"`
	}
	err := call(ctx, http.MethodPost, fmt.Sprintf("%s/demo/updates/%d", s.URL, bot), update, &out)
	return out.Update, err
}

// Pending counts the updates that a bot has not taken yet.
func (s *Sandbox) Pending(ctx context.Context, b Bot) (int, error) {
	info, err := s.webhookInfo(ctx, b)
	return info.Pending, err
}

// WebhookURL gives the address that a bot's updates go to, "" when it polls.
func (s *Sandbox) WebhookURL(ctx context.Context, b Bot) (string, error) {
	info, err := s.webhookInfo(ctx, b)
	return info.URL, err
}

type webhookInfo struct {
	URL     string `json:"url"`
	Pending int    `json:"pending_update_count"`
}

func (s *Sandbox) webhookInfo(ctx context.Context, b Bot) (webhookInfo, error) {
	var out struct {
		Result webhookInfo `json:"result"`
	}
	err := call(ctx, http.MethodGet, s.URL+"/bot"+b.Token+"/getWebhookInfo", nil, &out)
	return out.Result, err
}

// NewChat opens the chat of somebody who was just made, with the demo bot; it hears nothing by itself.
func (s *Sandbox) NewChat(p Person) *Chat { return newChat(s, p, s.World.Bots[0].ID) }
