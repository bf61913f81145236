package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/chat"
)

// Row is a message for the outbox.
type Row struct {
	Chat    int64
	Key     string // unique within the bot: a second row with it is dropped
	Edits   string // key of the row whose message it replaces; a message that is not there becomes a new one
	Closes  bool   // with Edits: the words of that message as they stand, Message's below them, and no buttons
	About   string
	Bulk    bool
	Message chat.Rendered
	Parts   []string // with Edits: keys of the parts it replaces; those left over of a longer message are emptied
}

// Enqueue puts messages of a bot into the outbox, in order, and wakes the senders when the transaction commits.
func (t *Tx) Enqueue(ctx context.Context, bot int64, rows ...Row) error {
	if len(rows) == 0 {
		return nil
	}
	b := &pgx.Batch{}
	queueRows(b, bot, rows)
	if err := t.tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
}

// End is what ends a conversation's turn.
type End struct {
	Bot     int64
	Rows    []Row
	Updates []int64 // their journal rows get Outcome; what was noted first stays
	Outcome string
	Op      string // key claimed with Begin, "" for none
	Result  json.RawMessage
}

// Finish writes the end of a turn in one round trip.
func (t *Tx) Finish(ctx context.Context, e End) error {
	b := &pgx.Batch{}
	if e.Op != "" {
		b.Queue(`UPDATE operations SET result = $2 WHERE key = $1`, e.Op, e.Result)
	}
	if len(e.Updates) > 0 {
		b.Queue(`UPDATE updates SET handled_at = clock_timestamp(), outcome = $3
			WHERE bot_id = $1 AND update_id = ANY($2) AND handled_at IS NULL`, e.Bot, e.Updates, e.Outcome)
	}
	queueRows(b, e.Bot, e.Rows)
	if b.Len() == 0 {
		return nil
	}
	if err := t.tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return nil
}

const (
	insertChat = `
INSERT INTO chats (bot_id, chat_id, lang)
SELECT b.id, $2, coalesce(p.lang, 'en')
FROM bots b LEFT JOIN people p ON p.workspace_id = b.workspace_id AND p.telegram_id = $2
WHERE b.id = $1
ON CONFLICT DO NOTHING`

	insertRow = `
INSERT INTO outbox (workspace_id, bot_id, chat_id, key, edits, about, bulk, message)
SELECT workspace_id, id, $2, $3,
       (SELECT key FROM outbox WHERE bot_id = $1 AND key = nullif($4, '') AND chat_id = $2), nullif($5, ''), $6, $7
FROM bots WHERE id = $1
ON CONFLICT (bot_id, key) DO NOTHING`

	// Of a long message that becomes shorter, the parts that are left over lose their words and buttons. They
	// go before the rest: a closing looks at what was written last.
	insertLeftovers = `
INSERT INTO outbox (workspace_id, bot_id, chat_id, key, edits, about, bulk, message)
SELECT workspace_id, bot_id, chat_id, $3 || substr(key, length($4) + 1), key, about, $5,
       jsonb_set(message - 'buttons', '{html}', '"—"')
FROM outbox
WHERE bot_id = $1 AND chat_id = $2 AND key > $4 || '#' AND key < $4 || '$' AND edits IS NULL AND key <> ALL($6)
ORDER BY id
ON CONFLICT (bot_id, key) DO NOTHING`

	// The message may have been edited since, and a long one has parts "<key>#2"…: its last row has the buttons. In the
	// "C" order the parts, and nothing else of ours, lie between key and key$. Telegram counts UTF-16 units, of which the
	// rarer characters take two.
	insertClosing = `
INSERT INTO outbox (workspace_id, bot_id, chat_id, key, edits, about, bulk, message)
SELECT o.workspace_id, o.bot_id, o.chat_id, $3, coalesce(o.edits, o.key), o.about, $5,
       jsonb_set(o.message - 'buttons', '{html}', to_jsonb(CASE
           WHEN $6 <> '' AND length(w.words) + length(regexp_replace(w.words, '[^\U00010000-\U0010FFFF]', '', 'g'))
                             <= CASE WHEN o.message ? 'files' THEN 1024 ELSE 4096 END THEN w.words
           ELSE o.message->>'html' END))
FROM (SELECT * FROM outbox WHERE bot_id = $1 AND chat_id = $2 AND key >= $4 AND key < $4 || '$'
      UNION ALL
      SELECT * FROM outbox WHERE bot_id = $1 AND chat_id = $2 AND edits >= $4 AND edits < $4 || '$') o,
     LATERAL (SELECT concat_ws(E'\n\n', nullif(o.message->>'html', ''), $6::text) AS words) w
ORDER BY o.id DESC LIMIT 1
ON CONFLICT (bot_id, key) DO NOTHING`
)

func queueRows(b *pgx.Batch, bot int64, rows []Row) {
	var chats []int64
	for _, r := range rows {
		if !slices.Contains(chats, r.Chat) {
			chats = append(chats, r.Chat)
			b.Queue(insertChat, bot, r.Chat)
		}
		if r.Parts != nil {
			b.Queue(insertLeftovers, bot, r.Chat, r.Key, r.Edits, r.Bulk, r.Parts)
		}
		if r.Closes {
			b.Queue(insertClosing, bot, r.Chat, r.Key, r.Edits, r.Bulk, r.Message.HTML)
		} else {
			b.Queue(insertRow, bot, r.Chat, r.Key, r.Edits, r.About, r.Bulk, r.Message)
		}
	}
	if len(rows) > 0 {
		b.Queue(`SELECT pg_notify('outbox', '')`)
	}
}

// IsUnreachable tells whether nothing can be sent to a chat just now.
func (t *Tx) IsUnreachable(ctx context.Context, bot, chat int64) (bool, error) {
	var is bool
	err := t.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM chats WHERE bot_id = $1 AND chat_id = $2 AND unreachable IS NOT NULL)`,
		bot, chat).Scan(&is)
	if err != nil {
		return false, fmt.Errorf("reach of a chat: %w", err)
	}
	return is, nil
}

// Reader is how what a chat is told is rendered.
type Reader struct {
	Lang string
	Zone string // of the terminal at which the person is posted, else the workspace's
}

// Readers gives how what a bot tells chats is rendered for each.
func (t *Tx) Readers(ctx context.Context, bot int64, chats []int64) (map[int64]Reader, error) {
	rows, err := t.tx.Query(ctx, `
		SELECT v.chat_id, coalesce(c.lang, p.lang, 'en'), coalesce(post.time_zone, w.time_zone)
		FROM bots b JOIN workspaces w ON w.id = b.workspace_id CROSS JOIN unnest($2::bigint[]) AS v (chat_id)
		LEFT JOIN chats c ON c.bot_id = b.id AND c.chat_id = v.chat_id
		LEFT JOIN people p ON p.workspace_id = b.workspace_id AND p.telegram_id = v.chat_id
		LEFT JOIN terminals post ON post.workspace_id = b.workspace_id AND p.post = 'terminal:' || post.id
		WHERE b.id = $1`, bot, chats)
	if err != nil {
		return nil, fmt.Errorf("readers: %w", err)
	}
	readers := make(map[int64]Reader, len(chats))
	var id int64
	var r Reader
	if _, err := pgx.ForEachRow(rows, []any{&id, &r.Lang, &r.Zone}, func() error { readers[id] = r; return nil }); err != nil {
		return nil, fmt.Errorf("readers: %w", err)
	}
	return readers, nil
}
