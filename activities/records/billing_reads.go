package records

import (
	"cmp"
	"context"
	"slices"
	"time"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/store"
)

// What storage costs, for whoever may see it: the callers check that.

// StatementQuery asks what stays cost in a period of days, both ends included.
type StatementQuery struct {
	Workspace int64         `json:"workspace"`
	Company   int64         `json:"company"` // client; of Statements 0 is all of them
	From      calendar.Date `json:"from"`
	To        calendar.Date `json:"to"`
	AsOf      time.Time     `json:"as_of,omitzero"` // zero: now
}

// Statement says what a client's stays cost in a period, as of a moment: from movements and tariffs that were recorded
// until then. A box that has no price makes it a fault.Invalid that names the box.
func (r *Records) Statement(ctx context.Context, q StatementQuery) (billing.Statement, error) {
	all, err := r.Statements(ctx, q)
	if err != nil || len(all) == 0 {
		return billing.Statement{Client: q.Company, From: q.From, To: q.To, AsOf: q.asOf(), Stays: []billing.Rated{}}, err
	}
	return all[0], nil
}

// Statements gives the Statement of each client that has something in the period.
func (r *Records) Statements(ctx context.Context, q StatementQuery) ([]billing.Statement, error) {
	var all []billing.Statement
	err := r.store.Tx(ctx, func(tx *store.Tx) (err error) {
		all, err = statements(ctx, tx, q)
		return err
	})
	return all, err
}

func (q StatementQuery) asOf() time.Time {
	if q.AsOf.IsZero() {
		return now()
	}
	return q.AsOf
}

func statements(ctx context.Context, tx *store.Tx, q StatementQuery) ([]billing.Statement, error) {
	if q.From == 0 || q.To < q.From {
		return nil, fault.New(fault.Invalid, "billing.wrong.period")
	}
	asOf := q.asOf()
	book, err := tx.Book(ctx, q.Workspace)
	if err != nil {
		return nil, err
	}
	stays, err := tx.StaysAsOf(ctx, store.Billed{Workspace: q.Workspace, Company: q.Company, From: q.From, To: q.To}, asOf)
	if err != nil {
		return nil, err
	}
	return book.AsOf(asOf).Statements(stays, q.From, q.To)
}

// AccruedQuery asks what a stay has cost so far.
type AccruedQuery struct {
	Workspace int64     `json:"workspace"`
	Stay      int64     `json:"stay"`
	AsOf      time.Time `json:"as_of,omitzero"` // zero: now
}

// Accrued says what a whole stay has cost until a moment, or until its end. A stay of which nothing was recorded then is
// NotFound; a box that has no price is a fault.Invalid.
func (r *Records) Accrued(ctx context.Context, q AccruedQuery) (billing.Rated, error) {
	var rated billing.Rated
	err := r.store.Tx(ctx, func(tx *store.Tx) (err error) {
		rated, err = accrued(ctx, tx, q)
		return err
	})
	return rated, err
}

func accrued(ctx context.Context, tx *store.Tx, q AccruedQuery) (billing.Rated, error) {
	asOf := q.AsOf
	if asOf.IsZero() {
		asOf = now()
	}
	book, err := tx.Book(ctx, q.Workspace)
	if err != nil {
		return billing.Rated{}, err
	}
	stays, err := tx.StaysAsOf(ctx, store.Billed{Workspace: q.Workspace, Stay: q.Stay}, asOf)
	if err != nil {
		return billing.Rated{}, err
	}
	if len(stays) == 0 {
		return billing.Rated{}, fault.New(fault.NotFound, "yardrules.unknown")
	}
	return book.AsOf(asOf).Rate(stays[0])
}

// Schedule gives all that was ever recorded of a workspace's tariffs and discounts, with the names of its companies.
func (r *Records) Schedule(ctx context.Context, workspace int64) (billing.NamedBook, error) {
	out := billing.NamedBook{Clients: map[int64]string{}}
	err := r.store.Tx(ctx, func(tx *store.Tx) (err error) {
		if out.Book, err = tx.Book(ctx, workspace); err != nil {
			return err
		}
		companies, err := tx.Companies(ctx, workspace)
		for _, c := range companies {
			out.Clients[c.ID] = c.Name
		}
		return err
	})
	return out, err
}

// Previewing is a revision that is not saved: exactly one of its fields is set.
type Previewing struct {
	Workspace int64             `json:"workspace"`
	Revision  *Revision         `json:"revision,omitempty"`
	Withdraw  *Withdrawal       `json:"withdraw,omitempty"`
	Discount  *billing.Discount `json:"discount,omitempty"` // Withdrawn takes it back
}

// Preview is what a revision would change as of now.
type Preview struct {
	Clients  []ClientChange `json:"clients"`            // by name; those of whom nothing changes are left out
	Unpriced []chat.Text    `json:"unpriced,omitempty"` // stays that would have no price
}

// ClientChange is what a revision would change for a client: over whole stays, whether they are invoiced or not.
type ClientChange struct {
	Client int64        `json:"client"`
	Name   string       `json:"name"`
	Before money.Totals `json:"before"` // of the stays that change
	After  money.Totals `json:"after"`
	Stays  []StayChange `json:"stays"` // by entry
}

// StayChange is what a revision would change for a stay. Before is empty when it has no price now.
type StayChange struct {
	Stay   billing.Stay `json:"stay"`
	Before money.Totals `json:"before"`
	After  money.Totals `json:"after"`
}

// Preview says what a revision would change, before it is saved. A revision that would be refused is refused.
func (r *Records) Preview(ctx context.Context, in Previewing) (Preview, error) {
	out := Preview{Clients: []ClientChange{}}
	err := r.store.Tx(ctx, func(tx *store.Tx) error {
		asOf := now()
		book, err := tx.Book(ctx, in.Workspace)
		if err != nil {
			return err
		}
		revised, since, client, err := in.apply(book, asOf)
		if err != nil {
			return err
		}
		stays, err := tx.StaysAsOf(ctx, store.Billed{Workspace: in.Workspace, Company: client, From: since}, asOf)
		if err != nil {
			return err
		}
		companies, err := tx.Companies(ctx, in.Workspace)
		if err != nil {
			return err
		}
		changes := map[int64]*ClientChange{}
		for _, c := range companies {
			changes[c.ID] = &ClientChange{Client: c.ID, Name: c.Name}
		}
		before, after := book.AsOf(asOf), revised.AsOf(asOf)
		slices.SortFunc(stays, func(a, b billing.Stay) int { return cmp.Or(a.Entry.Compare(b.Entry), cmp.Compare(a.ID, b.ID)) })
		for _, s := range stays {
			was, err := before.Rate(s)
			if err != nil && fault.As(err) == nil {
				return err
			}
			is, err := after.Rate(s)
			if f := fault.As(err); f != nil {
				out.Unpriced = append(out.Unpriced, f.Text)
				continue
			}
			if err != nil {
				return err
			}
			if !slices.EqualFunc(was.Totals, is.Totals, money.Taxed.Equal) {
				changes[s.Client].add(StayChange{Stay: s, Before: was.Totals, After: is.Totals})
			}
		}
		for _, c := range companies {
			if len(changes[c.ID].Stays) > 0 {
				out.Clients = append(out.Clients, *changes[c.ID])
			}
		}
		return nil
	})
	return out, err
}

func (c *ClientChange) add(s StayChange) {
	c.Stays = append(c.Stays, s)
	for _, t := range s.Before {
		c.Before = c.Before.Add(t)
	}
	for _, t := range s.After {
		c.After = c.After.Add(t)
	}
}

// apply gives the book with the revision, the day from which it can change something (0: any), and whose stays (0: all).
func (p Previewing) apply(book billing.Book, at time.Time) (revised billing.Book, since calendar.Date, client int64, err error) {
	var v billing.Version
	switch {
	case p.Revision != nil:
		v, client = p.Revision.Version, p.Revision.Company
		err = billing.Refuse(v.Problems())
	case p.Withdraw != nil:
		v, client = billing.Version{ValidFrom: p.Withdraw.ValidFrom, Withdrawn: true}, p.Withdraw.Company
	default:
		d := *p.Discount
		d.RecordedAt = at
		book.Discounts = append(slices.Clone(book.Discounts), d)
		return book, 0, 0, billing.Refuse(d.Problems())
	}
	v.RecordedAt = at
	return book.With(client, v), v.ValidFrom, client, err
}
