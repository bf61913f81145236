package yard_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

var start = time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)

const number = container.Number("MSKU6011672")

// history is a stay's movements as they come to be recorded, one after the other.
type history struct {
	all []yard.Movement
}

// record adds a movement that happened so many minutes after the start, recorded a minute after the one before.
func (h *history) record(kind yard.Kind, minute int, terminal int64, change ...func(*yard.Movement)) int64 {
	m := yard.Movement{
		ID: int64(len(h.all) + 1), Stay: 7, Kind: kind, At: start.Add(time.Duration(minute) * time.Minute),
		Recorded: start.AddDate(0, 1, 0).Add(time.Duration(len(h.all)) * time.Minute), Terminal: terminal, By: yard.Party{Name: "Nadia"},
	}
	if kind == yard.GateIn {
		m.Number, m.Client = number, 1
	}
	for _, c := range change {
		c(&m)
	}
	h.all = append(h.all, m)
	return m.ID
}

func to(terminal int64) func(*yard.Movement)  { return func(m *yard.Movement) { m.To = terminal } }
func replacing(id int64) func(*yard.Movement) { return func(m *yard.Movement) { m.Replaces = id } }
func crane(m *yard.Movement)                  { m.Operation = yard.Crane }
func because(why string) func(*yard.Movement) { return func(m *yard.Movement) { m.Reason = why } }
func at(minute int) time.Time                 { return start.Add(time.Duration(minute) * time.Minute) }
func (h *history) fold(t require.TestingT) yard.Stay {
	s, err := yard.Fold(h.all)
	require.NoError(t, err)
	return s
}

func TestFoldOfAWholeStay(t *testing.T) {
	var h history
	h.record(yard.GateIn, 0, 1, func(m *yard.Movement) { m.Place = "A1" })
	h.record(yard.Operated, 10, 1, crane, func(m *yard.Movement) { m.Place = "A2" })
	h.record(yard.Held, 20, 1, because("customs"))
	require.Equal(t, "customs", h.fold(t).Held)
	h.record(yard.TransferOut, 30, 1, to(2))
	moving := h.fold(t)
	require.Equal(t, yard.InTransit, moving.State)
	require.Equal(t, int64(2), moving.Bound)
	h.record(yard.TransferIn, 60, 2)
	h.record(yard.Unheld, 70, 2)
	h.record(yard.GateOut, 90, 2)
	require.Equal(t, yard.Stay{
		ID: 7, State: yard.Out, Number: number, Client: 1, Terminal: 2, Origin: 1, Entered: at(0), Left: at(90), Since: at(90), By: "Nadia",
		Legs:    []yard.Leg{{1, at(0), at(30)}, {2, at(60), at(90)}},
		Done:    []yard.Handled{{yard.LiftOff, at(0)}, {yard.Crane, at(10)}, {yard.LiftOn, at(90)}},
		Version: 7,
	}, h.fold(t))
}

func TestHistoriesThatCannotBe(t *testing.T) {
	in := func(h *history) { h.record(yard.GateIn, 0, 1) }
	for name, c := range map[string]struct {
		record func(*history)
		key    string
	}{
		"nothing":                 {func(h *history) {}, "yardrules.unknown"},
		"no gate-in":              {func(h *history) { h.record(yard.GateOut, 0, 1) }, "yardrules.no_gate_in"},
		"two gate-ins":            {func(h *history) { in(h); h.record(yard.GateIn, 1, 1) }, "yardrules.second_gate_in"},
		"out before in":           {func(h *history) { in(h); h.record(yard.GateOut, -1, 1) }, "yardrules.before_entry"},
		"after the exit":          {func(h *history) { in(h); h.record(yard.GateOut, 1, 1); h.record(yard.Operated, 2, 1, crane) }, "yardrules.after_exit"},
		"two exits":               {func(h *history) { in(h); h.record(yard.GateOut, 1, 1); h.record(yard.GateOut, 2, 1) }, "yardrules.after_exit"},
		"out at another terminal": {func(h *history) { in(h); h.record(yard.GateOut, 1, 2) }, "yardrules.elsewhere"},
		"out while on hold":       {func(h *history) { in(h); h.record(yard.Held, 1, 1); h.record(yard.GateOut, 2, 1) }, "yardrules.then_held"},
		"held twice":              {func(h *history) { in(h); h.record(yard.Held, 1, 1); h.record(yard.Held, 2, 1) }, "yardrules.then_held"},
		"lifted without a hold":   {func(h *history) { in(h); h.record(yard.Unheld, 1, 1) }, "yardrules.then_not_held"},
		"out while in transit":    {func(h *history) { in(h); h.record(yard.TransferOut, 1, 1, to(2)); h.record(yard.GateOut, 2, 1) }, "yardrules.then_in_transit"},
		"in without transit":      {func(h *history) { in(h); h.record(yard.TransferIn, 1, 1) }, "yardrules.then_not_in_transit"},
		"in elsewhere":            {func(h *history) { in(h); h.record(yard.TransferOut, 1, 1, to(2)); h.record(yard.TransferIn, 2, 3) }, "yardrules.bound_elsewhere"},
		"transfer to itself":      {func(h *history) { in(h); h.record(yard.TransferOut, 1, 1, to(1)) }, "yardrules.to_missing"},
		"transfer to nowhere":     {func(h *history) { in(h); h.record(yard.TransferOut, 1, 1) }, "yardrules.to_missing"},
		"no operation":            {func(h *history) { in(h); h.record(yard.Operated, 1, 1) }, "yardrules.operation_missing"},
		"an unknown kind":         {func(h *history) { in(h); h.record("lost", 1, 1) }, "yardrules.kind_unknown"},
		"the future":              {func(h *history) { in(h); h.record(yard.GateOut, 100*24*60, 1) }, "yardrules.future"},
		"long ago":                {func(h *history) { h.record(yard.GateIn, -30*365*24*60, 1) }, "yardrules.long_ago"},
		"no terminal":             {func(h *history) { h.record(yard.GateIn, 0, 0) }, "yardrules.terminal_missing"},
		"no number":               {func(h *history) { h.record(yard.GateIn, 0, 1, func(m *yard.Movement) { m.Number = "" }) }, "yardrules.number_missing"},
		"no client":               {func(h *history) { h.record(yard.GateIn, 0, 1, func(m *yard.Movement) { m.Client = 0 }) }, "yardrules.client_missing"},
		"gate-in reversed, exit stands": {func(h *history) {
			in(h)
			h.record(yard.GateOut, 1, 1)
			h.record(yard.Reversed, 0, 1, replacing(1))
		}, "yardrules.no_gate_in"},
	} {
		t.Run(name, func(t *testing.T) {
			var h history
			c.record(&h)
			_, err := yard.Fold(h.all)
			f := fault.As(err)
			require.NotNil(t, f, "%v", err)
			require.Equal(t, c.key, f.Text.Key)
		})
	}
}

func TestACorrectionOfACorrection(t *testing.T) {
	var h history
	in := h.record(yard.GateIn, 0, 1)
	h.record(yard.GateOut, 50, 1)
	second := h.record(yard.GateIn, 20, 1, replacing(in), func(m *yard.Movement) { m.Client = 2 })
	require.Equal(t, at(20), h.fold(t).Entered)
	h.record(yard.GateIn, 50, 1, replacing(second), func(m *yard.Movement) { m.Client = 3 }) // at the moment of the exit
	s := h.fold(t)
	require.Equal(t, at(50), s.Entered)
	require.Equal(t, int64(3), s.Client)
	require.Equal(t, yard.Out, s.State)
	require.Equal(t, 4, s.Version)
}

func TestAReversedGateInLeavesNothing(t *testing.T) {
	var h history
	in := h.record(yard.GateIn, 0, 1)
	h.record(yard.Reversed, 0, 1, replacing(in))
	s := h.fold(t)
	require.Equal(t, yard.Void, s.State)
	require.Equal(t, number, s.Number)
	require.Empty(t, s.Legs)
	require.Empty(t, s.Done)
}

// walk records a random history that can be: whatever is allowed next, at a later minute or the same.
func walk(t *rapid.T) *history {
	h := &history{}
	minute := 0
	h.record(yard.GateIn, minute, rapid.Int64Range(1, 3).Draw(t, "terminal"))
	for range rapid.IntRange(0, 12).Draw(t, "steps") {
		s := h.fold(t)
		minute += rapid.IntRange(0, 60).Draw(t, "minutes")
		switch s.State {
		case yard.Out:
			return h
		case yard.InTransit:
			kind, terminal := rapid.SampledFrom([]yard.Kind{yard.TransferIn, hold(s)}).Draw(t, "on the way"), s.Terminal
			if kind == yard.TransferIn {
				terminal = s.Bound
			}
			h.record(kind, minute, terminal)
			continue
		}
		kinds := []yard.Kind{yard.Operated, yard.TransferOut, hold(s)}
		if !s.OnHold {
			kinds = append(kinds, yard.GateOut)
		}
		h.record(rapid.SampledFrom(kinds).Draw(t, "kind"), minute, s.Terminal, crane, to(s.Terminal%3+1))
	}
	return h
}

// hold is what can be done about a hold.
func hold(s yard.Stay) yard.Kind {
	if s.OnHold {
		return yard.Unheld
	}
	return yard.Held
}

func TestAHoldOnTheWayStandsOnArrival(t *testing.T) {
	var h history
	h.record(yard.GateIn, 0, 1)
	h.record(yard.TransferOut, 10, 1, to(2))
	h.record(yard.Held, 20, 1, because("customs"))
	moving := h.fold(t)
	require.Equal(t, yard.InTransit, moving.State)
	require.Equal(t, "customs", moving.Held)
	require.Equal(t, at(10), moving.Since, "it left when it left")
	h.record(yard.TransferIn, 30, 2)
	there := h.fold(t)
	require.True(t, there.OnHold)
	require.Equal(t, "yardrules.held_for", fault.As(there.Allows(yard.ActRelease)).Text.Key)
}

func TestAnyHistoryThatCanBeFolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := walk(t)
		s := h.fold(t)
		require.Equal(t, len(h.all), s.Version)
		for i, leg := range s.Legs {
			if i > 0 {
				require.False(t, leg.From.Before(s.Legs[i-1].To))
			}
			require.Equal(t, i == len(s.Legs)-1 && s.State == yard.In, leg.To.IsZero())
		}
		require.Equal(t, s.State == yard.Out, !s.Left.IsZero())
	})
}

func TestTheOrderOfMovementsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := walk(t)
		whole := h.fold(t)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(h.all), func(i, j int) { h.all[i], h.all[j] = h.all[j], h.all[i] })
		require.Equal(t, whole, h.fold(t))
	})
}

func TestReversingTheLastRestoresTheStayBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := walk(t)
		if len(h.all) < 2 {
			return
		}
		before, err := yard.Fold(h.all[:len(h.all)-1])
		require.NoError(t, err)
		last := h.all[len(h.all)-1]
		h.record(yard.Reversed, 0, last.Terminal, replacing(last.ID))
		after := h.fold(t)
		after.Version = before.Version
		require.Equal(t, before, after)
	})
}

func TestWhatIsRecordedLaterIsIgnoredAsOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := walk(t)
		n := rapid.IntRange(1, len(h.all)).Draw(t, "known")
		known, err := yard.Fold(h.all[:n])
		require.NoError(t, err)
		in := h.all[0]
		h.record(yard.GateIn, -30, in.Terminal, replacing(in.ID), func(m *yard.Movement) { m.Client = 9 })
		asOf, err := foldAsOf(h.all, h.all[n-1].Recorded)
		require.NoError(t, err)
		require.Equal(t, known, asOf)
		require.Equal(t, int64(9), h.fold(t).Client)
		_, err = foldAsOf(h.all, in.Recorded.Add(-time.Second))
		require.True(t, fault.Is(err, fault.NotFound))
	})
}

func TestEffectiveKeepsItsArgument(t *testing.T) {
	var h history
	h.record(yard.GateIn, 10, 1)
	h.record(yard.GateOut, 5, 1)
	was := slices.Clone(h.all)
	yard.Effective(h.all)
	require.Equal(t, was, h.all)
}

// foldAsOf is the fold of what was recorded until a moment, that moment included.
func foldAsOf(movements []yard.Movement, until time.Time) (yard.Stay, error) {
	return yard.Fold(slices.DeleteFunc(slices.Clone(movements), func(m yard.Movement) bool { return m.Recorded.After(until) }))
}
