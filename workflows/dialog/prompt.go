package dialog

import (
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"quaydesk/domain/chat"
)

// The buttons of prompts. Their argument is the prompt's outbox key and, after a bar, a value.
const (
	pressAnswer   = "dialog.answer"
	pressBack     = "dialog.back"
	pressCancel   = "dialog.cancel"
	pressContinue = "dialog.continue"
	pressDrop     = "dialog.drop"
)

// ofPrompt tells whether an action is one of those.
func ofPrompt(action string) bool {
	return slices.Contains([]string{pressAnswer, pressBack, pressCancel, pressContinue, pressDrop}, action)
}

const doneValue = "done" // of the button that ends a Collect

// question is what a dialogue waits for.
type question struct {
	kind    questionKind
	step    string
	prompt  chat.Text
	options []Option // forChoice; forWords offers them
	perRow  int      // buttons in a row
	given   int      // forAny: messages taken so far
}

type questionKind int

const (
	forWords questionKind = iota
	forChoice
	forAny
)

// option gives the option with a value, or nil.
func (q *question) option(value string) *Option {
	for i := range q.options {
		if q.options[i].Value == value {
			return &q.options[i]
		}
	}
	return nil
}

// ask sends the question as the prompt that is answered from now on; lead goes before it. The old prompt is closed.
func (c *conversation) ask(q *question, lead ...chat.Text) {
	text := q.prompt
	if q.kind == forAny && q.given > 0 {
		text = chat.T("dialog.added", "Count", q.given)
	}
	if len(lead) > 0 {
		text = chat.Lines(append(lead, chat.Text{}, text)...)
	}
	c.retire()
	key := c.turn.key(c.turn.sent + 1)
	c.send(chat.Outgoing{Message: chat.Message{Text: text, Buttons: q.keyboard(key, c.open.back() >= 0)}})
	c.open.Prompt = key
	c.wait(q)
	c.turn.outcome = c.open.Dialogue + ": asked " + q.step
}

// retire closes the current prompt, unless that was done with an answer below it.
func (c *conversation) retire() {
	c.close(c.open.Prompt, chat.Text{})
	c.retired = c.open.Prompt
}

// wait makes q the question that is answered next.
func (c *conversation) wait(q *question) {
	c.asked = q
	workflow.SetCurrentDetails(c.ctx, c.open.Dialogue+" / "+q.step)
}

func (q *question) keyboard(key string, back bool) [][]chat.Button {
	var rows [][]chat.Button
	options := q.options
	if q.kind == forAny && q.given > 0 {
		options = []Option{{doneValue, chat.T("dialog.done")}}
	}
	for i, o := range options {
		if q.perRow == 0 || i%q.perRow == 0 {
			rows = append(rows, nil)
		}
		last := len(rows) - 1
		rows[last] = append(rows[last], press(pressAnswer, key, o.Value, o.Label))
	}
	var ways []chat.Button
	if back {
		ways = append(ways, press(pressBack, key, "", chat.T("dialog.back")))
	}
	return append(rows, append(ways, press(pressCancel, key, "", chat.T("dialog.cancel"))))
}

func press(action, key, value string, label chat.Text) chat.Button {
	return chat.Button{Label: label, Action: action, Arg: key + "|" + value}
}

// pressed gives the prompt and the value of a press on one of the buttons above.
func pressed(e chat.Event) (key, value string) {
	key, value, _ = strings.Cut(e.Arg, "|")
	return key, value
}

// typed gives the index of the label that a person typed in full, in whatever language, or -1. It is recorded, since
// the catalogue may change before the workflow is replayed.
func (c *conversation) typed(text string, labels ...chat.Text) int {
	const longest = 200 // bytes; no label is longer
	found := -1
	if len(text) > longest || strings.TrimSpace(text) == "" {
		return found
	}
	recorded := workflow.SideEffect(c.ctx, func(workflow.Context) any {
		for i, l := range labels {
			if c.book.words.Same(l, text) {
				return i
			}
		}
		return -1
	})
	if err := recorded.Get(&found); err != nil {
		return -1
	}
	return found
}
