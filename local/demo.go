package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sync"
	"time"
)

// demoTime bounds how long the demo people may take to find their places.
const demoTime = 20 * time.Second

var inviteLink = regexp.MustCompile(`start=(inv_\w+)`)

// demo has the sandbox's people find their places by the road that real ones take: the owner invites, the others open
// their links, and who is on the board says so. Then there is a past for them to look at. Who wrote to the bot before is
// left alone.
func (u *up) demo(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, demoTime)
	defer cancel()
	chats := map[string][]*demoChat{} // by role
	for _, p := range u.world.People {
		c := &demoChat{name: p.Name, place: p.Place, onBoard: p.BoardUID != "",
			url: fmt.Sprintf("%s/demo/people/%d/chats/%d", u.sandboxURL, p.ID, u.world.Bots[0].ID)}
		chats[p.Role] = append(chats[p.Role], c)
	}
	if len(chats["owner"]) == 0 {
		return errors.New("the sandbox's world has no owner")
	}
	owner := chats["owner"][0]
	if messages, err := owner.messages(ctx); err != nil || len(messages) > 0 {
		return err
	}
	if err := together(
		func() error { return owner.join(ctx, "") },
		func() error { return u.Demo.Places(ctx, u.databaseURL) },
	); err != nil {
		return err
	}
	var joining sync.WaitGroup
	joined := make(chan error, len(u.world.People))
	for _, role := range []string{"manager", "agent", "dispatcher", "accountant", "client"} {
		for _, c := range chats[role] {
			payload, err := owner.invites(ctx, role, c.place)
			if err != nil {
				return err
			}
			joining.Go(func() { joined <- c.join(ctx, payload) })
		}
	}
	joining.Wait()
	close(joined)
	for err := range joined {
		if err != nil {
			return err
		}
	}
	return u.Demo.Life(ctx, u.databaseURL)
}

// demoChat is a demo person's chat with the bot.
type demoChat struct {
	name    string
	place   string
	onBoard bool
	url     string
	seen    int // id of the newest message that was looked at
}

type demoMessage struct {
	ID      int    `json:"id"`
	From    string `json:"from"`
	Text    string `json:"text"`
	Buttons [][]struct {
		Text string `json:"text"`
		Data string `json:"data"`
	} `json:"buttons"`
}

// invites asks for an invite with a role, at a place if the role holds at one, and gives the payload of its link.
func (c *demoChat) invites(ctx context.Context, role, place string) (string, error) {
	said := "/invite " + role
	if place != "" {
		asks := func(m demoMessage) bool { return len(m.Buttons) > 0 }
		if _, err := c.act(ctx, "/messages", map[string]any{"text": said}, asks); err != nil { // where
			return "", err
		}
		said = place
	}
	m, err := c.act(ctx, "/messages", map[string]any{"text": said},
		func(m demoMessage) bool { return inviteLink.MatchString(m.Text) })
	if err != nil {
		return "", err
	}
	return inviteLink.FindStringSubmatch(m.Text)[1], nil
}

// join starts the bot and says on /board who on the board the person is. Their names are known after the first sweep.
func (c *demoChat) join(ctx context.Context, payload string) error {
	if _, err := c.act(ctx, "/start", map[string]any{"payload": payload}, nil); err != nil || !c.onBoard {
		return err
	}
	for {
		m, err := c.act(ctx, "/messages", map[string]any{"text": "/board"}, nil)
		if err != nil {
			return err
		}
		for _, row := range m.Buttons {
			for _, b := range row {
				if b.Text == c.name {
					_, err := c.act(ctx, "/press?wait=0", map[string]any{"message_id": m.ID, "data": b.Data}, nil)
					return err
				}
			}
		}
		if len(m.Buttons) > 0 {
			return fmt.Errorf("the board does not know %s", c.name)
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// act does something in the chat and gives the bot's next message that fits; nil takes any.
func (c *demoChat) act(ctx context.Context, path string, body map[string]any, fits func(demoMessage) bool) (demoMessage, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return demoMessage{}, err
	}
	if err := c.call(ctx, http.MethodPost, path, bytes.NewReader(raw), nil); err != nil {
		return demoMessage{}, err
	}
	for {
		messages, err := c.messages(ctx)
		if err != nil {
			return demoMessage{}, err
		}
		for _, m := range messages {
			if m.ID > c.seen && m.From == "bot" && (fits == nil || fits(m)) {
				c.seen = m.ID
				return m, nil
			}
		}
		select {
		case <-time.After(pollEvery):
		case <-ctx.Done():
			return demoMessage{}, fmt.Errorf("the bot does not answer the demo people: %w", ctx.Err())
		}
	}
}

func (c *demoChat) messages(ctx context.Context) ([]demoMessage, error) {
	var chat struct {
		Messages []demoMessage `json:"messages"`
	}
	err := c.call(ctx, http.MethodGet, "/messages", nil, &chat)
	return chat.Messages, err
}

func (c *demoChat) call(ctx context.Context, method, path string, body io.Reader, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the sandbox answers %s", res.Status)
	}
	if out == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(out)
}
