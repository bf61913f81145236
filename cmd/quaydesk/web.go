package main

import "quaydesk/health"

type webCommand struct{}

// Run serves the web until it is stopped.
func (webCommand) Run(p *process) error {
	s, err := p.settings("DATABASE_URL")
	if err != nil {
		return err
	}
	return health.Serve(p.ctx, string(s.Listen), health.New().Handler(health.NewMetrics()))
}
