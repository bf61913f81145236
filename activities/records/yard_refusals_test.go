package records

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

func TestGateInRefusals(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.in(box2, 48*time.Hour)
	gone := d.in(box3, 48*time.Hour)
	_, err := d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{gone.ID}, At: now().Add(-time.Hour)})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		by     int64
		change func(*yard.Arrival)
		kind   fault.Kind
		key    string
	}{
		"check digit":            {nadia, func(a *yard.Arrival) { a.Number = "MSKU6011673" }, fault.Invalid, "container.check_digit"},
		"category":               {nadia, func(a *yard.Arrival) { a.Number = "TBJA7176445" }, fault.Invalid, "container.category"},
		"no number":              {nadia, func(a *yard.Arrival) { a.Number = "" }, fault.Invalid, "container.length"},
		"already in":             {nadia, func(a *yard.Arrival) { a.Number = box2 }, fault.Conflict, "yardrules.stands_in"},
		"here then":              {nadia, func(a *yard.Arrival) { a.Number, a.At = box3, now().Add(-24*time.Hour) }, fault.Invalid, "yardrules.overlaps"},
		"before a stay, no exit": {nadia, func(a *yard.Arrival) { a.Number, a.At = box3, now().Add(-96*time.Hour) }, fault.Invalid, "yardrules.overlaps"},
		"the future":             {nadia, func(a *yard.Arrival) { a.At = now().Add(time.Minute) }, fault.Invalid, "yardrules.future"},
		"long ago":               {nadia, func(a *yard.Arrival) { a.At = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC) }, fault.Invalid, "yardrules.long_ago"},
		"no client":              {nadia, func(a *yard.Arrival) { a.Client = 0 }, fault.Invalid, "yardrules.client_missing"},
		"unknown client":         {nadia, func(a *yard.Arrival) { a.Client = 4711 }, fault.NotFound, "yardrules.company_unknown"},
		"unknown line":           {nadia, func(a *yard.Arrival) { a.Line = 4711 }, fault.NotFound, "yardrules.company_unknown"},
		"a client of signs only": {nadia, func(a *yard.Arrival) { a.Client, a.ClientName = 0, "«—»" }, fault.Invalid, "yardrules.company_invalid"},
		"unknown terminal":       {vera, func(a *yard.Arrival) { a.Terminal = 4711 }, fault.NotFound, "yardrules.terminal_unknown"},
		"no terminal":            {vera, func(a *yard.Arrival) { a.Terminal = 0 }, fault.NotFound, "yardrules.terminal_unknown"},
		"another terminal":       {sergey, func(a *yard.Arrival) {}, fault.Forbidden, "yardrules.other_terminal"},
		"no post":                {lost, func(a *yard.Arrival) {}, fault.Forbidden, "yardrules.no_post"},
		"an accountant":          {tamara, func(a *yard.Arrival) {}, fault.Forbidden, "yardrules.role"},
		"a client":               {ivan, func(a *yard.Arrival) {}, fault.Forbidden, "yardrules.role"},
		"a stranger":             {9999, func(a *yard.Arrival) {}, fault.NotFound, "people.unknown"},
		"negative tonnage":       {nadia, func(a *yard.Arrival) { a.Tonnage = decimal.NewFromInt(-1) }, fault.Invalid, "yardrules.tonnage"},
		"too heavy":              {nadia, func(a *yard.Arrival) { a.Tonnage = decimal.NewFromInt(3000) }, fault.Invalid, "yardrules.tonnage"},
		"endless remarks":        {nadia, func(a *yard.Arrival) { a.Remarks = strings.Repeat("x", 1001) }, fault.Invalid, "yardrules.too_long"},
		"many seals":             {nadia, func(a *yard.Arrival) { a.Seals = make([]string, 11) }, fault.Invalid, "yardrules.too_many_seals"},
	} {
		t.Run(name, func(t *testing.T) {
			a := d.arrival(box1, now().Add(-time.Minute))
			c.change(&a)
			_, err := d.r.GateIn(ctx, d.turn(c.by), a)
			refused(t, err, c.kind, c.key)
		})
	}
	var stays int
	require.NoError(t, d.pool.QueryRow(ctx, `SELECT count(*) FROM stays`).Scan(&stays))
	require.Equal(t, 2, stays, "what is refused leaves nothing")
}

func TestMovingRefusals(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	d.tx(func(tx *store.Tx) error {
		strict, err := tx.EnsureCompany(ctx, d.workspace, "Strict")
		require.NoError(t, err)
		strict.RequiresOrder = true
		d.client = strict
		return tx.SaveCompany(ctx, strict, nil)
	})
	here, held, moving, gone := d.in(box1, 48*time.Hour), d.in(box2, 48*time.Hour), d.in(box3, 48*time.Hour), d.in(box4, 48*time.Hour)
	must := func(_ yard.Recorded, err error) { require.NoError(t, err) }
	must(d.r.Handle(ctx, d.turn(vera), yard.Handling{Stay: held.ID, Kind: yard.Held, Reason: "customs"}))
	must(d.r.Transfer(ctx, d.turn(nadia), yard.Transfer{Stays: []int64{moving.ID}, Details: yard.Details{To: d.south.ID}}))
	must(d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{gone.ID}, Details: yard.Details{Order: "R-1"}}))

	release := func(by, stay int64, at time.Time, order string) func() error {
		return func() error {
			_, err := d.r.Release(ctx, d.turn(by), yard.Departure{Stays: []int64{stay}, At: at, Details: yard.Details{Order: order}})
			return err
		}
	}
	transfer := func(by, stay, to int64) func() error {
		return func() error {
			_, err := d.r.Transfer(ctx, d.turn(by), yard.Transfer{Stays: []int64{stay}, Details: yard.Details{To: to}})
			return err
		}
	}
	receive := func(by, stay int64, at time.Time) func() error {
		return func() error {
			_, err := d.r.Receive(ctx, d.turn(by), yard.Receipt{Stays: []int64{stay}, At: at})
			return err
		}
	}
	handle := func(by int64, h yard.Handling) func() error {
		return func() error {
			_, err := d.r.Handle(ctx, d.turn(by), h)
			return err
		}
	}
	soon := now().Add(time.Hour)
	early := now().Add(-72 * time.Hour)
	for name, c := range map[string]struct {
		do   func() error
		kind fault.Kind
		key  string
	}{
		"release without the order":     {release(nadia, here.ID, time.Time{}, " "), fault.Invalid, "yardrules.order_missing"},
		"release what is held":          {release(nadia, held.ID, time.Time{}, "R"), fault.Conflict, "yardrules.held_for"},
		"release what is moving":        {release(nadia, moving.ID, time.Time{}, "R"), fault.Conflict, "yardrules.stands_transit"},
		"release what is gone":          {release(nadia, gone.ID, time.Time{}, "R"), fault.Conflict, "yardrules.stands_out"},
		"release what never was":        {release(nadia, 4711, time.Time{}, "R"), fault.NotFound, "yardrules.unknown"},
		"release before the entry":      {release(nadia, here.ID, early, "R"), fault.Invalid, "yardrules.before_entry"},
		"release in the future":         {release(nadia, here.ID, soon, "R"), fault.Invalid, "yardrules.future"},
		"release elsewhere":             {release(sergey, here.ID, time.Time{}, "R"), fault.Forbidden, "yardrules.other_terminal"},
		"release by an accountant":      {release(tamara, here.ID, time.Time{}, "R"), fault.Forbidden, "yardrules.role"},
		"transfer to itself":            {transfer(nadia, here.ID, d.north.ID), fault.Invalid, "yardrules.to_missing"},
		"transfer to nowhere":           {transfer(nadia, here.ID, 0), fault.NotFound, "yardrules.terminal_unknown"},
		"transfer what is moving":       {transfer(nadia, moving.ID, d.south.ID), fault.Conflict, "yardrules.stands_transit"},
		"receive what stands":           {receive(sergey, here.ID, time.Time{}), fault.Conflict, "yardrules.stands_in"},
		"receive where it left":         {receive(nadia, moving.ID, time.Time{}), fault.Forbidden, "yardrules.other_terminal"},
		"receive before it left":        {receive(sergey, moving.ID, now().Add(-time.Hour)), fault.Invalid, "yardrules.then_not_in_transit"},
		"hold by a dispatcher":          {handle(nadia, yard.Handling{Stay: here.ID, Kind: yard.Held}), fault.Forbidden, "yardrules.role"},
		"hold twice":                    {handle(tamara, yard.Handling{Stay: held.ID, Kind: yard.Held}), fault.Conflict, "yardrules.held"},
		"lift no hold":                  {handle(tamara, yard.Handling{Stay: here.ID, Kind: yard.Unheld}), fault.Conflict, "yardrules.not_held"},
		"an operation that is none":     {handle(nadia, yard.Handling{Stay: here.ID, Kind: yard.Operated, Details: yard.Details{Operation: "juggling"}}), fault.Invalid, "yardrules.operation_missing"},
		"a gate-in by way of a handle":  {handle(vera, yard.Handling{Stay: here.ID, Kind: yard.GateIn}), fault.Invalid, "yardrules.kind_unknown"},
		"an operation on what is gone":  {handle(nadia, yard.Handling{Stay: gone.ID, Kind: yard.Operated, Details: yard.Details{Operation: yard.Crane}}), fault.Conflict, "yardrules.stands_out"},
		"an operation before the entry": {handle(nadia, yard.Handling{Stay: here.ID, Kind: yard.Operated, At: early, Details: yard.Details{Operation: yard.Crane}}), fault.Invalid, "yardrules.before_entry"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.do(), c.kind, c.key) })
	}
	must(d.r.Handle(ctx, d.turn(tamara), yard.Handling{Stay: held.ID, Kind: yard.Unheld}))
	must(d.r.Release(ctx, d.turn(vera), yard.Departure{Stays: []int64{held.ID}, Details: yard.Details{Order: "R-2"}}))
	must(d.r.Receive(ctx, d.turn(vera), yard.Receipt{Stays: []int64{moving.ID}}))
}

func TestOfAListEachBoxGoesOrIsRefusedByItself(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	a, b, c := d.in(box1, time.Hour), d.in(box2, time.Hour), d.in(box3, time.Hour)
	_, err := d.r.Handle(ctx, d.turn(vera), yard.Handling{Stay: b.ID, Kind: yard.Held})
	require.NoError(t, err)
	out, err := d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{c.ID, a.ID, b.ID, a.ID}})
	require.NoError(t, err)
	require.Len(t, out.Boxes, 2)
	require.Len(t, out.Refused, 1)
	require.Equal(t, "CSQU 305438 3", out.Refused[0].Number)
	require.Equal(t, "yardrules.held", out.Refused[0].Fault.Text.Key)
	require.Len(t, d.movements(a.ID), 2)

	_, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: []int64{b.ID, 4711}})
	refused(t, err, fault.NotFound, "yardrules.unknown")
	_, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{})
	refused(t, err, fault.NotFound, "yardrules.unknown")
	many := make([]int64, container.MostAtOnce+1)
	for i := range many {
		many[i] = int64(i)
	}
	_, err = d.r.Release(ctx, d.turn(nadia), yard.Departure{Stays: many})
	refused(t, err, fault.Invalid, "container.too_many")
}

func TestANewClientIsMadeOnce(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	for i, name := range []string{"Tuya  Cotton", "TUYA-COTTON"} {
		a := d.arrival([]container.Number{box1, box2}[i], time.Time{})
		a.Client, a.ClientName = 0, name
		out, err := d.r.GateIn(ctx, d.turn(nadia), a)
		require.NoError(t, err)
		require.Equal(t, "Tuya Cotton", out.Boxes[0].ClientName)
		require.Equal(t, out.Boxes[0].Client, d.movements(out.Boxes[0].ID)[0].Client)
	}
}
