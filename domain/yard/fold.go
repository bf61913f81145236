package yard

import (
	"cmp"
	"slices"

	"quaydesk/domain/fault"
)

// Fold adds the movements of one stay up, whatever order they come in. What a later movement replaces no longer counts,
// nor does a reversal itself. What counts, in the order in which it happened, must be a history that can have been: a
// gate-in first and once, a gate-out last and not of a held box, a transfer-in after each transfer-out and nothing but
// holds between these two, everything at the terminal where the box was, or that it left last. Otherwise the error is a fault that names what does
// not fit. Of no movements it is NotFound. The stay's Workspace is the caller's to know.
func Fold(movements []Movement) (Stay, error) {
	if len(movements) == 0 {
		return Stay{}, fault.New(fault.NotFound, "yardrules.unknown")
	}
	s := Stay{ID: movements[0].Stay, Version: len(movements)}
	counting := Effective(movements)
	if len(counting) == 0 {
		return s.void(movements), nil
	}
	for _, m := range counting {
		if err := m.check(); err != nil {
			return Stay{}, err
		}
	}
	entry := slices.IndexFunc(counting, func(m Movement) bool { return m.Kind == GateIn })
	switch {
	case entry < 0:
		return Stay{}, misfit(counting[0], "yardrules.no_gate_in")
	case entry > 0:
		return Stay{}, fault.New(fault.Invalid, "yardrules.before_entry",
			"Kind", counting[0].Kind.Label(), "At", counting[0].At, "Entered", counting[entry].At)
	}
	s.enter(counting[0])
	for _, m := range counting[1:] {
		if err := s.take(m); err != nil {
			return Stay{}, err
		}
	}
	return s, nil
}

// Effective gives the movements that count, in the order in which they happened: at the same moment a correction stands
// where what it corrects stood.
func Effective(movements []Movement) []Movement {
	replaced, by := map[int64]bool{}, map[int64]Movement{}
	for _, m := range movements {
		by[m.ID] = m
		if m.Replaces != 0 {
			replaced[m.Replaces] = true
		}
	}
	first := func(m Movement) int64 { // of the chain of corrections that ends with m
		for m.Replaces != 0 && by[m.Replaces].ID != 0 {
			m = by[m.Replaces]
		}
		return m.ID
	}
	var counting []Movement
	for _, m := range movements {
		if !replaced[m.ID] && m.Kind != Reversed {
			counting = append(counting, m)
		}
	}
	slices.SortFunc(counting, func(a, b Movement) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(first(a), first(b)))
	})
	return counting
}

// void is a stay of which nothing is left: it keeps what its last gate-in said.
func (s Stay) void(movements []Movement) Stay {
	last := movements[0]
	for _, m := range movements {
		if m.Kind == GateIn && (last.Kind != GateIn || m.ID > last.ID) {
			last = m
		}
	}
	s.enter(last)
	s.State, s.Legs, s.Done = Void, nil, nil
	for _, m := range movements {
		if m.Kind == Reversed && !m.Recorded.Before(s.Since) {
			s.Since, s.By = m.Recorded, m.By.Name
		}
	}
	return s
}

func (s *Stay) enter(m Movement) {
	s.Number, s.SizeType, s.Load, s.Client, s.Line = m.Number, m.SizeType, m.Load, m.Client, m.Line
	s.Origin, s.Entered = m.Terminal, m.At
	s.stand(m)
	s.Done = []Handled{{LiftOff, m.At}}
}

// stand puts the box at the movement's terminal.
func (s *Stay) stand(m Movement) {
	s.State, s.Terminal, s.Bound, s.Place, s.Since, s.By = In, m.Terminal, 0, m.Place, m.At, m.By.Name
	s.Legs = append(s.Legs, Leg{Terminal: m.Terminal, From: m.At})
}

// leave ends the leg at the terminal.
func (s *Stay) leave(m Movement, state State) {
	s.State, s.Since, s.By = state, m.At, m.By.Name
	s.Legs[len(s.Legs)-1].To = m.At
}

// take adds the next movement.
func (s *Stay) take(m Movement) error {
	switch {
	case m.Kind == GateIn:
		return misfit(m, "yardrules.second_gate_in")
	case s.State == Out:
		return fault.New(fault.Invalid, "yardrules.after_exit", "Kind", m.Kind.Label(), "At", m.At, "Left", s.Left)
	case m.Kind == TransferIn:
		if s.State != InTransit {
			return misfit(m, "yardrules.then_not_in_transit")
		}
		if m.Terminal != s.Bound {
			return misfit(m, "yardrules.bound_elsewhere")
		}
		s.stand(m)
		return nil
	case s.State == InTransit && m.Kind != Held && m.Kind != Unheld:
		return misfit(m, "yardrules.then_in_transit")
	case m.Terminal != s.Terminal:
		return misfit(m, "yardrules.elsewhere")
	}
	switch m.Kind {
	case GateOut:
		if s.OnHold {
			return misfit(m, "yardrules.then_held")
		}
		s.leave(m, Out)
		s.Left = m.At
		s.Done = append(s.Done, Handled{LiftOn, m.At})
	case TransferOut:
		s.leave(m, InTransit)
		s.Bound = m.To
	case Operated:
		s.Done = append(s.Done, Handled{m.Operation, m.At})
		if m.Place != "" {
			s.Place = m.Place
		}
	case Held:
		if s.OnHold {
			return misfit(m, "yardrules.then_held")
		}
		s.OnHold, s.Held = true, m.Reason
	case Unheld:
		if !s.OnHold {
			return misfit(m, "yardrules.then_not_held")
		}
		s.OnHold, s.Held = false, ""
	}
	return nil
}

// check says whether the movement by itself tells what one of its kind must.
func (m Movement) check() error {
	switch {
	case m.At.IsZero() || m.At.Year() < earliest:
		return fault.New(fault.Invalid, "yardrules.long_ago")
	case m.At.After(m.Recorded):
		return fault.New(fault.Invalid, "yardrules.future", "At", m.At)
	case m.Terminal == 0:
		return fault.New(fault.Invalid, "yardrules.terminal_missing")
	}
	switch m.Kind {
	case GateIn:
		switch {
		case m.Number == "":
			return fault.New(fault.Invalid, "yardrules.number_missing")
		case m.Client == 0:
			return fault.New(fault.Invalid, "yardrules.client_missing")
		}
	case TransferOut:
		if m.To == 0 || m.To == m.Terminal {
			return fault.New(fault.Invalid, "yardrules.to_missing")
		}
	case Operated:
		if m.Operation != Crane && m.Operation != Weighing {
			return fault.New(fault.Invalid, "yardrules.operation_missing")
		}
	case GateOut, TransferIn, Held, Unheld:
	default:
		return fault.New(fault.Invalid, "yardrules.kind_unknown")
	}
	return CheckTonnage(m.Tonnage)
}

// misfit is a refusal that names a movement which does not fit into the history: another time, or something else, may.
func misfit(m Movement, key string) *fault.Fault {
	return fault.New(fault.Invalid, key, "Kind", m.Kind.Label(), "At", m.At)
}
