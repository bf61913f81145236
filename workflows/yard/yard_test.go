package yard_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/activities/signals"
	"quaydesk/domain/calendar"
	flows "quaydesk/workflows/yard"
)

// sweeping runs a Yard for a while.
type sweeping struct {
	*testsuite.TestWorkflowEnvironment
	swept   []time.Duration
	told    []signals.In
	sent    []time.Duration
	behind  func(n int) []int64
	reports func() []records.DueReport
	send    func(n int) error
}

func newSweeping() *sweeping {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w := &sweeping{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment()}
	w.behind = func(int) []int64 { return nil }
	w.reports = func() []records.DueReport { return nil }
	w.send = func(int) error { return nil }
	w.SetStartTime(start)
	w.SetTestTimeout(time.Minute)
	w.RegisterWorkflow(flows.Yard)
	var r *records.Records
	var s *signals.Signals
	w.RegisterActivity(r)
	w.RegisterActivity(s)
	w.OnActivity(r.Unwatched, mock.Anything, records.Unwatching{Workspace: 7, Limit: 200}).Return(func(context.Context, records.Unwatching) ([]int64, error) {
		w.swept = append(w.swept, w.Now().Sub(start).Round(time.Second))
		return w.behind(len(w.swept)), nil
	})
	w.OnActivity(s.Signal, mock.Anything, mock.Anything).Return(func(_ context.Context, in signals.In) error {
		w.told = append(w.told, in)
		return nil
	})
	w.OnActivity(r.NextReports, mock.Anything, int64(7)).Return(func(context.Context, int64) ([]records.DueReport, error) {
		return w.reports(), nil
	})
	w.OnActivity(r.ReportToLine, mock.Anything, mock.Anything).Return(func(_ context.Context, in records.DueReport) error {
		w.sent = append(w.sent, w.Now().Sub(start).Round(time.Second))
		return w.send(len(w.sent))
	})
	return w
}

func (w *sweeping) run(lasts time.Duration) error {
	w.RegisterDelayedCallback(w.CancelWorkflow, lasts)
	w.ExecuteWorkflow(flows.Yard, flows.YardInput{Workspace: 7})
	return w.GetWorkflowError()
}

func TestTheYardIsSweptEachMinute(t *testing.T) {
	w := newSweeping()
	_ = w.run(150 * time.Second)
	require.Equal(t, []time.Duration{0, time.Minute, 2 * time.Minute}, w.swept)
}

func TestHintsOfManyChanges(t *testing.T) {
	w := newSweeping()
	for i := range 100 {
		w.RegisterDelayedCallback(func() { w.SignalWorkflow(flows.SignalHint, flows.YardInput{Workspace: 7}) }, 10*time.Second+time.Duration(i)*10*time.Millisecond)
	}
	_ = w.run(30 * time.Second)
	require.Equal(t, []time.Duration{0, 10 * time.Second, 12 * time.Second}, w.swept, "at once, and once more for all that came meanwhile")
}

func TestStaysThatAreBehindAreSignalled(t *testing.T) {
	w := newSweeping()
	w.behind = func(int) []int64 { return []int64{3, 5} }
	_ = w.run(70 * time.Second)
	require.Len(t, w.told, 4)
	requests := map[string]bool{}
	for _, in := range w.told {
		require.Equal(t, flows.StayWorkflow, in.Workflow)
		requests[in.RequestID] = true
	}
	require.Equal(t, "stay:3", w.told[0].ID)
	require.JSONEq(t, `{"stay":5}`, string(w.told[1].Input))
	require.Len(t, requests, 4, "each sweep signals anew")
}

func TestAFullSweepIsFollowedByTheNext(t *testing.T) {
	w := newSweeping()
	w.behind = func(n int) []int64 { return make([]int64, map[int]int{1: 200, 2: 200, 3: 1}[n]) }
	_ = w.run(30 * time.Second)
	require.Equal(t, []time.Duration{0, 2 * time.Second, 4 * time.Second}, w.swept)
}

func TestDailyReportsGoOutAtTheirTime(t *testing.T) {
	w := newSweeping()
	due := start.Add(100 * time.Second)
	w.reports = func() []records.DueReport {
		return []records.DueReport{{Workspace: 7, Company: 3, Day: calendar.In(start, time.UTC), At: due}, {Workspace: 7, Company: 4, Day: calendar.In(start, time.UTC), At: start.Add(8 * time.Hour)}}
	}
	w.send = func(int) error { due = due.AddDate(0, 0, 1); return nil }
	_ = w.run(10 * time.Minute)
	require.Equal(t, []time.Duration{100 * time.Second}, w.sent)
}

func TestAReportThatFailsHoldsUpNothing(t *testing.T) {
	w := newSweeping()
	w.reports = func() []records.DueReport {
		return []records.DueReport{{Workspace: 7, Company: 3, Day: calendar.In(start, time.UTC), At: start}}
	}
	w.send = func(int) error { return errors.New("no") }
	_ = w.run(5 * time.Minute)
	require.GreaterOrEqual(t, len(w.swept), 5)
	require.GreaterOrEqual(t, len(w.sent), 3, "and is tried again")
}

func TestTheYardStartsAnew(t *testing.T) {
	var anew *workflow.ContinueAsNewError
	require.ErrorAs(t, newSweeping().run(24*time.Hour), &anew)

	w := newSweeping()
	w.reports = func() []records.DueReport {
		return []records.DueReport{{Workspace: 7, Company: 3, Day: calendar.In(start, time.UTC), At: start}}
	}
	w.send = func(int) error { return errors.New("no") }
	require.ErrorAs(t, w.run(24*time.Hour), &anew, "also while a report fails")
}
