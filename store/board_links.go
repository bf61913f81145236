package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"quaydesk/domain/board"
)

// BoardTask links a ticket to its task.
type BoardTask struct {
	Ticket         int64
	Workspace      int64
	Task           string // "" until the board answered
	Detached       bool
	Version        int
	Seen           board.State
	Pushing        *board.State // nil while nothing is on its way
	PushingVersion int          // ticket.Ticket.Version that Pushing was made of
	PushedVersion  int          // ticket.Ticket.Version that the board has
	Heard, Looked  int
}

const boardTaskColumns = `ticket_id, workspace_id, coalesce(task_id, ''), detached_at IS NOT NULL, version, seen, pushing,
	pushing_version, pushed_version, heard, looked`

func scanBoardTask(row pgx.CollectableRow) (BoardTask, error) {
	var b BoardTask
	err := row.Scan(&b.Ticket, &b.Workspace, &b.Task, &b.Detached, &b.Version, &b.Seen, &b.Pushing,
		&b.PushingVersion, &b.PushedVersion, &b.Heard, &b.Looked)
	return b, err
}

// BoardTask gives a ticket's link, nil when there is none.
func (t *Tx) BoardTask(ctx context.Context, workspace, id int64) (*BoardTask, error) {
	tasks, err := t.boardTasks(ctx, `workspace_id = $1 AND ticket_id = $2`, workspace, id)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	return &tasks[0], nil
}

// BoardTasksOf gives the links of tasks of the board, those deleted there aside.
func (t *Tx) BoardTasksOf(ctx context.Context, workspace int64, tasks []string) ([]BoardTask, error) {
	return t.boardTasks(ctx, `workspace_id = $1 AND task_id = ANY ($2) AND detached_at IS NULL`, workspace, tasks)
}

// OpenBoardTasks gives the links whose tasks were open when last seen.
func (t *Tx) OpenBoardTasks(ctx context.Context, workspace int64) ([]BoardTask, error) {
	return t.boardTasks(ctx, `workspace_id = $1 AND task_id IS NOT NULL AND detached_at IS NULL
		AND NOT (seen->>'checked')::boolean`, workspace)
}

func (t *Tx) boardTasks(ctx context.Context, where string, args ...any) ([]BoardTask, error) {
	rows, err := t.tx.Query(ctx, `SELECT `+boardTaskColumns+` FROM board_tasks WHERE `+where+` ORDER BY ticket_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("tasks on the board: %w", err)
	}
	tasks, err := pgx.CollectRows(rows, scanBoardTask)
	if err != nil {
		return nil, fmt.Errorf("tasks on the board: %w", err)
	}
	return tasks, nil
}

// ErrBoardTaskChanged says that a link is no longer as it was read: somebody else syncs the same ticket.
var ErrBoardTaskChanged = errors.New("the ticket's task is being synced elsewhere")

// SaveBoardTask adds a link (Version 0) or changes one, but never Heard, and moves b.Version on. A link that changed
// since it was read is an ErrBoardTaskChanged.
func (t *Tx) SaveBoardTask(ctx context.Context, b *BoardTask) error {
	var tag pgconn.CommandTag
	var err error
	if b.Version == 0 {
		tag, err = t.tx.Exec(ctx, `
			INSERT INTO board_tasks (ticket_id, workspace_id, task_id, seen, pushing, pushing_version, pushed_version, looked)
			VALUES ($1, $2, nullif($3, ''), $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
			b.Ticket, b.Workspace, b.Task, b.Seen, b.Pushing, b.PushingVersion, b.PushedVersion, b.Looked)
	} else {
		tag, err = t.tx.Exec(ctx, `
			UPDATE board_tasks SET version = version + 1, task_id = nullif($3, ''), seen = $4, pushing = $5,
				pushing_version = $6, pushed_version = $7, looked = $8,
				detached_at = CASE WHEN $9 THEN coalesce(detached_at, now()) END
			WHERE ticket_id = $1 AND version = $2 AND workspace_id = $10`,
			b.Ticket, b.Version, b.Task, b.Seen, b.Pushing, b.PushingVersion, b.PushedVersion, b.Looked, b.Detached, b.Workspace)
	}
	if err != nil {
		return fmt.Errorf("task on the board: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrBoardTaskChanged
	}
	b.Version++
	return nil
}

// BoardHeard notes that something was heard about tasks, by their tickets' ids.
func (t *Tx) BoardHeard(ctx context.Context, workspace int64, tickets []int64) error {
	_, err := t.tx.Exec(ctx, `UPDATE board_tasks SET heard = heard + 1 WHERE workspace_id = $1 AND ticket_id = ANY ($2)`,
		workspace, tickets)
	if err != nil {
		return fmt.Errorf("heard of tasks: %w", err)
	}
	return nil
}

// BoardBehind gives tickets that have something to fetch from the board or to bring there, oldest first, at most limit.
// Those that were closed more than a week ago, or before there was a board, are nobody's concern any more unless
// something was heard of them.
func (t *Tx) BoardBehind(ctx context.Context, workspace int64, limit int) ([]int64, error) {
	rows, err := t.tx.Query(ctx, `
		SELECT ticket_id AS id FROM board_tasks
		WHERE workspace_id = $1 AND detached_at IS NULL AND (heard > looked OR pushing IS NOT NULL)
		UNION
		SELECT t.id FROM tickets t LEFT JOIN board_tasks b ON b.ticket_id = t.id
		WHERE t.workspace_id = $1 AND b.detached_at IS NULL AND t.version > coalesce(b.pushed_version, 0)
			AND (t.state <> 'closed' OR t.closed_at > now() - interval '7 days' AND b.ticket_id IS NOT NULL)
		ORDER BY id LIMIT $2`, workspace, limit)
	if err != nil {
		return nil, fmt.Errorf("tickets behind the board: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("tickets behind the board: %w", err)
	}
	return ids, nil
}

// BoardNote links a comment, or one more file of it, to its note on the board.
type BoardNote struct {
	Comment        int64
	Part           int // 0 holds the words
	Workspace      int64
	Ticket         int64
	Note           string // "" until the board answered
	In             bool   // it came from the board
	Content        string // as we are about to write it, or last read it
	Attachment     json.RawMessage
	PushingVersion int // ticket.Comment.Version that Content was made of
	PushedVersion  int // ticket.Comment.Version that the board has
}

const boardNoteColumns = `comment_id, part, workspace_id, ticket_id, coalesce(note_id, ''), direction = 'in', content,
	attachment, pushing_version, pushed_version`

func (t *Tx) boardNotes(ctx context.Context, where string, args ...any) ([]BoardNote, error) {
	rows, err := t.tx.Query(ctx, `SELECT `+boardNoteColumns+` FROM board_notes WHERE `+where+` ORDER BY comment_id, part`,
		args...)
	if err != nil {
		return nil, fmt.Errorf("notes on the board: %w", err)
	}
	notes, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n BoardNote, err error) {
		err = row.Scan(&n.Comment, &n.Part, &n.Workspace, &n.Ticket, &n.Note, &n.In, &n.Content,
			&n.Attachment, &n.PushingVersion, &n.PushedVersion)
		return n, err
	})
	if err != nil {
		return nil, fmt.Errorf("notes on the board: %w", err)
	}
	return notes, nil
}

// BoardNotes gives a ticket's notes in the order of their comments.
func (t *Tx) BoardNotes(ctx context.Context, workspace, id int64) ([]BoardNote, error) {
	return t.boardNotes(ctx, `workspace_id = $1 AND ticket_id = $2`, workspace, id)
}

// BoardNotesOf gives the links of notes of the board.
func (t *Tx) BoardNotesOf(ctx context.Context, workspace int64, notes []string) ([]BoardNote, error) {
	return t.boardNotes(ctx, `workspace_id = $1 AND note_id = ANY ($2)`, workspace, notes)
}

// SaveBoardNote adds or changes a note's link.
func (t *Tx) SaveBoardNote(ctx context.Context, n BoardNote) error {
	direction := "out"
	if n.In {
		direction = "in"
	}
	_, err := t.tx.Exec(ctx, `
		INSERT INTO board_notes (comment_id, part, workspace_id, ticket_id, note_id, direction, content, attachment,
			pushing_version, pushed_version)
		VALUES ($1, $2, $3, $4, nullif($5, ''), $6, $7, $8, $9, $10)
		ON CONFLICT (comment_id, part) DO UPDATE SET note_id = excluded.note_id, content = excluded.content,
			attachment = excluded.attachment, pushing_version = excluded.pushing_version,
			pushed_version = excluded.pushed_version`,
		n.Comment, n.Part, n.Workspace, n.Ticket, n.Note, direction, n.Content, n.Attachment, n.PushingVersion, n.PushedVersion)
	if err != nil {
		return fmt.Errorf("note on the board: %w", err)
	}
	return nil
}
