package botapi

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// watch gives the events that come, one at a time.
func (d *desk) watch(query string) func() event {
	d.t.Helper()
	resp, err := http.Get(d.url + "/demo/events?" + query)
	require.NoError(d.t, err)
	d.t.Cleanup(func() { _ = resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	require.True(d.t, lines.Scan())
	return func() event {
		d.t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return decode[event](d.t, []byte(data))
			}
		}
		require.Fail(d.t, "the events ended")
		return event{}
	}
}

func TestEvents(t *testing.T) {
	d := open(t)
	next := d.watch("")
	id := d.say(emma, "hello")
	require.Equal(t, "chat", next().Kind)
	said := next()
	require.Equal(t, "message person hello", fmt.Sprint(said.Kind, " ", said.Message.From, " ", said.Message.Text))
	u := d.updates(nil)[0]
	begun := next()
	require.Equal(t, "update_delivering message", begun.Kind+" "+begun.UpdateKind)
	require.Equal(t, []int64{u.ID, int64(id), emma}, []int64{begun.Update, int64(begun.MessageID), begun.Chat})
	require.False(t, begun.At.Before(said.At))
	d.done("sendMessage", obj{"chat_id": emma, "text": "hi"})
	answer := next()
	require.Equal(t, "bot hi", answer.Message.From+" "+answer.Message.Text)
	require.False(t, answer.At.Before(begun.At))
	require.Equal(t, "sendMessage true", func() string { e := next(); return fmt.Sprint(e.Method, " ", e.OK) }())
	d.call("sendMessage", obj{"chat_id": emma})
	require.Equal(t, "Bad Request: message text is empty", next().Description)
	d.updates(obj{"offset": u.ID + 1})
	require.Equal(t, "update_delivered", next().Kind)
}

func TestEventsNarrowed(t *testing.T) {
	d := open(t)
	next := d.watch(fmt.Sprintf("kinds=message,action&chats=%d", nadia))
	d.say(emma, "not for this watcher")
	d.say(nadia, "for this one")
	require.Equal(t, "for this one", next().Message.Text)
	d.done("sendChatAction", obj{"chat_id": nadia, "action": "typing"})
	require.Equal(t, "typing", next().Action)
}
