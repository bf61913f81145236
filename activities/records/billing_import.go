package records

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"quaydesk/domain/billing"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// Imported is what came of importing a schedule.
type Imported struct {
	Added     int      `json:"added"`     // records of versions and discounts
	Unchanged int      `json:"unchanged"` // those that were there already
	Companies []string `json:"companies"` // those that were made
}

// ImportSchedule records the tariffs and discounts of a schedule that are not there yet, and makes the companies it names.
// A record without RecordedAt is recorded now, unless the same counts already; one with it keeps it, so that another
// database gives the same figures as of any moment.
func (r *Records) ImportSchedule(ctx context.Context, turn chat.Turn, in billing.NamedBook) (Imported, error) {
	return bill(ctx, r, turn, func(tx *store.Tx, d deed) (Imported, error) { return r.importSchedule(ctx, tx, d, in) })
}

// Loading is a schedule to be imported into a workspace by the product itself.
type Loading struct {
	Op        string // the operation's key
	Workspace int64
	Schedule  billing.NamedBook
}

// LoadSchedule is ImportSchedule for the command line.
func (r *Records) LoadSchedule(ctx context.Context, in Loading) (Imported, error) {
	return once(ctx, r, chat.Turn{Op: in.Op}, func(tx *store.Tx) (Imported, error) {
		return r.importSchedule(ctx, tx, deed{op: in.Op, workspace: in.Workspace, at: now(), source: "import"}, in.Schedule)
	})
}

func (r *Records) importSchedule(ctx context.Context, tx *store.Tx, d deed, in billing.NamedBook) (Imported, error) {
	out := Imported{Companies: []string{}}
	if err := billing.Refuse(in.Problems()); err != nil {
		return out, err
	}
	ids, err := r.companiesOf(ctx, tx, d, in.Clients, &out)
	if err != nil {
		return out, err
	}
	have, err := tx.Book(ctx, d.workspace)
	if err != nil {
		return out, err
	}
	for _, t := range in.Tariffs {
		company := ids[t.Client]
		for _, v := range t.Versions {
			what := strings.TrimSpace(in.Clients[t.Client] + " " + v.ValidFrom.String())
			record := incoming{what: what, at: v.RecordedAt, now: d.at, withdrawn: v.Withdrawn}
			there, found := have.Version(company, v.ValidFrom, record.moment())
			record.found, record.there = found, there.RecordedAt
			v.RecordedAt, there.RecordedAt = record.moment(), record.moment()
			record.same = same(v, there)
			if add, err := record.fresh(&out); err != nil || !add {
				if err != nil {
					return out, err
				}
				continue
			}
			if err := r.addVersion(ctx, tx, d, company, v); err != nil {
				return out, err
			}
		}
	}
	for _, discount := range in.Discounts {
		discount.Client = ids[discount.Client]
		record := incoming{what: discount.Name, at: discount.RecordedAt, now: d.at, withdrawn: discount.Withdrawn}
		there, found := have.Discount(discount.Name, record.moment())
		record.found, record.there = found, there.RecordedAt
		discount.RecordedAt, there.RecordedAt = record.moment(), record.moment()
		record.same = same(discount, there)
		if add, err := record.fresh(&out); err != nil || !add {
			if err != nil {
				return out, err
			}
			continue
		}
		if err := r.addDiscount(ctx, tx, d, discount); err != nil {
			return out, err
		}
	}
	return out, nil
}

// companiesOf gives the companies that names stand for, which are made when there are none.
func (r *Records) companiesOf(ctx context.Context, tx *store.Tx, d deed, names map[int64]string, out *Imported) (map[int64]int64, error) {
	ids := map[int64]int64{}
	before, err := tx.Companies(ctx, d.workspace)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(names)) {
		company, err := tx.EnsureCompany(ctx, d.workspace, names[id])
		if err != nil {
			return nil, err
		}
		ids[id] = company.ID
		if slices.ContainsFunc(before, func(c yard.Company) bool { return c.ID == company.ID }) {
			continue
		}
		before = append(before, company)
		out.Companies = append(out.Companies, company.Name)
		if err := r.auditBilling(ctx, tx, d, "company.add", fmt.Sprint("company:", company.ID), company); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// incoming is a record of a schedule that is imported, beside the one that counts in its place as of its moment.
type incoming struct {
	what      string    // it is, for people
	at, now   time.Time // at is zero when the schedule does not say it
	withdrawn bool
	found     bool
	there     time.Time // RecordedAt of the one that counts
	same      bool      // both say the same
}

// moment is when the record is recorded, as precise as it is kept.
func (r incoming) moment() time.Time {
	if r.at.IsZero() {
		return r.now
	}
	return r.at.UTC().Truncate(time.Microsecond)
}

// fresh tells whether the record is to be added, and counts it.
func (r incoming) fresh(out *Imported) (bool, error) {
	switch {
	case r.moment().After(r.now):
		return false, fault.New(fault.Invalid, "billing.recorded_later", "What", r.what, "At", r.at)
	case !r.at.IsZero() && r.found && r.there.Equal(r.moment()):
		if !r.same {
			return false, fault.New(fault.Conflict, "billing.recorded_otherwise", "What", r.what, "At", r.at)
		}
		out.Unchanged++
		return false, nil
	case r.at.IsZero() && (r.found && r.same || !r.found && r.withdrawn):
		out.Unchanged++
		return false, nil
	}
	out.Added++
	return true, nil
}

// same tells whether two records say the same: of those withdrawn it does not matter what.
func same[T billing.Version | billing.Discount](a, b T) bool {
	first, err := json.Marshal(a)
	second, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(first, second)
}
