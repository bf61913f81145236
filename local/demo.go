package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// demoTime bounds how long the demo people may take to find their places.
const demoTime = 20 * time.Second

// demo has the sandbox's people find their places by the road that real ones take: the owner invites, the others open
// their links, and who is on the board says so. Then there is a past for them to look at. Who wrote to the bot before is
// left alone.
func (u *up) demo(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, demoTime)
	defer cancel()
	var owner *demoChat
	var others []*demoChat
	var posts []Post
	for _, p := range u.world.People {
		c := &demoChat{person: p.ID, name: p.Name, onBoard: p.BoardUID != "",
			url: fmt.Sprintf("%s/demo/people/%d/chats/%d", u.sandboxURL, p.ID, u.world.Bots[0].ID)}
		switch p.Role {
		case "owner":
			owner = c
		case "", "organizer": // they come when they like
		default:
			others, posts = append(others, c), append(posts, Post{p.Role, p.Place})
		}
	}
	if owner == nil {
		return errors.New("the sandbox's world has no owner")
	}
	if messages, err := owner.messages(ctx); err != nil || len(messages) > 0 {
		return err
	}
	if err := owner.join(ctx, ""); err != nil {
		return err
	}
	links, err := u.Demo.Invite(ctx, u.databaseURL, owner.person, posts)
	if err != nil {
		return err
	}
	var joins []func() error
	for i, c := range others {
		joins = append(joins, func() error { return c.join(ctx, links[i]) })
	}
	if err := together(joins...); err != nil {
		return err
	}
	return u.Demo.Life(ctx, u.databaseURL)
}

// demoChat is a demo person's chat with the bot.
type demoChat struct {
	person  int64
	name    string
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
