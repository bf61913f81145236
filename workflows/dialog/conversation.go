package dialog

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/workflows/policy"
)

const (
	reminderAfter = 30 * time.Minute // of silence in an open dialogue
	expiryAfter   = 24 * time.Hour
)

// conversation is the state of one run of the workflow.
type conversation struct {
	ctx   workflow.Context
	book  *Book
	in    Input
	inbox inbox
	turn  turn

	met     string // cause of the latest meeting
	person  people.Person
	lang    string
	modules []Module // enabled for the bot
	drafts  []string

	open    *Open
	asked   *question    // of the open dialogue
	retired string       // the prompt before the current one
	then    func() error // what follows the dialogue that has just ended
}

// Conversation is the workflow of one person in one chat. It lives while a dialogue is open or events wait.
func (b *Book) Conversation(ctx workflow.Context, in Input) error {
	c := &conversation{ctx: ctx, book: b, in: in, open: in.Open}
	c.inbox = inbox{ctx: ctx, events: workflow.GetSignalChannel(ctx, SignalEvent), seen: in.Seen}
	c.in.Open, c.in.Seen = nil, nil
	if err := workflow.SetQueryHandler(ctx, QueryStep, func() (Where, error) { return c.where(), nil }); err != nil {
		return err
	}
	if err := c.recall(); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if e, ok := c.inbox.take(); ok {
			if err := c.handle(c.inbox.gather(e)); err != nil {
				return err
			}
			continue
		}
		if c.open == nil {
			return nil
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			next := in
			c.open.Retired = c.retired
			next.Open, next.Seen = c.open, c.inbox.seen
			return workflow.NewContinueAsNewError(ctx, WorkflowName, next)
		}
		if due := c.due(); workflow.Now(ctx).Before(due) {
			c.inbox.wait(due)
		} else if err := c.overdue(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (c *conversation) where() Where {
	if c.open == nil || c.asked == nil {
		return Where{}
	}
	return Where{Dialogue: c.open.Dialogue, Step: c.asked.step}
}

// recall finds out what question the dialogue that came along from the run before is at.
func (c *conversation) recall() error {
	if c.open == nil {
		return nil
	}
	c.person, c.lang, c.retired = c.open.Person, c.open.Person.Lang, c.open.Retired
	c.turn = turn{cause: c.open.Cause + ":again"}
	out := c.play(c.book.dialogues[c.open.Dialogue], c.open)
	if out.question != nil {
		c.wait(out.question)
		return c.flush()
	}
	return c.settleAndFlush(out)
}

// handle deals with one event, to its end.
func (c *conversation) handle(h happening) error {
	e := h.event
	c.turn = turn{cause: e.Cause(), updates: h.updates}
	if c.open == nil {
		repeat, err := c.meet(e)
		if repeat || err != nil {
			return err
		}
	}
	err := c.react(h)
	for err == nil && c.then != nil {
		then := c.then
		c.then = nil
		err = then()
	}
	if err != nil {
		return err
	}
	if c.open != nil {
		c.open.Blocked = e.Kind == chat.Blocked
		if e.Kind != chat.Unblocked {
			now := workflow.Now(c.ctx)
			c.open.Cause, c.open.Last, c.open.Reminded = e.Cause(), &now, false
		}
	}
	return c.flush()
}

func (c *conversation) react(h happening) error {
	switch h.event.Kind {
	case chat.Blocked, chat.Unblocked:
		c.turn.outcome = string(h.event.Kind)
		return nil
	case chat.Edited:
		return c.edited(h)
	case chat.Pressed:
		return c.press(h)
	case chat.Sent:
		if h.event.Command != "" {
			return c.commanded(h)
		}
		return c.sent(h)
	}
	c.turn.outcome = "unknown kind of event"
	return nil
}

// meet looks up who writes and what the bot can talk about; it tells whether an earlier run has dealt with the event.
func (c *conversation) meet(e chat.Event) (repeat bool, err error) {
	if c.met == c.turn.cause {
		return false, nil
	}
	var r *records.Records
	var m records.Opened
	in := records.Opening{Event: e, Run: workflow.GetInfo(c.ctx).FirstRunID}
	if err := workflow.ExecuteLocalActivity(policy.LocalStore(c.ctx), r.OpenChat, in).Get(c.ctx, &m); err != nil {
		return false, err
	}
	c.met = c.turn.cause
	c.person, c.lang, c.drafts, c.modules = m.Person, m.Person.Lang, m.Drafts, nil
	for _, module := range c.book.modules {
		if module.Always || slices.Contains(m.Modules, module.Name) {
			c.modules = append(c.modules, module)
		}
	}
	return m.Repeat, nil
}

// outcome is how a run of a dialogue went: exactly one of the first three is set, or it came to its end with err.
type outcome struct {
	question *question
	refused  *chat.Text // the recorded answer at does not parse, for this reason
	failed   error      // ours, not the dialogue's: the workflow ends with it
	at       int
	err      error
}

var errAsks = errors.New("a short dialogue asks")

// play runs a dialogue from the top with its recorded answers.
func (c *conversation) play(dl Dialogue, open *Open) (out outcome) {
	if dl.Run == nil {
		return outcome{err: errors.New("the dialogue is no longer there")}
	}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case unwind:
			out = p.outcome
		default:
			panic(p)
		}
	}()
	return outcome{err: dl.Run(&D{c: c, open: open, brief: dl.Short})}
}

// proceed runs the open dialogue to its next question or its end; lead goes before the question.
func (c *conversation) proceed(lead ...chat.Text) error {
	return c.settle(c.play(c.book.dialogues[c.open.Dialogue], c.open), lead...)
}

func (c *conversation) settle(out outcome, lead ...chat.Text) error {
	switch {
	case out.failed != nil:
		return out.failed
	case out.refused != nil: // it used to parse: an earlier answer was edited, or the rules are others by now
		c.say(*out.refused)
		c.open.Log = c.open.Log[:out.at]
		return c.proceed(lead...)
	case out.question != nil:
		c.ask(out.question, lead...)
		return nil
	}
	name := c.open.Dialogue
	c.leave()
	c.ended(name, out.err)
	return nil
}

func (c *conversation) settleAndFlush(out outcome) error {
	if err := c.settle(out); err != nil {
		return err
	}
	return c.flush()
}

// ended tells why a dialogue came to its end, unless it came there as it should.
func (c *conversation) ended(name string, err error) {
	c.turn.outcome = name + ": done"
	if err == nil {
		return
	}
	if f := fault.As(err); f != nil {
		c.turn.outcome = name + ": " + string(f.Kind)
		c.say(f.Text)
		return
	}
	c.turn.outcome = name + ": failed"
	workflow.GetLogger(c.ctx).Error("A dialogue failed", "dialogue", name, "error", err)
	c.say(chat.T("dialog.failed"))
}

// leave puts the open dialogue away, and its keyboards with it.
func (c *conversation) leave() {
	c.unask()
	c.retire()
	c.open, c.asked = nil, nil
	workflow.SetCurrentDetails(c.ctx, "")
}

// due is when the person is reminded, or after that given up.
func (c *conversation) due() time.Time {
	if c.open.Reminded {
		return c.open.Last.Add(expiryAfter)
	}
	return c.open.Last.Add(reminderAfter)
}

func (c *conversation) overdue() error {
	if c.open.Reminded {
		return c.expire()
	}
	c.open.Reminded = true
	if c.open.Blocked {
		return nil
	}
	c.turn = turn{cause: c.open.Cause + ":remind"}
	c.unask()
	c.ask(c.asked, chat.T("dialog.still_there"))
	return c.flush()
}

// expire gives up waiting and keeps what was answered as a draft.
func (c *conversation) expire() error {
	c.turn = turn{cause: c.open.Cause + ":expire"}
	blocked, draft := c.open.Blocked, c.open.draft()
	c.leave()
	word := chat.T("dialog.expired")
	if draft != nil {
		word = chat.T("dialog.draft_kept")
	}
	if !blocked {
		c.say(word)
	}
	if draft != nil {
		if err := c.keep(draft); err != nil {
			return err
		}
	}
	return c.flush()
}
