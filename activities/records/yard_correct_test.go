package records

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

func TestCorrections(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	b := d.in(box1, 72*time.Hour)
	_, err := d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{b.ID}, At: now().Add(-time.Hour)})
	require.NoError(t, err)
	entry := d.movements(b.ID)[0]

	details := entry.Details
	details.Number, details.SizeType = box2, "45G1"
	out, err := d.r.Correct(ctx, d.turn(nadia), yard.Correction{Movement: entry.ID, Reason: "typed wrong", Details: details, At: entry.At.Add(-time.Hour)})
	require.NoError(t, err)
	c := out.Boxes[0]
	require.Equal(t, box2, c.Number)
	require.Equal(t, "45G1", string(c.SizeType))
	require.Equal(t, yard.Out, c.State)
	require.Equal(t, entry.At.Add(-time.Hour), c.Entered)

	_, err = d.r.Correct(ctx, d.turn(nadia), yard.Correction{Movement: entry.ID, Reason: "again", Details: details})
	refused(t, err, fault.Conflict, "yardrules.corrected")
	all := d.movements(b.ID)
	require.Len(t, all, 3)
	require.Equal(t, entry, all[0], "what was recorded stays as it was")
	require.Equal(t, entry.ID, all[2].Replaces)
	require.Equal(t, "typed wrong", all[2].Reason)

	_, err = d.r.Correct(ctx, d.turn(nadia), yard.Correction{Movement: all[2].ID, Reverse: true, Reason: "never came"})
	refused(t, err, fault.Invalid, "yardrules.no_gate_in")
	out, err = d.r.Correct(ctx, d.turn(nadia), yard.Correction{Movement: all[1].ID, Reverse: true, Reason: "still here"})
	require.NoError(t, err)
	require.Equal(t, yard.In, out.Boxes[0].State)
	_, err = d.r.GateIn(ctx, d.turn(nadia), d.arrival(box2, time.Time{}))
	refused(t, err, fault.Conflict, "yardrules.stands_in")
	out, err = d.r.Correct(ctx, d.turn(nadia), yard.Correction{Movement: all[2].ID, Reverse: true, Reason: "never came"})
	require.NoError(t, err)
	require.Equal(t, yard.Void, out.Boxes[0].State)
	d.in(box2, 70*time.Hour)
	d.in(box1, 70*time.Hour)
}

func TestCorrectionRefusals(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	first := d.in(box1, 96*time.Hour)
	_, err := d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{first.ID}, At: now().Add(-72 * time.Hour)})
	require.NoError(t, err)
	second := d.in(box1, 48*time.Hour)
	other := d.in(box2, 96*time.Hour)
	entry, exit := d.movements(first.ID)[0], d.movements(first.ID)[1]
	again := d.movements(second.ID)[0]
	others := d.movements(other.ID)[0]
	correct := func(by int64, of yard.Movement, change func(*yard.Correction)) error {
		c := yard.Correction{Movement: of.ID, Reason: "slip", Details: of.Details}
		change(&c)
		_, err := d.r.Correct(ctx, d.turn(by), c)
		return err
	}
	for name, c := range map[string]struct {
		by     int64
		of     yard.Movement
		change func(*yard.Correction)
		kind   fault.Kind
		key    string
	}{
		"no reason":               {nadia, entry, func(c *yard.Correction) { c.Reason = " " }, fault.Invalid, "yardrules.reason_missing"},
		"no such movement":        {nadia, entry, func(c *yard.Correction) { c.Movement = 4711 }, fault.NotFound, "yardrules.movement_unknown"},
		"another terminal's":      {sergey, entry, func(c *yard.Correction) {}, fault.Forbidden, "yardrules.other_terminal"},
		"to another terminal":     {nadia, entry, func(c *yard.Correction) { c.Terminal = d.south.ID }, fault.Forbidden, "yardrules.other_terminal"},
		"where it did not leave":  {vera, entry, func(c *yard.Correction) { c.Terminal = d.south.ID }, fault.Invalid, "yardrules.elsewhere"},
		"by an accountant":        {tamara, entry, func(c *yard.Correction) {}, fault.Forbidden, "yardrules.role"},
		"a wrong number":          {nadia, entry, func(c *yard.Correction) { c.Number = "MSKU1234567" }, fault.Invalid, "container.check_digit"},
		"no client":               {nadia, entry, func(c *yard.Correction) { c.Client = 0 }, fault.Invalid, "yardrules.client_missing"},
		"entry after the exit":    {nadia, entry, func(c *yard.Correction) { c.At = now().Add(-71 * time.Hour) }, fault.Invalid, "yardrules.before_entry"},
		"exit before the entry":   {nadia, exit, func(c *yard.Correction) { c.At = now().Add(-97 * time.Hour) }, fault.Invalid, "yardrules.before_entry"},
		"exit in the future":      {nadia, exit, func(c *yard.Correction) { c.At = now().Add(time.Hour) }, fault.Invalid, "yardrules.future"},
		"exit into the next stay": {nadia, exit, func(c *yard.Correction) { c.At = now().Add(-47 * time.Hour) }, fault.Invalid, "yardrules.overlaps_open"},
		"exit that never was":     {nadia, exit, func(c *yard.Correction) { c.Reverse = true }, fault.Invalid, "yardrules.overlaps_open"},
		"entry into the last one": {nadia, again, func(c *yard.Correction) { c.At = now().Add(-73 * time.Hour) }, fault.Invalid, "yardrules.overlaps"},
		"number of another there": {nadia, others, func(c *yard.Correction) { c.Number = box1 }, fault.Invalid, "yardrules.overlaps_open"},
		"transfer in of an entry": {nadia, entry, func(c *yard.Correction) { c.At = time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC) }, fault.Invalid, "yardrules.long_ago"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, correct(c.by, c.of, c.change), c.kind, c.key) })
	}
	require.NoError(t, correct(nadia, exit, func(c *yard.Correction) { c.At = again.At }), "one may leave in the minute in which the next comes")
	require.Len(t, d.movements(first.ID), 3)
}

// closedDay closes the days until yesterday, and gives a moment of the day before.
func (d depot) closedDay() time.Time {
	tashkent, err := time.LoadLocation("Asia/Tashkent")
	require.NoError(d.t, err)
	d.close(calendar.In(now(), tashkent) - 1)
	return now().Add(-48 * time.Hour)
}

func TestAClosedDayTakesAManagersWord(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.post(600, "Boris", "owner", "en", "")
	at := d.closedDay()
	out, err := d.r.GateIn(ctx, d.turn(nadia), d.arrival(box1, at))
	require.NoError(t, err)
	require.NotZero(t, out.Waits)
	require.Empty(t, out.Boxes)
	d.tx(func(tx *store.Tx) error {
		numbers, err := tx.NumbersThere(ctx, d.workspace, yard.In, 0)
		require.Empty(t, numbers, "nothing is recorded yet")
		return err
	})
	require.Contains(t, d.lastSeen(vera), "🔏 Nadia asks to change a day that is closed for accounting: / MSKU 601167 2 · gate-in")
	require.Contains(t, d.lastSeen(vera), "[✅ Approve] [✖️ Refuse]")
	require.Empty(t, d.sees(nadia))

	_, err = d.r.Decide(ctx, d.turn(nadia), yard.Decision{Approval: out.Waits, Approve: true})
	refused(t, err, fault.Forbidden, "yardrules.role")
	_, err = d.r.Decide(ctx, d.turn(vera), yard.Decision{Approval: 4711, Approve: true})
	refused(t, err, fault.NotFound, "yardrules.approval_unknown")
	done, err := d.r.Decide(ctx, d.turn(vera), yard.Decision{Approval: out.Waits, Approve: true})
	require.NoError(t, err)
	b := done.Boxes[0]
	require.Equal(t, at, b.Entered)
	m := d.movements(b.ID)[0]
	require.Equal(t, "Nadia", m.By.Name)
	var manager int64
	require.NoError(t, d.pool.QueryRow(ctx, `SELECT id FROM people WHERE telegram_id = $1`, vera).Scan(&manager))
	require.Equal(t, manager, m.ApprovedBy)
	require.Contains(t, d.lastSeen(nadia), "✅ Vera approved the change to a closed day")
	for _, chat := range []int64{vera, 600} {
		require.Contains(t, d.lastSeen(chat), "✅ Approved by Vera")
		require.NotContains(t, d.lastSeen(chat), "[")
	}
	_, err = d.r.Decide(ctx, d.turn(600), yard.Decision{Approval: out.Waits, Approve: false})
	refused(t, err, fault.Conflict, "yardrules.decided")
}

func TestWhatAClosedDayMeans(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	old := d.in(box1, 48*time.Hour)
	entry := d.movements(old.ID)[0]
	at := d.closedDay()

	out, err := d.r.Correct(ctx, d.turn(nadia), yard.Correction{Movement: entry.ID, Reason: "came today", At: now().Add(-time.Minute), Details: entry.Details})
	require.NoError(t, err)
	require.NotZero(t, out.Waits, "the moment corrected is what counts, too")
	require.Contains(t, d.lastSeen(vera), "Reason: came today")
	refusedOne, err := d.r.Decide(ctx, d.turn(vera), yard.Decision{Approval: out.Waits})
	require.NoError(t, err)
	require.Empty(t, refusedOne.Boxes)
	require.Contains(t, d.lastSeen(nadia), "✖️ Vera refused")
	require.Equal(t, entry.At, d.box(old.ID).Entered)

	out, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{old.ID}})
	require.NoError(t, err)
	require.Zero(t, out.Waits, "today is open")
	own, err := d.r.GateIn(ctx, d.turn(vera), d.arrival(box2, at))
	require.NoError(t, err)
	require.Zero(t, own.Waits, "a manager needs nobody's word")

	out, err = d.r.GateIn(ctx, d.turn(nadia), d.arrival(box3, at))
	require.NoError(t, err)
	_, err = d.r.GateIn(ctx, d.turn(vera), d.arrival(box3, at.Add(time.Minute)))
	require.NoError(t, err)
	_, err = d.r.Decide(ctx, d.turn(vera), yard.Decision{Approval: out.Waits, Approve: true})
	refused(t, err, fault.Conflict, "yardrules.stands_in")
	_, err = d.r.Decide(ctx, d.turn(vera), yard.Decision{Approval: out.Waits})
	require.NoError(t, err, "it waits still, and can be refused")

	_, err = d.r.GateIn(ctx, d.turn(nadia), d.arrival(box2, at))
	refused(t, err, fault.Conflict, "yardrules.stands_in")
}

func TestAManagerReadsWhatACorrectionWouldChange(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	entry := d.movements(d.in(box1, 48*time.Hour).ID)[0]
	d.closedDay()
	details := entry.Details
	details.Number, details.Client, details.Line, details.SizeType = box2, 0, 0, "45R1"
	details.Load, details.Cargo = container.Empty, "Steel"
	out, err := d.r.Correct(ctx, d.turn(nadia), yard.Correction{Movement: entry.ID, Reason: "mixed up", ClientName: "Tuya Cotton", Details: details})
	require.NoError(t, err)
	seen := d.lastSeen(vera)
	for _, words := range []string{"MSKU 601167 2 · correct gate-in of", "MSKU 601167 2 → CSQU 305438 3", "22G1 → 45R1", "Anor Foods → Tuya Cotton",
		"Saiga Shipping → —", "→ empty", "→ Steel", "Reason: mixed up"} {
		require.Contains(t, seen, words)
	}
	var made int
	require.NoError(t, d.pool.QueryRow(ctx, `SELECT count(*) FROM companies WHERE name = 'Tuya Cotton'`).Scan(&made))
	require.Zero(t, made, "nothing is made yet")
	done, err := d.r.Decide(ctx, d.turn(vera), yard.Decision{Approval: out.Waits, Approve: true})
	require.NoError(t, err)
	require.Equal(t, "Tuya Cotton", done.Boxes[0].ClientName)
	require.Equal(t, box2, done.Boxes[0].Number)

	reversed, err := d.r.Correct(ctx, d.turn(nadia), yard.Correction{Movement: d.movements(entry.Stay)[1].ID, Reason: "never", Reverse: true})
	require.NoError(t, err)
	require.NotZero(t, reversed.Waits)
	require.Contains(t, d.lastSeen(vera), "CSQU 305438 3 · take back gate-in of")
}

func TestWhatTheWebRecordsSaysSo(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	turn := d.turn(vera)
	turn.Chat = 0
	out, err := d.r.GateIn(ctx, turn, d.arrival(box1, time.Time{}))
	require.NoError(t, err)
	require.Equal(t, yard.FromWeb, d.movements(out.Boxes[0].ID)[0].Source)
	require.Equal(t, yard.FromChat, d.movements(d.in(box2, 0).ID)[0].Source)
}

// Who could not record a movement cannot correct it or take it back either: of a hold that would release the box.
func TestWhoMayCorrectEachMovement(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.post(600, "Boris", people.Owner, "en", "")
	south := d.in(box2, 96*time.Hour)
	do := func(_ yard.Recorded, err error) { require.NoError(t, err) }
	ago := func(hours time.Duration) time.Time { return now().Add(-hours * time.Hour) }
	b := d.in(box1, 96*time.Hour)
	do(d.r.Handle(ctx, d.turn(nadia), yard.Handling{Stay: b.ID, Kind: yard.Operated, At: ago(90), Details: yard.Details{Operation: yard.Crane}}))
	do(d.r.Handle(ctx, d.turn(tamara), yard.Handling{Stay: b.ID, Kind: yard.Held, At: ago(80), Reason: "customs"}))
	do(d.r.Handle(ctx, d.turn(tamara), yard.Handling{Stay: b.ID, Kind: yard.Unheld, At: ago(70)}))
	do(d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{b.ID}, At: ago(60)}))
	do(d.r.Transfer(ctx, d.turn(nadia), yard.Transfer{Stays: []int64{south.ID}, At: ago(90), Details: yard.Details{To: d.south.ID}}))
	do(d.r.Receive(ctx, d.turn(sergey), yard.Receipt{Stays: []int64{south.ID}, At: ago(80)}))
	kinds := map[yard.Kind]bool{}
	for _, m := range append(d.movements(b.ID), d.movements(south.ID)...) {
		kinds[m.Kind] = true
		for _, who := range []int64{nadia, sergey, vera, tamara, ivan, lost, 600} {
			for _, reverse := range []bool{false, true} {
				may := who == vera || who == 600
				switch {
				case m.Kind == yard.Held || m.Kind == yard.Unheld:
					may = may || who == tamara
				case m.Terminal == d.south.ID:
					may = may || who == sergey
				default:
					may = may || who == nadia
				}
				err := d.allowed(who, yard.Correction{Movement: m.ID, Reverse: reverse, Reason: "slip", Details: m.Details})
				require.Equal(t, may, !fault.Is(err, fault.Forbidden), "%s by %d, reverse %v: %v", m.Kind, who, reverse, err)
			}
		}
	}
	require.Len(t, kinds, len(yard.Kinds)-1, "all but reversals")

	held := d.in(box3, 48*time.Hour)
	do(d.r.Handle(ctx, d.turn(tamara), yard.Handling{Stay: held.ID, Kind: yard.Held, Reason: "customs"}))
	hold := d.movements(held.ID)[1]
	_, err := d.r.Correct(ctx, d.turn(nadia), yard.Correction{Movement: hold.ID, Reverse: true, Reason: "slip"})
	refused(t, err, fault.Forbidden, "yardrules.role")
	require.True(t, d.box(held.ID).OnHold)
	mine, err := d.r.MovementsOf(ctx, d.reading(nadia), held.ID)
	require.NoError(t, err)
	require.Len(t, mine, 1, "the hold is not offered")
}

// errPlanned ends a transaction whose plan was let be.
var errPlanned = errors.New("planned")

// allowed plans a correction and takes everything back: nil when it can be.
func (d depot) allowed(telegram int64, c yard.Correction) error {
	turn := d.turn(telegram)
	err := d.s.Tx(d.t.Context(), func(tx *store.Tx) error {
		by, err := yardDeed(d.t.Context(), tx, turn)
		require.NoError(d.t, err)
		if _, _, err := d.r.plan(d.t.Context(), tx, by, yard.Change{Correction: &c}); err != nil {
			return err
		}
		return errPlanned
	})
	if errors.Is(err, errPlanned) {
		return nil
	}
	return err
}
