package sandbox_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/sandbox"
	"quaydesk/sandbox/world"
)

func open(t *testing.T) string {
	t.Helper()
	s, err := sandbox.New(sandbox.Config{DataDir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		server.Close()
		require.NoError(t, s.Close())
	})
	return server.URL
}

func get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	resp, err := http.Get(url)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(body)
}

func TestEverythingIsServed(t *testing.T) {
	url := open(t)
	for path, kind := range map[string]string{
		"/": "text/html", "/faults": "text/html", "/board": "text/html", "/demo/faults": "application/json",
		"/pages/chat.js": "text/javascript", "/pages/chat.css": "text/css", "/pages/icon.svg": "image/svg+xml",
	} {
		resp, _ := get(t, url+path)
		require.Equal(t, 200, resp.StatusCode, path)
		require.Contains(t, resp.Header.Get("Content-Type"), kind, path)
	}
	_, body := get(t, url+"/demo/world")
	var w world.World
	require.NoError(t, json.Unmarshal([]byte(body), &w))
	require.Equal(t, world.Demo(), w)
	_, body = get(t, url+"/bot"+w.Bots[0].Token+"/getMe")
	require.Contains(t, body, `"username":"quaydesk_demo_bot"`)
	resp, _ := get(t, url+"/nothing")
	require.Equal(t, 404, resp.StatusCode)
}

func TestFaultsSpareThePages(t *testing.T) {
	url := open(t)
	r, err := http.NewRequest(http.MethodPut, url+"/demo/faults", strings.NewReader(`{"telegram":{"down":true},"todoist":{"down":true}}`))
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	_, err = http.Get(url + "/bot" + world.Demo().Bots[0].Token + "/getMe")
	require.Error(t, err)
	for _, path := range []string{"/", "/demo/world", "/demo/faults", "/board"} {
		resp, _ := get(t, url+path)
		require.Equal(t, 200, resp.StatusCode, path)
	}
}

func TestThisMachineOnly(t *testing.T) {
	url := open(t)
	for name, change := range map[string]func(*http.Request){
		"another name": func(r *http.Request) { r.Host = "sandbox.example.org" },
		"another site": func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
	} {
		r, err := http.NewRequest(http.MethodPost, url+"/demo/people", strings.NewReader(`{"name":"x"}`))
		require.NoError(t, err)
		change(r)
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusForbidden, resp.StatusCode, name)
	}
	for _, listen := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.org:0", "nonsense"} {
		err := sandbox.Run(context.Background(), sandbox.Config{Listen: listen, DataDir: t.TempDir()})
		require.ErrorContains(t, err, "sandbox", listen)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.NoError(t, sandbox.Run(ctx, sandbox.Config{Listen: "127.0.0.1:0", DataDir: t.TempDir(), Log: slog.New(slog.DiscardHandler)}))
}
