package intake

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// FirstTerminal is the name of the terminal that is made for a table that names none, in a workspace without any.
const FirstTerminal = "Terminal"

// readTerminal finds the terminal of a row and its zone: that of its own column, else the one asked for, else that of
// the sheet.
func (p *planner) readTerminal(t *told, text string) {
	name, doubtful := cmp.Or(text, p.Terminal), (*fault.Fault)(nil)
	if name == "" {
		name, doubtful = p.sheet.terminal, p.sheet.doubtful
	} else if p.named(name) == nil && len(p.Terminals) > 0 {
		doubtful = p.whichTerminal("intake.terminal_unknown", name)
	}
	t.zone = p.Zone
	switch found := p.named(name); {
	case doubtful != nil:
		t.doubt(Terminal, UnknownTerminal, doubtful)
	case found != nil:
		t.terminal, t.zone = yard.Named{ID: found.ID}, p.zoneOf(*found)
	default:
		t.terminal = yard.Named{Name: name}
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

// ofSheet is the terminal of the rows of a table that say nothing of it.
type ofSheet struct {
	terminal string
	doubtful *fault.Fault // why it cannot be told
}

// ofSheet finds the terminal of one of a file's tables: the one that its sheet is called by, which is made in a workspace
// without any; if its name says nothing, and neither do those of the others, the only one.
func (k *Known) ofSheet(t *Table, all []Table) ofSheet {
	switch {
	case k.named(t.Name) != nil, len(k.Terminals) == 0 && tells(t.Name):
		return ofSheet{terminal: squeeze(t.Name)}
	case tells(t.Name):
		return ofSheet{doubtful: k.whichTerminal("intake.terminal_of_sheet", t.Name)}
	case len(k.Terminals) > 1:
		return ofSheet{doubtful: k.whichTerminal("intake.terminal_missing", "")}
	case slices.ContainsFunc(all, func(other Table) bool { return tells(other.Name) || k.named(other.Name) != nil }),
		len(k.Terminals) == 0 && len(all) > 1:
		return ofSheet{doubtful: fault.New(fault.Invalid, "intake.terminal_of_sheets")}
	case len(k.Terminals) == 1:
		return ofSheet{terminal: k.Terminals[0].Name}
	}
	return ofSheet{terminal: FirstTerminal}
}

// meaningless are words of sheets' names that say nothing of a terminal: those that programs give, months, what is in it.
var meaningless = regexp.MustCompile(`^(?:\d+|sheet\d*|worksheet\d*|лист\d*|list\d*|varaq\d*|table\d*|таблица\d*|export|data|данные|` +
	`containers?|контейнер(?:ы|ов|а)?|ктк|stays|stock|сток|остат(?:ок|ки)|учет|реестр|журнал|хранени[ея]|yard|terminals?|терминал(?:а|ы)?|г|год|года|на|за|по|copy|копия)$`)

// tells tells whether a sheet's name can be a terminal's.
func tells(name string) bool {
	words := strings.FieldsFunc(respelled.Replace(strings.ToLower(name)), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	return slices.ContainsFunc(words, func(w string) bool { return !meaningless.MatchString(w) && !monthNames.MatchString(w) })
}

// monthNames are those in Russian, English and Uzbek.
var monthNames = regexp.MustCompile(`^(?:январ[ья]|феврал[ья]|марта?|апрел[ья]|ма[йя]|июн[ья]|июл[ья]|августа?|сентябр[ья]|октябр[ья]|ноябр[ья]|декабр[ья]|` +
	`янв|фев|мар|апр|июн|июл|авг|сент?|окт|ноя|дек|january|february|march|april|may|june|july|august|september|october|november|december|` +
	`jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|yanvar|fevral|mart|aprel|iyun|iyul|avgust|sentyabr|oktyabr|noyabr|dekabr)$`)

func (k *Known) zoneOf(t yard.Terminal) *time.Location {
	zone, err := time.LoadLocation(t.Zone)
	if err != nil {
		return k.Zone
	}
	return zone
}

// whichTerminal is what is said of a terminal that is not there, or not named.
func (k *Known) whichTerminal(key, name string) *fault.Fault {
	var names []string
	for _, t := range k.Terminals {
		names = append(names, t.Name)
	}
	return fault.New(fault.NotFound, key, "Name", clip(name), "Names", strings.Join(names, ", "))
}

// AnyTerminal says whether a terminal can be found for tables at all: nil, or a fault when the one that is asked for is
// not there, or when neither a column nor a sheet's name tells which one is meant.
func (k *Known) AnyTerminal(tables []Table) error {
	if k.Terminal != "" {
		if len(k.Terminals) == 0 || k.named(k.Terminal) != nil {
			return nil
		}
		return k.whichTerminal("intake.terminal_unknown", k.Terminal)
	}
	var doubtful error
	for i := range tables {
		found := k.ofSheet(&tables[i], tables)
		if _, column := tables[i].Columns[Terminal]; column || found.doubtful == nil {
			return nil
		}
		doubtful = cmp.Or(doubtful, error(found.doubtful))
	}
	return doubtful
}
