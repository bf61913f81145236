package yard

import (
	"encoding/json"
	"strconv"
	"time"

	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/activities/signals"
	"quaydesk/workflows/policy"
)

const (
	sweepEvery = time.Minute     // finds stays that were changed by the web, by import, or before a crash
	sweepRest  = 2 * time.Second // between sweeps, however many hints come
	sweepLimit = 200             // stays that one sweep signals; if there are more, the next one comes after the rest
	sweepsARun = 300             // then the history starts anew
)

// Yard signals, once a minute and at once on a hint, the stays that have changed since their workflow looked at them,
// and has the daily reports sent at their time. It never ends.
func Yard(ctx workflow.Context, in YardInput) error {
	y := &keeper{workspace: in.Workspace, sending: map[int64]bool{}}
	hints := workflow.GetSignalChannel(ctx, SignalHint)
	for n := 0; ; n++ {
		for hints.ReceiveAsync(nil) {
			continue
		}
		if n >= sweepsARun || workflow.GetInfo(ctx).GetContinueAsNewSuggested() { // also while a report fails: the next run tries it too
			return workflow.NewContinueAsNewError(ctx, Yard, in)
		}
		more, err := y.sweep(ctx, strconv.Itoa(n))
		if err != nil {
			return err
		}
		pause, err := y.report(ctx)
		if err != nil {
			return err
		}
		if err := workflow.Sleep(ctx, sweepRest); err != nil {
			return err
		}
		if more {
			continue
		}
		if err := signalOrTimer(ctx, hints, pause-sweepRest); err != nil {
			return err
		}
	}
}

// keeper is what a Yard knows.
type keeper struct {
	workspace int64
	sending   map[int64]bool // companies whose report is under way
}

// sweep signals the stays whose workflow is behind, and tells whether there may be more. n tells the sweeps of a run
// apart.
func (y *keeper) sweep(ctx workflow.Context, n string) (more bool, err error) {
	var r *records.Records
	var stays []int64
	in := records.Unwatching{Workspace: y.workspace, Limit: sweepLimit}
	if err := workflow.ExecuteLocalActivity(policy.LocalStore(ctx), r.Unwatched, in).Get(ctx, &stays); err != nil {
		return false, err
	}
	run := workflow.GetInfo(ctx).WorkflowExecution.RunID
	for _, id := range stays {
		input, err := json.Marshal(Input{Stay: id})
		if err != nil {
			return false, err
		}
		var s *signals.Signals
		err = workflow.ExecuteLocalActivity(policy.LocalStore(ctx), s.Signal, signals.In{
			Workflow: StayWorkflow, ID: StayID(id), Signal: SignalChanged, Input: input,
			RequestID: "sweep:" + run + ":" + n + ":" + strconv.FormatInt(id, 10),
		}).Get(ctx, nil)
		if err != nil {
			return false, err
		}
	}
	return len(stays) == sweepLimit, nil
}

// report has the reports sent whose time has come, and tells how long there is to wait for the next one or the next
// sweep. A report that cannot be sent holds up nothing else.
func (y *keeper) report(ctx workflow.Context) (pause time.Duration, err error) {
	var r *records.Records
	var next []records.DueReport
	if err := workflow.ExecuteLocalActivity(policy.LocalStore(ctx), r.NextReports, y.workspace).Get(ctx, &next); err != nil {
		return 0, err
	}
	pause = sweepEvery
	now := workflow.Now(ctx)
	for _, due := range next {
		if wait := due.At.Sub(now); wait > 0 {
			pause = min(pause, max(wait, sweepRest))
			continue
		}
		if y.sending[due.Company] {
			continue
		}
		y.sending[due.Company] = true
		workflow.Go(ctx, func(ctx workflow.Context) {
			if err := workflow.ExecuteActivity(policy.Outside(ctx), r.ReportToLine, due).Get(ctx, nil); err != nil {
				workflow.GetLogger(ctx).Error("a daily report was not sent", "company", due.Company, "error", err)
			}
			delete(y.sending, due.Company)
		})
	}
	return pause, nil
}
