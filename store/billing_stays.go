package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/billing"
	"quaydesk/domain/calendar"
	"quaydesk/domain/container"
	"quaydesk/domain/yard"
)

// Billed chooses the stays to be billed.
type Billed struct {
	Workspace int64
	Company   int64         // client; 0: all
	Stay      int64         // 0: all
	From, To  calendar.Date // stays that have a day in it, and maybe some more; zero From: since ever, zero To: until ever
}

// StaysAsOf gives stays as their movements tell that were recorded until a moment and that no movement recorded until
// then replaces, in no order.
func (t *Tx) StaysAsOf(ctx context.Context, b Billed, asOf time.Time) ([]billing.Stay, error) {
	zones, err := t.zones(ctx, b.Workspace)
	if err != nil {
		return nil, err
	}
	// A stay of which nothing was recorded since is as the table stays has it. Of the others it is not known yet what
	// they were, so all of them are read. Days are wider by one on both sides, for zones.
	rows, err := t.tx.Query(ctx, `WITH chosen AS (
			SELECT id FROM stays WHERE workspace_id = $1 AND ($2::bigint = 0 OR client_id = $2) AND ($3::bigint = 0 OR id = $3)
				AND ($4::date IS NULL OR left_at IS NULL OR left_at >= $4::date - 1)
				AND ($5::date IS NULL OR entered_at < $5::date + 2)
			UNION
			SELECT stay_id FROM movements WHERE workspace_id = $1 AND recorded_at > $6 AND ($3::bigint = 0 OR stay_id = $3))
		SELECT m.stay_id, m.kind, m.at, m.terminal_id, coalesce(m.details->>'number', ''), coalesce(m.details->>'size_type', ''),
			coalesce(m.details->>'load', ''), coalesce((m.details->>'client')::bigint, 0), coalesce(m.details->>'operation', '')
		FROM chosen JOIN movements m ON m.stay_id = chosen.id
		WHERE m.workspace_id = $1 AND m.recorded_at <= $6 AND m.kind IN ('gate_in', 'gate_out', 'operation', 'transfer_out')
			AND NOT EXISTS (SELECT FROM movements r WHERE r.replaces = m.id AND r.recorded_at <= $6)
		ORDER BY m.stay_id, m.at, m.id`,
		b.Workspace, b.Company, b.Stay, date(b.From), date(b.To), asOf)
	if err != nil {
		return nil, fmt.Errorf("stays as of: %w", err)
	}
	var stays []billing.Stay
	var s billing.Stay
	keep := func() {
		if !s.Entry.IsZero() && (b.Company == 0 || s.Client == b.Company) {
			stays = append(stays, s)
		}
	}
	var id, terminal, client int64
	var kind yard.Kind
	var at time.Time
	var number container.Number
	var sizeType container.SizeType
	var load container.Load
	var operation yard.Operation
	_, err = pgx.ForEachRow(rows, []any{&id, &kind, &at, &terminal, &number, &sizeType, &load, &client, &operation}, func() error {
		if id != s.ID {
			keep()
			s = billing.Stay{ID: id}
		}
		switch kind {
		case yard.GateIn:
			s.Number, s.SizeType, s.Load, s.Client, s.Entry, s.Zone = number, sizeType, load, client, at.UTC(), zones[terminal]
			operation = yard.LiftOff
		case yard.GateOut:
			s.Exit, operation = at.UTC(), yard.LiftOn
		case yard.TransferOut:
			operation = billing.Transfer
		}
		s.Operations = append(s.Operations, yard.Handled{Operation: operation, At: at.UTC()})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("stays as of: %w", err)
	}
	keep()
	return stays, nil
}

// zones gives the time zones of a workspace's terminals.
func (t *Tx) zones(ctx context.Context, workspace int64) (map[int64]*time.Location, error) {
	terminals, err := t.Terminals(ctx, workspace)
	if err != nil {
		return nil, err
	}
	zones := map[int64]*time.Location{}
	for _, terminal := range terminals {
		if zones[terminal.ID], err = time.LoadLocation(terminal.Zone); err != nil {
			return nil, fmt.Errorf("zone of terminal %d: %w", terminal.ID, err)
		}
	}
	return zones, nil
}
