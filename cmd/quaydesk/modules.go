package main

import (
	"fmt"
	"slices"
	"strings"

	"quaydesk/activities/records"
	"quaydesk/settings"
	"quaydesk/worker"
	"quaydesk/workflows/desk"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/members"
	"quaydesk/workflows/yard"
)

// dialogues are what the modules let people do in a chat; a new module adds itself here and in workerModules.
func dialogues() []dialog.Module {
	return []dialog.Module{desk.Module(), yard.Module(), members.Module()}
}

// workerModules are what the modules have the worker run.
func workerModules(board *records.Board) []worker.Module {
	return []worker.Module{{
		Dialogues:  desk.Module(),
		Workflows:  map[string]any{desk.WorkflowName: desk.Ticket, desk.BoardWorkflow: desk.Board},
		Activities: []any{board},
	}, {
		Dialogues: yard.Module(),
		Workflows: map[string]any{yard.StayWorkflow: yard.Stay, yard.YardWorkflow: yard.Yard},
	}, {
		Dialogues: members.Module(),
	}}
}

// moduleNames are the modules of the first bot, as set or else all.
func moduleNames(s settings.Settings) ([]string, error) {
	var known []string
	for _, m := range dialogues() {
		if !m.Always {
			known = append(known, m.Name)
		}
	}
	if len(s.Modules) == 0 {
		return known, nil
	}
	for _, name := range s.Modules {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("QUAYDESK_MODULES names %q, which is no module: set it to some of these: %s", name, strings.Join(known, ","))
		}
	}
	return s.Modules, nil
}
