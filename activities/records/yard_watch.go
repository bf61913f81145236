package records

import (
	"context"
	"errors"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/yard"
)

// What the workflows that watch over the yard read and do. Each of them may be repeated.

// errSoon is what a part of the watch answers that is not there yet.
var errSoon = errors.New("not there yet")

// Unwatching asks for stays whose workflow has something to look at.
type Unwatching struct {
	Workspace int64 `json:"workspace"`
	Limit     int   `json:"limit"`
}

// Unwatched gives stays that have changed since their workflow looked at them last (ReadStay), whoever changed them.
func (r *Records) Unwatched(ctx context.Context, in Unwatching) ([]int64, error) {
	return nil, errSoon
}

// StayNow is what a stay's workflow needs to know of it.
type StayNow struct {
	Workspace int64      `json:"workspace"`
	State     yard.State `json:"state"`
	Since     time.Time  `json:"since"` // of the state, UTC
	Version   int        `json:"version"`

	// Missed is when a box in transit is missed: the first reminder is due then, UTC, and the next ones after every
	// MissedAgain; zero when it is not in transit.
	Missed      time.Time     `json:"missed,omitzero"`
	MissedAgain time.Duration `json:"missed_again,omitzero"`

	// LongStay is when the box becomes a long stayer, UTC; zero when it has left, or when that has been told.
	LongStay time.Time `json:"long_stay,omitzero"`
}

// StayNow gives what a stay's workflow needs to know, and notes that this version of it was seen. A stay that is not
// there is NotFound.
func (r *Records) StayNow(ctx context.Context, id int64) (StayNow, error) {
	return StayNow{}, errSoon
}

// Missing is a reminder of a box that has not come in where it is bound.
type Missing struct {
	Stay  int64     `json:"stay"`
	Since time.Time `json:"since"` // of the transit, UTC
	N     int       `json:"n"`     // the first is 1
}

// RemindTransit tells the dispatchers of the terminal that a box is bound to, and the managers and owners, that it has
// not come in. It does nothing when it has by now; the same reminder is sent once however often it is asked for.
func (r *Records) RemindTransit(ctx context.Context, in Missing) error { return errSoon }

// TellLongStay tells the managers and owners, and the dispatchers of the terminal, that a box has stood for longer than
// the yard's long stay: once in its stay. It does nothing when the box has left, or is no long stayer yet.
func (r *Records) TellLongStay(ctx context.Context, stay int64) error { return errSoon }

// DueReport is the next daily report of a company.
type DueReport struct {
	Workspace int64         `json:"workspace"`
	Company   int64         `json:"company"`
	Day       calendar.Date `json:"day"` // in the workspace's zone
	At        time.Time     `json:"at"`  // when it goes out, UTC
}

// NextReports gives the next daily report of each company of a workspace that gets one, the next to go out first. One
// whose moment has passed and that has not gone out is among them.
func (r *Records) NextReports(ctx context.Context, workspace int64) ([]DueReport, error) {
	return nil, errSoon
}

// ReportToLine sends a company's report of a day to the people whose post the company is: what stands and what moved
// that day, as a message and as xlsx. It goes out once a day.
func (r *Records) ReportToLine(ctx context.Context, in DueReport) error { return errSoon }
