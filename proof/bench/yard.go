package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/proof/stack"
	"quaydesk/proof/talk"
)

const (
	yardStays  = 100_000 // of some clients, over a year
	monthStays = 50_000  // of one client, over a month
	visits     = 40      // of each page
	monthly    = "Bench Trade"
)

// yardReport is what was measured of the yard.
type yardReport struct {
	imported  time.Duration // of yardStays
	pages     []pageTimes
	statement time.Duration // the longest of three
	stays     int           // in it
}

// pageTimes is how long a page took to come, sorted.
type pageTimes struct {
	path string
	took []time.Duration
}

func (p pageTimes) quantile(q float64) time.Duration {
	return p.took[min(len(p.took)-1, int(q*float64(len(p.took))))]
}

// measureYard fills the yard by sheets, visits its pages as an accountant and has a month's statement printed.
func measureYard(ctx context.Context, s *stack.Stack, sandbox *talk.Sandbox, logf func(string, ...any)) (r yardReport, err error) {
	url, err := s.DatabaseURL()
	if err != nil {
		return r, err
	}
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		return r, err
	}
	defer db.Close(ctx)
	// The workflows that look after the boxes would be busy for long, and are measured elsewhere.
	if _, err := db.Exec(ctx, "ALTER TABLE stays ALTER watched SET DEFAULT 1000000"); err != nil {
		return r, err
	}
	now := time.Now()
	began := time.Now()
	logf("importing %d stays", yardStays)
	clients := []string{"Silk Gate Trade", "Anor Foods", "Chinar Furniture", "Lochin Parts", "Tuya Cotton"}
	if err := importStays(ctx, s, sheet{yardStays, 0, now.AddDate(-1, 0, -20), 365, clients}); err != nil {
		return r, err
	}
	r.imported = time.Since(began)
	if _, err := db.Exec(ctx, "ANALYZE"); err != nil {
		return r, err
	}
	if _, err := db.Exec(ctx, "UPDATE people SET role = 'accountant' WHERE telegram_id = $1", accountant(sandbox).ID); err != nil {
		return r, err
	}
	if err := r.visit(ctx, s, sandbox, db, logf); err != nil {
		return r, err
	}
	logf("importing %d more", monthStays)
	if err := importStays(ctx, s, sheet{monthStays, yardStays, now.AddDate(0, 0, -45), 30, []string{monthly}}); err != nil {
		return r, err
	}
	logf("a statement of %d stays", monthStays)
	for range 3 {
		began := time.Now()
		ran, err := s.Run(ctx, "", "statement", "--client", monthly, "--from", now.AddDate(0, 0, -50).Format(time.DateOnly), "--to", now.Format(time.DateOnly), "--json")
		if err != nil || ran.Code != 0 {
			return r, fmt.Errorf("the statement ended with %d: %w\n%s", ran.Code, err, ran.Err)
		}
		r.statement = max(r.statement, time.Since(began))
		var told struct{ Stays []struct{} }
		if err := json.Unmarshal(ran.Out, &told); err != nil {
			return r, err
		}
		r.stays = len(told.Stays)
	}
	return r, nil
}

func accountant(s *talk.Sandbox) talk.Person {
	i := slices.IndexFunc(s.World.People, func(p talk.Person) bool { return p.Role == "accountant" })
	return s.World.People[i]
}

// visit opens each page some times.
func (r *yardReport) visit(ctx context.Context, s *stack.Stack, sandbox *talk.Sandbox, db *pgx.Conn, logf func(string, ...any)) error {
	v, err := sandbox.SignIn(ctx, s.WebURL, accountant(sandbox))
	if err != nil {
		return err
	}
	var client int64
	var number string
	if err := db.QueryRow(ctx, "SELECT client_id, number FROM stays WHERE state = 'in' ORDER BY id DESC LIMIT 1").Scan(&client, &number); err != nil {
		return err
	}
	now := time.Now()
	past := url.QueryEscape(now.AddDate(0, -2, 0).Format("2006-01-02T15:04"))
	for _, path := range []string{
		"/yard", "/yard?page=20", "/yard?at=" + past, fmt.Sprintf("/yard?client=%d", client), "/yard?number=" + number[:7],
		fmt.Sprintf("/billing/statements?client=%d&from=%s&to=%s", client, now.AddDate(0, 0, -30).Format(time.DateOnly), now.Format(time.DateOnly)),
		"/yard/movements", "/yard/movements?page=50", "/yard/containers/" + number, "/yard/ageing", "/yard/ageing/stock.svg",
		"/yard/ageing/dwell.svg", "/billing/tariffs", "/billing/clients", "/billing/invoices", "/billing/rates",
	} {
		logf("%s", path)
		p := pageTimes{path: path}
		for range visits {
			began := time.Now()
			if _, err := v.Get(ctx, path); err != nil {
				return err
			}
			p.took = append(p.took, time.Since(began))
		}
		slices.Sort(p.took)
		r.pages = append(r.pages, p)
	}
	return nil
}

// sheet is stays that began within some days from a moment on. Most have ended after two weeks or so.
type sheet struct {
	stays, serial int // how many, and the number's serial of the first
	from          time.Time
	days          int
	clients       []string
}

// importStays imports a sheet as somebody at the command line does.
func importStays(ctx context.Context, s *stack.Stack, stays sheet) error {
	file := filepath.Join(s.Data(), "stays.csv")
	if err := stays.write(file); err != nil {
		return err
	}
	ran, err := s.Run(ctx, "", "yard", "import", file, "--new-clients")
	if err == nil && ran.Code != 0 {
		err = fmt.Errorf("the import ended with %d: %.2000s", ran.Code, ran.Out)
	}
	return err
}

func (s sheet) write(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	dice := rand.New(rand.NewPCG(1, uint64(s.serial)))
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "Container number,Type,Load,Client,Container owner,Unloaded at the terminal,Taken away,Place,Terminal")
	now := time.Now()
	at := func(t time.Time) string { return t.Format("02.01.2006 15:04") }
	for i := range s.stays {
		entry := s.from.Add(time.Duration(float64(i) / float64(s.stays) * float64(s.days) * 24 * float64(time.Hour)))
		left := ""
		if exit := entry.Add(time.Duration((1 + dice.ExpFloat64()*12*24) * float64(time.Hour))); exit.Before(now) {
			left = at(exit)
		}
		fmt.Fprintf(w, "%s,%s,%s,%s,%s,%s,%s,%c-%02d,%s\n", talk.Box([]string{"GES", "TEM", "DFS", "BSI"}[i%4], s.serial+i),
			[]string{"22G1", "45G1", "42G1", "45R1"}[dice.IntN(4)], []string{"laden", "empty"}[dice.IntN(2)], s.clients[i%len(s.clients)],
			[]string{"Meridian Box Line", "Saiga Shipping"}[dice.IntN(2)], at(entry), left, 'A'+rune(dice.IntN(5)), dice.IntN(40),
			[]string{"Chukursay", "Sergeli", "Keles"}[dice.IntN(3)])
	}
	return w.Flush()
}
