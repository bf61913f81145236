package records

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"quaydesk/domain/billing"
	"quaydesk/store"
	"quaydesk/store/storetest"
	"quaydesk/texts"
)

// BenchmarkMonthOfStatements makes the statements of a month for all clients, from the database on: 50,000 stays that
// have days in it, of 100,000 that are there, with 320,000 movements.
func BenchmarkMonthOfStatements(b *testing.B) {
	pool := storetest.New(b)
	s := store.New(pool)
	workspace, err := s.EnsureWorkspace(b.Context(), "w", "Asia/Tashkent")
	require.NoError(b, err)
	thisMonth, _ := day(0).Month()
	from, to := (thisMonth - 1).Month()
	fill(b, pool, workspace, from.Start(tashkentZone))
	r := New(s, texts.New())
	tariff := flat(from-1000, 5, "7.50")
	tariff.RecordedAt = from.Start(tashkentZone).AddDate(-1, 0, 0)
	schedule := billing.NamedBook{Book: billing.Book{}.With(0, tariff)}
	_, err = r.LoadSchedule(b.Context(), Loading{Op: "cli:1", Workspace: workspace, Schedule: schedule})
	require.NoError(b, err)
	q := StatementQuery{Workspace: workspace, From: from, To: to}
	for _, c := range []struct {
		name string
		asOf time.Time
	}{{"now", now()}, {"earlier", thisMonth.Start(tashkentZone)}} {
		b.Run(c.name, func(b *testing.B) {
			q.AsOf = c.asOf
			for b.Loop() {
				all, err := r.Statements(b.Context(), q)
				require.NoError(b, err)
				stays := 0
				for _, s := range all {
					stays += len(s.Stays)
				}
				require.Equal(b, 50_000, stays)
			}
		})
	}
	b.Run("oneClient", func(b *testing.B) {
		q.AsOf, q.Company = time.Time{}, 7
		for b.Loop() {
			s, err := r.Statement(b.Context(), q)
			require.NoError(b, err)
			require.Len(b, s.Stays, 5_000)
		}
	})
	b.Run("oneStay", func(b *testing.B) {
		for b.Loop() {
			_, err := r.Accrued(b.Context(), AccruedQuery{Workspace: workspace, Stay: 77_777})
			require.NoError(b, err)
		}
	})
}

// fill makes 20 clients and 100,000 stays of twenty days, half of them in the month. Each hundredth one's entry was
// corrected after it had left. Everything is recorded as it happens.
func fill(b *testing.B, pool *pgxpool.Pool, workspace int64, month time.Time) {
	for i, sql := range []string{
		`INSERT INTO terminals (id, workspace_id, name, name_key, time_zone) VALUES (1, $1, 'North', 'north', 'Asia/Tashkent')`,
		`INSERT INTO companies (id, workspace_id, name, name_key) SELECT i, $1, 'Client ' || i, 'client' || i FROM generate_series(1, 20) i`,
		`INSERT INTO stays (id, workspace_id, number, state, size_type, load, client_id, terminal_id, origin_id, entered_at, left_at, since, version, folded)
			SELECT i, $1, 'MSKU' || lpad(i::text, 7, '0'), 'out', '22G1', 'laden', 1 + i % 20, 1, 1, entered, entered + interval '20 days', entered, 3, '{}'
			FROM generate_series(1, 100000) i, LATERAL (SELECT CASE WHEN i % 2 = 0
				THEN $2::timestamptz - interval '19 days' + i % 48 * interval '1 day' ELSE $2 - interval '250 days' + i % 200 * interval '1 day' END) e (entered)`,
		`INSERT INTO movements (workspace_id, stay_id, kind, at, recorded_at, terminal_id, details, source, op)
			SELECT $1, id, m.kind, m.at, m.at, 1, m.details, 'import', 'fill'
			FROM stays s, LATERAL (VALUES
				('gate_in', entered_at, jsonb_build_object('number', number, 'size_type', size_type, 'load', load, 'client', client_id,
					'place', 'A1-02-03-1', 'cargo', 'tomato paste', 'transport', jsonb_build_object('mode', 'truck', 'number', '01 A 777 AA'))),
				('operation', entered_at + interval '5 days', jsonb_build_object('operation', 'crane')),
				('gate_out', left_at, jsonb_build_object('order', 'R-1'))) m (kind, at, details) WHERE s.workspace_id = $1`,
		`INSERT INTO movements (workspace_id, stay_id, kind, at, recorded_at, terminal_id, details, source, op, replaces, reason)
			SELECT workspace_id, stay_id, kind, at, recorded_at + interval '30 days', 1, details, 'import', 'fill', id, 'the paper says so'
			FROM movements WHERE workspace_id = $1 AND kind = 'gate_in' AND stay_id % 100 = 0`,
	} {
		args := []any{workspace}
		if i == 2 {
			args = append(args, month)
		}
		_, err := pool.Exec(b.Context(), sql, args...)
		require.NoError(b, err)
	}
	_, err := pool.Exec(b.Context(), `ANALYZE`)
	require.NoError(b, err)
}
