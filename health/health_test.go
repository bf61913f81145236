package health

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReady(t *testing.T) {
	broken := errors.New("password of the database")
	asked := 0
	c := New(Check{"database", func(context.Context) error { asked++; return broken }},
		Check{"Temporal", func(context.Context) error { return nil }})
	h := c.Handler(NewMetrics())
	get := func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		return rec
	}
	require.Equal(t, 200, get("/healthz").Code)
	rec := get("/readyz")
	require.Equal(t, http.StatusServiceUnavailable, rec.Code)
	require.Equal(t, "database: does not answer\nTemporal: ok\n", rec.Body.String(), "why is nobody's business here")
	get("/readyz")
	require.Equal(t, 1, asked, "many who ask are one question")
	require.Contains(t, get("/metrics").Body.String(), "go_goroutines")
	require.Equal(t, http.StatusOK, func() int {
		rec := httptest.NewRecorder()
		New().Handler(NewMetrics()).ServeHTTP(rec, httptest.NewRequest("GET", "/readyz", nil))
		return rec.Code
	}())
}

func TestServeStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, Serve(ctx, "127.0.0.1:0", http.NotFoundHandler()))
	require.ErrorContains(t, Serve(t.Context(), "256.0.0.1:1", http.NotFoundHandler()), "listen at 256.0.0.1:1")
}
