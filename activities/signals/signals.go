// Package signals holds the activity through which conversations reach long-lived workflows.
package signals

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/types/known/durationpb"

	"go.temporal.io/sdk/client"
)

// taskTimeout is how long a step of a dead worker waits before another worker takes it over.
const taskTimeout = 10 * time.Second

// Signals are the activities.
type Signals struct {
	Client    client.Client
	Namespace string // the client's
	TaskQueue string // of the workflows that are signalled
}

// In is a signal to a workflow that is started when it does not run.
type In struct {
	Workflow  string          `json:"workflow"` // type name
	ID        string          `json:"id"`
	Signal    string          `json:"signal"`
	Input     json.RawMessage `json:"input"`      // both the start input and the signal's payload
	RequestID string          `json:"request_id"` // a repeat with the same one signals nothing
}

// Signal signals a workflow, starting it when none runs under the id.
func (s *Signals) Signal(ctx context.Context, in In) error {
	// The client's own SignalWithStartWorkflow makes up a request id each time, so a repeat would signal twice.
	input := &commonpb.Payloads{Payloads: []*commonpb.Payload{{
		Metadata: map[string][]byte{converter.MetadataEncoding: []byte(converter.MetadataEncodingJSON)},
		Data:     in.Input,
	}}}
	_, err := s.Client.WorkflowService().SignalWithStartWorkflowExecution(ctx, &workflowservice.SignalWithStartWorkflowExecutionRequest{
		Namespace:                s.Namespace,
		WorkflowId:               in.ID,
		WorkflowType:             &commonpb.WorkflowType{Name: in.Workflow},
		TaskQueue:                &taskqueuepb.TaskQueue{Name: s.TaskQueue, Kind: enumspb.TASK_QUEUE_KIND_NORMAL},
		Input:                    input,
		SignalName:               in.Signal,
		SignalInput:              input,
		RequestId:                in.RequestID,
		WorkflowTaskTimeout:      durationpb.New(taskTimeout),
		WorkflowIdReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		WorkflowIdConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	})
	if err != nil {
		return fmt.Errorf("signal %s: %w", in.Workflow, err)
	}
	return nil
}
