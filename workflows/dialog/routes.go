package dialog

import (
	"maps"
	"slices"
	"strings"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
)

// all lists a module's dialogues.
func (m Module) all() []Dialogue {
	var all []Dialogue
	for _, c := range m.Commands {
		all = append(all, c.Dialogue)
	}
	for _, byName := range []map[string]Dialogue{m.Links, m.Actions, m.Replies} {
		for _, name := range slices.Sorted(maps.Keys(byName)) {
			all = append(all, byName[name])
		}
	}
	for _, s := range m.Sights {
		all = append(all, s.Dialogue)
	}
	for _, d := range []*Dialogue{m.Plain, m.Edited} {
		if d != nil {
			all = append(all, *d)
		}
	}
	return all
}

// commanded deals with a command.
func (c *conversation) commanded(h happening) error {
	if h.event.Command == "cancel" && c.open != nil {
		return c.cancel()
	}
	return c.dispatch(h)
}

// dispatch begins what an event leads to.
func (c *conversation) dispatch(h happening) error {
	repeat, err := c.meet(h.event)
	if repeat || err != nil {
		return err
	}
	if dl := c.route(&h.event); dl != nil {
		return c.begin(*dl, h)
	}
	switch {
	case h.event.Kind == chat.Pressed:
		c.stale(h.event)
	case h.event.Kind == chat.Edited:
		c.turn.outcome = "edit of nothing kept"
	case !h.event.Private:
		c.turn.outcome = "not for the bot"
	case h.event.Command != "":
		c.turn.outcome = "unknown command"
		c.say(chat.T("dialog.unknown_command"))
	default:
		c.turn.outcome = "not understood"
		c.say(chat.T("dialog.not_understood"))
	}
	return nil
}

// route finds the dialogue that an event leads to, or nil, and sets the event's argument for it.
func (c *conversation) route(e *chat.Event) *Dialogue {
	switch {
	case e.Kind == chat.Pressed:
		return c.first(func(m Module) *Dialogue { return entry(m.Actions, e.Action) })
	case e.Kind == chat.Edited:
		return c.first(func(m Module) *Dialogue { return m.Edited })
	case e.Command == "start":
		prefix, rest, _ := strings.Cut(strings.TrimSpace(e.Text), "_")
		if dl := c.first(func(m Module) *Dialogue { return entry(m.Links, prefix) }); dl != nil {
			e.Arg = rest
			return dl
		}
		return &greet
	case e.Command != "":
		return c.first(func(m Module) *Dialogue { return m.command(e.Command, c) })
	}
	noun, rest, _ := strings.Cut(e.About, ":")
	if dl := c.first(func(m Module) *Dialogue { return entry(m.Replies, noun) }); dl != nil {
		e.Arg = rest
		return dl
	}
	if !e.Private {
		return nil // people in a group talk to each other
	}
	if dl := c.first(func(m Module) *Dialogue { return m.sight(c.person, e.Text) }); dl != nil {
		return dl
	}
	return c.first(func(m Module) *Dialogue { return m.Plain })
}

func (m Module) sight(p people.Person, text string) *Dialogue {
	for _, s := range m.Sights {
		if s.Sees(p, text) {
			return &s.Dialogue
		}
	}
	return nil
}

// first asks the enabled modules in turn.
func (c *conversation) first(find func(Module) *Dialogue) *Dialogue {
	for _, m := range c.modules {
		if dl := find(m); dl != nil {
			return dl
		}
	}
	return nil
}

func entry(dialogues map[string]Dialogue, key string) *Dialogue {
	if dl, ok := dialogues[key]; ok {
		return &dl
	}
	return nil
}

func (m Module) command(name string, c *conversation) *Dialogue {
	for _, cmd := range m.Commands {
		if cmd.Name == name && cmd.allowed(c) {
			return &cmd.Dialogue
		}
	}
	return nil
}

func (cmd Command) allowed(c *conversation) bool { return cmd.For == nil || cmd.For(c.person.Role) }

// begin starts a dialogue. What is short is done at once; else an open dialogue goes first, and a draft is offered.
func (c *conversation) begin(dl Dialogue, h happening) error {
	open := &Open{Dialogue: dl.Name, Start: h.event, Pieces: h.pieces, Person: c.person}
	switch {
	case dl.Short:
		out := c.play(dl, open)
		if out.failed != nil {
			return out.failed
		}
		c.ended(dl.Name, out.err)
		return nil
	case c.open != nil:
		c.interrupt(h)
		return nil
	case slices.Contains(c.drafts, open.draftName()):
		open.Dialogue, open.Draft = draftDialogue, open.draftName()
	}
	c.open = open
	return c.proceed()
}

// aside tells whether a reply was dealt with as a short dialogue of its own beside the open one.
func (c *conversation) aside(h happening) (bool, error) {
	repeat, err := c.meet(h.event)
	if repeat || err != nil {
		return repeat, err
	}
	noun, _, _ := strings.Cut(h.event.About, ":")
	dl := c.first(func(m Module) *Dialogue { return entry(m.Replies, noun) })
	if dl == nil || !dl.Short {
		return false, nil
	}
	return true, c.dispatch(h)
}

// interrupt asks whether to drop the open dialogue for what an event leads to.
func (c *conversation) interrupt(h happening) {
	c.unask()
	key := c.turn.key(c.turn.sent + 1)
	c.open.Waiting = &Waiting{Event: h.event, Pieces: h.pieces, Prompt: key}
	c.turn.outcome = c.open.Dialogue + ": asked whether to drop it"
	c.send(chat.Outgoing{Message: chat.Message{Text: chat.T("dialog.interrupt"), Buttons: [][]chat.Button{
		{press(pressContinue, key, "", chat.T("dialog.continue"))},
		{press(pressDrop, key, "", c.dropLabel())},
	}}})
}

func (c *conversation) dropLabel() chat.Text {
	if command := c.open.Waiting.Event.Command; command != "" {
		return chat.T("dialog.drop_for", "Command", "/"+command)
	}
	return chat.T("dialog.drop")
}

// unask takes the question back whether to drop the open dialogue, if it was asked.
func (c *conversation) unask() {
	if c.open.Waiting != nil {
		c.close(c.open.Waiting.Prompt, chat.Text{})
		c.open.Waiting = nil
	}
}

// resume goes on with the open dialogue.
func (c *conversation) resume() error {
	c.close(c.open.Waiting.Prompt, chat.T("dialog.continue"))
	c.unask()
	c.ask(c.asked)
	return nil
}

// drop gives the open dialogue up for what waits.
func (c *conversation) drop() error {
	w := *c.open.Waiting
	c.close(w.Prompt, c.dropLabel())
	c.leave()
	return c.dispatch(happening{event: w.Event, pieces: w.Pieces})
}
