package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Draft names a dialogue that a person left unfinished in a chat.
type Draft struct {
	Bot, Chat, User int64 // User is the Telegram user id
	Dialogue        string
}

// SaveDraft keeps what was answered so far; an older draft of the same dialogue gives way.
func (t *Tx) SaveDraft(ctx context.Context, d Draft, answers json.RawMessage) error {
	return t.exec(ctx, `INSERT INTO drafts (bot_id, chat_id, user_id, dialogue, answers) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (bot_id, chat_id, user_id, dialogue) DO UPDATE SET answers = excluded.answers, saved_at = now()`,
		d.Bot, d.Chat, d.User, d.Dialogue, answers)
}

// TakeDraft removes a draft and gives what it held; nil when there is none.
func (t *Tx) TakeDraft(ctx context.Context, d Draft) (json.RawMessage, error) {
	var answers json.RawMessage
	err := t.tx.QueryRow(ctx, `DELETE FROM drafts WHERE bot_id = $1 AND chat_id = $2 AND user_id = $3 AND dialogue = $4
		RETURNING answers`, d.Bot, d.Chat, d.User, d.Dialogue).Scan(&answers)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("draft: %w", err)
	}
	return answers, nil
}
