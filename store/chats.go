package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Unreachable marks a chat as one where nothing can be sent, with the reason as Telegram gave it. What waits for it
// becomes dead letters.
func (s *Store) Unreachable(ctx context.Context, bot, chat int64, reason string) error {
	_, err := s.pool.Exec(ctx, `
		INSERT INTO chats (bot_id, chat_id, unreachable) VALUES ($1, $2, $3)
		ON CONFLICT (bot_id, chat_id) DO UPDATE SET unreachable = excluded.unreachable`, bot, chat, reason)
	if err != nil {
		return fmt.Errorf("mark a chat unreachable: %w", err)
	}
	return nil
}

// deadFor begins the error of a row that is dead because nothing can be sent to its chat, for Reachable to find it by.
const deadFor = "unreachable: "

// DeadFor is the error of a row that is dead because its chat is unreachable for a reason.
func DeadFor(reason string) string { return deadFor + reason }

// Reachable takes the mark of Unreachable away. What became a dead letter for it waits to be sent again, in its old
// order, unless it is older than a week or an edit that a later one has overtaken.
func (s *Store) Reachable(ctx context.Context, bot, chat int64) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		// No sender decides now by a mark that is about to go.
		b.Queue(`SELECT FROM bot_limits WHERE bot_id = $1 FOR UPDATE`, bot)
		b.Queue(`
			WITH revived AS (
			    UPDATE outbox o SET status = 'pending', attempts = 0, error = NULL, claimed_until = NULL, aside = false, not_before = now()
			    WHERE bot_id = $1 AND chat_id = $2 AND status = 'dead' AND starts_with(error, $3)
			      AND created_at > now() - interval '7 days'
			      AND NOT EXISTS (
			          SELECT 1 FROM outbox e
			          WHERE e.bot_id = o.bot_id AND e.edits = o.edits AND e.id > o.id AND e.message_id IS NOT NULL)
			    RETURNING key)
			UPDATE outbox e SET status = 'pending', error = NULL, not_before = now() FROM revived r
			WHERE e.bot_id = $1 AND e.edits = r.key AND e.status = 'sent' AND e.message_id IS NULL`, bot, chat, deadFor)
		b.Queue(`UPDATE chats SET unreachable = NULL WHERE bot_id = $1 AND chat_id = $2 AND unreachable IS NOT NULL`, bot, chat)
		b.Queue(`SELECT pg_notify('outbox', '')`)
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return fmt.Errorf("mark a chat reachable: %w", err)
	}
	return nil
}
