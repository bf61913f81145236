package yard

import (
	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
)

// skip is the answer of who has nothing to tell.
const skip = "-"

func skipOption() dialog.Option { return dialog.Option{Value: skip, Label: chat.T("yard.skip")} }

// release records that boxes have left.
var release = dialog.Dialogue{Name: "yard.release", Run: func(d *dialog.D) error {
	f, all, err := moving(d, yard.ActRelease, chat.T("yard.release.numbers"))
	if err != nil {
		return err
	}
	parts := byOrder(d, all)
	f.askTransport(d, chat.T("yard.release.transport"), skipOption())
	err = f.confirm(d, func() []chat.Text {
		lines := []chat.Text{chat.T("yard.release.summary", "Count", len(all))}
		for _, p := range parts {
			lines = append(lines, rows(p.boxes)...)
			if p.order != "" {
				lines = append(lines, chat.T("yard.detail.order", "Order", p.order))
			}
		}
		return lines
	}, fieldOrder, fieldTime, fieldDestination, fieldSeals, fieldPhotos, fieldRemarks)
	if err != nil {
		return err
	}
	whole, err := each(d, parts, func(p part) (yard.Recorded, error) {
		det := f.det
		if p.order != "" {
			det.Order = p.order
		}
		return dialog.Do(d, act.Release, yard.Departure{Stays: stays(p.boxes), At: f.at, Details: det})
	})
	if err != nil {
		return err
	}
	return said(d, whole, func(boxes []yard.Box) chat.Message {
		if len(boxes) > 1 {
			return chat.Message{Text: chat.Lines(chat.T("yard.release.done_all", "Count", len(boxes)), names(boxes))}
		}
		return chat.Message{
			Text:    chat.T("yard.release.done", "Number", boxes[0].Number.Grouped(), "Days", chat.T("yard.days", "Count", boxes[0].Days)),
			Buttons: [][]chat.Button{{stayButton(yard.ActCorrect, boxes[0].ID), stayButton(yard.ActHistory, boxes[0].ID)}},
		}
	})
}}

// part is boxes that leave on the same order.
type part struct {
	order string
	boxes []records.Known
}

// byOrder asks for the order of each client who demands one.
func byOrder(d *dialog.D, all []records.Known) []part {
	var free part
	var bound []part
	at := map[int64]int{} // of a client's part
	for _, k := range all {
		if !k.Box.RequiresOrder {
			free.boxes = append(free.boxes, k)
			continue
		}
		i, known := at[k.Box.Client]
		if !known {
			i = len(bound)
			at[k.Box.Client] = i
			bound = append(bound, part{})
		}
		bound[i].boxes = append(bound[i].boxes, k)
	}
	for i, p := range bound {
		first := p.boxes[0].Box
		prompt := chat.T("yard.order.ask", "Client", first.ClientName, "Number", first.Number.Grouped())
		if len(p.boxes) > 1 {
			prompt = chat.T("yard.order.ask_all", "Client", first.ClientName, "Count", len(p.boxes))
		}
		bound[i].order = dialog.Ask(d, "order", prompt, short)
	}
	if len(free.boxes) == 0 {
		return bound
	}
	return append([]part{free}, bound...)
}

// each records the parts one by one: what is refused of one does not hold up the others. As long as nothing is recorded,
// a refusal that another answer helps against leads back to the summary.
func each(d *dialog.D, parts []part, do func(part) (yard.Recorded, error)) (yard.Recorded, error) {
	var whole yard.Recorded
	for _, p := range parts {
		one, err := do(p)
		f := fault.As(err)
		switch {
		case err != nil && f == nil:
			return whole, err
		case f != nil && len(whole.Boxes) == 0 && f.Kind == fault.Invalid:
			d.Refuse("confirm", err)
		case f != nil && len(parts) == 1:
			return whole, err
		case f != nil:
			for _, k := range p.boxes {
				one.Refused = append(one.Refused, yard.Refusal{Stay: k.Box.ID, Number: string(k.Number), Fault: f})
			}
		}
		whole.Boxes = append(whole.Boxes, one.Boxes...)
		whole.Refused = append(whole.Refused, one.Refused...)
		whole.Waits = max(whole.Waits, one.Waits)
	}
	return whole, nil
}

// moving begins a dialogue that moves boxes which are here.
func moving(d *dialog.D, action yard.Action, prompt chat.Text) (*form, []records.Known, error) {
	choices, err := dialog.Look(d, act.RecentChoices, struct{}{})
	if err != nil {
		return nil, nil, err
	}
	g, all, err := boxes(d, action, prompt)
	if err != nil {
		return nil, nil, err
	}
	f, err := begin(d, choices, g)
	return f, all, err
}

// transfer records that boxes are off to another terminal.
var transfer = dialog.Dialogue{Name: "yard.transfer", Run: func(d *dialog.D) error {
	f, all, err := moving(d, yard.ActTransfer, chat.T("yard.transfer.numbers"))
	if err != nil {
		return err
	}
	var here []int64
	for _, k := range all {
		here = append(here, k.Box.Terminal)
	}
	to, err := terminal(d, "to", chat.T("yard.transfer.to", "Count", len(all)), otherTerminals(f.choices.Terminals, here...))
	if err != nil {
		return err
	}
	f.det.To = to.ID
	f.askTransport(d, chat.T("yard.transfer.transport"), skipOption())
	err = f.confirm(d, func() []chat.Text {
		return append([]chat.Text{chat.T("yard.transfer.summary", "Count", len(all), "To", to.Name)}, rows(all)...)
	}, fieldTime, fieldSeals, fieldPhotos, fieldRemarks)
	if err != nil {
		return err
	}
	whole, err := each(d, []part{{boxes: all}}, func(p part) (yard.Recorded, error) {
		return dialog.Do(d, act.Transfer, yard.Transfer{Stays: stays(p.boxes), At: f.at, Details: f.det})
	})
	if err != nil {
		return err
	}
	return said(d, whole, func(boxes []yard.Box) chat.Message {
		return chat.Message{Text: chat.Lines(chat.T("yard.transfer.done", "Count", len(boxes), "To", to.Name), names(boxes))}
	})
}}

// receive records that boxes in transit have come in.
var receive = dialog.Dialogue{Name: "yard.receive", Run: func(d *dialog.D) error {
	f, all, err := moving(d, yard.ActReceive, chat.T("yard.receive.numbers"))
	if err != nil {
		return err
	}
	err = f.confirm(d, func() []chat.Text {
		return append([]chat.Text{chat.T("yard.receive.summary", "Count", len(all))}, rows(all)...)
	}, fieldPlace, fieldTime, fieldSeals, fieldPhotos, fieldRemarks)
	if err != nil {
		return err
	}
	whole, err := each(d, []part{{boxes: all}}, func(p part) (yard.Recorded, error) {
		return dialog.Do(d, act.Receive, yard.Receipt{Stays: stays(p.boxes), At: f.at, Details: f.det})
	})
	if err != nil {
		return err
	}
	return said(d, whole, func(boxes []yard.Box) chat.Message {
		return chat.Message{Text: chat.Lines(chat.T("yard.receive.done", "Count", len(boxes), "Terminal", boxes[0].TerminalName), names(boxes))}
	})
}}

// stays are the ids of boxes.
func stays(boxes []records.Known) []int64 {
	var all []int64
	for _, k := range boxes {
		all = append(all, k.Box.ID)
	}
	return all
}

// mostRows is how many boxes a message names one by one.
const mostRows = 12

// rows are boxes in a summary: what each is, how long it has been here, and what that costs if the reader may know.
func rows(boxes []records.Known) []chat.Text {
	var lines []chat.Text
	for _, k := range boxes[:min(len(boxes), mostRows)] {
		b := k.Box
		what := joined([]chat.Text{described(b.SizeType, b.Load, b.ClientName, b.LineName), chat.T("yard.days", "Count", b.Days)})
		lines = append(lines, chat.T("yard.row", "Number", b.Number.Grouped(), "What", what))
		lines = append(lines, amounts(k)...)
	}
	return append(lines, others(len(boxes))...)
}

// names lists boxes by number.
func names(boxes []yard.Box) chat.Text {
	var lines []chat.Text
	for _, b := range boxes[:min(len(boxes), mostRows)] {
		lines = append(lines, chat.T("yard.number", "Number", b.Number.Grouped()))
	}
	return chat.Lines(append(lines, others(len(boxes))...)...)
}

// others says how many more there are than a message names.
func others(n int) []chat.Text {
	if n <= mostRows {
		return nil
	}
	return []chat.Text{chat.T("yard.others", "Count", n-mostRows)}
}
