package botgateway

import (
	"context"
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/sethvargo/go-retry"

	"quaydesk/botgateway/telegram"
	"quaydesk/store"
)

const (
	webhookPrefix = "/telegram/"
	secretHeader  = "X-Telegram-Bot-Api-Secret-Token"
	maxUpdate     = 1 << 20          // bytes of a webhook's body
	spinnerLife   = 15 * time.Second // how long Telegram's apps show a pressed button turning
)

// Journal is where updates are kept before anything is done about them.
type Journal interface {
	Journal(ctx context.Context, updates ...store.Update) error
	JournalPolled(ctx context.Context, bot, offset int64, updates []store.Update) error
	PollOffset(ctx context.Context, bot int64) (int64, error)
	AloneForBot(ctx context.Context, bot int64, do func(context.Context) error) error
	HandedOver
}

// Handler takes Telegram's webhooks, POST /telegram/<a bot's path>. It answers 200 only when the update is in the
// journal, so that Telegram sends again what could not be kept.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+webhookPrefix+"{path}", g.webhook)
	return mux
}

func (g *Gateway) webhook(w http.ResponseWriter, r *http.Request) {
	received := time.Now()
	bots := g.bots.Load()
	if bots == nil {
		http.Error(w, "starting", http.StatusServiceUnavailable)
		return
	}
	b := (*bots)[r.PathValue("path")]
	if b == nil {
		http.NotFound(w, r)
		return
	}
	if subtle.ConstantTimeCompare([]byte(r.Header.Get(secretHeader)), []byte(b.Secret)) != 1 {
		http.Error(w, "wrong secret", http.StatusUnauthorized)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		g.Log.WarnContext(r.Context(), "a webhook of too many bytes is refused", slog.Int64("bot", b.ID))
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, "incomplete", http.StatusBadRequest)
		return
	}

	u, ok := g.read(r.Context(), b, raw, received)
	if !ok {
		return // 200: sent again, it would be no better, and hold up what comes after it
	}
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	row := u.row(b.ID, raw)
	if err := g.Store.Journal(ctx, row); err != nil {
		g.Log.ErrorContext(ctx, "an update is refused: no journal", slog.Int64("bot", b.ID), slog.Any("error", err))
		w.Header().Set("Retry-After", "1")
		http.Error(w, "no journal", http.StatusServiceUnavailable)
		return
	}
	g.relay.kick(row.Conversation)
}

// read reads an update that came in, by whatever way, and ends the spinner if it is a press. It tells whether it is an
// update at all.
func (g *Gateway) read(ctx context.Context, b *bot, raw []byte, received time.Time) (update, bool) {
	u, err := readUpdate(raw, b.ID, *b.name.Load(), received)
	if err != nil {
		g.metrics.updates.WithLabelValues("unreadable").Inc()
		g.Log.ErrorContext(ctx, "Telegram sent what is no update; it is dropped",
			slog.Int64("bot", b.ID), slog.Int("bytes", len(raw)))
		return u, false
	}
	g.metrics.updates.WithLabelValues(kindLabel(u.kind)).Inc()
	if u.ignored == unreadable {
		g.Log.ErrorContext(ctx, "an update is not of the shape that its kind has; it stays in the journal",
			slog.Int64("bot", b.ID), slog.Int64("update", u.id), slog.String("kind", u.kind))
	}
	if u.callback != "" {
		g.answerSoon(b, u.callback)
	}
	return u, true
}

func (g *Gateway) answerSoon(b *bot, callback string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.ended {
		g.answers.Go(func() { g.answer(g.last, b, callback) })
	}
}

// answer ends the spinner on a pressed button, trying for as long as anybody looks at it. That may fail: the press is
// handled all the same, and an old query ("query is too old", "query ID is invalid") has no spinner any more.
func (g *Gateway) answer(ctx context.Context, b *bot, callback string) {
	err := retry.Do(ctx, retry.WithMaxDuration(spinnerLife, backoff(2*time.Second)), func(ctx context.Context) error {
		err := b.api.AnswerCallback(ctx, callback)
		if err == nil || g.over() {
			return err
		}
		switch treat(err) {
		case hold:
			if refused := (*telegram.Error)(nil); errors.As(err, &refused) {
				sleep(ctx, min(refused.RetryAfter, spinnerLife))
			}
			return retry.RetryableError(err)
		case again, doubtful:
			return retry.RetryableError(err)
		}
		return err
	})
	if err != nil && !staleQuery(err) {
		g.metrics.errors.WithLabelValues(codeLabel(err)).Inc()
		g.Log.WarnContext(ctx, "a callback query is not answered", slog.Int64("bot", b.ID), slog.Any("error", err))
	}
}

// over tells whether the gateway is coming to its end.
func (g *Gateway) over() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ended
}
