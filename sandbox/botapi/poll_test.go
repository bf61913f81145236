package botapi

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestUpdatesMoveOnByOffset(t *testing.T) {
	d := open(t)
	for _, text := range []string{"one", "two", "three", "four"} {
		d.say(emma, text)
	}
	us := d.updates(obj{"limit": 2})
	require.Equal(t, []string{"one", "two"}, texts(us))
	require.Equal(t, us[0].ID+1, us[1].ID)
	require.Equal(t, []string{"one", "two"}, texts(d.updates(obj{"limit": 2})), "what is not confirmed comes again")
	require.Equal(t, []string{"three", "four"}, texts(d.updates(obj{"offset": us[1].ID + 1})))
	require.Equal(t, []string{"four"}, texts(d.updates(obj{"offset": -1})))
	require.Equal(t, []string{"four"}, texts(d.updates(nil)), "a negative offset forgets what came before")
	require.Empty(t, d.updates(obj{"offset": us[1].ID + 3}))
}

func TestPollWaits(t *testing.T) {
	d := open(t)
	got := make(chan reply)
	go func() {
		r, _ := d.try("getUpdates", obj{"timeout": 30})
		got <- r
	}()
	d.polling()
	d.say(emma, "at last")
	require.Equal(t, []string{"at last"}, texts(decode[[]anUpdate](t, (<-got).Result)))
}

// polling waits until a getUpdates waits.
func (d *desk) polling() {
	d.t.Helper()
	require.Eventually(d.t, func() bool {
		d.s.mu.Lock()
		defer d.s.mu.Unlock()
		return d.s.bots[d.bot].poll != nil
	}, 5*time.Second, time.Millisecond)
}

func TestConflicts(t *testing.T) {
	d := open(t)
	poll := func(timeout int) chan reply {
		got := make(chan reply, 1)
		go func() {
			r, _ := d.try("getUpdates", obj{"timeout": timeout})
			got <- r
		}()
		return got
	}
	first := poll(30)
	d.polling()
	require.Empty(t, d.updates(nil))
	r := <-first
	require.Equal(t, "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
		fmt.Sprint(r.Code, " ", r.Description))

	second := poll(30)
	d.polling()
	d.done("setWebhook", obj{"url": "http://127.0.0.1:9/hook"})
	require.Equal(t, "Conflict: terminated by setWebhook request", (<-second).Description)
	require.Equal(t, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
		d.call("getUpdates", nil).Description)
	d.done("deleteWebhook", nil)
	require.Empty(t, d.updates(nil))
}

func TestAllowedUpdates(t *testing.T) {
	d := open(t)
	d.updates(obj{"allowed_updates": []string{"message", "what_is_this"}})
	d.act(emma, "block", nil)
	d.act(emma, "unblock", nil)
	d.say(emma, "hello")
	us := d.updates(nil)
	require.Equal(t, []string{"hello"}, texts(us), "omitted, the earlier list stays")
	d.updates(obj{"allowed_updates": []string{}, "offset": us[0].ID + 1})
	d.act(emma, "block", nil)
	require.NotNil(t, d.updates(nil)[0].Member, "an empty list means the default")
}

func TestUpdatesExpire(t *testing.T) {
	d := open(t)
	d.say(emma, "old")
	d.s.mu.Lock()
	d.s.bots[d.bot].pending[0].Expires = time.Now().Add(-time.Second)
	d.s.mu.Unlock()
	d.say(emma, "new")
	require.Equal(t, []string{"new"}, texts(d.updates(nil)))
}
