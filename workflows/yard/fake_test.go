package yard_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/dialog/dialogtest"
	flows "quaydesk/workflows/yard"
)

// port doubles the yard's activities with the domain's own rules, for one person. What others are told is the records'
// own business and tested there.
type port struct {
	t         testing.TB
	talk      *dialogtest.Talk
	person    people.Person
	terminals []yard.Terminal
	companies []yard.Company
	movements []yard.Movement
	stays     int64
	closed    bool // the days before today are closed for accounting
	asked     []yard.Change
	decided   []yard.Decision
	sheets    []records.Reporting
	amounts   bool

	arrivals    []yard.Arrival
	corrections []yard.Correction
}

// start is when a talk begins: 14:00 in Tashkent.
var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func newPort(t testing.TB) *port {
	p := &port{t: t, person: people.Person{ID: 7, Workspace: 1, Name: "Ann", Role: people.Dispatcher, Post: "terminal:1"}}
	for i, name := range []string{"Sergeli", "Chukursay", "Bukhara"} {
		p.terminals = append(p.terminals, yard.Terminal{ID: int64(i + 1), Workspace: 1, Name: name, Zone: "Asia/Tashkent"})
	}
	for i, name := range []string{"Asia Trans", "Silk Cargo", "Maersk"} {
		p.companies = append(p.companies, yard.Company{ID: int64(i + 1), Workspace: 1, Name: name, RequiresOrder: name == "Silk Cargo"})
	}
	return p
}

// talk begins a talk with the yard.
func talk(t *testing.T, p *port, lang string) *dialogtest.Talk {
	p.talk = dialogtest.New(t, dialogtest.Setup{Modules: []dialog.Module{flows.Module()}, Activities: []any{p}, Lang: lang, Role: p.person.Role})
	return p.talk
}

func (p *port) now() time.Time {
	if p.talk == nil {
		return start
	}
	return p.talk.Now()
}

// has lets a box stand at the first terminal for some days.
func (p *port) has(number string, days int) *port {
	p.stays++
	p.movements = append(p.movements, yard.Movement{ID: int64(len(p.movements) + 1), Stay: p.stays, Kind: yard.GateIn, Terminal: 1,
		At: start.AddDate(0, 0, -days), Recorded: start.AddDate(0, 0, -days), By: yard.Party{ID: 8, Name: "Timur"},
		Details: yard.Details{Number: container.Number(number), SizeType: "22G1", Load: container.Laden, Client: 1}})
	return p
}

// moves records a movement of the latest box, by somebody else.
func (p *port) moves(kind yard.Kind, terminal int64, ago time.Duration, det yard.Details) *port {
	p.movements = append(p.movements, yard.Movement{ID: int64(len(p.movements) + 1), Stay: p.stays, Kind: kind, Terminal: terminal,
		At: start.Add(-ago), Recorded: start.Add(-ago), By: yard.Party{ID: 8, Name: "Timur"}, Details: det})
	return p
}

func (p *port) of(stay int64) []yard.Movement {
	var all []yard.Movement
	for _, m := range p.movements {
		if m.Stay == stay {
			all = append(all, m)
		}
	}
	return all
}

func (p *port) box(stay int64) yard.Box {
	s, err := yard.Fold(p.of(stay))
	require.NoError(p.t, err)
	b := yard.Box{Stay: s, TerminalName: p.terminal(s.Terminal), BoundName: p.terminal(s.Bound)}
	for _, c := range p.companies {
		if c.ID == s.Client {
			b.ClientName, b.RequiresOrder = c.Name, c.RequiresOrder
		}
		if c.ID == s.Line {
			b.LineName = c.Name
		}
	}
	zone, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(p.t, err)
	until := p.now()
	if !s.Left.IsZero() {
		until = s.Left
	}
	b.Days = yard.Days(s.Entered, until, zone)
	return b
}

func (p *port) terminal(id int64) string {
	for _, t := range p.terminals {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}

// latest is the latest stay of a number, or none.
func (p *port) latest(n container.Number) *yard.Box {
	for id := p.stays; id > 0; id-- {
		if b := p.box(id); b.Number == n {
			return &b
		}
	}
	return nil
}

func (p *port) LookAtBoxes(_ context.Context, turn chat.Turn, in records.Looking) (records.Looked, error) {
	require.Empty(p.t, turn.Op, "a look writes nothing")
	var looked records.Looked
	add := func(k records.Known) {
		var s yard.Stay
		if k.Box != nil {
			s = k.Box.Stay
			if p.amounts {
				k.Accrued = []money.Amount{{Value: decimal.NewFromInt(int64(12 * k.Box.Days)), Currency: money.USD}}
			}
		}
		if k.Number != "" {
			k.Can = s.Can(p.person)
			if in.For != "" && !slices.Contains(k.Can, in.For) {
				k.Refused = &fault.As(s.Refuses(p.person, in.For)).Text
			}
		}
		if k.Refused != nil && in.For != yard.ActGateIn {
			var stock []container.Number
			for id := range p.stays {
				if b := p.box(id + 1); b.State == yard.In {
					stock = append(stock, b.Number)
				}
			}
			k.Nearest = slices.DeleteFunc(container.Nearest(k.Typed, stock), func(n container.Number) bool { return n == k.Number })
		}
		if in.For == "" && k.Box != nil {
			for _, m := range p.of(k.Box.ID) {
				k.Photos += len(m.Photos)
			}
		}
		looked.Boxes = append(looked.Boxes, k)
	}
	for id := range p.stays {
		b := p.box(id + 1)
		coming := in.Typed == "" && len(in.Stays) == 0 && b.State == yard.InTransit && b.Bound == 1
		if slices.Contains(in.Stays, b.ID) || coming {
			add(records.Known{Typed: string(b.Number), Number: b.Number, Box: &b})
		}
	}
	for _, typed := range container.Split(in.Typed) {
		r := container.Check(typed)
		k := records.Known{Typed: typed}
		if r.Valid {
			k.Number, k.Strange, k.Box = r.Number, !r.Known, p.latest(r.Number)
		} else {
			k.Refused = &r.Fault().Text
		}
		add(k)
	}
	return looked, nil
}

func (p *port) RecentChoices(context.Context, chat.Turn, struct{}) (records.Choices, error) {
	c := records.Choices{Terminals: p.terminals, Clients: p.companies[:2], Lines: p.companies[2:], Places: []string{"A-01", "A-02"}, Zone: "Asia/Tashkent"}
	if p.person.Role == people.Dispatcher {
		c.Terminal = p.terminals[0]
	}
	return c, nil
}

func (p *port) FindCompany(_ context.Context, _ chat.Turn, name string) (records.Found, error) {
	if yard.NameKey(name) == "" || len([]rune(name)) > 100 {
		return records.Found{}, fault.New(fault.Invalid, "yardrules.company_invalid", "Most", 100)
	}
	for _, c := range p.companies {
		if yard.NameKey(c.Name) == yard.NameKey(name) {
			return records.Found{Company: &c}, nil
		}
	}
	return records.Found{Similar: yard.Similar(name, p.companies)}, nil
}

func (p *port) ReadMoment(_ context.Context, _ chat.Turn, typed string) (time.Time, error) {
	zone, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(p.t, err)
	return yard.ParseMoment(typed, p.now(), zone)
}

func (p *port) MovementsOf(_ context.Context, _ chat.Turn, stay int64) ([]yard.Movement, error) {
	all := yard.Effective(p.of(stay))
	slices.Reverse(all)
	return all, nil
}

func (p *port) PhotosOf(_ context.Context, _ chat.Turn, stay int64) ([]yard.Movement, error) {
	all := slices.DeleteFunc(yard.Effective(p.of(stay)), func(m yard.Movement) bool { return len(m.Photos) == 0 })
	slices.Reverse(all)
	return all, nil
}

func (p *port) ReportYard(_ context.Context, _ chat.Turn, in records.Reporting) (records.Report, error) {
	if in.Sheet {
		p.sheets = append(p.sheets, in)
		return records.Report{}, nil
	}
	return records.Report{Text: chat.Plain("Report " + string(in.Report)), More: 3}, nil
}

// record adds a movement if the history stays one that can have been.
func (p *port) record(m yard.Movement, at time.Time) (yard.Recorded, error) {
	if at.IsZero() {
		at = p.now()
	}
	m.ID, m.At, m.Recorded, m.By = int64(len(p.movements)+1), at, p.now(), yard.Party{ID: 7, Name: "Ann"}
	after, err := yard.Fold(append(p.of(m.Stay), m))
	if err != nil {
		return yard.Recorded{}, err
	}
	for id := range p.stays {
		if id+1 == m.Stay {
			continue
		}
		switch b := p.box(id + 1); {
		case b.Number != after.Number || b.State == yard.Void || after.State == yard.Void:
		case b.Left.IsZero() && (after.Left.IsZero() || after.Left.After(b.Entered)):
			return yard.Recorded{}, fault.New(fault.Invalid, "yardrules.overlaps_open", "Number", b.Number.Grouped(), "Entered", b.Entered, "Terminal", b.TerminalName)
		case !b.Left.IsZero() && after.Entered.Before(b.Left) && (after.Left.IsZero() || after.Left.After(b.Entered)):
			return yard.Recorded{}, fault.New(fault.Invalid, "yardrules.overlaps", "Number", b.Number.Grouped(), "Entered", b.Entered, "Left", b.Left)
		}
	}
	p.movements = append(p.movements, m)
	return yard.Recorded{Boxes: []yard.Box{p.box(m.Stay)}}, nil
}

// each records a movement of several boxes.
func (p *port) each(stays []int64, kind yard.Kind, action yard.Action, at time.Time, det yard.Details) (yard.Recorded, error) {
	var out yard.Recorded
	for _, id := range stays {
		b := p.box(id)
		where := b.Terminal
		if kind == yard.TransferIn {
			where = b.Bound
		}
		one, err := yard.Recorded{}, b.Allows(action)
		if err == nil {
			one, err = p.record(yard.Movement{Stay: id, Kind: kind, Terminal: where, Details: det}, at)
		}
		if err != nil && (len(stays) == 1 || len(out.Boxes) == 0 && id == stays[len(stays)-1] && fault.Is(err, fault.Invalid)) {
			return out, err
		}
		if err != nil {
			out.Refused = append(out.Refused, yard.Refusal{Stay: id, Number: string(b.Number), Fault: fault.As(err)})
		}
		out.Boxes = append(out.Boxes, one.Boxes...)
	}
	return out, nil
}

func (p *port) GateIn(_ context.Context, _ chat.Turn, in yard.Arrival) (yard.Recorded, error) {
	p.arrivals = append(p.arrivals, in)
	if b := p.latest(in.Number); b != nil {
		if err := b.Allows(yard.ActGateIn); err != nil {
			return yard.Recorded{}, err
		}
	}
	for name, id := range map[string]*int64{in.ClientName: &in.Client, in.LineName: &in.Line} {
		if name != "" {
			p.companies = append(p.companies, yard.Company{ID: int64(len(p.companies) + 1), Name: name})
			*id = int64(len(p.companies))
		}
	}
	p.stays++
	out, err := p.record(yard.Movement{Stay: p.stays, Kind: yard.GateIn, Terminal: in.Terminal, Details: in.Details}, in.At)
	if err != nil {
		p.stays--
	}
	return out, err
}

func (p *port) Release(_ context.Context, _ chat.Turn, in yard.Departure) (yard.Recorded, error) {
	for _, id := range in.Stays {
		if b := p.box(id); b.RequiresOrder && in.Order == "" {
			return yard.Recorded{}, fault.New(fault.Invalid, "yardrules.order_missing", "Client", b.ClientName)
		}
	}
	return p.each(in.Stays, yard.GateOut, yard.ActRelease, in.At, in.Details)
}

func (p *port) Transfer(_ context.Context, _ chat.Turn, in yard.Transfer) (yard.Recorded, error) {
	return p.each(in.Stays, yard.TransferOut, yard.ActTransfer, in.At, in.Details)
}

func (p *port) Receive(_ context.Context, _ chat.Turn, in yard.Receipt) (yard.Recorded, error) {
	return p.each(in.Stays, yard.TransferIn, yard.ActReceive, in.At, in.Details)
}

func (p *port) Handle(_ context.Context, _ chat.Turn, in yard.Handling) (yard.Recorded, error) {
	m := yard.Movement{Stay: in.Stay, Kind: in.Kind, Terminal: p.box(in.Stay).Terminal, Reason: in.Reason, Details: in.Details}
	return p.record(m, in.At)
}

func (p *port) Correct(_ context.Context, _ chat.Turn, in yard.Correction) (yard.Recorded, error) {
	p.corrections = append(p.corrections, in)
	old := p.movements[in.Movement-1]
	if p.closed && !p.person.Role.May(people.ApproveChanges) {
		p.asked = append(p.asked, yard.Change{Correction: &in})
		return yard.Recorded{Waits: int64(len(p.asked))}, nil
	}
	m := yard.Movement{Stay: old.Stay, Kind: old.Kind, Terminal: old.Terminal, Replaces: old.ID, Reason: in.Reason, Details: in.Details}
	if in.Reverse {
		m.Kind = yard.Reversed
	}
	at := in.At
	if at.IsZero() {
		at = old.At
	}
	return p.record(m, at)
}

func (p *port) Decide(_ context.Context, _ chat.Turn, in yard.Decision) (yard.Recorded, error) {
	if slices.ContainsFunc(p.decided, func(d yard.Decision) bool { return d.Approval == in.Approval }) {
		return yard.Recorded{}, fault.New(fault.Conflict, "yardrules.decided")
	}
	p.decided = append(p.decided, in)
	if !in.Approve {
		return yard.Recorded{}, nil
	}
	return yard.Recorded{Boxes: []yard.Box{p.box(1)}}, nil
}
