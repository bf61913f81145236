package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/chat"
)

// Update is one row of the journal as it comes in.
type Update struct {
	Bot          int64 // our bots.id
	ID           int64 // Telegram's update id
	Conversation string
	Chat, User   int64  // 0 when the update has none
	Kind         string // Telegram's name
	ReplyTo      int64  // message it answers, 0 for none
	ButtonOf     int64  // outbox row whose button was pressed, as callback_data claims; 0 for none
	Raw          []byte // JSON in valid UTF-8
	Outcome      string // set for what nobody handles: such a row needs no delivery
}

const insertUpdates = `
INSERT INTO updates (bot_id, update_id, conversation, chat_id, user_id, kind, reply_to, button_of, raw, delivered_at, outcome)
SELECT bot, id, conversation, nullif(chat, 0), nullif(usr, 0), kind, nullif(reply_to, 0), nullif(button_of, 0), raw::json,
       CASE WHEN outcome <> '' THEN now() END, nullif(outcome, '')
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[],
            $9::text[], $10::text[]) WITH ORDINALITY
     AS u (bot, id, conversation, chat, usr, kind, reply_to, button_of, raw, outcome, n)
ORDER BY n
ON CONFLICT (bot_id, update_id) DO NOTHING`

func updateColumns(updates []Update) []any {
	var (
		n                                         = len(updates)
		bots, ids, chats, users, replies, buttons = make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
		conversations, kinds, raws, outcomes      = make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	)
	for i, u := range updates {
		bots[i], ids[i], chats[i], users[i], replies[i], buttons[i] = u.Bot, u.ID, u.Chat, u.User, u.ReplyTo, u.ButtonOf
		conversations[i], kinds[i], raws[i], outcomes[i] = u.Conversation, u.Kind, string(u.Raw), u.Outcome
	}
	return []any{bots, ids, conversations, chats, users, kinds, replies, buttons, raws, outcomes}
}

// Journal writes updates that came in; those that are there already are dropped.
func (s *Store) Journal(ctx context.Context, updates ...Update) error {
	if _, err := s.pool.Exec(ctx, insertUpdates, updateColumns(updates)...); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// JournalPolled writes what a poll of a bot brought and moves its offset on, in one transaction.
func (s *Store) JournalPolled(ctx context.Context, bot, offset int64, updates []Update) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if len(updates) > 0 {
			if _, err := tx.Exec(ctx, insertUpdates, updateColumns(updates)...); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE bots SET poll_offset = $2 WHERE id = $1`, bot, offset)
		return err
	})
	if err != nil {
		return fmt.Errorf("journal of a poll: %w", err)
	}
	return nil
}

// Waiting is a journal row that its conversation has not got yet, with what is known of what it refers to.
type Waiting struct {
	Seq         int64
	Bot         int64
	Username    string // the bot's
	Raw         []byte
	Received    time.Time
	Handled     bool                    // the conversation dealt with it already: only the mark of its delivery was lost
	Unreachable bool                    // its chat is marked so
	About       string                  // what the message it answers is about
	Buttons     [][]chat.RenderedButton // of the message whose button was pressed, if this bot sent it to this chat
}

// handOverAtOnce bounds how long one transaction lasts.
const handOverAtOnce = 20

// HandOver passes the undelivered updates of a conversation to give, in the order of their arrival, and marks those
// delivered for which it returned nil; the outcome it returns is noted unless empty. It stops at the first error and
// returns it. Only one HandOver of a conversation runs at a time, over all processes; another one waits. Marks may be
// lost when PostgreSQL crashes, so give has to bear repeats. more says that further rows were waiting.
func (s *Store) HandOver(ctx context.Context, conversation string, give func(context.Context, Waiting) (outcome string, err error)) (more bool, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return false, fmt.Errorf("hand over: %w", err)
	}
	defer conn.Release() // closes the connection if the transaction is still open

	var rows []Waiting
	b := &pgx.Batch{}
	b.Queue(`BEGIN`)
	b.Queue(`SELECT set_config('synchronous_commit', 'off', true), set_config('lock_timeout', '5s', true)`)
	b.Queue(`SELECT pg_advisory_xact_lock(hashtextextended($1, 7))`, conversation)
	b.Queue(`
		SELECT u.seq, u.bot_id, b.username, u.raw, u.received_at, u.handled_at IS NOT NULL, c.unreachable IS NOT NULL,
		       coalesce(m.about, ''), o.message->'buttons'
		FROM updates u
		JOIN bots b ON b.id = u.bot_id
		LEFT JOIN chats c ON c.bot_id = u.bot_id AND c.chat_id = u.chat_id
		LEFT JOIN messages m ON m.bot_id = u.bot_id AND m.chat_id = u.chat_id AND m.message_id = u.reply_to
		LEFT JOIN outbox o ON o.id = u.button_of AND o.bot_id = u.bot_id AND o.chat_id = u.chat_id
		WHERE u.conversation = $1 AND u.delivered_at IS NULL
		ORDER BY u.seq LIMIT $2`, conversation, handOverAtOnce,
	).Query(func(r pgx.Rows) error {
		rows, err = pgx.CollectRows(r, func(r pgx.CollectableRow) (w Waiting, err error) {
			err = r.Scan(&w.Seq, &w.Bot, &w.Username, &w.Raw, &w.Received, &w.Handled, &w.Unreachable, &w.About, &w.Buttons)
			return w, err
		})
		return err
	})
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return false, fmt.Errorf("hand over: %w", err)
	}

	var (
		delivered []int64
		outcomes  []string
		giveErr   error
	)
	for _, w := range rows {
		var outcome string
		if !w.Handled {
			if outcome, giveErr = give(ctx, w); giveErr != nil {
				break
			}
		}
		delivered, outcomes = append(delivered, w.Seq), append(outcomes, outcome)
	}

	b = &pgx.Batch{}
	if len(delivered) > 0 {
		b.Queue(`
			UPDATE updates u SET delivered_at = clock_timestamp(), outcome = coalesce(nullif(d.outcome, ''), u.outcome)
			FROM unnest($1::bigint[], $2::text[]) AS d (seq, outcome) WHERE u.seq = d.seq`, delivered, outcomes)
	}
	b.Queue(`COMMIT`)
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return false, fmt.Errorf("mark delivered: %w", err)
	}
	return len(rows) == handOverAtOnce, giveErr
}

// WaitingConversations lists conversations with updates that have waited for at least age, those that waited longest
// first, at most limit.
func (s *Store) WaitingConversations(ctx context.Context, age time.Duration, limit int) ([]string, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT conversation FROM updates
		WHERE delivered_at IS NULL AND received_at <= now() - $1::interval
		GROUP BY conversation ORDER BY min(seq) LIMIT $2`, age, limit)
	if err != nil {
		return nil, fmt.Errorf("waiting conversations: %w", err)
	}
	conversations, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("waiting conversations: %w", err)
	}
	return conversations, nil
}
