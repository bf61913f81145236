package desk

import (
	"encoding/json"
	"strconv"
	"time"

	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/activities/signals"
	"quaydesk/workflows/policy"
)

// The Board workflow as others reach it: SignalWithStart of BoardWorkflow under BoardID, with a BoardInput as both the
// start input and the signal's payload, once to start it and whenever the board may have news.
const (
	BoardWorkflow = "Board"
	SignalHint    = "hint"
)

// BoardID is the workflow id of a workspace's board: "board:<workspace>".
func BoardID(workspace int64) string { return "board:" + strconv.FormatInt(workspace, 10) }

// BoardInput starts a Board.
type BoardInput struct {
	Workspace int64 `json:"workspace"`
}

// BoardHint is the signal that starts a workspace's Board, or hints at news. request names what the hint comes from: a
// repeat with the same one hints at nothing new.
func BoardHint(workspace int64, request string) signals.In {
	return signals.In{
		Workflow: BoardWorkflow, ID: BoardID(workspace), Signal: SignalHint, RequestID: request,
		Input: json.RawMessage(`{"workspace":` + strconv.FormatInt(workspace, 10) + `}`),
	}
}

const (
	sweepEvery = time.Minute     // finds what webhooks missed
	sweepRest  = 2 * time.Second // between sweeps: Todoist allows 1000 calls in 15 minutes, and tickets need some too
	sweepsARun = 300             // then the history starts anew
)

// Board reads the board once a minute, and at once when a webhook hints at news, and has the tickets that are not in
// step with it synced. It never ends.
func Board(ctx workflow.Context, in BoardInput) error {
	hints := workflow.GetSignalChannel(ctx, SignalHint)
	for n := 0; ; n++ {
		for hints.ReceiveAsync(nil) {
			continue
		}
		if n == sweepsARun || workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, Board, in)
		}
		if err := sweep(ctx, in.Workspace, strconv.Itoa(n)); err != nil {
			return err
		}
		if err := workflow.Sleep(ctx, sweepRest); err != nil {
			return err
		}
		if err := hintOrTimer(ctx, hints, sweepEvery-sweepRest); err != nil {
			return err
		}
	}
}

// sweep has the board read, however long it takes, and signals the tickets that are not in step. n tells the sweeps of
// a run apart.
func sweep(ctx workflow.Context, workspace int64, n string) error {
	var b *records.Board
	var tickets []int64
	if err := workflow.ExecuteActivity(policy.Outside(ctx), b.SweepBoard, workspace).Get(ctx, &tickets); err != nil {
		return err
	}
	run := workflow.GetInfo(ctx).WorkflowExecution.RunID
	for _, id := range tickets {
		input, err := json.Marshal(Input{Ticket: id, Swept: true})
		if err != nil {
			return err
		}
		var s *signals.Signals
		err = workflow.ExecuteLocalActivity(policy.LocalStore(ctx), s.Signal, signals.In{
			Workflow: WorkflowName, ID: ID(id), Signal: SignalChanged, Input: input,
			RequestID: "sweep:" + run + ":" + n + ":" + strconv.FormatInt(id, 10),
		}).Get(ctx, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// hintOrTimer waits for the next hint, at most for d.
func hintOrTimer(ctx workflow.Context, hints workflow.ReceiveChannel, d time.Duration) error {
	timerCtx, cancel := workflow.WithCancel(ctx)
	defer cancel()
	woken := workflow.NewSelector(ctx)
	woken.AddReceive(hints, func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, nil) })
	woken.AddFuture(workflow.NewTimer(timerCtx, d), func(workflow.Future) {})
	woken.Select(ctx)
	return ctx.Err()
}
