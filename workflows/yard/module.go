package yard

import (
	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
)

// act names the activities that the dialogues do.
var act *records.Records

// Module is the yard as the conversation knows it.
func Module() dialog.Module {
	return dialog.Module{
		Name: "yard",
		Commands: []dialog.Command{
			{Name: "in", Help: chat.T("yard.help.in"), For: may(people.MoveBoxes), Dialogue: gateIn},
			{Name: "out", Help: chat.T("yard.help.out"), For: may(people.MoveBoxes), Dialogue: release},
			{Name: "transfer", Help: chat.T("yard.help.transfer"), For: may(people.MoveBoxes), Dialogue: transfer},
			{Name: "arrived", Help: chat.T("yard.help.arrived"), For: may(people.MoveBoxes), Dialogue: receive},
			{Name: "fix", Help: chat.T("yard.help.fix"), For: may(people.MoveBoxes), Dialogue: correct},
			{Name: "box", Help: chat.T("yard.help.box"), For: may(people.SeeYard), Dialogue: card},
			{Name: "history", Help: chat.T("yard.help.history"), For: may(people.SeeYard), Dialogue: askHistory},
			{Name: "stock", Help: chat.T("yard.help.stock"), For: may(people.SeeYard), Dialogue: reportOf(yard.StockReport)},
			{Name: "today", Help: chat.T("yard.help.today"), For: may(people.SeeYard), Dialogue: reportOf(yard.TodayReport)},
			{Name: "long", Help: chat.T("yard.help.long"), For: may(people.SeeYard), Dialogue: reportOf(yard.LongStayReport)},
		},
		Actions: map[string]dialog.Dialogue{
			string(yard.ActGateIn):   gateIn,
			string(yard.ActRelease):  release,
			string(yard.ActTransfer): transfer,
			string(yard.ActReceive):  receive,
			string(yard.ActCorrect):  correct,
			string(yard.ActHandle):   handle,
			string(yard.ActHold):     hold,
			string(yard.ActUnhold):   unhold,
			string(yard.ActHistory):  history,
			string(yard.ActPhotos):   photos,
			string(yard.ActDecide):   decide,
			string(yard.ActReport):   report,
			string(yard.ActSheet):    sheet,
		},
		Replies: map[string]dialog.Dialogue{"stay": replied},
		Sights:  []dialog.Sight{{Sees: sees, Dialogue: card}},
		Menu:    menu,
	}
}

// may tells whether a role has a permission.
func may(p people.Permission) func(people.Role) bool {
	return func(r people.Role) bool { return r.May(p) }
}

// menu greets those who work in the yard.
func menu(p people.Person) dialog.Menu {
	look := []chat.Button{
		{Label: chat.T("yard.button.stock"), Action: string(yard.ActReport), Arg: string(yard.StockReport)},
		{Label: chat.T("yard.button.today"), Action: string(yard.ActReport), Arg: string(yard.TodayReport)},
	}
	switch {
	case p.Role == people.Dispatcher:
		return dialog.Menu{Text: chat.T("yard.greet.dispatcher"), Buttons: [][]chat.Button{
			{actionButton(yard.ActGateIn), actionButton(yard.ActRelease)}, {actionButton(yard.ActTransfer), look[0]}}}
	case p.Role.May(people.SeeYard):
		return dialog.Menu{Text: chat.T("yard.greet.other"), Buttons: [][]chat.Button{look}}
	}
	return dialog.Menu{}
}

// actionNames stand on buttons.
var actionNames = map[yard.Action]string{
	yard.ActGateIn: "yard.button.gate_in", yard.ActRelease: "yard.button.release", yard.ActTransfer: "yard.button.transfer",
	yard.ActReceive: "yard.button.receive", yard.ActCorrect: "yard.button.correct", yard.ActHandle: "yard.button.handle",
	yard.ActHold: "yard.button.hold", yard.ActUnhold: "yard.button.unhold", yard.ActHistory: "yard.button.history",
	yard.ActSheet: "yard.button.sheet",
}

func actionButton(a yard.Action) chat.Button {
	return chat.Button{Label: chat.T(actionNames[a]), Action: string(a)}
}

// stayButton is the button of an action on stays.
func stayButton(a yard.Action, stays ...int64) chat.Button {
	b := actionButton(a)
	b.Arg = argOf(stays...)
	return b
}

// said tells what was recorded, what was not, and what waits, and lets the stays' workflows know. done words what went
// well.
func said(d *dialog.D, r yard.Recorded, done func([]yard.Box) chat.Message) error {
	var m chat.Message
	var with []dialog.With
	var lines []chat.Text
	if len(r.Boxes) > 0 {
		m = done(r.Boxes)
		lines = append(lines, m.Text)
	}
	if len(r.Boxes) == 1 {
		with = append(with, dialog.About(yard.About(r.Boxes[0].ID)))
	}
	if r.Waits != 0 {
		lines = append(lines, chat.T("yard.waits"))
	}
	if len(r.Refused) > 0 {
		lines = append(lines, chat.T("yard.not_these"))
	}
	for _, refused := range r.Refused[:min(len(r.Refused), mostRows)] {
		lines = append(lines, named(container.Number(refused.Number).Grouped(), refused.Fault.Text))
	}
	m.Text = chat.Lines(append(lines, others(len(r.Refused))...)...)
	d.Send(m, with...)
	if len(r.Boxes) > 0 {
		changed(d, r.Boxes)
	}
	return nil
}

// changed lets the workflow of a stay know of a change; of several, the yard's finds all.
func changed(d *dialog.D, boxes []yard.Box) {
	if len(boxes) == 1 {
		d.Signal(StayWorkflow, StayID(boxes[0].ID), SignalChanged, Input{Stay: boxes[0].ID})
		return
	}
	workspace := d.Person().Workspace
	d.Signal(YardWorkflow, YardID(workspace), SignalHint, YardInput{Workspace: workspace})
}
