package desk_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/activities/signals"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/workflows/desk"
)

// boardRun runs a Board for a while and gives when it swept, after its start, and what it signalled.
func boardRun(t *testing.T, lasts time.Duration, sweep func(n int) ([]int64, error), hints ...time.Duration) (swept []time.Duration, told []signals.In, err error) {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(time.Minute)
	env.RegisterWorkflow(desk.Board)
	var b *records.Board
	var s *signals.Signals
	env.RegisterActivity(b)
	env.RegisterActivity(s)
	start := env.Now()
	env.OnActivity(b.SweepBoard, mock.Anything, int64(7)).Return(func(context.Context, int64) ([]int64, error) {
		swept = append(swept, env.Now().Sub(start).Round(time.Second))
		return sweep(len(swept))
	})
	env.OnActivity(s.Signal, mock.Anything, mock.Anything).Return(func(_ context.Context, in signals.In) error {
		told = append(told, in)
		return nil
	})
	for _, at := range hints {
		env.RegisterDelayedCallback(func() { env.SignalWorkflow(desk.SignalHint, desk.BoardInput{Workspace: 7}) }, at)
	}
	env.RegisterDelayedCallback(env.CancelWorkflow, lasts)
	env.ExecuteWorkflow(desk.Board, desk.BoardInput{Workspace: 7})
	require.True(t, env.IsWorkflowCompleted())
	return swept, told, env.GetWorkflowError()
}

func quiet(int) ([]int64, error) { return nil, nil }

func TestBoardIsSweptEachMinute(t *testing.T) {
	swept, _, _ := boardRun(t, 150*time.Second, quiet)
	require.Equal(t, []time.Duration{0, time.Minute, 2 * time.Minute}, swept)
}

func TestHintsAreTakenTogether(t *testing.T) {
	hints := []time.Duration{10 * time.Second}
	for i := range 100 {
		hints = append(hints, 10*time.Second+time.Duration(i)*10*time.Millisecond)
	}
	swept, _, _ := boardRun(t, 30*time.Second, quiet, hints...)
	require.Equal(t, []time.Duration{0, 10 * time.Second, 12 * time.Second}, swept, "at once, and once more for all that came meanwhile")
}

func TestTicketsOutOfStepAreSignalled(t *testing.T) {
	_, told, _ := boardRun(t, 70*time.Second, func(n int) ([]int64, error) {
		return []int64{3, 5}, nil
	})
	require.Len(t, told, 4)
	requests := map[string]bool{}
	for _, in := range told {
		require.Equal(t, desk.WorkflowName, in.Workflow)
		requests[in.RequestID] = true
	}
	require.Equal(t, "ticket:3", told[0].ID)
	require.JSONEq(t, `{"ticket":5,"swept":true}`, string(told[1].Input))
	require.Len(t, requests, 4, "each sweep signals anew")
}

func TestBoardThatIsDownIsTriedAgain(t *testing.T) {
	swept, told, _ := boardRun(t, time.Hour, func(n int) ([]int64, error) {
		if n < 10 {
			return nil, errors.New("the board is down")
		}
		return []int64{3}, nil
	})
	require.NotEmpty(t, told, "it goes on by itself")
	require.Less(t, swept[9], 15*time.Minute)
}

func TestBoardStartsAnew(t *testing.T) {
	_, _, err := boardRun(t, 24*time.Hour, quiet)
	var anew *workflow.ContinueAsNewError
	require.ErrorAs(t, err, &anew)
}

// Collaborators and SetBoardUID double the records' for the talk below.
func (d *desktop) Collaborators(context.Context, chat.Turn, struct{}) ([]records.Collaborator, error) {
	return []records.Collaborator{{UID: "51", Name: "Igor"}, {UID: "52", Name: "Nadia"}}, nil
}

func (d *desktop) SetBoardUID(_ context.Context, _ chat.Turn, uid string) (string, error) {
	if uid == "51" {
		return "", fault.New(fault.Conflict, "board.somebody_else", "Name", "Igor L.")
	}
	return map[string]string{"52": "Nadia"}[uid], nil
}

func TestWhoIsWhoOnTheBoard(t *testing.T) {
	talk := talk(t, &desktop{role: people.Agent}, "en")
	talk.Says("/board")
	talk.Hears("Which of these people on the board is you?").Offers("Igor", "Nadia", "I am not on the board", "✕ Cancel")
	talk.Presses("Nadia")
	talk.Hears("on the board you are Nadia")
	talk.Says("/board")
	talk.Hears("Which of these people")
	talk.Presses("Igor")
	talk.Hears("Igor L. said that already")
	talk.Says("/board")
	talk.Hears("Which of these people")
	talk.Presses("I am not on the board")
	talk.Hears("you are not on the board")
}

func TestTheBoardIsForStaff(t *testing.T) {
	talk := talk(t, &desktop{role: people.Client}, "en")
	talk.Says("/board")
	talk.Hears("I do not know that command.")
}
