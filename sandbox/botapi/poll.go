package botapi

import (
	"context"
	"encoding/json"
	"strconv"
	"time"
)

// poll is a getUpdates that waits.
type poll struct {
	wake chan struct{} // something is there
	end  chan error    // another takes over
}

// endPoll ends a waiting getUpdates with a conflict. The server's mutex is held.
func (b *bot) endPoll(text string) {
	if b.poll != nil {
		b.poll.end <- &refusal{code: 409, text: text}
		b.poll = nil
	}
}

// getUpdates gives what is pending from offset on, and forgets what is below it. With nothing there it waits.
func (s *Server) getUpdates(ctx context.Context, c *call) (any, error) {
	mine, first, err := s.beginPoll(c)
	if err != nil || len(first) > 0 || mine == nil {
		return first, err
	}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if c.bot.poll == mine {
			c.bot.poll = nil
		}
	}()
	timeout := time.NewTimer(time.Duration(c.params.int("timeout", 0, 0, 50)) * time.Second)
	defer timeout.Stop()
	for {
		select {
		case err := <-mine.end:
			return nil, err
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.ctx.Done():
			return nil, &refusal{code: 500, text: "Internal Server Error: restart"}
		case <-timeout.C:
			return []json.RawMessage{}, nil
		case <-mine.wake:
			s.mu.Lock()
			got, err := s.batch(c)
			s.mu.Unlock()
			if len(got) > 0 || err != nil {
				return got, err
			}
		}
	}
}

// beginPoll moves the offset and gives what is there. With nothing there it gives the poll to wait on, or nil when
// the call does not wait.
func (s *Server) beginPoll(c *call) (*poll, []json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = time.Now()
	b := c.bot
	if b.hook.URL != "" {
		return nil, nil, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	b.endPoll("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
	allowed, err := c.allowedUpdates()
	if err != nil {
		return nil, nil, err
	}
	if c.params.has("allowed_updates") {
		if err := s.commit(&record{Hook: &hookRecord{Bot: b.ID, Hook: b.hook, Allowed: allowed}}); err != nil {
			return nil, nil, err
		}
	}
	offset, _ := strconv.ParseInt(c.params.values["offset"], 10, 64)
	if offset < 0 {
		offset = 0
		if keep := c.params.int("offset", 0, -1<<30, 0); -keep < len(b.pending) {
			offset = b.pending[len(b.pending)+keep].ID
		}
	}
	for _, u := range b.pending {
		if u.ID < offset {
			s.emitUpdate("update_delivered", c.now, u)
		}
	}
	if len(b.pending) > 0 && b.pending[0].ID < offset {
		if err := s.commit(&record{Done: &doneRecord{Bot: b.ID, Below: offset}}); err != nil {
			return nil, nil, err
		}
	}
	got, err := s.batch(c)
	if err != nil || len(got) > 0 || c.params.int("timeout", 0, 0, 50) == 0 {
		return nil, got, err
	}
	b.poll = &poll{wake: make(chan struct{}, 1), end: make(chan error, 1)}
	return b.poll, nil, nil
}

// batch gives the next updates and tells the watchers. The server's mutex is held.
func (s *Server) batch(c *call) ([]json.RawMessage, error) {
	got := []json.RawMessage{}
	limit := c.params.int("limit", 100, 1, 100)
	now := time.Now()
	for _, u := range append([]*update(nil), c.bot.pending...) {
		if now.After(u.Expires) {
			if err := s.commit(&record{Done: &doneRecord{Bot: u.Bot, ID: u.ID}}); err != nil {
				return nil, err
			}
			continue
		}
		if len(got) == limit {
			break
		}
		got = append(got, u.Body)
		s.emitUpdate("update_delivering", now, u)
	}
	return got, nil
}
