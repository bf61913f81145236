package records

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"quaydesk/domain/container"
	"quaydesk/domain/intake"
	"quaydesk/domain/yard"
	"quaydesk/formats/sheet"
	"quaydesk/store"
)

// Intake asks what is to be recorded of tables that somebody keeps.
type Intake struct {
	Workspace  int64
	Tables     []intake.Table
	Terminal   string // where boxes are whose rows and sheets name none
	NewClients bool   // make clients that are not there
}

// PlanIntake plans what is to be recorded of tables, and changes nothing. The error is a fault when the terminal that is
// asked for is not there, or when there are several and no row can tell which one it is of.
func PlanIntake(ctx context.Context, s Store, in Intake) (plan intake.Plan, err error) {
	known := intake.Known{Now: now(), Terminal: in.Terminal, NewClients: in.NewClients, Stays: map[container.Number][]yard.Stay{}}
	err = s.Tx(ctx, func(tx *store.Tx) error {
		if known.Zone, err = tx.Zone(ctx, in.Workspace); err != nil {
			return err
		}
		if known.Terminals, err = tx.Terminals(ctx, in.Workspace); err != nil {
			return err
		}
		if known.Companies, err = tx.Companies(ctx, in.Workspace); err != nil {
			return err
		}
		stays, err := tx.StaysOf(ctx, in.Workspace, intake.Numbers(in.Tables))
		if err != nil {
			return err
		}
		var ids []int64
		for _, stay := range stays {
			known.Stays[stay.Number] = append(known.Stays[stay.Number], stay)
			ids = append(ids, stay.ID)
		}
		known.Corrected, err = tx.Corrected(ctx, in.Workspace, ids...)
		return err
	})
	if err != nil {
		return plan, err
	}
	return intake.Make(in.Tables, known), known.AnyTerminal(in.Tables)
}

// atOnce is how many stays are recorded in one transaction.
const atOnce = 500

// CarryOut records what is planned, some hundreds of stays at a time; progress hears of how many are done. person is who
// imports, 0 from the command line. What is refused in the end joins the plan's doubts. After an error, what was recorded
// stays, and another plan of the same tables goes on from there.
func CarryOut(ctx context.Context, r *Records, workspace, person int64, plan *intake.Plan, progress func(done int)) error {
	op := "import:" + rand.Text()
	steps := plan.Steps
	plan.Steps = nil
	for n, part := range slices.Collect(slices.Chunk(steps, atOnce)) {
		in := StayImport{Workspace: workspace, Person: person, Op: fmt.Sprintf("%s:%d", op, n)}
		for _, step := range part {
			in.Stays = append(in.Stays, step.Past)
		}
		told, err := r.ImportStays(ctx, in)
		if err != nil {
			return err
		}
		for i, step := range part {
			switch {
			case told[i].Fault != nil:
				plan.Refuse(step, told[i].Fault)
			case told[i].Made || told[i].Changed:
				plan.Steps = append(plan.Steps, step)
			default:
				plan.Unchanged++
			}
		}
		progress(min((n+1)*atOnce, len(steps)))
	}
	return nil
}

// ExportStays gives all stays of a workspace in the columns that terminals keep, by entry, with titles in a language and
// moments in the terminals' zones: to import it again changes nothing.
func ExportStays(ctx context.Context, r *Records, workspace int64, lang string) (sheet.Table, error) {
	var stays []int64
	err := r.store.Tx(ctx, func(tx *store.Tx) (err error) {
		stays, err = tx.AllStays(ctx, workspace)
		return err
	})
	if err != nil {
		return sheet.Table{}, err
	}
	return ExportSome(ctx, r, workspace, lang, stays)
}

// ExportSome is ExportStays of some stays.
func ExportSome(ctx context.Context, r *Records, workspace int64, lang string, stays []int64) (sheet.Table, error) {
	var table sheet.Table
	err := r.store.Tx(ctx, func(tx *store.Tx) error {
		terminals, err := tx.Terminals(ctx, workspace)
		if err != nil {
			return err
		}
		table = r.stayTable(lang, time.UTC, nil, nil)
		var rows [][]sheet.Cell
		for part := range slices.Chunk(stays, 4*atOnce) {
			boxes, err := tx.Boxes(ctx, workspace, part, now())
			if err != nil {
				return err
			}
			for _, t := range terminals {
				zone, err := time.LoadLocation(t.Zone)
				if err != nil {
					return err
				}
				here := slices.DeleteFunc(slices.Clone(boxes), func(b yard.Box) bool { return b.Origin != t.ID })
				some, err := r.staySheet(ctx, tx, workspace, lang, zone, here)
				if err != nil {
					return err
				}
				for row := range some.Rows {
					row[0] = len(rows) + 1
					rows = append(rows, onTheClock(row, zone))
				}
			}
		}
		table.Rows = slices.Values(rows)
		return nil
	})
	return table, err
}

// EachStay gives all stays of a workspace, by entry, until do returns an error.
func EachStay(ctx context.Context, r *Records, workspace int64, do func(yard.Box) error) error {
	return r.store.Tx(ctx, func(tx *store.Tx) error {
		ids, err := tx.AllStays(ctx, workspace)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(ids, 4*atOnce) {
			boxes, err := tx.Boxes(ctx, workspace, part, now())
			if err != nil {
				return err
			}
			slices.SortStableFunc(boxes, func(a, b yard.Box) int { return a.Entered.Compare(b.Entered) })
			for _, b := range boxes {
				if err := do(b); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// onTheClock makes a row's moments ones of UTC at which its clocks show what those in a zone showed.
func onTheClock(row []sheet.Cell, zone *time.Location) []sheet.Cell {
	for i, c := range row {
		if at, ok := c.(time.Time); ok && !at.IsZero() {
			at = at.In(zone)
			_, offset := at.Zone()
			row[i] = at.Add(time.Duration(offset) * time.Second)
		}
	}
	return row
}
