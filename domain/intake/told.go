package intake

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// told is what a row tells of a stay.
type told struct {
	table *Table
	row   Row

	number                 container.Number
	zone                   *time.Location
	terminal, client, line yard.Named
	entry, exit            time.Time // UTC
	entryTimed, exitTimed  bool      // with a time of day
	left                   bool      // there is an exit to be recorded
	closed                 bool      // the stay has ended already, at exit
	cranes                 []time.Time
	arrival, departure     yard.Details
	loadIn                 Column // that says laden or empty; "": none does, it is only likely

	doubts   []Doubt
	repeats  *told // the row that says the same
	recorded bool  // its stay is recorded already
	stay     int64 // that it adds something to
}

func (t *told) where() Where { return Where{Sheet: t.table.Name, Row: t.row.Line} }

func (t *told) doubt(c Column, reason Reason, f *fault.Fault, suggestions ...string) {
	t.doubts = append(t.doubts, Doubt{Where: t.where(), Column: c, Title: t.table.Title(c), Reason: reason, Text: f.Text, Suggestions: suggestions})
}

// end is when the stay ends.
func (t *told) end() time.Time {
	if t.left || t.closed {
		return t.exit
	}
	return endless
}

// sameExit tells whether another row says the same of the exit.
func (t *told) sameExit(other *told) bool {
	if !t.left || !other.left {
		return t.left == other.left
	}
	return sameMoment(t.exit, t.exitTimed, other.exit, !other.exitTimed, t.zone)
}

// notBefore puts a day without a time, which begins before the entry on that day, to the entry.
func (t *told) notBefore(at time.Time, timed bool) time.Time {
	if !timed && at.Before(t.entry) && calendar.In(at, t.zone) == calendar.In(t.entry, t.zone) {
		return t.entry
	}
	return at
}

// read reads a row; nil when it tells of no box: a blank, a sum, the titles again.
func (p *planner) read(table *Table, row Row) *told {
	t := &told{table: table, row: row}
	text := func(c Column) string { return table.text(row, c) }
	if text(Number) == "" && (text(Client) == "" || text(Entered) == "") || table.isHead(row) {
		return nil
	}
	t.readNumber(text(Number))
	p.readTerminal(t, text(Terminal))
	t.readTimes(p.Now, text(Entered), text(Left), text(Cranes))
	p.readCompanies(t, text(Client), text(Line))

	a := &t.arrival
	a.Number, a.Typed = t.number, text(Number)
	t.readType(text(Type), text(Size))
	t.readTonnage(text(Tonnage))
	t.readLoad(text(Load), text(Cargo))
	a.Transport = transport(text(TransportIn), text(VehicleIn))
	a.Place, a.Remarks, a.Seals = text(Place), text(Remarks), seals(text(Seals))
	t.departure = yard.Details{Transport: transport(text(TransportOut), ""), Destination: text(Destination), Order: text(Order)}
	if !t.left {
		a.Destination = text(Destination)
	}
	return t
}

func (t *told) readNumber(text string) {
	if text == "" {
		t.doubt(Number, NoNumber, fault.New(fault.Invalid, "intake.number_missing"))
		return
	}
	checked := container.Check(text)
	if !checked.Valid {
		var suggestions []string
		for _, n := range checked.Suggestions {
			suggestions = append(suggestions, string(n))
		}
		t.doubt(Number, BadNumber, checked.Fault(), suggestions...)
		return
	}
	t.number = checked.Number
}

// readType reads a type, whose length may stand in a column of its own.
func (t *told) readType(kind, size string) {
	if kind == "" && size == "" {
		return
	}
	read, err := container.ParseSizeType(kind)
	if err != nil && size != "" {
		read, err = container.ParseSizeType(size + " " + kind)
	}
	if err != nil {
		t.doubt(Type, BadType, fault.As(err))
	}
	t.arrival.SizeType = read
}

func (t *told) readTimes(now time.Time, entered, left, cranes string) {
	entry := t.readMoment(Entered, now, entered)
	if entered == "" {
		t.doubt(Entered, NoEntry, fault.New(fault.Invalid, "intake.entry_missing"))
	}
	exit := t.readMoment(Left, now, left)
	if entry != nil {
		t.entry, t.entryTimed = entry.In(t.zone), entry.Timed
	}
	if exit != nil {
		t.left, t.exitTimed = true, exit.Timed
		t.exit = t.notBefore(exit.In(t.zone), exit.Timed)
	}
	if entry == nil {
		return
	}
	if t.left && t.exit.Before(t.entry) {
		t.doubt(Left, ExitFirst, fault.New(fault.Invalid, "intake.exit_before_entry"))
	}
	t.readCranes(now, cranes)
}

// readMoment reads a moment that must have been; nil when there is none, or a doubtful one.
func (t *told) readMoment(c Column, now time.Time, text string) *Moment {
	if text == "" {
		return nil
	}
	m, ok := parseMoment(text, t.table.Since1904)
	if !ok {
		t.doubt(c, BadDate, fault.New(fault.Invalid, "intake.date", "Text", clip(text)))
		return nil
	}
	if m.In(t.zone).After(now) {
		t.doubt(c, Future, fault.New(fault.Invalid, "intake.future"))
		return nil
	}
	return &m
}

func (t *told) readCranes(now time.Time, text string) {
	all, ok := ParseMoments(text, t.table.Since1904)
	if !ok {
		t.doubt(Cranes, BadDate, fault.New(fault.Invalid, "intake.date", "Text", clip(text)))
	}
	for _, m := range all {
		at := t.notBefore(m.In(t.zone), m.Timed)
		sameDay := t.left && !t.exitTimed && calendar.In(at, t.zone) == calendar.In(t.exit, t.zone)
		if sameDay && at.After(t.exit) {
			at = t.exit
		}
		switch {
		case at.After(now):
			t.doubt(Cranes, Future, fault.New(fault.Invalid, "intake.future"))
		case at.Before(t.entry) || t.left && at.After(t.exit):
			t.doubt(Cranes, CraneOutside, fault.New(fault.Invalid, "intake.crane_outside"))
		default:
			t.cranes = append(t.cranes, at)
		}
	}
}

// heaviest is more than a container can weigh, in tons.
var heaviest = decimal.NewFromInt(60)

func (t *told) readTonnage(text string) {
	if text == "" {
		return
	}
	bare := strings.NewReplacer(",", ".", " ", "", "\u00a0", "").Replace(strings.ToLower(text))
	for _, unit := range []string{"тонн", "тн", "т.", "т", "tons", "t"} {
		bare = strings.TrimSuffix(bare, unit)
	}
	tons, err := decimal.NewFromString(bare)
	if err != nil || len(bare) > 24 || tons.IsNegative() || tons.GreaterThan(heaviest) {
		t.doubt(Tonnage, BadTonnage, fault.New(fault.Invalid, "intake.tonnage", "Text", clip(text)))
		return
	}
	t.arrival.Tonnage = tons.Round(3)
}

// readLoad tells laden from empty: by a column of its own, else by what the cargo is.
func (t *told) readLoad(load, cargo string) {
	if load != "" {
		said, err := container.ParseLoad(load)
		if err != nil {
			t.doubt(Load, BadLoad, fault.As(err))
		}
		t.arrival.Load, t.loadIn = said, Load
	}
	said, err := container.ParseLoad(cargo)
	if err != nil || strings.Contains(cargo, " ") { // more than the bare word
		t.arrival.Cargo = cargo
	}
	switch {
	case t.arrival.Load != "":
	case err == nil:
		t.arrival.Load, t.loadIn = said, Cargo
	case cargo != "", t.arrival.Tonnage.IsPositive():
		t.arrival.Load = container.Laden
	}
}

// modes are words for transport, as they begin.
var modes = []struct {
	word string
	mode yard.Mode
}{
	{"авто", yard.Truck}, {"машин", yard.Truck}, {"а/м", yard.Truck}, {"грузовик", yard.Truck}, {"тягач", yard.Truck}, {"фура", yard.Truck},
	{"truck", yard.Truck}, {"lorry", yard.Truck}, {"road", yard.Truck},
	{"вагон", yard.Wagon}, {"платформ", yard.Wagon}, {"wagon", yard.Wagon}, {"railcar", yard.Wagon},
	{"поезд", yard.Train}, {"состав", yard.Train}, {"жд", yard.Train}, {"ж/д", yard.Train}, {"ж.д", yard.Train}, {"train", yard.Train}, {"rail", yard.Train},
}

// transport reads what brought or took a box: its sort, and its number where there is one behind it or beside it.
func transport(text, number string) yard.Transport {
	first, rest, _ := strings.Cut(text, " ")
	for _, m := range modes {
		if strings.HasPrefix(strings.ToLower(first), m.word) {
			rest = strings.TrimSpace(strings.TrimLeft(rest, " №#:-"))
			return yard.Transport{Mode: m.mode, Number: strings.TrimSpace(rest + " " + number)}
		}
	}
	return yard.Transport{Number: strings.TrimSpace(text + " " + number)}
}

func seals(text string) []string {
	if text == "" {
		return nil
	}
	return strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(",; ", c) })
}

// clip is a cell's text for a message.
func clip(text string) chat.Text {
	const limit = 40
	runes := []rune(text)
	if len(runes) > limit {
		text = string(runes[:limit-1]) + "…"
	}
	return chat.Plain(text)
}
