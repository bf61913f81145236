package botgateway

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"quaydesk/botgateway/telegram"
	"quaydesk/store"
)

const pollWait = 25 * time.Second

// poll fetches a bot's updates until ctx ends or Telegram refuses the token. Of several gateways one polls.
func (g *Gateway) poll(ctx context.Context, b *bot) {
	for ctx.Err() == nil && !b.off.Load() {
		g.persist(ctx, "poll", func(ctx context.Context) error {
			polled := false
			err := g.Store.AloneForBot(ctx, b.ID, func(ctx context.Context) error { return g.pollAlone(ctx, b, &polled) })
			if refused := (*telegram.Error)(nil); errors.As(err, &refused) && refused.Code == http.StatusConflict {
				g.Log.ErrorContext(ctx, "another program polls with this bot's token, or has set a webhook: only one can. "+
					"End the other one, or give it a bot of its own; trying again in 15 s", slog.Int64("bot", b.ID))
				sleep(ctx, 15*time.Second)
			}
			if err = g.orDisable(ctx, b, err); err != nil && polled && ctx.Err() == nil {
				g.Log.WarnContext(ctx, "polling broke off", slog.Int64("bot", b.ID), slog.Any("error", err))
				return nil // it worked: begin again with short pauses
			}
			return err
		})
	}
}

// pollAlone fetches updates until something fails. The offset, which makes Telegram forget what is before it, moves on
// only after the journal has that. polled is set once a poll went well.
func (g *Gateway) pollAlone(ctx context.Context, b *bot, polled *bool) error {
	if err := b.api.DeleteWebhook(ctx); err != nil {
		return err
	}
	offset, err := g.Store.PollOffset(ctx, b.ID)
	if err != nil {
		return err
	}
	g.Log.InfoContext(ctx, "polling", slog.Int64("bot", b.ID))
	for {
		raws, err := b.api.Updates(ctx, offset, pollWait, kinds)
		if err != nil {
			return err
		}
		*polled = true
		next, rows := g.readAll(ctx, b, raws)
		if len(raws) > 0 && next == 0 {
			return errors.New("a poll brought nothing that is an update")
		}
		if next == offset {
			continue
		}
		// After a quiet week update ids start anew, perhaps lower: an offset that has done its work is not kept.
		if err := g.Store.JournalPolled(ctx, b.ID, next, rows); err != nil {
			return err
		}
		offset = next
		for _, row := range rows {
			g.relay.kick(row.Conversation)
		}
	}
}

// readAll gives the rows of polled updates and the offset that forgets them, 0 if there are none.
func (g *Gateway) readAll(ctx context.Context, b *bot, raws []json.RawMessage) (offset int64, rows []store.Update) {
	received := time.Now()
	for _, raw := range raws {
		if u, ok := g.read(ctx, b, raw, received); ok {
			rows = append(rows, u.row(b.ID, raw))
			offset = max(offset, u.id+1)
		}
	}
	return offset, rows
}
