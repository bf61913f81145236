package dialogtest

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
)

// Replay runs today's workflows over every history in testdata/replay, recorded from released code. It fails when one
// of them would take another way now, and when there is none.
func Replay(t *testing.T, register func(worker.WorkflowRegistry)) {
	t.Helper()
	files, err := filepath.Glob("testdata/replay/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files, "no recorded history")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			replayer := worker.NewWorkflowReplayer()
			register(replayer)
			require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(log.Logger(quiet{}), file))
		})
	}
}
