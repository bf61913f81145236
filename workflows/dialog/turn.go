package dialog

import (
	"slices"
	"strconv"

	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/workflows/policy"
)

// turn gathers what is to be written for one cause: an event, or a deadline. All its keys are counted from the cause,
// so that a repeat of the same step makes the same rows.
type turn struct {
	cause    string
	updates  []int64 // not yet noted as handled
	outcome  string
	sent     int             // messages so far
	ops      int             // operations so far
	out      []chat.Outgoing // not yet written
	closings []chat.Outgoing // go last: they tell nothing new
}

// key is the outbox key of the nth message.
func (t *turn) key(n int) string { return t.cause + ":" + strconv.Itoa(n) }

// op makes the key of the next operation. It names the activity or signal, so that an event that is repeated on another
// way never gets the answer of another activity.
func (t *turn) op(name string) string {
	t.ops++
	return t.cause + "/" + strconv.Itoa(t.ops) + ":" + name
}

// flushed gives what is to be written along with the operation that name carries out.
func (t *turn) flushed(in Input, name, outcome string) chat.Turn {
	return chat.Turn{Op: t.op(name), Bot: in.Bot, Updates: t.updates, Chat: in.Chat, User: in.User, Outcome: outcome, Out: t.out}
}

// written forgets what flushed gave.
func (t *turn) written() { t.updates, t.out = nil, nil }

// send says something in this conversation. It gets the next key unless it has one.
func (c *conversation) send(o chat.Outgoing) string {
	if o.Key == "" {
		c.turn.sent++
		o.Key = c.turn.key(c.turn.sent)
	}
	o.Chat, o.Lang = c.in.Chat, c.lang
	c.turn.out = append(c.turn.out, o)
	return o.Key
}

func (c *conversation) say(t chat.Text) { c.send(chat.Outgoing{Message: chat.Message{Text: t}}) }

// close takes the keyboard off the message sent under key and adds the answer, if any, below the question. A message is
// closed once: its key sees to that, and within a turn the first closing counts.
func (c *conversation) close(key string, answer chat.Text) {
	closing := chat.Outgoing{Key: key + ":x", Edits: key, Closes: true, Chat: c.in.Chat, Lang: c.lang}
	same := func(o chat.Outgoing) bool { return o.Key == closing.Key }
	if key == "" || slices.ContainsFunc(c.turn.closings, same) {
		return
	}
	if !answer.Empty() {
		closing.Message.Text = chat.T("dialog.answered", "Answer", answer)
	}
	c.turn.closings = append(c.turn.closings, closing)
}

// flush writes what is left of the turn.
func (c *conversation) flush() error {
	t := &c.turn
	t.out = append(t.out, t.closings...)
	t.closings = nil
	if len(t.out) == 0 && len(t.updates) == 0 {
		return nil
	}
	var r *records.Records
	err := workflow.ExecuteLocalActivity(policy.LocalStore(c.ctx), r.Say, t.flushed(c.in, nameOf(r.Say), t.outcome)).Get(c.ctx, nil)
	t.written()
	return err
}
