package botgateway

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"quaydesk/store"
)

// Outbox is where messages wait to be sent.
type Outbox interface {
	Pump(ctx context.Context, bots []int64, results []store.Result, limit int, claim func(time.Time, []store.BotLimit, []store.OutboxRow) store.Claims) error
	ListenOutbox(ctx context.Context, wake func()) error
}

// sender sends what is in the outbox. One goroutine, the pump, claims rows and notes results, so that nothing is claimed
// again whose result is only not noted yet; each claimed row is sent by a goroutine of its own.
type sender struct {
	store   Outbox
	files   Files
	log     *slog.Logger
	metrics *metrics
	disable func(context.Context, *bot, error) error

	wake    chan struct{}
	results chan store.Result

	mu     sync.Mutex
	floods map[int64]flood // by bot
	doubts map[int64]int   // by row: attempts that perhaps got through
}

// flood is a chat that Telegram asked to leave alone, and when.
type flood struct {
	chat int64
	at   time.Time
}

// poke has the sender look at the outbox now.
func (s *sender) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// listen is woken by the database when rows are written. While it cannot listen, the sender looks every second.
func (s *sender) listen(ctx context.Context) {
	for ctx.Err() == nil {
		err := s.store.ListenOutbox(ctx, s.poke)
		if ctx.Err() == nil {
			s.log.WarnContext(ctx, "the outbox's news is lost for a moment", slog.Any("error", err))
			sleep(ctx, time.Second)
		}
	}
}

// send sends a claimed row.
func (s *sender) send(ctx context.Context, b *bot, j job) store.Result {
	ctx, cancel := context.WithTimeout(ctx, j.lease-leaseMargin/2)
	defer cancel()
	var r store.Result
	begun := time.Now()
	err := s.deliver(ctx, b, &j)
	if err == nil {
		r = store.Result{ID: j.ID, Bot: j.Bot, Chat: j.Chat, Claim: j.until, Status: store.Sent}
		s.metrics.sendLag.Observe((j.Waited + time.Since(begun)).Seconds())
	} else {
		r = j.result(err)
		if treat(err) == doubtful && !j.Edit && s.doubted(j.ID) >= maxDoubts {
			r.Status, r.Error = store.Dead, inDoubt
		}
		s.failed(ctx, b, j, &r, err)
	}
	if r.Status != store.Pending {
		s.undoubted(j.ID)
	}
	r.Parts, r.MessageIDs, r.MessageID = j.Parts, j.MessageIDs, j.mainID()
	r.Anew = j.anew && r.Status == store.Sent
	s.metrics.sends.WithLabelValues(map[string]string{store.Sent: "sent", store.Pending: "retried", store.Dead: "dead"}[r.Status]).Inc()
	return r
}

func (s *sender) failed(ctx context.Context, b *bot, j job, r *store.Result, err error) {
	s.metrics.errors.WithLabelValues(codeLabel(err)).Inc()
	s.log.WarnContext(ctx, "a message is not sent", slog.Int64("outbox", j.ID), slog.Int64("bot", j.Bot),
		slog.Int("attempt", j.Attempts), slog.String("now", r.Status), slog.Any("error", err))
	switch treat(err) {
	case hold:
		if s.botFlooded(j.Bot, j.Chat, time.Now()) {
			r.HoldBot = r.HoldChat
		}
	case switchOff:
		if err := s.disable(ctx, b, err); err != nil {
			s.log.ErrorContext(ctx, "the bot could not be switched off", slog.Int64("bot", j.Bot), slog.Any("error", err))
			r.Delay = pause(j.Attempts)
		}
	}
}

// doubted notes that an attempt to send a row perhaps got through, and returns how many did.
func (s *sender) doubted(row int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.doubts == nil {
		s.doubts = map[int64]int{}
	}
	s.doubts[row]++
	return s.doubts[row]
}

// undoubted forgets a row that is not tried again.
func (s *sender) undoubted(row int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.doubts, row)
}

// botFlooded notes that Telegram asked for a pause in a chat, and tells whether it did so for another chat of the bot
// within the last second: then the bot as a whole is too fast.
func (s *sender) botFlooded(bot, chat int64, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.floods == nil {
		s.floods = map[int64]flood{}
	}
	last := s.floods[bot]
	s.floods[bot] = flood{chat: chat, at: now}
	return last.chat != 0 && last.chat != chat && now.Sub(last.at) < time.Second
}
