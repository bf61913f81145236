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

	"github.com/alexedwards/scs/pgxstore"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"quaydesk/activities/records"
	"quaydesk/activities/signals"
	"quaydesk/health"
	"quaydesk/sandbox/world"
	"quaydesk/store"
	"quaydesk/store/storetest"
	"quaydesk/texts"
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

// newConfig is a web on a database of its own, with a bot.
func newConfig(t *testing.T) (Config, *heardSignals, *pgxpool.Pool) {
	pool := storetest.New(t)
	st := store.New(pool)
	demo := world.Demo().Bots[0]
	_, err := st.RegisterBot(t.Context(), demo.ID, demo.Token, "Test", []string{"desk"})
	require.NoError(t, err)
	heard := &heardSignals{}
	well := func(context.Context) error { return nil }
	catalogue := texts.New()
	return Config{
		Version: "1.2.3", Store: st, Records: records.New(st, catalogue), Texts: catalogue,
		Sessions: pgxstore.NewWithCleanupInterval(pool, 0), Database: well, Temporal: well, Todoist: secret, Signals: heard,
		Log: slog.New(slog.DiscardHandler), Metrics: health.NewMetrics(),
	}, heard, pool
}

func newWeb(t *testing.T, change func(*Config)) (http.Handler, *heardSignals, *store.Store) {
	c, heard, _ := newConfig(t)
	_, err := c.Store.PutBoard(t.Context(), "p1")
	require.NoError(t, err)
	if change != nil {
		change(&c)
	}
	h, err := New(c)
	require.NoError(t, err)
	return h, heard, c.Store
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

func TestTheGatewayIsPassedOnTo(t *testing.T) {
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.Method+" "+r.URL.Path+" "+r.Header.Get("X-Telegram-Bot-Api-Secret-Token")+" "+string(body))
	}))
	defer gateway.Close()
	h, _, _ := newWeb(t, func(c *Config) { c.Gateway = gateway.URL })
	r := httptest.NewRequest("POST", "/telegram/abc", bytes.NewReader([]byte("update")))
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "s")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	require.Equal(t, "POST /telegram/abc s update", rec.Body.String())
	gateway.Close()
	rec = httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("POST", "/telegram/abc", nil))
	require.Equal(t, 502, rec.Code)
}
