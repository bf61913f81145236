package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/calendar"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// Yard is how a workspace's yard is run.
type Yard struct {
	ClosedThrough calendar.Date // days up to this one are closed for accounting; 0: none is
	TransitHours  int           // then a box in transit is missed
	LongStayDays  int           // then a box is a long stayer
}

// Yard gives how a workspace's yard is run.
func (t *Tx) Yard(ctx context.Context, workspace int64) (Yard, error) {
	y := Yard{TransitHours: 24, LongStayDays: 30} // as the table has it
	var closed *time.Time
	err := t.tx.QueryRow(ctx, `SELECT closed_through, transit_hours, long_stay_days FROM yards WHERE workspace_id = $1`, workspace).
		Scan(&closed, &y.TransitHours, &y.LongStayDays)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return y, fmt.Errorf("yard: %w", err)
	}
	if closed != nil {
		y.ClosedThrough = calendar.In(*closed, time.UTC)
	}
	return y, nil
}

// HoldYard keeps the days that are closed and the terminals' zones as they are until the transaction ends. Whoever
// records movements takes it first, and reads both then; any number may hold it at once.
func (t *Tx) HoldYard(ctx context.Context, workspace int64) error {
	return t.exec(ctx, `SELECT pg_advisory_xact_lock_shared(hashtextextended('yard', $1))`, workspace)
}

// ClaimYard waits until nobody holds the yard, and lets nobody do so until the transaction ends. Whoever changes what
// HoldYard keeps takes it first.
func (t *Tx) ClaimYard(ctx context.Context, workspace int64) error {
	return t.exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('yard', $1))`, workspace)
}

// CloseDays closes days for accounting, up to one; 0 opens all.
func (t *Tx) CloseDays(ctx context.Context, workspace int64, through calendar.Date) error {
	if err := t.ClaimYard(ctx, workspace); err != nil {
		return err
	}
	return t.exec(ctx, `INSERT INTO yards (workspace_id, closed_through) VALUES ($1, $2)
		ON CONFLICT (workspace_id) DO UPDATE SET closed_through = excluded.closed_through`, workspace, date(through))
}

// SaveYard keeps from when on a box in transit is missed, and a box is a long stayer. When that changes, the boxes'
// workflows get to look again.
func (t *Tx) SaveYard(ctx context.Context, workspace int64, transitHours, longStayDays int) error {
	if err := t.ClaimYard(ctx, workspace); err != nil {
		return err
	}
	before, err := t.Yard(ctx, workspace)
	if err != nil {
		return err
	}
	if before.TransitHours != transitHours || before.LongStayDays != longStayDays {
		if err := t.exec(ctx, `UPDATE stays SET watched = 0 WHERE workspace_id = $1 AND state IN ('in', 'transit')`, workspace); err != nil {
			return err
		}
	}
	return t.exec(ctx, `INSERT INTO yards (workspace_id, transit_hours, long_stay_days) VALUES ($1, $2, $3)
		ON CONFLICT (workspace_id) DO UPDATE SET transit_hours = excluded.transit_hours, long_stay_days = excluded.long_stay_days`,
		workspace, transitHours, longStayDays)
}

// date is a day as PostgreSQL takes it; NULL for none.
func date(d calendar.Date) *time.Time {
	if d == 0 {
		return nil
	}
	t := d.Start(time.UTC)
	return &t
}

// EnsureWorkspace gives the first workspace, which is made with a name and time zone (IANA) if there is none.
func (s *Store) EnsureWorkspace(ctx context.Context, name, zone string) (id int64, err error) {
	err = s.Tx(ctx, func(tx *Tx) error {
		if err := tx.exec(ctx, `LOCK TABLE workspaces IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		err := tx.tx.QueryRow(ctx, `SELECT id FROM workspaces ORDER BY id LIMIT 1`).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			err = tx.tx.QueryRow(ctx, `INSERT INTO workspaces (name, time_zone) VALUES ($1, $2) RETURNING id`, name, zone).Scan(&id)
		}
		if err != nil {
			return fmt.Errorf("workspace: %w", err)
		}
		return nil
	})
	return id, err
}

// Workspaces lists all workspaces.
func (s *Store) Workspaces(ctx context.Context) ([]int64, error) {
	rows, err := s.pool.Query(ctx, `SELECT id FROM workspaces ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("workspaces: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("workspaces: %w", err)
	}
	return ids, nil
}

func scanTerminal(row pgx.CollectableRow) (t yard.Terminal, err error) {
	err = row.Scan(&t.ID, &t.Workspace, &t.Name, &t.Zone)
	return t, err
}

// EnsureTerminal gives a workspace's terminal of a name, however that is spelled. It is made if there is none, with a
// time zone (IANA).
func (t *Tx) EnsureTerminal(ctx context.Context, workspace int64, name, zone string) (yard.Terminal, error) {
	rows, err := t.tx.Query(ctx, `INSERT INTO terminals (workspace_id, name, name_key, time_zone) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, name_key) DO UPDATE SET name_key = excluded.name_key
		RETURNING id, workspace_id, name, time_zone`, workspace, name, yard.NameKey(name), zone)
	if err != nil {
		return yard.Terminal{}, fmt.Errorf("terminal: %w", err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, scanTerminal)
	if err != nil {
		return yard.Terminal{}, fmt.Errorf("terminal: %w", err)
	}
	return found, nil
}

// SaveTerminal gives a workspace's terminal another name and time zone (IANA). A name that another one has is a Conflict.
func (t *Tx) SaveTerminal(ctx context.Context, term yard.Terminal) error {
	var other int64
	err := t.tx.QueryRow(ctx, `UPDATE terminals SET name = $3, name_key = $4, time_zone = $5
		WHERE workspace_id = $1 AND id = $2
			AND NOT EXISTS (SELECT FROM terminals WHERE workspace_id = $1 AND name_key = $4 AND id <> $2) RETURNING id`,
		term.Workspace, term.ID, term.Name, yard.NameKey(term.Name), term.Zone).Scan(&other)
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.New(fault.Conflict, "yardrules.terminal_name")
	}
	if err != nil {
		return fmt.Errorf("save a terminal: %w", err)
	}
	return nil
}

// HasMovements tells whether anything was recorded at a terminal of the workspace.
func (t *Tx) HasMovements(ctx context.Context, workspace, terminal int64) (has bool, err error) {
	err = t.tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM movements WHERE workspace_id = $1 AND terminal_id = $2)`, workspace, terminal).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("movements of a terminal: %w", err)
	}
	return has, nil
}

// Terminals gives a workspace's terminals by name.
func (t *Tx) Terminals(ctx context.Context, workspace int64) ([]yard.Terminal, error) {
	rows, err := t.tx.Query(ctx, `SELECT id, workspace_id, name, time_zone FROM terminals WHERE workspace_id = $1 ORDER BY name, id`, workspace)
	if err != nil {
		return nil, fmt.Errorf("terminals: %w", err)
	}
	terminals, err := pgx.CollectRows(rows, scanTerminal)
	if err != nil {
		return nil, fmt.Errorf("terminals: %w", err)
	}
	return terminals, nil
}

// Terminal gives a terminal of the workspace, or a NotFound fault.
func (t *Tx) Terminal(ctx context.Context, workspace, id int64) (yard.Terminal, error) {
	rows, err := t.tx.Query(ctx, `SELECT id, workspace_id, name, time_zone FROM terminals WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err != nil {
		return yard.Terminal{}, fmt.Errorf("terminal: %w", err)
	}
	found, err := pgx.CollectExactlyOneRow(rows, scanTerminal)
	if errors.Is(err, pgx.ErrNoRows) {
		return found, fault.New(fault.NotFound, "yardrules.terminal_unknown")
	}
	if err != nil {
		return found, fmt.Errorf("terminal: %w", err)
	}
	return found, nil
}
