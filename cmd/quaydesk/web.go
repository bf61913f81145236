package main

import (
	"quaydesk/activities/signals"
	"quaydesk/health"
	"quaydesk/web"
	"quaydesk/workflows/dialog"
)

// webConnections bounds the web's connections to PostgreSQL.
const webConnections = 8

type webCommand struct{}

// Run serves the start page and the board's webhook until it is stopped.
func (webCommand) Run(p *process) error {
	s, err := p.settings("DATABASE_URL")
	if err != nil {
		return err
	}
	db, pool, err := openStore(p.ctx, s, webConnections)
	if err != nil {
		return err
	}
	defer pool.Close()
	temporal, err := openTemporal(p.ctx, s, p.log)
	if err != nil {
		return err
	}
	defer temporal.Close()
	handler, err := web.New(web.Config{
		Version:  version,
		Store:    db,
		Database: pool.Ping,
		Temporal: temporalAnswers(temporal),
		Gateway:  string(s.GatewayURL),
		Todoist:  s.TodoistSecret,
		Signals:  &signals.Signals{Client: temporal, Namespace: s.Temporal.Namespace, TaskQueue: dialog.TaskQueue},
		Log:      p.log,
		Metrics:  health.NewMetrics(),
	})
	if err != nil {
		return err
	}
	return health.Serve(p.ctx, string(s.Listen), handler)
}
