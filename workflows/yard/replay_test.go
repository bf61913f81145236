package yard_test

import (
	"testing"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"quaydesk/texts"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/dialog/dialogtest"
	flows "quaydesk/workflows/yard"
)

// TestReplay runs the yard's conversations, the stay's and the yard's workflows over their recorded histories.
func TestReplay(t *testing.T) {
	dialogtest.Replay(t, func(r worker.WorkflowRegistry) {
		book := dialog.New(texts.New(), flows.Module())
		r.RegisterWorkflowWithOptions(book.Conversation, workflow.RegisterOptions{Name: dialog.WorkflowName})
		r.RegisterWorkflowWithOptions(flows.Stay, workflow.RegisterOptions{Name: flows.StayWorkflow})
		r.RegisterWorkflowWithOptions(flows.Yard, workflow.RegisterOptions{Name: flows.YardWorkflow})
	})
}
