package store

import (
	"context"
	"fmt"
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

// Reachable takes the mark of Unreachable away.
func (s *Store) Reachable(ctx context.Context, bot, chat int64) error {
	_, err := s.pool.Exec(ctx, `
		UPDATE chats SET unreachable = NULL WHERE bot_id = $1 AND chat_id = $2 AND unreachable IS NOT NULL`, bot, chat)
	if err != nil {
		return fmt.Errorf("mark a chat reachable: %w", err)
	}
	return nil
}
