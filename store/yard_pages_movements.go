package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// MovementFilter says which movements are meant; zero fields say nothing.
type MovementFilter struct {
	From, To    time.Time // when they happened: From included, To not
	Terminal    int64     // where they happened
	Kind        yard.Kind // a reversal is one of what it reverses, too
	Client      int64     // of the stay
	Person      int64     // who recorded them
	Number      string    // a part of the container's
	Corrections bool      // only those that replace another
}

// MovementRow is a movement with what people know its parts by.
type MovementRow struct {
	yard.Movement
	Box          container.Number // of the stay, as known now
	TerminalName string
	Zone         string // IANA, of the terminal
	ToName       string // where a transfer goes
	ClientName   string // what a gate-in told
	LineName     string
	ApprovedName string
	Corrected    *yard.Movement // what it replaces
	ReplacedBy   int64          // the movement that stands for it now; 0: it counts
	ReplacedAt   time.Time      // when that was recorded, UTC
}

func (f MovementFilter) where(workspace int64) (w *where, ofStay bool) {
	w = &where{}
	w.and("m.workspace_id = ?", workspace)
	if !f.From.IsZero() {
		w.and("m.at >= ?", f.From)
	}
	if !f.To.IsZero() {
		w.and("m.at < ?", f.To)
	}
	if f.Terminal != 0 {
		w.and("m.terminal_id = ?", f.Terminal)
	}
	if f.Kind != "" {
		w.and("m.kind = ?", f.Kind)
	}
	if f.Person != 0 {
		w.and("m.person_id = ?", f.Person)
	}
	if f.Corrections {
		w.conditions = append(w.conditions, "m.replaces IS NOT NULL")
	}
	if f.Client != 0 {
		w.and("s.client_id = ?", f.Client)
		ofStay = true
	}
	if f.Number != "" {
		w.and("s.number LIKE ?", contains(f.Number))
		ofStay = true
	}
	return w, ofStay
}

// CountMovements tells how many movements a filter leaves.
func (t *Tx) CountMovements(ctx context.Context, workspace int64, f MovementFilter) (int, error) {
	w, ofStay := f.where(workspace)
	var n int
	if err := t.tx.QueryRow(ctx, "SELECT count(*) FROM "+movementTables(ofStay)+" WHERE "+w.String(), w.args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count movements: %w", err)
	}
	return n, nil
}

func movementTables(ofStay bool) string {
	if ofStay {
		return "movements m JOIN stays s ON s.id = m.stay_id"
	}
	return "movements m"
}

// Journal lists a stretch of the movements, those first that happened last.
func (t *Tx) Journal(ctx context.Context, workspace int64, f MovementFilter, offset, limit int) ([]MovementRow, error) {
	w, ofStay := f.where(workspace)
	inner := "SELECT m.* FROM " + movementTables(ofStay) + " WHERE " + w.String() +
		" ORDER BY m.at DESC, m.id DESC OFFSET " + w.add(offset) + " LIMIT " + w.add(limit)
	return t.movementRows(ctx, inner, "m.at DESC, m.id DESC", w.args...)
}

// HistoryOf gives all movements of a container's stays, those too that no longer count, in the order in which they were
// recorded.
func (t *Tx) HistoryOf(ctx context.Context, workspace int64, number container.Number) ([]MovementRow, error) {
	return t.movementRows(ctx, `SELECT m.* FROM movements m JOIN stays s ON s.id = m.stay_id
		WHERE s.workspace_id = $1 AND s.number = $2`, "m.recorded_at, m.id", workspace, number)
}

// MovementRow gives a movement of the workspace, or a NotFound fault.
func (t *Tx) MovementRow(ctx context.Context, workspace, id int64) (MovementRow, error) {
	rows, err := t.movementRows(ctx, `SELECT m.* FROM movements m WHERE m.workspace_id = $1 AND m.id = $2`, "m.id", workspace, id)
	if err == nil && len(rows) == 0 {
		err = fault.New(fault.NotFound, "yardrules.movement_unknown")
	}
	if err != nil {
		return MovementRow{}, err
	}
	return rows[0], nil
}

// movementRows names the parts of the movements that a query gives.
func (t *Tx) movementRows(ctx context.Context, inner, order string, args ...any) ([]MovementRow, error) {
	rows, err := t.tx.Query(ctx, `SELECT `+movementColumns+`, s.number, te.name, te.time_zone, coalesce(ta.name, ''),
			coalesce(c.name, ''), coalesce(l.name, ''), coalesce(a.name, ''),
			o.kind, o.at, o.terminal_id, o.details, coalesce(r.id, 0), r.recorded_at
		FROM (`+inner+`) m JOIN stays s ON s.id = m.stay_id JOIN terminals te ON te.id = m.terminal_id
			LEFT JOIN terminals ta ON ta.id = (m.details->>'to')::bigint
			LEFT JOIN companies c ON c.id = (m.details->>'client')::bigint
			LEFT JOIN companies l ON l.id = (m.details->>'line')::bigint
			LEFT JOIN people a ON a.id = m.approved_by
			LEFT JOIN movements o ON o.id = m.replaces
			LEFT JOIN movements r ON r.replaces = m.id
		ORDER BY `+order, args...)
	if err != nil {
		return nil, fmt.Errorf("movements: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (MovementRow, error) {
		var m MovementRow
		var kind *yard.Kind
		var at, replaced *time.Time
		var terminal *int64
		var old *yard.Details
		var err error
		m.Movement, err = scanMovement(row, &m.Box, &m.TerminalName, &m.Zone, &m.ToName, &m.ClientName, &m.LineName,
			&m.ApprovedName, &kind, &at, &terminal, &old, &m.ReplacedBy, &replaced)
		if err != nil {
			return m, err
		}
		if kind != nil {
			m.Corrected = &yard.Movement{ID: m.Replaces, Stay: m.Stay, Kind: *kind, At: at.UTC(), Terminal: *terminal, Details: *old}
		}
		if replaced != nil {
			m.ReplacedAt = replaced.UTC()
		}
		return m, nil
	})
	if err != nil {
		return nil, fmt.Errorf("movements: %w", err)
	}
	return all, nil
}
