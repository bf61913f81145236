package main

import (
	"context"
	"net/http"
)

type webCommand struct{}

// Run serves the web until it is stopped.
func (webCommand) Run(p *process) error {
	s, err := p.settings("DATABASE_URL")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	operations(mux, newMetrics(), func(context.Context) error { return nil })
	return serve(p.ctx, string(s.Listen), mux)
}
