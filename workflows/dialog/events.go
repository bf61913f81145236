package dialog

import (
	"slices"
	"strconv"

	"quaydesk/domain/chat"
)

// sent deals with a message that is no command.
func (c *conversation) sent(h happening) error {
	if c.open == nil {
		return c.dispatch(h)
	}
	if h.event.About != "" {
		if short, err := c.aside(h); short || err != nil {
			return err
		}
	}
	if c.open.Waiting != nil {
		switch c.typed(h.event.Text, chat.T("dialog.continue"), chat.T("dialog.drop"), c.dropLabel()) {
		case 0:
			return c.resume()
		case 1, 2:
			return c.drop()
		}
		c.unask()
	}
	return c.answered(h)
}

// answered takes a message for the answer to the current question.
func (c *conversation) answered(h happening) error {
	e, q := h.event, c.asked
	words := !blank(e) && len(e.Files) == 0
	if words && (q.kind != forWords || len(q.options) > 0) {
		if taken, err := c.chosen(e.Text); taken || err != nil {
			return err
		}
	}
	switch {
	case q.kind == forWords && words:
		return c.answer(Entry{Kind: answered, Step: q.step, Value: e.Text, Message: e.Message}, chat.Text{})
	case q.kind == forWords:
		return c.refuse("dialog.want_text")
	case q.kind == forChoice:
		return c.refuse("dialog.want_button")
	case words || len(e.Files) > 0:
		if !c.collect(q, h.pieces) {
			return c.refuse("dialog.enough")
		}
		return c.proceed()
	default:
		return c.refuse("dialog.want_any")
	}
}

// collect takes pieces for a question that asks for anything, unless they are too much.
func (c *conversation) collect(q *question, pieces []Piece) bool {
	n := len(c.open.Log)
	for _, p := range pieces {
		c.open.Log = append(c.open.Log, Entry{Kind: piece, Step: q.step, Piece: &p})
	}
	if c.open.full(q.step) {
		c.open.Log = c.open.Log[:n]
		return false
	}
	return true
}

// chosen takes words for a press when they are what stands on a button of the current prompt.
func (c *conversation) chosen(text string) (taken bool, err error) {
	q := c.asked
	var options []Option
	if q.kind != forAny {
		options = slices.Clone(q.options)
	} else if q.given > 0 {
		options = []Option{{doneValue, chat.T("dialog.done")}}
	} else {
		return false, nil // nothing to end yet, and any words are welcome
	}
	var labels []chat.Text
	for _, o := range options {
		labels = append(labels, o.Label)
	}
	if q.kind != forAny {
		labels = append(labels, chat.T("dialog.back"), chat.T("dialog.cancel"))
	}
	i := c.typed(text, labels...)
	switch {
	case i < 0:
		return false, nil
	case i < len(options):
		return true, c.answer(Entry{Kind: answered, Step: q.step, Value: options[i].Value}, options[i].Label)
	case i == len(options):
		return true, c.back()
	default:
		return true, c.cancel()
	}
}

// answer tries an answer to the current question; shown is what to add below it.
func (c *conversation) answer(e Entry, shown chat.Text) error {
	n := len(c.open.Log)
	c.open.Log = append(c.open.Log, e)
	out := c.play(c.book.dialogues[c.open.Dialogue], c.open)
	if out.refused != nil && out.at == n {
		c.open.Log = c.open.Log[:n]
		c.say(*out.refused)
		c.turn.outcome = c.open.Dialogue + ": refused " + e.Step
		return nil
	}
	c.close(c.open.Prompt, shown)
	return c.settle(out)
}

// refuse says what is wanted instead; the step stays.
func (c *conversation) refuse(key string) error {
	c.say(chat.T(key))
	c.turn.outcome = c.open.Dialogue + ": wrong kind for " + c.asked.step
	return nil
}

// press deals with a button.
func (c *conversation) press(h happening) error {
	e := h.event
	key, value := pressed(e)
	current := c.open != nil && key == c.open.Prompt
	waiting := c.open != nil && c.open.Waiting != nil && key == c.open.Waiting.Prompt
	switch {
	case e.Action == pressContinue && waiting:
		return c.resume()
	case e.Action == pressDrop && waiting:
		return c.drop()
	case e.Action == pressBack && current && c.open.back() >= 0:
		return c.back()
	case e.Action == pressCancel && current:
		return c.cancel()
	case e.Action == pressAnswer && current && c.asked.kind == forAny && c.asked.given > 0 && value == doneValue:
		c.unask()
		return c.answer(Entry{Kind: answered, Step: c.asked.step}, chat.Text{})
	case e.Action == pressAnswer && current && c.asked.option(value) != nil:
		c.unask()
		return c.answer(Entry{Kind: answered, Step: c.asked.step, Value: value}, c.asked.option(value).Label)
	case e.Action == "" || ofPrompt(e.Action):
		c.stale(e)
		return nil
	}
	return c.dispatch(h)
}

// stale deals with a press that means nothing by now: a word at most once for each message, and its keyboard goes.
func (c *conversation) stale(e chat.Event) {
	c.turn.outcome = "stale press"
	if ofPrompt(e.Action) {
		key, _ := pressed(e)
		if key == c.retired {
			return // pressed twice in a hurry
		}
		if c.in.Chat == c.in.User { // in a group it may be the prompt of somebody else
			c.close(key, chat.Text{})
		}
	}
	c.send(chat.Outgoing{
		Key:     "stale:" + strconv.FormatInt(e.Chat, 10) + ":" + strconv.Itoa(e.Message),
		Message: chat.Message{Text: chat.T("dialog.stale")},
	})
}

// back drops the last answer.
func (c *conversation) back() error {
	c.unask()
	i := c.open.back()
	if i < 0 {
		return c.refuse("dialog.want_button")
	}
	c.open.Log = c.open.Log[:i]
	return c.proceed()
}

// cancel drops the open dialogue.
func (c *conversation) cancel() error {
	c.turn.outcome = c.open.Dialogue + ": cancelled"
	c.leave()
	c.say(chat.T("dialog.cancelled"))
	return nil
}

// edited deals with an edited message: another answer where it was one, else the modules' business.
func (c *conversation) edited(h happening) error {
	e := h.event
	if c.open != nil {
		if i := c.open.in(e.Message); i >= 0 {
			return c.replace(i, e)
		}
		if i := slices.IndexFunc(c.open.Pieces, func(p Piece) bool { return p.Message == e.Message }); i >= 0 && c.open.free() == 0 &&
			c.open.Start.Kind == chat.Sent {
			c.open.Pieces[i] = edit(c.open.Pieces[i], e)
			whole := collected(c.open.Pieces)
			c.open.Start.Text, c.open.Start.Files = whole.Text, whole.Files
			return c.proceed(chat.T("dialog.changed"))
		}
	}
	return c.dispatch(h)
}

// replace puts an edited answer in the place of what it was. One that does not parse changes nothing.
func (c *conversation) replace(i int, e chat.Event) error {
	before := slices.Clone(c.open.Log)
	entry := &c.open.Log[i]
	refuse := func(reason chat.Text) error {
		c.open.Log = before
		c.say(chat.Lines(reason, chat.T("dialog.kept")))
		c.turn.outcome = c.open.Dialogue + ": edit refused"
		return nil
	}
	switch {
	case entry.Kind == piece:
		p := edit(*entry.Piece, e)
		entry.Piece = &p
		if c.open.full(entry.Step) {
			return refuse(chat.T("dialog.too_long"))
		}
	case blank(e) || len(e.Files) > 0:
		return refuse(chat.T("dialog.want_text"))
	default:
		entry.Value = e.Text
	}
	out := c.play(c.book.dialogues[c.open.Dialogue], c.open)
	if out.refused != nil && out.at == i {
		return refuse(*out.refused)
	}
	c.unask()
	return c.settle(out, chat.T("dialog.changed"))
}

// edit gives a piece with the content of its message's edit.
func edit(p Piece, e chat.Event) Piece {
	p.Text = e.Text
	if len(e.Files) > 0 {
		p.Files = e.Files
	}
	return p
}
