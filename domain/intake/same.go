package intake

import (
	"slices"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// complete finds the rows of one box, as they stand in the file, that are there again later with their exit: these tell
// of the stay, with what else the former say.
func complete(rows []*told) {
	for i, row := range rows {
		if !row.left {
			continue
		}
		for _, e := range rows[:i] {
			if !e.left && e.repeats == nil && len(e.doubts) == 0 && row.differsFrom(e) == "" && row.completes(e) {
				e.repeats = row
			}
		}
	}
}

// completes makes a row with an exit tell all that one of the same stay without an exit does; false when that cannot be.
func (t *told) completes(e *told) bool {
	if !sameMoment(t.entry, t.entryTimed, e.entry, !e.entryTimed, t.zone) {
		return false
	}
	if e.entryTimed && !t.entryTimed {
		if t.exitTimed && t.exit.Before(e.entry) {
			return false
		}
		t.entry, t.entryTimed = e.entry, true
		t.exit = t.notBefore(t.exit, t.exitTimed)
		for i, at := range t.cranes {
			t.cranes[i] = t.notBefore(at, false)
		}
	}
	for _, at := range e.cranes {
		sameDay := func(other time.Time) bool { return calendar.In(at, t.zone) == calendar.In(other, t.zone) }
		if !slices.ContainsFunc(t.cranes, sameDay) && !at.After(t.exit) {
			t.cranes = append(t.cranes, at)
		}
	}
	return true
}

// differsFrom gives the column in which a row says something else of the same stay than another row; "" when in none.
func (t *told) differsFrom(other *told) Column {
	switch {
	case t.client != other.client:
		return Client
	case typesDiffer(t.arrival.SizeType, other.arrival.SizeType):
		return Type
	case t.loadIn != "" && other.loadIn != "" && t.arrival.Load != other.arrival.Load:
		return t.loadIn
	}
	return ""
}

// agrees doubts a row that says something else of the same stay than another row.
func (t *told) agrees(other *told) bool {
	c := t.differsFrom(other)
	if c != "" {
		t.doubt(c, Differs, fault.New(fault.Conflict, "intake.differs_row_cell", "Row", other.row.Line))
	}
	return c == ""
}

// agrees doubts a row that says something else of its stay than what is recorded, unless it says what was recorded before
// it was corrected.
func (p *planner) agrees(t *told, s yard.Stay) bool {
	if s.State == yard.Void {
		return true
	}
	once := func(said func(yard.Details) bool) bool {
		return slices.ContainsFunc(p.gone[s.ID], func(m yard.Movement) bool { return m.Kind == yard.GateIn && said(m.Details) })
	}
	differs := func(c Column) { t.doubt(c, Differs, fault.New(fault.Conflict, "intake.differs_cell")) }
	if s.Client != 0 && t.client.ID != s.Client && !once(func(d yard.Details) bool { return t.client.ID != 0 && d.Client == t.client.ID }) {
		differs(Client)
	}
	if told := t.arrival.SizeType; typesDiffer(told, s.SizeType) && !once(func(d yard.Details) bool { return d.SizeType != "" && !typesDiffer(told, d.SizeType) }) {
		differs(Type)
	}
	if told := t.arrival.Load; t.loadIn != "" && s.Load != "" && told != s.Load && !once(func(d yard.Details) bool { return d.Load == told }) {
		differs(t.loadIn)
	}
	return len(t.doubts) == 0
}

// typesDiffer tells whether two types cannot be one container's: one may say less than the other.
func typesDiffer(a, b container.SizeType) bool {
	if a == "" || b == "" {
		return false
	}
	coded := len(a) == 4 && len(b) == 4
	return a.Length() != b.Length() || coded && (a.Group() != b.Group() || a.HighCube() != b.HighCube())
}
