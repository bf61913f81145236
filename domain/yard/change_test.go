package yard_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

func TestAChangeGetsAMomentWhereItHasNone(t *testing.T) {
	for _, c := range []yard.Change{
		{Arrival: &yard.Arrival{}}, {Departure: &yard.Departure{}}, {Transfer: &yard.Transfer{}}, {Receipt: &yard.Receipt{}}, {Handling: &yard.Handling{}},
	} {
		c.At(at(5))
		c.At(at(6))
		switch {
		case c.Arrival != nil:
			require.Equal(t, at(5), c.Arrival.At)
		case c.Departure != nil:
			require.Equal(t, at(5), c.Departure.At)
		case c.Transfer != nil:
			require.Equal(t, at(5), c.Transfer.At)
		case c.Receipt != nil:
			require.Equal(t, at(5), c.Receipt.At)
		case c.Handling != nil:
			require.Equal(t, at(5), c.Handling.At)
		}
	}
	c := yard.Change{Correction: &yard.Correction{}}
	c.At(at(5))
	require.Zero(t, c.Correction.At, "it keeps that of what it corrects")
}

func TestTidy(t *testing.T) {
	m := yard.Movement{Reason: " wrong\n box\x00 "}
	m.Seals, m.Cargo = []string{" A 1 "}, "salt\t&  soda"
	tidy, err := m.Tidy()
	require.NoError(t, err)
	require.Equal(t, "wrong box", tidy.Reason)
	require.Equal(t, []string{"A 1"}, tidy.Seals)
	require.Equal(t, "salt & soda", tidy.Cargo)
	require.Equal(t, []string{" A 1 "}, m.Seals, "the movement itself stays")
	m.Place = strings.Repeat("я", 201)
	_, err = m.Tidy()
	require.True(t, fault.Is(err, fault.Invalid))
}
