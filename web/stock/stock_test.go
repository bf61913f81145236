package stock_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/web/page"
)

// yards are both workspaces with a few boxes.
func yards(t *testing.T) *world {
	w := newWorld(t)
	w.ours.comes("MSKU6011672", 10)
	w.ours.comes("CSQU3054383", 3, func(a *yard.Arrival) {
		a.SizeType, a.Load, a.Terminal, a.Client = "22G1", "empty", w.ours.terminals[1].ID, w.ours.companies[1].ID
	})
	w.ours.goes(w.ours.comes("TOLU4734787", 8), 5)
	w.theirs.comes("HLXU2008419", 2)
	return w
}

func TestStockPage(t *testing.T) {
	w := yards(t)
	b := w.ours.as(w.ours.manager)
	page := b.get("/yard")
	require.Equal(t, http.StatusOK, page.status)
	for _, there := range []string{"MSKU 601167 2", "CSQU 305438 3", "Silk Gate Trade", "Chukursay", "Sergeli", "In all 2"} {
		require.Contains(t, page.words(), there)
	}
	require.NotContains(t, page.words(), "TOLU 473478 7", "it has left")
	require.NotContains(t, page.body, "HLXU", "another's")
	require.NotContains(t, page.body, "Khorgos", "another's")

	zone, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(t, err)
	then := url.QueryEscape(time.Now().Add(-7 * 24 * time.Hour).In(zone).Format("2006-01-02T15:04"))
	for query, want := range map[string][]string{
		"number=msku+601167-2": {"MSKU"},
		"number=МСКУ6011672":   {"MSKU"},
		"number=3054":          {"CSQU"},
		"feet=20":              {"CSQU"},
		"load=laden":           {"MSKU"},
		"longer=5":             {"MSKU"},
		"at=" + then:           {"MSKU", "TOLU"},
		"state=held":           nil,
		"number=NOSUCH":        nil,
		"terminal=" + strconv.FormatInt(w.ours.terminals[1].ID, 10): {"CSQU"},
		"client=" + strconv.FormatInt(w.ours.companies[1].ID, 10):   {"CSQU"},
	} {
		page := b.get("/yard?" + query)
		require.Equal(t, http.StatusOK, page.status, query)
		for _, box := range []string{"MSKU", "CSQU", "TOLU", "HLXU"} {
			_, list, _ := strings.Cut(page.body, "<tbody") // not the filter above
			shown := strings.Contains(list, "/yard/containers/"+box)
			require.Equal(t, strings.Contains(strings.Join(want, " "), box), shown, "%s: %s", query, box)
		}
		if want == nil {
			require.Contains(t, page.words(), "No container fits")
		}
	}
	sorted := func(by string) string {
		return strings.Join(regexp.MustCompile(`/yard/containers/(\w{4})`).FindAllString(b.get("/yard?sort="+by).body, -1), " ")
	}
	require.Equal(t, "/yard/containers/CSQU /yard/containers/MSKU", sorted("number"))
	require.Equal(t, "/yard/containers/MSKU /yard/containers/CSQU", sorted("-number"))
	require.Equal(t, "/yard/containers/MSKU /yard/containers/CSQU", sorted("-days"))
	require.Equal(t, "/yard/containers/MSKU /yard/containers/CSQU", sorted("nonsense"))
}

// What is wrong in a filter is told beside its field, and nothing is listed as if it were right.
func TestBadFilters(t *testing.T) {
	w := yards(t)
	b := w.ours.as(w.ours.manager)
	theirs := strconv.FormatInt(w.theirs.terminals[0].ID, 10)
	for _, path := range []string{
		"/yard?at=yesterday", "/yard?at=2999-01-01T10:00", "/yard?longer=-1", "/yard?longer=many", "/yard?feet=x", "/yard?feet=9999",
		"/yard?terminal=" + theirs, "/yard?terminal=x", "/yard?client=999999", "/yard?state=lost", "/yard?load=heavy",
		"/yard/movements?from=tomorrow", "/yard/movements?from=2026-11-05&to=2026-11-01", "/yard/movements?kind=theft",
		"/yard/movements?terminal=" + theirs, "/yard/movements?person=" + strconv.FormatInt(w.theirs.manager.ID, 10),
		"/yard/ageing?terminal=" + theirs,
	} {
		page := b.get(path)
		require.Equal(t, http.StatusUnprocessableEntity, page.status, path)
		require.Contains(t, page.body, `aria-invalid="true"`, path)
		require.NotContains(t, page.body, "/yard/containers/MSKU", path)
	}
	for _, path := range []string{"/yard?page=-1", "/yard?page=999999999999", "/yard?page=x", "/yard?number=%25%00%27", "/yard?nonsense=1", "/yard/movements?page=1000000"} {
		require.Equal(t, http.StatusOK, b.get(path).status, path)
	}
}

func TestMovementsPage(t *testing.T) {
	w := yards(t)
	b := w.ours.as(w.ours.manager)
	all := b.get("/yard/movements")
	require.Equal(t, 4, strings.Count(all.body, `data-head="Container"`))
	require.NotContains(t, all.body, "HLXU")
	out := b.get("/yard/movements?kind=gate_out")
	require.Equal(t, 1, strings.Count(out.body, `data-head="Container"`))
	require.Contains(t, out.words(), "TOLU 473478 7")
	require.Contains(t, b.get("/yard/movements?corrections=1").words(), "No movement fits")
}

func TestFindingAContainer(t *testing.T) {
	w := yards(t)
	b := w.ours.as(w.ours.manager)
	require.Equal(t, "/yard/containers/MSKU6011672", b.get("/yard/containers?number=msku+601167+2").location)
	require.Equal(t, "/yard/containers/TOLU4734787", b.get("/yard/containers?number=TOLU4734787").location, "also one that has left")
	require.Contains(t, b.get("/yard/containers?number=MSKU6011673").body, "/yard/containers/MSKU6011672", "one slip away")
	require.Contains(t, b.get("/yard/containers?number=HLXU2008419").words(), "has never been here")
	require.Contains(t, b.get("/yard/containers?number=").words(), "There is no number in that")
}

// Nobody sees another workspace's yard, whatever they ask for.
func TestAnothersYardIsNotThere(t *testing.T) {
	w := yards(t)
	box := w.theirs.history("HLXU2008419")[0]
	ids := map[string]string{
		"{number}": "HLXU2008419", "{stay}": strconv.FormatInt(box.Stay, 10), "{movement}": strconv.FormatInt(box.ID, 10),
		"{terminal}": strconv.FormatInt(w.theirs.terminals[0].ID, 10), "{import}": strconv.FormatInt(w.theirs.abandoned("x.csv", []byte("x")), 10),
		"{approval}": strconv.FormatInt(w.theirs.asks(box), 10),
	}
	ours, theirs := w.ours.as(w.ours.manager), w.theirs.as(w.theirs.manager)
	tried := 0
	for _, r := range w.routes {
		method, path, _ := strings.Cut(r.Pattern, " ")
		filled := path
		for name, id := range ids {
			filled = strings.ReplaceAll(filled, name, id)
		}
		if filled == path {
			continue
		}
		tried++
		require.NotContains(t, filled, "{", "an id that this test does not know")
		form := url.Values{"reason": {"x"}, "why": {"x"}, "name": {"x"}, "zone": {"UTC"}, "terminal": {"1"}}
		if method == http.MethodGet {
			require.Equal(t, http.StatusNotFound, ours.get(filled).status, r.Pattern)
		} else {
			require.Equal(t, http.StatusNotFound, ours.post(filled, form).status, r.Pattern)
		}
	}
	require.Greater(t, tried, 20)
	require.Len(t, w.theirs.history("HLXU2008419"), 1)
	require.Equal(t, http.StatusOK, theirs.get("/yard/containers/HLXU2008419").status)
}

// A dispatcher sees the yard of all terminals, works at their own, and sees no amounts.
func TestADispatcherSeesTheYardAndWorksAtTheirOwnTerminal(t *testing.T) {
	w := yards(t)
	rustam := w.ours.person("Rustam", people.Dispatcher, people.Post("terminal", w.ours.terminals[0].ID))
	b := w.ours.as(rustam)
	require.Contains(t, b.get("/yard").words(), "CSQU 305438 3")
	own, other := b.get("/yard/containers/MSKU6011672"), b.get("/yard/containers/CSQU3054383")
	require.Contains(t, own.words(), "Release")
	require.Contains(t, own.words(), "Correct")
	require.NotContains(t, own.words(), "Hold", "that is the office's")
	require.NotContains(t, other.words(), "Release")
	require.NotContains(t, other.body, "/correct")
	for _, path := range []string{"/yard/settings", "/yard/import"} {
		require.Equal(t, http.StatusForbidden, b.get(path).status, path)
	}
	elsewhere := w.ours.history("CSQU3054383")[0]
	require.Equal(t, http.StatusForbidden, b.post(fmt.Sprintf("/yard/stays/%d/release", elsewhere.Stay), nil).status)
	require.Equal(t, http.StatusForbidden, b.post(fmt.Sprintf("/yard/movements/%d/reverse", elsewhere.ID), url.Values{"why": {"x"}}).status)
	require.Equal(t, http.StatusForbidden, b.post(fmt.Sprintf("/yard/stays/%d/hold", elsewhere.Stay), nil).status)
	require.Len(t, w.ours.history("CSQU3054383"), 1)

	amount := regexp.MustCompile(`UZS|USD|So far|tariff`)
	require.NotRegexp(t, amount, own.words())
	require.Regexp(t, amount, w.ours.as(w.ours.manager).get("/yard/containers/MSKU6011672").words(), "who may sees it, or why there is none")
}

func TestAgeingPage(t *testing.T) {
	w := yards(t)
	b := w.ours.as(w.ours.manager)
	shown := b.get("/yard/ageing")
	require.Equal(t, http.StatusOK, shown.status)
	require.Contains(t, shown.words(), "Chukursay 0 1 0 0 0 0 1", "one of eleven days")
	require.Contains(t, shown.words(), "Silk Gate Trade 1 4 4", "the one that left stayed for four days")
	for _, picture := range []string{"/yard/ageing/stock.svg", "/yard/ageing/dwell.svg"} {
		require.Contains(t, shown.body, picture)
		svg := b.get(picture)
		require.Equal(t, "image/svg+xml", svg.header.Get("Content-Type"))
		require.Equal(t, page.Policy, svg.header.Get("Content-Security-Policy"))
	}
	require.Contains(t, b.get("/yard/ageing/stock.svg").body, "Chukursay")
	require.NotContains(t, b.get("/yard/ageing/stock.svg?terminal="+strconv.FormatInt(w.ours.terminals[1].ID, 10)).body, "Chukursay")
}

func TestAnEmptyYardSaysWhatToDo(t *testing.T) {
	w := newWorld(t)
	b := w.ours.as(w.ours.manager)
	require.Contains(t, b.get("/yard").words(), "let the first one in")
	require.Contains(t, b.get("/yard/movements").words(), "No movement fits")
	require.Contains(t, b.get("/yard/ageing").words(), "No box has left")
	require.Contains(t, b.get("/yard/approvals").words(), "Nothing waits")
}
