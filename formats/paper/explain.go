package paper

import (
	"strings"
	"time"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
	"quaydesk/texts"
)

// Stay names a stay with what was counted of it.
func (p Printer) Stay(r billing.Rated) string {
	s := r.Stay
	name := s.Number.Grouped()
	if s.SizeType != "" {
		name += " · " + string(s.SizeType)
	}
	if s.Load != "" {
		name += " · " + p.Texts.Label(p.Lang, p.Zone, s.Load.Label())
	}
	entry := p.day(p.entry(r))
	if s.Exit.IsZero() {
		name += " · " + p.say("paper.since", "Entry", entry)
	} else {
		name += " · " + p.say("paper.stay", "Entry", entry, "Exit", p.day(calendar.In(s.Exit, p.zone(s))))
	}
	if r.Days > 0 {
		name += " · " + p.say("paper.counted", "Count", r.Days, "Free", r.Free, "Paid", r.Paid)
	}
	return name
}

// entry is the day of entry: that of the days' numbers, which were counted in the terminal's zone.
func (p Printer) entry(r billing.Rated) calendar.Date {
	for _, l := range r.Lines {
		if l.FromDay > 0 {
			return l.First - calendar.Date(l.FromDay-1)
		}
	}
	return calendar.In(r.Stay.Entry, p.zone(r.Stay))
}

// zone is the terminal's; documents do not tell it, and are read in the workspace's.
func (p Printer) zone(s billing.Stay) *time.Location {
	if s.Zone != nil {
		return s.Zone
	}
	return p.Zone
}

// Line says what a line is for: the days and their numbers, the tier, and the version of the tariff.
func (p Printer) Line(l billing.Line) string {
	switch l.Kind {
	case billing.Free:
		return p.say("paper.line.free", "Period", p.period(l.First, l.Last), "Days", span(l.FromDay, l.ToDay), "Tariff", p.Tariff(l.Tariff))
	case billing.Storage:
		return p.say("paper.line.storage", "Period", p.period(l.First, l.Last), "Days", span(l.FromDay, l.ToDay),
			"Tier", p.Tier(l.Tier), "Tariff", p.Tariff(l.Tariff))
	case billing.Minimum:
		return p.say("paper.line.minimum", "Tariff", p.Tariff(l.Tariff))
	default:
		return p.say("paper.line.fee", "Operation", p.Kind(l), "Date", p.day(l.First), "Tariff", p.Tariff(l.Tariff))
	}
}

// Kind names what a line is for, in a word or two.
func (p Printer) Kind(l billing.Line) string {
	if l.Kind == billing.Charge {
		return p.say("paper.operation." + string(l.Operation))
	}
	return p.say("paper.kind." + string(l.Kind))
}

// Tier names the days of a tier.
func (p Printer) Tier(t billing.Tier) string {
	if t.To == 0 {
		return p.say("paper.tier.open", "From", t.From)
	}
	return p.say("paper.tier.closed", "Days", span(t.From, t.To))
}

// Tariff names the version of a tariff.
func (p Printer) Tariff(s billing.Source) string {
	key := "paper.tariff.public"
	if s.Client != 0 {
		key = "paper.tariff.own"
	}
	return p.say(key, "From", p.day(s.ValidFrom))
}

// Discounts says what discounts took off a line.
func (p Printer) Discounts(l billing.Line) string {
	var all []string
	for _, d := range l.Discounts {
		what := d.Name
		switch {
		case !d.Percent.IsZero():
			what += " " + texts.Number(p.Lang, d.Percent.String()) + "%"
		case d.PerDay != nil:
			what += " " + p.say("paper.per_day", "Amount", p.money(*d.PerDay))
		}
		off := money.Amount{Value: d.Off.Neg(), Currency: l.Amount.Currency}
		all = append(all, what+": "+texts.Number(p.Lang, off.Currency.Fixed(off.Value)))
	}
	return strings.Join(all, "; ")
}

// span is a range of numbers, both included.
func span(from, to int) string {
	if from == to {
		return number(from)
	}
	return number(from) + "–" + number(to)
}

// lines are the lines of a text that are not empty.
func lines(s string) []string {
	var all []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// at is a line of several, or "".
func at(all []string, i int) string {
	if i < len(all) {
		return all[i]
	}
	return ""
}
