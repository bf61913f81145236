package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"text/template"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"quaydesk/activities/records"
	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/money"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/formats/schedule"
	"quaydesk/store"
	"quaydesk/texts"
)

// demo fills the yard of the sandbox's workspace, the first one, by the operations that people and commands use.
type demo struct{}

// Places makes the terminals and companies.
func (demo) Places(ctx context.Context, databaseURL string) error {
	return inDemo(ctx, databaseURL, func(d *demoYard) error {
		return d.db.Tx(ctx, func(tx *store.Tx) error {
			for _, name := range demoTerminals {
				if _, err := tx.EnsureTerminal(ctx, d.workspace, name, demoZone); err != nil {
					return err
				}
			}
			for _, name := range append(demoClients, demoLines...) {
				if _, err := tx.EnsureCompany(ctx, d.workspace, name); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// Life makes a month of boxes, what people did with some of them since, what storage costs, and last month's invoice.
func (demo) Life(ctx context.Context, databaseURL string) error {
	return inDemo(ctx, databaseURL, func(d *demoYard) error {
		month, err := demoMonth(d.now)
		if err != nil {
			return err
		}
		in := records.StayImport{Workspace: d.workspace, Op: "demo:month", Stays: month}
		stays, err := d.keep.ImportStays(ctx, in)
		if err != nil {
			return err
		}
		for _, s := range stays {
			if s.Fault != nil {
				return s.Fault
			}
		}
		if err := d.work(ctx, month, stays); err != nil {
			return err
		}
		return d.bill(ctx)
	})
}

// demoYard is what the steps work with.
type demoYard struct {
	db        *store.Store
	keep      *records.Records
	workspace int64
	bot       int64
	now       time.Time
}

func inDemo(ctx context.Context, databaseURL string, do func(*demoYard) error) error {
	pool, err := pgxpool.New(ctx, databaseURL)
	if err != nil {
		return err
	}
	defer pool.Close()
	db := store.New(pool)
	bots, err := db.Bots(ctx)
	if err != nil || len(bots) == 0 {
		return err
	}
	return do(&demoYard{db: db, keep: records.New(db, texts.New()), workspace: bots[0].Workspace, bot: bots[0].ID, now: time.Now()})
}

// by gives a turn of the first person with a role, at a terminal if one is named.
func (d *demoYard) by(ctx context.Context, role people.Role, terminal, op string) (chat.Turn, error) {
	var who people.Person
	err := d.db.Tx(ctx, func(tx *store.Tx) error {
		at := int64(0)
		if terminal != "" {
			t, err := tx.EnsureTerminal(ctx, d.workspace, terminal, demoZone)
			if err != nil {
				return err
			}
			at = t.ID
		}
		all, err := tx.PeopleWith(ctx, d.workspace, role)
		if err != nil {
			return err
		}
		for _, p := range all {
			if p.PostOf("terminal") == at {
				who = p
				return nil
			}
		}
		return fmt.Errorf("the demo has no %s %s", role, terminal)
	})
	return chat.Turn{Op: "demo:" + op, Bot: d.bot, Chat: who.Telegram, User: who.Telegram}, err
}

// recorded says whether something was recorded for all boxes.
func recorded(r yard.Recorded, err error) error {
	if err == nil && len(r.Refused) > 0 {
		return r.Refused[0].Fault
	}
	return err
}

// work has the people of the terminals do something: two boxes go to another terminal, one of which has not arrived yet,
// one is held, and one gets another client.
func (d *demoYard) work(ctx context.Context, month []yard.Past, stays []records.ImportedStay) error {
	here := func(n int, terminal string) int64 { // the n-th newest of those that are there
		for i := len(month) - 1; i >= 0; i-- {
			if month[i].Left.IsZero() && month[i].Terminal.Name == terminal && month[i].Entered.Before(d.now.Add(-3*24*time.Hour)) {
				if n--; n < 0 {
					return stays[i].Stay
				}
			}
		}
		return 0
	}
	from, to := demoTerminals[0], demoTerminals[1]
	out, err := d.by(ctx, people.Dispatcher, from, "sent")
	if err != nil {
		return err
	}
	in, err := d.by(ctx, people.Dispatcher, to, "received")
	if err != nil {
		return err
	}
	var bound yard.Terminal
	if err := d.db.Tx(ctx, func(tx *store.Tx) error {
		bound, err = tx.EnsureTerminal(ctx, d.workspace, to, demoZone)
		return err
	}); err != nil {
		return err
	}
	sent := func(n int, at time.Time) yard.Transfer {
		truck := yard.Transport{Mode: yard.Truck, Number: "01 777 QDA"}
		return yard.Transfer{Stays: []int64{here(n, from)}, At: at, Details: yard.Details{To: bound.ID, Transport: truck}}
	}
	if err := recorded(d.keep.Transfer(ctx, out, sent(0, d.now.Add(-30*time.Hour)))); err != nil {
		return err
	}
	if err := recorded(d.keep.Receive(ctx, in, yard.Receipt{Stays: []int64{here(0, from)}, At: d.now.Add(-26 * time.Hour),
		Details: yard.Details{Place: "C-02-1-1"}})); err != nil {
		return err
	}
	out.Op = "demo:sent-now"
	if err := recorded(d.keep.Transfer(ctx, out, sent(1, time.Time{}))); err != nil {
		return err
	}
	accountant, err := d.by(ctx, people.Accountant, "", "held")
	if err != nil {
		return err
	}
	if err := recorded(d.keep.Handle(ctx, accountant,
		yard.Handling{Stay: here(2, from), Kind: yard.Held, Reason: "Storage is not paid"})); err != nil {
		return err
	}
	in.Op = "demo:corrected"
	return d.correct(ctx, in, here(2, to))
}

// correct gives a box's gate-in another client.
func (d *demoYard) correct(ctx context.Context, turn chat.Turn, stay int64) error {
	c := yard.Correction{ClientName: demoClients[3], Reason: "Wrong client on the truck's papers"}
	if err := d.db.Tx(ctx, func(tx *store.Tx) error {
		all, err := tx.Movements(ctx, d.workspace, stay)
		if err != nil || len(all) == 0 {
			return err
		}
		c.Movement, c.Details = all[0].ID, all[0].Details
		c.Client = 0
		return nil
	}); err != nil {
		return err
	}
	return recorded(d.keep.Correct(ctx, turn, c))
}

//go:embed demo_tariffs.yaml
var demoTariffs string

// demoSchedule gives the demo's tariffs, of which one begins with a month.
func demoSchedule(thisMonth calendar.Date) (billing.NamedBook, error) {
	page, err := template.New("tariffs").Parse(demoTariffs)
	if err != nil {
		return billing.NamedBook{}, err
	}
	var out bytes.Buffer
	if err := page.Execute(&out, map[string]any{"Year": (thisMonth - 366).Format("2006"), "ThisMonth": thisMonth}); err != nil {
		return billing.NamedBook{}, err
	}
	return schedule.Read(out.Bytes())
}

// bill has the accountant record tariffs and a rate of the dollar, and issue last month's invoice of a client whose
// prices are in dollars.
func (d *demoYard) bill(ctx context.Context) error {
	turn, err := d.by(ctx, people.Accountant, "", "tariffs")
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(demoZone)
	if err != nil {
		return err
	}
	first, _ := calendar.In(d.now, zone).Month()
	last := first - 1
	book, err := demoSchedule(first)
	if err != nil {
		return err
	}
	if _, err := d.keep.ImportSchedule(ctx, turn, book); err != nil {
		return err
	}
	turn.Op = "demo:rate"
	rate := money.Rate{Currency: money.USD, Date: last - 6, UZS: decimal.RequireFromString("12120.45")}
	if _, err := d.keep.SetRate(ctx, turn, rate); err != nil {
		return err
	}
	turn.Op = "demo:invoice"
	in := records.Invoicing{To: last, InUZS: true}
	in.From, _ = last.Month()
	err = d.db.Tx(ctx, func(tx *store.Tx) error {
		c, err := tx.EnsureCompany(ctx, d.workspace, demoClients[0])
		in.Company = c.ID
		return err
	})
	if err == nil {
		_, err = d.keep.IssueInvoice(ctx, turn, in)
	}
	return err
}
