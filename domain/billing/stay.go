package billing

import (
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/yard"
)

// Stay is what billing has to know of a box's stay, as its movements tell as of some moment.
type Stay struct {
	ID         int64              `json:"id"`
	Number     container.Number   `json:"number"`
	SizeType   container.SizeType `json:"size_type,omitempty"`
	Load       container.Load     `json:"load,omitempty"`
	Client     int64              `json:"client"` // company
	Entry      time.Time          `json:"entry"`
	Exit       time.Time          `json:"exit,omitzero"` // zero: still there
	Zone       *time.Location     `json:"-"`             // of the terminal it came in at
	Operations []yard.Handled     `json:"operations,omitempty"`
}

// Class is the stay's box as prices see it. What is not known of it fits prices for any only.
func (s Stay) Class() Class {
	return Class{Size: s.SizeType.Length(), Load: s.Load, Group: s.SizeType.Group()}
}

// Days counts the days of a stay until it ended, or until a moment while it goes on. Day 1 is that of entry, and the
// following ones are the dates after it, by both ways of counting. A stay that has begun has one day at least.
//
// The grace may let the last day off: of calendar days when the exit was so many hours after midnight at the most, of
// 24-hour periods when it was so many hours after the end of one. It is for exits only, and by calendar days not for
// those at midnight sharp: that is how sheets tell a day without its time.
func (t Terms) Days(s Stay, until time.Time) int {
	grace := time.Duration(t.GraceHours) * time.Hour
	if s.Exit.IsZero() {
		grace = 0
	} else {
		until = s.Exit
	}
	if until.Before(s.Entry) {
		return 0
	}
	n := 0
	if t.Counting == Periods24h {
		const period = 24 * time.Hour
		n = int((until.Sub(s.Entry) - grace + period - 1) / period)
	} else {
		last := calendar.In(until, s.Zone)
		n = int(last-calendar.In(s.Entry, s.Zone)) + 1
		if late := until.Sub(last.Start(s.Zone)); late > 0 && late <= grace {
			n--
		}
	}
	return max(n, 1)
}
