package botapi

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// pressed is the answer to a press.
type pressed struct {
	Callback string `json:"callback_id"`
	Update   int64  `json:"update_id,omitempty"`
	Answered bool   `json:"answered"`
	Text     string `json:"text,omitempty"`
	Alert    bool   `json:"alert,omitempty"`
	URL      string `json:"url,omitempty"`
}

// personPresses presses a button that is there, named by its data or by its place.
func (s *Server) personPresses(v *visit) (any, error) {
	var in struct {
		MessageID int    `json:"message_id"`
		Data      string `json:"data"`
		Row       int    `json:"row"`
		Col       int    `json:"col"`
	}
	if err := readBody(v.r, &in); err != nil {
		return nil, err
	}
	data, err := s.button(v, in.MessageID, in.Data, in.Row, in.Col)
	if err != nil {
		return nil, err
	}
	return s.press(v, in.MessageID, data)
}

// button gives the data of a button of a message.
func (s *Server) button(v *visit, message int, data string, row, col int) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v.chat.Blocked {
		return "", wrongf(http.StatusConflict, "this person has blocked the bot")
	}
	p := v.chat.post(message)
	if p == nil || p.Deleted || p.Msg.ReplyMarkup == nil {
		return "", wrongf(http.StatusNotFound, "the chat has no message %d with buttons", message)
	}
	for y, buttons := range p.Msg.ReplyMarkup.Rows {
		for x, b := range buttons {
			if b.CallbackData != "" && (data == b.CallbackData || data == "" && y == row && x == col) {
				return b.CallbackData, nil
			}
		}
	}
	return "", wrongf(http.StatusNotFound, "message %d has no such button", message)
}

// press tells the bot of a pressed button and waits for its answer, as long as the query's wait says in seconds.
func (s *Server) press(v *visit, message int, data string) (any, error) {
	wait := pressWait
	if given := v.r.URL.Query().Get("wait"); given != "" {
		n, err := strconv.ParseFloat(given, 64)
		if err != nil || n < 0 || n > callbackLife.Seconds() {
			return nil, wrongf(http.StatusBadRequest, "wait is from 0 to %v seconds", callbackLife.Seconds())
		}
		wait = time.Duration(n * float64(time.Second))
	}
	cb, u, err := s.ask(v, message, data)
	if err != nil {
		return nil, err
	}
	out := pressed{Callback: cb.ID}
	if u != nil {
		out.Update = u.ID
	}
	if wait == 0 {
		return out, nil
	}
	timeout := time.NewTimer(wait)
	defer timeout.Stop()
	select {
	case <-cb.done:
	case <-timeout.C:
	case <-v.r.Context().Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	cb = s.callbacks[cb.ID]
	out.Answered, out.Text, out.Alert, out.URL = cb.Answered, cb.Text, cb.Alert, cb.URL
	return out, nil
}

// ask makes the callback query of a press.
func (s *Server) ask(v *visit, message int, data string) (*callback, *update, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	cb := &callback{
		ID: strconv.FormatInt(1_000_000_000_000_000_000+rand.Int64N(1<<60), 10), Bot: v.bot.ID, Person: v.person.ID,
		Message: message, At: now, done: make(chan struct{}),
	}
	query := map[string]any{
		"id": cb.ID, "from": userOf(v.person), "chat_instance": itoa(v.bot.ID*31 + v.person.ID), "data": data,
	}
	if p := v.chat.post(message); p != nil && !p.Deleted {
		query["message"] = s.message(p)
	} else {
		query["message"] = map[string]any{"chat": chatOf(v.person), "message_id": message, "date": 0}
	}
	r := &record{Callback: cb}
	u, err := s.tell(v.bot, r, update{
		Kind: "callback_query", Queue: "callback:" + itoa(v.person.ID), Chat: v.person.ID, Message: message, Callback: cb.ID,
	}, callbackLife, now, map[string]any{"callback_query": query})
	if err != nil {
		return nil, nil, err
	}
	if err := s.commit(r); err != nil {
		return nil, nil, err
	}
	s.wake(v.bot, r.Updates)
	return cb, u, nil
}
