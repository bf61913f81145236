package records

import (
	"context"
	"slices"
	"strings"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// step is a movement that is about to be recorded, checked.
type step struct {
	action       yard.Action
	before       yard.Stay     // zero: the stay begins with it
	movement     yard.Movement // without an id so far
	after        yard.Stay
	client, line string // names of companies to be made
	closed       bool   // it reaches into a day that is closed for accounting
}

// newCompany stands for a company that is yet to be made.
const newCompany = -1

func closed(steps []step) bool {
	return slices.ContainsFunc(steps, func(s step) bool { return s.closed })
}

// planner makes steps of what somebody asks for.
type planner struct {
	tx     *store.Tx
	d      deed
	action yard.Action
	yard   store.Yard
	zones  map[int64]*time.Location // of terminals
}

func (p *planner) begin(ctx context.Context) error {
	if err := p.tx.HoldYard(ctx, p.d.workspace); err != nil {
		return err
	}
	var err error
	if p.yard, err = p.tx.Yard(ctx, p.d.workspace); err != nil {
		return err
	}
	terminals, err := p.tx.Terminals(ctx, p.d.workspace)
	if err != nil {
		return err
	}
	p.zones = map[int64]*time.Location{}
	for _, t := range terminals {
		if p.zones[t.ID], err = time.LoadLocation(t.Zone); err != nil {
			return err
		}
	}
	return nil
}

// arrival plans a gate-in.
func (p *planner) arrival(ctx context.Context, in yard.Arrival) (step, error) {
	s := step{action: p.action, movement: yard.Movement{Kind: yard.GateIn, At: in.At, Terminal: in.Terminal, Details: in.Details}}
	m := &s.movement
	if err := p.checkGateIn(ctx, &s, in.ClientName, in.LineName); err != nil {
		return s, err
	}
	if err := yard.May(p.d.by, yard.ActGateIn, m.Terminal); err != nil {
		return s, err
	}
	if err := p.tx.LockNumbers(ctx, p.d.workspace, m.Number); err != nil {
		return s, err
	}
	there, err := p.tx.LatestBoxes(ctx, p.d.workspace, []container.Number{m.Number}, p.d.at)
	if err != nil {
		return s, err
	}
	if len(there) > 0 {
		if err := there[0].Allows(yard.ActGateIn); err != nil {
			return s, err
		}
	}
	return s, p.fold(ctx, &s, nil)
}

// checkGateIn checks what a gate-in names: container, terminal, client and line, which may be yet to be made.
func (p *planner) checkGateIn(ctx context.Context, s *step, client, line string) error {
	m := &s.movement
	number, err := container.Parse(string(m.Number))
	if err != nil {
		return err
	}
	m.Number = number
	if p.zones[m.Terminal] == nil {
		return fault.New(fault.NotFound, "yardrules.terminal_unknown")
	}
	if s.client, err = p.company(ctx, &m.Client, client); err != nil {
		return err
	}
	s.line, err = p.company(ctx, &m.Line, line)
	return err
}

// company checks a company, or finds it by its name. It gives the name if it has to be made.
func (p *planner) company(ctx context.Context, id *int64, name string) (string, error) {
	if *id != 0 {
		_, err := p.tx.Company(ctx, p.d.workspace, *id)
		return "", err
	}
	name = oneLine(name)
	if name == "" {
		return "", nil // that a client is missing is told by the fold
	}
	if err := checkName(name); err != nil {
		return "", err
	}
	found, err := p.tx.CompanyNamed(ctx, p.d.workspace, name)
	if err != nil {
		return "", err
	}
	if found != nil {
		*id = found.ID
		return "", nil
	}
	*id = newCompany
	return name, nil
}

// each plans the same movement for each of some boxes. Those for which it cannot be are refused; when that is all of
// them, the first refusal comes back as the fault.
func (p *planner) each(ctx context.Context, stays []int64, m yard.Movement) ([]step, []yard.Refusal, error) {
	stays = slices.Compact(slices.Sorted(slices.Values(stays)))
	if len(stays) > container.MostAtOnce {
		return nil, nil, container.TooMany()
	}
	boxes, err := p.tx.Boxes(ctx, p.d.workspace, stays, p.d.at)
	if err != nil {
		return nil, nil, err
	}
	if len(boxes) < len(stays) || len(boxes) == 0 {
		return nil, nil, fault.New(fault.NotFound, "yardrules.unknown")
	}
	var numbers []container.Number
	for _, b := range boxes {
		numbers = append(numbers, b.Number)
	}
	if err := p.tx.LockNumbers(ctx, p.d.workspace, numbers...); err != nil {
		return nil, nil, err
	}
	if boxes, err = p.tx.Boxes(ctx, p.d.workspace, stays, p.d.at); err != nil { // as they are now that nobody else changes them
		return nil, nil, err
	}
	histories, err := p.histories(ctx, stays)
	if err != nil {
		return nil, nil, err
	}
	var steps []step
	var refused []yard.Refusal
	for _, b := range boxes {
		s := step{action: p.action, before: b.Stay, movement: m}
		s.movement.Stay, s.movement.Terminal = b.ID, b.Terminal
		if m.Kind == yard.TransferIn {
			s.movement.Terminal = b.Bound
		}
		err := p.fits(b, s.movement)
		if err == nil {
			err = p.fold(ctx, &s, histories[b.ID])
		}
		switch f := fault.As(err); {
		case err == nil:
			steps = append(steps, s)
		case f == nil:
			return nil, nil, err
		default:
			refused = append(refused, yard.Refusal{Stay: b.ID, Number: b.Number.Grouped(), Fault: f})
		}
	}
	if len(steps) == 0 {
		return nil, nil, refused[0].Fault
	}
	return steps, refused, nil
}

func (p *planner) histories(ctx context.Context, stays []int64) (map[int64][]yard.Movement, error) {
	all, err := p.tx.Movements(ctx, p.d.workspace, stays...)
	if err != nil {
		return nil, err
	}
	histories := map[int64][]yard.Movement{}
	for _, m := range all {
		histories[m.Stay] = append(histories[m.Stay], m)
	}
	return histories, nil
}

// fits says whether the doer may do this to the box as it is now.
func (p *planner) fits(b yard.Box, m yard.Movement) error {
	if err := b.Allows(p.action); err != nil {
		return err
	}
	if err := yard.May(p.d.by, p.action, m.Terminal); err != nil {
		return err
	}
	if m.Kind == yard.GateOut {
		return wantsOrder(b, m)
	}
	return nil
}

// wantsOrder says whether a gate-out lacks the order that the box's client demands.
func wantsOrder(b yard.Box, m yard.Movement) error {
	if b.RequiresOrder && strings.TrimSpace(m.Order) == "" {
		return fault.New(fault.Invalid, "yardrules.order_missing", "Client", b.ClientName)
	}
	return nil
}

// correction plans a correction.
func (p *planner) correction(ctx context.Context, in yard.Correction) (step, error) {
	s := step{action: p.action}
	old, err := p.tx.Movement(ctx, p.d.workspace, in.Movement)
	if err != nil {
		return s, err
	}
	if strings.TrimSpace(in.Reason) == "" {
		return s, fault.New(fault.Invalid, "yardrules.reason_missing")
	}
	m := &s.movement
	*m = yard.Movement{Stay: old.Stay, Kind: old.Kind, At: in.At, Terminal: in.Terminal, Details: in.Details, Reason: in.Reason, Replaces: old.ID}
	if m.At.IsZero() {
		m.At = old.At
	}
	if m.Terminal == 0 {
		m.Terminal = old.Terminal
	}
	switch {
	case in.Reverse:
		*m = yard.Movement{Stay: old.Stay, Kind: yard.Reversed, At: old.At, Terminal: old.Terminal, Reason: in.Reason, Replaces: old.ID}
	case old.Kind == yard.GateIn:
		if m.Typed == "" {
			m.Typed = old.Typed
		}
		if err := p.checkGateIn(ctx, &s, in.ClientName, in.LineName); err != nil {
			return s, err
		}
	case p.zones[m.Terminal] == nil, m.To != 0 && p.zones[m.To] == nil:
		return s, fault.New(fault.NotFound, "yardrules.terminal_unknown")
	}
	for _, terminal := range []int64{old.Terminal, m.Terminal} {
		if err := yard.MayCorrect(p.d.by, old.Kind, terminal); err != nil {
			return s, err
		}
	}
	before, err := p.tx.Box(ctx, p.d.workspace, old.Stay, p.d.at)
	if err != nil {
		return s, err
	}
	numbers := []container.Number{before.Number}
	if m.Number != "" {
		numbers = append(numbers, m.Number)
	}
	if err := p.tx.LockNumbers(ctx, p.d.workspace, numbers...); err != nil {
		return s, err
	}
	if before, err = p.tx.Box(ctx, p.d.workspace, old.Stay, p.d.at); err != nil {
		return s, err
	}
	if !slices.Contains(numbers, before.Number) { // another correction of the number came first
		return s, fault.New(fault.Conflict, "yardrules.changed", "Number", before.Number.Grouped())
	}
	history, err := p.tx.Movements(ctx, p.d.workspace, old.Stay)
	if err != nil {
		return s, err
	}
	for _, other := range history {
		if other.Replaces == old.ID {
			return s, fault.New(fault.Conflict, "yardrules.corrected", "By", other.By.Name, "At", other.Recorded)
		}
	}
	if old.Kind == yard.Reversed {
		return s, fault.New(fault.Conflict, "yardrules.reversal_stays")
	}
	if m.Kind == yard.GateOut {
		if err := wantsOrder(before, *m); err != nil {
			return s, err
		}
	}
	s.before = before.Stay
	s.closed = p.isClosed(old.At, old.Terminal, before.Origin)
	return s, p.fold(ctx, &s, history)
}

// fold completes a step's movement and adds it to the history of its stay, which must not overlap another one.
func (p *planner) fold(ctx context.Context, s *step, history []yard.Movement) error {
	m := &s.movement
	var err error
	if *m, err = m.Tidy(); err != nil {
		return err
	}
	m.Recorded, m.By, m.Source = p.d.at, yard.Party{ID: p.d.by.ID, Name: p.d.by.Name}, yard.Source(p.d.source)
	for _, other := range history { // what is recorded later is later, whatever the clocks of two machines say
		if !m.Recorded.After(other.Recorded) {
			m.Recorded = other.Recorded.Add(time.Microsecond)
		}
	}
	if m.At.IsZero() {
		m.At = p.d.at
	}
	m.At = m.At.UTC().Truncate(time.Microsecond)
	if m.At.After(p.d.at) {
		return fault.New(fault.Invalid, "yardrules.future", "At", m.At)
	}
	m.ID = nextID(history)
	if s.after, err = yard.Fold(append(slices.Clone(history), *m)); err != nil {
		return err
	}
	m.ID = 0
	s.after.Workspace = p.d.workspace
	s.closed = s.closed || p.isClosed(m.At, m.Terminal, s.after.Origin)
	if s.before.ID != 0 {
		s.closed = s.closed || p.isClosed(m.At, s.before.Origin)
	}
	if s.after.State == yard.Void {
		return nil
	}
	id, err := p.tx.Overlapping(ctx, s.after)
	if err != nil || id == 0 {
		return err
	}
	other, err := p.tx.Box(ctx, p.d.workspace, id, p.d.at)
	if err != nil {
		return err
	}
	if other.Left.IsZero() {
		return fault.New(fault.Invalid, "yardrules.overlaps_open", "Number", other.Number.Grouped(), "Entered", other.Entered, "Terminal", other.TerminalName)
	}
	return fault.New(fault.Invalid, "yardrules.overlaps", "Number", other.Number.Grouped(), "Entered", other.Entered, "Left", other.Left)
}

// nextID is an id for a movement that has none so far: it comes after those of its history.
func nextID(history []yard.Movement) int64 {
	last := int64(0)
	for _, m := range history {
		last = max(last, m.ID)
	}
	return last + 1
}

// isClosed tells whether a moment lies in a day that is closed for accounting at any of some terminals: those of the
// movement, and of the stay's origin, where its days are counted.
func (p *planner) isClosed(at time.Time, terminals ...int64) bool {
	return slices.ContainsFunc(terminals, func(t int64) bool { return calendar.In(at, p.zones[t]) <= p.yard.ClosedThrough })
}

// write records a step: companies that it names, the movement, what the stay adds up to, and the audit log.
func (r *Records) write(ctx context.Context, tx *store.Tx, d deed, s *step) error {
	for _, c := range []struct {
		name       string
		told, into *int64
	}{{s.client, &s.movement.Client, &s.after.Client}, {s.line, &s.movement.Line, &s.after.Line}} {
		if c.name == "" {
			continue
		}
		made, err := tx.EnsureCompany(ctx, d.workspace, c.name)
		if err != nil {
			return err
		}
		*c.told, *c.into = made.ID, made.ID
	}
	var err error
	if s.before.ID == 0 {
		if s.after.ID, err = tx.AddStay(ctx, s.after); err != nil {
			return err
		}
		s.movement.Stay = s.after.ID
	} else if err = tx.SaveStays(ctx, s.after); err != nil {
		return err
	}
	if s.movement.ID, err = tx.AddMovement(ctx, d.workspace, s.movement, d.op); err != nil {
		return err
	}
	return tx.Audit(ctx, store.Change{
		Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: string(s.action), About: yard.About(s.after.ID),
		Before: s.before, After: movementDone{Stay: s.after, Movement: s.movement},
	})
}

// movementDone is what the audit log has of a movement.
type movementDone struct {
	Stay     yard.Stay     `json:"stay"`
	Movement yard.Movement `json:"movement"`
}
