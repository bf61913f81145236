package botapi

import (
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// A server that is killed leaves its files as they are at that moment: a copy of them is what the next one finds.
func killed(t *testing.T, dir string) string {
	t.Helper()
	next := t.TempDir()
	require.NoError(t, os.CopyFS(next, os.DirFS(dir)))
	return next
}

func TestEverythingSurvivesAKill(t *testing.T) {
	dir := t.TempDir()
	d := openAt(t, dir)
	d.act(emma, "start", nil)
	m := d.sent("sendMessage", obj{"chat_id": emma, "text": "Take it?", "reply_markup": obj{"inline_keyboard": [][]obj{{{"text": "Yes", "callback_data": "y"}}}}})
	d.done("editMessageText", obj{"chat_id": emma, "message_id": m.MessageID, "text": "Taken."})
	doc := decode[Message](t, d.upload("sendDocument", map[string]string{"chat_id": "500001"}, "document", "a.txt", "words").Result)
	us := d.updates(nil)
	d.updates(obj{"offset": us[0].ID + 1})
	d.say(emma, "not yet delivered")
	_, cb := d.demo("callbacks?wait=0", obj{"bot_id": d.bot, "person": emma, "message_id": m.MessageID, "data": "y"})
	_, p := d.demo("people", obj{"name": "Late Comer"})
	d.done("setMyCommands", obj{"commands": []obj{{"command": "new", "description": "x"}}})
	d.act(nadia, "block", nil)
	before := d.seen(emma)

	copied := killed(t, dir)
	journal, err := os.OpenFile(filepath.Join(copied, "telegram.journal"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = journal.WriteString(`{"posts":[{"bot":7000`)
	require.NoError(t, err)
	require.NoError(t, journal.Close())

	e := openAt(t, copied)
	require.Equal(t, before, e.seen(emma))
	next := e.updates(nil)
	require.Len(t, next, 3)
	require.Equal(t, us[0].ID+1, next[0].ID)
	require.Equal(t, "not yet delivered", next[0].Message.Text)
	e.done("answerCallbackQuery", obj{"callback_query_id": cb["callback_id"]})
	require.Equal(t, 403, e.call("sendMessage", obj{"chat_id": nadia, "text": "x"}).Code)
	require.Equal(t, 200, func() int {
		s, _ := e.download(e.token, decode[aFile](t, e.done("getFile", obj{"file_id": doc.Document.FileID})).FilePath)
		return s
	}())
	require.Len(t, decode[[]Command](t, e.done("getMyCommands", nil)), 1)
	require.Greater(t, e.say(int64(p["id"].(float64)), "I am still here"), doc.MessageID)

	f := openAt(t, killed(t, copied))
	require.Len(t, f.updates(nil), 4, "the cut-off line is gone for good, and what came after it is there")
}

func TestWebhookGoesOnAfterAKill(t *testing.T) {
	dir := t.TempDir()
	d := openAt(t, dir)
	var well atomic.Bool
	in := hooked(t, func(_ anUpdate, _ int, w http.ResponseWriter) {
		if !well.Load() {
			w.WriteHeader(http.StatusBadGateway)
		}
	})
	d.done("setWebhook", obj{"url": in.URL, "secret_token": "s"})
	d.say(emma, "one")
	d.say(emma, "two")
	in.wait(t, 1)
	copied := killed(t, dir)
	d.done("deleteWebhook", nil)
	well.Store(true)
	failed := len(in.wait(t, 1))

	e := openAt(t, copied)
	e.pending(0)
	got := texts(in.wait(t, failed+2))
	require.Equal(t, []string{"one", "two"}, got[len(got)-2:])
	require.Equal(t, "s", in.secret[len(in.secret)-1])
}
