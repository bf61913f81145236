package storetest_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/store"
	"quaydesk/store/storetest"
)

func TestEachTestHasItsOwnMigratedDatabase(t *testing.T) {
	a, b := storetest.New(t), storetest.New(t)
	_, err := a.Exec(t.Context(), "INSERT INTO workspaces (name) VALUES ('a')")
	require.NoError(t, err)
	var n int
	require.NoError(t, b.QueryRow(t.Context(), "SELECT count(*) FROM workspaces").Scan(&n))
	require.Zero(t, n)
}

func TestMigrateInManyProcessesAtOnce(t *testing.T) {
	url := storetest.URL(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := store.Migrate(t.Context(), url); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
