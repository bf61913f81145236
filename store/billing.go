package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/shopspring/decimal"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/money"
)

// Recorder is who records something, and with which operation.
type Recorder struct {
	Workspace int64
	Person    int64 // 0: the product itself
	Op        string
}

// Book gives everything that was ever recorded of a workspace's tariffs and discounts.
func (t *Tx) Book(ctx context.Context, workspace int64) (billing.Book, error) {
	var b billing.Book
	rows, err := t.tx.Query(ctx, `SELECT coalesce(company_id, 0), valid_from, recorded_at, withdrawn, content
		FROM tariff_versions WHERE workspace_id = $1 ORDER BY company_id NULLS FIRST, valid_from, recorded_at`, workspace)
	if err != nil {
		return b, fmt.Errorf("tariffs: %w", err)
	}
	var company int64
	var validFrom time.Time
	var v billing.Version
	var content []byte
	_, err = pgx.ForEachRow(rows, []any{&company, &validFrom, &v.RecordedAt, &v.Withdrawn, &content}, func() error {
		v.Terms = billing.Terms{}
		if err := json.Unmarshal(content, &v.Terms); err != nil {
			return err
		}
		v.ValidFrom, v.RecordedAt = calendar.In(validFrom, time.UTC), v.RecordedAt.UTC()
		if n := len(b.Tariffs); n == 0 || b.Tariffs[n-1].Client != company {
			b.Tariffs = append(b.Tariffs, billing.Tariff{Client: company})
		}
		last := &b.Tariffs[len(b.Tariffs)-1]
		last.Versions = append(last.Versions, v)
		return nil
	})
	if err != nil {
		return b, fmt.Errorf("tariffs: %w", err)
	}
	b.Discounts, err = t.discounts(ctx, workspace)
	return b, err
}

func (t *Tx) discounts(ctx context.Context, workspace int64) ([]billing.Discount, error) {
	rows, err := t.tx.Query(ctx, `SELECT content, recorded_at FROM discounts WHERE workspace_id = $1
		ORDER BY min(id) OVER (PARTITION BY name), recorded_at`, workspace)
	if err != nil {
		return nil, fmt.Errorf("discounts: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d billing.Discount, err error) {
		var content []byte
		var recorded time.Time
		if err := row.Scan(&content, &recorded); err != nil {
			return d, err
		}
		err = json.Unmarshal(content, &d)
		d.RecordedAt = recorded.UTC()
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("discounts: %w", err)
	}
	return all, nil
}

// AddVersion records a version of a company's tariff, of the public one with company 0. One that was recorded for the
// same day and at the same moment is a Conflict.
func (t *Tx) AddVersion(ctx context.Context, by Recorder, company int64, v billing.Version) error {
	content, err := json.Marshal(v.Terms)
	if err != nil {
		return fmt.Errorf("tariff: %w", err)
	}
	return t.record(ctx, `INSERT INTO tariff_versions (workspace_id, person_id, op, company_id, valid_from, recorded_at, withdrawn, content)
		VALUES ($1, nullif($2::bigint, 0), $3, nullif($4::bigint, 0), $5, $6, $7, $8)`,
		by, company, date(v.ValidFrom), v.RecordedAt, v.Withdrawn, content)
}

// AddDiscount records a discount. One that was recorded by the same name and at the same moment is a Conflict.
func (t *Tx) AddDiscount(ctx context.Context, by Recorder, d billing.Discount) error {
	content, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("discount: %w", err)
	}
	return t.record(ctx, `INSERT INTO discounts (workspace_id, person_id, op, name, company_id, recorded_at, withdrawn, content)
		VALUES ($1, nullif($2::bigint, 0), $3, $4, nullif($5::bigint, 0), $6, $7, $8)`,
		by, d.Name, d.Client, d.RecordedAt, d.Withdrawn, content)
}

// Rate is an exchange rate with when it was recorded (UTC).
type Rate struct {
	money.Rate
	RecordedAt time.Time `json:"recorded_at"`
}

// AddRate records an exchange rate.
func (t *Tx) AddRate(ctx context.Context, by Recorder, r Rate) error {
	return t.record(ctx, `INSERT INTO exchange_rates (workspace_id, person_id, op, currency, on_date, uzs, recorded_at)
		VALUES ($1, nullif($2::bigint, 0), $3, $4, $5, $6::text::numeric, $7)`,
		by, r.Currency, date(r.Date), r.UZS.String(), r.RecordedAt)
}

// Rates gives the exchange rates that were recorded last for their days until a moment, the newest days first.
func (t *Tx) Rates(ctx context.Context, workspace int64, asOf time.Time) ([]Rate, error) {
	return t.rates(ctx, `SELECT DISTINCT ON (on_date, currency) currency, on_date, uzs::text, recorded_at FROM exchange_rates
		WHERE workspace_id = $1 AND recorded_at <= $2 ORDER BY on_date DESC, currency, recorded_at DESC`, workspace, asOf)
}

// RateOn gives the exchange rate of a currency that holds on a day, as of a moment. Without one it is a NotFound fault.
func (t *Tx) RateOn(ctx context.Context, workspace int64, c money.Currency, day calendar.Date, asOf time.Time) (money.Rate, error) {
	found, err := t.rates(ctx, `SELECT currency, on_date, uzs::text, recorded_at FROM exchange_rates
		WHERE workspace_id = $1 AND currency = $2 AND on_date <= $3 AND recorded_at <= $4
		ORDER BY on_date DESC, recorded_at DESC LIMIT 1`, workspace, c, date(day), asOf)
	if err != nil {
		return money.Rate{}, err
	}
	if len(found) == 0 {
		return money.Rate{}, fault.New(fault.NotFound, "billing.no_rate", "Currency", string(c), "Day", chat.Day(day.String()))
	}
	return found[0].Rate, nil
}

func (t *Tx) rates(ctx context.Context, sql string, args ...any) ([]Rate, error) {
	rows, err := t.tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("exchange rates: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Rate, err error) {
		var day time.Time
		var uzs string
		if err = row.Scan(&r.Currency, &day, &uzs, &r.RecordedAt); err != nil {
			return r, err
		}
		r.Date, r.RecordedAt = calendar.In(day, time.UTC), r.RecordedAt.UTC()
		r.UZS, err = decimal.NewFromString(uzs)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("exchange rates: %w", err)
	}
	return all, nil
}

// record inserts a record; one that is there already is a Conflict.
func (t *Tx) record(ctx context.Context, sql string, by Recorder, args ...any) error {
	_, err := t.tx.Exec(ctx, sql, append([]any{by.Workspace, by.Person, by.Op}, args...)...)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "23505" { // unique_violation
		return fault.New(fault.Conflict, "billing.recorded_already")
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}
