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
)

// demoStay is one box's stay.
type demoStay struct {
	number       container.Number
	size         container.SizeType
	load         container.Load
	client, line string
	terminal     string
	entered      time.Time // UTC
	left         time.Time // UTC; zero: it is still there
	came, went   yard.Transport
	place        string
	cargo        string
	tonnage      decimal.Decimal
	destination  string
	remarks      string
}

// demoMonth gives the stays until a moment, in the order of their entries. It is the same whenever it is asked for, but
// for the days. Some boxes have been there from the beginning, and the newest came yesterday.
func demoMonth(now time.Time) ([]demoStay, error) {
	zone, err := time.LoadLocation(demoZone)
	if err != nil {
		return nil, err
	}
	dice := rand.New(rand.NewPCG(3, 1851))
	today := calendar.In(now, zone)
	at := func(d calendar.Date) time.Time { // within the hours of the gate
		minute := 7*60 + dice.IntN(12*60)
		return d.Start(zone).Add(time.Duration(minute) * time.Minute).UTC()
	}
	var stays []demoStay
	for i := range demoStays {
		s := demoBox(dice, i)
		entry := today - calendar.Date(demoDays-i*(demoDays-1)/(demoStays-1))
		s.entered = at(entry)
		exit := entry + calendar.Date(demoDwell(dice))
		if i%30 == 0 { // nobody comes for it
			exit = today
		}
		if exit < today {
			s.left = at(exit)
			if s.left.Before(s.entered.Add(time.Hour)) {
				s.left = s.entered.Add(time.Hour)
			}
			s.went = demoTransport(dice)
			s.destination = pick(dice, "Tashkent", "Samarkand", "Andijan", "Bukhara", "Almaty", "Nakhodka")
		}
		stays = append(stays, s)
	}
	slices.SortStableFunc(stays, func(a, b demoStay) int { return a.entered.Compare(b.entered) })
	return stays, nil
}

// demoDwell is how many nights a box stays: most for some days, some for weeks.
func demoDwell(dice *rand.Rand) int {
	if dice.IntN(4) == 0 {
		return 12 + dice.IntN(22)
	}
	return dice.IntN(12)
}

// demoBox is the n-th box, apart from its days.
func demoBox(dice *rand.Rand, n int) demoStay {
	s := demoStay{
		number:   demoNumber(pick(dice, "TGH", "TCL", "TRH", "CAI", "BMO", "FCI", "SEG"), 100000+n*4871+dice.IntN(4000)),
		size:     pick(dice, container.SizeType("22G1"), "22G1", "22G1", "42G1", "45G1", "45G1", "45R1", "L5G1"),
		load:     container.Laden,
		client:   pick(dice, demoClients...),
		line:     pick(dice, demoLines...),
		terminal: pick(dice, demoTerminals[0], demoTerminals[0], demoTerminals[0], demoTerminals[1], demoTerminals[1], demoTerminals[2]),
		came:     demoTransport(dice),
		place:    fmt.Sprintf("%c-%02d-%d-%d", 'A'+dice.IntN(5), 1+dice.IntN(14), 1+dice.IntN(5), 1+dice.IntN(3)),
	}
	if dice.IntN(4) == 0 {
		s.load = container.Empty
		if dice.IntN(2) == 0 { // the line's own, which then pays itself
			s.client = s.line
		}
		return s
	}
	s.cargo = pick(dice, "Cotton yarn", "Dried fruit", "Furniture", "Spare parts", "Tiles", "Tea", "Household goods")
	s.tonnage = decimal.New(int64(60+dice.IntN(200)), -1)
	if n%25 == 7 {
		s.remarks = pick(dice, "Dent on the left side", "Door seal replaced")
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
