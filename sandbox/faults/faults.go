// Package faults makes the sandbox's services misbehave on demand, so that whoever talks to them can be seen to cope.
// The state is shared by all targets, read and changed over HTTP (Handler), and forgotten at a restart.
package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Target is a service that can be made to misbehave.
type Target string

// The targets.
const (
	Telegram Target = "telegram"
	Todoist  Target = "todoist"
)

// Settings is how one target misbehaves. Shares are from 0 (never) to 1 (always); the zero Settings is a service in
// perfect health.
type Settings struct {
	RTT         int     `json:"rtt_ms"`       // round trip in milliseconds: half passes before a call is carried out, half after
	TooMany     float64 `json:"too_many"`     // share of calls refused with 429, not carried out
	RetryAfter  int     `json:"retry_after"`  // seconds named in those refusals; at least 1 is named
	ServerError float64 `json:"server_error"` // share of calls answered with 502 and a page of HTML, not carried out
	Lost        float64 `json:"lost"`         // share of calls carried out whose answer never arrives: the connection is cut
	Down        bool    `json:"down"`         // every call is hung up on at once

	WebhookDuplicates float64 `json:"webhook_duplicates"` // share of webhook deliveries made a second time
	WebhookReorder    float64 `json:"webhook_reorder"`    // share of webhook deliveries overtaken by the next one
}

// State is everything that can be set.
type State struct {
	Telegram Settings `json:"telegram"`
	Todoist  Settings `json:"todoist"`
	Limits   bool     `json:"limits"` // whether the services hold to their own rate limits
}

// Faults is the shared state, safe for concurrent use.
type Faults struct {
	mu    sync.RWMutex
	state State
}

// New gives services in good health that hold to their limits.
func New() *Faults { return &Faults{state: State{Limits: true}} }

// State gives all settings as they are now.
func (f *Faults) State() State {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.state
}

// Set replaces all settings.
func (f *Faults) Set(s State) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state = s
}

// Limits tells whether the services hold to their rate limits.
func (f *Faults) Limits() bool { return f.State().Limits }

// For gives the settings of one target.
func (f *Faults) For(t Target) Settings {
	if t == Todoist {
		return f.State().Todoist
	}
	return f.State().Telegram
}

// Chance is true in the given share of calls, at random.
func Chance(share float64) bool { return share > 0 && rand.Float64() < share }

// Wrap puts a target's API behind its faults. The answer is held back until next has returned, so next must not
// stream. Refusals have the target's own error shape.
func (f *Faults) Wrap(t Target, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := f.For(t)
		if s.Down {
			panic(http.ErrAbortHandler)
		}
		half := time.Duration(s.RTT) * time.Millisecond / 2
		if !pause(r.Context(), half) {
			return
		}
		switch {
		case Chance(s.TooMany):
			_ = pause(r.Context(), half)
			tooMany(w, t, max(s.RetryAfter, 1))
			return
		case Chance(s.ServerError):
			_ = pause(r.Context(), half)
			badGateway(w)
			return
		}
		held := &heldAnswer{header: w.Header(), status: http.StatusOK}
		next.ServeHTTP(held, r)
		if Chance(s.Lost) || f.For(t).Down {
			panic(http.ErrAbortHandler)
		}
		_ = pause(r.Context(), half)
		w.WriteHeader(held.status)
		_, _ = w.Write(held.body.Bytes())
	})
}

// Handler serves the state as JSON: GET gives it, PUT changes the fields it is given and gives the result.
func (f *Faults) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet:
		case http.MethodPut:
			if err := f.change(r.Body); err != nil {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_ = json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
				return
			}
		default:
			w.Header().Set("Allow", "GET, PUT")
			http.Error(w, "use GET or PUT", http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(f.State())
	})
}

func (f *Faults) change(body io.Reader) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.state
	dec := json.NewDecoder(io.LimitReader(body, 64<<10))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&s); err != nil {
		return fmt.Errorf("faults: %w", err)
	}
	for _, t := range []Settings{s.Telegram, s.Todoist} {
		for _, share := range []float64{t.TooMany, t.ServerError, t.Lost, t.WebhookDuplicates, t.WebhookReorder} {
			if share < 0 || share > 1 {
				return fmt.Errorf("faults: a share is from 0 to 1, not %v", share)
			}
		}
		if t.RTT < 0 || t.RTT > 60_000 || t.RetryAfter < 0 {
			return fmt.Errorf("faults: rtt_ms is from 0 to 60000, retry_after at least 0")
		}
	}
	f.state = s
	return nil
}

// pause waits, and tells whether the caller is still there.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func tooMany(w http.ResponseWriter, t Target, seconds int) {
	body := map[string]any{
		"ok": false, "error_code": 429, "description": fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		"parameters": map[string]int{"retry_after": seconds},
	}
	if t == Todoist {
		body = map[string]any{
			"error": "Too many requests. Limits reached", "error_code": 35, "error_tag": "LIMITS_REACHED",
			"http_code": 429, "error_extra": map[string]int{"retry_after": seconds},
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Retry-After", fmt.Sprint(seconds))
	w.WriteHeader(http.StatusTooManyRequests)
	_ = json.NewEncoder(w).Encode(body)
}

func badGateway(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusBadGateway)
	_, _ = io.WriteString(w, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"+
		"<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n")
}

// heldAnswer keeps an answer until it may leave. The headers are the real ones: nothing is sent before WriteHeader.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) Header() http.Header         { return h.header }
func (h *heldAnswer) WriteHeader(status int)      { h.status = status }
func (h *heldAnswer) Write(p []byte) (int, error) { return h.body.Write(p) }
