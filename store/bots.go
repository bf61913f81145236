package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Bot is a Telegram bot of a workspace.
type Bot struct {
	ID        int64
	Workspace int64
	Username  string // as getMe last gave it, without @; "" before the first time
	Token     string // a secret
	Path      string // last part of the webhook's URL
	Secret    string // what Telegram sends along with each webhook
}

// Bots lists the bots that are not switched off.
func (s *Store) Bots(ctx context.Context) ([]Bot, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT id, workspace_id, username, token, webhook_path, webhook_secret
		FROM bots WHERE disabled_reason IS NULL ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("bots: %w", err)
	}
	bots, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (b Bot, err error) {
		err = r.Scan(&b.ID, &b.Workspace, &b.Username, &b.Token, &b.Path, &b.Secret)
		return b, err
	})
	if err != nil {
		return nil, fmt.Errorf("bots: %w", err)
	}
	return bots, nil
}

// SwitchedOff lists the bots that are switched off.
func (s *Store) SwitchedOff(ctx context.Context) ([]int64, error) {
	rows, err := s.pool.Query(ctx, `SELECT id FROM bots WHERE disabled_reason IS NOT NULL ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("bots that are switched off: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("bots that are switched off: %w", err)
	}
	return ids, nil
}

// RegisterBot adds a bot to the first workspace, which is made with the given name if there is none, and returns the
// bot's id. A bot that is known by its Telegram id gets the token and modules anew and is switched on again.
func (s *Store) RegisterBot(ctx context.Context, telegramID int64, token, workspace string, modules []string) (id int64, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `LOCK TABLE workspaces IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		var ws int64
		err := tx.QueryRow(ctx, `SELECT id FROM workspaces ORDER BY id LIMIT 1`).Scan(&ws)
		if errors.Is(err, pgx.ErrNoRows) {
			err = tx.QueryRow(ctx, `INSERT INTO workspaces (name) VALUES ($1) RETURNING id`, workspace).Scan(&ws)
		}
		if err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `
			INSERT INTO bots (workspace_id, telegram_id, token, modules, webhook_path, webhook_secret)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (telegram_id) DO UPDATE SET token = excluded.token, modules = excluded.modules, disabled_reason = NULL
			RETURNING id`, ws, telegramID, token, modules, rand.Text(), rand.Text()).Scan(&id)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO bot_limits (bot_id) VALUES ($1) ON CONFLICT DO NOTHING`, id)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("register a bot: %w", err)
	}
	return id, nil
}

// PollOffset is the next update to ask for when polling; 0 means the oldest that Telegram keeps.
func (s *Store) PollOffset(ctx context.Context, bot int64) (offset int64, err error) {
	err = s.pool.QueryRow(ctx, `SELECT poll_offset FROM bots WHERE id = $1`, bot).Scan(&offset)
	if err != nil {
		return 0, fmt.Errorf("poll offset: %w", err)
	}
	return offset, nil
}

// NameBot keeps a bot's user name.
func (s *Store) NameBot(ctx context.Context, bot int64, username string) error {
	_, err := s.pool.Exec(ctx, `UPDATE bots SET username = $2 WHERE id = $1 AND username <> $2`, bot, username)
	if err != nil {
		return fmt.Errorf("name a bot: %w", err)
	}
	return nil
}

// DisableBot switches a bot off for all processes, with the reason.
func (s *Store) DisableBot(ctx context.Context, bot int64, reason string) error {
	_, err := s.pool.Exec(ctx, `UPDATE bots SET disabled_reason = $2 WHERE id = $1`, bot, reason)
	if err != nil {
		return fmt.Errorf("switch a bot off: %w", err)
	}
	return nil
}

// AloneForBot runs do while no other process runs it for the same bot, waiting for its turn. What makes it alone is a
// connection of its own: do's context ends some seconds after that is lost.
func (s *Store) AloneForBot(ctx context.Context, bot int64, do func(context.Context) error) error {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig.Copy())
	if err != nil {
		return fmt.Errorf("turn for a bot: %w", err)
	}
	defer closeSoon(conn)
	for {
		var got bool
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(1, $1::int)`, bot).Scan(&got); err != nil {
			return fmt.Errorf("turn for a bot: %w", err)
		}
		if got {
			return whileAlive(ctx, conn, do)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// whileAlive runs do with a context that ends when the connection, which nobody else may use, does not answer.
func whileAlive(ctx context.Context, conn *pgx.Conn, do func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	defer watch.Wait()
	defer cancel()
	watch.Go(func() {
		defer cancel()
		for ctx.Err() == nil && conn.Ping(ctx) == nil {
			select {
			case <-ctx.Done():
			case <-time.After(5 * time.Second):
			}
		}
	})
	return do(ctx)
}

// closeSoon closes a connection even when the context it was used with has ended.
func closeSoon(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}

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
