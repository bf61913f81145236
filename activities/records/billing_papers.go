package records

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// longestDetails is how many characters papers say of one side at most.
const longestDetails = 1000

// SavePaperDetails records what papers say of the seller or of a client from now on. Papers that were issued before keep
// what they said.
func (r *Records) SavePaperDetails(ctx context.Context, turn chat.Turn, in store.PaperDetails) (store.PaperDetails, error) {
	return bill(ctx, r, turn, func(tx *store.Tx, d deed) (store.PaperDetails, error) {
		in.Name, in.Details = strings.TrimSpace(in.Name), strings.TrimSpace(in.Details)
		if in.Name == "" {
			return in, fault.New(fault.Invalid, "billing.wrong.no_name")
		}
		if utf8.RuneCountInString(in.Name+in.Details) > longestDetails {
			return in, fault.New(fault.Invalid, "yardrules.too_long", "Most", longestDetails)
		}
		about := "paper:seller"
		if in.Company != 0 {
			if _, err := tx.Company(ctx, d.workspace, in.Company); err != nil {
				return in, err
			}
			about = people.Post("company", in.Company)
		}
		if err := tx.AddPaperDetails(ctx, d.recorder(), in, d.at); err != nil {
			return in, err
		}
		return in, r.auditBilling(ctx, tx, d, "paper.record", about, in)
	})
}

// CloseDays closes all days up to one for accounting: what is recorded of them later waits for a manager's word. An
// earlier day than before opens the days between again, which needs the permission to let changes into them.
func (r *Records) CloseDays(ctx context.Context, turn chat.Turn, through calendar.Date) (store.Yard, error) {
	return bill(ctx, r, turn, func(tx *store.Tx, d deed) (store.Yard, error) {
		if through == 0 {
			return store.Yard{}, fault.New(fault.Invalid, "billing.close_empty")
		}
		if err := tx.ClaimYard(ctx, d.workspace); err != nil { // first: of two at once, the second sees what the first closed
			return store.Yard{}, err
		}
		y, err := tx.Yard(ctx, d.workspace)
		if err != nil {
			return y, err
		}
		if through < y.ClosedThrough && !d.by.Role.May(people.ApproveChanges) {
			return y, fault.New(fault.Forbidden, "billing.close_lower", "Day", chat.Day(y.ClosedThrough.String()))
		}
		zone, err := tx.Zone(ctx, d.workspace)
		if err != nil {
			return y, err
		}
		if through > calendar.In(d.at, zone) {
			return y, fault.New(fault.Invalid, "billing.close_future")
		}
		y.ClosedThrough = through
		if err := tx.CloseDays(ctx, d.workspace, through); err != nil {
			return y, err
		}
		return y, r.auditBilling(ctx, tx, d, "yard.close", "yard", y)
	})
}

// CompanyChange is what a company is from now on.
type CompanyChange struct {
	ID            int64          `json:"id"` // 0: it is made
	Name          string         `json:"name"`
	RequiresOrder bool           `json:"requires_order"`      // its boxes are released against an order only
	ReportAt      *time.Duration `json:"report_at,omitempty"` // of its daily report, since midnight of the workspace's day; nil: none
}

// SaveCompany makes or changes a company.
func (r *Records) SaveCompany(ctx context.Context, turn chat.Turn, in CompanyChange) (yard.Company, error) {
	return inYard(ctx, r, turn, func(tx *store.Tx, d deed) (yard.Company, error) {
		var c yard.Company
		if !d.by.Role.May(people.RunYard) {
			return c, fault.New(fault.Forbidden, "billing.not_yours")
		}
		name := strings.Join(strings.Fields(in.Name), " ")
		if err := checkName(name); err != nil {
			return c, err
		}
		action := "company.change"
		var err error
		if in.ID == 0 {
			action = "company.make"
			there, err := tx.CompanyNamed(ctx, d.workspace, name)
			if err != nil {
				return c, err
			}
			if there != nil {
				return c, fault.New(fault.Conflict, "yardrules.company_name")
			}
			c, err = tx.EnsureCompany(ctx, d.workspace, name)
			if err != nil {
				return c, err
			}
		} else if c, err = tx.Company(ctx, d.workspace, in.ID); err != nil {
			return c, err
		}
		c.Name, c.RequiresOrder = name, in.RequiresOrder
		if err := tx.SaveCompany(ctx, c, in.ReportAt); err != nil {
			return c, err
		}
		return c, r.auditBilling(ctx, tx, d, action, people.Post("company", c.ID), in)
	})
}
