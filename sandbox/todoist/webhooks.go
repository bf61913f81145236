package todoist

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"quaydesk/sandbox/faults"
)

const (
	hookTimeout    = 10 * time.Second
	hookRetryAfter = 15 * time.Minute
	hookRetries    = 3
	// heldBack is by how much a delivery is late when the next ones are to overtake it.
	heldBack = 400 * time.Millisecond
)

// Hook is where webhooks go. With no URL there are none.
type Hook struct {
	URL          string   `json:"url"`
	ClientSecret string   `json:"client_secret"`  // the demo world's when empty
	RetryAfterMS int64    `json:"retry_after_ms"` // the real service's 15 minutes when 0
	Users        []string `json:"users"`          // who authorised the app: each gets every event; the account when empty
}

func (h Hook) retryAfter() time.Duration {
	if h.RetryAfterMS > 0 {
		return time.Duration(h.RetryAfterMS) * time.Millisecond
	}
	return hookRetryAfter
}

// Delivery is a webhook that is still to be delivered.
type Delivery struct {
	ID    string    `json:"id"`
	Body  string    `json:"body"` // the very bytes, so that each try has the same signature
	Due   time.Time `json:"due"`
	Tries int       `json:"tries"` // failed ones
	N     int64     `json:"n"`     // order of making
	held  bool      // it was held back once
}

type initiator struct {
	ID        string  `json:"id"`
	FullName  string  `json:"full_name"`
	Email     string  `json:"email"`
	ImageID   *string `json:"image_id"`
	IsPremium bool    `json:"is_premium"`
}

type envelope struct {
	EventName      string         `json:"event_name"`
	UserID         string         `json:"user_id"`
	EventData      any            `json:"event_data"`
	Initiator      initiator      `json:"initiator"`
	TriggeredAt    string         `json:"triggered_at"`
	Version        string         `json:"version"`
	EventDataExtra map[string]any `json:"event_data_extra,omitempty"`
}

// deliveries makes the webhooks of an event, one for each user who authorised the app.
func (s *Server) deliveries(c *change, e event) []Delivery {
	if c.hook.URL == "" {
		return nil
	}
	users := c.hook.Users
	if len(users) == 0 {
		users = []string{c.user.UID}
	}
	env := envelope{
		EventName: e.name, EventData: e.data, TriggeredAt: c.at(), Version: "1",
		Initiator: initiator{ID: c.actor.UID, FullName: c.actor.Name, Email: c.actor.Email, IsPremium: true},
	}
	if e.old != nil {
		env.EventDataExtra = map[string]any{"old_item": e.old, "update_intent": e.intent}
	}
	var out []Delivery
	for i, uid := range users {
		env.UserID = uid
		n := c.seq<<16 + int64(len(c.line.Deliveries)+i)
		out = append(out, Delivery{ID: uuid.NewString(), Body: string(mustJSON(env)), Due: c.now, N: n})
	}
	return out
}

// deliver sends what is due, one after the other, until the server is closed.
func (s *Server) deliver() {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-s.stop
		cancel()
	}()
	client := &http.Client{
		Timeout:       hookTimeout,
		Transport:     &http.Transport{Proxy: nil, MaxIdleConnsPerHost: 1},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	for ctx.Err() == nil {
		d, hook, wait := s.nextDelivery()
		if d.ID == "" {
			select {
			case <-ctx.Done():
			case <-s.hookWake:
			case <-time.After(wait):
			}
			continue
		}
		if s.holdBack(d) {
			continue
		}
		err := s.send(ctx, client, hook, d)
		if err == nil && faults.Chance(s.faults.For(faults.Todoist).WebhookDuplicates) {
			_ = s.send(ctx, client, hook, d)
		}
		if ctx.Err() == nil {
			s.settle(d, hook, err)
		}
	}
}

// nextDelivery gives the delivery that has been due for longest, or none and the time to wait for one. While Todoist
// is down nothing is due.
func (s *Server) nextDelivery() (d Delivery, hook Hook, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults.For(faults.Todoist).Down {
		return d, hook, 200 * time.Millisecond
	}
	for _, p := range s.st.pending {
		if d.ID == "" || p.Due.Before(d.Due) || p.Due.Equal(d.Due) && p.N < d.N {
			d = p
		}
	}
	if d.ID == "" {
		return d, hook, time.Minute
	}
	if early := d.Due.Sub(s.now()); early > 0 {
		return Delivery{}, hook, early
	}
	hook = s.st.hook
	if hook.ClientSecret == "" {
		hook.ClientSecret = s.secret
	}
	return d, hook, 0
}

// holdBack lets the next deliveries overtake this one, when the faults want that. It is not kept: a restart has the
// delivery due again.
func (s *Server) holdBack(d Delivery) bool {
	if d.held || !faults.Chance(s.faults.For(faults.Todoist).WebhookReorder) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d.held, d.Due = true, s.now().Add(heldBack)
	if _, still := s.st.pending[d.ID]; still {
		s.st.pending[d.ID] = d
	}
	return true
}

// send makes one try. Everything but a 200 is an error.
func (s *Server) send(ctx context.Context, client *http.Client, hook Hook, d Delivery) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader([]byte(d.Body)))
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, []byte(hook.ClientSecret))
	mac.Write([]byte(d.Body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Todoist-Webhooks")
	req.Header.Set("X-Todoist-Hmac-SHA256", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	req.Header.Set("X-Todoist-Delivery-ID", d.ID)
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the webhook answered %d", res.StatusCode)
	}
	return nil
}

// settle writes down how a delivery went.
func (s *Server) settle(d Delivery, hook Hook, failure error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, still := s.st.pending[d.ID]; !still {
		return // the webhook was taken away meanwhile
	}
	var l line
	switch {
	case failure == nil:
		l.Sent = []string{d.ID}
	case d.Tries >= hookRetries:
		l.Dropped = []string{d.ID}
	default:
		d.Tries++
		d.Due = s.now().Add(hook.retryAfter())
		l.Deliveries = []Delivery{d}
	}
	if err := s.record(l); err != nil {
		s.log.Error("cannot keep a webhook's outcome", slog.Any("error", err))
		delete(s.st.pending, d.ID)
	}
}

func (s *Server) wakeHooks() {
	select {
	case s.hookWake <- struct{}{}:
	default:
	}
}

// setHook changes where webhooks go. Only this machine can be a target.
func (s *Server) setHook(h Hook) error {
	if h.URL != "" {
		u, err := url.Parse(h.URL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
			return errInvalid("url", "an http address is wanted")
		}
		if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return errInvalid("url", "webhooks go to this machine only")
		}
	}
	for _, uid := range h.Users {
		if !hasPerson(s.people, uid) {
			return errInvalid("users", "nobody has this uid")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.record(line{Hook: &h}); err != nil {
		return errors.Join(errInvalid("url", "cannot be kept"), err)
	}
	s.wakeHooks()
	return nil
}
