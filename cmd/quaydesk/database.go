package main

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"quaydesk/local"
	"quaydesk/settings"
	"quaydesk/store"
)

// database is what a command works on that is run by hand: the workspace of the business.
type database struct {
	pool      *pgxpool.Pool
	store     *store.Store
	workspace int64
	zone      *time.Location // of the workspace
}

// firstWorkspace is the name of a workspace that a command makes in an empty database.
const firstWorkspace = "Quaydesk"

// database opens the database of DATABASE_URL, or else that of the `quaydesk up` that runs on this machine's data folder.
// It wants it to have this version's tables, never changes them, and makes a workspace in it if there is none.
func (p *process) database() (*database, error) { return p.openDatabase((*database).open) }

// databaseToFill opens the database as database does, for what is to be imported: in an empty one it makes the tables.
func (p *process) databaseToFill() (*database, error) { return p.openDatabase((*database).openToFill) }

func (p *process) openDatabase(open func(*database, *process, settings.Settings) error) (*database, error) {
	s, err := p.settings()
	if err != nil {
		return nil, err
	}
	if s.DatabaseURL == "" {
		state, err := local.ReadState(s.DataDir)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, errors.New("there is no database: start `quaydesk up`, or set DATABASE_URL to that of your PostgreSQL")
		}
		if err != nil {
			return nil, err
		}
		s.DatabaseURL = settings.DatabaseURL(state.DatabaseURL)
	}
	pool, err := openPool(p.ctx, s, 4)
	if err != nil {
		return nil, err
	}
	d := &database{pool: pool, store: store.New(pool)}
	if err := open(d, p, s); err != nil {
		pool.Close()
		return nil, err
	}
	return d, nil
}

func (d *database) openToFill(p *process, s settings.Settings) error {
	schema, err := d.store.Schema(p.ctx)
	if err != nil {
		return err
	}
	if schema.Empty {
		if err := store.Migrate(p.ctx, string(s.DatabaseURL)); err != nil {
			return err
		}
	}
	return d.open(p, s)
}

func (d *database) open(p *process, s settings.Settings) error {
	schema, err := d.store.Schema(p.ctx)
	if err != nil {
		return err
	}
	if schema.Has != schema.Wants {
		hint := "run `quaydesk migrate`"
		if schema.Has > schema.Wants {
			hint += " and this command of the newer version"
		}
		return fmt.Errorf("the database has no tables of this version (its newest migration is %d, this program's %d): %s", schema.Has, schema.Wants, hint)
	}
	if d.workspace, err = d.store.EnsureWorkspace(p.ctx, firstWorkspace, string(s.TimeZone)); err != nil {
		return err
	}
	return d.store.Tx(p.ctx, func(tx *store.Tx) error {
		d.zone, err = tx.Zone(p.ctx, d.workspace)
		return err
	})
}

// Close ends the connections.
func (d *database) Close() { d.pool.Close() }
