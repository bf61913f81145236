package faults

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// service counts the work it has done, behind its faults.
func service(t *testing.T, f *Faults, target Target) (url string, work *atomic.Int32) {
	work = &atomic.Int32{}
	s := httptest.NewServer(f.Wrap(target, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		work.Add(1)
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "tea")
	})))
	t.Cleanup(s.Close)
	return s.URL, work
}

func TestFaults(t *testing.T) {
	tests := []struct {
		name     string
		settings Settings
		status   int // 0: no answer
		worked   int32
		body     string
	}{
		{"good health", Settings{}, http.StatusTeapot, 1, "tea"},
		{"429", Settings{TooMany: 1, RetryAfter: 7}, http.StatusTooManyRequests, 0, `"retry_after":7`},
		{"502", Settings{ServerError: 1}, http.StatusBadGateway, 0, "<html>"},
		{"answer lost", Settings{Lost: 1}, 0, 1, ""},
		{"down", Settings{Down: true}, 0, 0, ""},
	}
	for _, target := range []Target{Telegram, Todoist} {
		for _, tt := range tests {
			t.Run(string(target)+" "+tt.name, func(t *testing.T) {
				f := New()
				if target == Telegram {
					f.Set(State{Telegram: tt.settings})
				} else {
					f.Set(State{Todoist: tt.settings})
				}
				url, work := service(t, f, target)
				resp, err := http.Post(url, "text/plain", strings.NewReader("x"))
				require.Equal(t, tt.worked, work.Load())
				if tt.status == 0 {
					require.Error(t, err)
					return
				}
				require.NoError(t, err)
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				require.NoError(t, err)
				require.Equal(t, tt.status, resp.StatusCode)
				require.Contains(t, string(body), tt.body)
			})
		}
	}
}

func TestHalfTheRoundTripPassesBeforeTheWork(t *testing.T) {
	f := New()
	f.Set(State{Telegram: Settings{RTT: 100}})
	var worked time.Time
	s := httptest.NewServer(f.Wrap(Telegram, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { worked = time.Now() })))
	defer s.Close()
	began := time.Now()
	resp, err := http.Get(s.URL)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.GreaterOrEqual(t, worked.Sub(began), 50*time.Millisecond)
	require.GreaterOrEqual(t, time.Since(worked), 50*time.Millisecond)
}

func TestHandlerChangesWhatItIsGiven(t *testing.T) {
	f := New()
	put := func(body string) int {
		w := httptest.NewRecorder()
		f.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/", strings.NewReader(body)))
		return w.Code
	}
	require.Equal(t, 200, put(`{"telegram": {"rtt_ms": 80, "lost": 0.5}}`))
	require.Equal(t, 200, put(`{"telegram": {"lost": 0}, "todoist": {"down": true}, "limits": false}`))
	require.Equal(t, State{Telegram: Settings{RTT: 80}, Todoist: Settings{Down: true}}, f.State())
	for _, bad := range []string{`{"telegram": {"lost": 1.5}}`, `{"telegram": {"losst": 1}}`, `{"todoist": {"rtt_ms": -1}}`, `nonsense`} {
		require.Equal(t, 400, put(bad), bad)
	}
	w := httptest.NewRecorder()
	f.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	var got State
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
	require.Equal(t, f.State(), got)
}
