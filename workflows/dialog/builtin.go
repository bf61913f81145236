package dialog

import (
	"encoding/json"
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/workflows/policy"
)

const (
	builtinName   = "dialog"
	draftDialogue = "dialog.draft"
)

// ActLanguage is the action of a button that asks for the language.
const ActLanguage = "dialog.language"

// builtin is what every bot understands. /cancel is here for when there is nothing to cancel.
func builtin() Module {
	cmd := func(name string, help chat.Text, short bool, run func(*D) error) Command {
		return Command{Name: name, Help: help, Dialogue: Dialogue{Name: builtinName + "." + name, Short: short, Run: run}}
	}
	language := cmd("language", chat.T("dialog.help_language"), false, chooseLanguage)
	return Module{Name: builtinName, Always: true, Actions: map[string]Dialogue{ActLanguage: language.Dialogue}, Commands: []Command{
		cmd("cancel", chat.T("dialog.help_cancel"), true, func(d *D) error {
			d.Say(chat.T("dialog.nothing_to_cancel"))
			return nil
		}),
		language,
		cmd("help", chat.T("dialog.help_help"), true, help),
	}}
}

// greet answers /start with what the modules offer whoever writes, and the language.
var greet = Dialogue{Name: builtinName + ".greet", Short: true, Run: func(d *D) error {
	texts, _ := d.menus(d.Person())
	if len(texts) == 0 {
		return help(d)
	}
	d.Welcome(chat.Lines(texts...), d.Person())
	return nil
}}

// menus are what the modules offer a person.
func (d *D) menus(p people.Person) (texts []chat.Text, rows [][]chat.Button) {
	for _, m := range d.c.modules {
		if m.Menu == nil {
			continue
		}
		if menu := m.Menu(p); !menu.Text.Empty() {
			if len(texts) > 0 {
				texts = append(texts, chat.Text{})
			}
			texts, rows = append(texts, menu.Text), append(rows, menu.Buttons...)
		}
	}
	return texts, rows
}

// Welcome says something with the buttons of all that the modules offer p, and the language: who talks, as they are by
// now.
func (d *D) Welcome(t chat.Text, p people.Person) {
	_, rows := d.menus(p)
	language := chat.Button{Label: chat.T("dialog.button_language"), Action: ActLanguage}
	d.Send(chat.Message{Text: t, Buttons: append(rows, []chat.Button{language})})
}

func help(d *D) error {
	lines := []chat.Text{chat.T("dialog.help")}
	for _, m := range slices.Concat(d.c.modules[1:], d.c.modules[:1]) {
		for _, cmd := range m.Commands {
			if cmd.allowed(d.c) {
				lines = append(lines, chat.T("dialog.help_line", "Command", cmd.Name, "Help", cmd.Help))
			}
		}
	}
	d.Say(chat.Lines(lines...))
	return nil
}

func chooseLanguage(d *D) error {
	lang := d.Choose("language", chat.T("dialog.language"), []Option{
		{"en", chat.Plain("English")}, {"ru", chat.Plain("Русский")}})
	var r *records.Records
	_, err := Do(d, r.SetLanguage, records.LanguageChoice{Workspace: d.Person().Workspace, Person: d.Person().ID, Lang: lang})
	if err != nil {
		return err
	}
	d.c.lang = lang
	d.Say(chat.T("dialog.language_set"))
	return nil
}

// offerDraft asks whether to go on with the draft of the dialogue that was meant, which follows in either case.
func offerDraft(d *D) error {
	choice := d.Choose("draft", chat.T("dialog.draft_found"), []Option{
		{"continue", chat.T("dialog.draft_continue")}, {"anew", chat.T("dialog.draft_anew")}})
	var r *records.Records
	draft, err := Do(d, r.TakeDraft, d.open.Draft)
	if err != nil {
		return err
	}
	meant, _, _ := strings.Cut(d.open.Draft, ":")
	open := &Open{Dialogue: meant, Start: d.open.Start, Pieces: d.open.Pieces, Person: d.open.Person}
	var kept *Open
	if choice == "continue" && json.Unmarshal(draft.Answers, &kept) == nil && kept != nil {
		open.Start, open.Pieces, open.Log = kept.Start, kept.Pieces, kept.Log
	}
	more := choice == "continue" && kept != nil && d.open.Start.Kind == chat.Sent && (d.open.Start.Text != "" || len(d.open.Start.Files) > 0)
	d.c.then = func() error {
		d.c.open = open
		if more {
			return d.c.proceedWith(d.open.Pieces)
		}
		return d.c.proceed()
	}
	return nil
}

// proceedWith is proceed with words that came with the command again: they are added if that is what is asked for, else
// the person is told that they are not.
func (c *conversation) proceedWith(pieces []Piece) error {
	out := c.play(c.book.dialogues[c.open.Dialogue], c.open)
	if q := out.question; q != nil && q.kind == forAny && c.collect(q, pieces) {
		return c.proceed()
	}
	return c.settle(out, chat.T("dialog.left_out"))
}

// keep saves a draft.
func (c *conversation) keep(o *Open) error {
	answers, err := json.Marshal(o)
	if err != nil {
		return err
	}
	var r *records.Records
	in := records.Draft{Dialogue: o.draftName(), Answers: answers}
	err = workflow.ExecuteLocalActivity(policy.LocalStore(c.ctx), r.SaveDraft, c.turn.flushed(c.in, nameOf(r.SaveDraft), ""), in).Get(c.ctx, nil)
	c.turn.written()
	return err
}
