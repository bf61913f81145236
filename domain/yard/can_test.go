package yard_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
)

func TestWhatCanBeDone(t *testing.T) {
	leg := []yard.Leg{{Terminal: 1}}
	in := yard.Stay{State: yard.In, Number: number, Terminal: 1, Legs: leg}
	held := in
	held.OnHold = true
	moving := yard.Stay{State: yard.InTransit, Number: number, Terminal: 1, Bound: 2, Legs: leg}
	movingHeld := moving
	movingHeld.OnHold = true
	out := yard.Stay{State: yard.Out, Number: number, Terminal: 1, Legs: leg}
	at := func(terminal int64) people.Person {
		return people.Person{Role: people.Dispatcher, Post: people.Post("terminal", terminal)}
	}
	as := func(r people.Role) people.Person { return people.Person{Role: r} }
	for name, c := range map[string]struct {
		stay yard.Stay
		by   people.Person
		can  []yard.Action
	}{
		"never seen, dispatcher":            {yard.Stay{}, at(1), []yard.Action{yard.ActGateIn}},
		"never seen, accountant":            {yard.Stay{}, as(people.Accountant), nil},
		"in, own dispatcher":                {in, at(1), []yard.Action{yard.ActRelease, yard.ActTransfer, yard.ActHandle, yard.ActCorrect, yard.ActHistory}},
		"in, another dispatcher":            {in, at(2), []yard.Action{yard.ActHistory}},
		"in, dispatcher of nowhere":         {in, as(people.Dispatcher), []yard.Action{yard.ActHistory}},
		"in, manager":                       {in, as(people.Manager), []yard.Action{yard.ActRelease, yard.ActTransfer, yard.ActHandle, yard.ActHold, yard.ActCorrect, yard.ActHistory}},
		"in, accountant":                    {in, as(people.Accountant), []yard.Action{yard.ActHold, yard.ActHistory}},
		"in, agent":                         {in, as(people.Agent), nil},
		"in, client":                        {in, as(people.Client), nil},
		"held, manager":                     {held, as(people.Manager), []yard.Action{yard.ActTransfer, yard.ActHandle, yard.ActUnhold, yard.ActCorrect, yard.ActHistory}},
		"moving, who sent it":               {moving, at(1), []yard.Action{yard.ActCorrect, yard.ActHistory}},
		"moving, who gets it":               {moving, at(2), []yard.Action{yard.ActReceive, yard.ActHistory}},
		"moving, accountant":                {moving, as(people.Accountant), []yard.Action{yard.ActHold, yard.ActHistory}},
		"moving on hold, manager":           {movingHeld, as(people.Manager), []yard.Action{yard.ActReceive, yard.ActUnhold, yard.ActCorrect, yard.ActHistory}},
		"out, own dispatcher":               {out, at(1), []yard.Action{yard.ActGateIn, yard.ActCorrect, yard.ActHistory}},
		"out, another dispatcher brings it": {out, at(2), []yard.Action{yard.ActGateIn, yard.ActHistory}},
		"void, owner":                       {yard.Stay{State: yard.Void}, as(people.Owner), []yard.Action{yard.ActGateIn, yard.ActHistory}},
	} {
		t.Run(name, func(t *testing.T) {
			require.ElementsMatch(t, c.can, c.stay.Can(c.by))
			for _, a := range c.stay.Can(c.by) {
				require.NoError(t, c.stay.Refuses(c.by, a))
			}
		})
	}
}

// Who may record a movement may correct it, and nobody else.
func TestWhoMayCorrectWhat(t *testing.T) {
	for _, kind := range yard.Kinds {
		for _, role := range people.Roles {
			for _, post := range []int64{0, 1, 2} {
				p := people.Person{Role: role}
				if post != 0 {
					p.Post = people.Post("terminal", post)
				}
				want := role == people.Owner || role == people.Manager
				switch kind {
				case yard.Held, yard.Unheld:
					want = want || role == people.Accountant
				default:
					want = want || role == people.Dispatcher && post == 1
				}
				err := yard.MayCorrect(p, kind, 1)
				require.Equal(t, want, err == nil, "%s by %s of %d: %v", kind, role, post, err)
				require.True(t, want || fault.Is(err, fault.Forbidden))
			}
		}
	}
}

func TestARefusalTellsWhatHappenedByWhomAndWhen(t *testing.T) {
	s := yard.Stay{State: yard.Out, Number: number, Since: start, By: "Nadia"}
	f := fault.As(s.Allows(yard.ActRelease))
	require.Equal(t, "yardrules.stands_out", f.Text.Key)
	require.Equal(t, fault.Conflict, f.Kind)
	require.Equal(t, "Nadia", f.Text.Args["By"].Plain)
	require.True(t, start.Equal(*f.Text.Args["Since"].Time))
}

func TestDaysCountBothEndsInTheZone(t *testing.T) {
	tashkent := zone(t, "Asia/Tashkent")
	at := func(s string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", s, tashkent)
		require.NoError(t, err)
		return moment.UTC()
	}
	require.Equal(t, 1, yard.Days(at("2026-11-01 00:00"), at("2026-11-01 23:59"), tashkent))
	require.Equal(t, 2, yard.Days(at("2026-11-01 23:59"), at("2026-11-02 00:00"), tashkent))
	require.Equal(t, 31, yard.Days(at("2026-10-31 12:00"), at("2026-11-30 12:00"), tashkent))
}

func TestSimilarNames(t *testing.T) {
	var all []yard.Company
	for i, name := range []string{"ООО «Анор Фудс»", "Silk Gate Trade", "Chinar Furniture", "Lochin Parts", "Lochin Part", "A1"} {
		all = append(all, yard.Company{ID: int64(i), Name: name})
	}
	for typed, want := range map[string][]string{
		"анор фудс":        {"ООО «Анор Фудс»"},
		"Silk Gate Trad":   {"Silk Gate Trade"},
		"Slik Gate Trade":  {"Silk Gate Trade"},
		"chinar furnitrue": {"Chinar Furniture"},
		"Lochin Partz":     {"Lochin Part", "Lochin Parts"},
		"Tuya Cotton":      nil,
		"B7":               nil,
	} {
		var names []string
		for _, c := range yard.Similar(typed, all) {
			names = append(names, c.Name)
		}
		require.ElementsMatch(t, want, names, typed)
	}
	require.Equal(t, yard.NameKey("Silk-Gate  TRADE!"), yard.NameKey("silk gate trade"))
	require.Empty(t, yard.NameKey("«—»"))
}
