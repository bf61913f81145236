package yard_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/workflows/policy"
	flows "quaydesk/workflows/yard"
)

// stand runs a Stay against records that a test changes at will.
type stand struct {
	*testsuite.TestWorkflowEnvironment
	mu      sync.Mutex // activities run beside the test's own callbacks
	now     records.StayNow
	gone    bool
	slow    time.Duration // the records' clock behind the workflow's
	missed  []time.Duration
	numbers []int
	long    []time.Duration
	reads   int
}

const hour = time.Hour

func newStand(t *testing.T) *stand {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w := &stand{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment()}
	w.SetStartTime(start)
	w.SetTestTimeout(time.Minute)
	w.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{policy.Worker()}})
	w.RegisterWorkflow(flows.Stay)
	w.now = records.StayNow{Workspace: 1, State: yard.In, Since: start, Version: 1, LongStay: start.Add(30 * 24 * hour)}
	var r *records.Records
	w.RegisterActivity(r)
	w.OnActivity(r.StayNow, mock.Anything, int64(12)).Return(func(context.Context, int64) (records.StayNow, error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.reads++
		if w.gone {
			return records.StayNow{}, fault.New(fault.NotFound, "yardrules.unknown")
		}
		return w.now, nil
	})
	w.OnActivity(r.RemindTransit, mock.Anything, mock.Anything).Return(func(_ context.Context, in records.Missing) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		require.Equal(t, int64(12), in.Stay)
		require.True(t, in.Since.Equal(w.now.Since))
		w.missed, w.numbers = append(w.missed, w.Now().Sub(start)), append(w.numbers, in.N)
		return nil
	})
	w.OnActivity(r.TellLongStay, mock.Anything, int64(12)).Return(func(context.Context, int64) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.long = append(w.long, w.Now().Sub(start)); !w.Now().Add(-w.slow).Before(w.now.LongStay) {
			w.now.LongStay = time.Time{}
		}
		return nil
	})
	return w
}

// at lets something happen to the box after a while, and tells the workflow.
func (w *stand) at(after time.Duration, change func()) {
	w.RegisterDelayedCallback(func() {
		w.mu.Lock()
		change()
		w.now.Version++
		w.mu.Unlock()
		w.SignalWorkflow(flows.SignalChanged, flows.Input{Stay: 12})
	}, after)
}

func (w *stand) leaves() {
	w.now.State, w.now.Since, w.now.Missed, w.now.LongStay = yard.Out, w.Now(), time.Time{}, time.Time{}
}

func (w *stand) departs() {
	w.now.State, w.now.Since = yard.InTransit, w.Now()
	w.now.Missed, w.now.MissedAgain = w.Now().Add(24*hour), 24*hour
}

func (w *stand) arrives() { w.now.State, w.now.Since, w.now.Missed = yard.In, w.Now(), time.Time{} }

func (w *stand) run(t *testing.T) {
	t.Helper()
	w.ExecuteWorkflow(flows.Stay, flows.Input{Stay: 12})
	require.True(t, w.IsWorkflowCompleted())
	require.NoError(t, w.GetWorkflowError())
}

func TestABoxThatComesAndGoes(t *testing.T) {
	w := newStand(t)
	w.at(3*24*hour, w.leaves)
	w.run(t)
	require.Empty(t, w.missed)
	require.Empty(t, w.long)
	require.Equal(t, 2, w.reads)
}

func TestABoxThatIsLateIsMissedDaily(t *testing.T) {
	w := newStand(t)
	w.at(10*hour, w.departs)
	w.at(90*hour, w.arrives)
	w.at(100*hour, w.departs) // another transit, counted anew
	w.at(130*hour, w.leaves)
	w.run(t)
	require.Equal(t, []time.Duration{34 * hour, 58 * hour, 82 * hour, 124 * hour}, w.missed)
	require.Equal(t, []int{1, 2, 3, 1}, w.numbers)
}

func TestALongStayIsToldOnceAndThatIsAll(t *testing.T) {
	w := newStand(t)
	w.run(t)
	require.Equal(t, []time.Duration{30 * 24 * hour}, w.long)
	require.Equal(t, 3, w.reads, "then there is nothing to wait for")
}

func TestALongStayWhileInTransit(t *testing.T) {
	w := newStand(t)
	w.at(29*24*hour, w.departs)
	w.at(32*24*hour, w.arrives)
	w.run(t)
	require.Equal(t, []time.Duration{30 * 24 * hour}, w.long)
	require.Equal(t, []time.Duration{30 * 24 * hour, 31 * 24 * hour}, w.missed)
}

func TestAClockThatIsBehindIsWaitedFor(t *testing.T) {
	w := newStand(t)
	w.slow = 150 * time.Second
	w.run(t)
	require.Len(t, w.long, 4, "once a minute")
}

func TestAnOverdueReminderComesOnceAndAtOnce(t *testing.T) {
	w := newStand(t)
	w.now.State, w.now.Missed, w.now.MissedAgain = yard.InTransit, start.Add(-70*hour), 24*hour
	w.at(23*hour, w.leaves)
	w.run(t)
	require.Equal(t, []time.Duration{0}, w.missed)
}

func TestAStayThatIsNotThere(t *testing.T) {
	w := newStand(t)
	w.gone = true
	w.run(t)
	require.Equal(t, 1, w.reads)
}

func TestSignalsAreTakenTogether(t *testing.T) {
	w := newStand(t)
	for range 100 {
		w.at(hour, func() {})
	}
	w.at(2*hour, w.leaves)
	w.run(t)
	require.Less(t, w.reads, 10)
}

func TestAStayContinuesAsNew(t *testing.T) {
	w := newStand(t)
	w.at(0, w.departs)
	w.at(60*hour, func() { w.SetContinueAsNewSuggested(true) })
	w.ExecuteWorkflow(flows.Stay, flows.Input{Stay: 12})
	var next *workflow.ContinueAsNewError
	require.ErrorAs(t, w.GetWorkflowError(), &next)
	var in flows.Input
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))
	require.Equal(t, flows.Input{Stay: 12, Reminded: flows.Reminded{Since: start, N: 2, Last: start.Add(48 * hour)}}, in)

	again := newStand(t)
	again.departs()
	again.SetStartTime(start.Add(60 * hour))
	again.at(20*hour, again.leaves)
	again.ExecuteWorkflow(flows.Stay, in)
	require.NoError(t, again.GetWorkflowError())
	require.Equal(t, []time.Duration{72 * hour}, again.missed, "the pauses go on where they were")
	require.Equal(t, []int{3}, again.numbers)
}
