package stock_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"quaydesk/domain/container"
	"quaydesk/domain/yard"
	chrome "quaydesk/proof/browser"
	"quaydesk/store"
)

func TestLook(t *testing.T) {
	if os.Getenv("LOOK") == "" {
		t.Skip()
	}
	w := newWorld(t)
	n := 0
	for i := 100000; n < 120; i += 7 {
		first := fmt.Sprintf("MSKU%06d", i)
		d := container.CheckDigit(first)
		b := w.ours.comes(container.Number(first+fmt.Sprint(d)), (n*3)%95, func(a *yard.Arrival) {
			a.Terminal = w.ours.terminals[n%2].ID
			a.Client = w.ours.companies[n%2].ID
			a.Place = fmt.Sprintf("B%d-%d", n%7, n%5)
			if n%3 == 0 {
				a.Load, a.SizeType = "empty", "22G1"
			}
			a.Transport = yard.Transport{Mode: yard.Truck, Number: "01A123BC"}
		})
		if n%5 == 4 && (n*3)%95 > 2 {
			w.ours.goes(b, 1)
		}
		if n%17 == 1 {
			_, err := w.records.Handle(t.Context(), w.ours.turn(), yard.Handling{Stay: b.ID, Kind: yard.Held, Reason: "Customs"})
			_ = err
		}
		n++
	}
	rows := w.ours.history("MSKU1000009")
	_ = rows
	paths := strings.Fields(os.Getenv("LOOK"))
	who := w.ours.manager
	lang := os.Getenv("LOOKLANG")
	for _, size := range [][2]int64{{1280, 900}, {390, 844}} {
		ctx, cancel := context.WithCancel(t.Context())
		tab, err := chrome.Open(ctx, size[0], size[1])
		require.NoError(t, err)
		require.NoError(t, tab.Visit(fmt.Sprintf("%s/enter/1/%d", w.url, who.Telegram)))
		if lang != "" {
			w.store.Tx(ctx, func(tx *store.Tx) error { return tx.SetLanguage(ctx, 1, who.ID, lang) })
		}
		for i, p := range paths {
			require.NoError(t, tab.Visit(w.url+p))
			time.Sleep(300 * time.Millisecond)
			require.NoError(t, tab.Picture(fmt.Sprintf("/tmp/w/webyard/shots/%d-%d.png", i, size[0])))
			t.Log(i, size[0], p)
		}
		cancel()
	}
}
