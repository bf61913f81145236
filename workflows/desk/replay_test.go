package desk_test

import (
	"testing"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"quaydesk/texts"
	"quaydesk/workflows/desk"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/dialog/dialogtest"
)

// TestReplay runs the desk's conversations, the ticket's and the board's workflows over their recorded histories.
func TestReplay(t *testing.T) {
	dialogtest.Replay(t, func(r worker.WorkflowRegistry) {
		book := dialog.New(texts.New(), desk.Module())
		r.RegisterWorkflowWithOptions(book.Conversation, workflow.RegisterOptions{Name: dialog.WorkflowName})
		r.RegisterWorkflowWithOptions(desk.Ticket, workflow.RegisterOptions{Name: desk.WorkflowName})
		r.RegisterWorkflowWithOptions(desk.Board, workflow.RegisterOptions{Name: desk.BoardWorkflow})
	})
}
