package stock_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/people"
	"quaydesk/domain/yard"
)

func TestStockPage(t *testing.T) {
	w := newWorld(t)
	w.ours.comes("MSKU6011672", 10)
	w.ours.comes("CSQU3054383", 3, func(a *yard.Arrival) { a.SizeType, a.Load, a.Terminal = "22G1", "empty", w.ours.terminals[1].ID })
	gone := w.ours.comes("TOLU4734787", 8)
	w.ours.goes(gone, 5)
	w.theirs.comes("HLXU2008419", 2)
	b := w.ours.as(w.ours.manager)

	page := b.get("/yard")
	require.Equal(t, http.StatusOK, page.status)
	for _, there := range []string{"MSKU 601167 2", "CSQU 305438 3", "Silk Gate Trade", "Chukursay", "Sergeli"} {
		require.Contains(t, page.words(), there)
	}
	require.NotContains(t, page.words(), "TOLU 473478 7", "it has left")
	require.NotContains(t, page.body, "HLXU", "another's")
	require.NotContains(t, page.body, "Khorgos", "another's")
}

var _ = url.Values{}
var _ = people.Owner
