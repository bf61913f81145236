package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"quaydesk/domain/board"
)

// Board is a workspace's board in Todoist.
type Board struct {
	Workspace int64
	Project   string            // "" until it is made
	Namespace uuid.UUID         // of the uuids of our commands
	Sections  board.Sections    // those made so far; Closed has none
	People    map[string]string // collaborators' names by uid, as the last sweeps told
	SyncToken string            // "*" for from the beginning
}

// BoardHealth tells how a board does; times are UTC, zero for never.
type BoardHealth struct {
	Synced       time.Time // the last sweep that went well
	FailingSince time.Time // zero while it answers
}

// PutBoard gives the first workspace a board and returns the workspace's id, 0 when there is no workspace yet. project
// is a project's id, or empty for one that is to be made. Another project than before begins anew with its sections.
func (s *Store) PutBoard(ctx context.Context, project string) (workspace int64, err error) {
	err = s.pool.QueryRow(ctx, `
		INSERT INTO boards AS b (workspace_id, project_id) SELECT id, $1 FROM workspaces ORDER BY id LIMIT 1
		ON CONFLICT (workspace_id) DO UPDATE SET
			sections = CASE WHEN $1 IN ('', b.project_id) THEN b.sections ELSE '{}' END,
			project_id = CASE WHEN $1 = '' THEN b.project_id ELSE $1 END
		RETURNING workspace_id`, project).Scan(&workspace)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("put a board: %w", err)
	}
	return workspace, nil
}

// Board gives a workspace's board, nil when it has none.
func (t *Tx) Board(ctx context.Context, workspace int64) (*Board, error) {
	b := Board{Workspace: workspace}
	err := t.tx.QueryRow(ctx, `SELECT project_id, namespace, sections, people, sync_token FROM boards WHERE workspace_id = $1`,
		workspace).Scan(&b.Project, &b.Namespace, &b.Sections, &b.People, &b.SyncToken)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	return &b, nil
}

// SetBoardPlaces keeps a board's project and sections.
func (t *Tx) SetBoardPlaces(ctx context.Context, b Board) error {
	_, err := t.tx.Exec(ctx, `UPDATE boards SET project_id = $2, sections = $3 WHERE workspace_id = $1`,
		b.Workspace, b.Project, b.Sections)
	if err != nil {
		return fmt.Errorf("board's places: %w", err)
	}
	return nil
}

// SetBoardPeople keeps the names of a board's collaborators, by uid.
func (t *Tx) SetBoardPeople(ctx context.Context, workspace int64, names map[string]string) error {
	return t.exec(ctx, `UPDATE boards SET people = $2 WHERE workspace_id = $1`, workspace, names)
}

// AdvanceBoard moves a board's sync token on from one that was read with; false when another sweep was faster. The board
// answers then, and fails no more, unless a task that was begun is still to be made.
func (t *Tx) AdvanceBoard(ctx context.Context, workspace int64, from, to string) (bool, error) {
	tag, err := t.tx.Exec(ctx, `
		UPDATE boards SET sync_token = $3, synced_at = now(), failing_since = CASE WHEN EXISTS (
				SELECT FROM board_tasks WHERE workspace_id = $1 AND task_id IS NULL AND detached_at IS NULL) THEN failing_since END
		WHERE workspace_id = $1 AND sync_token = $2`, workspace, from, to)
	if err != nil {
		return false, fmt.Errorf("advance the board: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

// BoardFails notes that a board does not answer, since now or since before.
func (t *Tx) BoardFails(ctx context.Context, workspace int64) error {
	_, err := t.tx.Exec(ctx, `UPDATE boards SET failing_since = now() WHERE workspace_id = $1 AND failing_since IS NULL`,
		workspace)
	if err != nil {
		return fmt.Errorf("note that the board fails: %w", err)
	}
	return nil
}

// BoardHealth tells how the boards do, by workspace.
func (s *Store) BoardHealth(ctx context.Context) (map[int64]BoardHealth, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT workspace_id, coalesce(synced_at, '0001-01-01Z'), coalesce(failing_since, '0001-01-01Z') FROM boards`)
	if err != nil {
		return nil, fmt.Errorf("board's health: %w", err)
	}
	all := map[int64]BoardHealth{}
	var id int64
	var h BoardHealth
	_, err = pgx.ForEachRow(rows, []any{&id, &h.Synced, &h.FailingSince}, func() error {
		all[id] = h
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("board's health: %w", err)
	}
	return all, nil
}

// Delivery is what is kept of a webhook.
type Delivery struct {
	ID      string // Todoist's, the same when it is delivered again
	Task    string // one that was moved; "" when none was
	Section string // where the task stood afterwards
	UID     string // who moved it
	Name    string
}

// KeepDelivery keeps a webhook's delivery for every workspace with a board, and gives those to which it is new.
// Deliveries older than a week are dropped.
func (s *Store) KeepDelivery(ctx context.Context, d Delivery) ([]int64, error) {
	var fresh []int64
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM board_deliveries WHERE received_at < now() - interval '7 days'`); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			INSERT INTO board_deliveries (workspace_id, delivery_id, task_id, section_id, actor_uid, actor_name)
			SELECT workspace_id, $1, $2, $3, $4, $5 FROM boards ORDER BY workspace_id
			ON CONFLICT DO NOTHING RETURNING workspace_id`, d.ID, d.Task, d.Section, d.UID, d.Name)
		if err != nil {
			return err
		}
		fresh, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("keep a delivery: %w", err)
	}
	return fresh, nil
}

// BoardMover gives who brought a task into a section as far as webhooks told of its latest move, in the last minutes;
// empty when they did not, or it was ourselves, the account own.
func (t *Tx) BoardMover(ctx context.Context, workspace int64, task, section, own string) (uid, name string, err error) {
	err = t.tx.QueryRow(ctx, `
		SELECT actor_uid, actor_name FROM (
			SELECT actor_uid, actor_name, section_id FROM board_deliveries
			WHERE workspace_id = $1 AND task_id = $2 AND received_at > now() - interval '15 minutes'
			ORDER BY received_at DESC LIMIT 1) AS latest
		WHERE section_id = $3 AND actor_uid NOT IN ('', $4)`, workspace, task, section, own).Scan(&uid, &name)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", "", fmt.Errorf("who moved a task: %w", err)
	}
	return uid, name, nil
}
