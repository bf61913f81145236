package talk

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Chat is a person's chat with a bot. What happens there is kept in order, with a place up to which the person has
// read: Await goes on from there.
type Chat struct {
	Person Person
	Bot    int64

	sandbox *Sandbox
	base    string

	mu      sync.Mutex
	log     []Heard
	now     map[int]Message // by id, as they stand now
	read    int             // of log
	changed chan struct{}   // closed and replaced when log grows
}

func newChat(s *Sandbox, p Person, bot int64) *Chat {
	return &Chat{
		Person: p, Bot: bot, sandbox: s, base: fmt.Sprintf("%s/demo/people/%d/chats/%d/", s.URL, p.ID, bot),
		now: map[int]Message{}, changed: make(chan struct{}),
	}
}

// heard keeps what happened, unless it is known already.
func (c *Chat) heard(h Heard) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := h.Message.ID
	known, there := c.now[id]
	switch {
	case h.Kind == "message" && there:
		return
	case h.Kind == "delete":
		known.ID, known.Deleted = id, true
		h.Message = known
	}
	c.now[id] = h.Message
	c.log = append(c.log, h)
	close(c.changed)
	c.changed = make(chan struct{})
}

// load reads the chat as it stands, and keeps what the events did not tell.
func (c *Chat) load(ctx context.Context) error {
	var out struct {
		Messages []Message `json:"messages"`
	}
	if err := call(ctx, http.MethodGet, c.base+"messages", nil, &out); err != nil {
		return err
	}
	for _, m := range out.Messages {
		c.mu.Lock()
		known, there := c.now[m.ID]
		c.mu.Unlock()
		switch {
		case !there:
			c.heard(Heard{Kind: "message", At: m.At, Message: m})
		case known.String() != m.String():
			c.heard(Heard{Kind: "edit", At: time.Now(), Message: m})
		}
	}
	return nil
}

// Await gives the next thing that happened after what was read before and that match takes, waiting for it as long as
// ctx lives, and reads up to there. A chat has one reader.
func (c *Chat) Await(ctx context.Context, match func(Heard) bool) (Heard, error) {
	c.mu.Lock()
	from := c.read
	c.mu.Unlock()
	h, next, err := c.Find(ctx, from, match)
	if err == nil {
		c.mu.Lock()
		c.read = next
		c.mu.Unlock()
	}
	return h, err
}

// Find gives the first thing that happened from a place on (see Len) and that match takes, waiting for it as long as
// ctx lives, and the place after it. Nothing counts as read by it.
func (c *Chat) Find(ctx context.Context, from int, match func(Heard) bool) (h Heard, next int, err error) {
	for {
		c.mu.Lock()
		for ; from < len(c.log); from++ {
			if h := c.log[from]; match(h) {
				c.mu.Unlock()
				return h, from + 1, nil
			}
		}
		changed := c.changed
		c.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return Heard{}, from, ctx.Err()
		}
	}
}

// Len is how much has happened.
func (c *Chat) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.log)
}

// Skip takes everything that has happened as read.
func (c *Chat) Skip() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read = len(c.log)
}

// Log gives all that has happened.
func (c *Chat) Log() []Heard {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.log)
}

// Messages gives the messages as they stand, oldest first.
func (c *Chat) Messages() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]Message, 0, len(c.now))
	for _, m := range c.now {
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b Message) int { return a.ID - b.ID })
	return out
}

// Last gives the newest message, as it stands, that match takes.
func (c *Chat) Last(match func(Message) bool) (Message, bool) {
	all := c.Messages()
	for _, m := range slices.Backward(all) {
		if match(m) {
			return m, true
		}
	}
	return Message{}, false
}

// Transcript shows all that has happened, a line each.
func (c *Chat) Transcript() string {
	var b strings.Builder
	fmt.Fprintf(&b, "chat of %s (%d):\n", c.Person.Name, c.Person.ID)
	for _, h := range c.Log() {
		fmt.Fprintln(&b, "  "+h.String())
	}
	return b.String()
}

// sent is the sandbox's answer to what a person sends.
type sent struct {
	ID  int   `json:"message_id"`
	IDs []int `json:"message_ids"`
}

// Say sends a text and gives its message id.
func (c *Chat) Say(ctx context.Context, text string) (int, error) { return c.Reply(ctx, 0, text) }

// Reply sends a text as a reply to a message.
func (c *Chat) Reply(ctx context.Context, to int, text string) (int, error) {
	var out sent
	err := call(ctx, http.MethodPost, c.base+"messages", map[string]any{"text": text, "reply_to": to}, &out)
	return out.ID, err
}

// Other sends something that is neither text nor file: "sticker", "location", "contact", "dice" or "poll".
func (c *Chat) Other(ctx context.Context, what string) error {
	return call(ctx, http.MethodPost, c.base+"messages", map[string]any{"other": what}, nil)
}

// Huge sends a document of so many bytes, which do not exist.
func (c *Chat) Huge(ctx context.Context, caption, name string, size int64) error {
	return call(ctx, http.MethodPost, c.base+"messages", map[string]any{"text": caption, "name": name, "fake_size": size}, nil)
}

// Upload is a file to be sent.
type Upload struct {
	Name string
	Data []byte
}

// Send sends files of a kind ("photo", "document", "voice", …), several as an album, with a caption, and gives the
// message ids. A reply_to of 0 is no reply.
func (c *Chat) Send(ctx context.Context, kind, caption string, replyTo int, files ...Upload) ([]int, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"text": caption, "kind": kind, "reply_to": strconv.Itoa(replyTo)} {
		if err := form.WriteField(name, value); err != nil {
			return nil, err
		}
	}
	for _, f := range files {
		part, err := form.CreateFormFile("file", f.Name)
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(f.Data); err != nil {
			return nil, err
		}
	}
	if err := form.Close(); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"messages", &body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	var out sent
	err = do(req, &out)
	return out.IDs, err
}

// Download gives the bytes of a file that stands in the chat.
func (c *Chat) Download(ctx context.Context, f File) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.sandbox.URL+f.URL, nil)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", f.URL, resp.Status)
	}
	return io.ReadAll(resp.Body)
}

// Edit changes the person's own message.
func (c *Chat) Edit(ctx context.Context, id int, text string) error {
	return call(ctx, http.MethodPost, c.base+"messages/"+strconv.Itoa(id)+"/edit", map[string]string{"text": text}, nil)
}

// Pressed is what came of a press.
type Pressed struct {
	Callback string `json:"callback_id"`
	Answered bool   `json:"answered"` // false also when nobody waited for it
	Text     string `json:"text"`
	Alert    bool   `json:"alert"`
}

// Press presses a button and waits up to so many seconds for its answer; 0 does not wait.
func (c *Chat) Press(ctx context.Context, message int, b Button, wait int) (Pressed, error) {
	var out Pressed
	err := call(ctx, http.MethodPost, c.base+"press?wait="+strconv.Itoa(wait), map[string]any{"message_id": message, "data": b.Data}, &out)
	return out, err
}

// Forge presses a button that need not exist.
func (c *Chat) Forge(ctx context.Context, message int, data string, wait int) (Pressed, error) {
	var out Pressed
	err := call(ctx, http.MethodPost, c.sandbox.URL+"/demo/callbacks?wait="+strconv.Itoa(wait),
		map[string]any{"bot_id": c.Bot, "person": c.Person.ID, "message_id": message, "data": data}, &out)
	return out, err
}

// Start presses Start, or opens a deep link with a payload.
func (c *Chat) Start(ctx context.Context, payload string) error {
	return call(ctx, http.MethodPost, c.base+"start", map[string]string{"payload": payload}, nil)
}

// Block blocks the bot.
func (c *Chat) Block(ctx context.Context) error {
	return call(ctx, http.MethodPost, c.base+"block", nil, nil)
}

// Unblock lets the bot in again.
func (c *Chat) Unblock(ctx context.Context) error {
	return call(ctx, http.MethodPost, c.base+"unblock", nil, nil)
}
