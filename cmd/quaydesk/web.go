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
	c, err := p.connect(webConnections)
	if err != nil {
		return err
	}
	defer c.Close()
	handler, err := web.New(web.Config{
		Version:  version,
		Store:    c.store,
		Database: c.pool.Ping,
		Temporal: temporalAnswers(c.temporal),
		Gateway:  string(c.settings.GatewayURL),
		Todoist:  c.settings.TodoistSecret,
		Signals:  &signals.Signals{Client: c.temporal, Namespace: c.settings.Temporal.Namespace, TaskQueue: dialog.TaskQueue},
		Log:      p.log,
		Metrics:  health.NewMetrics(),
	})
	if err != nil {
		return err
	}
	return health.Serve(p.ctx, string(c.settings.Listen), handler)
}
