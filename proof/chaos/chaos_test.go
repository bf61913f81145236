package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestChaos is a minute of it, for every change; `make chaos` is for longer.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes minutes")
	}
	r, err := run(t.Context(), options{duration: time.Minute, organizers: 3, crews: 2, seed: uint64(time.Now().UnixNano()), patience: 3 * time.Minute}, t.Logf)
	require.NoError(t, err)
	t.Log("\n" + r.String())
	require.Empty(t, r.losses)
	require.Empty(t, r.doubled)
	require.NotZero(t, r.tickets)
	require.NotZero(t, r.movements)
}
