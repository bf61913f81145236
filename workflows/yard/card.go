package yard

import (
	"slices"
	"strings"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
)

// card shows what is known of a box, or of several, and what can be done with it now.
var card = dialog.Dialogue{Name: "yard.box", Run: func(d *dialog.D) error {
	typed := givenTo(d).typed
	if d.Event().Command == "" {
		typed = strings.Join(likely(typed), "\n") // what else was said is not about boxes
	}
	if _, err := listed(typed); err != nil {
		typed = dialog.Ask(d, "numbers", chat.T("yard.box.number"), listed)
	}
	for {
		looked, err := dialog.Look(d, act.LookAtBoxes, records.Looking{Typed: typed})
		if err != nil {
			return err
		}
		if len(looked.Boxes) == 1 {
			k := looked.Boxes[0]
			if k.Number == "" {
				typed = meant(d, k)
				continue
			}
			showBox(d, k)
			return nil
		}
		showBoxes(d, looked.Boxes)
		return nil
	}
}}

// meant asks for another number in the place of one that is none.
func meant(d *dialog.D, k records.Known) string {
	why := refusal(k)
	r := container.Check(k.Typed)
	if f := r.Fault(); f != nil && k.Refused == nil {
		why = f.Text
	}
	options := offered(slices.Concat(k.Nearest, r.Suggestions))
	ask := chat.T("yard.boxes.another")
	if len(options) > 0 {
		ask = chat.T("yard.boxes.nearest")
	}
	return dialog.Offer(d, "meant", chat.Lines(why, chat.Text{}, ask), options, listed)
}

// showBox sends the card of a box, with buttons for what can be done.
func showBox(d *dialog.D, k records.Known) {
	m := chat.Message{Buttons: buttons(k)}
	if k.Box == nil {
		m.Text = chat.T("yard.box.new", "Number", k.Number.Grouped())
		d.Send(m)
		return
	}
	b := *k.Box
	lines := []chat.Text{stands(b), described(b.SizeType, b.Load, b.ClientName, b.LineName)}
	if b.Place != "" && b.State == yard.In {
		lines = append(lines, chat.T("yard.detail.place", "Place", b.Place))
	}
	switch {
	case b.OnHold && b.Held != "":
		lines = append(lines, chat.T("yard.box.held_for", "Reason", b.Held))
	case b.OnHold:
		lines = append(lines, chat.T("yard.box.held"))
	}
	m.Text = chat.Lines(append(lines, amounts(k)...)...)
	d.Send(m, dialog.About(yard.About(b.ID)))
}

// buttons are those of a card, three in a row, in three rows at the most.
func buttons(k records.Known) [][]chat.Button {
	var all []chat.Button
	for _, a := range k.Can {
		b := actionButton(a)
		switch {
		case a == yard.ActGateIn:
			b.Arg = string(k.Number)
		case k.Box != nil:
			b.Arg = argOf(k.Box.ID)
		}
		all = append(all, b)
	}
	if k.Photos > 0 {
		all = append(all, chat.Button{Label: chat.T("yard.button.photos", "Number", k.Photos), Action: string(yard.ActPhotos), Arg: argOf(k.Box.ID)})
	}
	return slices.Collect(slices.Chunk(all, 3))
}

// photos sends the photos of the box under whose card the button stands, those of its latest movement first.
var photos = dialog.Dialogue{Name: "yard.photos", Short: true, Run: func(d *dialog.D) error {
	stay := ids(d.Event().Arg)
	if len(stay) != 1 {
		return fault.New(fault.NotFound, "yard.photos.none")
	}
	all, err := dialog.Look(d, act.PhotosOf, stay[0])
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fault.New(fault.NotFound, "yard.photos.none")
	}
	for _, m := range all {
		d.Send(chat.Message{Text: chat.T("yard.photos.of", "Kind", m.Kind.Label(), "At", m.At), Files: m.Photos}, dialog.About(yard.About(stay[0])))
	}
	return nil
}}

// replied shows the card of the box that a message was about to which somebody replies, unless they name others.
var replied = dialog.Dialogue{Name: "yard.reply", Run: func(d *dialog.D) error {
	if sees(d.Person(), d.Event().Text) {
		return card.Run(d)
	}
	looked, err := dialog.Look(d, act.LookAtBoxes, records.Looking{Stays: ids(d.Event().Arg)})
	if err != nil {
		return err
	}
	for _, k := range looked.Boxes {
		showBox(d, k)
	}
	return nil
}}

// showBoxes sends a line for each of several boxes, and buttons for what can be done with all that allow it.
func showBoxes(d *dialog.D, all []records.Known) {
	lines := []chat.Text{chat.T("yard.box.several", "Count", len(all))}
	can := map[yard.Action][]int64{}
	for i, k := range all {
		if k.Box != nil {
			for _, a := range k.Can {
				can[a] = append(can[a], k.Box.ID)
			}
		}
		if i >= mostRows {
			continue
		}
		switch {
		case k.Box != nil:
			lines = append(lines, stands(*k.Box))
		case k.Number != "":
			lines = append(lines, chat.T("yard.box.new", "Number", k.Number.Grouped()))
		default:
			lines = append(lines, refusal(k))
		}
	}
	m := chat.Message{Text: chat.Lines(append(lines, others(len(all))...)...)}
	var row []chat.Button
	for _, a := range []yard.Action{yard.ActReceive, yard.ActRelease, yard.ActTransfer} {
		if n := len(can[a]); n > 0 {
			b := stayButton(a, can[a]...)
			b.Label = chat.T("yard.button.so_many", "Action", b.Label, "Number", n)
			row = append(row, b)
		}
	}
	if len(row) > 0 {
		m.Buttons = [][]chat.Button{row}
	}
	d.Send(m)
}

// reportOf is a report that a command asks for.
func reportOf(r yard.Report) dialog.Dialogue {
	return dialog.Dialogue{Name: "yard." + string(r), Short: true, Run: func(d *dialog.D) error {
		return showReport(d, records.Reporting{Report: r})
	}}
}

// report is a report that a button names.
var report = dialog.Dialogue{Name: "yard.report", Short: true, Run: func(d *dialog.D) error {
	return showReport(d, reporting(d.Event().Arg))
}}

// history is that of the box under whose card the button stands.
var history = dialog.Dialogue{Name: "yard.card_history", Short: true, Run: func(d *dialog.D) error {
	return showReport(d, reporting(string(yard.HistoryReport)+":"+d.Event().Arg))
}}

// askHistory is /history.
var askHistory = dialog.Dialogue{Name: "yard.history", Run: func(d *dialog.D) error {
	_, all, err := boxes(d, yard.ActHistory, chat.T("yard.box.number"))
	if err != nil {
		return err
	}
	return showReport(d, records.Reporting{Report: yard.HistoryReport, Stay: all[0].Box.ID})
}}

// sheet sends a report as xlsx: the records do.
var sheet = dialog.Dialogue{Name: "yard.sheet", Short: true, Run: func(d *dialog.D) error {
	in := reporting(d.Event().Arg)
	in.Sheet = true
	_, err := dialog.Do(d, act.ReportYard, in)
	return err
}}

// reporting reads the argument of a button: "stock", "history:12".
func reporting(arg string) records.Reporting {
	name, stay, _ := strings.Cut(arg, ":")
	in := records.Reporting{Report: yard.Report(name)}
	if of := ids(stay); len(of) > 0 {
		in.Stay = of[0]
	}
	return in
}

func showReport(d *dialog.D, in records.Reporting) error {
	told, err := dialog.Do(d, act.ReportYard, in)
	if err != nil {
		return err
	}
	if told.Text.Empty() {
		return fault.New(fault.NotFound, "yard.report.none")
	}
	b := actionButton(yard.ActSheet)
	b.Arg = string(in.Report)
	if in.Stay != 0 {
		b.Arg += ":" + argOf(in.Stay)
	}
	d.Send(chat.Message{Text: told.Text, Buttons: [][]chat.Button{{b}}})
	return nil
}
