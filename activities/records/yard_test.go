package records

import (
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

// depot is a workspace with a yard: two terminals, each with its dispatcher.
type depot struct {
	office
	north, south yard.Terminal
	client, line yard.Company
}

const (
	nadia  = int64(500) // dispatcher of the north, English
	sergey = int64(501) // dispatcher of the south, Russian
	vera   = int64(502) // manager, English
	tamara = int64(503) // accountant, English
	ivan   = int64(504) // client
	lost   = int64(505) // dispatcher without a post
)

const (
	box1 = container.Number("MSKU6011672")
	box2 = container.Number("CSQU3054383")
	box3 = container.Number("TOLU4734787")
	box4 = container.Number("HLXU2008419")
)

func newDepot(t *testing.T) depot { return newDesks(t).depot() }

func (w *desks) depot() depot {
	o := w.office()
	d := depot{office: o}
	d.tx(func(tx *store.Tx) error {
		var err error
		d.north, err = tx.EnsureTerminal(w.t.Context(), o.workspace, "North", "Asia/Tashkent")
		require.NoError(w.t, err)
		d.south, err = tx.EnsureTerminal(w.t.Context(), o.workspace, "South", "Asia/Tashkent")
		require.NoError(w.t, err)
		d.client, err = tx.EnsureCompany(w.t.Context(), o.workspace, "Anor Foods")
		require.NoError(w.t, err)
		d.line, err = tx.EnsureCompany(w.t.Context(), o.workspace, "Saiga Shipping")
		return err
	})
	d.post(nadia, "Nadia", people.Dispatcher, "en", people.Post("terminal", d.north.ID))
	d.post(sergey, "Sergey", people.Dispatcher, "ru", people.Post("terminal", d.south.ID))
	d.post(vera, "Vera", people.Manager, "en", "")
	d.post(tamara, "Tamara", people.Accountant, "en", "")
	d.post(ivan, "Ivan", people.Client, "en", "")
	d.post(lost, "Lost", people.Dispatcher, "en", "")
	return d
}

func (o office) post(telegram int64, name string, role people.Role, lang, post string) {
	o.t.Helper()
	o.person(telegram, name, role, lang)
	_, err := o.pool.Exec(o.t.Context(), `UPDATE people SET post = $3 WHERE workspace_id = $1 AND telegram_id = $2`, o.workspace, telegram, post)
	require.NoError(o.t, err)
}

func (w *desks) tx(do func(*store.Tx) error) {
	w.t.Helper()
	require.NoError(w.t, w.s.Tx(w.t.Context(), do))
}

// arrival is a gate-in at the north.
func (d depot) arrival(number container.Number, at time.Time) yard.Arrival {
	return yard.Arrival{Terminal: d.north.ID, At: at, Details: yard.Details{
		Number: number, SizeType: "22G1", Load: container.Laden, Client: d.client.ID, Line: d.line.ID, Place: "A1"}}
}

// in brings a box in at the north, so long ago, and gives its stay.
func (d depot) in(number container.Number, ago time.Duration) yard.Box {
	d.t.Helper()
	out, err := d.r.GateIn(d.t.Context(), d.turn(nadia), d.arrival(number, now().Add(-ago)))
	require.NoError(d.t, err)
	require.Len(d.t, out.Boxes, 1)
	return out.Boxes[0]
}

func (d depot) box(id int64) (b yard.Box) {
	d.t.Helper()
	d.tx(func(tx *store.Tx) (err error) {
		b, err = tx.Box(d.t.Context(), d.workspace, id, now())
		return err
	})
	return b
}

func (d depot) movements(id int64) (all []yard.Movement) {
	d.t.Helper()
	d.tx(func(tx *store.Tx) (err error) {
		all, err = tx.Movements(d.t.Context(), d.workspace, id)
		return err
	})
	return all
}

func (d depot) close(through calendar.Date) {
	d.t.Helper()
	d.tx(func(tx *store.Tx) error { return tx.CloseDays(d.t.Context(), d.workspace, through) })
}

// refused wants a fault of a kind and key.
func refused(t *testing.T, err error, kind fault.Kind, key string) *fault.Fault {
	t.Helper()
	f := fault.As(err)
	require.NotNil(t, f, "%v", err)
	require.Equal(t, key, f.Text.Key)
	require.Equal(t, kind, f.Kind)
	return f
}

func TestABoxsLife(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	entered := now().Add(-72 * time.Hour)
	in := d.arrival(" msku-601167 2", entered)
	in.Typed, in.Seals, in.Transport = "msku-601167 2", []string{" A77 "}, yard.Transport{Mode: yard.Truck, Number: "01 A 777 AA"}
	out, err := d.r.GateIn(ctx, d.turn(nadia), in)
	require.NoError(t, err)
	b := out.Boxes[0]
	require.Equal(t, yard.In, b.State)
	require.Equal(t, box1, b.Number)
	require.Equal(t, "North", b.TerminalName)
	require.Equal(t, "Anor Foods", b.ClientName)
	require.Equal(t, "Saiga Shipping", b.LineName)
	require.Equal(t, 4, b.Days)
	require.Equal(t, "A1", b.Place)
	require.Equal(t, "Nadia", b.By)

	_, err = d.r.Handle(ctx, d.turn(nadia), yard.Handling{Stay: b.ID, Kind: yard.Operated, Details: yard.Details{Operation: yard.Weighing, Place: "B2"}})
	require.NoError(t, err)
	require.Equal(t, "B2", d.box(b.ID).Place)

	out, err = d.r.Transfer(ctx, d.turn(nadia), yard.Transfer{Stays: []int64{b.ID}, Details: yard.Details{To: d.south.ID}})
	require.NoError(t, err)
	require.Equal(t, yard.InTransit, out.Boxes[0].State)
	require.Equal(t, "South", out.Boxes[0].BoundName)
	require.Contains(t, d.lastSeen(sergey), "1 контейнер в пути: North → South (Nadia) / MSKU 601167 2 [✅ Прибыл]")

	_, err = d.r.Receive(ctx, d.turn(nadia), yard.Receipt{Stays: []int64{b.ID}})
	refused(t, err, fault.Forbidden, "yardrules.other_terminal")
	out, err = d.r.Receive(ctx, d.turn(sergey), yard.Receipt{Stays: []int64{b.ID}, Details: yard.Details{Place: "C3"}})
	require.NoError(t, err)
	require.Equal(t, "South", out.Boxes[0].TerminalName)
	require.Equal(t, d.north.ID, out.Boxes[0].Origin)
	require.Equal(t, b.Entered, out.Boxes[0].Entered, "the stay goes on")

	out, err = d.r.Release(ctx, d.turn(sergey), yard.Departure{Stays: []int64{b.ID}})
	require.NoError(t, err)
	require.Equal(t, yard.Out, out.Boxes[0].State)
	_, err = d.r.Release(ctx, d.turn(sergey), yard.Departure{Stays: []int64{b.ID}})
	f := refused(t, err, fault.Conflict, "yardrules.stands_out")
	require.Equal(t, "Sergey", f.Text.Args["By"].Plain)

	all := d.movements(b.ID)
	require.Len(t, all, 5)
	require.Equal(t, []string{"A77"}, all[0].Seals)
	require.Equal(t, "msku-601167 2", all[0].Typed)
	folded, err := yard.Fold(all)
	require.NoError(t, err)
	folded.Workspace = d.workspace
	require.Equal(t, folded, d.box(b.ID).Stay, "the row is what the movements add up to")
	require.Len(t, folded.Legs, 2)

	var actions []string
	require.NoError(t, d.pool.QueryRow(ctx, `SELECT array_agg(action ORDER BY id) FROM audit WHERE about = $1`, yard.About(b.ID)).Scan(&actions))
	require.Equal(t, []string{"yard.gate_in", "yard.handle", "yard.transfer", "yard.receive", "yard.release"}, actions)
}

func TestARepeatedMovementIsOne(t *testing.T) {
	d, ctx := newDepot(t), t.Context()
	turn := d.turn(nadia)
	first, err := d.r.GateIn(ctx, turn, d.arrival(box1, time.Time{}))
	require.NoError(t, err)
	again, err := d.r.GateIn(ctx, turn, d.arrival(box1, time.Time{}))
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, d.movements(first.Boxes[0].ID), 1)

	turn.Op = ""
	_, err = d.r.GateIn(ctx, turn, d.arrival(box2, time.Time{}))
	require.Error(t, err, "what is recorded has a key")
}
