package billing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"quaydesk/domain/billing"
	"quaydesk/domain/container"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
	"quaydesk/web/page"
)

// draft is a version of a tariff as it is being filled in: texts, whatever they say. The names of the form's fields are
// the paths of billing.Problem, so that what is wrong finds its field.
type draft struct {
	head   map[string]string // the fields that are there once
	prices []draftPrice
	fees   []map[string]string
}

type draftPrice struct {
	fields map[string]string
	tiers  []map[string]string
}

var (
	headFields  = []string{"valid_from", "counting", "grace_hours", "free_days", "vat", "minimum", "minimum.currency"}
	priceFields = []string{"size", "load", "group", "currency"}
	tierFields  = []string{"from", "to", "rate"}
	feeFields   = []string{"operation", "size", "load", "group", "amount", "amount.currency"}
)

func priceField(i int, name string) string { return fmt.Sprintf("prices[%d].%s", i, name) }
func tierField(i, j int, name string) string {
	return fmt.Sprintf("prices[%d].tiers[%d].%s", i, j, name)
}
func feeField(i int, name string) string { return fmt.Sprintf("fees[%d].%s", i, name) }

// readDraft reads what was filled in. Rows that are empty are left out.
func readDraft(f *page.Form) draft {
	d := draft{head: fields(f, headFields, func(name string) string { return name })}
	for i := 0; f.Texts(priceField(i, "currency")) != nil; i++ {
		p := draftPrice{fields: fields(f, priceFields, func(name string) string { return priceField(i, name) })}
		for j := 0; f.Texts(tierField(i, j, "rate")) != nil; j++ {
			tier := fields(f, tierFields, func(name string) string { return tierField(i, j, name) })
			if tier["from"]+tier["to"]+tier["rate"] != "" {
				p.tiers = append(p.tiers, tier)
			}
		}
		if len(p.tiers) > 0 || p.fields["size"]+p.fields["load"]+p.fields["group"] != "" {
			d.prices = append(d.prices, p)
		}
	}
	for i := 0; f.Texts(feeField(i, "operation")) != nil; i++ {
		fee := fields(f, feeFields, func(name string) string { return feeField(i, name) })
		if fee["operation"]+fee["amount"] != "" {
			d.fees = append(d.fees, fee)
		}
	}
	return d
}

func fields(f *page.Form, names []string, called func(string) string) map[string]string {
	all := map[string]string{}
	for _, name := range names {
		all[name] = f.Text(called(name))
	}
	return all
}

// draftOf is a version as a form shows it.
func draftOf(v billing.Version) draft {
	d := draft{head: map[string]string{
		"valid_from": v.ValidFrom.String(), "counting": string(v.Counting), "grace_hours": strconv.Itoa(v.GraceHours),
		"free_days": strconv.Itoa(v.FreeDays), "vat": v.VAT.String(),
	}}
	if v.Minimum != nil {
		d.head["minimum"], d.head["minimum.currency"] = v.Minimum.Value.String(), string(v.Minimum.Currency)
	}
	for _, p := range v.Prices {
		row := draftPrice{fields: classFields(p.Class)}
		row.fields["currency"] = string(p.Currency)
		for _, t := range p.Tiers {
			row.tiers = append(row.tiers, map[string]string{"from": strconv.Itoa(t.From), "to": number(t.To), "rate": t.Rate.String()})
		}
		d.prices = append(d.prices, row)
	}
	for _, f := range v.Fees {
		row := classFields(f.Class)
		row["operation"], row["amount"], row["amount.currency"] = string(f.Operation), f.Amount.Value.String(), string(f.Amount.Currency)
		d.fees = append(d.fees, row)
	}
	return d
}

func classFields(c billing.Class) map[string]string {
	return map[string]string{"size": number(c.Size), "load": string(c.Load), "group": c.Group}
}

// number is a number that may be left out: "" for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// change carries out what a button of the form asks for: "price", "drop:<price>" or "tier:<price>". It tells whether it
// was one of these.
func (d *draft) change(do string) bool {
	what, which, _ := strings.Cut(do, ":")
	i, err := strconv.Atoi(which)
	there := err == nil && i >= 0 && i < len(d.prices)
	switch {
	case what == "price":
		d.prices = append(d.prices, draftPrice{fields: map[string]string{}})
	case what == "drop" && there:
		d.prices = slices.Delete(d.prices, i, i+1)
	case what == "tier" && there:
		p := &d.prices[i]
		p.tiers = append(p.tiers, map[string]string{}, map[string]string{})
	case what == "fee":
		d.fees = append(d.fees, map[string]string{}, map[string]string{})
	default:
		return false
	}
	return true
}

// fill puts the draft into a form, with empty rows at the ends to go on with.
func (d *draft) fill(f *page.Form) {
	if len(d.prices) == 0 {
		d.prices = append(d.prices, draftPrice{fields: map[string]string{}})
	}
	d.fees = append(d.fees, map[string]string{})
	for _, name := range headFields {
		f.Set(name, d.head[name])
	}
	for i := range d.prices {
		p := &d.prices[i]
		spare := 1
		if len(p.tiers) == 0 {
			spare = 3
		}
		for range spare {
			p.tiers = append(p.tiers, map[string]string{})
		}
		for _, name := range priceFields {
			f.Set(priceField(i, name), p.fields[name])
		}
		for j, t := range p.tiers {
			for _, name := range tierFields {
				f.Set(tierField(i, j, name), t[name])
			}
		}
	}
	for i, fee := range d.fees {
		for _, name := range feeFields {
			f.Set(feeField(i, name), fee[name])
		}
	}
}

// version reads the version that a filled form says. What cannot be, or cannot be read, is noted with its field.
func (d *draft) version(f *page.Form) billing.Version {
	v := billing.Version{ValidFrom: f.Date("valid_from")}
	v.Counting, v.GraceHours, v.FreeDays = billing.Counting(f.Text("counting")), f.Int("grace_hours"), f.Int("free_days")
	v.VAT = f.Decimal("vat")
	f.Need("valid_from", "vat")
	if f.Text("minimum") != "" {
		v.Minimum = &money.Amount{Value: f.Decimal("minimum"), Currency: money.Currency(f.Text("minimum.currency"))}
	}
	for i, p := range d.prices {
		price := billing.Price{Class: readClass(f, func(name string) string { return priceField(i, name) }),
			Currency: money.Currency(f.Text(priceField(i, "currency")))}
		for j, t := range p.tiers {
			if t["from"]+t["to"]+t["rate"] == "" {
				continue
			}
			f.Need(tierField(i, j, "from"), tierField(i, j, "rate"))
			price.Tiers = append(price.Tiers, billing.Tier{From: f.Int(tierField(i, j, "from")), To: f.Int(tierField(i, j, "to")),
				Rate: f.Decimal(tierField(i, j, "rate"))})
		}
		v.Prices = append(v.Prices, price)
	}
	for i, fee := range d.fees {
		if fee["operation"]+fee["amount"] == "" {
			continue
		}
		f.Need(feeField(i, "operation"), feeField(i, "amount"))
		v.Fees = append(v.Fees, billing.Fee{Operation: yard.Operation(fee["operation"]),
			Class:  readClass(f, func(name string) string { return feeField(i, name) }),
			Amount: money.Amount{Value: f.Decimal(feeField(i, "amount")), Currency: money.Currency(f.Text(feeField(i, "amount.currency")))}})
	}
	for _, p := range v.Problems() {
		f.Wrong(d.field(p.Path), p.Text)
	}
	return v
}

func readClass(f *page.Form, called func(string) string) billing.Class {
	return billing.Class{Size: f.Int(called("size")), Load: container.Load(f.Text(called("load"))), Group: f.Text(called("group"))}
}

// field is the form's field that a problem's path stands for: itself, or the first or last field of what it names.
func (d *draft) field(path string) string {
	var i int
	switch {
	case path == "prices":
		return tierField(0, 0, "rate")
	case isRow(path, "prices[%d]", &i):
		return priceField(i, "size")
	case isRow(path, "prices[%d].tiers", &i):
		last := 0
		for j, t := range d.prices[i].tiers {
			if t["from"]+t["to"]+t["rate"] != "" {
				last = j
			}
		}
		return tierField(i, last, "to")
	case isRow(path, "fees[%d]", &i):
		return feeField(i, "operation")
	}
	return path
}

// isRow tells whether a path is exactly a row's, and which.
func isRow(path, pattern string, i *int) bool {
	n, err := fmt.Sscanf(path, pattern, i)
	return err == nil && n == 1 && path == fmt.Sprintf(pattern, *i)
}

// first is the version that a new tariff begins with.
func first(day string) draft {
	return draft{head: map[string]string{"valid_from": day, "counting": string(billing.CalendarDays), "vat": decimal.NewFromInt(12).String()}}
}
