package members_test

import (
	"testing"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"quaydesk/texts"
	"quaydesk/workflows/desk"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/dialog/dialogtest"
	"quaydesk/workflows/members"
	"quaydesk/workflows/yard"
)

// TestReplay runs conversations about invites over their recorded histories: a dispatcher's and a company's own person's
// with a slip in each, and an invite that is opened.
func TestReplay(t *testing.T) {
	dialogtest.Replay(t, func(r worker.WorkflowRegistry) {
		book := dialog.New(texts.New(), desk.Module(), yard.Module(), members.Module())
		r.RegisterWorkflowWithOptions(book.Conversation, workflow.RegisterOptions{Name: dialog.WorkflowName})
	})
}
