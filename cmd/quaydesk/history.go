package main

import (
	"fmt"

	"go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
)

type historyCommand struct {
	ID string `arg:"" help:"Workflow id, for example ticket:12."`
}

// Run prints the history of a workflow as JSON, as replay tests read it.
func (c historyCommand) Run(p *process) error {
	s, err := p.settings()
	if err != nil {
		return err
	}
	temporal, err := openTemporal(s, p.log)
	if err != nil {
		return err
	}
	defer temporal.Close()
	var history historypb.History
	events := temporal.GetWorkflowHistory(p.ctx, c.ID, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return err
		}
		history.Events = append(history.Events, event)
	}
	out, err := temporalproto.CustomJSONMarshalOptions{Indent: "  "}.Marshal(&history)
	if err != nil {
		return err
	}
	_, err = fmt.Println(string(out))
	return err
}
