package billing

import (
	"time"

	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

// Kind is what a line is for.
type Kind string

// The kinds of lines.
const (
	Free    Kind = "free"    // days that cost nothing
	Storage Kind = "storage" // charged days
	Minimum Kind = "minimum" // what is missing to the minimum charge
	Charge  Kind = "fee"     // an operation
)

// Line is one amount with everything that explains it.
type Line struct {
	Kind    Kind          `json:"kind"`
	First   calendar.Date `json:"first"`              // dates, in the terminal's zone
	Last    calendar.Date `json:"last"`               // the same as First of fees and the minimum
	FromDay int           `json:"from_day,omitempty"` // numbers of the days, from entry; of free and charged days
	ToDay   int           `json:"to_day,omitempty"`

	Tier      Tier            `json:"tier,omitzero"` // of charged days
	Operation yard.Operation  `json:"operation,omitempty"`
	At        time.Time       `json:"at,omitzero"` // of the operation, UTC
	Tariff    Source          `json:"tariff"`
	Full      decimal.Decimal `json:"full"` // gross, before discounts
	Discounts []Applied       `json:"discounts,omitempty"`
	VAT       decimal.Decimal `json:"vat"` // percent
	Amount    money.Taxed     `json:"amount"`

	run *run // how it came about: nil for fees, the minimum, and lines read from a document
}

// Days is how many days the line counts.
func (l Line) Days() int {
	if l.FromDay == 0 {
		return 0
	}
	return l.ToDay - l.FromDay + 1
}

// Source names the version of a tariff that a line rests on.
type Source struct {
	Client     int64         `json:"client,omitempty"` // company whose own tariff it is; 0: the public one
	ValidFrom  calendar.Date `json:"valid_from"`
	RecordedAt time.Time     `json:"recorded_at"` // UTC
}

// Applied is a discount as it worked on a line.
type Applied struct {
	Name    string          `json:"name"`
	Percent decimal.Decimal `json:"percent,omitzero"`
	PerDay  *money.Amount   `json:"per_day,omitempty"`
	Flat    *money.Amount   `json:"flat,omitempty"`
	Off     decimal.Decimal `json:"off"` // what it took off, gross
}

// Rated is a stay with what it costs, the whole of it or a part. Lines are in order: days, minimum, fees.
type Rated struct {
	Stay   Stay         `json:"stay"`
	Days   int          `json:"days"` // Free and Paid together
	Free   int          `json:"free"`
	Paid   int          `json:"paid"`
	Lines  []Line       `json:"lines"`
	Totals money.Totals `json:"totals"`
}

func (r *Rated) add(l Line) {
	r.Lines = append(r.Lines, l)
	r.Days += l.Days()
	switch l.Kind {
	case Free:
		r.Free += l.Days()
	case Storage:
		r.Paid += l.Days()
	}
	r.Totals = r.Totals.Add(l.Amount)
}

// Within gives the part of it that falls on days of a period, both ends included. The parts of a whole always add up to
// it: an amount that is rounded once for a line is cut where its running sum stands at the cut.
func (r Rated) Within(from, to calendar.Date) Rated {
	part := Rated{Stay: r.Stay}
	for _, l := range r.Lines {
		if l.Last < from || l.First > to {
			continue
		}
		if l.First < from || l.Last > to {
			l = l.run.line(max(l.FromDay, l.FromDay+int(from-l.First)), min(l.ToDay, l.ToDay-int(l.Last-to)))
		}
		part.add(l)
	}
	return part
}
