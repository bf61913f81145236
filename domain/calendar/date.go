// Package calendar holds days, apart from any clock: which day a moment belongs to is a matter of a time zone.
package calendar

import (
	"fmt"
	"time"
)

// Date is a day of the Gregorian calendar, counted from 1 January of the year 1, which is 1. The zero Date is none.
// Dates are compared, and days added to them, as numbers.
type Date int32

const (
	layout = "2006-01-02"
	day    = 24 * 60 * 60 // seconds
)

// year1 is how many seconds 31 December of the year 0 lies before the Unix epoch.
var year1 = time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC).Unix()

// Of gives the day of a year and month; a day beyond the month runs on into the next.
func Of(year int, month time.Month, dayOfMonth int) Date {
	return Date((time.Date(year, month, dayOfMonth, 0, 0, 0, 0, time.UTC).Unix() - year1) / day)
}

// In gives the day that a moment belongs to in a zone.
func In(t time.Time, zone *time.Location) Date {
	return Of(t.In(zone).Date())
}

// Parse reads "2026-11-21".
func Parse(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil {
		return 0, fmt.Errorf("%q is no day like 2026-11-21", s)
	}
	return Of(t.Date()), nil
}

// Start gives the moment at which the day begins in a zone.
func (d Date) Start(zone *time.Location) time.Time {
	year, month, dayOfMonth := d.utc().Date()
	return time.Date(year, month, dayOfMonth, 0, 0, 0, 0, zone)
}

// Month gives the first and the last day of the month that the day is in.
func (d Date) Month() (first, last Date) {
	year, month, _ := d.utc().Date()
	return Of(year, month, 1), Of(year, month+1, 1) - 1
}

func (d Date) utc() time.Time { return time.Unix(year1+int64(d)*day, 0).UTC() }

// String gives "2026-11-21", or "" for none.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(layout)
}

// Format is time.Time's, for days.
func (d Date) Format(layout string) string { return d.utc().Format(layout) }

// MarshalText writes the day as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	*d = 0
	if len(text) == 0 {
		return nil
	}
	var err error
	*d, err = Parse(string(text))
	return err
}
