package records

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// reading is a turn that writes nothing.
func (o office) reading(user int64) chat.Turn { return chat.Turn{Bot: o.bot, Chat: user, User: user} }

func (d depot) look(user int64, in Looking) []Known {
	d.t.Helper()
	looked, err := d.r.LookAtBoxes(d.t.Context(), d.reading(user), in)
	require.NoError(d.t, err)
	return looked.Boxes
}

func TestLookingAtBoxes(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	here, gone := d.in(box1, 48*time.Hour), d.in(box2, 48*time.Hour)
	_, err := d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{gone.ID}})
	require.NoError(t, err)

	all := d.look(nadia, Looking{Typed: "мсku 601167-2, CSQU3054383\nTOLU4734787\nmsku6011672"})
	require.Len(t, all, 3, "each number once")
	require.Equal(t, box1, all[0].Number)
	require.Equal(t, here.ID, all[0].Box.ID)
	require.Contains(t, all[0].Can, yard.ActRelease)
	require.Equal(t, yard.Out, all[1].Box.State)
	require.Contains(t, all[1].Can, yard.ActGateIn)
	require.NotContains(t, all[1].Can, yard.ActRelease)
	require.Nil(t, all[2].Box)
	require.Equal(t, []yard.Action{yard.ActGateIn}, all[2].Can)
	for _, k := range all {
		require.Nil(t, k.Refused)
		require.Nil(t, k.Unpriced, "a dispatcher sees no amounts")
	}

	all = d.look(nadia, Looking{Typed: "MSKU6011672 CSQU3054383 TOLU4734787 MSKU6011673 MSKU6011762", For: yard.ActRelease})
	require.Nil(t, all[0].Refused)
	for i, key := range map[int]string{1: "yardrules.stands_out", 2: "yardrules.unknown", 3: "container.check_digit", 4: "container.check_digit"} {
		require.NotNil(t, all[i].Refused)
		require.Equal(t, key, all[i].Refused.Key)
	}
	require.Equal(t, []container.Number{box1}, all[3].Nearest, "one slip from what stands here")
	require.Equal(t, []container.Number{box1}, all[4].Nearest, "neighbours swapped")
	all = d.look(sergey, Looking{Typed: "MSKU6011673", For: yard.ActRelease})
	require.Empty(t, all[0].Nearest, "nothing stands at his terminal")
	all = d.look(nadia, Looking{Typed: "MSKU6011673 M5KU6011672", For: yard.ActGateIn})
	require.Empty(t, all[0].Nearest, "never the expected check digit")
	require.Equal(t, []container.Number{box1}, all[1].Nearest)

	all = d.look(nadia, Looking{Stays: []int64{here.ID}, For: yard.ActReceive})
	require.Equal(t, "yardrules.stands_in", all[0].Refused.Key)
	all = d.look(vera, Looking{Typed: string(box1)})
	require.NotNil(t, all[0].Unpriced, "there is no tariff")

	for _, user := range []int64{ivan} {
		_, err = d.r.LookAtBoxes(ctx, d.reading(user), Looking{Typed: string(box1)})
		refused(t, err, fault.Forbidden, "yardrules.role")
	}
	_, err = d.r.LookAtBoxes(ctx, d.reading(nadia), Looking{Stays: []int64{4711}})
	refused(t, err, fault.NotFound, "yardrules.unknown")
	var many bytes.Buffer
	for _, n := range made(container.MostAtOnce + 1) {
		many.WriteString(string(n) + "\n")
	}
	_, err = d.r.LookAtBoxes(ctx, d.reading(nadia), Looking{Typed: many.String()})
	refused(t, err, fault.Invalid, "container.too_many")
	require.Empty(t, d.look(nadia, Looking{Typed: " "}))
}

func TestASlipThatTheCheckDigitDoesNotFind(t *testing.T) {
	d := newDepot(t)
	first := "MSKU601167"
	d.in(box1, time.Hour)
	var slip container.Number // valid, and one character away
	for c := 'A'; c <= 'Z'; c++ {
		if n := string(c) + first[1:]; c != 'M' && container.CheckDigit(n) == 2 {
			slip = container.Number(n + "2")
		}
	}
	require.NotEmpty(t, slip)
	all := d.look(nadia, Looking{Typed: string(slip), For: yard.ActRelease})
	require.Equal(t, "yardrules.unknown", all[0].Refused.Key)
	require.Equal(t, []container.Number{box1}, all[0].Nearest)
}

func TestRecentChoicesAndNames(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	for i, name := range []string{"Chinar Furniture", "Lochin Parts"} {
		a := d.arrival(made(2)[i], time.Time{})
		a.Client, a.ClientName, a.Place = 0, name, "B"+string(rune('1'+i))
		_, err := d.r.GateIn(ctx, d.turn(nadia), a)
		require.NoError(t, err)
	}
	d.in(box1, time.Hour)
	names := func(all []yard.Company) (out []string) {
		for _, c := range all {
			out = append(out, c.Name)
		}
		return out
	}
	c, err := d.r.RecentChoices(ctx, d.reading(nadia), struct{}{})
	require.NoError(t, err)
	require.Equal(t, d.north, c.Terminal)
	require.Equal(t, "Asia/Tashkent", c.Zone)
	require.Equal(t, []string{"Anor Foods", "Lochin Parts", "Chinar Furniture"}, names(c.Clients))
	require.Equal(t, []string{"Saiga Shipping"}, names(c.Lines))
	require.Equal(t, []string{"A1", "B2", "B1"}, c.Places)
	c, err = d.r.RecentChoices(ctx, d.reading(vera), struct{}{})
	require.NoError(t, err)
	require.Zero(t, c.Terminal.ID)
	require.Len(t, c.Terminals, 2)
	require.Equal(t, "UTC", c.Zone)

	found, err := d.r.FindCompany(ctx, d.reading(nadia), "ANOR-foods")
	require.NoError(t, err)
	require.Equal(t, d.client.ID, found.Company.ID)
	found, err = d.r.FindCompany(ctx, d.reading(nadia), "Anor Fods")
	require.NoError(t, err)
	require.Nil(t, found.Company)
	require.Equal(t, []string{"Anor Foods"}, names(found.Similar))
	_, err = d.r.FindCompany(ctx, d.reading(nadia), "***")
	refused(t, err, fault.Invalid, "yardrules.company_invalid")
}

func TestReportsInWordsAndAsSheets(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	var last yard.Box
	for i, n := range made(14) {
		last = d.in(n, time.Duration(60-i)*24*time.Hour)
	}
	_, err := d.r.Transfer(ctx, d.turn(nadia), yard.Transfer{Stays: []int64{last.ID}, Details: yard.Details{To: d.south.ID}})
	require.NoError(t, err)
	words := func(by int64, in Reporting) (string, int) {
		t.Helper()
		report, err := d.r.ReportYard(ctx, d.reading(by), in)
		require.NoError(t, err)
		return inWords(d.desks, report.Text), report.More
	}
	text, more := words(nadia, Reporting{Report: yard.StockReport})
	require.Contains(t, text, "<b>Stock now</b>, North: 13 boxes")
	require.Contains(t, text, "<code>MSKU 100000 0</code> · 22G1 · Anor Foods · A1 · 61 d")
	require.Contains(t, text, "and 1 more")
	require.Equal(t, 1, more)
	text, _ = words(sergey, Reporting{Report: yard.StockReport})
	require.Contains(t, text, "South: 0 boxes")
	text, _ = words(vera, Reporting{Report: yard.InTransitReport})
	require.Contains(t, text, "all terminals: 1 box\n<code>"+last.Number.Grouped()+"</code> · 22G1 · Anor Foods · North → South")
	text, _ = words(vera, Reporting{Report: yard.LongStayReport, Terminal: d.north.ID})
	require.Contains(t, text, "Longer than 30 days</b>, North: 13 boxes")
	text, _ = words(nadia, Reporting{Report: yard.TodayReport})
	require.Contains(t, text, "<b>Today</b>, North: 1 movement")
	require.Contains(t, text, "transfer out · → South · Nadia")
	text, _ = words(nadia, Reporting{Report: yard.HistoryReport, Stay: last.ID})
	require.Contains(t, text, last.Number.Grouped()+"</b>: 2 records")
	require.Contains(t, text, "gate-in · North · Nadia")

	_, err = d.r.ReportYard(ctx, d.reading(vera), Reporting{Report: "gossip"})
	refused(t, err, fault.Invalid, "yardrules.report.unknown")
	_, err = d.r.ReportYard(ctx, d.reading(vera), Reporting{Report: yard.StockReport, Terminal: 4711})
	refused(t, err, fault.NotFound, "yardrules.terminal_unknown")
	_, err = d.r.ReportYard(ctx, d.reading(ivan), Reporting{Report: yard.StockReport})
	refused(t, err, fault.Forbidden, "yardrules.role")

	turn := d.turn(nadia)
	for range 2 {
		_, err = d.r.ReportYard(ctx, turn, Reporting{Report: yard.StockReport, Sheet: true})
		require.NoError(t, err)
	}
	require.Len(t, d.sees(nadia), 1, "once, however often it is asked for with one key")
	rows := d.sentSheet(nadia, 0)
	require.Len(t, rows, 14)
	require.Equal(t, []string{"No.", "Container number", "Type", "Client"}, rows[0][:4])
	require.Equal(t, []string{"1", "MSKU1000000", "22G1", "Anor Foods", "Saiga Shipping"}, rows[1][:5])
	_, err = d.r.ReportYard(ctx, d.turn(nadia), Reporting{Report: yard.TodayReport, Sheet: true})
	require.NoError(t, err)
	require.Equal(t, "transfer out", d.sentSheet(nadia, 0)[1][2])
}

// sentSheet are the rows of a sheet of the file that was sent to a chat last.
func (o office) sentSheet(chatID int64, n int) [][]string {
	o.t.Helper()
	var message chat.Rendered
	require.NoError(o.t, o.pool.QueryRow(o.t.Context(), `SELECT message FROM outbox WHERE bot_id = $1 AND chat_id = $2 AND message ? 'files'
		ORDER BY id DESC LIMIT 1`, o.bot, chatID).Scan(&message))
	body, err := o.s.OpenFile(o.t.Context(), message.Files[0].Ref)
	require.NoError(o.t, err)
	content, err := io.ReadAll(body)
	require.NoError(o.t, err)
	require.Len(o.t, content, int(message.Files[0].Size))
	file, err := excelize.OpenReader(bytes.NewReader(content))
	require.NoError(o.t, err)
	rows, err := file.GetRows(file.GetSheetName(n))
	require.NoError(o.t, err)
	return rows
}

func TestAFileThatIsNotThere(t *testing.T) {
	s := newDesks(t).s
	for _, ref := range []string{store.FileRef + "4711", store.FileRef, store.FileRef + "x"} {
		_, err := s.OpenFile(t.Context(), ref)
		var gone interface{ NotFound() bool }
		require.ErrorAs(t, err, &gone)
		require.True(t, gone.NotFound())
	}
}
