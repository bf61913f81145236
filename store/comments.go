package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/ticket"
)

const commentColumns = `c.id, c.ticket_id, coalesce(c.author_id, 0), coalesce(p.telegram_id, 0), c.author_name, c.side, c.text,
	c.files, c.pieces, c.version, c.created_at`

func scanComment(row pgx.CollectableRow) (ticket.Comment, error) {
	var c ticket.Comment
	err := row.Scan(&c.ID, &c.Ticket, &c.Author.ID, &c.Author.Telegram, &c.Author.Name, &c.Side, &c.Text,
		&c.Files, &c.Pieces, &c.Version, &c.Created)
	c.Created = c.Created.UTC()
	return c, err
}

// comments gives the workspace's comments for which where holds, in the order they were said. $1 is the workspace.
func (t *Tx) comments(ctx context.Context, where string, args ...any) ([]ticket.Comment, error) {
	rows, err := t.tx.Query(ctx, "SELECT "+commentColumns+` FROM comments c LEFT JOIN people p ON p.id = c.author_id
		WHERE c.workspace_id = $1 AND `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("comments: %w", err)
	}
	found, err := pgx.CollectRows(rows, scanComment)
	if err != nil {
		return nil, fmt.Errorf("comments: %w", err)
	}
	return found, nil
}

func oneComment(found []ticket.Comment, err error) (ticket.Comment, error) {
	if err != nil {
		return ticket.Comment{}, err
	}
	if len(found) == 0 {
		return ticket.Comment{}, fault.New(fault.NotFound, "ticket.comment_unknown")
	}
	return found[0], nil
}

// Comments gives all that was said on a ticket, the first comment first.
func (t *Tx) Comments(ctx context.Context, workspace, ticketID int64) ([]ticket.Comment, error) {
	return t.comments(ctx, "c.ticket_id = $2 ORDER BY c.id", workspace, ticketID)
}

// FirstComment gives what happened in the words of who filed the ticket, or a NotFound fault.
func (t *Tx) FirstComment(ctx context.Context, workspace, ticketID int64) (ticket.Comment, error) {
	return oneComment(t.comments(ctx, "c.ticket_id = $2 ORDER BY c.id LIMIT 1", workspace, ticketID))
}

// Comment gives a comment, or a NotFound fault. Lock its ticket before changing it.
func (t *Tx) Comment(ctx context.Context, workspace, id int64) (ticket.Comment, error) {
	return oneComment(t.comments(ctx, "c.id = $2", workspace, id))
}

// AddComment stores a comment that the operation op brought, from source ("telegram" or "board"), and gives it with
// its id.
func (t *Tx) AddComment(ctx context.Context, workspace int64, op, source string, c ticket.Comment) (ticket.Comment, error) {
	c = withLists(c)
	err := t.tx.QueryRow(ctx, `INSERT INTO comments
		(workspace_id, ticket_id, op, author_id, author_name, side, source, text, files, pieces, version, created_at)
		VALUES ($1, $2, $3, nullif($4::bigint, 0), $5, $6, $7, $8, $9, $10, $11, $12)
		RETURNING id`,
		workspace, c.Ticket, op, c.Author.ID, c.Author.Name, c.Side, source, c.Text, c.Files, c.Pieces, c.Version, c.Created).Scan(&c.ID)
	if err != nil {
		return c, fmt.Errorf("add comment to ticket %d: %w", c.Ticket, err)
	}
	return c, nil
}

// SaveComment stores what can change of a comment: its words, files and version. The moment (UTC) is that of the edit.
func (t *Tx) SaveComment(ctx context.Context, workspace int64, c ticket.Comment, at time.Time) error {
	c = withLists(c)
	return t.exec(ctx, `UPDATE comments SET text = $3, files = $4, pieces = $5,
		version = $6, edited_at = $7 WHERE workspace_id = $1 AND id = $2`, workspace, c.ID, c.Text, c.Files, c.Pieces, c.Version, at)
}

// withLists gives the comment with empty lists instead of none, which JSON tells apart.
func withLists(c ticket.Comment) ticket.Comment {
	if c.Files == nil {
		c.Files = []chat.File{}
	}
	if c.Pieces == nil {
		c.Pieces = []ticket.Piece{}
	}
	return c
}

// A Copy is a message about a ticket that was sent, or is about to be.
type Copy struct {
	Key  string // of its outbox row
	Chat int64
}

// Copies gives the messages of a bot whose keys begin with prefix, in the order they were put in; neither edits of
// them, nor the further parts of long ones, nor those that could not be sent.
func (t *Tx) Copies(ctx context.Context, bot int64, prefix string) ([]Copy, error) {
	rows, err := t.tx.Query(ctx, `SELECT key, chat_id FROM outbox
		WHERE bot_id = $1 AND key >= $2 AND key < $3 AND edits IS NULL AND status <> 'dead'
			AND strpos(key, '#') = 0 ORDER BY id`,
		bot, prefix, prefix+"\U0010FFFF")
	if err != nil {
		return nil, fmt.Errorf("copies: %w", err)
	}
	copies, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Copy])
	if err != nil {
		return nil, fmt.Errorf("copies: %w", err)
	}
	return copies, nil
}
