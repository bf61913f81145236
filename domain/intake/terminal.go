package intake

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// FirstTerminal is the name of the terminal that is made for a table that names none, in a workspace without any.
const FirstTerminal = "Terminal"

// readTerminal finds the terminal of a row and its zone: that of its own column, else the one asked for, else that of
// the sheet's name, else the only one.
func (p *planner) readTerminal(t *told, text string) {
	name := cmp.Or(text, p.Terminal)
	found := p.named(name)
	if name == "" {
		found = p.ofSheet(t.table)
	}
	switch {
	case found != nil:
		t.terminal, t.zone = yard.Named{ID: found.ID}, p.zoneOf(*found)
	case len(p.Terminals) == 0:
		t.terminal, t.zone = yard.Named{Name: cmp.Or(name, FirstTerminal)}, p.Zone
	default:
		t.zone = p.Zone
		t.doubt(Terminal, UnknownTerminal, p.whichTerminal(name))
	}
}

// named finds a terminal by its name, however that is spelled.
func (k *Known) named(name string) *yard.Terminal {
	for i, t := range k.Terminals {
		if yard.NameKey(t.Name) == yard.NameKey(name) {
			return &k.Terminals[i]
		}
	}
	return nil
}

// ofSheet finds the terminal of a table that says nothing of it itself.
func (k *Known) ofSheet(t *Table) *yard.Terminal {
	if found := k.named(t.Name); found != nil || len(k.Terminals) != 1 {
		return found
	}
	return &k.Terminals[0]
}

func (k *Known) zoneOf(t yard.Terminal) *time.Location {
	zone, err := time.LoadLocation(t.Zone)
	if err != nil {
		return k.Zone
	}
	return zone
}

// whichTerminal is what is said of a terminal that is not there, or not named.
func (k *Known) whichTerminal(name string) *fault.Fault {
	var names []string
	for _, t := range k.Terminals {
		names = append(names, t.Name)
	}
	all := strings.Join(names, ", ")
	if name == "" {
		return fault.New(fault.Invalid, "intake.terminal_missing", "Names", all)
	}
	return fault.New(fault.NotFound, "intake.terminal_unknown", "Name", clip(name), "Names", all)
}

// AnyTerminal says whether a terminal can be found for tables at all: nil, or a fault when the one that is asked for is
// not there, or when there are several and neither a column nor a sheet's name tells which one is meant.
func (k *Known) AnyTerminal(tables []Table) error {
	if len(k.Terminals) == 0 || k.Terminal != "" && k.named(k.Terminal) != nil {
		return nil
	}
	told := func(t Table) bool {
		_, column := t.Columns[Terminal]
		return column || k.ofSheet(&t) != nil
	}
	if k.Terminal == "" && (len(tables) == 0 || slices.ContainsFunc(tables, told)) {
		return nil
	}
	return k.whichTerminal(k.Terminal)
}
