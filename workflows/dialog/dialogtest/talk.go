// Package dialogtest lets tests of dialogues read like the talk itself:
//
//	talk.Says("/new")
//	talk.Hears("What is it about?").Offers("Access", "Payment", "Cancel")
//	talk.Presses("Payment")
//	talk.Hears("What happened?")
//	talk.After(31 * time.Minute)
//	talk.Hears("Still there?")
//
// The conversation is the real one, in Temporal's test environment with skipping time; texts are the real catalogue's.
// Only the records are doubles. Whatever the bot says has to be heard before the person acts again.
package dialogtest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/texts"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/policy"
)

// Setup is who talks to what.
type Setup struct {
	Modules    []dialog.Module
	Activities []any       // doubles of the modules' own activities; what their turns say is heard
	Lang       string      // "en" unless set
	Role       people.Role // people.Client unless set
	Group      bool        // in a group, not in private
}

// Talk is one person's chat with a bot.
type Talk struct {
	t     testing.TB
	setup Setup
	words *texts.Catalogue
	now   time.Time

	records *records
	bubbles []*Bubble // what the bot sent, in order
	heard   int       // of bubbles
	keys    []string  // of all rows so far
	update  int64
	message int

	run      int // number of the run
	chain    int // number of the run that this one continues, as new
	running  bool
	commands chan command
	ready    chan struct{}
	ended    chan end
	long     bool // the next runs are told to continue as new
}

// command is what the test lets the environment do while its clock stands still.
type command struct {
	do   func(*testsuite.TestWorkflowEnvironment)
	then time.Duration // how long the clock goes on afterwards
}

// end is how and when a run ended.
type end struct {
	err error
	at  time.Time
}

const (
	bot  = 1
	user = 700
)

// New begins a talk. It ends with the test.
func New(t testing.TB, s Setup) *Talk {
	if s.Lang == "" {
		s.Lang = "en"
	}
	if s.Role == "" {
		s.Role = people.Client
	}
	talk := &Talk{
		t: t, setup: s, words: texts.New(), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), update: 100,
		commands: make(chan command), ready: make(chan struct{}), ended: make(chan end, 1),
	}
	talk.records = newRecords(talk)
	t.Cleanup(talk.stop)
	return talk
}

// Says sends a text or, when it begins with a slash, a command.
func (k *Talk) Says(text string) int { return k.Sends(k.Event(text)) }

// Event is a message with a text, for Sends to be changed.
func (k *Talk) Event(text string) chat.Event {
	e := k.event(chat.Sent)
	e.Text = text
	if command, ok := strings.CutPrefix(text, "/"); ok {
		e.Command, e.Text, _ = strings.Cut(command, " ")
	}
	return e
}

// Shows sends a file with a caption.
func (k *Talk) Shows(kind chat.FileKind, caption string) int {
	e := k.event(chat.Sent)
	e.Text, e.Files = caption, []chat.File{{Kind: kind, ID: fmt.Sprintf("file-%d", e.Update)}}
	return k.Sends(e)
}

// ShowsAlbum sends n photos as one album, the first with a caption.
func (k *Talk) ShowsAlbum(n int, caption string) []int {
	var events []chat.Event
	var ids []int
	for i := range n {
		e := k.event(chat.Sent)
		e.Album, e.Files = fmt.Sprintf("album-%d", k.update-int64(i)), []chat.File{{Kind: chat.Photo, ID: fmt.Sprintf("file-%d", e.Update)}}
		if i == 0 {
			e.Text = caption
		}
		events, ids = append(events, e), append(ids, e.Message)
	}
	k.Send(events...)
	return ids
}

// Edits changes the text of an earlier message.
func (k *Talk) Edits(message int, text string) {
	e := k.event(chat.Edited)
	e.Message, e.Text = message, text
	k.Sends(e)
}

// Does sends an event without content: Blocked, Unblocked.
func (k *Talk) Does(kind chat.Kind) { k.Sends(k.event(kind)) }

// Presses presses the button with a label, on the latest message that has it now.
func (k *Talk) Presses(label string) {
	k.t.Helper()
	for i := len(k.bubbles) - 1; i >= 0; i-- {
		for _, b := range k.bubbles[i].buttons {
			if k.bubbles[i].same(b, label) {
				k.press(k.bubbles[i], b)
				return
			}
		}
	}
	k.t.Fatalf("no message has a button %q", label)
}

// PressesNth presses the nth button that a message had when it was sent, whether or not it is still there.
func (k *Talk) PressesNth(b *Bubble, n int) {
	k.t.Helper()
	k.press(b, b.first[n])
}

// PressesOld presses a button that a message had when it was sent, whether or not it is still there.
func (k *Talk) PressesOld(b *Bubble, label string) {
	k.t.Helper()
	for _, button := range b.first {
		if b.same(button, label) {
			k.press(b, button)
			return
		}
	}
	k.t.Fatalf("the message never had a button %q", label)
}

func (k *Talk) press(b *Bubble, button chat.Button) {
	k.t.Helper()
	e := k.event(chat.Pressed)
	e.Message, e.Action, e.Arg = b.Message, button.Action, button.Arg
	k.Sends(e)
}

// PressesUnknown presses a button of which nothing is known: stale, foreign or made up.
func (k *Talk) PressesUnknown(message int) {
	k.t.Helper()
	e := k.event(chat.Pressed)
	e.Message = message
	k.Sends(e)
}

// Sends sends an event and gives its message id.
func (k *Talk) Sends(e chat.Event) int {
	k.t.Helper()
	k.Send(e)
	return e.Message
}

// Send sends events so fast that the conversation finds all of them at once.
func (k *Talk) Send(events ...chat.Event) {
	k.t.Helper()
	k.Silence()
	k.do(command{then: 2 * time.Second, do: func(env *testsuite.TestWorkflowEnvironment) {
		for _, e := range events {
			env.SignalWorkflow(dialog.SignalEvent, e)
		}
	}}, true)
}

// After lets time pass.
func (k *Talk) After(d time.Duration) {
	k.t.Helper()
	k.Silence()
	k.do(command{then: d, do: func(*testsuite.TestWorkflowEnvironment) {}}, false)
}

// Hears is the next thing the bot said, which has to contain the words, markup aside.
func (k *Talk) Hears(words string) *Bubble {
	k.t.Helper()
	require.Less(k.t, k.heard, len(k.bubbles), "nothing more was said; expected %q", words)
	b := k.bubbles[k.heard]
	k.heard++
	require.Contains(k.t, b.Text(), words)
	return b
}

// Listen hears whatever was said, and gives all messages of the chat as they stand by now.
func (k *Talk) Listen() []*Bubble {
	k.heard = len(k.bubbles)
	return k.bubbles
}

// Silence makes sure that nothing more was said.
func (k *Talk) Silence() {
	k.t.Helper()
	if k.heard < len(k.bubbles) {
		k.t.Fatalf("said, and not heard: %q", k.bubbles[k.heard].Text())
	}
}

// At makes sure of the open dialogue and its current step; both are empty when none is open.
func (k *Talk) At(dialogue, step string) {
	k.t.Helper()
	var where dialog.Where
	if k.running {
		var got converter.EncodedValue
		var err error
		k.do(command{do: func(env *testsuite.TestWorkflowEnvironment) { got, err = env.QueryWorkflow(dialog.QueryStep) }}, false)
		require.NoError(k.t, err)
		require.NoError(k.t, got.Get(&where))
	}
	require.Equal(k.t, dialog.Where{Dialogue: dialogue, Step: step}, where)
}

// ContinuesAsNew makes the conversation continue as new at its next event.
func (k *Talk) ContinuesAsNew() { k.long = true }

// Outcome is what the journal holds of the latest event.
func (k *Talk) Outcome() string { return k.records.outcomes[k.update] }

// Signals lists the signals sent to long-lived workflows, as "<workflow> <id> <signal>".
func (k *Talk) Signals() []string { return k.records.signals }

// Drafts lists the dialogues of which there is a draft.
func (k *Talk) Drafts() []string { return k.records.names() }

// Keys lists the outbox keys used so far.
func (k *Talk) Keys() []string { return k.keys }

// Runs counts the runs of the conversation so far.
func (k *Talk) Runs() int { return k.run }

// Now is the time in the talk.
func (k *Talk) Now() time.Time { return k.now }

func (k *Talk) event(kind chat.Kind) chat.Event {
	k.update++
	k.message++
	return chat.Event{
		Bot: bot, Update: k.update, Chat: k.chat(), Private: !k.setup.Group, Kind: kind, At: k.now, Message: k.message,
		User: chat.User{ID: user, Name: "Ann", Language: k.setup.Lang},
	}
}

func (k *Talk) chat() int64 {
	if k.setup.Group {
		return -user
	}
	return user
}

// do runs a command in the conversation and waits until all that follows from it is done. When the conversation does not
// run, it is started for the command, or else only the clock goes on.
func (k *Talk) do(c command, start bool) {
	k.t.Helper()
	k.now = k.now.Add(c.then)
	switch {
	case k.running:
		k.commands <- c
	case start:
		k.chain = k.run + 1
		k.start(dialog.Input{Bot: bot, Chat: k.chat(), User: user}, k.now.Add(-c.then), c)
	default:
		return
	}
	k.await()
}

func (k *Talk) await() {
	k.t.Helper()
	for k.running {
		select {
		case <-k.ready:
			return
		case end := <-k.ended:
			k.running = false
			var next *workflow.ContinueAsNewError
			if !errors.As(end.err, &next) {
				require.NoError(k.t, end.err)
				continue
			}
			k.long = false
			var in dialog.Input
			require.NoError(k.t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))
			rest := max(k.now.Sub(end.at), time.Millisecond)
			k.start(in, end.at, command{do: func(*testsuite.TestWorkflowEnvironment) {}, then: rest})
		}
	}
}

// start runs the conversation in an environment of its own from a time on; its first command comes with the start.
func (k *Talk) start(in dialog.Input, at time.Time, first command) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(time.Minute)
	env.SetStartTime(at)
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{policy.Worker(), &ears{talk: k}}})
	env.RegisterWorkflowWithOptions(dialog.New(k.words, k.setup.Modules...).Conversation,
		workflow.RegisterOptions{Name: dialog.WorkflowName})
	env.RegisterActivity(k.records)
	for _, a := range k.setup.Activities {
		env.RegisterActivity(a)
	}
	k.run++
	k.running = true

	var step func(command)
	tick := func() {
		k.ready <- struct{}{}
		step(<-k.commands)
	}
	step = func(c command) {
		c.do(env)
		long := k.long
		env.RegisterDelayedCallback(func() { env.SetContinueAsNewSuggested(long) }, 0) // not before the events are there
		env.RegisterDelayedCallback(tick, c.then)
	}
	env.RegisterDelayedCallback(func() { step(first) }, 0)
	go func() {
		env.ExecuteWorkflow(dialog.WorkflowName, in)
		k.ended <- end{env.GetWorkflowError(), env.Now()}
	}()
}

// stop ends a conversation that still runs.
func (k *Talk) stop() {
	for k.running {
		select {
		case k.commands <- command{then: time.Hour, do: func(env *testsuite.TestWorkflowEnvironment) { env.CancelWorkflow() }}:
		case <-k.ready:
		case <-k.ended:
			k.running = false
		}
	}
}

type quiet struct{}

func (quiet) Debug(string, ...any)     {}
func (quiet) Info(string, ...any)      {}
func (quiet) Warn(string, ...any)      {}
func (quiet) Error(string, ...any)     {}
func (q quiet) With(...any) log.Logger { return q }
