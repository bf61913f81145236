package desk_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/domain/ticket"
	"quaydesk/workflows/desk"
)

// world runs a Ticket against records that a test changes at will.
type world struct {
	*testsuite.TestWorkflowEnvironment
	mu        sync.Mutex // activities run beside the test's own callbacks
	now       records.TicketNow
	start     time.Time
	reminders []time.Duration // when, after start
	syncs     []time.Duration
	boardErr  error
	reads     int
}

func newWorld(t *testing.T) *world {
	var suite testsuite.WorkflowTestSuite
	w := &world{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment()}
	w.start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	w.SetStartTime(w.start)
	w.SetTestTimeout(time.Minute)
	w.now = records.TicketNow{State: ticket.New, Since: w.start, Version: 1, HasBoard: true,
		Reminders: []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour}}
	w.RegisterWorkflow(desk.Ticket)
	var r *records.Records
	w.RegisterActivity(r)
	w.RegisterActivityWithOptions(func(context.Context, int64) error { return nil }, activity.RegisterOptions{Name: "SyncBoard"})
	w.OnActivity(r.ReadTicket, mock.Anything, int64(12)).Return(func(context.Context, int64) (records.TicketNow, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.reads++
		return w.now, nil
	})
	w.OnActivity(r.RemindStaff, mock.Anything, mock.Anything).Return(func(_ context.Context, in records.Reminding) error {
		require.Equal(t, int64(12), in.Ticket)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.reminders = append(w.reminders, w.Now().Sub(w.start))
		return nil
	})
	w.OnActivity("SyncBoard", mock.Anything, int64(12)).Return(func(context.Context, int64) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.syncs = append(w.syncs, w.Now().Sub(w.start))
		return w.boardErr
	})
	return w
}

// at lets something happen to the ticket after a while, and tells the workflow.
func (w *world) at(after time.Duration, change func()) {
	w.RegisterDelayedCallback(func() {
		w.mu.Lock()
		change()
		w.mu.Unlock()
		w.SignalWorkflow(desk.SignalChanged, desk.Input{Ticket: 12})
	}, after)
}

func (w *world) becomes(state ticket.State) func() {
	return func() {
		if w.now.State != state {
			w.now.State, w.now.Since = state, w.Now()
		}
		w.now.Version++
	}
}

func (w *world) run(t *testing.T) {
	t.Helper()
	w.ExecuteWorkflow(desk.Ticket, desk.Input{Ticket: 12})
	require.True(t, w.IsWorkflowCompleted())
	require.NoError(t, w.GetWorkflowError())
}

const minute = time.Minute

func TestRemindersGrowUntilSomebodyTakes(t *testing.T) {
	w := newWorld(t)
	w.at(40*minute, func() { w.now.Version++ }) // the organizer writes: nobody has it still
	w.at(170*minute, w.becomes(ticket.Taken))
	w.at(300*minute, w.becomes(ticket.New)) // released: an episode of its own
	w.at(320*minute, w.becomes(ticket.Waiting))
	w.at(24*60*minute, w.becomes(ticket.Closed))
	w.run(t)
	require.Equal(t, []time.Duration{15 * minute, 45 * minute, 105 * minute, 165 * minute, 315 * minute}, w.reminders)
	require.Equal(t, []time.Duration{0, 40 * minute, 170 * minute, 300 * minute, 320 * minute, 24 * 60 * minute}, w.syncs, "the board is told of every change, and once")
}

func TestNoReminders(t *testing.T) {
	w := newWorld(t)
	w.now.Reminders, w.now.HasBoard = nil, false
	w.at(100*time.Hour, w.becomes(ticket.Closed))
	w.run(t)
	require.Empty(t, w.reminders)
	require.Empty(t, w.syncs, "there is no board")
}

func TestAnOverdueReminderComesOnceAndAtOnce(t *testing.T) {
	w := newWorld(t)
	w.now.Since = w.start.Add(-5 * time.Hour) // nothing ran meanwhile
	w.at(16*minute, w.becomes(ticket.Closed))
	w.run(t)
	require.Equal(t, []time.Duration{0}, w.reminders)
}

func TestTheDeskGoesOnWhileTheBoardIsDown(t *testing.T) {
	w := newWorld(t)
	w.boardErr = errors.New("503")
	w.at(time.Hour, func() { w.boardErr = nil })
	w.at(50*minute, w.becomes(ticket.Taken))
	w.at(55*minute, w.becomes(ticket.Closed))
	w.run(t)
	require.Equal(t, []time.Duration{15 * minute, 45 * minute}, w.reminders)
	require.GreaterOrEqual(t, len(w.syncs), 30, "it was tried at least every two minutes")
	last := w.syncs[len(w.syncs)-2:]
	require.Greater(t, last[0], time.Hour)
	require.Less(t, last[0], time.Hour+3*minute, "caught up within the longest pause")
	require.Equal(t, last[0], last[1], "what changed meanwhile is brought there afterwards")
}

func TestSweepsAddNothingWhileASyncIsUnderWay(t *testing.T) {
	w := newWorld(t)
	w.now.Reminders, w.boardErr = nil, errors.New("refused for good")
	w.at(30*minute, w.becomes(ticket.Taken))
	reads := 0
	for i := range 100 {
		w.RegisterDelayedCallback(func() {
			w.SignalWorkflow(desk.SignalChanged, desk.Input{Ticket: 12, Swept: true})
		}, time.Duration(40+i)*minute)
	}
	w.RegisterDelayedCallback(func() { reads = w.reads }, 39*minute)
	w.RegisterDelayedCallback(func() {
		// The test's Temporal gives a sync up after ten tries, some six minutes: one reading each time, none for sweeps.
		require.Less(t, w.reads-reads, 25)
		w.boardErr = nil
		w.now.State = ticket.Closed // as the sync that follows finds
	}, 141*minute)
	w.run(t)
	last := w.syncs[len(w.syncs)-2:]
	require.Greater(t, last[0], 141*minute)
	require.Equal(t, last[0], last[1], "one more sync for all of them")
}

func TestContinuesAsNewWhileBehind(t *testing.T) {
	w := newWorld(t)
	w.boardErr = errors.New("refused for good")
	w.at(20*minute, func() { w.SetContinueAsNewSuggested(true) })
	w.ExecuteWorkflow(desk.Ticket, desk.Input{Ticket: 12})
	var next *workflow.ContinueAsNewError
	require.ErrorAs(t, w.GetWorkflowError(), &next)
	var in desk.Input
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))
	require.Equal(t, desk.Input{Ticket: 12, Reminded: desk.Reminded{Since: w.start, N: 1, Last: w.start.Add(15 * minute)}}, in)

	again := newWorld(t)
	again.at(minute, again.becomes(ticket.Closed))
	again.ExecuteWorkflow(desk.Ticket, in)
	require.NoError(t, again.GetWorkflowError())
	require.Equal(t, time.Duration(0), again.syncs[0], "the next run begins with a sync")
}

func TestAClosedTicketIsSyncedAndDone(t *testing.T) {
	w := newWorld(t)
	w.becomes(ticket.Closed)()
	w.run(t)
	require.Len(t, w.syncs, 1)
	require.Empty(t, w.reminders)
}

func TestContinuesAsNewBetweenReminders(t *testing.T) {
	w := newWorld(t)
	w.at(50*minute, func() { w.SetContinueAsNewSuggested(true) })
	w.ExecuteWorkflow(desk.Ticket, desk.Input{Ticket: 12})
	var next *workflow.ContinueAsNewError
	require.ErrorAs(t, w.GetWorkflowError(), &next)
	var in desk.Input
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))
	require.Equal(t, desk.Input{Ticket: 12, Reminded: desk.Reminded{Since: w.start, N: 2, Last: w.start.Add(45 * minute)}}, in)

	again := newWorld(t)
	again.SetStartTime(w.start.Add(50 * minute))
	again.at(100*minute, again.becomes(ticket.Closed))
	again.ExecuteWorkflow(desk.Ticket, in)
	require.NoError(t, again.GetWorkflowError())
	require.Equal(t, []time.Duration{105 * minute}, again.reminders, "the pauses go on where they were")
}
