package yard

import (
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
)

// handle records a crane operation or a weighing.
var handle = dialog.Dialogue{Name: "yard.handle", Run: func(d *dialog.D) error {
	f, b, err := oneBox(d, yard.ActHandle)
	if err != nil {
		return err
	}
	n := b.Number.Grouped()
	what := yard.Operation(d.ChooseShort("operation", chat.T("yard.handle.which", "Number", n), []dialog.Option{
		{Value: string(yard.Crane), Label: yard.Crane.Label()}, {Value: string(yard.Weighing), Label: yard.Weighing.Label()}}))
	f.det.Operation = what
	if what == yard.Weighing {
		f.det.Tonnage = dialog.Ask(d, "tons", chat.T("yard.handle.tons"), parseTons)
	}
	err = f.confirm(d, func() []chat.Text {
		return []chat.Text{chat.T("yard.handle.summary", "Operation", what.Label(), "Number", n, "Terminal", b.TerminalName)}
	}, fieldTime, fieldPhotos, fieldRemarks)
	if err != nil {
		return err
	}
	return handled(d, "confirm", yard.Handling{Stay: b.ID, Kind: yard.Operated, At: f.at, Details: f.det},
		chat.T("yard.handle.done", "Operation", what.Label(), "Number", n))
}}

// hold keeps a box from being released.
var hold = dialog.Dialogue{Name: "yard.hold", Run: func(d *dialog.D) error {
	_, b, err := oneBox(d, yard.ActHold)
	if err != nil {
		return err
	}
	n := b.Number.Grouped()
	reason := dialog.Ask(d, "reason", chat.T("yard.hold.reason", "Number", n), short)
	return handled(d, "reason", yard.Handling{Stay: b.ID, Kind: yard.Held, Reason: reason}, chat.T("yard.hold.done", "Number", n))
}}

// unhold lets a box be released again.
var unhold = dialog.Dialogue{Name: "yard.unhold", Run: func(d *dialog.D) error {
	_, b, err := oneBox(d, yard.ActUnhold)
	if err != nil {
		return err
	}
	n := b.Number.Grouped()
	reason := dialog.Offer(d, "reason", chat.T("yard.unhold.reason", "Number", n, "Reason", b.Held), []dialog.Option{skipOption()}, short)
	if reason == skip {
		reason = ""
	}
	return handled(d, "reason", yard.Handling{Stay: b.ID, Kind: yard.Unheld, Reason: reason}, chat.T("yard.unhold.done", "Number", n))
}}

// oneBox is the box that a button stands for, or that is asked for.
func oneBox(d *dialog.D, action yard.Action) (*form, yard.Box, error) {
	f, all, err := moving(d, action, chat.T("yard.box.number"))
	if err != nil {
		return nil, yard.Box{}, err
	}
	return f, *all[0].Box, nil
}

// handled records a handling; what can be given otherwise is asked for again at a step.
func handled(d *dialog.D, step string, in yard.Handling, done chat.Text) error {
	recorded, err := dialog.Do(d, act.Handle, in)
	if fault.Is(err, fault.Invalid) {
		d.Refuse(step, err)
	}
	if err != nil {
		return err
	}
	return said(d, recorded, func([]yard.Box) chat.Message { return chat.Message{Text: done} })
}

// decide is a manager's word on a change that waits.
var decide = dialog.Dialogue{Name: "yard.decide", Short: true, Run: func(d *dialog.D) error {
	in, ok := yard.ParseDecision(d.Event().Arg)
	if !ok {
		return fault.New(fault.NotFound, "yard.decide.unknown")
	}
	recorded, err := dialog.Do(d, act.Decide, in)
	if err != nil {
		return err
	}
	text := chat.T("yard.decide.refused")
	if in.Approve {
		text = chat.T("yard.decide.approved")
	}
	if !in.Approve || len(recorded.Boxes)+len(recorded.Refused) == 0 {
		d.Say(text)
		return nil
	}
	return said(d, recorded, func([]yard.Box) chat.Message { return chat.Message{Text: text} })
}}
