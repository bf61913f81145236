package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// KeepMessage notes what a message in Telegram is about ("ticket:12") and which part of it ("comment:34", or "").
func (t *Tx) KeepMessage(ctx context.Context, bot, chat int64, message int, about, part string) error {
	_, err := t.tx.Exec(ctx, `
		INSERT INTO messages (bot_id, chat_id, message_id, about, part) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (bot_id, chat_id, message_id) DO UPDATE SET about = excluded.about, part = excluded.part`,
		bot, chat, message, about, part)
	if err != nil {
		return fmt.Errorf("keep what a message is about: %w", err)
	}
	return nil
}

// AboutMessage tells what a message is about, and which part of it; both are empty when it is not known.
func (t *Tx) AboutMessage(ctx context.Context, bot, chat int64, message int) (about, part string, err error) {
	err = t.tx.QueryRow(ctx, `SELECT about, part FROM messages WHERE bot_id = $1 AND chat_id = $2 AND message_id = $3`,
		bot, chat, message).Scan(&about, &part)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", "", fmt.Errorf("what a message is about: %w", err)
	}
	return about, part, nil
}
