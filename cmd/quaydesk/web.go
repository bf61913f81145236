package main

import (
	"github.com/alexedwards/scs/pgxstore"

	"quaydesk/activities/records"
	"quaydesk/activities/signals"
	"quaydesk/health"
	"quaydesk/texts"
	"quaydesk/web"
	"quaydesk/workflows/dialog"
)

// webConnections bounds the web's connections to PostgreSQL.
const webConnections = 8

type webCommand struct{}

// Run serves the pages and the board's webhook until it is stopped.
func (webCommand) Run(p *process) error {
	c, err := p.connect(webConnections)
	if err != nil {
		return err
	}
	defer c.Close()
	catalogue := texts.New()
	handler, err := web.New(web.Config{
		Version:  version,
		Store:    c.store,
		Records:  records.New(c.store, catalogue),
		Texts:    catalogue,
		Sessions: pgxstore.New(c.pool),
		Public:   string(c.settings.PublicURL),
		Login:    web.Login{Issuer: string(c.settings.LoginURL), Secret: c.settings.LoginSecret},
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
