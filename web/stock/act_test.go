package stock_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/activities/records"
	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// does fills in the form of a page and sends it.
func (b *browser) does(path string, form url.Values) answer {
	b.t.Helper()
	page := b.get(path)
	require.Equal(b.t, http.StatusOK, page.status, path)
	form.Set("op", page.op())
	return b.post(path, form)
}

func (p *place) terminal(n int) string { return strconv.FormatInt(p.terminals[n].ID, 10) }
func (p *place) company(n int) string  { return strconv.FormatInt(p.companies[n].ID, 10) }

// kinds are what a box's movements are, in the order in which they were recorded.
func (p *place) kinds(number container.Number) (kinds []yard.Kind) {
	for _, m := range p.history(number) {
		kinds = append(kinds, m.Kind)
	}
	return kinds
}

func TestABoxesWay(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	path := "/yard/containers/MSKU6011672"
	came := b.does("/yard/gate-in", url.Values{"terminal": {w.ours.terminal(0)}, "number": {"мску 601167-2"}, "type": {"40HC"}, "load": {"laden"},
		"client": {w.ours.company(0)}, "line": {w.ours.company(1)}, "mode": {"truck"}, "vehicle": {"01A123BC"}, "seals": {"A1, B2"}, "tonnage": {"24,5"},
		"place": {"B-2"}, "remarks": {"dent"}})
	require.Equal(t, path, came.location)
	page := b.get(path)
	require.Contains(t, page.words(), "Recorded.")
	for _, told := range []string{"45G1 laden", "Silk Gate Trade", "line Meridian Line", "truck 01A123BC", "place B-2", "seals A1, B2", "24.5 t", "dent", "MAERSK"} {
		require.Contains(t, page.words(), told)
	}
	stay := fmt.Sprintf("/yard/stays/%d/", w.ours.history("MSKU6011672")[0].Stay)
	require.Equal(t, path, b.does(stay+"hold", url.Values{"reason": {"Customs <b>"}}).location)
	require.Contains(t, b.get(path).body, "Customs &lt;b&gt;")
	require.Contains(t, b.get("/yard?state=held").words(), "MSKU 601167 2")

	held := b.does(stay+"release", url.Values{"order": {"R-77"}, "remarks": {"typed with care"}})
	require.Equal(t, http.StatusConflict, held.status)
	require.Contains(t, held.words(), "Customs")
	require.Contains(t, held.body, "typed with care", "nothing typed is lost")
	require.Contains(t, held.body, `value="R-77"`)

	require.Equal(t, path, b.does(stay+"unhold", url.Values{"reason": {"let go"}}).location)
	require.Equal(t, path, b.does(stay+"operation", url.Values{"operation": {"crane"}}).location)
	require.Equal(t, path, b.does(stay+"transfer", url.Values{"to": {w.ours.terminal(1)}}).location)
	require.Contains(t, b.get("/yard?state=transit").words(), "Chukursay → Sergeli")
	require.Equal(t, path, b.does(stay+"receive", url.Values{"place": {"C-3"}}).location)
	require.Equal(t, path, b.does(stay+"release", url.Values{"order": {"R-77"}, "mode": {"wagon"}, "vehicle": {"54321"}, "destination": {"Andijan"}}).location)
	require.Equal(t, []yard.Kind{yard.GateIn, yard.Held, yard.Unheld, yard.Operated, yard.TransferOut, yard.TransferIn, yard.GateOut}, w.ours.kinds("MSKU6011672"))
	for _, m := range w.ours.history("MSKU6011672") {
		require.Equal(t, yard.FromWeb, m.Source)
		require.Equal(t, w.ours.manager.ID, m.By.ID)
	}
	require.Contains(t, b.get(path).words(), "order R-77")
	require.NotContains(t, b.get(path).body, stay+"release", "it has left")
}

// Each wrong field says so beside it, and the rest stays as it was typed.
func TestWhatIsWrongStandsBesideItsField(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	right := func() url.Values {
		return url.Values{"terminal": {w.ours.terminal(0)}, "number": {"MSKU6011672"}, "client": {w.ours.company(0)}, "remarks": {"typed with care"}}
	}
	for field, wrong := range map[string][]string{
		"number": {"", "MSKU6011673", "MSKU601167", "TBJA7176445", "1234"}, "client": {"", w.theirs.company(0), "x"}, "terminal": {"", w.theirs.terminal(0)},
		"type": {"99ZZ", "45GP"}, "load": {"heavy"}, "line": {w.theirs.company(0)}, "mode": {"balloon"}, "tonnage": {"-1", "999", "much"},
		"at": {"2999-01-01T10:00", "yesterday", "1970-01-01T10:00"}, "seals": {"1 2 3 4 5 6 7 8 9 10 11"},
	} {
		for _, value := range wrong {
			form := right()
			form.Set(field, value)
			page := b.does("/yard/gate-in", form)
			require.Equal(t, http.StatusUnprocessableEntity, page.status, "%s %q", field, value)
			require.Contains(t, page.body, `id="f-`+field+`-wrong"`, "%s %q", field, value)
			require.Contains(t, page.body, "typed with care")
		}
	}
	require.Empty(t, w.ours.history("MSKU6011672"))
}

// A form that is sent twice, even at the same time, does it once.
func TestADoubleSubmitDoesItOnce(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	form := url.Values{"op": {b.get("/yard/gate-in").op()}, "terminal": {w.ours.terminal(0)}, "number": {"MSKU6011672"}, "client": {w.ours.company(0)}}
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if page := b.post("/yard/gate-in", form); page.location != "/yard/containers/MSKU6011672" {
				t.Error(page.status, page.words())
			}
		})
	}
	all.Wait()
	require.Len(t, w.ours.history("MSKU6011672"), 1)
	// Another person's form is another one.
	other := b.does("/yard/gate-in", form)
	require.Equal(t, http.StatusConflict, other.status)
}

func TestCorrections(t *testing.T) {
	w := newWorld(t)
	w.ours.comes("MSKU6011672", 10)
	b := w.ours.as(w.ours.manager)
	first := w.ours.history("MSKU6011672")[0]
	correct := fmt.Sprintf("/yard/movements/%d/correct", first.ID)

	page := b.does(correct, url.Values{"number": {"CSQU3054383"}, "client": {w.ours.company(1)}})
	require.Equal(t, http.StatusUnprocessableEntity, page.status)
	require.Contains(t, page.body, `id="f-reason-wrong"`)
	require.Contains(t, page.body, `value="CSQU3054383"`, "nothing typed is lost")

	done := b.does(correct, url.Values{"number": {"CSQU3054383"}, "client": {w.ours.company(1)}, "reason": {"misread"}})
	require.Equal(t, "/yard/containers/CSQU3054383", done.location, done.words())
	rows := w.ours.history("CSQU3054383")
	require.Len(t, rows, 2)
	require.Equal(t, first.At, rows[1].At, "what was not changed is as it was, to the microsecond")
	require.Equal(t, first.Place, rows[1].Place)
	require.Equal(t, "misread", rows[1].Reason)
	box := b.get("/yard/containers/CSQU3054383")
	require.Contains(t, box.words(), "no longer counts since")
	require.Contains(t, box.words(), "was: MSKU 601167 2 · Silk Gate Trade")
	require.Equal(t, http.StatusNotFound, b.get("/yard/containers/MSKU6011672").status)
	require.Contains(t, b.get("/yard/movements?corrections=1").words(), "misread")

	late := b.post(correct, url.Values{"reason": {"again"}})
	require.Equal(t, http.StatusConflict, late.status, "somebody has corrected it already")
	require.Contains(t, b.get(correct).words(), "cannot be corrected by you")

	reverse := fmt.Sprintf("/yard/movements/%d/reverse", rows[1].ID)
	require.Equal(t, http.StatusUnprocessableEntity, b.post(reverse, nil).status, "a reason is needed")
	require.Equal(t, http.StatusSeeOther, b.post(reverse, url.Values{"why": {"another yard"}}).status)
	require.NotContains(t, b.get("/yard").words(), "CSQU 305438 3")
	require.Contains(t, b.get("/yard/containers/CSQU3054383").words(), "another yard", "its history stays")
}

// What reaches into a closed day waits for a manager, who lets it in or refuses it.
func TestClosedDaysWaitForAManager(t *testing.T) {
	w := newWorld(t)
	w.ours.comes("MSKU6011672", 10)
	zone, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(t, err)
	_, err = w.records.CloseDays(t.Context(), w.ours.turn(), calendar.In(time.Now(), zone)-5)
	require.NoError(t, err)
	rustam := w.ours.person("Rustam", people.Dispatcher, people.Post("terminal", w.ours.terminals[0].ID))
	gate, office := w.ours.as(rustam), w.ours.as(w.ours.manager)
	asks := func() {
		t.Helper()
		change := w.ours.history("MSKU6011672")
		done := gate.does(fmt.Sprintf("/yard/movements/%d/correct", change[len(change)-1].ID), url.Values{"place": {"Z-9"}, "reason": {"it stood there"}})
		require.Equal(t, "/yard/containers/MSKU6011672", done.location, done.words())
		require.Contains(t, gate.get(done.location).words(), "A manager is asked")
		require.Len(t, w.ours.history("MSKU6011672"), len(change), "nothing is recorded")
	}
	asks()
	waiting := office.get("/yard/approvals")
	for _, told := range []string{"MSKU 601167 2", "Rustam", "it stood there", "place Z-9", "was: place A-1", "Let it in", "Refuse"} {
		require.Contains(t, waiting.words(), told)
	}
	require.Contains(t, gate.get("/yard/approvals").words(), "waits for a manager")
	require.Equal(t, http.StatusForbidden, gate.post("/yard/approvals/1", url.Values{"approve": {"1"}}).status)

	require.Equal(t, "/yard/approvals", office.post("/yard/approvals/1", nil).location)
	require.Contains(t, office.get("/yard/approvals").words(), "refused")
	require.Equal(t, http.StatusConflict, office.post("/yard/approvals/1", url.Values{"approve": {"1"}}).status, "it is decided")
	require.Len(t, w.ours.history("MSKU6011672"), 1)

	asks()
	require.Equal(t, "/yard/approvals", office.post("/yard/approvals/2", url.Values{"approve": {"1"}}).location)
	rows := w.ours.history("MSKU6011672")
	require.Len(t, rows, 2)
	require.Equal(t, w.ours.manager.ID, rows[1].ApprovedBy)
	require.Contains(t, office.get("/yard/containers/MSKU6011672").words(), "let in by Olga")
}

func TestSettings(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	saved := func(path string, form url.Values) answer {
		t.Helper()
		form.Set("op", b.get("/yard/settings").op())
		return b.post(path, form)
	}
	require.Equal(t, "/yard/settings", saved("/yard/settings", url.Values{"transit": {"12"}, "long": {"45"}}).location)
	page := b.get("/yard/settings")
	require.Contains(t, page.body, `value="12"`)
	require.Contains(t, page.body, `value="45"`)
	for _, bad := range []url.Values{{"transit": {"0"}, "long": {"45"}}, {"transit": {"12"}, "long": {"-1"}}, {"transit": {"x"}, "long": {"1"}}, {"transit": {"12"}}} {
		require.Equal(t, http.StatusUnprocessableEntity, saved("/yard/settings", bad).status, bad)
	}
	require.Equal(t, "/yard/settings", saved("/yard/settings/terminals", url.Values{"name": {"Keles"}, "zone": {"Asia/Tashkent"}}).location)
	require.Contains(t, b.get("/yard/settings").words(), "Keles")
	require.Contains(t, b.get("/yard").words(), "Keles")
	for _, bad := range []url.Values{{"name": {"keles."}, "zone": {"Asia/Tashkent"}}, {"name": {"New"}, "zone": {"Mars/Olympus"}}, {"name": {""}, "zone": {"UTC"}}, {"name": {"!"}, "zone": {"UTC"}}} {
		page := saved("/yard/settings/terminals", bad)
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusConflict}, page.status, bad)
		require.Contains(t, page.body, `aria-invalid="true"`)
	}
	own := "/yard/settings/terminals/" + w.ours.terminal(0)
	require.Equal(t, "/yard/settings", b.does(own, url.Values{"name": {"Chukursay North"}, "zone": {"Asia/Samarkand"}}).location)
	require.Contains(t, b.get("/yard/settings").words(), "Chukursay North Asia/Samarkand")
}

// A time that clocks skip was not, and one that they show twice is the first.
func TestTimesAtWhichClocksChange(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	_, err := w.records.SaveTerminal(t.Context(), w.ours.turn(), records.TerminalChange{ID: w.ours.terminals[0].ID, Name: "Berlin", Zone: "Europe/Berlin"})
	require.NoError(t, err)
	form := func(at string) url.Values {
		return url.Values{"terminal": {w.ours.terminal(0)}, "number": {"MSKU6011672"}, "client": {w.ours.company(0)}, "at": {at}}
	}
	skipped := b.does("/yard/gate-in", form("2026-03-29T02:30"))
	require.Equal(t, http.StatusUnprocessableEntity, skipped.status)
	require.Contains(t, skipped.body, `id="f-at-wrong"`)
	require.Contains(t, skipped.words(), "there was no 02:30")
	require.Equal(t, http.StatusSeeOther, b.does("/yard/gate-in", form("2025-10-26T02:30")).status)
	require.Equal(t, time.Date(2025, 10, 26, 0, 30, 0, 0, time.UTC), w.ours.history("MSKU6011672")[0].At)
}

// What does not fit in time with what is recorded stands beside the time.
func TestWhatDoesNotFitInTimeStandsBesideIt(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	local := func(ago int) string {
		return time.Now().Add(-time.Duration(ago) * 24 * time.Hour).In(time.FixedZone("", 5*3600)).Format("2006-01-02T15:04")
	}
	w.ours.goes(w.ours.comes("MSKU6011672", 10), 5)
	moving := w.ours.comes("CSQU3054383", 10)
	_, err := w.records.Transfer(t.Context(), w.ours.turn(), yard.Transfer{Stays: []int64{moving.ID}, Details: yard.Details{To: w.ours.terminals[1].ID}})
	require.NoError(t, err)
	held := w.ours.comes("TOLU4734787", 10)
	for _, h := range []yard.Handling{{Stay: held.ID, Kind: yard.Held, At: time.Now().Add(-72 * time.Hour)}, {Stay: held.ID, Kind: yard.Unheld, At: time.Now().Add(-24 * time.Hour)}} {
		_, err := w.records.Handle(t.Context(), w.ours.turn(), h)
		require.NoError(t, err)
	}
	for path, form := range map[string]url.Values{
		"/yard/gate-in": {"terminal": {w.ours.terminal(0)}, "number": {"MSKU6011672"}, "client": {w.ours.company(0)}, "at": {local(7)}},
		fmt.Sprintf("/yard/stays/%d/receive", moving.ID): {"at": {local(1)}},
		fmt.Sprintf("/yard/stays/%d/hold", held.ID):      {"at": {local(2)}},
	} {
		page := b.does(path, form)
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusConflict}, page.status, path)
		require.Contains(t, page.body, `id="f-at-wrong"`, path)
	}
}

// To look at a page writes nothing.
func TestAGetWritesNothing(t *testing.T) {
	w := newWorld(t)
	w.ours.comes("MSKU6011672", 10)
	b := w.ours.as(w.ours.manager)
	written := func() (n int) {
		require.NoError(t, w.pool.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM operations) + (SELECT count(*) FROM audit)
			+ (SELECT count(*) FROM movements) + (SELECT count(*) FROM outbox)`).Scan(&n))
		return n
	}
	before := written()
	movement := w.ours.history("MSKU6011672")[0]
	for _, path := range []string{"/yard", "/yard/containers/MSKU6011672", "/yard/containers?number=MSKU6011672", "/yard/containers?number=MSKU",
		"/yard/movements", "/yard/approvals", "/yard/settings", "/yard/ageing", "/yard/export", "/yard/gate-in", "/yard/import", correctPath(movement.ID),
		fmt.Sprintf("/yard/stays/%d/release", movement.Stay)} {
		require.Less(t, b.get(path).status, http.StatusBadRequest, path)
	}
	require.Equal(t, before, written())
}

// Who may not put a hold on a box, or lift it, cannot take one back.
func TestAHoldIsTakenBackByThoseWhoMayLiftIt(t *testing.T) {
	w := newWorld(t)
	box := w.ours.comes("MSKU6011672", 10)
	_, err := w.records.Handle(t.Context(), w.ours.turn(), yard.Handling{Stay: box.ID, Kind: yard.Held, Reason: "customs"})
	require.NoError(t, err)
	rows := w.ours.history("MSKU6011672")
	came, hold := rows[0], rows[1]
	if came.Kind != yard.GateIn {
		came, hold = hold, came
	}
	gate := w.ours.as(w.ours.person("Rustam", people.Dispatcher, people.Post("terminal", w.ours.terminals[0].ID)))
	books := w.ours.as(w.ours.person("Tamara", people.Accountant, ""))
	reverse := fmt.Sprintf("/yard/movements/%d/reverse", hold.ID)
	why := url.Values{"why": {"slip"}}
	require.Contains(t, gate.get(correctPath(hold.ID)).words(), "cannot be corrected by you")
	require.NotContains(t, gate.get("/yard/containers/MSKU6011672").body, correctPath(hold.ID))
	require.Equal(t, http.StatusForbidden, gate.post(reverse, why).status)
	require.Contains(t, books.get(correctPath(came.ID)).words(), "cannot be corrected by you")
	require.Equal(t, http.StatusForbidden, books.post(fmt.Sprintf("/yard/movements/%d/reverse", came.ID), why).status)
	require.Equal(t, http.StatusSeeOther, books.post(reverse, why).status)
	require.Equal(t, yard.Reversed, w.ours.history("MSKU6011672")[2].Kind)
}

// A zone in which days were counted stays.
func TestATerminalsZoneStays(t *testing.T) {
	w := newWorld(t)
	w.ours.comes("MSKU6011672", 10)
	b := w.ours.as(w.ours.manager)
	page := b.does("/yard/settings/terminals/"+w.ours.terminal(0), url.Values{"name": {"Chukursay"}, "zone": {"UTC"}})
	require.Equal(t, http.StatusConflict, page.status)
	require.Contains(t, page.body, `id="f-zone-wrong"`)
}

// Of a list that was let in, the manager reads what is not recorded, and why; when that is all of it, that it is not.
func TestWhatAnApprovalCouldNotRecordIsSaid(t *testing.T) {
	w := newWorld(t)
	one, two := w.ours.comes("MSKU6011672", 10), w.ours.comes("CSQU3054383", 10)
	b := w.ours.as(w.ours.manager)
	asks := func(stays ...int64) string {
		var id int64
		require.NoError(t, w.store.Tx(t.Context(), func(tx *store.Tx) (err error) {
			id, err = tx.AddApproval(t.Context(), store.Approval{Workspace: 1, AskedBy: w.ours.manager.ID, AskedAt: time.Now(), Bot: 1,
				Change: yard.Change{Departure: &yard.Departure{Stays: stays, At: time.Now()}}})
			return err
		}))
		return fmt.Sprintf("/yard/approvals/%d", id)
	}
	some, none := asks(one.ID, two.ID), asks(one.ID)
	w.ours.goes(one, 0)
	require.Equal(t, "/yard/approvals", b.post(some, url.Values{"approve": {"1"}}).location)
	require.Contains(t, b.get("/yard/approvals").words(), "but for these: MSKU 601167 2: ")
	page := b.post(none, url.Values{"approve": {"1"}})
	require.Equal(t, http.StatusConflict, page.status)
	require.Contains(t, page.words(), "was released")
	require.Contains(t, b.get("/yard/approvals").body, none, "it waits still")
}

func correctPath(movement int64) string { return fmt.Sprintf("/yard/movements/%d/correct", movement) }
