package records_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"quaydesk/activities/records"
)

// TestEveryExportedMethodIsAnActivity fails where the worker would fail to start: all exported methods are registered.
func TestEveryExportedMethodIsAnActivity(t *testing.T) {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	require.NotPanics(t, func() {
		env.RegisterActivity(&records.Records{})
		env.RegisterActivity(&records.Board{})
	})
}
