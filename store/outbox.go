package store

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/chat"
)

// OutboxRow is a message that waits to be sent and has nothing before it: in its chat the oldest interactive one, or
// the oldest bulk one when no interactive one waits; among the edits of one message the oldest.
type OutboxRow struct {
	ID, Bot, Chat int64
	Bulk          bool
	Edit          bool    // it replaces an earlier message: Target
	Target        *Target // nil when there is no message to replace and never will be
	Message       chat.Rendered
	Attempts      int           // claims so far
	Parts         int           // requests that earlier attempts got through
	MessageIDs    []int64       // what those made
	Abandoned     bool          // a sender claimed it and never told how it went
	Waited        time.Duration // since it was written
	Unreachable   string        // why nothing can be sent to its chat; "" when something can
	ChatNext      time.Time     // the chat's bucket, see package limit
	ChatHeld      time.Time     // Telegram said: nothing to this chat before
}

// Target is the message an edit replaces.
type Target struct {
	Message   chat.Rendered // as it was first sent
	MessageID int64
}

// BotLimit is a bot's bucket.
type BotLimit struct {
	Bot       int64
	PerSecond int
	Next      time.Time // see package limit
	Held      time.Time // Telegram said: nothing from this bot before
}

// Result is how an attempt to send a row went. Durations count from now.
type Result struct {
	ID          int64
	Bot, Chat   int64     // of the row
	Claim       time.Time // until when the row was claimed: a later claim makes the result void, except that sent is sent
	Status      string    // Sent, Dead, or Pending: to be tried again after Delay
	Delay       time.Duration
	Aside       bool   // with Pending: others of the chat may go first
	Error       string // without secrets
	Parts       int
	MessageID   int64
	MessageIDs  []int64
	Anew        bool          // an edit that became a new message, which later edits have to replace
	Unreachable string        // nothing can be sent to the chat: all that waits for it is dead, see DeadFor
	MigratedTo  int64         // the chat has this id by now
	HoldChat    time.Duration // nothing to the chat for so long
	HoldBot     time.Duration // nothing from the bot for so long
}

// The states of an outbox row.
const (
	Pending = "pending"
	Sent    = "sent"
	Dead    = "dead"
)

// Claims is what a sender takes upon itself.
type Claims struct {
	Rows    map[int64]time.Time // row → until when nobody else may send it
	Delays  map[int64]time.Time // row → when it may be tried
	Results []Result            // rows that need no request, and so no claim
	Chats   map[Chat]time.Time  // the chats' buckets after the claims
	Bots    map[int64]time.Time // the bots' buckets after the claims
}

// Chat names a chat of a bot.
type Chat struct{ Bot, ID int64 }

// Pump notes results, then lets claim choose among the rows that are due, at most limit of each bot, and writes its
// choice down; all in one transaction, which only one sender at a time can be in for a bot. Bots that are switched off
// have no rows. now is the database's clock. claim is called at most once, and its choice stands only if Pump returns
// nil.
func (s *Store) Pump(ctx context.Context, bots []int64, results []Result, limit int, claim func(now time.Time, bots []BotLimit, rows []OutboxRow) Claims) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	defer conn.Release() // closes the connection if the transaction is still open

	var (
		now    time.Time
		limits []BotLimit
		rows   []OutboxRow
	)
	b := &pgx.Batch{}
	b.Queue(`BEGIN`)
	b.Queue(lockLimits, bots).Query(func(r pgx.Rows) error {
		limits, err = pgx.CollectRows(r, func(r pgx.CollectableRow) (l BotLimit, err error) {
			err = r.Scan(&l.Bot, &l.PerSecond, &l.Next, &l.Held)
			return l, err
		})
		return err
	})
	settle(b, results)
	b.Queue(`SELECT clock_timestamp()`).QueryRow(func(r pgx.Row) error { return r.Scan(&now) })
	if limit > 0 {
		b.Queue(waitingRows, bots, limit).Query(func(r pgx.Rows) error {
			rows, err = pgx.CollectRows(r, scanOutboxRow)
			return err
		})
	}
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}

	claims := claim(now, limits, rows)
	b = &pgx.Batch{}
	claims.queue(b)
	if b.Len() == 0 && len(results) == 0 {
		b.Queue(`ROLLBACK`) // nothing to make durable
	} else {
		b.Queue(`COMMIT`)
	}
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

const lockLimits = `
SELECT l.bot_id, b.sends_per_second, l.next_send, l.held_until
FROM bot_limits l JOIN bots b ON b.id = l.bot_id
WHERE l.bot_id = ANY($1) AND b.disabled_reason IS NULL
ORDER BY l.bot_id FOR UPDATE OF l`

// A row waits for interactive ones before it in its chat, and an edit only for edits of the same message and for the
// message itself: it shows nothing new, so the next message need not wait for it.
const waitingRows = `
SELECT o.id, o.bot_id, o.chat_id, o.bulk, o.edits IS NOT NULL, t.message, t.message_id, o.message, o.attempts,
       o.parts_sent, o.message_ids, o.claimed_until IS NOT NULL, now() - o.created_at,
       coalesce(c.unreachable, ''), c.next_send, c.held_until
FROM (SELECT id FROM bots WHERE id = ANY($1) AND disabled_reason IS NULL) b
CROSS JOIN LATERAL (
    SELECT * FROM outbox w
    WHERE w.bot_id = b.id AND w.status = 'pending'
      AND coalesce(w.claimed_until, w.not_before) <= clock_timestamp()
      AND NOT EXISTS (
          SELECT 1 FROM outbox e
          WHERE e.bot_id = w.bot_id AND e.chat_id = w.chat_id AND e.status = 'pending' AND NOT e.aside
            AND (e.bulk, e.id) < (w.bulk, w.id) AND e.edits IS NOT DISTINCT FROM w.edits)
      AND NOT EXISTS (
          SELECT 1 FROM outbox e WHERE e.bot_id = w.bot_id AND e.key = w.edits AND e.status = 'pending')
    ORDER BY w.bulk, w.id LIMIT $2) o
JOIN chats c ON c.bot_id = o.bot_id AND c.chat_id = o.chat_id
LEFT JOIN outbox t ON t.bot_id = o.bot_id AND t.key = o.edits AND t.message_id IS NOT NULL
ORDER BY o.bulk, o.id`

func scanOutboxRow(r pgx.CollectableRow) (o OutboxRow, err error) {
	var (
		target   *chat.Rendered
		targetID *int64
	)
	err = r.Scan(&o.ID, &o.Bot, &o.Chat, &o.Bulk, &o.Edit, &target, &targetID, &o.Message, &o.Attempts,
		&o.Parts, &o.MessageIDs, &o.Abandoned, &o.Waited, &o.Unreachable, &o.ChatNext, &o.ChatHeld)
	if targetID != nil {
		o.Target = &Target{Message: *target, MessageID: *targetID}
	}
	return o, err
}

// queue adds the statements that write the claims down.
func (c Claims) queue(b *pgx.Batch) {
	settle(b, c.Results)
	if len(c.Rows) > 0 {
		ids, times := columns(c.Rows)
		b.Queue(`
			UPDATE outbox o SET claimed_until = v.until, attempts = o.attempts + 1
			FROM unnest($1::bigint[], $2::timestamptz[]) v (id, until) WHERE o.id = v.id`, ids, times)
	}
	if len(c.Delays) > 0 {
		ids, times := columns(c.Delays)
		b.Queue(`
			UPDATE outbox o SET not_before = v.at
			FROM unnest($1::bigint[], $2::timestamptz[]) v (id, at) WHERE o.id = v.id`, ids, times)
	}
	if len(c.Chats) > 0 {
		chats, times := columns(c.Chats)
		bots, ids := make([]int64, len(chats)), make([]int64, len(chats))
		for i, c := range chats {
			bots[i], ids[i] = c.Bot, c.ID
		}
		b.Queue(`
			UPDATE chats c SET next_send = v.next
			FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) v (bot, chat, next)
			WHERE c.bot_id = v.bot AND c.chat_id = v.chat`, bots, ids, times)
	}
	if len(c.Bots) > 0 {
		ids, times := columns(c.Bots)
		b.Queue(`
			UPDATE bot_limits l SET next_send = v.next
			FROM unnest($1::bigint[], $2::timestamptz[]) v (bot, next) WHERE l.bot_id = v.bot`, ids, times)
	}
}

func columns[K comparable](m map[K]time.Time) (keys []K, times []time.Time) {
	for k, t := range m {
		keys, times = append(keys, k), append(times, t)
	}
	return keys, times
}

// settle adds the statements that write results down.
func settle(b *pgx.Batch, results []Result) {
	for _, r := range results {
		if r.MigratedTo != 0 {
			b.Queue(`
				INSERT INTO chats (bot_id, chat_id, lang) SELECT bot_id, $3, lang FROM chats WHERE bot_id = $1 AND chat_id = $2
				ON CONFLICT DO NOTHING`, r.Bot, r.Chat, r.MigratedTo)
			b.Queue(`UPDATE outbox SET chat_id = $3 WHERE bot_id = $1 AND chat_id = $2 AND status = 'pending'`,
				r.Bot, r.Chat, r.MigratedTo)
		}
		b.Queue(`
			WITH r AS (
			    UPDATE outbox SET status = $3, error = nullif($4, ''), parts_sent = $5, message_id = nullif($6::bigint, 0),
			        message_ids = coalesce($7, message_ids), claimed_until = NULL, not_before = clock_timestamp() + $8::interval, aside = $9,
			        sent_at = CASE WHEN $3 = 'sent' THEN clock_timestamp() END
			    WHERE id = $1 AND (status = 'pending' AND ($2::timestamptz = 'epoch' OR claimed_until = $2) OR $3 = 'sent')
			    RETURNING bot_id, chat_id, about, message_ids)
			INSERT INTO messages (bot_id, chat_id, message_id, about)
			SELECT bot_id, chat_id, unnest(message_ids), about FROM r WHERE about IS NOT NULL
			ON CONFLICT DO NOTHING`,
			r.ID, cmp.Or(r.Claim, time.Unix(0, 0)), r.Status, r.Error, r.Parts, r.MessageID, r.MessageIDs, r.Delay, r.Aside)
		if r.Anew {
			b.Queue(`
				UPDATE outbox t SET message = o.message, message_id = o.message_id, message_ids = o.message_ids
				FROM outbox o WHERE o.id = $1 AND t.bot_id = o.bot_id AND t.key = o.edits`, r.ID)
		}
		if r.Unreachable != "" {
			b.Queue(`UPDATE chats SET unreachable = $3 WHERE bot_id = $1 AND chat_id = $2`, r.Bot, r.Chat, r.Unreachable)
			b.Queue(`
				UPDATE outbox SET status = 'dead', error = $3
				WHERE bot_id = $1 AND chat_id = $2 AND status = 'pending' AND claimed_until IS NULL`,
				r.Bot, r.Chat, DeadFor(r.Unreachable))
		}
		if r.HoldChat > 0 {
			b.Queue(`
				UPDATE chats SET held_until = greatest(held_until, clock_timestamp() + $3::interval)
				WHERE bot_id = $1 AND chat_id = $2`, r.Bot, r.Chat, r.HoldChat)
		}
		if r.HoldBot > 0 {
			b.Queue(`
				UPDATE bot_limits SET held_until = greatest(held_until, clock_timestamp() + $2::interval)
				WHERE bot_id = $1`, r.Bot, r.HoldBot)
		}
	}
}

// ListenOutbox calls wake once it listens, and then whenever rows were written, until ctx ends or the connection, one
// of its own, is lost; it returns why.
func (s *Store) ListenOutbox(ctx context.Context, wake func()) error {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig.Copy())
	if err != nil {
		return fmt.Errorf("listen for the outbox: %w", err)
	}
	defer closeSoon(conn)
	if _, err := conn.Exec(ctx, `LISTEN outbox`); err != nil {
		return fmt.Errorf("listen for the outbox: %w", err)
	}
	for {
		wake()
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return fmt.Errorf("listen for the outbox: %w", err)
		}
	}
}

// Resend puts a dead letter of a workspace back among those to be sent, and tries its chat again if that was given up.
// It tells whether there is such a dead letter.
func (s *Store) Resend(ctx context.Context, workspace, id int64) (found bool, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			UPDATE outbox SET status = 'pending', attempts = 0, error = NULL, claimed_until = NULL, aside = false, not_before = now()
			WHERE workspace_id = $1 AND id = $2 AND status = 'dead'`, workspace, id)
		if found = tag.RowsAffected() > 0; err != nil || !found {
			return err
		}
		b := &pgx.Batch{}
		b.Queue(`
			UPDATE chats c SET unreachable = NULL FROM outbox o
			WHERE o.id = $1 AND c.bot_id = o.bot_id AND c.chat_id = o.chat_id AND c.unreachable IS NOT NULL`, id)
		b.Queue(`
			UPDATE outbox e SET status = 'pending', not_before = now() FROM outbox o
			WHERE o.id = $1 AND e.bot_id = o.bot_id AND e.edits = o.key AND e.status = 'sent' AND e.message_id IS NULL`, id)
		b.Queue(`SELECT pg_notify('outbox', '')`)
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return false, fmt.Errorf("resend: %w", err)
	}
	return found, nil
}
