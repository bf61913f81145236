package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/yard"
)

// The demo's month: invented companies and the boxes that came and went at their terminals.

// demoZone is where the demo's terminals stand.
const demoZone = "Asia/Tashkent"

var (
	demoTerminals = []string{"Chukursay", "Sergeli", "Keles"}
	demoClients   = []string{"Silk Gate Trade", "Anor Foods", "Chinar Furniture", "Lochin Parts", "Tuya Cotton"}
	demoLines     = []string{"Meridian Box Line", "Saiga Shipping", "Kestrel Lines"}
)

const (
	demoStays = 180
	demoDays  = 45 // the first box came so many days ago
	demoLong  = 20 // for every so many boxes there is one that nobody comes for
)

// demoMonth gives the stays until a moment, in the order of their entries. It is the same whenever it is asked for, but
// for the days. Some boxes have been there from the beginning, and the newest came yesterday.
func demoMonth(now time.Time) ([]yard.Past, error) {
	zone, err := time.LoadLocation(demoZone)
	if err != nil {
		return nil, err
	}
	dice := rand.New(rand.NewPCG(3, 1851))
	today := calendar.In(now, zone)
	at := func(d calendar.Date) time.Time { // within the hours of the gate
		return d.Start(zone).Add(7*time.Hour + time.Duration(dice.IntN(12*60))*time.Minute).UTC()
	}
	var stays []yard.Past
	for i := range demoStays {
		s := demoBox(dice, i)
		entry := today - calendar.Date(demoDays-i*(demoDays-1)/(demoStays-1))
		s.Entered = at(entry)
		exit := entry + calendar.Date(demoDwell(dice))
		if i%demoLong == 0 {
			exit = today
		}
		if exit < today {
			s.Left = at(exit)
			if s.Left.Before(s.Entered.Add(time.Hour)) {
				s.Left = s.Entered.Add(time.Hour)
			}
			s.Departure = yard.Details{Transport: demoTransport(dice),
				Destination: pick(dice, "Tashkent", "Samarkand", "Andijan", "Bukhara", "Almaty", "Nakhodka")}
		}
		if crane := s.Entered.Add(26 * time.Hour); i%12 == 5 && (s.Left.IsZero() || crane.Before(s.Left)) && crane.Before(now) {
			s.Cranes = []time.Time{crane}
		}
		stays = append(stays, s)
	}
	slices.SortStableFunc(stays, func(a, b yard.Past) int { return a.Entered.Compare(b.Entered) })
	return stays, nil
}

// demoDwell is how many nights a box stays: most for some days, some for weeks.
func demoDwell(dice *rand.Rand) int {
	if dice.IntN(4) == 0 {
		return 12 + dice.IntN(17)
	}
	return dice.IntN(12)
}

// demoBox is the n-th box, apart from its days.
func demoBox(dice *rand.Rand, n int) yard.Past {
	s := yard.Past{
		Number:   demoNumber(pick(dice, "TGH", "TCL", "TRH", "CAI", "BMO", "FCI", "SEG"), 100000+n*4871+dice.IntN(4000)),
		Client:   yard.Named{Name: pick(dice, demoClients...)},
		Line:     yard.Named{Name: pick(dice, demoLines...)},
		Terminal: yard.Named{Name: pick(dice, demoTerminals[0], demoTerminals[0], demoTerminals[0], demoTerminals[1], demoTerminals[1], demoTerminals[2])},
		Arrival: yard.Details{
			SizeType:  pick(dice, container.SizeType("22G1"), "22G1", "22G1", "42G1", "45G1", "45G1", "45R1", "L5G1"),
			Load:      container.Laden,
			Transport: demoTransport(dice),
			Place:     fmt.Sprintf("%c-%02d-%d-%d", 'A'+dice.IntN(5), 1+dice.IntN(14), 1+dice.IntN(5), 1+dice.IntN(3)),
		},
	}
	in := &s.Arrival
	in.Number = s.Number
	if dice.IntN(4) == 0 {
		in.Load = container.Empty
		if dice.IntN(2) == 0 { // the line's own, which then pays itself
			s.Client = s.Line
		}
		return s
	}
	in.Cargo = pick(dice, "Cotton yarn", "Dried fruit", "Furniture", "Spare parts", "Tiles", "Tea", "Household goods")
	in.Tonnage = decimal.New(int64(60+dice.IntN(200)), -1)
	in.Seals = []string{fmt.Sprintf("UZ%06d", dice.IntN(1000000))}
	if n%25 == 7 {
		in.Remarks = pick(dice, "Dent on the left side", "Door seal replaced")
	}
	return s
}

func demoTransport(dice *rand.Rand) yard.Transport {
	switch dice.IntN(3) {
	case 0:
		return yard.Transport{Mode: yard.Wagon, Number: fmt.Sprintf("94%06d", dice.IntN(1000000))}
	case 1:
		return yard.Transport{Mode: yard.Train, Number: fmt.Sprintf("1%03d", dice.IntN(1000))}
	}
	return yard.Transport{Mode: yard.Truck, Number: fmt.Sprintf("01 %03d ABC", dice.IntN(1000))}
}

// demoNumber makes the valid number of an owner's box.
func demoNumber(owner string, serial int) container.Number {
	first := fmt.Sprintf("%sU%06d", owner, serial)
	return container.Number(fmt.Sprintf("%s%d", first, container.CheckDigit(first)))
}

func pick[T any](dice *rand.Rand, all ...T) T { return all[dice.IntN(len(all))] }
