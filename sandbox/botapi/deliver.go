package botapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"quaydesk/sandbox/faults"
)

const (
	answerTime  = 60 * time.Second // what a webhook may take
	maxAfter    = 3600             // the longest Retry-After heeded, in seconds
	reorderHold = 200 * time.Millisecond
)

// delivery brings a bot's updates to its webhook, from when this was set until it is changed. Each queue has one
// update in flight.
type delivery struct {
	s      *Server
	bot    *bot
	hook   hook
	ctx    context.Context
	cancel context.CancelFunc
	slots  chan struct{}
	queues map[string][]*update // guarded by the server's mutex; a queue that is here has a goroutine
}

// startDelivery begins anew with all that is pending. The server's mutex is held.
func (s *Server) startDelivery(b *bot) {
	if b.delivery != nil {
		b.delivery.cancel()
		b.delivery = nil
	}
	if b.hook.URL == "" {
		return
	}
	d := &delivery{s: s, bot: b, hook: b.hook, slots: make(chan struct{}, b.hook.MaxConnections), queues: map[string][]*update{}}
	d.ctx, d.cancel = context.WithCancel(s.ctx)
	b.delivery = d
	for _, u := range b.pending {
		d.add(u)
	}
}

// add puts an update at the end of its queue. The server's mutex is held.
func (d *delivery) add(u *update) {
	d.queues[u.Queue] = append(d.queues[u.Queue], u)
	if len(d.queues[u.Queue]) == 1 {
		d.s.running.Go(func() { d.run(u.Queue) })
	}
}

// run delivers a queue until it is empty.
func (d *delivery) run(queue string) {
	f := d.s.cfg.Faults
	for {
		if faults.Chance(f.For(faults.Telegram).WebhookReorder) {
			d.wait(reorderHold)
		} else {
			d.deliver(d.at(queue, 0))
			if d.left(queue, 0) {
				return
			}
			continue
		}
		d.s.mu.Lock()
		second := min(1, len(d.queues[queue])-1)
		d.s.mu.Unlock()
		d.deliver(d.at(queue, second))
		if d.left(queue, second) {
			return
		}
	}
}

func (d *delivery) at(queue string, i int) *update {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	return d.queues[queue][i]
}

// left takes what was delivered out of the queue, and tells whether the queue is through.
func (d *delivery) left(queue string, i int) bool {
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if d.ctx.Err() != nil {
		return true
	}
	d.queues[queue] = slices.Delete(d.queues[queue], i, i+1)
	if len(d.queues[queue]) == 0 {
		delete(d.queues, queue)
		return true
	}
	return false
}

// deliver tries until the webhook takes the update, the update expires or the delivery ends.
func (d *delivery) deliver(u *update) {
	delay := 1
	for fails := 0; d.ctx.Err() == nil; fails++ {
		if !d.s.take(d, u, fails) {
			return
		}
		after, failure := d.post(u)
		if failure == "" {
			d.s.delivered(u)
			if faults.Chance(d.s.cfg.Faults.For(faults.Telegram).WebhookDuplicates) {
				d.again(u)
			}
			return
		}
		if d.ctx.Err() != nil {
			return
		}
		pause := time.Duration(after) * time.Second
		if after == 0 && fails > 0 {
			delay = min(delay*2, 60+rand.IntN(61))
			pause = time.Duration(delay) * d.s.retryUnit
		}
		d.s.hookFailed(d.bot, failure)
		if time.Now().Add(pause).After(u.Expires) {
			d.s.delivered(u)
			return
		}
		d.wait(pause)
	}
}

// take waits for a connection and tells whether the update is still to be delivered.
func (s *Server) take(d *delivery, u *update, fails int) bool {
	select {
	case d.slots <- struct{}{}:
	case <-d.ctx.Done():
		return false
	}
	now := time.Now()
	if now.After(u.Expires) {
		<-d.slots
		s.delivered(u)
		return false
	}
	if fails == 0 {
		s.emitUpdate("update_delivering", now, u)
	}
	return true
}

// post makes one attempt, on a connection taken before, and says what failed, in the API's words. after is the
// Retry-After of a refusal, in seconds.
func (d *delivery) post(u *update) (after int, failure string) {
	defer func() { <-d.slots }()
	req, err := http.NewRequestWithContext(d.ctx, http.MethodPost, d.hook.URL, bytes.NewReader(u.Body))
	if err != nil {
		return 0, "Invalid webhook URL"
	}
	req.Header.Set("Content-Type", "application/json")
	if d.hook.Secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", d.hook.Secret)
	}
	resp, err := d.s.client.Do(req)
	if err != nil {
		return 0, plainCause(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return 0, plainCause(err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		after, _ = strconv.Atoi(resp.Header.Get("Retry-After"))
		return min(max(after, 0), maxAfter), "Wrong response from the webhook: " + resp.Status
	}
	d.s.running.Go(func() { d.s.answered(d.bot, resp.Header.Get("Content-Type"), body) })
	return 0, ""
}

// plainCause says why a connection failed without the address, which may hold a secret path.
func plainCause(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Connection refused"
	case errors.Is(err, context.DeadlineExceeded):
		return "Read timeout expired"
	}
	return "Webhook connection closed"
}

// answered carries out the method that a webhook's answer may name. Nobody learns of its result.
func (s *Server) answered(b *bot, contentType string, body []byte) {
	if len(body) == 0 {
		return
	}
	r, err := http.NewRequestWithContext(s.ctx, http.MethodPost, "/", bytes.NewReader(body))
	if err != nil {
		return
	}
	r.Header.Set("Content-Type", contentType)
	p, err := readParams(nil, r)
	name := strings.ToLower(p.values["method"])
	if err != nil || name == "" || strings.HasPrefix(name, "get") ||
		slices.Contains([]string{"setwebhook", "deletewebhook", "close", "logout"}, name) {
		return
	}
	delete(p.values, "method")
	_, _ = s.dispatch(s.ctx, &call{s: s, bot: b, params: p}, name)
}

// again delivers an update that was taken before once more, a moment later and outside of all order.
func (d *delivery) again(u *update) {
	d.s.running.Go(func() {
		d.wait(time.Duration(rand.IntN(1000)) * time.Millisecond)
		select {
		case d.slots <- struct{}{}:
			_, _ = d.post(u)
		case <-d.ctx.Done():
		}
	})
}

// delivered forgets an update that was taken or has expired.
func (s *Server) delivered(u *update) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.commit(&record{Done: &doneRecord{Bot: u.Bot, ID: u.ID}}); err != nil {
		s.cfg.Log.Error("cannot keep a change of the sandbox's chats", slog.Any("error", err))
	}
	s.emitUpdate("update_delivered", time.Now(), u)
}

func (s *Server) hookFailed(b *bot, failure string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b.hookError, b.hookErrorAt = failure, time.Now()
}

func (d *delivery) wait(pause time.Duration) {
	if pause <= 0 {
		return
	}
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-t.C:
	case <-d.ctx.Done():
	}
}

// webhookClient reaches loopback addresses only, whatever a name may resolve to.
func webhookClient() *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		host, _, err := net.SplitHostPort(address)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return errors.New("not a loopback address")
		}
		return nil
	}}
	return &http.Client{
		Timeout:       answerTime,
		Transport:     &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 100, IdleConnTimeout: 90 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// tell puts an update for a bot into r, unless the bot does not want its kind: then it gives nil. The server's mutex
// is held.
func (s *Server) tell(b *bot, r *record, u update, life time.Duration, now time.Time, fields map[string]any) (*update, error) {
	if !b.wants(u.Kind) {
		return nil, nil
	}
	u.ID, u.Bot, u.Expires = b.nextUpdate+int64(len(r.Updates)), b.ID, now.Add(life)
	fields["update_id"] = u.ID
	var err error
	if u.Body, err = json.Marshal(fields); err != nil {
		return nil, err
	}
	r.Updates = append(r.Updates, &u)
	return &u, nil
}

// wake starts the delivery of updates that were just committed. The server's mutex is held.
func (s *Server) wake(b *bot, us []*update) {
	for _, u := range us {
		if b.delivery != nil {
			b.delivery.add(u)
		}
	}
	if b.poll != nil {
		select {
		case b.poll.wake <- struct{}{}:
		default:
		}
	}
}
