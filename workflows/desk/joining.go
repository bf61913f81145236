package desk

import (
	"quaydesk/domain/chat"
	"quaydesk/domain/ticket"
	"quaydesk/workflows/dialog"
)

// invite is /invite: the records send the link, so that its code is nowhere else.
var invite = dialog.Dialogue{Name: "desk.invite", Short: true, Run: func(d *dialog.D) error {
	_, err := dialog.Do(d, act.InviteAgent, struct{}{})
	return err
}}

// join takes the role that an invite's link offers.
var join = dialog.Dialogue{Name: "desk.join", Short: true, Run: func(d *dialog.D) error {
	accepted, err := dialog.Do(d, act.AcceptInvite, d.Event().Arg)
	if err != nil {
		return err
	}
	text := chat.T("people.welcome_agent", "Name", d.Person().Name)
	if accepted.Already {
		text = chat.T("people.already_" + string(accepted.Role))
	}
	d.Send(chat.Message{Text: text, Buttons: [][]chat.Button{
		{button("desk.button.queue", ticket.ActQueue), button("dialog.button_language", dialog.ActLanguage)},
	}})
	return nil
}}
