package store

import (
	"context"
	"database/sql"
	"fmt"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"quaydesk/migrations"
)

// Migrate brings a database to the newest schema. It may run in several processes at once: one does the work, the
// others wait for it (up to five minutes).
func Migrate(ctx context.Context, databaseURL string) error {
	db, err := sql.Open("pgx", databaseURL)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Schema tells how the tables of a database stand to those that this program wants.
type Schema struct {
	Has, Wants int64 // numbers of the newest migrations: of the database, 0 if it has none, and of this program
	Empty      bool  // whether the database has no tables at all
}

// Schema looks at the database's tables and changes nothing.
func (s *Store) Schema(ctx context.Context) (Schema, error) {
	var out Schema
	files, err := migrations.FS.ReadDir(".")
	if err != nil {
		return out, fmt.Errorf("migrations: %w", err)
	}
	for _, file := range files {
		number, err := goose.NumericComponent(file.Name())
		if err != nil {
			return out, fmt.Errorf("migrations: %w", err)
		}
		out.Wants = max(out.Wants, number)
	}
	var migrated bool
	err = s.pool.QueryRow(ctx, `
SELECT to_regclass('goose_db_version') IS NOT NULL,
       NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = ANY (current_schemas(false)) AND tablename <> 'goose_db_version')`).
		Scan(&migrated, &out.Empty)
	if err == nil && migrated {
		err = s.pool.QueryRow(ctx, "SELECT coalesce(max(version_id) FILTER (WHERE is_applied), 0) FROM goose_db_version").Scan(&out.Has)
	}
	if err != nil {
		return out, fmt.Errorf("look at the schema: %w", err)
	}
	return out, nil
}
