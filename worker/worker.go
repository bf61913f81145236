// Package worker is the process that runs the workflows and their activities. It knows the modules by one list, in which
// each names what it brings.
package worker

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"quaydesk/workflows/dialog"
	"quaydesk/workflows/policy"
)

const (
	// openWorkflows are kept in memory between their steps, some 30 kB each. The rest is read again when it goes on.
	openWorkflows = 1000
	// stopTimeout is what running steps get to end in when the process stops.
	stopTimeout = 5 * time.Second
)

// pollers is how many requests for work wait at the server: few at rest, more under load.
var pollers = worker.PollerBehaviorAutoscalingOptions{InitialNumberOfPollers: 4, MinimumNumberOfPollers: 2, MaximumNumberOfPollers: 20}

// Module is a module as the worker sees it.
type Module struct {
	Dialogues  dialog.Module  // a zero one has none
	Workflows  map[string]any // functions by the name they are started under
	Activities []any          // structs, whose methods are registered under their bare names
}

// Config is what a worker needs.
type Config struct {
	Client  client.Client
	Words   dialog.Words
	Modules []Module // names of workflows and activities are unique over all of them
	Log     *slog.Logger
}

// Run works on dialog.TaskQueue until ctx ends, and then lets running steps end for up to 5 s. It returns the error that
// stopped it before that.
func Run(ctx context.Context, c Config) error {
	worker.SetStickyWorkflowCacheSize(openWorkflows)
	fatal := make(chan error, 1)
	w := worker.New(c.Client, dialog.TaskQueue, worker.Options{
		Interceptors:               []interceptor.WorkerInterceptor{policy.Worker()},
		WorkerStopTimeout:          stopTimeout,
		WorkflowTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(pollers),
		ActivityTaskPollerBehavior: worker.NewPollerBehaviorAutoscaling(pollers),
		OnFatalError: func(err error) {
			select {
			case fatal <- err:
			default:
			}
		},
	})
	Register(w, c.Words, c.Modules...)
	if err := w.Start(); err != nil {
		return fmt.Errorf("start the worker: %w", err)
	}
	defer w.Stop()
	c.Log.Info("worker is ready", slog.String("queue", dialog.TaskQueue))
	select {
	case <-ctx.Done():
		return nil
	case err := <-fatal:
		return fmt.Errorf("worker: %w", err)
	}
}

// Register tells a worker, or a replayer, of the conversation and of all that the modules bring.
func Register(r worker.Registry, words dialog.Words, modules ...Module) {
	var dialogues []dialog.Module
	for _, m := range modules {
		for _, name := range slices.Sorted(maps.Keys(m.Workflows)) {
			r.RegisterWorkflowWithOptions(m.Workflows[name], workflow.RegisterOptions{Name: name})
		}
		for _, a := range m.Activities {
			r.RegisterActivity(a)
		}
		if m.Dialogues.Name != "" {
			dialogues = append(dialogues, m.Dialogues)
		}
	}
	r.RegisterWorkflowWithOptions(dialog.New(words, dialogues...).Conversation, workflow.RegisterOptions{Name: dialog.WorkflowName})
}
