package signals_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"google.golang.org/grpc"

	"quaydesk/activities/signals"
)

// temporal is a client of a server that answers one kind of request.
type temporal struct {
	client.Client
	server server
}

func (f *temporal) WorkflowService() workflowservice.WorkflowServiceClient { return &f.server }

type server struct {
	workflowservice.WorkflowServiceClient
	got *workflowservice.SignalWithStartWorkflowExecutionRequest
	err error
}

func (f *server) SignalWithStartWorkflowExecution(_ context.Context, in *workflowservice.SignalWithStartWorkflowExecutionRequest,
	_ ...grpc.CallOption,
) (*workflowservice.SignalWithStartWorkflowExecutionResponse, error) {
	f.got = in
	return &workflowservice.SignalWithStartWorkflowExecutionResponse{}, f.err
}

func TestSignal(t *testing.T) {
	c := &temporal{}
	f := &c.server
	s := &signals.Signals{Client: c, Namespace: "default", TaskQueue: "quaydesk"}
	in := signals.In{Workflow: "Ticket", ID: "ticket:12", Signal: "changed", Input: json.RawMessage(`{"ticket":12}`), RequestID: "u:1:2/3"}
	require.NoError(t, s.Signal(t.Context(), in))

	require.Equal(t, "default", f.got.Namespace)
	require.Equal(t, "ticket:12", f.got.WorkflowId)
	require.Equal(t, "Ticket", f.got.WorkflowType.Name)
	require.Equal(t, "quaydesk", f.got.TaskQueue.Name)
	require.Equal(t, "changed", f.got.SignalName)
	require.Equal(t, "u:1:2/3", f.got.RequestId, "a repeat is told by it")
	require.Equal(t, enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE, f.got.WorkflowIdReusePolicy)
	var input struct{ Ticket int }
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(f.got.Input, &input))
	require.Equal(t, 12, input.Ticket)
	input.Ticket = 0
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(f.got.SignalInput, &input))
	require.Equal(t, 12, input.Ticket)

	f.err = errors.New("away")
	require.ErrorIs(t, s.Signal(t.Context(), in), f.err)
}
