// Package billing computes what storage costs. An amount is a pure function of movements, tariffs and the moment as of
// which both are taken; nothing here keeps one.
package billing

import (
	"time"

	"github.com/shopspring/decimal"

	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/money"
	"quaydesk/domain/yard"
)

// Book is everything that was ever recorded of prices: tariffs and discounts. Nothing in it is changed or removed: what
// is recorded later counts from its RecordedAt on. The order of discounts matters, see Discount.
type Book struct {
	Tariffs   []Tariff // one for each client, and the public one
	Discounts []Discount
}

// Tariff is the schedule of one client, or the public one. On each day a client's own tariff counts if one is in force
// then, and else the public one.
type Tariff struct {
	Client   int64     `json:"client,omitempty"` // company; 0: the public tariff
	Versions []Version `json:"versions"`
}

// Version says what holds from a day on, until the next version's day. It is recorded at some moment: as of T, of the
// versions for the same day the one recorded last until T counts. A retroactive revision is a new version for an old day.
type Version struct {
	ValidFrom  calendar.Date `json:"valid_from"`          // in the terminal's zone
	RecordedAt time.Time     `json:"recorded_at"`         // UTC
	Withdrawn  bool          `json:"withdrawn,omitempty"` // takes back what was recorded for ValidFrom: no version begins there
	Terms
}

// Terms are what a version says. Prices, fees and amounts include VAT.
type Terms struct {
	Counting   Counting        `json:"counting"`
	GraceHours int             `json:"grace_hours,omitempty"` // see Terms.Days; 0 to 23
	FreeDays   int             `json:"free_days,omitempty"`
	Prices     []Price         `json:"prices"`
	Fees       []Fee           `json:"fees,omitempty"`
	Minimum    *money.Amount   `json:"minimum,omitempty"` // for the storage of a stay, see Schedule.Rate
	VAT        decimal.Decimal `json:"vat"`               // percent
}

// Counting is how the days of a stay are counted.
type Counting string

// The ways of counting.
const (
	CalendarDays Counting = "calendar_days" // of the terminal's zone; those of entry and exit count both
	Periods24h   Counting = "periods_24h"   // from entry; one that has begun counts
)

// Class is a class of boxes. A zero field means any.
type Class struct {
	Size  int            `json:"size,omitempty"`  // length in feet: 20, 40, 45
	Load  container.Load `json:"load,omitempty"`  // laden or empty
	Group string         `json:"group,omitempty"` // as container.SizeType.Group gives it: dry, reefer, …
}

// Price is the storage of a class of boxes. Of all prices that fit a box the one with the most fields of its Class set
// counts.
type Price struct {
	Class
	Currency money.Currency `json:"currency"`
	Tiers    []Tier         `json:"tiers"` // in order, without gaps
}

// Tier is a rate for a range of days of the stay, which are numbered from entry, free days included.
type Tier struct {
	From int             `json:"from"`         // from 1
	To   int             `json:"to,omitempty"` // 0: open end
	Rate decimal.Decimal `json:"rate"`         // per day
}

// Fee is charged once for each operation. Of the fees for an operation the most specific counts, as with prices; an
// operation without a fee in the tariff costs nothing.
type Fee struct {
	Operation yard.Operation `json:"operation"`
	Class
	Amount money.Amount `json:"amount"`
}

// Transfer is the operation of sending a box to another terminal.
const Transfer yard.Operation = "transfer"

// Operations are those that a fee can be for.
var Operations = []yard.Operation{yard.LiftOff, yard.LiftOn, yard.Crane, yard.Weighing, Transfer}

// Discount takes something off storage, never off fees. Exactly one of Percent, PerDay and Flat is set; they include VAT.
// Percent and PerDay hold for days within its dates; Flat is used up once per stay on such days, from the first charged
// one on. PerDay and Flat work on prices in their own currency only. A day never costs less than nothing.
//
// Discounts do not stack: the first n days of a stay cost together what they cost by the one discount by which that is
// least (for each currency, if its prices are in several), and day n what that is more than for n−1 days. So a whole stay
// costs what its best discount leaves, and what a day costs does not depend on how long the stay goes on after it. Of
// equals the one that was the best the day before counts, else the one listed first. Those that stack come on top of
// each, in the order listed. Whatever the order, flat amounts come last.
//
// A record with the same Name replaces an earlier one from its RecordedAt on; where it is listed does not change.
type Discount struct {
	Name       string          `json:"name"`
	Client     int64           `json:"client,omitempty"` // company; 0: all
	Percent    decimal.Decimal `json:"percent,omitzero"` // 0 to 100
	PerDay     *money.Amount   `json:"per_day,omitempty"`
	Flat       *money.Amount   `json:"flat,omitempty"`
	From       calendar.Date   `json:"from,omitzero"` // zero: always
	To         calendar.Date   `json:"to,omitzero"`   // inclusive; zero: no end
	Sizes      []int           `json:"sizes,omitempty"`
	Stacks     bool            `json:"stacks,omitempty"`
	RecordedAt time.Time       `json:"recorded_at"`         // UTC
	Withdrawn  bool            `json:"withdrawn,omitempty"` // there is no such discount any more
}

// NamedBook is a Book with the names of the companies that it speaks of, as it travels from one database to another:
// the ids mean nothing but an entry of Clients.
type NamedBook struct {
	Book
	Clients map[int64]string
}
