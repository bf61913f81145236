package yard

import (
	"slices"
	"strconv"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
)

// mostMovements is how many of a box's movements are offered for correction, the latest.
const mostMovements = 6

// wrong is what of a movement is to be corrected.
type wrong string

const (
	wrongNumber wrong = "number"
	wrongSize   wrong = "size"
	wrongLoad   wrong = "load"
	wrongClient wrong = "client"
	wrongLine   wrong = "line"
	wrongTime   wrong = "time"
	wrongTo     wrong = "to"
	wrongOther  wrong = "other"
	wrongAll    wrong = "all" // it never happened
)

// wrongNames stand on buttons.
var wrongNames = map[wrong]string{
	wrongNumber: "yard.wrong.number", wrongSize: "yard.wrong.size", wrongLoad: "yard.wrong.load", wrongClient: "yard.wrong.client",
	wrongLine: "yard.wrong.line", wrongTime: "yard.wrong.time", wrongTo: "yard.wrong.to", wrongOther: "yard.wrong.other",
	wrongAll: "yard.wrong.all",
}

// correctable is what can be wrong with a kind of movement.
var correctable = map[yard.Kind][]wrong{
	yard.GateIn:      {wrongNumber, wrongSize, wrongLoad, wrongClient, wrongLine, wrongTime, wrongOther, wrongAll},
	yard.TransferOut: {wrongTime, wrongTo, wrongOther, wrongAll},
}

// otherFields are what "other" leads to.
var otherFields = map[yard.Kind][]field{
	yard.GateIn:  {fieldTransport, fieldSeals, fieldPlace, fieldCargo, fieldRemarks},
	yard.GateOut: {fieldTransport, fieldOrder, fieldDestination, fieldSeals, fieldRemarks},
}

// correct leads to a record that stands for a movement from now on.
var correct = dialog.Dialogue{Name: "yard.correct", Run: func(d *dialog.D) error {
	f, b, err := oneBox(d, yard.ActCorrect)
	if err != nil {
		return err
	}
	all, err := dialog.Look(d, act.MovementsOf, b.ID)
	if err != nil {
		return err
	}
	m, err := pick(d, b, all)
	if err != nil {
		return err
	}
	c, what, err := f.corrected(d, b, m)
	if err != nil {
		return err
	}
	if c == nil {
		d.Say(chat.T("yard.correct.dropped"))
		return nil
	}
	recorded, err := dialog.Do(d, act.Correct, *c)
	if fault.Is(err, fault.Invalid) {
		d.Refuse("confirm", err)
	}
	if err != nil {
		return err
	}
	return said(d, recorded, func(boxes []yard.Box) chat.Message {
		return chat.Message{Text: chat.T("yard.correct.done", "Number", boxes[0].Number.Grouped(), "What", what),
			Buttons: [][]chat.Button{{stayButton(yard.ActHistory, boxes[0].ID)}}}
	})
}}

// corrected leads to a correction of a movement and gives it with the change in words; nil when the person drops it. In the
// place of one that is not what it should be another can be given, for the same reason.
func (f *form) corrected(d *dialog.D, b yard.Box, m yard.Movement) (*yard.Correction, chat.Text, error) {
	const yes, other, no = "yes", "other", "no"
	reason := ""
	for {
		// What came with the command is about the box, not about the movement.
		f.at, f.det = time.Time{}, m.Details
		c := yard.Correction{Movement: m.ID}
		what, err := f.amend(d, b, m, &c)
		if err != nil {
			return nil, what, err
		}
		if reason == "" {
			reason = dialog.Ask(d, "reason", chat.T("yard.correct.reason"), long)
		}
		c.At, c.Details, c.Reason = f.at, f.det, reason
		switch d.ChooseShort("confirm", chat.T("yard.correct.summary", "Number", b.Number.Grouped(), "Kind", m.Kind.Label(), "At", m.At,
			"What", what, "Reason", reason), []dialog.Option{{Value: yes, Label: chat.T("yard.correct.yes")},
			{Value: other, Label: chat.T("yard.correct.other")}, {Value: no, Label: chat.T("yard.correct.no")}}) {
		case yes:
			return &c, what, nil
		case no:
			return nil, what, nil
		}
	}
}

// pick asks which of a box's movements is wrong.
func pick(d *dialog.D, b yard.Box, all []yard.Movement) (yard.Movement, error) {
	if len(all) == 0 {
		return yard.Movement{}, fault.New(fault.NotFound, "yard.correct.nothing")
	}
	if len(all) == 1 {
		return all[0], nil
	}
	var options []dialog.Option
	lines := []chat.Text{chat.T("yard.correct.which", "Number", b.Number.Grouped())}
	for _, m := range all[:min(len(all), mostMovements)] {
		n := len(options) + 1
		lines = append(lines, chat.T("yard.correct.movement", "N", n, "Kind", m.Kind.Label(), "At", m.At))
		options = append(options, dialog.Option{Value: strconv.FormatInt(m.ID, 10), Label: chat.T("yard.correct.pick", "N", n, "Kind", m.Kind.Label())})
	}
	id := d.ChooseShort("movement", chat.Lines(lines...), options)
	for _, m := range all {
		if strconv.FormatInt(m.ID, 10) == id {
			return m, nil
		}
	}
	return yard.Movement{}, fault.New(fault.NotFound, "yard.correct.nothing")
}

// amend asks what is wrong with a movement and what is right, and gives the change in words.
func (f *form) amend(d *dialog.D, b yard.Box, m yard.Movement, c *yard.Correction) (chat.Text, error) {
	kinds, ok := correctable[m.Kind]
	if !ok {
		kinds = []wrong{wrongTime, wrongOther, wrongAll}
	}
	var options []dialog.Option
	for _, w := range kinds {
		options = append(options, dialog.Option{Value: string(w), Label: chat.T(wrongNames[w])})
	}
	n := b.Number.Grouped()
	changed := func(from, to chat.Text) chat.Text { return chat.T("yard.correct.change", "From", from, "To", to) }
	switch wrong(d.ChooseShort("what", chat.T("yard.correct.what", "Kind", m.Kind.Label(), "Number", n, "At", m.At), options)) {
	case wrongNumber:
		var g given
		k, err := g.number(d, chat.T("yard.correct.number", "Number", n), "")
		f.det.Number, f.det.Typed = k.Number, k.Typed
		return changed(chat.Plain(m.Number.Grouped()), chat.Plain(k.Number.Grouped())), err
	case wrongSize:
		f.det.SizeType = askSize(d, chat.T("yard.correct.size", "Now", sizeText(m.SizeType)))
		return changed(sizeText(m.SizeType), sizeText(f.det.SizeType)), nil
	case wrongLoad:
		f.det.Load = container.Laden
		if m.Load == container.Laden {
			f.det.Load = container.Empty
		}
		if m.Load == "" {
			f.det.Load = askLoad(d, chat.T("yard.gate_in.load"))
		}
		return changed(orNothing(known(m.Load.Label())), f.det.Load.Label()), nil
	case wrongClient:
		client, fresh, err := company(d, "client", chat.T("yard.correct.client", "Now", b.ClientName), f.choices.Clients)
		f.det.Client, c.ClientName = client.ID, fresh
		return changed(chat.Plain(b.ClientName), chat.Plain(client.Name+fresh)), err
	case wrongLine:
		err := f.askLine(d)
		if f.det.Line == 0 {
			c.LineName = f.line
		}
		return changed(orNone(b.LineName), orNone(f.line)), err
	case wrongTime:
		var err error
		f.at, err = moment(d, "time", "")
		return changed(chat.At(m.At), chat.At(f.at)), err
	case wrongTo:
		to, err := terminal(d, "to", chat.T("yard.correct.to"), otherTerminals(f.choices.Terminals, m.Terminal, m.To))
		f.det.To = to.ID
		return changed(chat.Plain(b.BoundName), chat.Plain(to.Name)), err
	case wrongOther:
		before := details(m.Details)
		fields, ok := otherFields[m.Kind]
		if !ok {
			fields = []field{fieldTransport, fieldSeals, fieldPlace, fieldRemarks}
		}
		err := f.fill(d, f.choose(d, chat.T("yard.correct.field"), fields...))
		return changed(orNothing(before), orNothing(details(f.det))), err
	default:
		c.Reverse = true
		return chat.T("yard.correct.reversed"), nil
	}
}

// sizeText is a size-type in words.
func sizeText(s container.SizeType) chat.Text { return orNone(sizeAndCode(s)) }

// orNone is a name, or that there is none.
func orNone(name string) chat.Text {
	if name == "" {
		return chat.T("yard.none")
	}
	return chat.Plain(name)
}

// known are the texts that say something.
func known(texts ...chat.Text) []chat.Text {
	return slices.DeleteFunc(texts, chat.Text.Empty)
}

// orNothing are details in one line, or that there are none.
func orNothing(lines []chat.Text) chat.Text {
	if len(lines) == 0 {
		return chat.T("yard.none")
	}
	return joined(lines)
}
