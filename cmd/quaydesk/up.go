package main

import (
	"log/slog"
	"os"
	"path/filepath"

	"quaydesk/local"
	"quaydesk/store"
)

type upCommand struct{}

// Run runs everything, with this very program for the product's processes and the engine's beside it.
func (upCommand) Run(p *process) error {
	s, err := p.settings()
	if err != nil {
		return err
	}
	if _, err := moduleNames(s); err != nil {
		return err
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return local.Up(p.ctx, p.kill, local.Config{
		Settings: s,
		Migrate:  store.Migrate,
		Demo:     demo{},
		Program:  program,
		Engine:   filepath.Join(filepath.Dir(program), "engine"),
		Screen:   os.Stdout,
		Log:      slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
}
