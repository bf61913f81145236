package web

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/activities/signals"
	"quaydesk/health"
	"quaydesk/store"
	"quaydesk/store/storetest"
)

type heardSignals struct {
	all  []signals.In
	fail error
}

func (h *heardSignals) Signal(_ context.Context, in signals.In) error {
	h.all = append(h.all, in)
	return h.fail
}

const secret = "client secret"

func newWeb(t *testing.T, change func(*Config)) (http.Handler, *heardSignals, *store.Store) {
	st := store.New(storetest.New(t))
	_, err := st.RegisterBot(t.Context(), 1, "token", "Test", []string{"desk"})
	require.NoError(t, err)
	_, err = st.PutBoard(t.Context(), "p1")
	require.NoError(t, err)
	heard := &heardSignals{}
	well := func(context.Context) error { return nil }
	c := Config{
		Version: "1.2.3", Store: st, Database: well, Temporal: well, Todoist: secret, Signals: heard,
		Log: slog.New(slog.DiscardHandler), Metrics: health.NewMetrics(),
	}
	if change != nil {
		change(&c)
	}
	h, err := New(c)
	require.NoError(t, err)
	return h, heard, st
}

func sign(body, key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func deliver(h http.Handler, id, signature, body string) int {
	r := httptest.NewRequest("POST", "/todoist/webhook", strings.NewReader(body))
	r.Header.Set("X-Todoist-Delivery-ID", id)
	r.Header.Set("X-Todoist-Hmac-SHA256", signature)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec.Code
}

const moved = `{"event_name":"item:updated","user_id":"1","version":"1",
	"event_data":{"id":"t1","section_id":"s2","content":"x"},"initiator":{"id":"51","full_name":"Nadia"},
	"event_data_extra":{"old_item":{"id":"t1","section_id":"s1"},"update_intent":"item_updated"}}`

func TestOnlyMovesTellWhoMoved(t *testing.T) {
	by := `"initiator":{"id":"51","full_name":"Na\u0000dia"}`
	for name, c := range map[string]struct {
		body string
		want store.Delivery
	}{
		"a move": {moved, store.Delivery{ID: "d", Task: "t1", Section: "s2", UID: "51", Name: "Nadia"}},
		"out of no section": {`{"event_name":"item:updated","event_data":{"id":"t1","section_id":"s2"},` + by +
			`,"event_data_extra":{"old_item":{"section_id":null}}}`, store.Delivery{ID: "d", Task: "t1", Section: "s2", UID: "51", Name: "Nadia"}},
		"out of all sections": {`{"event_name":"item:updated","event_data":{"id":"t1","section_id":null},` + by +
			`,"event_data_extra":{"old_item":{"section_id":"s1"}}}`, store.Delivery{ID: "d", Task: "t1", UID: "51", Name: "Nadia"}},
		"another date": {`{"event_name":"item:updated","event_data":{"id":"t1","section_id":"s2"},` + by +
			`,"event_data_extra":{"old_item":{"section_id":"s2"}}}`, store.Delivery{ID: "d"}},
		"an old task that does not tell": {`{"event_name":"item:updated","event_data":{"id":"t1","section_id":"s2"},` + by +
			`,"event_data_extra":{"old_item":{}}}`, store.Delivery{ID: "d"}},
		"no old task":     {`{"event_name":"item:updated","event_data":{"id":"t1","section_id":"s2"},` + by + `}`, store.Delivery{ID: "d"}},
		"not about tasks": {`{"event_name":"note:added","event_data":{"id":"n1"},` + by + `}`, store.Delivery{ID: "d"}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, readDelivery("d", []byte(c.body))) })
	}
}

func TestWebhookHints(t *testing.T) {
	h, heard, st := newWeb(t, nil)
	require.Equal(t, 200, deliver(h, "d1", sign(moved, secret), moved))
	require.Len(t, heard.all, 1)
	require.Equal(t, "board:1", heard.all[0].ID)
	require.JSONEq(t, `{"workspace":1}`, string(heard.all[0].Input))
	require.Equal(t, 200, deliver(h, "d1", sign(moved, secret), moved), "a repeat is fine")
	require.Len(t, heard.all, 1, "and nothing new")
	require.NoError(t, st.Tx(t.Context(), func(tx *store.Tx) error {
		uid, name, err := tx.BoardMover(t.Context(), 1, "t1", "s2", "1")
		require.Equal(t, "51", uid)
		require.Equal(t, "Nadia", name)
		return err
	}))
	odd := "not even JSON"
	require.Equal(t, 200, deliver(h, "d2", sign(odd, secret), odd), "signed is signed")
	require.Len(t, heard.all, 2)
}

func TestWebhookWithoutTemporal(t *testing.T) {
	h, heard, _ := newWeb(t, nil)
	heard.fail = errors.New("Temporal is away")
	require.Equal(t, 200, deliver(h, "d1", sign(moved, secret), moved), "the sweep finds it")
}

func TestWebhookRefuses(t *testing.T) {
	h, heard, _ := newWeb(t, nil)
	large := strings.Repeat("x", maxDelivery+1)
	for name, c := range map[string]struct {
		id, signature, body string
		want                int
	}{
		"another secret": {"d1", sign(moved, "guess"), moved, 403},
		"another body":   {"d1", sign(moved, secret), moved + " ", 403},
		"no signature":   {"d1", "", moved, 403},
		"no base64":      {"d1", "%%%", moved, 403},
		"no id":          {"", sign(moved, secret), moved, 403},
		"too large":      {"d1", sign(large, secret), large, 413},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, deliver(h, c.id, c.signature, c.body)) })
	}
	require.Empty(t, heard.all)
	h, _, _ = newWeb(t, func(c *Config) { c.Todoist = "" })
	require.Equal(t, 404, deliver(h, "d1", sign(moved, ""), moved), "without a secret there are no webhooks")
}

func TestWebhookWithoutDatabase(t *testing.T) {
	pool := storetest.New(t)
	h, _, _ := newWeb(t, func(c *Config) { c.Store = store.New(pool) })
	pool.Close()
	require.Equal(t, 503, deliver(h, "d1", sign(moved, secret), moved), "Todoist tries again")
}

func TestStartPage(t *testing.T) {
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" {
			return
		}
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.Method+" "+r.URL.Path+" "+r.Header.Get("X-Telegram-Bot-Api-Secret-Token")+" "+string(body))
	}))
	defer gateway.Close()
	h, _, st := newWeb(t, func(c *Config) {
		c.Gateway = gateway.URL
		c.Temporal = func(context.Context) error { return errors.New("secret reason") }
	})
	require.NoError(t, st.Tx(t.Context(), func(tx *store.Tx) error { return tx.BoardFails(t.Context(), 1) }))
	get := func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		return rec
	}
	rec := get("/")
	require.Equal(t, 200, rec.Code)
	page := rec.Body.String()
	require.Contains(t, page, "Version 1.2.3")
	require.Contains(t, page, "<dt>Database</dt><dd>works</dd>")
	require.Contains(t, page, "<dt>Temporal</dt><dd>does not answer</dd>")
	require.Contains(t, page, "<dt>Gateway</dt><dd>works</dd>")
	require.Contains(t, page, "<dt>Board</dt><dd>does not answer; ")
	require.NotContains(t, page, "secret reason")
	require.Contains(t, rec.Header().Get("Content-Security-Policy"), "default-src 'none'")
	require.Equal(t, 200, get("/style.css").Code)
	require.Equal(t, 503, get("/readyz").Code)
	require.Equal(t, 200, get("/healthz").Code)
	require.Equal(t, 404, get("/nothing").Code)

	r := httptest.NewRequest("POST", "/telegram/abc", bytes.NewReader([]byte("update")))
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "s")
	rec = httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	require.Equal(t, "POST /telegram/abc s update", rec.Body.String())
	gateway.Close()
	rec = httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("POST", "/telegram/abc", nil))
	require.Equal(t, 502, rec.Code)
	require.Eventually(t, func() bool {
		return strings.Contains(get("/").Body.String(), "<dt>Gateway</dt><dd>does not answer</dd>")
	},
		5*time.Second, 50*time.Millisecond)
}

func TestNoBoard(t *testing.T) {
	h, _, _ := newWeb(t, func(c *Config) { c.Store = store.New(storetest.New(t)) })
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	require.Contains(t, rec.Body.String(), "<dt>Board</dt><dd>not set up</dd>")
}
