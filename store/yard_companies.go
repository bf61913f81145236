package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

const companyColumns = `id, workspace_id, name, requires_order`

func scanCompany(row pgx.CollectableRow) (c yard.Company, err error) {
	err = row.Scan(&c.ID, &c.Workspace, &c.Name, &c.RequiresOrder)
	return c, err
}

func (t *Tx) companies(ctx context.Context, sql string, args ...any) ([]yard.Company, error) {
	rows, err := t.tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanCompany)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	return all, nil
}

// Companies gives all companies of a workspace, by name.
func (t *Tx) Companies(ctx context.Context, workspace int64) ([]yard.Company, error) {
	return t.companies(ctx, `SELECT `+companyColumns+` FROM companies WHERE workspace_id = $1 ORDER BY name, id`, workspace)
}

// Company gives a company of the workspace, or a NotFound fault.
func (t *Tx) Company(ctx context.Context, workspace, id int64) (yard.Company, error) {
	found, err := t.companies(ctx, `SELECT `+companyColumns+` FROM companies WHERE workspace_id = $1 AND id = $2`, workspace, id)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "yardrules.company_unknown")
	}
	if err != nil {
		return yard.Company{}, err
	}
	return found[0], nil
}

// CompanyNamed gives the company of the workspace that a name means, signs and letter case aside; nil when there is none.
func (t *Tx) CompanyNamed(ctx context.Context, workspace int64, name string) (*yard.Company, error) {
	found, err := t.companies(ctx, `SELECT `+companyColumns+` FROM companies WHERE workspace_id = $1 AND name_key = $2`,
		workspace, yard.NameKey(name))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// EnsureCompany gives the company of the workspace that a name means. It is made if there is none.
func (t *Tx) EnsureCompany(ctx context.Context, workspace int64, name string) (yard.Company, error) {
	found, err := t.companies(ctx, `INSERT INTO companies (workspace_id, name, name_key) VALUES ($1, $2, $3)
		ON CONFLICT (workspace_id, name_key) DO UPDATE SET name_key = excluded.name_key RETURNING `+companyColumns,
		workspace, name, yard.NameKey(name))
	if err != nil {
		return yard.Company{}, err
	}
	return found[0], nil
}

// SaveCompany changes a company of the workspace: its name, whether it wants release orders, and when its daily report
// goes out, as the time since midnight of the workspace's day; nil for none. A name that another one has is a Conflict.
func (t *Tx) SaveCompany(ctx context.Context, c yard.Company, reportAt *time.Duration) error {
	tag, err := t.tx.Exec(ctx, `UPDATE companies SET name = $3, name_key = $4, requires_order = $5,
			report_at = time '00:00' + make_interval(secs => $6::float8)
		WHERE workspace_id = $1 AND id = $2
			AND NOT EXISTS (SELECT FROM companies WHERE workspace_id = $1 AND name_key = $4 AND id <> $2)`,
		c.Workspace, c.ID, c.Name, yard.NameKey(c.Name), c.RequiresOrder, seconds(reportAt))
	if err != nil {
		return fmt.Errorf("save a company: %w", err)
	}
	if tag.RowsAffected() != 1 {
		return fault.New(fault.Conflict, "yardrules.company_name")
	}
	return nil
}

func seconds(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	s := d.Seconds()
	return &s
}

// RecentCompanies gives the clients, or else the lines, of the boxes that came in last at a terminal (0: anywhere), the
// latest first.
func (t *Tx) RecentCompanies(ctx context.Context, workspace, terminal int64, lines bool, limit int) ([]yard.Company, error) {
	column := "client_id"
	if lines {
		column = "line_id"
	}
	return t.companies(ctx, `SELECT c.id, c.workspace_id, c.name, c.requires_order FROM (
			SELECT company, max(id) AS latest FROM (
				SELECT `+column+` AS company, id FROM stays
				WHERE workspace_id = $1 AND ($2::bigint = 0 OR origin_id = $2) AND state <> 'void' AND `+column+` IS NOT NULL
				ORDER BY id DESC LIMIT 200) latest
			GROUP BY company) r
		JOIN companies c ON c.id = r.company AND c.workspace_id = $1 ORDER BY r.latest DESC LIMIT $3`, workspace, terminal, limit)
}

// RecentPlaces gives the places where boxes were put last at a terminal, the latest first.
func (t *Tx) RecentPlaces(ctx context.Context, workspace, terminal int64, limit int) ([]string, error) {
	rows, err := t.tx.Query(ctx, `SELECT place FROM (
			SELECT place, max(id) AS latest FROM (
				SELECT place, id FROM stays WHERE workspace_id = $1 AND terminal_id = $2 AND state = 'in' AND place <> ''
				ORDER BY id DESC LIMIT 200) latest
			GROUP BY place) r ORDER BY latest DESC LIMIT $3`, workspace, terminal, limit)
	if err != nil {
		return nil, fmt.Errorf("places: %w", err)
	}
	places, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("places: %w", err)
	}
	return places, nil
}
