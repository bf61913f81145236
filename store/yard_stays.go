package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// boxColumns are what scanBox reads, from boxTables.
const (
	boxColumns = `s.folded, t.name, coalesce(b.name, ''), c.name, coalesce(l.name, ''), c.requires_order, o.time_zone`
	boxTables  = `stays s JOIN terminals t ON t.id = s.terminal_id JOIN terminals o ON o.id = s.origin_id
		JOIN companies c ON c.id = s.client_id LEFT JOIN companies l ON l.id = s.line_id LEFT JOIN terminals b ON b.id = s.bound_id`
)

// scanBox reads a box; its days are counted until at, or its exit.
func scanBox(row pgx.CollectableRow, at time.Time, more ...any) (yard.Box, error) {
	var b yard.Box
	var zone string
	into := []any{&b.Stay, &b.TerminalName, &b.BoundName, &b.ClientName, &b.LineName, &b.RequiresOrder, &zone}
	if err := row.Scan(append(into, more...)...); err != nil {
		return b, err
	}
	if !b.Left.IsZero() && b.Left.Before(at) {
		at = b.Left
	}
	location, err := zoneOf(zone)
	if err != nil {
		return b, err
	}
	b.Days = yard.Days(b.Entered, at, location)
	return b, nil
}

var zones sync.Map // of *time.Location, by name: reading one takes longer than a row

func zoneOf(name string) (*time.Location, error) {
	if found, ok := zones.Load(name); ok {
		return found.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone of a terminal: %w", err)
	}
	zones.Store(name, zone)
	return zone, nil
}

func (t *Tx) boxes(ctx context.Context, at time.Time, sql string, args ...any) ([]yard.Box, error) {
	rows, err := t.tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("boxes: %w", err)
	}
	boxes, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (yard.Box, error) { return scanBox(row, at) })
	if err != nil {
		return nil, fmt.Errorf("boxes: %w", err)
	}
	return boxes, nil
}

// Box gives a stay of the workspace with the names of its parts, or a NotFound fault. Its days are counted until at.
func (t *Tx) Box(ctx context.Context, workspace, stay int64, at time.Time) (yard.Box, error) {
	boxes, err := t.boxes(ctx, at, `SELECT `+boxColumns+` FROM `+boxTables+` WHERE s.workspace_id = $1 AND s.id = $2`, workspace, stay)
	if err == nil && len(boxes) == 0 {
		err = fault.New(fault.NotFound, "yardrules.unknown")
	}
	if err != nil {
		return yard.Box{}, err
	}
	return boxes[0], nil
}

// Boxes gives stays of the workspace in the order of their ids; those that are not there are left out.
func (t *Tx) Boxes(ctx context.Context, workspace int64, stays []int64, at time.Time) ([]yard.Box, error) {
	return t.boxes(ctx, at, `SELECT `+boxColumns+` FROM `+boxTables+` WHERE s.workspace_id = $1 AND s.id = ANY($2) ORDER BY s.id`,
		workspace, stays)
}

// LatestBoxes gives of each number its stay that goes on, or else its last one that was not reversed, if there is any.
func (t *Tx) LatestBoxes(ctx context.Context, workspace int64, numbers []container.Number, at time.Time) ([]yard.Box, error) {
	return t.boxes(ctx, at, `SELECT DISTINCT ON (s.number) `+boxColumns+` FROM `+boxTables+`
		WHERE s.workspace_id = $1 AND s.number = ANY($2)
		ORDER BY s.number, s.state = 'void', s.state = 'out', s.entered_at DESC, s.id DESC`, workspace, numbers)
}

// CompanyBoxes gives the stays of a company's boxes, whether it is their client or line, that go on, and those of which
// something was recorded since a moment and which are or were the company's, by entry. Their days are counted until at.
func (t *Tx) CompanyBoxes(ctx context.Context, workspace, company int64, since, at time.Time) ([]yard.Box, error) {
	return t.boxes(ctx, at, `SELECT `+boxColumns+` FROM `+boxTables+`
		WHERE s.workspace_id = $1 AND s.id IN (
			SELECT id FROM stays WHERE workspace_id = $1 AND (client_id = $2 OR line_id = $2) AND state IN ('in', 'transit')
			UNION
			SELECT m.stay_id FROM movements m WHERE m.workspace_id = $1 AND m.recorded_at >= $3 AND EXISTS (
				SELECT FROM movements g WHERE g.stay_id = m.stay_id AND g.kind = 'gate_in'
					AND $2 IN ((g.details->>'client')::bigint, (g.details->>'line')::bigint)))
		ORDER BY s.entered_at, s.id`, workspace, company, since)
}

// NumbersThere gives the numbers of the boxes that stand at a terminal, or that are bound for it; 0 means any terminal.
func (t *Tx) NumbersThere(ctx context.Context, workspace int64, state yard.State, terminal int64) ([]container.Number, error) {
	rows, err := t.tx.Query(ctx, `SELECT number FROM stays WHERE workspace_id = $1 AND state = $2
			AND ($3::bigint = 0 OR CASE WHEN state = 'transit' THEN bound_id ELSE terminal_id END = $3)`, workspace, state, terminal)
	if err != nil {
		return nil, fmt.Errorf("numbers: %w", err)
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[container.Number])
	if err != nil {
		return nil, fmt.Errorf("numbers: %w", err)
	}
	return numbers, nil
}

// LockNumbers holds the histories of boxes against every other change until the transaction ends, whether or not they
// have been here.
func (t *Tx) LockNumbers(ctx context.Context, workspace int64, numbers ...container.Number) error {
	return t.exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended(n, $1)) FROM (
		SELECT DISTINCT n FROM unnest($2::text[]) AS n ORDER BY n) sorted`, workspace, numbers)
}

// Overlapping gives a stay of the same number that was or is here while another one is, or that begins at the same
// moment; 0 when there is none.
func (t *Tx) Overlapping(ctx context.Context, s yard.Stay) (int64, error) {
	var id int64
	err := t.tx.QueryRow(ctx, `SELECT id FROM stays
		WHERE workspace_id = $1 AND number = $2 AND id <> $3 AND state <> 'void'
			AND (entered_at = $4 OR entered_at < coalesce($5::timestamptz, 'infinity') AND coalesce(left_at, 'infinity') > $4)
		ORDER BY entered_at DESC LIMIT 1`, s.Workspace, s.Number, s.ID, s.Entered, moment(s.Left)).Scan(&id)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("overlapping stays: %w", err)
	}
	return id, nil
}

// moment is a time as PostgreSQL takes it; NULL for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// id is an id as PostgreSQL takes it; NULL for none.
func id(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

// AddStay stores a new stay and gives its id.
func (t *Tx) AddStay(ctx context.Context, s yard.Stay) (int64, error) {
	ids, err := t.TakeIDs(ctx, "stays", 1)
	if err != nil {
		return 0, err
	}
	s.ID = ids[0]
	return s.ID, t.SaveStays(ctx, s)
}

const putStay = `
INSERT INTO stays (id, workspace_id, number, state, size_type, load, client_id, line_id, terminal_id, bound_id, origin_id,
                   place, held, entered_at, left_at, since, version, folded)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT (id) DO UPDATE SET
    number = excluded.number, state = excluded.state, size_type = excluded.size_type, load = excluded.load,
    client_id = excluded.client_id, line_id = excluded.line_id, terminal_id = excluded.terminal_id,
    bound_id = excluded.bound_id, origin_id = excluded.origin_id, place = excluded.place, held = excluded.held,
    entered_at = excluded.entered_at, left_at = excluded.left_at, since = excluded.since, version = excluded.version,
    folded = excluded.folded
WHERE stays.workspace_id = excluded.workspace_id`

// SaveStays stores what the movements of stays add up to, with their legs, under the lock of their numbers.
func (t *Tx) SaveStays(ctx context.Context, stays ...yard.Stay) error {
	b := &pgx.Batch{}
	for _, s := range stays {
		b.Queue(putStay, stayValues(s)...)
		b.Queue(`DELETE FROM legs WHERE workspace_id = $1 AND stay_id = $2 AND n >= $3`, s.Workspace, s.ID, len(s.Legs))
		for n, leg := range s.Legs {
			b.Queue(`INSERT INTO legs (stay_id, n, workspace_id, terminal_id, from_at, to_at)
				SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT FROM stays WHERE workspace_id = $3 AND id = $1)
				ON CONFLICT (stay_id, n) DO UPDATE SET terminal_id = excluded.terminal_id, from_at = excluded.from_at, to_at = excluded.to_at
				WHERE (legs.terminal_id, legs.from_at, legs.to_at) IS DISTINCT FROM (excluded.terminal_id, excluded.from_at, excluded.to_at)`,
				s.ID, n, s.Workspace, leg.Terminal, leg.From, moment(leg.To))
		}
	}
	if err := t.tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("save stays: %w", err)
	}
	return nil
}

// Unwatched gives stays of the workspace that have changed since they were watched last, the oldest first.
func (t *Tx) Unwatched(ctx context.Context, workspace int64, limit int) ([]int64, error) {
	rows, err := t.tx.Query(ctx, `SELECT id FROM stays WHERE workspace_id = $1 AND watched < version ORDER BY id LIMIT $2`, workspace, limit)
	if err != nil {
		return nil, fmt.Errorf("unwatched stays: %w", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("unwatched stays: %w", err)
	}
	return ids, nil
}

// WatchStay notes that a stay's workflow looks at it, and gives it, and whether people know that it is a long stayer.
func (t *Tx) WatchStay(ctx context.Context, stay int64) (s yard.Stay, longTold bool, err error) {
	err = t.tx.QueryRow(ctx, `UPDATE stays SET watched = version WHERE id = $1 RETURNING folded, long_told`, stay).Scan(&s, &longTold)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, false, fault.New(fault.NotFound, "yardrules.unknown")
	}
	if err != nil {
		return s, false, fmt.Errorf("watch a stay: %w", err)
	}
	return s, longTold, nil
}

// FindStay gives a stay of any workspace, for those who hold nothing but its id (its workflow), or a NotFound fault.
func (t *Tx) FindStay(ctx context.Context, stay int64) (s yard.Stay, err error) {
	err = t.tx.QueryRow(ctx, `SELECT folded FROM stays WHERE id = $1`, stay).Scan(&s)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, fault.New(fault.NotFound, "yardrules.unknown")
	}
	if err != nil {
		return s, fmt.Errorf("read a stay: %w", err)
	}
	return s, nil
}

// KnowLongStays notes that nobody need be told of the stays among these that began before a moment.
func (t *Tx) KnowLongStays(ctx context.Context, workspace int64, stays []int64, before time.Time) error {
	return t.exec(ctx, `UPDATE stays SET long_told = true WHERE workspace_id = $1 AND id = ANY($2) AND entered_at < $3`,
		workspace, stays, before)
}

// TellLongStay notes that people know that a stay is a long one; false when they knew.
func (t *Tx) TellLongStay(ctx context.Context, workspace, stay int64) (bool, error) {
	tag, err := t.tx.Exec(ctx, `UPDATE stays SET long_told = true WHERE workspace_id = $1 AND id = $2 AND NOT long_told`, workspace, stay)
	if err != nil {
		return false, fmt.Errorf("long stay: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
