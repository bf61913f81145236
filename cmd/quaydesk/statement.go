package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"quaydesk/activities/records"
	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/texts"
)

type statementCommand struct {
	Client string        `required:"" help:"Name of the client."`
	From   calendar.Date `required:"" help:"First day, such as 2026-10-01."`
	To     calendar.Date `required:"" help:"Last day, inclusive."`
	AsOf   string        `help:"By what was recorded until this moment, such as 2026-11-01T09:00:00Z; a day means its end in the workspace's time zone. Default: now."`
	JSON   bool          `name:"json" help:"Print JSON instead of a table."`
}

// Run prints what the client's stays cost in the period.
func (c statementCommand) Run(p *process) error {
	db, err := p.database()
	if err != nil {
		return err
	}
	defer db.Close()
	asOf, err := momentOf(c.AsOf, db.zone)
	if err != nil {
		fmt.Fprintln(os.Stderr, "quaydesk:", err)
		return misused
	}
	var client *yard.Company
	names := map[int64]string{}
	err = db.store.Tx(p.ctx, func(tx *store.Tx) error {
		if client, err = tx.CompanyNamed(p.ctx, db.workspace, c.Client); err != nil {
			return err
		}
		companies, err := tx.Companies(p.ctx, db.workspace)
		for _, c := range companies {
			names[c.ID] = c.Name
		}
		return err
	})
	if err != nil {
		return err
	}
	if client == nil {
		return fault.New(fault.NotFound, "billing.client_unknown", "Name", c.Client)
	}
	q := records.StatementQuery{Workspace: db.workspace, Company: client.ID, From: c.From, To: c.To, AsOf: asOf}
	statement, err := records.New(db.store, texts.New()).Statement(p.ctx, q)
	if err != nil {
		return err
	}
	told := tell(statement, names)
	if c.JSON {
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(told)
	}
	return told.table(os.Stdout)
}

// momentOf reads a moment with its offset from UTC, or a day, whose end it is in a zone; "" is the zero Time.
func momentOf(typed string, zone *time.Location) (time.Time, error) {
	if typed == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339Nano, typed); err == nil {
		return t.UTC(), nil
	}
	day, err := calendar.Parse(typed)
	if err != nil {
		return time.Time{}, fmt.Errorf("--as-of: %q is no moment such as 2026-11-01T09:00:00Z, and no day such as 2026-11-01", typed)
	}
	return (day + 1).Start(zone).Add(-time.Microsecond).UTC(), nil
}

// toldStatement is a statement as it is printed: amounts are strings with the digits of their currency, moments have the
// offset of the terminal's zone.
type toldStatement struct {
	Client string        `json:"client"`
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to"`
	AsOf   time.Time     `json:"as_of"`
	Stays  []toldStay    `json:"stays"`
	Days   int           `json:"days"`
	Free   int           `json:"free"`
	Paid   int           `json:"paid"`
	Totals money.Totals  `json:"totals"`
}

type toldStay struct {
	Number   string       `json:"number"`
	SizeType string       `json:"size_type,omitempty"`
	Load     string       `json:"load,omitempty"`
	Entry    time.Time    `json:"entry"`
	Exit     time.Time    `json:"exit,omitzero"`
	Days     int          `json:"days"` // in the period
	Free     int          `json:"free"`
	Paid     int          `json:"paid"`
	Lines    []toldLine   `json:"lines"`
	Totals   money.Totals `json:"totals"`
}

type toldLine struct {
	Kind      billing.Kind   `json:"kind"`
	First     calendar.Date  `json:"first"`
	Last      calendar.Date  `json:"last"`
	Days      int            `json:"days"`
	FromDay   int            `json:"from_day,omitempty"` // numbers, counted from entry
	ToDay     int            `json:"to_day,omitempty"`
	Tier      *toldTier      `json:"tier,omitempty"`
	Operation yard.Operation `json:"operation,omitempty"`
	At        time.Time      `json:"at,omitzero"`
	Tariff    toldTariff     `json:"tariff"`
	Discounts []toldDiscount `json:"discounts,omitempty"`
	Full      string         `json:"full"`        // gross, before discounts
	Percent   string         `json:"vat_percent"` // of VAT
	Currency  money.Currency `json:"currency"`
	Net       string         `json:"net"`
	VAT       string         `json:"vat"`
	Gross     string         `json:"gross"`
}

type toldTier struct {
	From int    `json:"from"`
	To   int    `json:"to,omitempty"`
	Rate string `json:"rate"`
}

type toldTariff struct {
	Client     string        `json:"client,omitempty"` // whose own it is; none: the public one
	ValidFrom  calendar.Date `json:"valid_from"`
	RecordedAt time.Time     `json:"recorded_at"`
}

type toldDiscount struct {
	Name string `json:"name"`
	Off  string `json:"off"`
}

func tell(s billing.Statement, names map[int64]string) toldStatement {
	out := toldStatement{Client: names[s.Client], From: s.From, To: s.To, AsOf: s.AsOf.UTC(), Stays: []toldStay{},
		Days: s.Days, Free: s.Free, Paid: s.Paid, Totals: append(money.Totals{}, s.Totals...)}
	for _, r := range s.Stays {
		stay := toldStay{Number: string(r.Stay.Number), SizeType: string(r.Stay.SizeType), Load: string(r.Stay.Load),
			Entry: r.Stay.Entry.In(r.Stay.Zone), Days: r.Days, Free: r.Free, Paid: r.Paid, Totals: r.Totals}
		if !r.Stay.Exit.IsZero() {
			stay.Exit = r.Stay.Exit.In(r.Stay.Zone)
		}
		for _, l := range r.Lines {
			stay.Lines = append(stay.Lines, tellLine(l, names, r.Stay.Zone))
		}
		out.Stays = append(out.Stays, stay)
	}
	return out
}

func tellLine(l billing.Line, names map[int64]string, zone *time.Location) toldLine {
	c := l.Amount.Currency
	out := toldLine{Kind: l.Kind, First: l.First, Last: l.Last, Days: l.Days(), FromDay: l.FromDay, ToDay: l.ToDay, Operation: l.Operation,
		Tariff: toldTariff{Client: names[l.Tariff.Client], ValidFrom: l.Tariff.ValidFrom, RecordedAt: l.Tariff.RecordedAt},
		Full:   c.Fixed(l.Full), Percent: l.VAT.String(), Currency: c,
		Net: c.Fixed(l.Amount.Net), VAT: c.Fixed(l.Amount.VAT), Gross: c.Fixed(l.Amount.Gross)}
	if l.Kind == billing.Storage {
		out.Tier = &toldTier{From: l.Tier.From, To: l.Tier.To, Rate: c.Fixed(l.Tier.Rate)}
	}
	if !l.At.IsZero() {
		out.At = l.At.In(zone)
	}
	for _, d := range l.Discounts {
		out.Discounts = append(out.Discounts, toldDiscount{Name: d.Name, Off: c.Fixed(d.Off)})
	}
	return out
}

// table prints the statement for a person.
func (s toldStatement) table(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "%s, %s to %s, as of %s\n\n", s.Client, s.From, s.To, s.AsOf.Format(time.RFC3339))
	for _, stay := range s.Stays {
		fmt.Fprintf(w, "%s %s %s\t%d days\t%d free\t%d paid\n", stay.Number, stay.SizeType, stay.Load, stay.Days, stay.Free, stay.Paid)
		for _, l := range stay.Lines {
			what := string(l.Kind)
			if l.Operation != "" {
				what = string(l.Operation)
			}
			rate := ""
			if l.Tier != nil {
				rate = fmt.Sprintf("%d × %s", l.Days, l.Tier.Rate)
			}
			fmt.Fprintf(w, "  %s\t%s to %s\t%s\t%s %s\n", what, l.First, l.Last, rate, l.Gross, l.Currency)
		}
	}
	fmt.Fprintf(w, "\n%d days, %d free, %d paid\n", s.Days, s.Free, s.Paid)
	for _, t := range s.Totals {
		fmt.Fprintf(w, "%s\tnet %s\tVAT %s\tgross %s\n", t.Currency, t.Currency.Fixed(t.Net), t.Currency.Fixed(t.VAT), t.Currency.Fixed(t.Gross))
	}
	return w.Flush()
}
