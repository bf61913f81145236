package store

import (
	"context"
	"errors"
	"fmt"

	"quaydesk/domain/people"
)

// BotUsername gives the user name of a bot as links to it carry it. It fails as long as Telegram has not told it.
func (t *Tx) BotUsername(ctx context.Context, bot int64) (string, error) {
	var name string
	if err := t.tx.QueryRow(ctx, `SELECT username FROM bots WHERE id = $1`, bot).Scan(&name); err != nil {
		return "", fmt.Errorf("user name of bot %d: %w", bot, err)
	}
	if name == "" {
		return "", errors.New("user name of the bot is not known yet")
	}
	return name, nil
}

// EnsureOwners makes the Telegram accounts owners of a workspace, also before they ever wrote.
func (s *Store) EnsureOwners(ctx context.Context, workspace int64, telegram []int64) error {
	return s.Tx(ctx, func(tx *Tx) error { return tx.SetOwners(ctx, workspace, telegram) })
}

// EnsureMember makes a Telegram account a person of a workspace in a role, and the collaborator boardUID on its board
// ("" for none). Somebody who is known already keeps name, role and language.
func (s *Store) EnsureMember(ctx context.Context, workspace, telegram int64, name string, role people.Role, lang, boardUID string) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO people (workspace_id, telegram_id, name, role, lang, board_uid)
		VALUES ($1, $2, $3, $4, $5, nullif($6, ''))
		ON CONFLICT (workspace_id, telegram_id) DO UPDATE SET board_uid = excluded.board_uid WHERE people.board_uid IS NULL`,
		workspace, telegram, name, role, lang, boardUID)
	if err != nil {
		return fmt.Errorf("member: %w", err)
	}
	return nil
}
