package main

import (
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"fmt"
	"slices"
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
	"quaydesk/local"
	"quaydesk/store"
	"quaydesk/texts"
)

// demo fills the yard of the sandbox's workspace, the first one, by the operations that people and commands use.
type demo struct{}

// Invite makes the terminals and companies, and has the owner invite people.
func (demo) Invite(ctx context.Context, databaseURL string, owner int64, who []local.Post) ([]string, error) {
	var links []string
	err := inDemo(ctx, databaseURL, func(d *demoYard) error {
		for _, w := range who {
			code := rand.Text()
			turn := chat.Turn{Op: "demo:invite:" + code, Bot: d.bot, Chat: owner, User: owner}
			in := records.Inviting{Role: people.Role(w.Role), Post: d.posts[w.Place], Code: code}
			if _, err := d.keep.Invite(ctx, turn, in); err != nil {
				return err
			}
			links = append(links, "inv_"+code)
		}
		return nil
	})
	return links, err
}

// Life makes a month of boxes, what people did with some of them since, what storage costs, last month's invoice, and what
// companies are used to.
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
		if err := d.bill(ctx); err != nil {
			return err
		}
		return d.agree(ctx)
	})
}

// demoYard is what the steps work with.
type demoYard struct {
	db        *store.Store
	keep      *records.Records
	workspace int64
	bot       int64
	now       time.Time
	posts     map[string]string // of terminals and companies, by name
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
	d := &demoYard{db: db, keep: records.New(db, texts.New()), workspace: bots[0].Workspace, bot: bots[0].ID, now: time.Now()}
	if err := d.places(ctx); err != nil {
		return err
	}
	return do(d)
}

// places makes the terminals and companies.
func (d *demoYard) places(ctx context.Context) error {
	d.posts = map[string]string{}
	return d.db.Tx(ctx, func(tx *store.Tx) error {
		for _, name := range demoTerminals {
			t, err := tx.EnsureTerminal(ctx, d.workspace, name, demoZone)
			if err != nil {
				return err
			}
			d.posts[name] = people.Post("terminal", t.ID)
		}
		for _, name := range slices.Concat(demoClients, demoLines) {
			c, err := tx.EnsureCompany(ctx, d.workspace, name)
			if err != nil {
				return err
			}
			d.posts[name] = people.Post("company", c.ID)
		}
		return nil
	})
}

// by gives a turn of the first person with a role at a place.
func (d *demoYard) by(ctx context.Context, role people.Role, place, op string) (chat.Turn, error) {
	turn := chat.Turn{Op: "demo:" + op, Bot: d.bot}
	return turn, d.db.Tx(ctx, func(tx *store.Tx) error {
		all, err := tx.PeopleWith(ctx, d.workspace, role)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(p people.Person) bool { return p.Post == d.posts[place] })
		if i < 0 {
			return fmt.Errorf("the demo has no %s %s", role, place)
		}
		turn.Chat, turn.User = all[i].Telegram, all[i].Telegram
		return nil
	})
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
	bound := people.Person{Post: d.posts[to]}.PostOf("terminal")
	sent := func(n int, at time.Time) yard.Transfer {
		truck := yard.Transport{Mode: yard.Truck, Number: "01 777 QDA"}
		return yard.Transfer{Stays: []int64{here(n, from)}, At: at, Details: yard.Details{To: bound, Transport: truck}}
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
	turn.Op = "demo:seller"
	seller := store.PaperDetails{Name: "Quayside Terminals LLC", Details: "TIN 300 000 000\nSergeli, Tashkent\nAccount 2020 8000 1000 2000 3001"}
	if _, err := d.keep.SavePaperDetails(ctx, turn, seller); err != nil {
		return err
	}
	turn.Op = "demo:invoice"
	in := records.Invoicing{Company: people.Person{Post: d.posts[demoClients[0]]}.PostOf("company"), To: last, InUZS: true}
	in.From, _ = last.Month()
	_, err = d.keep.IssueInvoice(ctx, turn, in)
	return err
}

// agree has the manager note that one client's boxes leave against an order only, and that a line is told daily at
// midnight, or as soon as there is somebody to tell it.
func (d *demoYard) agree(ctx context.Context) error {
	turn, err := d.by(ctx, people.Manager, "", "orders")
	if err != nil {
		return err
	}
	company := func(name string) records.CompanyChange {
		return records.CompanyChange{ID: people.Person{Post: d.posts[name]}.PostOf("company"), Name: name}
	}
	client := company(demoClients[4])
	client.RequiresOrder = true
	if _, err := d.keep.SaveCompany(ctx, turn, client); err != nil {
		return err
	}
	turn.Op = "demo:daily"
	line, midnight := company(demoLines[0]), time.Duration(0)
	line.ReportAt = &midnight
	_, err = d.keep.SaveCompany(ctx, turn, line)
	return err
}
