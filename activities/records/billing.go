package records

import (
	"context"
	"fmt"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
	"quaydesk/domain/people"
	"quaydesk/store"
)

// What people record of prices. Nothing is ever changed: each operation adds a record, which counts from the moment it
// is made.

// bill runs do as an operation of the turn's person, who must be allowed to bill.
func bill[Out any](ctx context.Context, r *Records, turn chat.Turn, do func(*store.Tx, deed) (Out, error)) (Out, error) {
	return inYard(ctx, r, turn, func(tx *store.Tx, d deed) (Out, error) {
		if !d.by.Role.May(people.Bill) {
			var none Out
			return none, fault.New(fault.Forbidden, "billing.not_yours")
		}
		return do(tx, d)
	})
}

func (d deed) recorder() store.Recorder {
	return store.Recorder{Workspace: d.workspace, Person: d.by.ID, Op: d.op}
}

// The names of what is billed in the audit log.
const (
	aboutTariff   = "tariff:"   // and the company's id, 0 for the public one
	aboutDiscount = "discount:" // and its name
	aboutRate     = "rate:"     // and the currency
	aboutInvoice  = "invoice:"  // and its number
)

// Revision is a version of a tariff that is to be recorded.
type Revision struct {
	Company int64           `json:"company"` // 0: the public tariff
	Version billing.Version `json:"version"` // RecordedAt is the operation's
}

// SaveTariffVersion records a version of a tariff and gives it as it was recorded. Preview says what it would change.
func (r *Records) SaveTariffVersion(ctx context.Context, turn chat.Turn, in Revision) (billing.Version, error) {
	return bill(ctx, r, turn, func(tx *store.Tx, d deed) (billing.Version, error) {
		v := in.Version
		v.RecordedAt = d.at
		if err := billing.Refuse(v.Problems()); err != nil {
			return v, err
		}
		return v, r.addVersion(ctx, tx, d, in.Company, v)
	})
}

// Withdrawal names a version of a tariff that is to be taken back.
type Withdrawal struct {
	Company   int64         `json:"company"`
	ValidFrom calendar.Date `json:"valid_from"`
}

// WithdrawTariffVersion takes back what was recorded for a day: as of now, no version begins there any more.
func (r *Records) WithdrawTariffVersion(ctx context.Context, turn chat.Turn, in Withdrawal) (billing.Version, error) {
	return bill(ctx, r, turn, func(tx *store.Tx, d deed) (billing.Version, error) {
		v := billing.Version{ValidFrom: in.ValidFrom, RecordedAt: d.at, Withdrawn: true}
		book, err := tx.Book(ctx, d.workspace)
		if err != nil {
			return v, err
		}
		if there, found := book.Version(in.Company, in.ValidFrom, d.at); !found || there.Withdrawn {
			return v, fault.New(fault.NotFound, "billing.version_unknown")
		}
		return v, r.addVersion(ctx, tx, d, in.Company, v)
	})
}

func (r *Records) addVersion(ctx context.Context, tx *store.Tx, d deed, company int64, v billing.Version) error {
	if company != 0 {
		if _, err := tx.Company(ctx, d.workspace, company); err != nil {
			return err
		}
	}
	if err := tx.AddVersion(ctx, d.recorder(), company, v); err != nil {
		return err
	}
	return r.auditBilling(ctx, tx, d, "tariff.record", fmt.Sprint(aboutTariff, company), v)
}

// SaveDiscount records a discount: a new one, or what one is from now on. RecordedAt is the operation's.
func (r *Records) SaveDiscount(ctx context.Context, turn chat.Turn, in billing.Discount) (billing.Discount, error) {
	return bill(ctx, r, turn, func(tx *store.Tx, d deed) (billing.Discount, error) {
		in.RecordedAt = d.at
		if err := billing.Refuse(in.Problems()); err != nil {
			return in, err
		}
		return in, r.addDiscount(ctx, tx, d, in)
	})
}

// WithdrawDiscount ends the discount of a name: as of now there is none.
func (r *Records) WithdrawDiscount(ctx context.Context, turn chat.Turn, name string) (billing.Discount, error) {
	return bill(ctx, r, turn, func(tx *store.Tx, d deed) (billing.Discount, error) {
		book, err := tx.Book(ctx, d.workspace)
		if err != nil {
			return billing.Discount{}, err
		}
		out, found := book.Discount(name, d.at)
		if !found || out.Withdrawn {
			return out, fault.New(fault.NotFound, "billing.discount_unknown")
		}
		out = billing.Discount{Name: name, RecordedAt: d.at, Withdrawn: true}
		return out, r.addDiscount(ctx, tx, d, out)
	})
}

func (r *Records) addDiscount(ctx context.Context, tx *store.Tx, d deed, in billing.Discount) error {
	if in.Client != 0 {
		if _, err := tx.Company(ctx, d.workspace, in.Client); err != nil {
			return err
		}
	}
	if err := tx.AddDiscount(ctx, d.recorder(), in); err != nil {
		return err
	}
	return r.auditBilling(ctx, tx, d, "discount.record", aboutDiscount+in.Name, in)
}

// SetRate records the central bank's rate of a currency from a day on.
func (r *Records) SetRate(ctx context.Context, turn chat.Turn, in money.Rate) (store.Rate, error) {
	return bill(ctx, r, turn, func(tx *store.Tx, d deed) (store.Rate, error) {
		out := store.Rate{Rate: in, RecordedAt: d.at}
		switch {
		case !in.Currency.Known() || in.Currency == money.UZS:
			return out, fault.New(fault.Invalid, "money.currency", "Code", string(in.Currency))
		case !in.UZS.IsPositive():
			return out, fault.New(fault.Invalid, "billing.rate_not_positive")
		case in.Date == 0:
			return out, fault.New(fault.Invalid, "billing.wrong.no_day")
		}
		if err := tx.AddRate(ctx, d.recorder(), out); err != nil {
			return out, err
		}
		return out, r.auditBilling(ctx, tx, d, "rate.record", aboutRate+string(in.Currency), out)
	})
}

func (r *Records) auditBilling(ctx context.Context, tx *store.Tx, d deed, action, about string, after any) error {
	return tx.Audit(ctx, store.Change{
		Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: action, About: about, After: after,
	})
}
