package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// AgeSteps are the days at which the buckets of Ageing end; what is older is in the last bucket.
var AgeSteps = []int{7, 14, 30, 60, 90}

// Ageing counts the boxes of the stock at a moment by terminal ("" for those moving) and by how many days they have been
// there: a count for each of AgeSteps, and one for what is older.
func (t *Tx) Ageing(ctx context.Context, workspace int64, f StockFilter) (map[string][]int, error) {
	table, w := f.stock(workspace)
	rows, err := t.tx.Query(ctx, table+`SELECT coalesce(te.name, ''), width_bucket(t.days - 1, `+w.add(AgeSteps)+`::int[]), count(*)
		FROM t LEFT JOIN terminals te ON te.id = t.terminal_id AND NOT t.moving WHERE `+w.String()+` GROUP BY 1, 2`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("ageing: %w", err)
	}
	ages := map[string][]int{}
	var terminal string
	var bucket, boxes int
	_, err = pgx.ForEachRow(rows, []any{&terminal, &bucket, &boxes}, func() error {
		if ages[terminal] == nil {
			ages[terminal] = make([]int, len(AgeSteps)+1)
		}
		ages[terminal][bucket] = boxes
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("ageing: %w", err)
	}
	return ages, nil
}

// Dwell is how long boxes stayed that have left: days, both ends counted.
type Dwell struct {
	Month  time.Time // the month in which they left, UTC; zero: in any
	Client string    // "": of all
	Boxes  int
	Median int
	P90    int // nine in ten stayed no longer
}

// Dwell tells how long boxes stayed that left in a span of time, From included: by month, the first one first, and by
// client, those with the most boxes first. Days and months are those of the terminal where a box came in.
func (t *Tx) Dwell(ctx context.Context, workspace int64, from, to time.Time) (months, clients []Dwell, err error) {
	rows, err := t.tx.Query(ctx, `SELECT x.month, coalesce(c.name, ''), x.days, x.boxes FROM (
			SELECT date_trunc('month', d.left_on)::date AS month, d.client_id, d.left_on - d.entered_on + 1 AS days, count(*) AS boxes FROM (
				SELECT s.client_id, (s.left_at AT TIME ZONE o.time_zone)::date AS left_on, (s.entered_at AT TIME ZONE o.time_zone)::date AS entered_on
				FROM stays s JOIN terminals o ON o.id = s.origin_id
				WHERE s.workspace_id = $1 AND s.state = 'out' AND s.left_at >= $2 AND s.left_at < $3) d
			GROUP BY GROUPING SETS ((month, days), (d.client_id, days))) x
		LEFT JOIN companies c ON c.id = x.client_id ORDER BY x.month, lower(c.name), c.id, x.days`, workspace, from, to)
	if err != nil {
		return nil, nil, fmt.Errorf("dwell: %w", err)
	}
	var month *time.Time
	var client string
	var days, boxes int
	var groups []Dwell
	var stays [][]dwelt // of each group, the shortest first
	_, err = pgx.ForEachRow(rows, []any{&month, &client, &days, &boxes}, func() error {
		g := Dwell{Client: client}
		if month != nil {
			g.Month = month.UTC()
		}
		if n := len(groups); n == 0 || groups[n-1].Client != g.Client || !groups[n-1].Month.Equal(g.Month) {
			groups, stays = append(groups, g), append(stays, nil)
		}
		groups[len(groups)-1].Boxes += boxes
		stays[len(stays)-1] = append(stays[len(stays)-1], dwelt{days, boxes})
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("dwell: %w", err)
	}
	for i, g := range groups {
		g.Median, g.P90 = percentile(stays[i], g.Boxes, 50), percentile(stays[i], g.Boxes, 90)
		if g.Client == "" {
			months = append(months, g)
		} else {
			clients = append(clients, g)
		}
	}
	slices.SortStableFunc(clients, func(a, b Dwell) int { return b.Boxes - a.Boxes })
	return months, clients, nil
}

// dwelt is how many boxes stayed for so many days.
type dwelt struct{ days, boxes int }

// percentile is the least number of days that so many in a hundred of all boxes did not exceed.
func percentile(stays []dwelt, all, percent int) int {
	var there int
	for _, s := range stays {
		if there += s.boxes; there*100 >= all*percent {
			return s.days
		}
	}
	return 0
}
