package yard

import (
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
)

// gateIn records that a box has come in.
var gateIn = dialog.Dialogue{Name: "yard.gate_in", Run: func(d *dialog.D) error {
	choices, err := dialog.Look(d, act.RecentChoices, struct{}{})
	if err != nil {
		return err
	}
	g := givenTo(d)
	box, err := g.number(d, chat.T("yard.gate_in.number"), yard.ActGateIn)
	if err != nil {
		return err
	}
	f, err := begin(d, choices, g)
	if err != nil {
		return err
	}
	f.det.Number, f.det.Typed = box.Number, box.Typed
	n := box.Number.Grouped()
	at := choices.Terminal
	if at.ID == 0 {
		if at, err = terminal(d, "terminal", chat.T("yard.gate_in.terminal", "Number", n), choices.Terminals); err != nil {
			return err
		}
	}
	f.det.SizeType = askSize(d, chat.T("yard.gate_in.size", "Number", n))
	f.det.Load = askLoad(d, chat.T("yard.gate_in.load"))
	client, fresh, err := company(d, "client", chat.T("yard.gate_in.client"), choices.Clients)
	if err != nil {
		return err
	}
	f.det.Client = client.ID
	err = f.confirm(d, func() []chat.Text {
		return []chat.Text{
			chat.T("yard.gate_in.summary", "Number", n, "Terminal", at.Name),
			described(f.det.SizeType, f.det.Load, client.Name+fresh, f.line),
		}
	}, fieldLine, fieldTransport, fieldSeals, fieldPhotos, fieldPlace, fieldCargo, fieldRemarks, fieldTime)
	if err != nil {
		return err
	}
	in := yard.Arrival{Terminal: at.ID, At: f.at, ClientName: fresh, Details: f.det}
	if f.det.Line == 0 {
		in.LineName = f.line
	}
	recorded, err := dialog.Do(d, act.GateIn, in)
	if fault.Is(err, fault.Invalid) {
		d.Refuse("confirm", err)
	}
	if err != nil {
		return err
	}
	return said(d, recorded, func(boxes []yard.Box) chat.Message {
		return chat.Message{
			Text: chat.T("yard.gate_in.done", "Number", n, "Terminal", at.Name),
			Buttons: [][]chat.Button{{
				{Label: chat.T("yard.button.next"), Action: string(yard.ActGateIn)}, stayButton(yard.ActCorrect, boxes[0].ID)}},
		}
	})
}}

// askSize asks for a size-type, the usual ones as buttons.
func askSize(d *dialog.D, prompt chat.Text) container.SizeType {
	var options []dialog.Option
	for _, s := range container.UsualSizeTypes {
		options = append(options, dialog.Option{Value: string(s), Label: chat.Plain(sizeAndCode(s))})
	}
	return dialog.Offer(d, "size", prompt, options, container.ParseSizeType)
}

// askLoad asks whether a box is laden.
func askLoad(d *dialog.D, prompt chat.Text) container.Load {
	return dialog.Offer(d, "load", prompt, []dialog.Option{
		{Value: string(container.Laden), Label: container.Laden.Label()}, {Value: string(container.Empty), Label: container.Empty.Label()},
	}, container.ParseLoad)
}
