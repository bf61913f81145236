package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/talk"
)

// Whoever starts the product for the first time finds boxes, prices and last month's invoice.
func TestANewcomerFindsAMonth(t *testing.T) {
	w := webhook(t)
	mary := w.visits(t, w.role(t, "Mary Kim"))
	var number string
	require.NoError(t, w.db.QueryRow(t.Context(), "SELECT min(number) FROM stays WHERE state = 'in'").Scan(&number))
	require.Contains(t, opens(t, mary, "/yard?number="+number), talk.Spaced(number))
	require.Contains(t, opens(t, mary, "/yard/movements"), "Chukursay")
	require.Contains(t, opens(t, mary, "/billing/invoices"), "Silk Gate Trade")
	require.True(t, strings.HasPrefix(opens(t, mary, "/billing/invoices/1/pdf"), "%PDF-"))

	client := w.counts(t, "SELECT id FROM companies WHERE name = 'Silk Gate Trade'")
	today := time.Now().In(tashkent)
	last := today.AddDate(0, 0, -today.Day())
	first := last.AddDate(0, 0, 1-last.Day())
	gross := w.statement(t, "Silk Gate Trade", first, last).Totals[0].Gross
	page := opens(t, mary, fmt.Sprintf("/billing/statements?client=%d&from=%s&to=%s", client, first.Format(time.DateOnly), last.Format(time.DateOnly)))
	require.Contains(t, digits(page), digits(gross))
	require.Contains(t, digits(opens(t, mary, "/billing/invoices/1")), digits(gross))
}

// digits leaves out what people group digits with.
func digits(text string) string {
	return strings.NewReplacer(",", "", "\u00a0", "", "\u202f", "").Replace(text)
}

// A line gets its daily report by itself: what stands, and what moved.
func TestALineGetsItsDailyReport(t *testing.T) {
	w := webhook(t)
	dora, hanna := w.dispatcher(t, "Dora Daily"), w.works(t, "Hanna Daily", "client", "")
	_, err := w.db.Exec(t.Context(), "UPDATE people SET post = 'company:' || (SELECT id FROM companies WHERE name = 'Saiga Shipping') WHERE telegram_id = $1", hanna.Person.ID)
	require.NoError(t, err)
	set := func(at any) {
		_, err := w.db.Exec(context.Background(), "UPDATE companies SET report_at = $1 WHERE name = 'Saiga Shipping'", at)
		require.NoError(t, err)
	}
	set("00:00")
	t.Cleanup(func() { set(nil) })
	first, second := box(), box()
	w.stands(t, "Anor Foods", yesterday(), first, second)
	dora.says("/out " + first + " " + second) // several at once: the yard's workflow looks at everything
	dora.hears(talk.WhatTakes)
	dora.presses(talk.Skip)
	dora.hears("Release these 2 containers?")
	dora.presses(talk.Save)
	dora.hears("2 containers are released")
	rows := hanna.sheet()
	require.NotEmpty(t, holding(rows, "Saiga Shipping"))
	hanna.heardOnce("in stock")
}
