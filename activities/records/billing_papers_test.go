package records

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/store"
)

func TestWhoMayChangeWhatTheAccountingRestsOn(t *testing.T) {
	d := newDepot(t)
	ctx := t.Context()
	turn := func(who int64, op string) chat.Turn { return chat.Turn{Op: op, Bot: d.bot, User: who} }
	today := calendar.In(time.Now(), time.UTC)
	for _, who := range []int64{nadia, ivan} {
		_, err := d.r.SavePaperDetails(ctx, turn(who, "a"), store.PaperDetails{Name: "Mine"})
		refused(t, err, fault.Forbidden, "billing.not_yours")
		_, err = d.r.CloseDays(ctx, turn(who, "b"), today-1)
		refused(t, err, fault.Forbidden, "billing.not_yours")
		_, err = d.r.SaveCompany(ctx, turn(who, "c"), CompanyChange{Name: "Mine"})
		refused(t, err, fault.Forbidden, "billing.not_yours")
	}
	_, err := d.r.SavePaperDetails(ctx, turn(tamara, "d"), store.PaperDetails{Company: 12345, Name: "Nobody"})
	refused(t, err, fault.NotFound, "yardrules.company_unknown")
	_, err = d.r.CloseDays(ctx, turn(tamara, "e"), today+2)
	refused(t, err, fault.Invalid, "billing.close_future")
	_, err = d.r.SaveCompany(ctx, turn(tamara, "f"), CompanyChange{Name: strings.Repeat("x", longestName+1)})
	refused(t, err, fault.Invalid, "yardrules.company_invalid")
	_, err = d.r.SaveCompany(ctx, turn(tamara, "g"), CompanyChange{ID: d.client.ID, Name: d.line.Name})
	refused(t, err, fault.Conflict, "yardrules.company_name")

	closed, err := d.r.CloseDays(ctx, turn(tamara, "h"), today-1)
	require.NoError(t, err)
	require.Equal(t, today-1, closed.ClosedThrough)
	_, err = d.r.CloseDays(ctx, turn(vera, "i"), 0)
	refused(t, err, fault.Invalid, "billing.close_empty")
	_, err = d.r.CloseDays(ctx, turn(tamara, "i"), today-2)
	refused(t, err, fault.Forbidden, "billing.close_lower")
	_, err = d.r.CloseDays(ctx, turn(tamara, "i"), today-1)
	require.NoError(t, err)
	opened, err := d.r.CloseDays(ctx, turn(vera, "k"), today-2)
	require.NoError(t, err)
	require.Equal(t, today-2, opened.ClosedThrough)

	report := 9 * time.Hour
	changed, err := d.r.SaveCompany(ctx, turn(tamara, "j"), CompanyChange{ID: d.client.ID, Name: "Anor Foods  LLC", RequiresOrder: true, ReportAt: &report})
	require.NoError(t, err)
	require.Equal(t, "Anor Foods LLC", changed.Name)
	require.True(t, changed.RequiresOrder)
	d.post(599, "Rano", people.Client, "en", people.Post("company", d.client.ID)) // who reads it
	var all []store.Reported
	d.tx(func(tx *store.Tx) (err error) {
		all, err = tx.ReportedCompanies(ctx, d.workspace)
		return err
	})
	require.Len(t, all, 1)
	require.Equal(t, report, all[0].At)
}
