package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// movementColumns are what scanMovement reads, from movements m.
const movementColumns = `m.id, m.stay_id, m.kind, m.at, m.recorded_at, m.terminal_id, m.details, m.replaces, m.reason,
	m.person_id, m.person_name, m.approved_by, m.source`

func scanMovement(row pgx.CollectableRow, more ...any) (yard.Movement, error) {
	var m yard.Movement
	var replaces, person, approved *int64
	into := []any{&m.ID, &m.Stay, &m.Kind, &m.At, &m.Recorded, &m.Terminal, &m.Details, &replaces, &m.Reason, &person, &m.By.Name, &approved, &m.Source}
	if err := row.Scan(append(into, more...)...); err != nil {
		return m, err
	}
	m.At, m.Recorded = m.At.UTC(), m.Recorded.UTC()
	for into, from := range map[*int64]*int64{&m.Replaces: replaces, &m.By.ID: person, &m.ApprovedBy: approved} {
		if from != nil {
			*into = *from
		}
	}
	return m, nil
}

func (t *Tx) movements(ctx context.Context, sql string, args ...any) ([]yard.Movement, error) {
	rows, err := t.tx.Query(ctx, `SELECT `+movementColumns+` FROM movements m WHERE `+sql, args...)
	if err != nil {
		return nil, fmt.Errorf("movements: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (yard.Movement, error) { return scanMovement(row) })
	if err != nil {
		return nil, fmt.Errorf("movements: %w", err)
	}
	return all, nil
}

// Movements gives all movements of stays of the workspace, also those that no longer count, by stay in the order in
// which they were recorded.
func (t *Tx) Movements(ctx context.Context, workspace int64, stays ...int64) ([]yard.Movement, error) {
	return t.movements(ctx, `m.workspace_id = $1 AND m.stay_id = ANY($2) ORDER BY m.stay_id, m.id`, workspace, stays)
}

// Corrected gives the movements of stays of the workspace that no longer count, in the order in which they were recorded.
func (t *Tx) Corrected(ctx context.Context, workspace int64, stays ...int64) ([]yard.Movement, error) {
	return t.movements(ctx, `m.workspace_id = $1 AND m.stay_id = ANY($2)
		AND EXISTS (SELECT FROM movements later WHERE later.replaces = m.id) ORDER BY m.id`, workspace, stays)
}

// Movement gives a movement of the workspace, or a NotFound fault.
func (t *Tx) Movement(ctx context.Context, workspace, id int64) (yard.Movement, error) {
	found, err := t.movements(ctx, `m.workspace_id = $1 AND m.id = $2`, workspace, id)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "yardrules.movement_unknown")
	}
	if err != nil {
		return yard.Movement{}, err
	}
	return found[0], nil
}

// AddMovement stores a movement of a workspace's stay, which op records, and gives its id.
func (t *Tx) AddMovement(ctx context.Context, workspace int64, m yard.Movement, op string) (int64, error) {
	var added int64
	err := t.tx.QueryRow(ctx, `INSERT INTO movements (workspace_id, stay_id, kind, at, recorded_at, terminal_id, details,
			replaces, reason, person_id, person_name, approved_by, source, op)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id`,
		workspace, m.Stay, m.Kind, m.At, m.Recorded, m.Terminal, m.Details, id(m.Replaces), m.Reason, id(m.By.ID), m.By.Name,
		id(m.ApprovedBy), m.Source, op).Scan(&added)
	if err != nil {
		return 0, fmt.Errorf("add a movement: %w", err)
	}
	return added, nil
}

// An Approval is a change that waits for a manager's word, or got it.
type Approval struct {
	ID        int64
	Workspace int64
	Change    yard.Change
	AskedBy   int64 // people.Person.ID
	AskedAt   time.Time
	Bot       int64      // where who asked reads
	DecidedBy int64      // 0: nobody so far
	DecidedAt *time.Time // nil: not so far
	Approved  bool
}

// AddApproval stores a change that waits, and gives its id.
func (t *Tx) AddApproval(ctx context.Context, a Approval) (int64, error) {
	err := t.tx.QueryRow(ctx, `INSERT INTO approvals (workspace_id, change, asked_by, asked_at, bot_id) VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, a.Workspace, a.Change, a.AskedBy, a.AskedAt, a.Bot).Scan(&a.ID)
	if err != nil {
		return 0, fmt.Errorf("add an approval: %w", err)
	}
	return a.ID, nil
}

// LockApproval gives an approval of the workspace, held until the transaction ends, or a NotFound fault.
func (t *Tx) LockApproval(ctx context.Context, workspace, id int64) (Approval, error) {
	a := Approval{ID: id, Workspace: workspace}
	var by *int64
	var approved *bool
	err := t.tx.QueryRow(ctx, `SELECT change, asked_by, asked_at, bot_id, decided_by, decided_at, approved FROM approvals
		WHERE workspace_id = $1 AND id = $2 FOR UPDATE`, workspace, id).
		Scan(&a.Change, &a.AskedBy, &a.AskedAt, &a.Bot, &by, &a.DecidedAt, &approved)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, fault.New(fault.NotFound, "yardrules.approval_unknown")
	}
	if err != nil {
		return a, fmt.Errorf("approval: %w", err)
	}
	if by != nil && approved != nil {
		a.DecidedBy, a.Approved = *by, *approved
	}
	return a, nil
}

// DecideApproval keeps what was decided on an approval of the workspace.
func (t *Tx) DecideApproval(ctx context.Context, workspace, id, by int64, at time.Time, approved bool) error {
	return t.exec(ctx, `UPDATE approvals SET decided_by = $3, decided_at = $4, approved = $5 WHERE workspace_id = $1 AND id = $2`,
		workspace, id, by, at, approved)
}
