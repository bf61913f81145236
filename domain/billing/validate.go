package billing

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
)

// Problem is something in a tariff or discount that cannot be.
type Problem struct {
	Path string    `json:"path"`           // of the field, as in "versions[1].prices[0].tiers[2].rate"
	Line int       `json:"line,omitempty"` // in the file that it was read from
	Text chat.Text `json:"text"`           // what is wrong and what would be right
}

// Refuse makes a fault.Invalid that lists problems, or nil when there are none.
func Refuse(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	lines := make([]chat.Text, 0, named)
	for _, p := range problems[:min(named, len(problems))] {
		if p.Line > 0 {
			lines = append(lines, chat.T("billing.problem_at", "Line", p.Line, "Path", p.Path, "Text", p.Text))
			continue
		}
		lines = append(lines, chat.T("billing.problem", "Path", p.Path, "Text", p.Text))
	}
	return fault.New(fault.Invalid, "billing.problems", "Count", len(problems), "Problems", chat.Lines(lines...))
}

// checker gathers problems.
type checker struct {
	path     string
	problems []Problem
}

// below gives the path of a field, or of an item of a list ("prices[0]").
func (c *checker) below(field string) string {
	if c.path == "" {
		return field
	}
	return c.path + "." + field
}

// at checks a field.
func (c *checker) at(field string, check func()) {
	before := c.path
	c.path = c.below(field)
	check()
	c.path = before
}

func (c *checker) in(list string, i int, check func()) { c.at(fmt.Sprintf("%s[%d]", list, i), check) }

// wrong notes a problem with a field; "" is the thing itself.
func (c *checker) wrong(field, key string, args ...any) {
	path := c.path
	if field != "" {
		path = c.below(field)
	}
	c.problems = append(c.problems, Problem{Path: path, Text: chat.T(key, args...)})
}

// Problems lists what is wrong with a book; paths begin with "tariffs[…]" or "discounts[…]".
func (b Book) Problems() []Problem {
	c := &checker{}
	for i, t := range b.Tariffs {
		c.in("tariffs", i, func() {
			c.tariff(t)
			if slices.ContainsFunc(b.Tariffs[:i], func(o Tariff) bool { return o.Client == t.Client }) {
				c.wrong("client", "billing.wrong.same_client")
			}
		})
	}
	for i, d := range b.Discounts {
		c.in("discounts", i, func() {
			c.discount(d)
			if slices.ContainsFunc(b.Discounts[:i], func(o Discount) bool { return o.Name == d.Name && o.RecordedAt.Equal(d.RecordedAt) }) {
				c.wrong("name", "billing.wrong.same_record")
			}
		})
	}
	return c.problems
}

// Problems lists what is wrong with a version; paths begin with its fields.
func (v Version) Problems() []Problem {
	c := &checker{}
	c.version(v)
	return c.problems
}

// Problems lists what is wrong with a discount; paths begin with its fields.
func (d Discount) Problems() []Problem {
	c := &checker{}
	c.discount(d)
	return c.problems
}

func (c *checker) tariff(t Tariff) {
	for i, v := range t.Versions {
		c.in("versions", i, func() {
			c.version(v)
			if slices.ContainsFunc(t.Versions[:i], func(o Version) bool {
				return o.ValidFrom == v.ValidFrom && o.RecordedAt.Equal(v.RecordedAt)
			}) {
				c.wrong("valid_from", "billing.wrong.same_record")
			}
		})
	}
}

func (c *checker) version(v Version) {
	if v.ValidFrom == 0 {
		c.wrong("valid_from", "billing.wrong.no_day")
	}
	if v.Withdrawn {
		return // what it would say does not matter
	}
	if v.Counting != CalendarDays && v.Counting != Periods24h {
		c.wrong("counting", "billing.wrong.counting")
	}
	if v.GraceHours < 0 || v.GraceHours > 23 {
		c.wrong("grace_hours", "billing.wrong.range", "From", 0, "To", 23)
	}
	if v.FreeDays < 0 || v.FreeDays > mostDays {
		c.wrong("free_days", "billing.wrong.range", "From", 0, "To", mostDays)
	}
	c.percent("vat", v.VAT)
	if len(v.Prices) == 0 {
		c.wrong("prices", "billing.wrong.no_prices")
	}
	for i, p := range v.Prices {
		c.in("prices", i, func() {
			c.class(p.Class)
			c.currency("currency", p.Currency)
			c.tiers(p.Tiers, v.FreeDays)
		})
	}
	c.tied("prices", len(v.Prices), func(i int) (string, Class) { return "", v.Prices[i].Class })
	for i, f := range v.Fees {
		c.in("fees", i, func() {
			if !slices.Contains(Operations, f.Operation) {
				c.wrong("operation", "billing.wrong.operation")
			}
			c.class(f.Class)
			c.amount("amount", f.Amount)
		})
	}
	c.tied("fees", len(v.Fees), func(i int) (string, Class) { return string(v.Fees[i].Operation), v.Fees[i].Class })
	if v.Minimum != nil {
		c.amount("minimum", *v.Minimum)
	}
}

// mostDays is the highest number of a day that means something: a hundred years.
const mostDays = 36525

func (c *checker) class(l Class) {
	if l.Size != 0 && !slices.Contains(Sizes, l.Size) {
		c.wrong("size", "billing.wrong.size")
	}
	if l.Load != "" && !slices.Contains(container.Loads, l.Load) {
		c.wrong("load", "billing.wrong.load")
	}
	if l.Group != "" && !slices.Contains(Groups, l.Group) {
		c.wrong("group", "billing.wrong.group")
	}
}

// tiers wants them in order, without gaps or overlaps, from the first day that is charged on and with an open end.
func (c *checker) tiers(tiers []Tier, free int) {
	if len(tiers) == 0 {
		c.wrong("tiers", "billing.wrong.no_tiers")
		return
	}
	next, open := free+1, false // the first day that is not covered yet; the last tier has an open end
	if free < 0 {
		next = tiers[0].From // that is told already, and nobody knows what was meant
	}
	for i, t := range tiers {
		c.in("tiers", i, func() {
			switch {
			case t.From < 1 || t.From > mostDays:
				c.wrong("from", "billing.wrong.range", "From", 1, "To", mostDays)
			case i > 0 && (open || t.From < next):
				c.wrong("from", "billing.wrong.overlap", "Day", t.From)
			case t.From > next:
				c.wrong("from", "billing.wrong.gap", "From", next, "To", t.From-1)
			}
			if t.To != 0 && (t.To < t.From || t.To > mostDays) {
				c.wrong("to", "billing.wrong.tier_end", "From", t.From)
			}
			if t.Rate.IsNegative() {
				c.wrong("rate", "billing.wrong.negative")
			}
		})
		if i == 0 || t.To+1 > next {
			next = t.To + 1
		}
		open = open || t.To == 0
	}
	if !open {
		c.wrong("tiers", "billing.wrong.gap_on", "From", next)
	}
}

// tied wants no box for which two rows count equally. of gives the operation and the class of a row.
func (c *checker) tied(list string, rows int, of func(int) (string, Class)) {
	told := map[int]bool{}
	for _, box := range boxes {
		best := map[string]int{} // by operation
		var ties []int
		for i := range rows {
			operation, class := of(i)
			if !class.fits(box) {
				continue
			}
			first, known := best[operation]
			if known {
				_, other := of(first)
				if class.exactness() < other.exactness() {
					continue
				}
				if class.exactness() == other.exactness() {
					ties = append(ties, first, i)
					continue
				}
			}
			best[operation] = i
		}
		for k := 0; k < len(ties); k += 2 {
			operation, class := of(ties[k])
			if _, top := of(best[operation]); class.exactness() == top.exactness() && !told[ties[k+1]] {
				told[ties[k+1]] = true
				c.in(list, ties[k+1], func() { c.wrong("", "billing.wrong.tied", "Row", ties[k]+1, "Class", box.text("unknown")) })
			}
		}
	}
}

// boxes are all classes that a box can be of; what is not known of one is zero.
var boxes = func() (all []Class) {
	for _, size := range append([]int{0}, Sizes...) {
		for _, load := range append([]container.Load{""}, container.Loads...) {
			for _, group := range append([]string{""}, Groups...) {
				all = append(all, Class{Size: size, Load: load, Group: group})
			}
		}
	}
	return all
}()

func (c *checker) currency(field string, code money.Currency) {
	if !code.Known() {
		c.wrong(field, "money.currency", "Code", string(code))
	}
}

func (c *checker) amount(field string, a money.Amount) {
	c.at(field, func() {
		c.currency("currency", a.Currency)
		if a.Value.IsNegative() {
			c.wrong("", "billing.wrong.negative")
		}
	})
}

func (c *checker) percent(field string, p decimal.Decimal) {
	if p.IsNegative() || p.GreaterThan(hundred) {
		c.wrong(field, "billing.wrong.range", "From", 0, "To", 100)
	}
}

func (c *checker) discount(d Discount) {
	if d.Name == "" {
		c.wrong("name", "billing.wrong.no_name")
	}
	if d.Withdrawn {
		return
	}
	kinds := 0
	for _, set := range []bool{!d.Percent.IsZero(), d.PerDay != nil, d.Flat != nil} {
		if set {
			kinds++
		}
	}
	if kinds != 1 {
		c.wrong("", "billing.wrong.discount_kind")
	}
	c.percent("percent", d.Percent)
	if d.PerDay != nil {
		c.amount("per_day", *d.PerDay)
	}
	if d.Flat != nil {
		c.amount("flat", *d.Flat)
	}
	if d.To != 0 && d.To < d.From {
		c.wrong("to", "billing.wrong.period")
	}
	for i, size := range d.Sizes {
		if !slices.Contains(Sizes, size) {
			c.in("sizes", i, func() { c.wrong("", "billing.wrong.size") })
		}
	}
}
