package todoist

import (
	"sync"
	"time"
)

// callKind is a kind of call that has its own limit.
type callKind int

// The kinds of call.
const (
	callREST callKind = iota
	callPartialSync
	callFullSync
)

// How many calls of a kind a user may make in limitWindow.
var limits = map[callKind]int{callREST: 1000, callPartialSync: 1000, callFullSync: 100}

const limitWindow = 15 * time.Minute

// limiter counts each user's calls over a sliding window.
type limiter struct {
	mu    sync.Mutex
	calls map[string]map[callKind][]time.Time // oldest first
}

func newLimiter() *limiter { return &limiter{calls: map[string]map[callKind][]time.Time{}} }

// take counts a call; when there were too many it does not, and gives the time until there is room.
func (l *limiter) take(uid string, kind callKind, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.calls[uid] == nil {
		l.calls[uid] = map[callKind][]time.Time{}
	}
	calls := l.calls[uid][kind]
	for len(calls) > 0 && now.Sub(calls[0]) >= limitWindow {
		calls = calls[1:]
	}
	if len(calls) >= limits[kind] {
		l.calls[uid][kind] = calls
		return limitWindow - now.Sub(calls[0])
	}
	l.calls[uid][kind] = append(calls, now)
	return 0
}
