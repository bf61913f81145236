package records

import (
	"context"
	"fmt"
	"time"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// What the workflows that watch over the yard read and do. Each of them may be repeated.

// Unwatching asks for stays whose workflow has something to look at.
type Unwatching struct {
	Workspace int64 `json:"workspace"`
	Limit     int   `json:"limit"`
}

// Unwatched gives stays that have changed since their workflow looked at them last (StayNow), whoever changed them.
func (r *Records) Unwatched(ctx context.Context, in Unwatching) (stays []int64, err error) {
	err = r.store.Tx(ctx, func(tx *store.Tx) error {
		stays, err = tx.Unwatched(ctx, in.Workspace, in.Limit)
		return err
	})
	return stays, err
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
	var out StayNow
	err := r.store.Tx(ctx, func(tx *store.Tx) error {
		s, told, err := tx.WatchStay(ctx, id)
		if err != nil {
			return err
		}
		out = StayNow{Workspace: s.Workspace, State: s.State, Since: s.Since, Version: s.Version}
		y, err := tx.Yard(ctx, s.Workspace)
		if err != nil {
			return err
		}
		if s.State == yard.InTransit {
			out.MissedAgain = time.Duration(y.TransitHours) * time.Hour
			out.Missed = s.Since.Add(out.MissedAgain)
		}
		if (s.State == yard.In || s.State == yard.InTransit) && !told {
			out.LongStay, err = longStay(ctx, tx, s, y.LongStayDays)
		}
		return err
	})
	return out, err
}

// longStay is when a box has stood for longer than a number of days, both ends counted.
func longStay(ctx context.Context, tx *store.Tx, s yard.Stay, days int) (time.Time, error) {
	terminal, err := tx.Terminal(ctx, s.Workspace, s.Origin)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := time.LoadLocation(terminal.Zone)
	if err != nil {
		return time.Time{}, err
	}
	return (calendar.In(s.Entered, zone) + calendar.Date(days)).Start(zone).UTC(), nil
}

// Missing is a reminder of a box that has not come in where it is bound.
type Missing struct {
	Stay  int64     `json:"stay"`
	Since time.Time `json:"since"` // of the transit, UTC
	N     int       `json:"n"`     // the first is 1
}

// RemindTransit tells the dispatchers of the terminal that a box is bound to, and the managers and owners, that it has
// not come in. It does nothing when it has by now; the same reminder is sent once however often it is asked for.
func (r *Records) RemindTransit(ctx context.Context, in Missing) error {
	return r.store.Tx(ctx, func(tx *store.Tx) error {
		s, err := tx.FindStay(ctx, in.Stay)
		if err != nil || s.State != yard.InTransit || !s.Since.Equal(in.Since) {
			return err
		}
		b, err := tx.Box(ctx, s.Workspace, s.ID, now())
		if err != nil {
			return err
		}
		return r.toYard(ctx, tx, b, b.Bound, fmt.Sprintf("%s:missed:%d:%d", yard.About(b.ID), b.Since.UnixMilli(), in.N), chat.Message{
			Text:    chat.T("yardrules.missed", "Number", b.Number.Grouped(), "From", b.TerminalName, "To", b.BoundName, "Since", b.Since),
			Buttons: [][]chat.Button{{{Label: chat.T("yardrules.button.receive"), Action: string(yard.ActReceive), Arg: stayList([]yard.Box{b})}}},
		})
	})
}

// TellLongStay tells the managers and owners, and the dispatchers of the terminal, that a box has stood for longer than
// the yard's long stay: once in its stay. It does nothing when the box has left, or is no long stayer yet.
func (r *Records) TellLongStay(ctx context.Context, stay int64) error {
	return r.store.Tx(ctx, func(tx *store.Tx) error {
		s, err := tx.FindStay(ctx, stay)
		if err != nil || s.State != yard.In && s.State != yard.InTransit {
			return err
		}
		y, err := tx.Yard(ctx, s.Workspace)
		if err != nil {
			return err
		}
		due, err := longStay(ctx, tx, s, y.LongStayDays)
		if err != nil || now().Before(due) {
			return err
		}
		first, err := tx.TellLongStay(ctx, s.Workspace, s.ID)
		if err != nil || !first {
			return err
		}
		b, err := tx.Box(ctx, s.Workspace, s.ID, now())
		if err != nil {
			return err
		}
		return r.toYard(ctx, tx, b, b.Terminal, yard.About(b.ID)+":long", chat.Message{
			Text: chat.T("yardrules.long", "Number", b.Number.Grouped(), "Client", b.ClientName, "Terminal", b.TerminalName,
				"Entered", b.Entered, "Days", b.Days),
		})
	})
}

// toYard sends something about a box to the dispatchers of a terminal, and to managers and owners.
func (r *Records) toYard(ctx context.Context, tx *store.Tx, b yard.Box, terminal int64, prefix string, m chat.Message) error {
	bot, err := tx.FirstBot(ctx, b.Workspace)
	if err != nil || bot == 0 {
		return err
	}
	there, err := tx.PeopleAt(ctx, b.Workspace, people.Post("terminal", terminal))
	if err != nil {
		return err
	}
	over, err := tx.PeopleWith(ctx, b.Workspace, people.Owner, people.Manager)
	if err != nil {
		return err
	}
	return r.toPeople(ctx, tx, bot, append(there, over...), 0, prefix, yard.About(b.ID), m)
}
