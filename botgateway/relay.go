package botgateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/sethvargo/go-retry"

	"quaydesk/domain/chat"
	"quaydesk/store"
	"quaydesk/workflows/dialog"
)

const (
	relays        = 8                // conversations handed over at the same time
	signalTimeout = 5 * time.Second  // of one call to Temporal
	handOverTime  = 30 * time.Second // of one hand-over, which ends sooner at the first failure
	sweepInterval = time.Second
	sweepAtOnce   = 200             // conversations
	longestPause  = 2 * time.Second // while Temporal or PostgreSQL is away
	// A local activity that dies with its worker is run again only after the workflow task's timeout.
	taskTimeout = 5 * time.Second
)

// Temporal starts and signals conversations; a client's WorkflowService() does. The raw service is used because it
// takes a request id, by which Temporal drops a signal that it has already.
type Temporal interface {
	SignalWithStartWorkflowExecution(context.Context, *workflowservice.SignalWithStartWorkflowExecutionRequest, ...grpc.CallOption) (*workflowservice.SignalWithStartWorkflowExecutionResponse, error)
}

// HandedOver keeps the journal's account of what the conversations have got.
type HandedOver interface {
	HandOver(ctx context.Context, conversation string, give func(context.Context, store.Waiting) (string, error)) (more bool, err error)
	WaitingConversations(ctx context.Context, age time.Duration, limit int) ([]string, error)
	Unreachable(ctx context.Context, bot, chat int64, reason string) error
	Reachable(ctx context.Context, bot, chat int64) error
}

// relay hands the journal's updates to their conversations, each conversation's in order.
type relay struct {
	store     HandedOver
	temporal  Temporal
	namespace string
	log       *slog.Logger
	metrics   *metrics

	queue  chan string
	mended chan struct{} // what did not work works again

	mu      sync.Mutex
	busy    map[string]bool // conversations queued or under way; true: kicked since they were begun
	failure error           // why Temporal or the store did not work last
	resume  time.Time       // after a failure: not before
	backoff retry.Backoff
}

func newRelay(s HandedOver, t Temporal, namespace string, log *slog.Logger, m *metrics) *relay {
	return &relay{store: s, temporal: t, namespace: namespace, log: log, metrics: m,
		queue: make(chan string, 1000), mended: make(chan struct{}, 1), busy: map[string]bool{}, backoff: backoff(longestPause)}
}

// kick has a conversation's waiting updates handed over soon; "" is nobody's. What is kicked while the relay is not
// running, has too much to do or waits for Temporal is left to the sweep.
func (r *relay) kick(conversation string) {
	if conversation == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.busy[conversation]; ok {
		r.busy[conversation] = true
		return
	}
	if time.Now().Before(r.resume) {
		return
	}
	select {
	case r.queue <- conversation:
		r.busy[conversation] = false
	default:
	}
}

func (r *relay) run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for range relays {
		wg.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case conversation := <-r.queue:
					r.handOver(ctx, conversation)
				}
			}
		})
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.mended:
		case <-time.After(sweepInterval):
		}
		r.sweep(ctx)
	}
}

// sweep kicks the conversations whose updates waited, because of a failure, a crash or another gateway's end.
func (r *relay) sweep(ctx context.Context) {
	r.mu.Lock()
	wait, limit := time.Until(r.resume), sweepAtOnce
	if r.failure != nil {
		limit = 1 // first see whether it works again
	}
	r.mu.Unlock()
	if wait > 0 {
		return
	}
	conversations, err := r.store.WaitingConversations(ctx, sweepInterval, limit)
	if err != nil {
		r.failed(ctx, err)
		return
	}
	if limit == 1 && len(conversations) == 0 {
		r.worked() // nothing waits, so nothing is wrong as far as we can know
	}
	for _, c := range conversations {
		r.kick(c)
	}
}

// handOver hands over what waits for a conversation, and what is kicked meanwhile.
func (r *relay) handOver(ctx context.Context, conversation string) {
	for {
		r.mu.Lock()
		r.busy[conversation] = false
		r.mu.Unlock()
		handing, cancel := context.WithTimeout(ctx, handOverTime)
		more, err := r.store.HandOver(handing, conversation, r.give)
		cancel()
		if err != nil {
			if ctx.Err() == nil {
				r.failed(ctx, err)
			}
		} else {
			r.worked()
		}
		r.mu.Lock()
		if err != nil || !more && !r.busy[conversation] {
			delete(r.busy, conversation)
			r.mu.Unlock()
			return
		}
		r.mu.Unlock()
	}
}

// give hands one update to its conversation.
func (r *relay) give(ctx context.Context, w store.Waiting) (outcome string, err error) {
	u, err := readUpdate(w.Raw, w.Bot, w.Username, w.Received)
	if err != nil || u.ignored != "" {
		return "ignored: " + u.ignored, nil // by what this version knows, unlike the one that wrote the row
	}
	e := u.event
	e.About = w.About
	e.Action, e.Arg = pressed(w.Buttons, u)
	switch {
	case e.Kind == chat.Blocked:
		err = r.store.Unreachable(ctx, e.Bot, e.Chat, "the bot was blocked or removed")
	case w.Unreachable: // somebody is there after all
		err = r.store.Reachable(ctx, e.Bot, e.Chat)
	}
	if err != nil {
		return "", err
	}
	if err := r.signal(ctx, e); err != nil {
		return "", err
	}
	r.metrics.relayLag.Observe(time.Since(w.Received).Seconds())
	return "", nil
}

// pressed finds what the pressed button stands for; nothing when it is stale, foreign or made up.
func pressed(rows [][]chat.RenderedButton, u update) (action, arg string) {
	i := u.button
	for _, row := range rows {
		if i < len(row) {
			return row[i].Action, row[i].Arg
		}
		i -= len(row)
	}
	return "", ""
}

// signal starts the conversation unless it runs, and brings it the event.
func (r *relay) signal(ctx context.Context, e chat.Event) error {
	input, err := converter.GetDefaultDataConverter().ToPayloads(dialog.Input{Bot: e.Bot, Chat: e.Chat, User: e.User.ID})
	if err != nil {
		return fmt.Errorf("signal: %w", err)
	}
	event, err := converter.GetDefaultDataConverter().ToPayloads(e)
	if err != nil {
		return fmt.Errorf("signal: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, signalTimeout)
	defer cancel()
	_, err = r.temporal.SignalWithStartWorkflowExecution(ctx, &workflowservice.SignalWithStartWorkflowExecutionRequest{
		Namespace:                r.namespace,
		WorkflowId:               dialog.ID(e.Bot, e.Chat, e.User.ID),
		WorkflowType:             &commonpb.WorkflowType{Name: dialog.WorkflowName},
		TaskQueue:                &taskqueue.TaskQueue{Name: dialog.TaskQueue, Kind: enums.TASK_QUEUE_KIND_NORMAL},
		Input:                    input,
		WorkflowTaskTimeout:      durationpb.New(taskTimeout),
		Identity:                 "gateway",
		RequestId:                e.Cause(),
		WorkflowIdReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIdConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		SignalName:               dialog.SignalEvent,
		SignalInput:              event,
	})
	if err != nil {
		return fmt.Errorf("signal: %w", err)
	}
	return nil
}

// failed notes a failure. Unless it concerns one conversation only, which the sweep then tries again by itself, all
// hand-overs pause, longer each time.
func (r *relay) failed(ctx context.Context, err error) {
	if invalid := (*serviceerror.InvalidArgument)(nil); errors.As(err, &invalid) {
		r.log.ErrorContext(ctx, "Temporal refuses an update; it will be tried again", slog.Any("error", err))
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failure = err
	if time.Now().Before(r.resume) {
		return // others failed at the same time
	}
	wait, _ := r.backoff.Next()
	r.resume = time.Now().Add(wait)
	r.log.WarnContext(ctx, "updates wait in the journal", slog.Any("error", err), slog.Duration("pause", wait))
}

func (r *relay) worked() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == nil {
		return
	}
	r.failure, r.resume, r.backoff = nil, time.Time{}, backoff(longestPause)
	r.log.Info("updates are handed over again")
	select {
	case r.mended <- struct{}{}:
	default:
	}
}

// trouble is why hand-overs failed last, nil when they work.
func (r *relay) trouble() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failure
}
