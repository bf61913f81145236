package records

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// StayImport are stays told of afterwards.
type StayImport struct {
	Workspace int64       `json:"workspace"`
	Person    int64       `json:"person,omitempty"` // who imports; 0: the product itself, from the command line
	Op        string      `json:"op"`               // operation key; a repeat with it changes nothing and answers the same
	Stays     []yard.Past `json:"stays"`
}

// ImportedStay is what came of one of the stays.
type ImportedStay struct {
	Stay    int64        `json:"stay,omitempty"`
	Made    bool         `json:"made,omitempty"`    // a new stay
	Changed bool         `json:"changed,omitempty"` // a recorded stay got what it lacked
	Fault   *fault.Fault `json:"fault,omitempty"`   // why it is not recorded
}

// ImportStays records stays in one transaction and answers for each, in their order. The same number and entry again is
// the same stay, also when they were corrected since: it gets the crane operations and the exit that it lacks. Call it with some hundreds at a time.
func (r *Records) ImportStays(ctx context.Context, in StayImport) ([]ImportedStay, error) {
	return once(ctx, r, chat.Turn{Op: in.Op}, func(tx *store.Tx) ([]ImportedStay, error) {
		i := importer{tx: tx, op: in.Op, workspace: in.Workspace, at: now()}
		if err := i.begin(ctx, in); err != nil {
			return nil, err
		}
		out := make([]ImportedStay, len(in.Stays))
		for n, past := range in.Stays {
			var err error
			if out[n], err = i.take(past); err != nil {
				f := fault.As(err)
				if f == nil {
					return nil, err
				}
				out[n] = ImportedStay{Fault: f}
			}
		}
		if err := i.write(ctx, out); err != nil {
			return nil, err
		}
		return out, tx.Audit(ctx, store.Change{Workspace: in.Workspace, Person: in.Person, Op: in.Op, Action: "yard.import",
			About: "import:" + in.Op, After: out})
	})
}

// importer adds stays to what is recorded. Until they are written, new stays and movements have ids below zero, counted
// from -1.
type importer struct {
	tx        *store.Tx
	op        string
	workspace int64
	by        yard.Party
	at        time.Time

	open      calendar.Date // the first day that may be changed; 0: any
	zones     map[int64]*time.Location
	terminals map[string]int64 // by name key
	companies map[string]int64 // likewise
	known     map[int64]bool   // companies' ids
	recorded  map[container.Number][]*yard.Stay
	histories map[int64][]yard.Movement
	corrected map[container.Number][]corrected
	locked    []container.Number

	made, changed []*yard.Stay
	movements     []yard.Movement
}

// corrected is what a gate-in told of a stay before it was corrected.
type corrected struct {
	entered time.Time
	stay    *yard.Stay
}

// begin reads what there is, holds the boxes' histories, and makes the terminals and companies that are missing.
func (i *importer) begin(ctx context.Context, in StayImport) error {
	if err := i.tx.HoldYard(ctx, in.Workspace); err != nil {
		return err
	}
	if in.Person != 0 {
		p, err := i.tx.Person(ctx, in.Workspace, in.Person)
		if err != nil {
			return err
		}
		if !p.Role.May(people.RunYard) {
			return fault.New(fault.Forbidden, "yardrules.role")
		}
		i.by = yard.Party{ID: p.ID, Name: p.Name}
		if !p.Role.May(people.ApproveChanges) {
			y, err := i.tx.Yard(ctx, in.Workspace)
			if err != nil {
				return err
			}
			i.open = y.ClosedThrough + 1
		}
	}
	var numbers []container.Number
	for _, past := range in.Stays {
		numbers = append(numbers, past.Number)
	}
	known, err := i.tx.StaysOf(ctx, in.Workspace, numbers)
	if err != nil {
		return err
	}
	for _, s := range known { // also the numbers that were corrected since
		numbers = append(numbers, s.Number)
	}
	if err := i.tx.LockNumbers(ctx, in.Workspace, numbers...); err != nil { // first, as everybody does
		return err
	}
	i.locked = numbers
	if err := i.readPlaces(ctx, in.Stays); err != nil {
		return err
	}
	return i.readStays(ctx, numbers)
}

// readPlaces reads terminals and companies, and makes those that are missing.
func (i *importer) readPlaces(ctx context.Context, stays []yard.Past) error {
	i.terminals, i.companies, i.zones, i.known = map[string]int64{}, map[string]int64{}, map[int64]*time.Location{}, map[int64]bool{}
	zone, err := i.tx.Zone(ctx, i.workspace)
	if err != nil {
		return err
	}
	terminals, err := i.tx.Terminals(ctx, i.workspace)
	if err != nil {
		return err
	}
	companies, err := i.tx.Companies(ctx, i.workspace)
	if err != nil {
		return err
	}
	missing := func(names map[string]string, n yard.Named) {
		if n.ID == 0 && checkName(n.Name) == nil {
			names[yard.NameKey(n.Name)] = oneLine(n.Name)
		}
	}
	newTerminals, newCompanies := map[string]string{}, map[string]string{} // by name key
	for _, past := range stays {
		missing(newTerminals, past.Terminal)
		missing(newCompanies, past.Client)
		missing(newCompanies, past.Line)
	}
	for _, t := range terminals {
		delete(newTerminals, yard.NameKey(t.Name))
	}
	for _, c := range companies {
		delete(newCompanies, yard.NameKey(c.Name))
	}
	for _, key := range slices.Sorted(maps.Keys(newTerminals)) { // in one order, so that two imports do not wait for each other
		made, err := i.tx.EnsureTerminal(ctx, i.workspace, newTerminals[key], zone.String())
		if err != nil {
			return err
		}
		terminals = append(terminals, made)
	}
	for _, key := range slices.Sorted(maps.Keys(newCompanies)) {
		made, err := i.tx.EnsureCompany(ctx, i.workspace, newCompanies[key])
		if err != nil {
			return err
		}
		companies = append(companies, made)
	}
	for _, t := range terminals {
		i.terminals[yard.NameKey(t.Name)] = t.ID
		if i.zones[t.ID], err = time.LoadLocation(t.Zone); err != nil {
			return err
		}
	}
	for _, c := range companies {
		i.companies[yard.NameKey(c.Name)], i.known[c.ID] = c.ID, true
	}
	return nil
}

// oneLine is a name with single spaces between its words.
func oneLine(name string) string { return strings.Join(strings.Fields(name), " ") }

func named(terminals []yard.Terminal, name string) bool {
	return slices.ContainsFunc(terminals, func(t yard.Terminal) bool { return yard.NameKey(t.Name) == yard.NameKey(name) })
}

func (i *importer) readStays(ctx context.Context, numbers []container.Number) error {
	i.recorded, i.histories = map[container.Number][]*yard.Stay{}, map[int64][]yard.Movement{}
	i.corrected = map[container.Number][]corrected{}
	byID := map[int64]*yard.Stay{}
	stays, err := i.tx.StaysOf(ctx, i.workspace, numbers)
	if err != nil {
		return err
	}
	for n := range stays {
		i.recorded[stays[n].Number] = append(i.recorded[stays[n].Number], &stays[n])
		byID[stays[n].ID] = &stays[n]
	}
	all, err := i.tx.Movements(ctx, i.workspace, slices.Sorted(maps.Keys(byID))...)
	if err != nil {
		return err
	}
	replaced := map[int64]bool{}
	for _, m := range all {
		i.histories[m.Stay] = append(i.histories[m.Stay], m)
		replaced[m.Replaces] = true
	}
	for _, m := range all {
		if m.Kind == yard.GateIn && replaced[m.ID] {
			i.corrected[m.Number] = append(i.corrected[m.Number], corrected{m.At, byID[m.Stay]})
		}
	}
	return nil
}

// take adds one of the stays to what is to be written.
func (i *importer) take(past yard.Past) (ImportedStay, error) {
	number, err := container.Parse(string(past.Number))
	if err != nil {
		return ImportedStay{}, err
	}
	past.Number = number
	if s := i.find(past); s != nil {
		return i.complete(s, past)
	}
	if past.Stay != 0 {
		return ImportedStay{}, fault.New(fault.NotFound, "yardrules.unknown")
	}
	d := past.Arrival
	d.Number = number
	terminal := past.Terminal.ID
	for _, n := range []struct {
		named yard.Named
		by    map[string]int64
		into  *int64
	}{{past.Terminal, i.terminals, &terminal}, {past.Client, i.companies, &d.Client}, {past.Line, i.companies, &d.Line}} {
		if *n.into = n.named.ID; n.named.ID == 0 {
			*n.into = n.by[yard.NameKey(n.named.Name)]
		}
	}
	if i.zones[terminal] == nil {
		return ImportedStay{}, fault.New(fault.NotFound, "yardrules.terminal_unknown")
	}
	for _, company := range []int64{d.Client, d.Line} {
		if company != 0 && !i.known[company] {
			return ImportedStay{}, fault.New(fault.NotFound, "yardrules.company_unknown")
		}
	}
	fresh := yard.Stay{ID: -int64(len(i.made)) - 1, Terminal: terminal, Origin: terminal, Workspace: i.workspace}
	entry := yard.Movement{Kind: yard.GateIn, At: past.Entered, Details: d}
	after, err := i.add(fresh, append([]yard.Movement{entry}, lacking(fresh, nil, past)...))
	if err != nil {
		return ImportedStay{}, err
	}
	i.made = append(i.made, &after)
	i.recorded[number] = append(i.recorded[number], &after)
	return ImportedStay{Stay: after.ID, Made: true}, nil
}

// find gives the recorded stay that is told of: it has the number and the entry, or had them before they were corrected.
func (i *importer) find(past yard.Past) *yard.Stay {
	entered := past.Entered.Truncate(time.Microsecond)
	for _, s := range i.recorded[past.Number] {
		if past.Stay == s.ID || past.Stay == 0 && s.Entered.Equal(entered) {
			return s
		}
	}
	for _, was := range i.corrected[past.Number] {
		if past.Stay == was.stay.ID || past.Stay == 0 && was.entered.Equal(entered) {
			return was.stay
		}
	}
	return nil
}

// complete gives a recorded stay what it lacks of what is told.
func (i *importer) complete(s *yard.Stay, past yard.Past) (ImportedStay, error) {
	more := lacking(*s, i.histories[s.ID], past)
	if len(more) == 0 || s.State == yard.Void {
		return ImportedStay{Stay: s.ID}, nil
	}
	if !slices.Contains(i.locked, s.Number) { // it was corrected just now
		return ImportedStay{}, fault.New(fault.Conflict, "yardrules.changed", "Number", s.Number.Grouped())
	}
	after, err := i.add(*s, more)
	if err != nil {
		return ImportedStay{}, err
	}
	*s = after
	if s.ID > 0 && !slices.Contains(i.changed, s) {
		i.changed = append(i.changed, s)
	}
	return ImportedStay{Stay: s.ID, Changed: true}, nil
}

// lacking are the movements told of that a stay's history has not, nor had before they were corrected: crane operations,
// and the exit.
func lacking(s yard.Stay, history []yard.Movement, past yard.Past) []yard.Movement {
	had := func(k yard.Kind, o yard.Operation, at time.Time) bool {
		return slices.ContainsFunc(history, func(m yard.Movement) bool {
			return m.Kind == k && m.Operation == o && m.At.Equal(at.Truncate(time.Microsecond))
		})
	}
	var more []yard.Movement
	for _, at := range past.Cranes {
		if !had(yard.Operated, yard.Crane, at) {
			more = append(more, yard.Movement{Kind: yard.Operated, At: at, Details: yard.Details{Operation: yard.Crane}})
		}
	}
	if !past.Left.IsZero() && s.State != yard.Out && !had(yard.GateOut, "", past.Left) {
		more = append(more, yard.Movement{Kind: yard.GateOut, At: past.Left, Details: past.Departure})
	}
	return more
}

// add adds movements to a stay's history and gives what it adds up to then, unless the history cannot be.
func (i *importer) add(s yard.Stay, more []yard.Movement) (yard.Stay, error) {
	history := slices.Clone(i.histories[s.ID])
	for n, m := range more {
		var err error
		if m, err = m.Tidy(); err != nil {
			return s, err
		}
		m.Stay, m.Terminal, m.By, m.Source, m.Recorded = s.ID, s.Terminal, i.by, yard.FromImport, i.at
		for _, other := range history {
			if other.ID > 0 && !m.Recorded.After(other.Recorded) {
				m.Recorded = other.Recorded.Add(time.Microsecond)
			}
		}
		m.At = m.At.UTC().Truncate(time.Microsecond)
		if i.open > 1 && (calendar.In(m.At, i.zones[m.Terminal]) < i.open || calendar.In(m.At, i.zones[s.Origin]) < i.open) {
			return s, fault.New(fault.Forbidden, "yardrules.closed_day", "At", m.At)
		}
		m.ID = nextID(history) // until it is written
		more[n] = m
		history = append(history, m)
	}
	after, err := yard.Fold(history)
	if err != nil {
		return s, err
	}
	after.Workspace = i.workspace
	for _, other := range i.recorded[after.Number] {
		if other.ID != after.ID && other.State != yard.Void && overlap(*other, after) {
			if other.Left.IsZero() {
				return s, fault.New(fault.Invalid, "yardrules.overlaps_since", "Number", other.Number.Grouped(), "Entered", other.Entered)
			}
			return s, fault.New(fault.Invalid, "yardrules.overlaps", "Number", other.Number.Grouped(), "Entered", other.Entered, "Left", other.Left)
		}
	}
	i.histories[s.ID] = history
	i.movements = append(i.movements, more...)
	return after, nil
}

// overlap tells whether two stays are there at the same time, or begin at the same moment; as store.Overlapping does.
func overlap(a, b yard.Stay) bool {
	begins := func(x, y yard.Stay) bool { return y.Left.IsZero() || x.Entered.Before(y.Left) }
	return a.Entered.Equal(b.Entered) || begins(a, b) && begins(b, a)
}

// write stores what was added, with ids of the database, which out gets too.
func (i *importer) write(ctx context.Context, out []ImportedStay) error {
	stays, err := i.tx.TakeIDs(ctx, "stays", len(i.made))
	if err != nil {
		return err
	}
	ids, err := i.tx.TakeIDs(ctx, "movements", len(i.movements))
	if err != nil {
		return err
	}
	settle := func(id *int64) {
		if *id < 0 {
			*id = stays[-*id-1]
		}
	}
	made := make([]yard.Stay, len(i.made))
	for n, s := range i.made {
		settle(&s.ID)
		made[n] = *s
	}
	for n := range i.movements {
		settle(&i.movements[n].Stay)
		i.movements[n].ID = ids[n]
	}
	for n := range out {
		settle(&out[n].Stay)
	}
	if err := i.tx.AddStays(ctx, i.workspace, made, i.movements, i.op); err != nil {
		return err
	}
	y, err := i.tx.Yard(ctx, i.workspace)
	if err != nil {
		return err
	}
	// Who imports long stayers knows of them: the sheet had them.
	if err := i.tx.KnowLongStays(ctx, i.workspace, stays, i.at.AddDate(0, 0, -y.LongStayDays)); err != nil {
		return err
	}
	changed := make([]yard.Stay, len(i.changed))
	for n, s := range i.changed {
		changed[n] = *s
	}
	return i.tx.SaveStays(ctx, changed...)
}
