package dialog_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"quaydesk/domain/chat"
	"quaydesk/texts"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/dialog/dialogtest"
	"quaydesk/workflows/policy"
)

func TestReplay(t *testing.T) {
	dialogtest.Replay(t, func(r worker.WorkflowRegistry) { register(r, &shop{}) })
}

func register(r worker.WorkflowRegistry, s *shop) {
	r.RegisterWorkflowWithOptions(dialog.New(texts.New(), s.module()).Conversation, workflow.RegisterOptions{Name: dialog.WorkflowName})
}

// TestRecord records the histories that TestReplay reads, on the Temporal at QUAYDESK_RECORD, for instance
// 127.0.0.1:7233. A recorded history is never changed: only files that are not there yet are written.
func TestRecord(t *testing.T) {
	address := os.Getenv("QUAYDESK_RECORD")
	if address == "" {
		t.Skip("QUAYDESK_RECORD names no Temporal")
	}
	c, err := client.Dial(client.Options{HostPort: address, Identity: "recorder"})
	require.NoError(t, err)
	defer c.Close()
	worker.SetStickyWorkflowCacheSize(0) // so that each step replays all before it
	for name, play := range plays {
		file := filepath.Join("testdata", "replay", name+".json")
		if _, err := os.Stat(file); err == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			history, err := temporalproto.CustomJSONMarshalOptions{Indent: "  "}.Marshal(record(t, c, name, play))
			require.NoError(t, err)
			require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
			require.NoError(t, os.WriteFile(file, append(history, '\n'), 0o644))
		})
	}
}

// plays are what people did: events that come one after the other, those of one list at once.
var plays = map[string][][]chat.Event{
	"order": {
		{says(1, "order", "")}, {presses(2, "dialog.answer", "u:1:1:2|coffee")}, {says(3, "", "3")}, {says(4, "", "with milk")},
		{presses(5, "dialog.answer", "u:1:4:1|done")}, {presses(6, "dialog.answer", "u:1:5:1|yes")}, {says(7, "", "Bob")},
	},
	"detours": {
		{says(1, "order", ""), says(2, "", "tea"), says(3, "", "many")}, {says(4, "", "3")}, {edits(5, 4, "4")},
		{presses(6, "dialog.back", "u:1:5:1|")}, {says(7, "", "5"), says(7, "", "5")}, {presses(8, "", "")}, {says(9, "price", "")},
		{says(10, "language", "")}, {presses(11, "dialog.continue", "u:1:10:1|")},
		{photo(12, "album", "one"), photo(13, "album", "")}, {says(14, "", "done")}, {says(15, "", "no")},
	},
	"cancelled": {{says(1, "language", "")}, {says(2, "order", "")}, {says(3, "", "drop it")}, {says(4, "cancel", "")}},
	"refused":   {{says(1, "order", ""), says(2, "", "tea"), says(3, "", "3"), says(4, "", "x"), says(5, "", "done"), says(6, "", "yes")}},
}

func says(update int64, command, text string) chat.Event {
	return chat.Event{Bot: 1, Update: update, Chat: 700, Private: true, Kind: chat.Sent, Message: int(update), Command: command,
		Text: text, User: chat.User{ID: 700, Name: "Ann", Language: "en"}}
}

func presses(update int64, action, arg string) chat.Event {
	e := says(update, "", "")
	e.Kind, e.Action, e.Arg = chat.Pressed, action, arg
	return e
}

func edits(update int64, message int, text string) chat.Event {
	e := says(update, "", text)
	e.Kind, e.Message = chat.Edited, message
	return e
}

func photo(update int64, album, caption string) chat.Event {
	e := says(update, "", caption)
	e.Album, e.Files = album, []chat.File{{Kind: chat.Photo, ID: "f"}}
	return e
}

// record plays a conversation to its end and gives its history.
func record(t *testing.T, c client.Client, name string, play [][]chat.Event) *historypb.History {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	queue := "record-" + name
	s := &shop{rival: name == "refused"}
	w := worker.New(c, queue, worker.Options{Interceptors: []interceptor.WorkerInterceptor{policy.Worker()}})
	register(w, s)
	w.RegisterActivity(s)
	w.RegisterActivity(dialogtest.Doubles(t, s.module()))
	require.NoError(t, w.Start())
	defer w.Stop()

	id := dialog.ID(1, 700, 700) + ":" + name + time.Now().Format(":150405")
	var run client.WorkflowRun
	for _, events := range play {
		for _, e := range events {
			var err error
			run, err = c.SignalWithStartWorkflow(ctx, id, dialog.SignalEvent, e,
				client.StartWorkflowOptions{ID: id, TaskQueue: queue}, dialog.WorkflowName, dialog.Input{Bot: 1, Chat: 700, User: 700})
			require.NoError(t, err)
		}
		time.Sleep(2 * time.Second) // a person's pause; albums need one to be told from what follows
	}
	require.NoError(t, run.Get(ctx, nil))

	var history historypb.History
	events := c.GetWorkflowHistory(ctx, id, run.GetRunID(), false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(t, err)
		history.Events = append(history.Events, event)
	}
	return &history
}
