package intake

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// companies are what the names in tables mean, by their keys.
type companies map[string]meant

// meant is a company, or those that may be meant.
type meant struct {
	name  yard.Named
	maybe []string // names that it nearly is
	none  bool     // it is none, and none is to be made
}

// knowCompanies finds out what the names of clients and lines mean. A workspace without companies gets those of the
// tables; otherwise clients are made only when that is asked for. Lines are always made. One that is nearly another's
// name is a slip until somebody says otherwise: the one that stands there more often is made.
func (p *planner) knowCompanies(tables []Table) companies {
	known := companies{}
	var others []spelling
	for _, c := range p.Companies {
		known[yard.NameKey(c.Name)] = meant{name: yard.Named{ID: c.ID}}
		others = append(others, spell(c.Name))
	}
	fresh := p.NewClients || len(p.Companies) == 0
	for _, n := range newNames(tables, known) {
		m, spelled := meant{name: yard.Named{Name: n.name}}, spell(n.name)
		if n.client && !fresh {
			m.none = true
			for _, c := range yard.Similar(n.name, p.Companies) {
				m.maybe = append(m.maybe, c.Name)
			}
			known[yard.NameKey(n.name)] = m
			continue
		}
		for _, other := range others {
			if spelled.nearly(other) && len(m.maybe) < mostMaybe {
				m.maybe = append(m.maybe, other.name)
			}
		}
		if len(m.maybe) == 0 {
			others = append(others, spelled)
		}
		known[yard.NameKey(n.name)] = m
	}
	return known
}

// mostMaybe is how many names are offered.
const mostMaybe = 3

// newName is a name in tables that no company has.
type newName struct {
	name   string // as it is spelled first
	client bool
	rows   int
}

// newNames gives those names, the most frequent first.
func newNames(tables []Table, known companies) []*newName {
	var all []*newName
	byKey := map[string]*newName{}
	for i := range tables {
		t := &tables[i]
		for _, row := range t.Rows {
			for _, c := range []Column{Client, Line} {
				name := t.text(row, c)
				key := yard.NameKey(name)
				if _, there := known[key]; key == "" || there || t.isHead(row) {
					continue
				}
				if byKey[key] == nil {
					byKey[key] = &newName{name: name}
					all = append(all, byKey[key])
				}
				byKey[key].rows++
				byKey[key].client = byKey[key].client || c == Client
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *newName) int { return cmp.Compare(b.rows, a.rows) })
	return all
}

func (p *planner) readCompanies(t *told, client, line string) {
	switch m := p.companies[yard.NameKey(client)]; {
	case yard.NameKey(client) == "":
		t.doubt(Client, NoClient, fault.New(fault.Invalid, "intake.client_missing"))
	case m.none && len(m.maybe) > 0:
		t.doubt(Client, UnknownClient, fault.New(fault.NotFound, "intake.client_similar", "Name", clip(client), "Names", strings.Join(m.maybe, ", ")), m.maybe...)
	case m.none:
		t.doubt(Client, UnknownClient, fault.New(fault.NotFound, "intake.client_unknown", "Name", clip(client)))
	default:
		t.client = t.certain(Client, client, m)
	}
	if yard.NameKey(line) != "" {
		t.line = t.certain(Line, line, p.companies[yard.NameKey(line)])
	}
}

// certain gives the company that is meant, or doubts it.
func (t *told) certain(c Column, typed string, m meant) yard.Named {
	if len(m.maybe) > 0 {
		t.doubt(c, SimilarCompany, fault.New(fault.Conflict, "intake.company_similar", "Name", clip(typed), "Names", strings.Join(m.maybe, ", ")), m.maybe...)
		return yard.Named{}
	}
	return m.name
}

// forms are legal forms, which are left out or put in at will.
var forms = map[string]bool{
	"ооо": true, "оао": true, "зао": true, "ао": true, "пао": true, "чп": true, "ип": true, "сп": true, "тоо": true, "мчж": true, "хк": true, "ик": true,
	"ooo": true, "llc": true, "ltd": true, "inc": true, "co": true, "jsc": true, "gmbh": true, "mchj": true, "llp": true, "ltda": true, "jv": true,
}

// cyrillicAlike are Cyrillic letters and the Latin ones that look the same.
var cyrillicAlike = strings.NewReplacer("а", "a", "в", "b", "е", "e", "ё", "e", "к", "k", "м", "m", "н", "h", "о", "o", "р", "p", "с", "c", "т", "t",
	"у", "y", "х", "x", "і", "i")

// spelling is a name to be compared with others.
type spelling struct {
	name  string
	words [][]rune // without legal forms, letters that look alike as Latin
	whole string   // the words without anything between
}

func spell(name string) spelling {
	words := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	bare := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return forms[w] })
	if len(bare) == 0 {
		bare = words
	}
	s := spelling{name: name}
	for _, w := range bare {
		w = cyrillicAlike.Replace(w)
		s.words, s.whole = append(s.words, []rune(w)), s.whole+w
	}
	return s
}

// nearly tells whether two names may be one with a slip: but for a legal form, for letters that look alike, or for one
// letter in a word of four or more.
func (s spelling) nearly(other spelling) bool {
	if s.whole == other.whole {
		return true
	}
	if len(s.words) != len(other.words) {
		return false
	}
	slips := 0
	for i, a := range s.words {
		b := other.words[i]
		if slices.Equal(a, b) {
			continue
		}
		if slips++; slips > 1 || min(len(a), len(b)) < 4 || !oneSlip(a, b) || digits(a) != digits(b) {
			return false
		}
	}
	return true
}

func digits(word []rune) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsDigit(c) {
			return c
		}
		return -1
	}, string(word))
}
