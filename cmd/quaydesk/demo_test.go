package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/container"
)

func TestDemoMonthIsOneThatCanHaveBeen(t *testing.T) {
	for _, now := range []time.Time{
		time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC), time.Date(2027, 3, 1, 20, 30, 0, 0, time.UTC), time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC),
	} {
		stays, err := demoMonth(now)
		require.NoError(t, err)
		again, err := demoMonth(now)
		require.NoError(t, err)
		require.Equal(t, stays, again)
		require.Len(t, stays, demoStays)
		seen, there := map[container.Number]bool{}, 0
		for _, s := range stays {
			checked := container.Check(string(s.Number))
			require.True(t, checked.Valid && checked.Known, s.Number)
			require.False(t, seen[s.Number], s.Number)
			seen[s.Number] = true
			require.True(t, s.Entered.Before(now))
			if s.Left.IsZero() {
				there++
				continue
			}
			require.True(t, s.Left.After(s.Entered) && s.Left.Before(now))
		}
		require.Greater(t, there, 30)
		require.Greater(t, len(stays)-there, 100)
	}
}
