package main

import (
	"path/filepath"

	"quaydesk/sandbox"
)

type sandboxCommand struct{}

// Run serves the sandbox until it is stopped.
func (sandboxCommand) Run(p *process) error {
	s, err := p.settings()
	if err != nil {
		return err
	}
	return sandbox.Run(p.ctx, sandbox.Config{
		Listen: string(s.SandboxListen), DataDir: filepath.Join(s.DataDir, "sandbox"), Log: p.log})
}
