package main

import (
	"quaydesk/store"
)

type migrateCommand struct{}

// Run brings the database of DATABASE_URL to the newest schema; several at once are no harm.
func (migrateCommand) Run(p *process) error {
	s, err := p.settings("DATABASE_URL")
	if err != nil {
		return err
	}
	return store.Migrate(p.ctx, string(s.DatabaseURL))
}
