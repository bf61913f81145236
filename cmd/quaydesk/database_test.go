package main

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"quaydesk/settings"
	"quaydesk/store"
	"quaydesk/store/storetest"
)

// tables are what a database has.
func tables(t *testing.T, pool *pgxpool.Pool) (names []string) {
	require.NoError(t, pool.QueryRow(t.Context(),
		"SELECT coalesce(array_agg(tablename::text ORDER BY tablename), '{}') FROM pg_tables WHERE schemaname = 'public'").Scan(&names))
	return names
}

func TestReadingCommandsNeverChangeTheSchema(t *testing.T) {
	run := func(t *testing.T, pool *pgxpool.Pool, s settings.Settings, open func(*database, *process, settings.Settings) error) error {
		return open(&database{pool: pool, store: store.New(pool)}, &process{ctx: t.Context()}, s)
	}
	const refused = "the database has no tables of this version"
	for name, c := range map[string]struct {
		sql         string
		reads, fill string // what is said; "" when it works
	}{
		"this version's":  {"SELECT 1", "", ""},
		"empty":           {"DROP SCHEMA public CASCADE; CREATE SCHEMA public", refused, ""},
		"somebody else's": {"DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE theirs (id int)", refused, refused},
		"older":           {"DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)", refused, refused},
		"newer":           {"INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)", refused, refused},
	} {
		t.Run(name, func(t *testing.T) {
			url := storetest.URL(t)
			pool, err := pgxpool.New(t.Context(), url)
			require.NoError(t, err)
			t.Cleanup(pool.Close)
			_, err = pool.Exec(t.Context(), c.sql)
			require.NoError(t, err)
			s := settings.Settings{DatabaseURL: settings.DatabaseURL(url), TimeZone: "Asia/Tashkent"}
			before := tables(t, pool)

			err = run(t, pool, s, (*database).open)
			if c.reads == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.reads)
				require.ErrorContains(t, err, "quaydesk migrate")
			}
			require.Equal(t, before, tables(t, pool))

			err = run(t, pool, s, (*database).openToFill)
			if c.fill != "" {
				require.ErrorContains(t, err, c.fill)
				require.Equal(t, before, tables(t, pool))
				return
			}
			require.NoError(t, err)
			require.NoError(t, run(t, pool, s, (*database).open), "it is this version's now")
		})
	}
}
