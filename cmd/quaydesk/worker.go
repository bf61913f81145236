package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/sethvargo/go-retry"

	"quaydesk/activities/records"
	"quaydesk/activities/signals"
	"quaydesk/activities/todoist"
	"quaydesk/botgateway/telegram"
	"quaydesk/health"
	"quaydesk/settings"
	"quaydesk/store"
	"quaydesk/texts"
	"quaydesk/worker"
	"quaydesk/workflows/desk"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/yard"
)

// workerConnections bounds the worker's connections to PostgreSQL: a step holds one for some milliseconds.
const workerConnections = 20

type workerCommand struct{}

// Run runs the workflows and their activities until it is stopped.
func (workerCommand) Run(p *process) error {
	c, err := p.connect(workerConnections)
	if err != nil {
		return err
	}
	defer c.Close()
	s, db := c.settings, c.store

	catalogue := texts.New()
	keep := records.New(db, catalogue)
	signal := &signals.Signals{Client: c.temporal, Namespace: s.Temporal.Namespace, TaskQueue: dialog.TaskQueue}
	var api *todoist.Client
	if s.TodoistToken != "" {
		api = todoist.New(string(s.TodoistURL), s.TodoistToken)
	}
	board := records.NewBoard(keep, api, &telegramFiles{store: db, url: string(s.TelegramURL), http: telegram.NewHTTPClient(), bots: map[int64]*telegram.Client{}}, p.log)

	checks := health.New(
		health.Check{Name: "PostgreSQL", Ask: c.pool.Ping},
		health.Check{Name: "Temporal", Ask: temporalAnswers(c.temporal)},
	)
	return all(p.ctx,
		func(ctx context.Context) error { return startBoard(ctx, s, db, signal) },
		func(ctx context.Context) error { return startYards(ctx, db, signal) },
		func(ctx context.Context) error {
			return health.Serve(ctx, string(s.Listen), checks.Handler(health.NewMetrics()))
		},
		func(ctx context.Context) error {
			if err := await(ctx, temporalAnswers(c.temporal)); err != nil {
				return fmt.Errorf("TEMPORAL_ADDRESS does not answer: %w", err)
			}
			return worker.Run(ctx, worker.Config{
				Client:  c.temporal,
				Words:   catalogue,
				Log:     p.log,
				Modules: append([]worker.Module{{Activities: []any{keep, signal}}}, workerModules(board)...),
			})
		},
	)
}

// startBoard gives the workspace its board and starts what keeps it in step.
func startBoard(ctx context.Context, s settings.Settings, db *store.Store, signal *signals.Signals) error {
	return start(ctx, func(ctx context.Context) error {
		if s.TodoistToken == "" {
			return nil
		}
		workspace, err := db.PutBoard(ctx, s.TodoistProject)
		if err == nil && workspace == 0 {
			err = errNoWorkspace
		}
		if err != nil {
			return err
		}
		return signal.Signal(ctx, desk.BoardHint(workspace, uuid.NewString()))
	})
}

// startYards starts what watches over the yard of each workspace.
func startYards(ctx context.Context, db *store.Store, signal *signals.Signals) error {
	return start(ctx, func(ctx context.Context) error {
		workspaces, err := db.Workspaces(ctx)
		if err == nil && len(workspaces) == 0 {
			err = errNoWorkspace
		}
		for _, workspace := range workspaces {
			err = errors.Join(err, signal.Signal(ctx, yard.YardHint(workspace, uuid.NewString())))
		}
		return err
	})
}

// errNoWorkspace is so at a first start for a moment: the workspace is the gateway's to make.
var errNoWorkspace = errors.New("there is no workspace yet")

// start tries until do has started what it starts, and then waits for the end of ctx.
func start(ctx context.Context, do func(context.Context) error) error {
	patiently := retry.WithCappedDuration(5*time.Second, retry.NewExponential(100*time.Millisecond))
	err := retry.Do(ctx, patiently, func(ctx context.Context) error { return retry.RetryableError(do(ctx)) })
	if err == nil {
		<-ctx.Done()
	}
	return err
}
