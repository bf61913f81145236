// Package schedule is the file of a workspace's tariffs and discounts: YAML that people read and write, with everything
// that was ever recorded, so that another database that imports it gives the same figures as of any moment.
package schedule

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"quaydesk/domain/billing"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// Schema is the file's JSON Schema (draft 2020-12).
//
//go:embed schema.json
var Schema []byte

// Largest is how many bytes a file may have.
const Largest = 8 << 20

// header stands at the top of a file that is written.
const header = `# Tariffs and discounts, with all that was ever recorded of them. All prices include VAT.
# What counts on a day: the client's own tariff if one is in force, else the public one (without client). Of the versions
# with the same valid_from the one recorded last. To revise, add a version without recorded_at, and import the file.
`

// Read reads a file. The error is a fault.Invalid that names the places in the file and what to do. Companies that the
// file names get numbers of the book's own, in Clients.
func Read(data []byte) (billing.NamedBook, error) {
	var out billing.NamedBook
	if len(data) > Largest {
		return out, fault.New(fault.Invalid, "billing.file_too_large")
	}
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return out, notYAML(err)
	}
	if len(tree.Docs) > 1 {
		return out, fault.New(fault.Invalid, "billing.second_document", "Line", start(tree.Docs[1]))
	}
	var f file
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict()).Decode(&f); err != nil {
		return out, notYAML(err)
	}
	out = f.book()
	problems := slices.Concat(f.missing(), out.Problems())
	for i := range problems {
		p := &problems[i]
		p.Path = strings.ReplaceAll(p.Path, ".amount.currency", ".currency") // of fees
		p.Line = line(tree, p.Path)
	}
	return out, billing.Refuse(problems)
}

// notYAML tells what a file was refused for: by us, in the person's language, or by the library.
func notYAML(err error) error {
	if f := fault.As(err); f != nil {
		return f
	}
	var at *wrong
	if errors.As(err, &at) {
		return billing.Refuse([]billing.Problem{at.Problem})
	}
	var y yaml.Error
	if errors.As(err, &y) {
		return fault.New(fault.Invalid, "billing.not_yaml", "Line", y.GetToken().Position.Line, "Error", y.GetMessage())
	}
	return fault.New(fault.Invalid, "billing.not_yaml", "Line", 1, "Error", "it is empty or cannot be read as YAML")
}

// missing lists the numbers that a file does not give: none of them is ever taken for zero.
func (f file) missing() []billing.Problem {
	var problems []billing.Problem
	want := func(n *number, path string, args ...any) {
		if n == nil || n.text == "" {
			problems = append(problems, billing.Problem{Path: fmt.Sprintf(path, args...), Text: chat.T("billing.wrong.no_number")})
		}
	}
	for i, t := range f.Tariffs {
		for j, v := range t.Versions {
			if v.Withdrawn {
				continue
			}
			want(v.VAT, "tariffs[%d].versions[%d].vat", i, j)
			if v.Minimum != nil {
				want(&v.Minimum.Amount, "tariffs[%d].versions[%d].minimum.amount", i, j)
			}
			for k, p := range v.Prices {
				for l, tier := range p.Tiers {
					want(&tier.Rate, "tariffs[%d].versions[%d].prices[%d].tiers[%d].rate", i, j, k, l)
				}
			}
			for k, f := range v.Fees {
				want(&f.Amount, "tariffs[%d].versions[%d].fees[%d].amount", i, j, k)
			}
		}
	}
	for i, d := range f.Discounts {
		if d.PerDay != nil {
			want(&d.PerDay.Amount, "discounts[%d].per_day.amount", i)
		}
		if d.Flat != nil {
			want(&d.Flat.Amount, "discounts[%d].flat.amount", i)
		}
	}
	return problems
}

// start gives the line that a document begins on.
func start(d *ast.DocumentNode) int {
	if d.Start != nil {
		return d.Start.Position.Line
	}
	return d.Body.GetToken().Position.Line
}

// line gives the line of a field in the file; of one that is missing, that of what it is missing in.
func line(tree *ast.File, path string) int {
	for path != "" {
		if p, err := yaml.PathString("$." + path); err == nil {
			if node, err := p.FilterFile(tree); err == nil && node != nil {
				return node.GetToken().Position.Line
			}
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return 1
}

// Write writes a file that Read gives the same book of. Tariffs come by the client's name, the public one first.
func Write(book billing.NamedBook) ([]byte, error) {
	out := bytes.NewBufferString(header)
	encoder := yaml.NewEncoder(out, yaml.IndentSequence(true))
	if err := encoder.Encode(fileOf(book)); err != nil {
		return nil, fmt.Errorf("write a schedule: %w", err)
	}
	return out.Bytes(), nil
}

// clients numbers companies by name: two spellings of a name are the same company.
type clients struct {
	names map[int64]string
	ids   map[string]int64
}

func (c *clients) id(name string) int64 {
	if name == "" {
		return 0
	}
	key := yard.NameKey(name)
	if c.ids[key] == 0 {
		c.ids[key] = int64(len(c.ids) + 1)
		c.names[c.ids[key]] = name
	}
	return c.ids[key]
}

func (f file) book() billing.NamedBook {
	c := clients{names: map[int64]string{}, ids: map[string]int64{}}
	var out billing.NamedBook
	for _, t := range f.Tariffs {
		tariff := billing.Tariff{Client: c.id(string(t.Client))}
		for _, v := range t.Versions {
			tariff.Versions = append(tariff.Versions, v.version())
		}
		out.Tariffs = append(out.Tariffs, tariff)
	}
	for _, d := range f.Discounts {
		out.Discounts = append(out.Discounts, d.discount(c.id(string(d.Client))))
	}
	out.Clients = c.names
	return out
}

func fileOf(book billing.NamedBook) file {
	var f file
	names := maps.Clone(book.Clients)
	if names == nil {
		names = map[int64]string{}
	}
	names[0] = ""
	tariffs := slices.SortedStableFunc(slices.Values(book.Tariffs), func(a, b billing.Tariff) int {
		return strings.Compare(names[a.Client], names[b.Client])
	})
	for _, t := range tariffs {
		tariff := tariff{Client: name(names[t.Client])}
		for _, v := range t.Versions {
			tariff.Versions = append(tariff.Versions, versionOf(v))
		}
		f.Tariffs = append(f.Tariffs, tariff)
	}
	for _, d := range book.Discounts {
		f.Discounts = append(f.Discounts, discountOf(d, name(names[d.Client])))
	}
	return f
}
