package billing

import (
	"cmp"
	"slices"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
)

// Statement is what the stays of a client cost in a period of days, as of a moment.
type Statement struct {
	Client int64         `json:"client"` // company
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to"` // inclusive
	AsOf   time.Time     `json:"as_of"`
	Stays  []Rated       `json:"stays"` // by entry
	Days   int           `json:"days"`
	Free   int           `json:"free"`
	Paid   int           `json:"paid"`
	Totals money.Totals  `json:"totals"`
}

// named is how many boxes without a price a refusal names.
const named = 10

// Statements says what each client's stays cost in a period of days, both ends included. Stays that have no day and no
// fee in it are left out, and clients without any. The order of the stays does not matter: the statements come by
// client, and their stays by entry and number.
//
// The error is a fault.Invalid that names the boxes for which there is no price: what would be a statement without them
// would be wrong.
func (s *Schedule) Statements(stays []Stay, from, to calendar.Date) ([]Statement, error) {
	sorted := slices.SortedFunc(slices.Values(stays), func(a, b Stay) int {
		return cmp.Or(cmp.Compare(a.Client, b.Client), a.Entry.Compare(b.Entry), cmp.Compare(a.Number, b.Number), cmp.Compare(a.ID, b.ID))
	})
	var all []Statement
	var refused []chat.Text
	for _, stay := range sorted {
		if !s.reaches(stay, from, to) {
			continue // also when there is no price for its days
		}
		rated, err := s.Rate(stay)
		if f := fault.As(err); f != nil {
			refused = append(refused, f.Text)
			continue
		}
		if err != nil {
			return nil, err
		}
		if rated = rated.Within(from, to); len(rated.Lines) == 0 {
			continue
		}
		if len(all) == 0 || all[len(all)-1].Client != stay.Client {
			all = append(all, Statement{Client: stay.Client, From: from, To: to, AsOf: s.asOf})
		}
		all[len(all)-1].add(rated)
	}
	if len(refused) > 0 {
		return nil, fault.New(fault.Invalid, "billing.unpriced", "Count", len(refused),
			"Boxes", chat.Lines(refused[:min(named, len(refused))]...))
	}
	return all, nil
}

// reaches tells whether a stay has days in a period.
func (s *Schedule) reaches(stay Stay, from, to calendar.Date) bool {
	until := stay.Exit
	if until.IsZero() {
		until = s.asOf
	}
	return calendar.In(stay.Entry, stay.Zone) <= to && calendar.In(until, stay.Zone) >= from
}

func (s *Statement) add(r Rated) {
	s.Stays = append(s.Stays, r)
	s.Days += r.Days
	s.Free += r.Free
	s.Paid += r.Paid
	for _, t := range r.Totals {
		s.Totals = s.Totals.Add(t)
	}
}
