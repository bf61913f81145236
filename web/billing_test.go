package web

import (
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/scs/pgxstore"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"quaydesk/activities/records"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/sandbox/world"
	"quaydesk/store"
	"quaydesk/store/storetest"
)

// yardSite is a site with a terminal, a client and people who bill and move boxes.
type yardSite struct {
	*site
	pool       *pgxpool.Pool
	terminal   yard.Terminal
	client     yard.Company
	owner      people.Person
	accountant people.Person
	month      calendar.Date // the first day of last month
}

func newYardSite(t *testing.T) *yardSite {
	y := &yardSite{}
	y.site = newSite(t, func(c *Config) {
		y.pool = storetest.New(t)
		c.Store = store.New(y.pool)
		c.Records = records.New(c.Store, c.Texts)
		c.Sessions = pgxstore.NewWithCleanupInterval(y.pool, 0)
		demo := world.Demo().Bots[0]
		_, err := c.Store.RegisterBot(t.Context(), demo.ID, demo.Token, "Test", []string{"desk"})
		require.NoError(t, err)
	})
	y.owner = y.person(t, 1, "Olga", people.Owner)
	y.accountant = y.person(t, 2, "Tamara", people.Accountant)
	require.NoError(t, y.Store.Tx(t.Context(), func(tx *store.Tx) (err error) {
		if y.terminal, err = tx.EnsureTerminal(t.Context(), y.owner.Workspace, "Sergeli", "Asia/Tashkent"); err != nil {
			return err
		}
		y.client, err = tx.EnsureCompany(t.Context(), y.owner.Workspace, "Anor Foods")
		return err
	}))
	now, _ := calendar.In(time.Now(), time.UTC).Month()
	y.month, _ = (now - 1).Month()
	return y
}

// turn is one of the owner's doings.
func (y *yardSite) turn() chat.Turn {
	return chat.Turn{Op: "test:" + rand.Text(), Bot: y.bot, User: y.owner.Telegram}
}

// stay records a stay on days of last month, from noon to noon of the terminal; out 0: it goes on.
func (y *yardSite) stay(t *testing.T, n container.Number, size container.SizeType, in, out int) yard.Box {
	t.Helper()
	zone, err := time.LoadLocation(y.terminal.Zone)
	require.NoError(t, err)
	noon := func(day int) time.Time { return (y.month + calendar.Date(day-1)).Start(zone).Add(12 * time.Hour) }
	arrived, err := y.Records.GateIn(t.Context(), y.turn(), yard.Arrival{Terminal: y.terminal.ID, At: noon(in), Details: yard.Details{
		Number: n, SizeType: size, Load: container.Laden, Client: y.client.ID}})
	require.NoError(t, err)
	require.Len(t, arrived.Boxes, 1)
	if out != 0 {
		left, err := y.Records.Release(t.Context(), y.turn(), yard.Departure{Stays: []int64{arrived.Boxes[0].ID}, At: noon(out)})
		require.NoError(t, err)
		require.Empty(t, left.Refused)
	}
	return arrived.Boxes[0]
}

// tariffForm is a filled form: five free days, then a rate for days 6–10 and another from 11 on.
func (y *yardSite) tariffForm(first, second string) url.Values {
	return url.Values{
		"op": {rand.Text()}, "valid_from": {(y.month - 40).String()}, "counting": {"calendar_days"}, "grace_hours": {"0"},
		"free_days": {"5"}, "vat": {"12"}, "minimum": {""}, "minimum.currency": {"UZS"},
		"prices[0].size": {"20"}, "prices[0].load": {""}, "prices[0].group": {""}, "prices[0].currency": {"UZS"},
		"prices[0].tiers[0].from": {"6"}, "prices[0].tiers[0].to": {"10"}, "prices[0].tiers[0].rate": {first},
		"prices[0].tiers[1].from": {"11"}, "prices[0].tiers[1].to": {""}, "prices[0].tiers[1].rate": {second},
		"prices[0].tiers[2].from": {""}, "prices[0].tiers[2].to": {""}, "prices[0].tiers[2].rate": {""},
		"fees[0].operation": {"lift_off"}, "fees[0].amount": {"180 000"}, "fees[0].amount.currency": {"UZS"},
		"fees[0].size": {""}, "fees[0].load": {""}, "fees[0].group": {""},
	}
}

var (
	previewed = regexp.MustCompile(`name="previewed" value="([0-9a-f]+)"`)
	spaces    = strings.NewReplacer("\u00a0", " ", "&#39;", "'")
)

// words are a page's text with plain spaces.
func (a answer) words() string { return spaces.Replace(a.body) }

// saveTariff previews a form and saves it, and gives the preview.
func (y *yardSite) saveTariff(t *testing.T, b *browser, form url.Values) string {
	t.Helper()
	preview := b.post("/billing/tariffs/0/revise", form)
	require.Equal(t, http.StatusOK, preview.status, preview.body)
	seen := previewed.FindStringSubmatch(preview.body)
	require.NotNil(t, seen, preview.body)
	save := maps.Clone(form)
	save.Set("do", "save")
	save.Set("previewed", seen[1])
	saved := b.post("/billing/tariffs/0/revise", save)
	require.Equal(t, http.StatusSeeOther, saved.status, saved.body)
	require.Equal(t, http.StatusOK, b.get(saved.location).status)
	return preview.words()
}

func (y *yardSite) statementPath() string {
	_, last := y.month.Month()
	return fmt.Sprintf("/billing/statements?client=%d&from=%s&to=%s", y.client.ID, y.month, last)
}

func (y *yardSite) invoiceForm() url.Values {
	_, last := y.month.Month()
	return url.Values{"op": {rand.Text()}, "client": {fmt.Sprint(y.client.ID)}, "from": {y.month.String()}, "to": {last.String()}, "sure": {"1"}}
}

// From a tariff to a statement, an invoice, its papers, and corrections after a revision and a corrected movement.
func TestBillingOnTheWeb(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	box := y.stay(t, "CSQU3054383", "22G1", 1, 12)

	unpriced := b.get(y.statementPath())
	require.Equal(t, http.StatusOK, unpriced.status)
	require.Contains(t, unpriced.words(), "CSQU 305438 3", "the box without a tariff is named")
	barred := b.post("/billing/invoices", y.invoiceForm())
	require.Equal(t, http.StatusUnprocessableEntity, barred.status)
	require.Contains(t, barred.words(), "CSQU 305438 3")

	preview := y.saveTariff(t, b, y.tariffForm("10000", "20000,50"))
	// Days 6–10 at 10,000 and 11–12 at 20,000.50, and the lift-off.
	require.Contains(t, preview, "270,001.00 UZS")
	statement := b.get(y.statementPath())
	require.Contains(t, statement.words(), "270,001.00 UZS")
	require.Contains(t, statement.words(), "Free days 1–5")
	require.Contains(t, statement.words(), "Rate for days 6–10. Public tariff from")
	require.True(t, strings.HasPrefix(b.get(strings.Replace(y.statementPath(), "?", "/xlsx?", 1)).body, "PK"))

	form := y.invoiceForm()
	form.Del("sure")
	asked := b.post("/billing/invoices", form)
	require.Equal(t, http.StatusOK, asked.status, asked.body)
	require.Contains(t, asked.words(), "270,001.00 UZS")
	require.Contains(t, asked.words(), "no details of the client yet")
	require.NotContains(t, b.get("/billing/invoices").words(), "270,001.00 UZS", "nothing is issued on the first click")
	form.Set("sure", "1")
	issued := b.post("/billing/invoices", form)
	require.Equal(t, http.StatusSeeOther, issued.status, issued.body)
	require.Equal(t, "/billing/invoices/1", issued.location)
	require.Equal(t, "/billing/invoices/1", b.post("/billing/invoices", form).location, "the same form again")
	again := b.post("/billing/invoices", y.invoiceForm())
	require.Equal(t, http.StatusConflict, again.status)
	require.Contains(t, again.words(), "invoice 1", "what was invoiced is not invoiced again")
	told := b.get(y.statementPath())
	require.Contains(t, told.words(), "invoiced already")
	require.Contains(t, told.body, `href="/billing/invoices/1"`)
	require.NotContains(t, told.body, `action="/billing/invoices"`)
	list := b.get("/billing/invoices").words()
	require.Equal(t, 1, strings.Count(list, "270,001.00 UZS"))
	frozen := b.get("/billing/invoices/1").words()
	require.Contains(t, frozen, "270,001.00 UZS")
	require.Contains(t, frozen, "the same days cost the same")
	for _, paper := range []string{"pdf?lang=ru", "pdf?lang=en", "act?lang=ru", "act?lang=en"} {
		got := b.get("/billing/invoices/1/" + paper)
		require.Equal(t, "application/pdf", got.header.Get("Content-Type"))
		require.True(t, strings.HasPrefix(got.body, "%PDF-"), paper)
	}
	require.True(t, strings.HasPrefix(b.get("/billing/invoices/1/xlsx").body, "PK"))

	preview = y.saveTariff(t, b, y.tariffForm("11000", "20000.50"))
	require.Contains(t, preview, "270,001.00 UZS")
	require.Contains(t, preview, "275,001.00 UZS")
	require.Contains(t, preview, "5,000.00 UZS")
	revised := b.get("/billing/invoices/1").words()
	require.Contains(t, revised, "270,001.00 UZS", "the invoice is frozen")
	require.Contains(t, revised, "5,000.00 UZS")
	correct := url.Values{"op": {rand.Text()}}
	for range 2 {
		require.Equal(t, http.StatusSeeOther, b.post("/billing/invoices/1/corrections", correct).status)
	}
	corrected := b.get("/billing/invoices/1").words()
	require.Contains(t, corrected, "Correction 2")
	require.NotContains(t, corrected, "Correction 3", "the same form again")
	require.Contains(t, corrected, "the same days cost the same")
	require.Equal(t, http.StatusConflict, b.post("/billing/invoices/1/corrections", url.Values{"op": {rand.Text()}}).status)
	require.True(t, strings.HasPrefix(b.get("/billing/invoices/1/corrections/2?lang=ru").body, "%PDF-"))
	require.Contains(t, b.get("/billing/invoices").words(), "Correction 2 to invoice 1")

	// It came in a day later than was recorded: a day less, for the last one.
	moved, err := y.Records.MovementsOf(t.Context(), y.turn(), box.ID)
	require.NoError(t, err)
	gateIn := moved[len(moved)-1]
	require.Equal(t, yard.GateIn, gateIn.Kind)
	_, err = y.Records.Correct(t.Context(), y.turn(), yard.Correction{Movement: gateIn.ID, At: gateIn.At.AddDate(0, 0, 1), Reason: "late", Details: gateIn.Details})
	require.NoError(t, err)
	changed := b.get("/billing/invoices/1").words()
	require.Contains(t, changed, "270,001.00 UZS", "the invoice is frozen")
	require.Contains(t, changed, "−20,000.50 UZS")
}

// Of ten who make the same invoice at once, one does.
func TestAnInvoiceIsIssuedOnce(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	y.stay(t, "CSQU3054383", "22G1", 1, 12)
	y.saveTariff(t, b, y.tariffForm("10000", "20000"))
	same := y.invoiceForm()
	statuses := make([]int, 10)
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() {
			form := same
			if i%2 == 1 {
				form = y.invoiceForm()
			}
			statuses[i] = b.post("/billing/invoices", form).status
		})
	}
	all.Wait()
	for _, status := range statuses {
		require.Contains(t, []int{http.StatusSeeOther, http.StatusConflict}, status)
	}
	require.Contains(t, statuses, http.StatusSeeOther)
	var issued int
	require.NoError(t, y.pool.QueryRow(t.Context(), `SELECT count(*) FROM invoices`).Scan(&issued))
	require.Equal(t, 1, issued)
}

// Papers say what was recorded of both sides when they were issued.
func TestPapersKeepWhatTheySaid(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	at := func(moment time.Time) (d store.PaperDetails) {
		require.NoError(t, y.Store.Tx(t.Context(), func(tx *store.Tx) (err error) {
			d, err = tx.PaperDetails(t.Context(), y.owner.Workspace, 0, moment)
			return err
		}))
		return d
	}
	require.Empty(t, at(time.Now()).Name)
	before := time.Now()
	say := func(name string) {
		require.Equal(t, http.StatusSeeOther, b.post("/billing/settings/seller", url.Values{"op": {rand.Text()}, "paper_name": {name}}).status)
	}
	say("First")
	between := time.Now()
	say("Second")
	require.Equal(t, "First", at(before).Name, "nothing was said then")
	require.Equal(t, "First", at(between).Name)
	require.Equal(t, "Second", at(time.Now()).Name)
	long := b.post("/billing/settings/seller", url.Values{"paper_name": {"X"}, "details": {strings.Repeat("x", 1001)}})
	require.Equal(t, http.StatusUnprocessableEntity, long.status)
	require.Contains(t, long.body, `id="f-details-wrong"`)
}

// What belongs to another workspace is not there.
func TestBillingOfAnotherWorkspace(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	y.stay(t, "CSQU3054383", "22G1", 1, 12)
	y.saveTariff(t, b, y.tariffForm("10000", "20000"))
	require.Equal(t, http.StatusSeeOther, b.post("/billing/invoices", y.invoiceForm()).status)

	var other int64
	require.NoError(t, y.pool.QueryRow(t.Context(), `INSERT INTO workspaces (name) VALUES ('Other') RETURNING id`).Scan(&other))
	_, err := y.pool.Exec(t.Context(), `UPDATE people SET workspace_id = $1 WHERE telegram_id = $2`, other, y.accountant.Telegram)
	require.NoError(t, err)
	_, err = y.pool.Exec(t.Context(), `UPDATE bots SET workspace_id = $1`, other)
	require.NoError(t, err)
	for _, path := range []string{
		"/billing/invoices/1", "/billing/invoices/1/pdf", "/billing/invoices/1/xlsx", y.statementPath(),
		strings.Replace(y.statementPath(), "?", "/xlsx?", 1), fmt.Sprintf("/billing/clients/%d", y.client.ID),
		fmt.Sprintf("/billing/tariffs/%d/revise", y.client.ID),
	} {
		require.Equal(t, http.StatusNotFound, b.get(path).status, path)
	}
	for path, form := range map[string]url.Values{
		"/billing/invoices/1/corrections":                      {},
		"/billing/invoices":                                    y.invoiceForm(),
		fmt.Sprintf("/billing/clients/%d", y.client.ID):        {"name": {"Mine"}},
		fmt.Sprintf("/billing/clients/%d/papers", y.client.ID): {"paper_name": {"Mine"}},
	} {
		require.Equal(t, http.StatusNotFound, b.post(path, form).status, path)
	}
	require.NotContains(t, b.get("/billing/clients").body, y.client.Name)
	require.NotContains(t, b.get("/billing/invoices").body, y.client.Name)
	require.NotContains(t, b.get("/billing/tariffs").body, (y.month - 40).String())
}

func TestClientsDiscountsRatesAndSettings(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	y.stay(t, "CSQU3054383", "22G1", 1, 12)
	y.saveTariff(t, b, y.tariffForm("10000", "20000"))

	// A client's name, order and report.
	path := fmt.Sprintf("/billing/clients/%d", y.client.ID)
	taken := b.post("/billing/clients", url.Values{"name": {"ANOR foods."}})
	require.Equal(t, http.StatusConflict, taken.status)
	require.Contains(t, taken.body, `id="f-name-wrong"`)
	wrong := b.post(path, url.Values{"name": {"Anor Foods LLC"}, "report_at": {"25:00"}})
	require.Equal(t, http.StatusUnprocessableEntity, wrong.status)
	require.Contains(t, wrong.body, `id="f-report_at-wrong"`)
	require.Contains(t, wrong.body, "Anor Foods LLC")
	require.Equal(t, http.StatusSeeOther, b.post(path, url.Values{"name": {"Anor Foods LLC"}, "report_at": {"09:30"}, "requires_order": {"1"}}).status)
	shown := b.get("/billing/clients?q=anor").words()
	require.Contains(t, shown, "Anor Foods LLC")
	require.Contains(t, shown, "09:30")
	require.Contains(t, b.get(path).words(), "270,000.00 UZS") // 5·10,000 + 2·20,000 and the lift-off

	// A discount is previewed, saved, works, and ends.
	discount := url.Values{"op": {rand.Text()}, "name": {"Autumn"}, "client": {""}, "kind": {"percent"}, "value": {"10"}, "currency": {"UZS"}}
	preview := b.post("/billing/discounts", discount)
	require.Equal(t, http.StatusOK, preview.status)
	require.Contains(t, preview.words(), "−9,000.00 UZS")
	said := regexp.MustCompile(`name="previewed" value="([^"]*)"`).FindStringSubmatch(preview.body)
	require.NotNil(t, said)
	discount.Set("do", "save")
	discount.Set("previewed", said[1])
	require.Equal(t, http.StatusSeeOther, b.post("/billing/discounts", discount).status)
	require.Contains(t, b.get(path).words(), "261,000.00 UZS")
	require.Contains(t, b.get(y.statementPath()).words(), "Autumn 10%")
	tooMuch := b.post("/billing/discounts", url.Values{"name": {"X"}, "kind": {"percent"}, "value": {"110"}})
	require.Equal(t, http.StatusUnprocessableEntity, tooMuch.status)
	require.Contains(t, tooMuch.body, `id="f-value-wrong"`)
	require.Equal(t, http.StatusSeeOther, b.post("/billing/discounts/end", url.Values{"op": {rand.Text()}, "name": {"Autumn"}}).status)
	require.NotContains(t, b.get(y.statementPath()).words(), "Autumn")

	// Rates.
	require.Equal(t, http.StatusSeeOther, b.post("/billing/rates", url.Values{"date": {"2026-01-05"}, "currency": {"USD"}, "uzs": {"12 050,37"}}).status)
	require.Contains(t, b.get("/billing/rates?day=2026-01-20&currency=USD").words(), "1 USD = 12,050.37 UZS")
	require.Contains(t, b.get("/billing/rates?day=2026-01-02&currency=USD").words(), "no exchange rate")
	negative := b.post("/billing/rates", url.Values{"date": {"2026-01-05"}, "currency": {"USD"}, "uzs": {"-1"}})
	require.Equal(t, http.StatusUnprocessableEntity, negative.status)
	require.Contains(t, negative.body, `id="f-uzs-wrong"`)

	// What papers say, and closed days.
	require.Equal(t, http.StatusSeeOther, b.post("/billing/settings/seller", url.Values{"paper_name": {"Terminal Sergeli"}, "details": {"TIN 305123456"}}).status)
	require.Contains(t, b.get("/billing/settings").body, "TIN 305123456")
	require.Equal(t, http.StatusSeeOther, b.post(path+"/papers", url.Values{"paper_name": {"Anor Foods LLC, Tashkent"}, "details": {"TIN 1"}}).status)
	require.Contains(t, b.get(path).body, "Anor Foods LLC, Tashkent")
	future := b.post("/billing/settings/close", url.Values{"through": {(calendar.In(time.Now(), time.UTC) + 3).String()}})
	require.Equal(t, http.StatusUnprocessableEntity, future.status)
	require.Contains(t, future.body, `id="f-through-wrong"`)
	require.Equal(t, http.StatusSeeOther, b.post("/billing/settings/close", url.Values{"through": {y.month.String()}}).status)
	require.Contains(t, b.get("/billing/settings").body, `value="`+y.month.String()+`"`)
}

// What a URL asks for that cannot be there is not there, however large, small or odd the number.
func TestNumbersInPathsThatCannotBe(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	for _, odd := range []string{"-99999999999", "-1", "0", "2147483648", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "x"} {
		for _, path := range []string{
			"/billing/invoices/" + odd, "/billing/invoices/" + odd + "/pdf", "/billing/invoices/" + odd + "/act", "/billing/invoices/" + odd + "/xlsx",
			"/billing/invoices/1/corrections/" + odd, "/billing/clients/" + odd,
		} {
			require.Equal(t, http.StatusNotFound, b.get(path).status, path)
		}
		require.Equal(t, http.StatusNotFound, b.post("/billing/invoices/"+odd+"/corrections", url.Values{"op": {rand.Text()}}).status, odd)
		if odd != "0" { // the public tariff's
			require.Equal(t, http.StatusNotFound, b.get("/billing/tariffs/"+odd+"/revise").status, odd)
			require.Equal(t, http.StatusNotFound, b.get("/billing/tariffs/"+odd+"/2026-01-01").status, odd)
		}
		for _, path := range []string{
			"/billing/invoices?client=" + odd + "&page=" + odd, "/billing/statements?client=" + odd, "/billing/statements/xlsx?client=" + odd,
			"/billing/discounts?client=" + odd, "/billing/clients?page=" + odd, "/billing/rates?page=" + odd,
		} {
			require.Less(t, b.get(path).status, http.StatusInternalServerError, path)
		}
	}
	for _, day := range []string{"0000-01-01", "0001-01-01", "9999-12-31", "2026-02-30"} {
		for _, path := range []string{
			"/billing/invoices?from=" + day + "&to=" + day, fmt.Sprintf("/billing/statements?client=%d&from=%s&to=%s", y.client.ID, day, day),
			fmt.Sprintf("/billing/statements?client=%d&from=%s&to=9999-12-31", y.client.ID, day),
			fmt.Sprintf("/billing/statements?client=%d&as_of=%sT00:00", y.client.ID, day), "/billing/rates?currency=XXX&day=" + day,
			"/billing/tariffs/0/" + day, "/billing/tariffs/0/" + day + "/withdraw", "/billing/tariffs/0/revise?like=" + day,
		} {
			require.Less(t, b.get(path).status, http.StatusInternalServerError, path)
		}
		for path, form := range map[string]url.Values{
			"/billing/rates":          {"date": {day}, "currency": {"USD"}, "uzs": {"1e9"}},
			"/billing/discounts":      {"name": {"Odd"}, "kind": {"percent"}, "value": {"5"}, "from": {day}, "to": {day}, "size": {"-1"}},
			"/billing/invoices":       {"client": {fmt.Sprint(y.client.ID)}, "from": {day}, "to": {day}},
			"/billing/settings/close": {"through": {day}},
		} {
			form.Set("op", rand.Text())
			require.Less(t, b.post(path, form).status, http.StatusInternalServerError, "%s %s", path, day)
		}
	}
}

// Whoever bills closes days; to open them again is for those who let changes into them.
func TestClosedDaysAreNotOpenedByAccountants(t *testing.T) {
	y := newYardSite(t)
	b := y.as(t, y.accountant)
	through := func(day string) url.Values { return url.Values{"op": {rand.Text()}, "through": {day}} }
	require.Equal(t, http.StatusSeeOther, b.post("/billing/settings/close", through(y.month.String())).status)
	empty := b.post("/billing/settings/close", through(""))
	require.Equal(t, http.StatusUnprocessableEntity, empty.status)
	require.Contains(t, empty.body, `id="f-through-wrong"`)
	require.Equal(t, http.StatusForbidden, b.post("/billing/settings/close", through((y.month-1).String())).status)
	require.Contains(t, b.get("/billing/settings").body, y.month.String(), "still closed")
	require.Equal(t, http.StatusSeeOther, y.as(t, y.owner).post("/billing/settings/close", through((y.month-1).String())).status)
}
