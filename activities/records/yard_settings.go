package records

import (
	"context"
	"strings"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// What can be asked for in the yard's settings.
const (
	mostTransitHours = 24 * 90
	mostLongStayDays = 3650
)

// YardSettings are how a workspace's yard is run from now on.
type YardSettings struct {
	TransitHours int `json:"transit_hours"`  // then a box in transit is missed
	LongStayDays int `json:"long_stay_days"` // then a box is a long stayer
}

// SaveYardSettings changes how the yard is run.
func (r *Records) SaveYardSettings(ctx context.Context, turn chat.Turn, in YardSettings) (YardSettings, error) {
	return runYard(ctx, r, turn, func(tx *store.Tx, d deed) (YardSettings, error) {
		switch {
		case in.TransitHours < 1 || in.TransitHours > mostTransitHours:
			return in, fault.New(fault.Invalid, "yardrules.transit_hours", "Most", mostTransitHours)
		case in.LongStayDays < 1 || in.LongStayDays > mostLongStayDays:
			return in, fault.New(fault.Invalid, "yardrules.long_stay_days", "Most", mostLongStayDays)
		}
		y, err := tx.Yard(ctx, d.workspace)
		if err != nil {
			return in, err
		}
		before := YardSettings{y.TransitHours, y.LongStayDays}
		if err := tx.SaveYard(ctx, d.workspace, in.TransitHours, in.LongStayDays); err != nil {
			return in, err
		}
		return in, tx.Audit(ctx, store.Change{Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: "yard.settings", About: "yard",
			Before: before, After: in})
	})
}

// TerminalChange is what a terminal is from now on.
type TerminalChange struct {
	ID   int64  `json:"id"` // 0: it is made
	Name string `json:"name"`
	Zone string `json:"zone"` // IANA time zone: days of storage are counted in it
}

// SaveTerminal makes or changes a terminal. Once something was recorded there its zone stays.
func (r *Records) SaveTerminal(ctx context.Context, turn chat.Turn, in TerminalChange) (yard.Terminal, error) {
	return runYard(ctx, r, turn, func(tx *store.Tx, d deed) (yard.Terminal, error) {
		after := yard.Terminal{ID: in.ID, Workspace: d.workspace, Name: strings.Join(strings.Fields(in.Name), " "), Zone: in.Zone}
		if yard.NameKey(after.Name) == "" || len([]rune(after.Name)) > longestName {
			return after, fault.New(fault.Invalid, "yardrules.terminal_invalid", "Most", longestName)
		}
		if _, err := time.LoadLocation(in.Zone); err != nil || in.Zone == "" || in.Zone == "Local" {
			return after, fault.New(fault.Invalid, "yardrules.zone_unknown")
		}
		change := store.Change{Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: "terminal.make"}
		if in.ID == 0 {
			all, err := tx.Terminals(ctx, d.workspace)
			if err != nil {
				return after, err
			}
			if named(all, after.Name) {
				return after, fault.New(fault.Conflict, "yardrules.terminal_name")
			}
			if after, err = tx.EnsureTerminal(ctx, d.workspace, after.Name, after.Zone); err != nil {
				return after, err
			}
		} else {
			if err := tx.ClaimYard(ctx, d.workspace); err != nil {
				return after, err
			}
			before, err := tx.Terminal(ctx, d.workspace, in.ID)
			if err != nil {
				return after, err
			}
			if err := zoneStands(ctx, tx, before, after); err != nil {
				return after, err
			}
			if err := tx.SaveTerminal(ctx, after); err != nil {
				return after, err
			}
			change.Action, change.Before = "terminal.change", before
		}
		change.About, change.After = people.Post("terminal", after.ID), after
		return after, tx.Audit(ctx, change)
	})
}

// zoneStands refuses to change the zone of a terminal at which something was recorded: its days have been counted in it,
// and stand so in statements.
func zoneStands(ctx context.Context, tx *store.Tx, before, after yard.Terminal) error {
	if before.Zone == after.Zone {
		return nil
	}
	used, err := tx.HasMovements(ctx, before.Workspace, before.ID)
	if err != nil || !used {
		return err
	}
	return fault.New(fault.Conflict, "yardrules.zone_stands", "Zone", before.Zone)
}

// runYard runs do as an operation of the turn's person, who must be allowed to run the yard.
func runYard[Out any](ctx context.Context, r *Records, turn chat.Turn, do func(*store.Tx, deed) (Out, error)) (Out, error) {
	return inYard(ctx, r, turn, func(tx *store.Tx, d deed) (Out, error) {
		if !d.by.Role.May(people.RunYard) {
			var none Out
			return none, fault.New(fault.Forbidden, "yardrules.role")
		}
		return do(tx, d)
	})
}
