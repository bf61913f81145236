package main

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"quaydesk/domain/calendar"
	"quaydesk/local"
	"quaydesk/store"
	"quaydesk/store/storetest"
)

func TestDemoFillsAYard(t *testing.T) {
	ctx, url := t.Context(), storetest.URL(t)
	pool, err := pgxpool.New(ctx, url)
	require.NoError(t, err)
	defer pool.Close()
	db := store.New(pool)
	bot, err := db.RegisterBot(ctx, 7, "7:token", "Demo", []string{"yard"})
	require.NoError(t, err)
	require.NoError(t, db.NameBot(ctx, bot, "demo_bot"))
	require.NoError(t, db.Configure(ctx, bot, []int64{9}, demoZone, []time.Duration{time.Hour}))
	links, err := demo{}.Invite(ctx, url, 9, []local.Post{{Role: "dispatcher", Place: "Chukursay"}, {Role: "accountant"}, {Role: "client", Place: demoLines[0]}})
	require.NoError(t, err)
	require.Len(t, links, 3)
	_, err = pool.Exec(ctx, `INSERT INTO people (workspace_id, telegram_id, name, role, post) SELECT w.id, v.telegram, v.role, v.role,
		coalesce('terminal:' || (SELECT id FROM terminals t WHERE t.name = v.place), '')
		FROM workspaces w, (VALUES (1, 'dispatcher', 'Chukursay'), (2, 'dispatcher', 'Sergeli'), (3, 'accountant', ''), (4, 'manager', '')) v(telegram, role, place)`)
	require.NoError(t, err)
	require.NoError(t, demo{}.Life(ctx, url))
	require.NoError(t, demo{}.Life(ctx, url), "a second time changes nothing")
	for sql, want := range map[string]int{
		"SELECT count(*) FROM stays":                                       demoStays,
		"SELECT count(*) FROM stays WHERE state = 'transit'":               1,
		"SELECT count(*) FROM stays WHERE held IS NOT NULL":                1,
		"SELECT count(*) FROM movements WHERE reason LIKE 'Wrong client%'": 1,
		"SELECT count(*) FROM companies WHERE requires_order":              1,
		"SELECT count(*) FROM companies WHERE report_at = '00:00'":         1,
		"SELECT count(*) FROM invoices":                                    1,
		"SELECT count(*) FROM terminals":                                   len(demoTerminals),
		"SELECT count(*) FROM companies":                                   len(demoClients) + len(demoLines),
	} {
		var n int
		require.NoError(t, pool.QueryRow(ctx, sql).Scan(&n))
		require.Equal(t, want, n, sql)
	}
}

// Whatever day it is, there is something to invoice.
func TestDemoCanBeBilled(t *testing.T) {
	zone, err := time.LoadLocation(demoZone)
	require.NoError(t, err)
	for n := range 74 {
		now := time.Date(2026, 11, 1+5*n, 9, 0, 0, 0, zone)
		first, _ := calendar.In(now, zone).Month()
		book, err := demoSchedule(first)
		require.NoError(t, err)
		require.Len(t, book.Tariffs, 2)
		month, err := demoMonth(now)
		require.NoError(t, err)
		invoiced := 0
		for _, s := range month {
			entry := calendar.In(s.Entered, zone)
			if s.Client.Name == demoClients[0] && entry < first {
				invoiced++
			}
		}
		require.NotZero(t, invoiced, now)
	}
}
