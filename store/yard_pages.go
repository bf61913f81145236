package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/container"
)

// What the pages of the yard read: lists of a hundred thousand stays, filtered, sorted and cut in PostgreSQL.

// Presence is how a box of the stock is there.
type Presence string

// The presences; "" is any.
const (
	Standing Presence = "in"      // at a terminal
	Moving   Presence = "transit" // on its way from one terminal to another
	OnHold   Presence = "held"    // standing, and not to be released
)

// Presences lists them.
var Presences = []Presence{Standing, Moving, OnHold}

// StockFilter says which boxes of the stock are meant; zero fields say nothing.
type StockFilter struct {
	At       time.Time // the moment, by what is known of it now; it must be set
	Terminal int64     // where they stood, or from or to where they were moving
	Client   int64
	Line     int64
	Presence Presence
	Feet     int // length: 20, 40 …
	Load     container.Load
	Number   string // a part of it, in canonical form
	Longer   int    // there for more than so many days, both ends counted; 0: however long
}

// StockRow is a box of the stock at a moment.
type StockRow struct {
	Stay     int64
	Number   container.Number
	SizeType container.SizeType
	Load     container.Load
	Client   string
	Line     string
	Terminal string // where it stood, or where it had left for another
	Bound    string // moving: where to
	Place    string // latest told at Terminal; "" when the box has been elsewhere since
	Held     bool
	Entered  time.Time // UTC
	Zone     string    // IANA, of the terminal where it came in: its days are counted there
	Days     int       // both ends counted
	Moving   bool
}

// stockOrders are what the stock can be sorted by.
var stockOrders = map[string]string{
	"number": "t.number", "entered": "t.entered_at", "days": "t.days", "client": "lower(c.name)", "place": "t.place",
}

// where puts conditions of a query together; "?" in one is its argument.
type where struct {
	conditions []string
	args       []any
}

func (w *where) and(condition string, arg any) {
	w.args = append(w.args, arg)
	w.conditions = append(w.conditions, strings.ReplaceAll(condition, "?", fmt.Sprintf("$%d", len(w.args))))
}

func (w *where) add(arg any) string {
	w.args = append(w.args, arg)
	return fmt.Sprintf("$%d", len(w.args))
}

func (w *where) String() string {
	if len(w.conditions) == 0 {
		return "true"
	}
	return strings.Join(w.conditions, " AND ")
}

// stock is the stock as a table t: its moment is $1, its workspace $2. Where a box was is told by its legs; whether it
// was held, by the last movement of that kind that counts.
func (f StockFilter) stock(workspace int64) (string, *where) {
	w := &where{args: []any{f.At, workspace}}
	if f.Client != 0 {
		w.and("s.client_id = ?", f.Client)
	}
	if f.Line != 0 {
		w.and("s.line_id = ?", f.Line)
	}
	if f.Feet != 0 {
		w.and("(s.size_type = ? OR length(s.size_type) > 2", fmt.Sprint(f.Feet))
		w.conditions[len(w.conditions)-1] += " AND left(s.size_type, 1) = ANY(" + w.add(firstOfFeet(f.Feet)) + "))"
	}
	if f.Load != "" {
		w.and("s.load = ?", f.Load)
	}
	if f.Number != "" {
		w.and("s.number LIKE ?", contains(f.Number))
	}
	inner := &where{args: w.args}
	switch f.Presence {
	case Standing:
		inner.conditions = append(inner.conditions, "NOT t.moving")
	case Moving:
		inner.conditions = append(inner.conditions, "t.moving")
	case OnHold:
		inner.conditions = append(inner.conditions, "t.held")
	}
	if f.Terminal != 0 {
		inner.and("(t.terminal_id = ? OR t.bound_id = ?)", f.Terminal)
	}
	if f.Longer != 0 {
		inner.and("t.days > ?", f.Longer)
	}
	return `WITH holds AS (
			SELECT DISTINCT ON (m.stay_id) m.stay_id, m.kind FROM movements m
			WHERE m.workspace_id = $2 AND m.kind IN ('hold', 'unhold') AND m.at <= $1
				AND m.id NOT IN (SELECT r.replaces FROM movements r WHERE r.workspace_id = $2 AND r.replaces IS NOT NULL)
			ORDER BY m.stay_id, m.at DESC, m.id DESC),
		t AS (
			SELECT s.id, s.number, s.size_type, s.load, s.client_id, s.line_id, s.entered_at,
				coalesce(l.terminal_id, gone.terminal_id) AS terminal_id, l.stay_id IS NULL AS moving,
				CASE WHEN l.stay_id IS NULL THEN coalesce(next.terminal_id, s.bound_id) END AS bound_id,
				CASE WHEN l.stay_id IS NOT NULL AND l.to_at IS NOT DISTINCT FROM s.left_at THEN s.place ELSE '' END AS place,
				s.id IN (SELECT h.stay_id FROM holds h WHERE h.kind = 'hold') AS held, o.time_zone,
				($1 AT TIME ZONE o.time_zone)::date - (s.entered_at AT TIME ZONE o.time_zone)::date + 1 AS days
			FROM stays s JOIN terminals o ON o.id = s.origin_id
				LEFT JOIN legs l ON l.stay_id = s.id AND tstzrange(l.from_at, l.to_at) @> $1::timestamptz
				LEFT JOIN LATERAL (SELECT p.terminal_id FROM legs p WHERE l.stay_id IS NULL AND p.stay_id = s.id
					AND p.from_at <= $1 ORDER BY p.from_at DESC LIMIT 1) gone ON true
				LEFT JOIN LATERAL (SELECT n.terminal_id FROM legs n WHERE l.stay_id IS NULL AND n.stay_id = s.id
					AND n.from_at > $1 ORDER BY n.from_at LIMIT 1) next ON true
			WHERE s.workspace_id = $2 AND s.state <> 'void' AND tstzrange(s.entered_at, s.left_at) @> $1::timestamptz
				AND ` + w.String() + `)
		`, inner
}

// firstOfFeet are the first characters of size-type codes that mean a length.
func firstOfFeet(feet int) []string {
	var first []string
	for c := '1'; c <= 'Z'; c++ {
		if container.SizeType(string(c)+"2G1").Length() == feet {
			first = append(first, string(c))
		}
	}
	return first
}

// contains is the LIKE pattern of what holds a text.
func contains(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
}

// Stock lists a stretch of the stock at a moment, sorted by "number", "entered", "days", "client" or "place".
func (t *Tx) Stock(ctx context.Context, workspace int64, f StockFilter, by string, down bool, offset, limit int) ([]StockRow, error) {
	table, w := f.stock(workspace)
	order, ok := stockOrders[by]
	if !ok {
		return nil, fmt.Errorf("stock: no order %q", by)
	}
	if down {
		order += " DESC"
	}
	rows, err := t.tx.Query(ctx, table+`SELECT t.id, t.number, t.size_type, t.load, t.client, coalesce(li.name, ''), te.name,
			coalesce(bo.name, ''), t.place, t.held, t.entered_at, t.time_zone, t.days, t.moving
		FROM (SELECT t.*, c.name AS client, row_number() OVER (ORDER BY `+order+`, t.id) AS row
				FROM t JOIN companies c ON c.id = t.client_id WHERE `+w.String()+`
				ORDER BY row OFFSET `+w.add(offset)+" LIMIT "+w.add(limit)+`) t
			JOIN terminals te ON te.id = t.terminal_id LEFT JOIN terminals bo ON bo.id = t.bound_id
			LEFT JOIN companies li ON li.id = t.line_id
		ORDER BY t.row`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("stock: %w", err)
	}
	stock, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (StockRow, error) {
		var r StockRow
		err := row.Scan(&r.Stay, &r.Number, &r.SizeType, &r.Load, &r.Client, &r.Line, &r.Terminal, &r.Bound, &r.Place, &r.Held,
			&r.Entered, &r.Zone, &r.Days, &r.Moving)
		r.Entered = r.Entered.UTC()
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("stock: %w", err)
	}
	return stock, nil
}

// StockCount is how many boxes of one sort are in the stock.
type StockCount struct {
	Terminal string // "": moving
	SizeType container.SizeType
	Load     container.Load
	Boxes    int
	Held     int
}

// CountStock counts the stock at a moment by terminal, size-type and load.
func (t *Tx) CountStock(ctx context.Context, workspace int64, f StockFilter) ([]StockCount, error) {
	table, w := f.stock(workspace)
	rows, err := t.tx.Query(ctx, table+`SELECT coalesce(te.name, ''), g.size_type, g.load, g.boxes, g.held FROM (
			SELECT CASE WHEN NOT moving THEN terminal_id END AS terminal_id, size_type, load, count(*) AS boxes,
				count(*) FILTER (WHERE held) AS held
			FROM t WHERE `+w.String()+` GROUP BY 1, 2, 3) g LEFT JOIN terminals te ON te.id = g.terminal_id
		ORDER BY te.id, g.size_type, g.load`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("count stock: %w", err)
	}
	counts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[StockCount])
	if err != nil {
		return nil, fmt.Errorf("count stock: %w", err)
	}
	return counts, nil
}
