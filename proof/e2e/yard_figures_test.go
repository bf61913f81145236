package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"quaydesk/proof/stack"
	"quaydesk/proof/talk"
)

// tashkent is where the demo's terminals stand.
var tashkent = time.FixedZone("Tashkent", 5*60*60)

// run runs a command of the product's program, which must end with a code.
func (w *world) run(t *testing.T, code int, in string, args ...string) stack.Ran {
	t.Helper()
	ran, err := w.Run(t.Context(), in, args...)
	require.NoError(t, err)
	require.Equal(t, code, ran.Code, "quaydesk %v\n%s\n%s", args, ran.Out, ran.Err)
	return ran
}

// visits signs a person in to the pages.
func (w *world) visits(t *testing.T, p *person) *talk.Visitor {
	t.Helper()
	v, err := w.sandbox.SignIn(t.Context(), w.WebURL, p.Person)
	require.NoError(t, err)
	return v
}

// opens gets a page.
func opens(t *testing.T, v *talk.Visitor, path string) string {
	t.Helper()
	page, err := v.Get(t.Context(), path)
	require.NoError(t, err)
	return page
}

// sheet waits for a document of the bot's and reads its first sheet.
func (p *person) sheet() [][]string {
	p.t.Helper()
	m := p.awaits("a sheet", func(h talk.Heard) bool {
		return h.Kind == "message" && h.Message.ByBot() && len(h.Message.Files) == 1 && strings.HasSuffix(h.Message.Files[0].Name, ".xlsx")
	})
	data, err := p.Download(p.t.Context(), m.Files[0])
	require.NoError(p.t, err)
	book, err := excelize.OpenReader(bytes.NewReader(data))
	require.NoError(p.t, err)
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetName(0))
	require.NoError(p.t, err)
	return rows
}

// holding gives the rows in which a cell holds a fragment.
func holding(rows [][]string, fragment string) [][]string {
	var found [][]string
	for _, row := range rows {
		if strings.Contains(strings.Join(row, "\t"), fragment) {
			found = append(found, row)
		}
	}
	return found
}

// statement is what `quaydesk statement --json` says, as far as it is looked at.
type statement struct {
	Days, Free, Paid int
	Stays            []struct{ Number string }
	Totals           []struct{ Currency, Net, VAT, Gross string }
}

func (w *world) statement(t *testing.T, client string, from, to time.Time, more ...string) statement {
	t.Helper()
	args := append([]string{"statement", "--client", client, "--from", from.Format(time.DateOnly), "--to", to.Format(time.DateOnly), "--json"}, more...)
	var s statement
	require.NoError(t, json.Unmarshal(w.run(t, 0, "", args...).Out, &s))
	return s
}

// What a box costs is the same in the chat, on the command line and on the page, and what a person would count.
func TestFiguresAreTheSameEverywhere(t *testing.T) {
	w := webhook(t)
	dora, oscar, mary, number := w.dispatcher(t, "Dora Figures"), w.works(t, "Oscar Figures", "manager", ""), w.role(t, "Mary Kim"), box()
	client := unique("Figures Trade")
	tariff := fmt.Sprintf(`
tariffs:
  - client: %s
    versions:
      - valid_from: 2020-01-01
        counting: calendar_days
        free_days: 2
        vat: 12
        prices: [{currency: USD, tiers: [{from: 1, rate: 5}]}]
        fees: [{operation: lift_off, amount: 30, currency: USD}]
`, client)
	require.Contains(t, string(w.run(t, 0, tariff, "tariff", "import", "-").Out), `"added":1`)
	require.Contains(t, string(w.run(t, 0, tariff, "tariff", "import", "-").Out), `"added":0`)
	require.Contains(t, string(w.run(t, 0, "", "tariff", "show").Out), client)

	today := time.Now().In(tashkent)
	entry := today.AddDate(0, 0, -5)
	dora.says("/in мску" + number[4:] + " " + entry.Format("02.01.2006") + " 10:00")
	dora.hears(talk.WhichSize, talk.Spaced(number))
	dora.says("22G1")
	dora.hears(talk.WhichLoad)
	dora.presses(talk.Laden)
	dora.hears(talk.WhichOwner)
	dora.says(client)
	dora.hears("Gate-in of", talk.Spaced(number), entry.Format("2 Jan 2006")+", 10:00")
	dora.presses(talk.Save)
	dora.hears(talk.Spaced(number), "is in at")
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM movements WHERE details->>'typed' = $1", "мску"+number[4:]), "as it was typed")

	// Six days with both ends, of which two are free: four at 5 dollars, and the lift. Each line is rounded by itself.
	s := w.statement(t, client, entry, today)
	require.Equal(t, []int{6, 2, 4}, []int{s.Days, s.Free, s.Paid})
	require.Len(t, s.Totals, 1)
	require.Equal(t, "USD 50.00", s.Totals[0].Currency+" "+s.Totals[0].Gross)
	require.Equal(t, "44.65 5.35", s.Totals[0].Net+" "+s.Totals[0].VAT)

	oscar.says(number)
	oscar.hears(talk.Spaced(number), "6 days", "So far:", "50.00")
	dora.says(number)
	require.NotContains(t, dora.hears(talk.Spaced(number), "6 days").Text, "So far", "a dispatcher sees no amounts")

	page := opens(t, w.visits(t, mary), fmt.Sprintf("/billing/statements?client=%d&from=%s&to=%s",
		w.counts(t, "SELECT id FROM companies WHERE name = $1", client), entry.Format(time.DateOnly), today.Format(time.DateOnly)))
	require.Contains(t, page, talk.Spaced(number))
	require.Contains(t, page, "50.00")

	// A price that is recorded later changes the figure, and what it was can still be seen.
	before := time.Now()
	revised := strings.ReplaceAll(tariff, "rate: 5}", "rate: 6}")
	require.Contains(t, string(w.run(t, 0, revised, "tariff", "import", "-").Out), `"added":1`)
	require.Equal(t, "54.00", w.statement(t, client, entry, today).Totals[0].Gross)
	require.Equal(t, "50.00", w.statement(t, client, entry, today, "--as-of", before.Format(time.RFC3339Nano)).Totals[0].Gross)

	gap := strings.ReplaceAll(tariff, "{from: 1, rate: 5}", "{from: 1, to: 4, rate: 5}, {from: 6, rate: 5}")
	require.Contains(t, w.run(t, 1, gap, "tariff", "import", "-").Err, "tiers")
	require.Contains(t, w.run(t, 1, "", "statement", "--client", "Nobody At All", "--from", "2026-01-01", "--to", "2026-01-31").Err, "Nobody At All")
}

// The yard's reports come as words and as sheets.
func TestReportsOfTheYard(t *testing.T) {
	w := webhook(t)
	dora, number := w.dispatcher(t, "Dora Reports"), box()
	w.stands(t, "Anor Foods", time.Now().Add(-time.Minute), number)
	for _, command := range []string{"/stock", "/today", "/history " + number} {
		dora.says(command)
		report := dora.awaits("the report", func(h talk.Heard) bool {
			_, ok := h.Message.Button(talk.Sheet)
			return ok && h.Kind == "message"
		})
		dora.pressesOn(report, talk.Sheet)
		rows := dora.sheet()
		require.Len(t, holding(rows, number), 1, "%s: %v", command, rows)
	}
	dora.says("/long")
	dora.awaits("the long stayers", talk.Says("day"))
}

// A sheet is looked through, imported, and imported again.
func TestASheetIsImportedOnce(t *testing.T) {
	w := webhook(t)
	right, left, number := box(), box(), box()
	wrong := number[:10] + string('0'+(number[10]-'0'+3)%10)
	client := unique("Sheet Trade")
	file := filepath.Join(t.TempDir(), "containers.csv")
	require.NoError(t, os.WriteFile(file, []byte("№;\"Номер\nконтейнера\";Тип;Клиент;Дата разгрузки на терминале;Дата вывоза;Терминал\n"+
		"1;"+right+";40HC;"+client+";01.10.2026;;Keles\n"+
		"2;"+left+";22G1;"+client+";01.10.2026 10:00;05.10.2026;Keles\n"+
		"3;"+wrong+";22G1;"+client+";01.10.2026;;Keles\n"+
		"4;"+right+";40HC;"+client+";01.10.2026;;Keles\n"), 0o600))
	type told struct {
		WouldMake, Made *struct{ Stays int } `json:",omitempty"`
		Unchanged       int
		Repeated        []struct{}
		Doubtful        []struct{ Row int }
	}
	imports := func(more ...string) told {
		ran := w.run(t, 3, "", append([]string{"yard", "import", file, "--new-clients"}, more...)...)
		var out told
		require.NoError(t, json.Unmarshal(bytes.ReplaceAll(ran.Out, []byte("would_make"), []byte("WouldMake")), &out))
		require.Len(t, out.Doubtful, 1)
		require.Equal(t, 4, out.Doubtful[0].Row)
		require.Len(t, out.Repeated, 1)
		return out
	}
	require.Equal(t, 2, imports("--dry-run").WouldMake.Stays)
	require.Zero(t, w.counts(t, "SELECT count(*) FROM stays WHERE number = $1", right))
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	require.Equal(t, 2, imports("--rejects", rejects).Made.Stays)
	given, err := os.ReadFile(rejects)
	require.NoError(t, err)
	require.Contains(t, string(given), wrong)
	again := imports()
	require.Equal(t, []int{0, 2}, []int{again.Made.Stays, again.Unchanged})
	require.Equal(t, 3, w.counts(t, "SELECT count(*) FROM movements m JOIN stays s ON s.id = m.stay_id WHERE s.number IN ($1, $2)", right, left))

	exported := string(w.run(t, 0, "", "yard", "export").Out)
	require.Contains(t, exported, right)
	require.NotContains(t, exported, wrong)
}

func TestContainerNumbersAreChecked(t *testing.T) {
	w := webhook(t)
	right := w.run(t, 0, "", "container", "check", "csqu 305438-3")
	require.Contains(t, string(right.Out), `"number":"CSQU3054383"`)
	wrong := w.run(t, 1, "CSQU3054384\nMSKU6011672\n", "container", "check")
	require.Contains(t, string(wrong.Out), `"reason":"check_digit"`)
	require.Equal(t, 2, strings.Count(string(wrong.Out), "\n"))
	require.Empty(t, wrong.Err)
}
