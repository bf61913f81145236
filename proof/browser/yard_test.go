package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// says waits until a page of the product says something.
func says(t *testing.T, tab *Tab, words string) {
	t.Helper()
	require.NoError(t, tab.Until(`document.readyState === 'complete' && document.querySelector('main')?.innerText.includes(%q)`, words))
}

// The stock is filtered and sorted by mouse, and the URL keeps it.
func TestTheStockIsFilteredAndSorted(t *testing.T) {
	w, tab := visit(t, 1280, 900)
	signIn(t, w, tab, "Olivia Hart")
	require.NoError(t, tab.Visit(w.WebURL+"/yard"))
	says(t, tab, "Chukursay")
	require.NoError(t, tab.Click(".filters summary"))
	choose(t, tab, "[name=terminal]", "Sergeli")
	require.NoError(t, tab.Click(".filter button"))
	require.NoError(t, tab.Until(`/terminal=\d/.test(location.search) && document.querySelector('.filters').open`))
	require.NoError(t, tab.Until(`[...document.querySelectorAll('td[data-head=Terminal]')].every(e => e.textContent.includes('Sergeli'))`))
	require.NoError(t, tab.Click(`th a[href*="sort=number"]`))
	require.NoError(t, tab.Until(`/terminal=\d/.test(location.search) && document.querySelector('th[aria-sort=ascending]')`))
	require.NoError(t, tab.Until(`(all => all.length > 1 && all.join() === [...all].sort().join())([...document.querySelectorAll('td a.box')].map(e => e.textContent))`))
	require.NoError(t, tab.Visit(w.WebURL+"/yard/movements"))
	says(t, tab, "gate-in")
	require.NoError(t, tab.Until(fits))
}

// Charts are shown under the policy of the pages.
func TestChartsAreShown(t *testing.T) {
	w, tab := visit(t, 1280, 900)
	signIn(t, w, tab, "Olivia Hart")
	require.NoError(t, tab.Visit(w.WebURL+"/yard/ageing"))
	require.NoError(t, tab.Until(`(all => all.length === 2 && (all.forEach(i => i.loading = 'eager'), all.every(i => i.complete && i.naturalWidth > 0)))([...document.querySelectorAll('img.chart')])`))
}

// A box comes in, is held and corrected, by mouse.
func TestABoxIsWorkedOn(t *testing.T) {
	w, tab := visit(t, 1280, 900)
	signIn(t, w, tab, "Olivia Hart")
	require.NoError(t, tab.Visit(w.WebURL+"/yard/gate-in"))
	choose(t, tab, "[name=terminal]", "Keles")
	choose(t, tab, "[name=client]", "Anor")
	require.NoError(t, tab.Type("[name=number]", "TEMU1002031"))
	require.NoError(t, tab.Type("[name=remarks]", "dented door"))
	require.NoError(t, tab.Click(`form[action="/yard/gate-in"] button`))
	require.NoError(t, tab.Until(`document.querySelector('#f-number-wrong') && document.querySelector('[name=remarks]').value === 'dented door'`))
	require.NoError(t, tab.Choose("[name=number]", "temu 100203-0"))
	require.NoError(t, tab.Click(`form[action="/yard/gate-in"] button`))
	says(t, tab, "Recorded.")
	require.NoError(t, tab.Until(`location.pathname === '/yard/containers/TEMU1002030'`))
	require.NoError(t, tab.Click(`a[href$="/hold"]`))
	require.NoError(t, tab.Type("[name=reason]", "Customs"+Enter))
	says(t, tab, "Customs")
	require.NoError(t, tab.Click(`a[href$="/correct"]`))
	require.NoError(t, tab.Type("[name=place]", "K-7"))
	require.NoError(t, tab.Type("[name=reason]", "forgotten"+Enter))
	says(t, tab, "no longer counts since")
	says(t, tab, "place K-7")
	require.NoError(t, tab.Until(fits))
}

// A phone and a keyboard are enough: a box is found and let go.
func TestABoxIsWorkedOnByKeyboardOnAPhone(t *testing.T) {
	w, tab := visit(t, 390, 844)
	signIn(t, w, tab, "Olivia Hart")
	require.NoError(t, tab.Visit(w.WebURL+"/yard/gate-in"))
	choose(t, tab, "[name=terminal]", "Keles")
	choose(t, tab, "[name=client]", "Anor")
	require.NoError(t, tab.Walk(`e.name === 'number'`))
	require.NoError(t, tab.Keys("DFSU1704420"+Enter))
	says(t, tab, "Recorded.")
	require.NoError(t, tab.Visit(w.WebURL+"/yard"))
	require.NoError(t, tab.Until(fits))
	require.NoError(t, tab.Walk(`e.id === 'find'`))
	require.NoError(t, tab.Keys("dfsu 170442 0"+Enter))
	require.NoError(t, tab.Until(`location.pathname === '/yard/containers/DFSU1704420' && document.readyState === 'complete'`))
	require.NoError(t, tab.Until(fits))
	require.NoError(t, tab.Walk(`e.matches('a[href$="/release"]')`))
	require.NoError(t, tab.Keys(Enter))
	require.NoError(t, tab.Until(`document.querySelector('[name=vehicle]')`))
	require.NoError(t, tab.Until(fits))
	require.NoError(t, tab.Walk(`e.name === 'vehicle'`))
	require.NoError(t, tab.Keys("01A123BC"+Enter))
	says(t, tab, "Recorded.")
	says(t, tab, "01A123BC")
	require.NoError(t, tab.Until(fits))
}

// imports has a sheet looked through and recorded: one row is right, one is not.
func imports(t *testing.T, width, height int64, right string) {
	w, tab := visit(t, width, height)
	path := filepath.Join(t.TempDir(), "containers.csv")
	rows := fmt.Sprintf("Номер контейнера;Терминал;Клиент;Дата разгрузки на терминале\n%s;Keles;Anor Foods;01.10.2026\nCSQU3054384;Keles;Anor Foods;01.10.2026\n", right)
	require.NoError(t, os.WriteFile(path, []byte(rows), 0o600))
	signIn(t, w, tab, "Mary Kim")
	require.NoError(t, tab.Visit(w.WebURL+"/yard/import"))
	require.NoError(t, tab.Until(fits))
	require.NoError(t, tab.File("[name=file]", path))
	require.NoError(t, tab.Click(`form[action="/yard/import"] button`))
	says(t, tab, "Looked through")
	says(t, tab, "The check digit does not fit")
	require.NoError(t, tab.Until(fits))
	require.NoError(t, tab.Click(`main form.one button`))
	says(t, tab, "Stays made")
	require.NoError(t, tab.Visit(w.WebURL+"/yard/containers/"+right))
	says(t, tab, "Anor Foods")
	says(t, tab, "import")
}

func TestASheetIsImported(t *testing.T) { imports(t, 1280, 900, "APZU3789870") }

func TestASheetIsImportedOnAPhone(t *testing.T) { imports(t, 390, 844, "HLXU2008419") }
