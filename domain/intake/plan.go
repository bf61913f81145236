package intake

import (
	"slices"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// Known is what a plan is made against.
type Known struct {
	Now       time.Time
	Zone      *time.Location // of the workspace: a terminal that is made is in it
	Terminals []yard.Terminal
	Companies []yard.Company
	Stays     map[container.Number][]yard.Stay // at least those of Numbers of the tables, also of what these were corrected to
	Corrected []yard.Movement                  // of these stays, those that no longer count

	Terminal   string // name of the terminal that rows are of that name none; "": that of the sheet's name, or the only one if that name says nothing
	NewClients bool   // make clients that are not there; a workspace without companies does so anyhow
}

// Plan is what is to be recorded of tables, and what is not.
type Plan struct {
	Steps     []Step      // each for a stay, none twice, in the order of the tables
	Terminals []string    // to be made
	Companies []string    // to be made
	Unchanged int         // rows of which all is recorded already
	Repeats   []Repeat    // rows that say again what another one of the tables does
	Doubts    []Doubt     // in the order of the tables, often several of a row
	Rejected  []Rejection // the rows of the doubts
}

// Step is what is to be recorded of one row.
type Step struct {
	Where
	yard.Past
	row *told
}

// Where is a row of a file.
type Where struct {
	Sheet string `json:"sheet,omitempty"`
	Row   int    `json:"row"` // from 1
}

// Repeat is a row that says again what an earlier one says, or a part of what a later one does.
type Repeat struct {
	Where
	Of Where `json:"of"`
}

// Reason names to machines what is doubtful.
type Reason string

// The reasons.
const (
	BadNumber       Reason = "number"
	NoNumber        Reason = "number_missing"
	NoEntry         Reason = "entry_missing"
	BadDate         Reason = "date"
	Future          Reason = "future"
	ExitFirst       Reason = "exit_before_entry"
	Overlap         Reason = "overlap" // in while it is in: the stay before has no exit, or a later one
	Differs         Reason = "differs" // from another row of the same stay, or from what is recorded
	CraneOutside    Reason = "crane_outside"
	NoClient        Reason = "client_missing"
	UnknownClient   Reason = "client_unknown"
	SimilarCompany  Reason = "company_similar" // nearly another's name
	BadType         Reason = "type"
	BadTonnage      Reason = "tonnage"
	BadLoad         Reason = "load"
	UnknownTerminal Reason = "terminal_unknown"
	Refused         Reason = "refused" // by the yard, when it was to be recorded
)

// Doubt is why a row is not recorded.
type Doubt struct {
	Where
	Column      Column    `json:"column"`
	Title       string    `json:"title"` // of the column, as the file has it
	Reason      Reason    `json:"reason"`
	Text        chat.Text `json:"-"`
	Suggestions []string  `json:"suggestions,omitempty"`
}

// Rejection is a row of a table that is not recorded, for the file of what is not right.
type Rejection struct {
	Table  *Table
	Row    Row
	Doubts []Doubt
}

// Numbers are the container numbers of tables that can be read, each once.
func Numbers(tables []Table) []container.Number {
	seen := map[container.Number]bool{}
	var all []container.Number
	for _, t := range tables {
		for _, row := range t.Rows {
			if n, err := container.Parse(t.text(row, Number)); err == nil && !seen[n] {
				seen[n] = true
				all = append(all, n)
			}
		}
	}
	return all
}

// planner makes a Plan.
type planner struct {
	Known
	plan      Plan
	companies companies
	sheet     ofSheet // of the table whose rows are read
	made      map[made]bool
	were      map[container.Number][]were
	gone      map[int64][]yard.Movement // those that no longer count, by stay
}

// were is what a gate-in told of a stay before it was corrected.
type were struct {
	entered time.Time
	stay    yard.Stay
}

// knowCorrections sorts out what was told before it was corrected: a row that tells it still tells of the same stay.
func (p *planner) knowCorrections() {
	stays := map[int64]yard.Stay{}
	for _, some := range p.Stays {
		for _, s := range some {
			stays[s.ID] = s
		}
	}
	for _, m := range p.Corrected {
		p.gone[m.Stay] = append(p.gone[m.Stay], m)
		if m.Kind == yard.GateIn {
			p.were[m.Number] = append(p.were[m.Number], were{m.At, stays[m.Stay]})
		}
	}
}

// Make plans what is to be recorded of tables. Rows are taken as if somebody told of them in the order in which they
// happened: what the yard would refuse then is doubtful.
func Make(tables []Table, known Known) Plan {
	p := planner{Known: known, made: map[made]bool{}, were: map[container.Number][]were{}, gone: map[int64][]yard.Movement{}}
	p.knowCorrections()
	p.companies = p.knowCompanies(tables)
	var all []*told
	for i := range tables {
		p.sheet = p.ofSheet(&tables[i], tables)
		for _, row := range tables[i].Rows {
			if t := p.read(&tables[i], row); t != nil {
				all = append(all, t)
			}
		}
	}
	byNumber := map[container.Number][]*told{}
	for _, t := range all {
		if len(t.doubts) == 0 {
			byNumber[t.number] = append(byNumber[t.number], t)
		}
	}
	for number, rows := range byNumber {
		complete(rows)
		slices.SortStableFunc(rows, func(a, b *told) int { return a.entry.Compare(b.entry) })
		p.fit(rows, known.Stays[number])
	}
	for _, t := range all {
		p.take(t)
	}
	return p.plan
}

// fit judges the rows of one box against each other and what is recorded of it, in the order of their entries.
func (p *planner) fit(rows []*told, recorded []yard.Stay) {
	for i, row := range rows {
		if row.repeats != nil {
			continue
		}
		if first := sameRow(row, rows[:i]); first != nil {
			switch {
			case !row.agrees(first):
			case !first.sameExit(row):
				row.doubt(Left, Differs, fault.New(fault.Conflict, "intake.differs_row", "Row", first.row.Line))
			default:
				row.repeats = first
			}
			continue
		}
		if stay := p.sameStay(row, recorded); stay != nil {
			if row.recorded = true; !p.agrees(row, *stay) || !row.adds(*stay, p.gone[stay.ID]) {
				continue
			}
		}
		row.clash(rows[:i], recorded)
	}
}

// sameStay finds the recorded stay that a row tells of, as it is or as it was told of before it was corrected.
func (p *planner) sameStay(row *told, recorded []yard.Stay) *yard.Stay {
	for i, s := range recorded {
		if sameRecorded(row.entry, row.entryTimed, s.Entered, row.zone) {
			return &recorded[i]
		}
	}
	for i, w := range p.were[row.number] {
		if sameRecorded(row.entry, row.entryTimed, w.entered, row.zone) {
			return &p.were[row.number][i].stay
		}
	}
	return nil
}

// sameRecorded is sameMoment for one that is recorded: at midnight it had no time of day.
func sameRecorded(a time.Time, timed bool, recorded time.Time, zone *time.Location) bool {
	recorded = recorded.In(zone)
	return sameMoment(a, timed, recorded, midnight(recorded), zone)
}

// sameRow finds the first row that tells of the same stay.
func sameRow(row *told, earlier []*told) *told {
	for _, e := range earlier {
		if len(e.doubts) == 0 && e.repeats == nil && sameMoment(row.entry, row.entryTimed, e.entry, !e.entryTimed, row.zone) {
			return e
		}
	}
	return nil
}

// sameMoment tells whether two moments are on the same day and, if both have a time of day, in the same minute.
func sameMoment(a time.Time, timed bool, b time.Time, untimed bool, zone *time.Location) bool {
	if !timed || untimed {
		return calendar.In(a, zone) == calendar.In(b, zone)
	}
	return a.Truncate(time.Minute).Equal(b.Truncate(time.Minute))
}

func midnight(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 }

// adds tells whether a row adds something to the stay that it tells of: an exit, or crane operations, unless they are
// among the movements that are gone: these were recorded once, and corrected since.
func (t *told) adds(s yard.Stay, gone []yard.Movement) bool {
	if s.State == yard.Void {
		return false // it was taken back since
	}
	if t.left && slices.ContainsFunc(gone, func(m yard.Movement) bool {
		return m.Kind == yard.GateOut && sameRecorded(t.exit, t.exitTimed, m.At, t.zone)
	}) {
		t.left = false
	}
	if t.left && s.State == yard.InTransit {
		t.doubt(Left, Differs, fault.New(fault.Conflict, "intake.in_transit", "Since", s.Since))
		return false
	}
	if t.left && s.State == yard.Out {
		if !sameRecorded(t.exit, t.exitTimed, s.Left, t.zone) {
			t.doubt(Left, Differs, fault.New(fault.Conflict, "intake.differs", "Left", s.Left))
			return false
		}
	}
	t.cranes = slices.DeleteFunc(t.cranes, func(at time.Time) bool {
		return s.State == yard.InTransit || slices.ContainsFunc(s.Done, func(d yard.Handled) bool {
			return d.Operation == yard.Crane && calendar.In(d.At, t.zone) == calendar.In(at, t.zone)
		}) || slices.ContainsFunc(gone, func(m yard.Movement) bool {
			return m.Operation == yard.Crane && calendar.In(m.At, t.zone) == calendar.In(at, t.zone)
		})
	})
	leaves := t.left && s.State == yard.In
	if !leaves && len(t.cranes) == 0 {
		return false
	}
	t.stay, t.entry, t.entryTimed = s.ID, s.Entered, true
	if leaves {
		t.exit = t.notBefore(t.exit, t.exitTimed)
	} else if t.left = false; s.State == yard.Out {
		t.exit, t.closed = s.Left, true
	}
	for i, at := range t.cranes {
		t.cranes[i] = t.notBefore(at, false)
	}
	return true
}

// clash finds a stay of the same box that a row's would overlap.
func (t *told) clash(earlier []*told, recorded []yard.Stay) {
	for _, e := range earlier {
		if len(e.doubts) > 0 || e.repeats != nil || e.recorded || !t.overlaps(e.entry, e.end()) {
			continue
		}
		key := "intake.overlap_row"
		if !e.left {
			key = "intake.still_in_row"
		}
		t.doubt(Entered, Overlap, fault.New(fault.Conflict, key, "Row", e.row.Line, "Entered", e.entry))
		return
	}
	for _, s := range recorded {
		end := s.Left
		if end.IsZero() {
			end = endless
		}
		switch {
		case s.State == yard.Void || s.ID == t.stay || !t.overlaps(s.Entered, end):
			continue
		case s.Left.IsZero():
			t.doubt(Entered, Overlap, fault.New(fault.Conflict, "intake.still_in", "Entered", s.Entered))
		default:
			t.doubt(Entered, Overlap, fault.New(fault.Conflict, "intake.overlap", "Entered", s.Entered, "Left", s.Left))
		}
		return
	}
}

// overlaps tells whether a row's stay overlaps another. One that begins on the day on which the other ends, at no time
// that is told, begins after it.
func (t *told) overlaps(from, to time.Time) bool {
	if !t.entryTimed && from.Before(t.entry) && t.entry.Before(to) && calendar.In(to, t.zone) == calendar.In(t.entry, t.zone) {
		t.entry = to
		t.exit = t.notBefore(t.exit, t.exitTimed)
		for i, at := range t.cranes {
			t.cranes[i] = t.notBefore(at, false)
		}
	}
	return from.Before(t.end()) && t.entry.Before(to)
}

var endless = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// take puts a judged row into the plan.
func (p *planner) take(t *told) {
	switch {
	case len(t.doubts) > 0:
		p.plan.Doubts = append(p.plan.Doubts, t.doubts...)
		p.plan.Rejected = append(p.plan.Rejected, Rejection{t.table, t.row, t.doubts})
	case t.repeats != nil:
		p.plan.Repeats = append(p.plan.Repeats, Repeat{t.where(), t.repeats.where()})
	case t.recorded && t.stay == 0:
		p.plan.Unchanged++
	default:
		step := Step{t.where(), yard.Past{Stay: t.stay, Number: t.number, Terminal: t.terminal, Client: t.client, Line: t.line,
			Entered: t.entry, Arrival: t.arrival, Cranes: t.cranes, Departure: t.departure}, t}
		if t.left {
			step.Left = t.exit
		}
		p.plan.Steps = append(p.plan.Steps, step)
		if t.stay == 0 {
			p.make(t.terminal, &p.plan.Terminals)
			p.make(t.client, &p.plan.Companies)
			p.make(t.line, &p.plan.Companies)
		}
	}
}

// make notes a name that is to be made, once.
func (p *planner) make(n yard.Named, names *[]string) {
	if n.ID != 0 || n.Name == "" {
		return
	}
	if key := (made{names, yard.NameKey(n.Name)}); !p.made[key] {
		p.made[key] = true
		*names = append(*names, n.Name)
	}
}

// made is a name of a list of those to be made.
type made struct {
	list *[]string
	key  string
}

// Refuse makes a doubt of a step that the yard did not let be recorded.
func (p *Plan) Refuse(s Step, f *fault.Fault) {
	s.row.doubt(Number, Refused, f)
	p.Doubts = append(p.Doubts, s.row.doubts...)
	p.Rejected = append(p.Rejected, Rejection{s.row.table, s.row.row, s.row.doubts})
}
