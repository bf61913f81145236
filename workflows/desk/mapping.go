package desk

import (
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/workflows/dialog"
)

// nobodyThere is the answer of who is not on the board.
const nobodyThere = "-"

// boardCommand is /board: staff say which of the people on the board they are.
var boardCommand = dialog.Command{Name: "board", Help: chat.T("board.help"), For: people.Role.Staff, Dialogue: dialog.Dialogue{
	Name: "desk.board", Run: func(d *dialog.D) error {
		there, err := dialog.Do(d, act.Collaborators, struct{}{})
		if err != nil {
			return err
		}
		var options []dialog.Option
		for _, c := range there {
			options = append(options, dialog.Option{Value: c.UID, Label: chat.Plain(c.Name)})
		}
		options = append(options, dialog.Option{Value: nobodyThere, Label: chat.T("board.not_there")})
		uid := d.Choose("who", chat.T("board.who"), options)
		if uid == nobodyThere {
			uid = ""
		}
		name, err := dialog.Do(d, act.SetBoardUID, uid)
		if err != nil {
			return err
		}
		if uid == "" {
			d.Say(chat.T("board.unmapped"))
			return nil
		}
		d.Say(chat.T("board.mapped", "Name", name))
		return nil
	},
}}
