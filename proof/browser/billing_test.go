package browser

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// signIn signs in to the product's pages as one of the demo's people.
func signIn(t *testing.T, w *world, tab *Tab, name string) {
	t.Helper()
	require.NoError(t, tab.Visit(w.WebURL+"/login/telegram"))
	for _, p := range w.sandbox.World.People {
		if p.Name == name {
			require.NoError(t, tab.Click(`button[name=person][value="%d"]`, p.ID))
			require.NoError(t, tab.Until(`document.querySelector('.who')?.textContent.includes(%q)`, name))
			return
		}
	}
	require.Fail(t, "there is no "+name)
}

// choose selects the entry of a list that has words in it.
func choose(t *testing.T, tab *Tab, selector, words string) {
	t.Helper()
	require.NoError(t, tab.Until(`(s => {
		const o = [...s?.options ?? []].find(o => o.text.includes(%q));
		if (o) s.value = o.value;
		return Boolean(o);
	})(document.querySelector(%q))`, words, selector))
}

// bill walks the accountant's way: a dearer tariff whose effect is seen before it is saved, a client's statement, an
// invoice of it, and that as PDF.
func bill(t *testing.T, w *world, tab *Tab, client string, rate int) {
	to := time.Now().AddDate(0, 0, -time.Now().Day()) // the end of last month
	from := to.AddDate(0, 0, 1-to.Day())
	signIn(t, w, tab, "Mary Kim")
	require.NoError(t, tab.Visit(w.WebURL+"/billing/tariffs"))
	require.NoError(t, tab.Click(`a[href="/billing/tariffs/0/revise"]`))
	require.NoError(t, tab.Until(`document.querySelector('[name="prices[0].tiers[0].rate"]')`))
	require.NoError(t, tab.Choose(`[name=valid_from]`, from.Format(time.DateOnly)))
	require.NoError(t, tab.Choose(`[name="prices[0].tiers[0].rate"]`, "-1"))
	require.NoError(t, tab.Click(`main form > .actions button`))
	require.NoError(t, tab.Until(`document.getElementById('f-prices[0].tiers[0].rate-wrong')`))
	require.NoError(t, tab.Choose(`[name="prices[0].tiers[0].rate"]`, fmt.Sprintf("%d 000", rate)))
	require.NoError(t, tab.Click(`main form > .actions button`))
	require.NoError(t, tab.Until(`document.querySelector('#preview table')?.textContent.includes('UZS')`))
	require.NoError(t, tab.Click(`button[value=save]`))
	require.NoError(t, tab.Until(`document.querySelector('.did') && document.querySelector('main').textContent.includes('%d,000.00')`, rate))

	require.NoError(t, tab.Visit(fmt.Sprintf("%s/billing/statements?from=%s&to=%s", w.WebURL, from.Format(time.DateOnly), to.Format(time.DateOnly))))
	choose(t, tab, `[name=client]`, client)
	require.NoError(t, tab.Click(`.filter button`))
	require.NoError(t, tab.Until(`document.querySelector('h1')?.textContent.includes(%q)`, client))
	require.NoError(t, tab.Click(`form[action="/billing/invoices"] button`))
	require.NoError(t, tab.Until(`document.querySelector('input[name=sure]')`), "it is asked once more")
	require.NoError(t, tab.Click(`form[action="/billing/invoices"] button`))
	require.NoError(t, tab.Until(`document.querySelector('.did')?.textContent.includes('Invoice')`))
	for _, lang := range []string{"en", "ru"} {
		require.NoError(t, tab.Until(`(a => {
			window.papers ??= {};
			window.papers.%[1]s ??= fetch(a.href).then(r => r.text()).then(t => { window.papers.%[1]s = t; });
			return typeof window.papers.%[1]s === 'string' && window.papers.%[1]s.startsWith('%%PDF-');
		})(document.querySelector('a[href*="/pdf?lang=%[1]s"]'))`, lang))
	}
	require.NoError(t, tab.Until(`document.documentElement.scrollWidth <= innerWidth`), "nothing is wider than the window")
}

func TestTheAccountantBills(t *testing.T) {
	w, tab := visit(t, 1280, 900)
	bill(t, w, tab, "Anor", 61)
}

func TestTheAccountantBillsOnAPhone(t *testing.T) {
	w, tab := visit(t, 390, 844)
	bill(t, w, tab, "Chinar", 62)
}
