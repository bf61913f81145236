package yard

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/yard"
)

// size is a size-type code as people call it, "20′ DC", or the code itself where there is no such name.
func size(s container.SizeType) string {
	length := strconv.Itoa(s.Length())
	kinds := map[string][2]string{"dry": {"DC", "HC"}, "reefer": {"RF", "RH"}}
	kind, known := kinds[s.Group()]
	switch {
	case s == "":
		return ""
	case len(s) < 4:
		return length + "′"
	case !known:
		return string(s)
	case s.HighCube():
		return length + "′ " + kind[1]
	}
	return length + "′ " + kind[0]
}

// sizeAndCode is both: "20′ DC 22G1".
func sizeAndCode(s container.SizeType) string {
	name := size(s)
	if len(s) == 4 && name != string(s) {
		name += " " + string(s)
	}
	return name
}

// described is what a box is: "20′ DC 22G1 · laden · Asia Trans · line ONE".
func described(s container.SizeType, l container.Load, client, line string) chat.Text {
	parts := []chat.Text{}
	if s != "" {
		parts = append(parts, chat.Plain(sizeAndCode(s)))
	}
	if l != "" {
		parts = append(parts, l.Label())
	}
	if client != "" {
		parts = append(parts, chat.Plain(client))
	}
	if line != "" {
		parts = append(parts, chat.T("yard.line", "Line", line))
	}
	return joined(parts)
}

// joined puts texts in one line.
func joined(parts []chat.Text) chat.Text {
	if len(parts) == 0 {
		return chat.Text{}
	}
	all := parts[0]
	for _, p := range parts[1:] {
		all = chat.T("yard.joined", "First", all, "Rest", p)
	}
	return all
}

// transport says what brings or takes a box, in words.
func transport(t yard.Transport) chat.Text {
	switch {
	case t.Mode == "":
		return chat.Plain(t.Number)
	case t.Number == "":
		return t.Mode.Label()
	}
	return chat.T("yard.transport", "Mode", t.Mode.Label(), "Number", t.Number)
}

// details says what a movement tells beside what is asked of everybody, a line for each.
func details(det yard.Details) []chat.Text {
	var lines []chat.Text
	add := func(there bool, t chat.Text) {
		if there {
			lines = append(lines, t)
		}
	}
	add(det.Order != "", chat.T("yard.detail.order", "Order", det.Order))
	add(det.Transport != yard.Transport{}, chat.T("yard.detail.transport", "Transport", transport(det.Transport)))
	add(det.Destination != "", chat.T("yard.detail.destination", "Destination", det.Destination))
	add(len(det.Seals) > 0, chat.T("yard.detail.seals", "Seals", strings.Join(det.Seals, ", ")))
	add(det.Place != "", chat.T("yard.detail.place", "Place", det.Place))
	add(det.Cargo != "" || !det.Tonnage.IsZero(), chat.T("yard.detail.cargo", "Cargo", cargo(det)))
	add(det.Remarks != "", chat.T("yard.detail.remarks", "Remarks", det.Remarks))
	add(len(det.Photos) > 0, chat.T("yard.detail.photos", "Count", len(det.Photos)))
	return lines
}

// cargo says what is in a box and how heavy it is.
func cargo(det yard.Details) chat.Text {
	weight := chat.T("yard.tons", "Tons", tons(det.Tonnage))
	switch {
	case det.Tonnage.IsZero():
		return chat.Plain(det.Cargo)
	case det.Cargo == "":
		return weight
	}
	return joined([]chat.Text{chat.Plain(det.Cargo), weight})
}

func tons(d decimal.Decimal) string { return d.String() }

// amounts says what a box costs so far, to who may see it; else nothing.
func amounts(k records.Known) []chat.Text {
	if k.Unpriced != nil {
		return []chat.Text{chat.T("yard.unpriced", "Why", *k.Unpriced)}
	}
	if len(k.Accrued) == 0 {
		return nil
	}
	all := chat.Sum(k.Accrued[0].String())
	for _, a := range k.Accrued[1:] {
		all = chat.T("yard.plus", "First", all, "Rest", chat.Sum(a.String()))
	}
	return []chat.Text{chat.T("yard.accrued", "Amount", all)}
}

// stands says where a box is and since when, or that it has left.
func stands(b yard.Box) chat.Text {
	n, days := b.Number.Grouped(), chat.T("yard.days", "Count", b.Days)
	switch b.State {
	case yard.In:
		return chat.T("yard.stands.in", "Number", n, "Terminal", b.TerminalName, "Entered", b.Entered, "Days", days)
	case yard.InTransit:
		return chat.T("yard.stands.transit", "Number", n, "From", b.TerminalName, "To", b.BoundName, "Since", b.Since, "Days", days)
	case yard.Out:
		return chat.T("yard.stands.out", "Number", n, "Terminal", b.TerminalName, "Left", b.Left, "Days", days)
	}
	return chat.T("yard.stands.void", "Number", n)
}
