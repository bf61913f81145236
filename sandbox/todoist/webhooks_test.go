package todoist

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/sandbox/faults"
	"quaydesk/sandbox/world"
)

// listener takes webhooks and answers the first failures of each delivery with an error.
type listener struct {
	*httptest.Server
	failures int

	mu    sync.Mutex
	tries []delivered
	seen  map[string]int
}

type delivered struct {
	id     string
	body   string
	signed bool
	event  object
}

func newListener(t *testing.T, secret string, failures int) *listener {
	l := &listener{failures: failures, seen: map[string]int{}}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(b)
		d := delivered{id: r.Header.Get("X-Todoist-Delivery-ID"), body: string(b)}
		d.signed = r.Header.Get("X-Todoist-Hmac-SHA256") == base64.StdEncoding.EncodeToString(mac.Sum(nil))
		_ = json.Unmarshal(b, &d.event)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.tries = append(l.tries, d)
		l.seen[d.id]++
		if l.seen[d.id] <= l.failures {
			w.WriteHeader(http.StatusNoContent) // anything but 200 is a failure
		}
	}))
	t.Cleanup(l.Close)
	return l
}

// wait gives the tries once there are n of them.
func (l *listener) wait(t *testing.T, n int) []delivered {
	t.Helper()
	require.Eventually(t, func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.tries) >= n
	}, 10*time.Second, 5*time.Millisecond)
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]delivered(nil), l.tries...)
}

func (d *desk) listen(l *listener, more object) {
	d.t.Helper()
	body := object{"url": l.URL + "/hook"}
	for k, v := range more {
		body[k] = v
	}
	d.person("PUT", "/webhook", body)
}

func (d *desk) settled(pending float64) object {
	d.t.Helper()
	var hook object
	require.Eventually(d.t, func() bool {
		hook = d.person("GET", "/webhook", nil)
		return hook["pending"] == pending
	}, 10*time.Second, 5*time.Millisecond)
	return hook
}

func TestWebhooksTellWhatHappened(t *testing.T) {
	d := newDesk(t)
	section := d.api("POST", "sections", object{"name": "New", "project_id": d.project()})["id"].(string)
	l := newListener(t, world.Demo().Todoist.ClientSecret, 0)
	d.listen(l, nil)
	task := d.addTask("#1 Chairs")
	d.person("POST", "/tasks/"+task+"/move", object{"section_id": section, "as": igor})
	d.person("POST", "/tasks/"+task+"/assign", object{"uid": nadia, "as": igor})
	note := d.person("POST", "/tasks/"+task+"/comments", object{"uid": nadia, "content": "Hello"})["id"].(string)
	d.person("POST", "/comments/"+note, object{"content": "Hello!"})
	d.person("DELETE", "/comments/"+note, nil)
	d.person("POST", "/tasks/"+task+"/complete", object{"as": nadia})
	d.person("POST", "/tasks/"+task+"/reopen", object{"as": nadia})
	d.person("POST", "/tasks/"+task+"/delete", object{"as": nadia})
	d.api("DELETE", "sections/"+section, nil)

	got := l.wait(t, 10)
	require.Len(t, got, 10)
	var events, initiators []any
	ids := map[string]bool{}
	for _, v := range got {
		require.True(t, v.signed)
		require.Equal(t, "1", v.event["version"])
		require.Equal(t, "51000001", v.event["user_id"])
		ids[v.id] = true
		events = append(events, v.event["event_name"])
		initiators = append(initiators, v.event["initiator"].(object)["id"])
	}
	require.Len(t, ids, 10)
	require.Equal(t, []any{
		"item:added", "item:updated", "item:updated", "note:added", "note:updated", "note:deleted", "item:completed",
		"item:uncompleted", "item:deleted", "section:deleted",
	}, events)
	require.Equal(t, []any{"51000001", igor, igor, nadia, nadia, nadia, nadia, nadia, nadia, "51000001"}, initiators)

	moved := got[1].event
	require.Equal(t, section, moved["event_data"].(object)["section_id"])
	extra := moved["event_data_extra"].(object)
	require.Nil(t, extra["old_item"].(object)["section_id"])
	require.Equal(t, "item_updated", extra["update_intent"])
	require.Equal(t, "responsible_uid_changed", got[2].event["event_data_extra"].(object)["update_intent"])
	require.NotContains(t, got[0].event, "event_data_extra")
	said := got[3].event["event_data"].(object)
	require.Equal(t, nadia, said["posted_uid"])
	require.Equal(t, task, said["item"].(object)["id"])
	require.Equal(t, 1.0, said["item"].(object)["note_count"])
	require.Contains(t, said["url"], task)
	require.Equal(t, true, got[8].event["event_data"].(object)["is_deleted"])
}

func TestAFailedWebhookComesAgainUnchanged(t *testing.T) {
	d := newDesk(t)
	l := newListener(t, "another secret", 2)
	d.listen(l, object{"client_secret": "another secret", "retry_after_ms": 1})
	d.addTask("One")
	got := l.wait(t, 3)
	for _, v := range got {
		require.True(t, v.signed)
		require.Equal(t, got[0].id, v.id)
		require.Equal(t, got[0].body, v.body)
	}
	require.Equal(t, 1.0, d.settled(0)["sent"])
}

func TestAWebhookIsGivenUpAfterThreeRetries(t *testing.T) {
	d := newDesk(t)
	l := newListener(t, "", 100)
	d.listen(l, object{"retry_after_ms": 1})
	d.addTask("One")
	hook := d.settled(0)
	require.Equal(t, 1.0, hook["dropped"])
	require.Len(t, l.wait(t, 4), 4)
}

func TestWebhooksSurviveARestart(t *testing.T) {
	d := newDesk(t)
	down := d.faults.State()
	down.Todoist.Down = true
	d.faults.Set(down)
	l := newListener(t, world.Demo().Todoist.ClientSecret, 0)
	d.listen(l, nil)
	d.person("POST", "/tasks", object{"content": "Made by a person", "as": nadia})
	require.Equal(t, 1.0, d.person("GET", "/webhook", nil)["pending"], "while Todoist is down nothing is delivered")
	d.restart()
	d.faults.Set(faults.State{})
	got := l.wait(t, 1)
	require.Equal(t, nadia, got[0].event["initiator"].(object)["id"])
	require.Equal(t, 1.0, d.settled(0)["sent"])
}

func TestEveryUserWhoAuthorisedGetsADelivery(t *testing.T) {
	d := newDesk(t)
	l := newListener(t, world.Demo().Todoist.ClientSecret, 0)
	d.listen(l, object{"users": []string{"51000001", nadia}})
	d.addTask("One")
	got := l.wait(t, 2)
	require.Equal(t, "51000001", got[0].event["user_id"])
	require.Equal(t, nadia, got[1].event["user_id"])
	require.NotEqual(t, got[0].id, got[1].id)
}

func TestWebhookFaults(t *testing.T) {
	t.Run("duplicates", func(t *testing.T) {
		d := newDesk(t)
		d.faults.Set(faults.State{Todoist: faults.Settings{WebhookDuplicates: 1}})
		l := newListener(t, world.Demo().Todoist.ClientSecret, 0)
		d.listen(l, nil)
		d.addTask("One")
		got := l.wait(t, 2)
		require.Equal(t, got[0].id, got[1].id)
		require.Equal(t, 1.0, d.settled(0)["sent"])
	})
	t.Run("reorder", func(t *testing.T) {
		d := newDesk(t)
		l := newListener(t, world.Demo().Todoist.ClientSecret, 0)
		d.faults.Set(faults.State{Todoist: faults.Settings{Down: true, WebhookReorder: 1}})
		d.listen(l, nil)
		d.person("POST", "/tasks", object{"content": "first"})
		d.faults.Set(faults.State{Todoist: faults.Settings{WebhookReorder: 1}})
		require.Eventually(t, func() bool { // the first one is held back
			d.server.mu.Lock()
			defer d.server.mu.Unlock()
			for _, p := range d.server.st.pending {
				return p.held
			}
			return false
		}, 10*time.Second, time.Millisecond)
		d.faults.Set(faults.State{})
		d.person("POST", "/tasks", object{"content": "second"})
		got := l.wait(t, 2)
		require.Equal(t, "second", got[0].event["event_data"].(object)["content"])
		require.Equal(t, "first", got[1].event["event_data"].(object)["content"])
	})
}

func TestWebhooksStayOnThisMachine(t *testing.T) {
	d := newDesk(t)
	for _, url := range []string{"http://example.com/", "http://10.0.0.1/", "ftp://127.0.0.1/", "http://127.0.0.1.example.com/", "::"} {
		status, _ := d.try("PUT", "/demo/board/webhook", object{"url": url})
		require.Equal(t, http.StatusBadRequest, status, url)
	}
	d.person("PUT", "/webhook", object{"url": "http://localhost:1/hook"})
	d.addTask("One")
	require.Equal(t, 1.0, d.person("GET", "/webhook", nil)["pending"])
	d.person("PUT", "/webhook", object{"url": ""})
	require.Equal(t, 0.0, d.person("GET", "/webhook", nil)["pending"], "no URL, no webhooks")
}
