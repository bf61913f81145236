package yard

import (
	"slices"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
)

// Allows says whether the box is in a state for the action: nil, or a fault that says what happened to it, when, and who
// recorded that. The zero Stay is that of a box that has never been here.
func (s Stay) Allows(a Action) error {
	switch a {
	case ActGateIn:
		if s.State == In || s.State == InTransit {
			return s.stands()
		}
	case ActRelease, ActTransfer, ActHandle, ActHold, ActUnhold:
		switch {
		case s.State != In && !(s.State == InTransit && (a == ActHold || a == ActUnhold)): // held on its way, it cannot slip out on arrival
			return s.stands()
		case a == ActRelease && s.OnHold && s.Held != "":
			return fault.New(fault.Conflict, "yardrules.held_for", "Number", s.Number.Grouped(), "Reason", s.Held)
		case (a == ActRelease || a == ActHold) && s.OnHold:
			return fault.New(fault.Conflict, "yardrules.held", "Number", s.Number.Grouped())
		case a == ActUnhold && !s.OnHold:
			return fault.New(fault.Conflict, "yardrules.not_held", "Number", s.Number.Grouped())
		}
	case ActReceive:
		if s.State != InTransit {
			return s.stands()
		}
	case ActCorrect:
		if s.State == "" || s.State == Void {
			return s.stands()
		}
	case ActHistory:
		if s.State == "" {
			return s.stands()
		}
	}
	return nil
}

// stands is the refusal that says how the box stands.
func (s Stay) stands() *fault.Fault {
	if s.State == "" {
		return fault.New(fault.NotFound, "yardrules.unknown")
	}
	return fault.New(fault.Conflict, "yardrules.stands_"+string(s.State), "Number", s.Number.Grouped(), "Since", s.Since, "By", s.By)
}

// permissions are what the actions on a box take.
var permissions = map[Action]people.Permission{
	ActGateIn: people.MoveBoxes, ActRelease: people.MoveBoxes, ActTransfer: people.MoveBoxes, ActReceive: people.MoveBoxes,
	ActCorrect: people.MoveBoxes, ActHandle: people.MoveBoxes, ActHold: people.HoldBoxes, ActUnhold: people.HoldBoxes,
	ActHistory: people.SeeYard,
}

// actions are those on a box, in the order in which they are offered.
var actions = []Action{ActReceive, ActRelease, ActTransfer, ActGateIn, ActHandle, ActHold, ActUnhold, ActCorrect, ActHistory}

// Can lists what a person can do with the box now, by its state, their role and their post.
func (s Stay) Can(p people.Person) []Action {
	return slices.DeleteFunc(slices.Clone(actions), func(a Action) bool {
		return s.Refuses(p, a) != nil
	})
}

// Refuses says why a person cannot do something with the box now: nil when they can, else a fault.
func (s Stay) Refuses(p people.Person, a Action) error {
	if err := s.Allows(a); err != nil {
		return err
	}
	return May(p, a, s.where(a)...)
}

// where are the terminals at which somebody who does this to the box may be posted; none: at any.
func (s Stay) where(a Action) []int64 {
	switch a {
	case ActRelease, ActTransfer, ActHandle:
		return []int64{s.Terminal}
	case ActReceive:
		return []int64{s.Bound}
	case ActCorrect:
		var all []int64
		for _, leg := range s.Legs {
			all = append(all, leg.Terminal)
		}
		return all
	}
	return nil
}

// May says whether a person may do something at any of some terminals: nil, or a Forbidden fault. A dispatcher acts at
// the terminal that is their post only.
func May(p people.Person, a Action, at ...int64) error {
	if !p.Role.May(permissions[a]) {
		return fault.New(fault.Forbidden, "yardrules.role")
	}
	if p.Role != people.Dispatcher || permissions[a] != people.MoveBoxes {
		return nil
	}
	post := p.PostOf("terminal")
	switch {
	case post == 0:
		return fault.New(fault.Forbidden, "yardrules.no_post")
	case len(at) > 0 && !slices.Contains(at, post):
		return fault.New(fault.Forbidden, "yardrules.other_terminal")
	}
	return nil
}

// deeds are the actions that record the kinds of movements.
var deeds = map[Kind]Action{
	GateIn: ActGateIn, GateOut: ActRelease, TransferOut: ActTransfer, TransferIn: ActReceive, Operated: ActHandle, Held: ActHold, Unheld: ActUnhold,
}

// MayCorrect says whether a person may correct a movement of a kind at any of some terminals: those may who may record
// it, so nobody lifts a hold by taking it back who could not lift it. It gives nil, or a Forbidden fault.
func MayCorrect(p people.Person, k Kind, at ...int64) error {
	a, known := deeds[k]
	if !known { // a reversal, which is refused to all who see it
		a = ActCorrect
	}
	return May(p, a, at...)
}

// Days counts the days of a stay from one moment to another as people do: calendar days in a zone, both ends counted.
func Days(from, to time.Time, zone *time.Location) int {
	return int(calendar.In(to, zone)-calendar.In(from, zone)) + 1
}
