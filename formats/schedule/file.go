package schedule

import (
	"time"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

// file is the whole of it. Its fields stand where those of billing.Book do, so that the path of a problem there is one
// here.
type file struct {
	Tariffs   []tariff   `yaml:"tariffs,omitempty"`
	Discounts []discount `yaml:"discounts,omitempty"`
}

type tariff struct {
	Client   name      `yaml:"client,omitempty"`
	Versions []version `yaml:"versions"`
}

type version struct {
	ValidFrom  day     `yaml:"valid_from"`
	RecordedAt moment  `yaml:"recorded_at,omitempty"`
	Withdrawn  bool    `yaml:"withdrawn,omitempty"`
	Counting   string  `yaml:"counting,omitempty"`
	GraceHours int     `yaml:"grace_hours,omitempty"`
	FreeDays   int     `yaml:"free_days,omitempty"`
	VAT        *number `yaml:"vat,omitempty"`
	Minimum    *amount `yaml:"minimum,omitempty"`
	Prices     []price `yaml:"prices,omitempty"`
	Fees       []fee   `yaml:"fees,omitempty"`
}

type amount struct {
	Amount   number `yaml:"amount"`
	Currency string `yaml:"currency"`
}

type price struct {
	Size     size   `yaml:"size,omitempty"`
	Load     word   `yaml:"load,omitempty"`
	Group    word   `yaml:"group,omitempty"`
	Currency string `yaml:"currency"`
	Tiers    []tier `yaml:"tiers"`
}

type tier struct {
	From int    `yaml:"from"`
	To   int    `yaml:"to,omitempty"`
	Rate number `yaml:"rate"`
}

type fee struct {
	Operation string `yaml:"operation"`
	Size      size   `yaml:"size,omitempty"`
	Load      word   `yaml:"load,omitempty"`
	Group     word   `yaml:"group,omitempty"`
	Amount    number `yaml:"amount"`
	Currency  string `yaml:"currency"`
}

type discount struct {
	Name       name    `yaml:"name"`
	RecordedAt moment  `yaml:"recorded_at,omitempty"`
	Withdrawn  bool    `yaml:"withdrawn,omitempty"`
	Client     name    `yaml:"client,omitempty"`
	Percent    *number `yaml:"percent,omitempty"`
	PerDay     *amount `yaml:"per_day,omitempty"`
	Flat       *amount `yaml:"flat,omitempty"`
	From       day     `yaml:"from,omitempty"`
	To         day     `yaml:"to,omitempty"`
	Sizes      []int   `yaml:"sizes,omitempty,flow"`
	Stacks     bool    `yaml:"stacks,omitempty"`
}

func (v version) version() billing.Version {
	out := billing.Version{ValidFrom: calendar.Date(v.ValidFrom), RecordedAt: time.Time(v.RecordedAt), Withdrawn: v.Withdrawn}
	if v.Withdrawn {
		return out
	}
	out.Terms = billing.Terms{Counting: billing.Counting(v.Counting), GraceHours: v.GraceHours, FreeDays: v.FreeDays,
		VAT: v.VAT.decimal(), Minimum: v.Minimum.money()}
	for _, p := range v.Prices {
		price := billing.Price{Class: classOf(p.Size, p.Load, p.Group), Currency: money.Currency(p.Currency)}
		for _, t := range p.Tiers {
			price.Tiers = append(price.Tiers, billing.Tier{From: t.From, To: t.To, Rate: t.Rate.decimal()})
		}
		out.Prices = append(out.Prices, price)
	}
	for _, f := range v.Fees {
		out.Fees = append(out.Fees, billing.Fee{Operation: yard.Operation(f.Operation), Class: classOf(f.Size, f.Load, f.Group),
			Amount: money.Amount{Value: f.Amount.decimal(), Currency: money.Currency(f.Currency)}})
	}
	return out
}

func classOf(s size, load, group word) billing.Class {
	return billing.Class{Size: int(s), Load: container.Load(load), Group: string(group)}
}

func (d discount) discount(client int64) billing.Discount {
	out := billing.Discount{Name: string(d.Name), RecordedAt: time.Time(d.RecordedAt), Withdrawn: d.Withdrawn}
	if d.Withdrawn {
		return out
	}
	out.Client, out.Percent, out.PerDay, out.Flat = client, d.Percent.decimal(), d.PerDay.money(), d.Flat.money()
	out.From, out.To, out.Sizes, out.Stacks = calendar.Date(d.From), calendar.Date(d.To), d.Sizes, d.Stacks
	return out
}

func (a *amount) money() *money.Amount {
	if a == nil {
		return nil
	}
	return &money.Amount{Value: a.Amount.decimal(), Currency: money.Currency(a.Currency)}
}

func versionOf(v billing.Version) version {
	out := version{ValidFrom: day(v.ValidFrom), RecordedAt: moment(v.RecordedAt), Withdrawn: v.Withdrawn}
	if v.Withdrawn {
		return out
	}
	out.Counting, out.GraceHours, out.FreeDays = string(v.Counting), v.GraceHours, v.FreeDays
	out.VAT, out.Minimum = numberOf(v.VAT), amountOf(v.Minimum)
	for _, p := range v.Prices {
		price := price{Size: size(p.Size), Load: word(p.Load), Group: word(p.Group), Currency: string(p.Currency)}
		for _, t := range p.Tiers {
			price.Tiers = append(price.Tiers, tier{From: t.From, To: t.To, Rate: fixed(p.Currency, t.Rate)})
		}
		out.Prices = append(out.Prices, price)
	}
	for _, f := range v.Fees {
		out.Fees = append(out.Fees, fee{Operation: string(f.Operation), Size: size(f.Size), Load: word(f.Load), Group: word(f.Group),
			Amount: fixed(f.Amount.Currency, f.Amount.Value), Currency: string(f.Amount.Currency)})
	}
	return out
}

func discountOf(d billing.Discount, client name) discount {
	out := discount{Name: name(d.Name), RecordedAt: moment(d.RecordedAt), Withdrawn: d.Withdrawn}
	if d.Withdrawn {
		return out
	}
	out.Client, out.PerDay, out.Flat = client, amountOf(d.PerDay), amountOf(d.Flat)
	if !d.Percent.IsZero() {
		out.Percent = numberOf(d.Percent)
	}
	out.From, out.To, out.Sizes, out.Stacks = day(d.From), day(d.To), d.Sizes, d.Stacks
	return out
}

func amountOf(a *money.Amount) *amount {
	if a == nil {
		return nil
	}
	return &amount{Amount: fixed(a.Currency, a.Value), Currency: string(a.Currency)}
}
