package limit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/botgateway/limit"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// simulate sends as soon as the bucket lets it, after drawn pauses, and gives when each message went.
func simulate(t *rapid.T, r limit.Rate) []time.Time {
	var (
		next time.Time
		now  = start
		sent []time.Time
	)
	for range rapid.IntRange(1, 300).Draw(t, "messages") {
		now = now.Add(time.Duration(rapid.Int64Range(0, int64(3*r.Interval)).Draw(t, "pause")))
		if free := r.Free(next); free.After(now) {
			now = free
		}
		next = r.Take(next, now)
		sent = append(sent, now)
	}
	return sent
}

// most gives the largest number of moments in any window of a length, its end not included.
func most(moments []time.Time, window time.Duration) int {
	found, first := 0, 0
	for i, t := range moments {
		for t.Sub(moments[first]) >= window {
			first++
		}
		found = max(found, i-first+1)
	}
	return found
}

func TestNoWindowSeesMoreThanTheRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perSecond := rapid.IntRange(2, 1000).Draw(t, "per second")
		require.LessOrEqual(t, most(simulate(t, limit.Bot(perSecond)), time.Second), perSecond)
	})
	rapid.Check(t, func(t *rapid.T) {
		require.LessOrEqual(t, most(simulate(t, limit.Chat(-100)), time.Minute), 20)
	})
	rapid.Check(t, func(t *rapid.T) {
		sent := simulate(t, limit.Chat(100))
		require.LessOrEqual(t, most(sent, time.Second), 5)
		require.LessOrEqual(t, most(sent, time.Minute), 5+59)
	})
}

func TestNobodyWaitsLongerThanNeeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := limit.Rate{
			Interval: time.Duration(rapid.Int64Range(1, int64(5*time.Second)).Draw(t, "interval")),
			Burst:    rapid.IntRange(1, 50).Draw(t, "burst"),
		}
		var next time.Time
		n := rapid.IntRange(1, 200).Draw(t, "messages")
		var last time.Time
		for range n { // all wanted at once
			last = start
			if free := r.Free(next); free.After(last) {
				last = free
			}
			next = r.Take(next, last)
		}
		require.Equal(t, time.Duration(max(n-r.Burst, 0))*r.Interval, last.Sub(start))
	})
}

func TestAPauseFillsTheBucket(t *testing.T) {
	r := limit.Chat(100)
	var next time.Time
	for range r.Burst {
		require.False(t, r.Free(next).After(start))
		next = r.Take(next, start)
	}
	require.True(t, r.Free(next).After(start))
	require.False(t, r.Free(next).After(start.Add(r.Interval)))
}
