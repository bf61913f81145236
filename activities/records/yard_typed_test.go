package records

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

func TestWhatIsUnderWayToWhom(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	b, _ := d.in(box1, 48*time.Hour), d.in(box2, 48*time.Hour)
	require.Empty(t, d.look(sergey, Looking{For: yard.ActReceive}))
	_, err := d.r.Transfer(ctx, d.turn(nadia), yard.Transfer{Stays: []int64{b.ID}, Details: yard.Details{To: d.south.ID}})
	require.NoError(t, err)
	for user, want := range map[int64]int{sergey: 1, nadia: 0, vera: 1} {
		coming := d.look(user, Looking{For: yard.ActReceive})
		require.Len(t, coming, want)
		if want > 0 {
			require.Equal(t, box1, coming[0].Number)
			require.Nil(t, coming[0].Refused)
		}
	}
}

func TestReadingWhatWasTyped(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	zone, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(t, err)
	at := now().Add(-24 * time.Hour).Truncate(time.Minute)
	got, err := d.r.ReadMoment(ctx, d.reading(nadia), at.In(zone).Format("02.01.2006 15:04"))
	require.NoError(t, err)
	require.True(t, at.Equal(got))
	_, err = d.r.ReadMoment(ctx, d.reading(nadia), "soon")
	refused(t, err, fault.Invalid, "yardrules.moment")
}

func TestMovementsOfABox(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	b := d.in(box1, 48*time.Hour)
	_, err := d.r.Handle(ctx, d.turn(nadia), yard.Handling{Stay: b.ID, Kind: yard.Operated, Details: yard.Details{Operation: yard.Crane}})
	require.NoError(t, err)
	all, err := d.r.MovementsOf(ctx, d.reading(nadia), b.ID)
	require.NoError(t, err)
	require.Equal(t, yard.Operated, all[0].Kind)
	require.Equal(t, yard.GateIn, all[1].Kind)
	all, err = d.r.MovementsOf(ctx, d.reading(sergey), b.ID)
	require.NoError(t, err)
	require.Empty(t, all, "at another terminal than his own")
	_, err = d.r.MovementsOf(ctx, d.reading(ivan), b.ID)
	refused(t, err, fault.Forbidden, "yardrules.role")
}

// What somebody types is read, echoed, listed and told in one zone: that of the terminal at which they are posted, else
// the workspace's.
func TestEachReadsAndTypesInTheZoneOfTheirPost(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	_, err := d.pool.Exec(ctx, `UPDATE terminals SET time_zone = 'Asia/Almaty' WHERE id = $1`, d.south.ID)
	require.NoError(t, err)
	_, err = d.pool.Exec(ctx, `UPDATE workspaces SET time_zone = 'Europe/Kyiv' WHERE id = $1`, d.workspace)
	require.NoError(t, err)
	_, err = d.pool.Exec(ctx, `UPDATE people SET lang = 'en' WHERE workspace_id = $1`, d.workspace)
	require.NoError(t, err)
	b := d.in(box1, 72*time.Hour)
	_, err = d.r.Transfer(ctx, d.turn(nadia), yard.Transfer{Stays: []int64{b.ID}, At: now().Add(-48 * time.Hour), Details: yard.Details{To: d.south.ID}})
	require.NoError(t, err)
	for user, zone := range map[int64]string{nadia: "Asia/Tashkent", sergey: "Asia/Almaty", vera: "Europe/Kyiv", lost: "Europe/Kyiv"} {
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		typed := (calendar.In(now(), loc) - 1).Format("02.01.2006") + " 14:05"
		at, err := d.r.ReadMoment(ctx, d.reading(user), typed)
		require.NoError(t, err)
		require.Equal(t, typed, at.In(loc).Format("02.01.2006 15:04"), zone)
		turn := chat.Turn{Bot: d.bot, Out: []chat.Outgoing{
			{Key: fmt.Sprint("echo:", user), Chat: user, Message: chat.Message{Text: chat.T("yard.at", "Time", at)}},
			{Key: fmt.Sprint("named:", user), Chat: user, Lang: "en", Message: chat.Message{Text: chat.T("yard.at", "Time", at)}}}}
		require.NoError(t, d.r.Say(ctx, turn))
		echoes := d.outbox(user)
		for _, row := range echoes[len(echoes)-2:] {
			require.Equal(t, "Time: "+at.In(loc).Format("2 Jan 2006, 15:04"), row.Message.HTML, zone)
		}
	}

	_, err = d.r.Receive(ctx, d.turn(sergey), yard.Receipt{Stays: []int64{b.ID}})
	require.NoError(t, err)
	for user, zone := range map[int64]string{sergey: "Asia/Almaty", vera: "Europe/Kyiv"} {
		loc, err := time.LoadLocation(zone)
		require.NoError(t, err)
		today, err := d.r.ReportYard(ctx, d.reading(user), Reporting{Report: yard.TodayReport})
		require.NoError(t, err)
		came := d.movements(b.ID)[2].At.In(loc)
		require.Contains(t, inWords(d.desks, today.Text), came.Format("15:04")+" · ", zone)
		history, err := d.r.ReportYard(ctx, d.reading(user), Reporting{Report: yard.HistoryReport, Stay: b.ID})
		require.NoError(t, err)
		require.NoError(t, d.r.Say(ctx, chat.Turn{Bot: d.bot, Out: []chat.Outgoing{{Key: "history:" + zone, Chat: user, Message: chat.Message{Text: history.Text}}}}))
		rows := d.outbox(user)
		require.Contains(t, rows[len(rows)-1].Message.HTML, came.Format("2 Jan 2006, 15:04")+" · transfer in", zone)
	}
}
