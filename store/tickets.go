package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/fault"
	"quaydesk/domain/ticket"
)

// ticketColumns are what scanTicket reads, from ticketTables.
const (
	ticketColumns = `t.id, t.workspace_id, t.bot_id, t.number, t.category, t.subject, t.chat_id, t.state, t.version,
		t.state_since, t.created_at, o.id, o.telegram_id, o.name, t.assignee_name, a.id, a.telegram_id`
	ticketTables = `tickets t JOIN people o ON o.id = t.organizer_id LEFT JOIN people a ON a.id = t.assignee_id`
)

func scanTicket(row pgx.Row, more ...any) (ticket.Ticket, error) {
	var t ticket.Ticket
	var assigned string
	var assignee, telegram *int64
	into := []any{&t.ID, &t.Workspace, &t.Bot, &t.Number, &t.Category, &t.Subject, &t.Chat, &t.State, &t.Version,
		&t.Since, &t.Created, &t.Organizer.ID, &t.Organizer.Telegram, &t.Organizer.Name, &assigned, &assignee, &telegram}
	if err := row.Scan(append(into, more...)...); err != nil {
		return ticket.Ticket{}, err
	}
	t.Since, t.Created = t.Since.UTC(), t.Created.UTC()
	switch {
	case assignee != nil:
		t.Assignee = &ticket.Party{ID: *assignee, Telegram: *telegram, Name: assigned}
	case assigned != "":
		t.Assignee = &ticket.Party{Name: assigned}
	}
	return t, nil
}

// Ticket gives a ticket of the workspace, or a NotFound fault.
func (t *Tx) Ticket(ctx context.Context, workspace, id int64) (ticket.Ticket, error) {
	return t.ticket(ctx, workspace, id, "")
}

// LockTicket is Ticket, and holds the ticket against every other change until the transaction ends.
func (t *Tx) LockTicket(ctx context.Context, workspace, id int64) (ticket.Ticket, error) {
	return t.ticket(ctx, workspace, id, " FOR UPDATE OF t")
}

func (t *Tx) ticket(ctx context.Context, workspace, id int64, lock string) (ticket.Ticket, error) {
	row := t.tx.QueryRow(ctx, "SELECT "+ticketColumns+" FROM "+ticketTables+" WHERE t.workspace_id = $1 AND t.id = $2"+lock, workspace, id)
	found, err := scanTicket(row)
	if errors.Is(err, pgx.ErrNoRows) {
		return found, fault.New(fault.NotFound, "ticket.unknown")
	}
	if err != nil {
		return found, fmt.Errorf("read ticket %d: %w", id, err)
	}
	return found, nil
}

// TicketWorkspace gives the workspace that a ticket belongs to, for those who hold nothing but its id (its workflow),
// or a NotFound fault.
func (t *Tx) TicketWorkspace(ctx context.Context, id int64) (int64, error) {
	var workspace int64
	err := t.tx.QueryRow(ctx, "SELECT workspace_id FROM tickets WHERE id = $1", id).Scan(&workspace)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "ticket.unknown")
	}
	if err != nil {
		return 0, fmt.Errorf("read workspace of ticket %d: %w", id, err)
	}
	return workspace, nil
}

// AddTicket stores a new ticket and gives it with its id and the workspace's next number.
func (t *Tx) AddTicket(ctx context.Context, n ticket.Ticket) (ticket.Ticket, error) {
	err := t.tx.QueryRow(ctx, "UPDATE workspaces SET last_ticket = last_ticket + 1 WHERE id = $1 RETURNING last_ticket",
		n.Workspace).Scan(&n.Number)
	if err != nil {
		return n, fmt.Errorf("number a ticket: %w", err)
	}
	err = t.tx.QueryRow(ctx, `INSERT INTO tickets
		(workspace_id, bot_id, number, category, subject, organizer_id, chat_id, state, version, state_since, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		n.Workspace, n.Bot, n.Number, n.Category, n.Subject, n.Organizer.ID, n.Chat, n.State, n.Version, n.Since, n.Created).Scan(&n.ID)
	if err != nil {
		return n, fmt.Errorf("add ticket: %w", err)
	}
	return n, nil
}

// SaveTicket stores what can change of a ticket that this transaction has locked: subject, state and assignee.
func (t *Tx) SaveTicket(ctx context.Context, n ticket.Ticket) error {
	var assignee *int64
	name := ""
	if n.Assignee != nil {
		name = n.Assignee.Name
		if n.Assignee.ID != 0 {
			assignee = &n.Assignee.ID
		}
	}
	tag, err := t.tx.Exec(ctx, `UPDATE tickets SET subject = $3, state = $4, version = $5, state_since = $6, assignee_id = $7,
		assignee_name = $8, closed_at = CASE WHEN $4 = 'closed' THEN $6::timestamptz END
		WHERE workspace_id = $1 AND id = $2`,
		n.Workspace, n.ID, n.Subject, n.State, n.Version, n.Since, assignee, name)
	if err != nil {
		return fmt.Errorf("save ticket %d: %w", n.ID, err)
	}
	if tag.RowsAffected() != 1 {
		return fmt.Errorf("save ticket %d: not in workspace %d", n.ID, n.Workspace)
	}
	return nil
}

// A TicketList is one way of listing tickets.
type TicketList struct{ where, order string }

// The lists: whose the ticket is ($2) matters to the last two.
var (
	Queue = TicketList{`t.state = 'new' AND $2::bigint IS NOT NULL`, `t.id`}       // waiting for an agent, oldest first
	Mine  = TicketList{`t.assignee_id = $2 AND t.state <> 'closed'`, `t.id`}       // an agent's open ones, oldest first
	Own   = TicketList{`t.organizer_id = $2`, `(t.state = 'closed'), t.id DESC`}   // an organizer's, open first, newest first
	Open  = TicketList{`t.organizer_id = $2 AND t.state <> 'closed'`, `t.id DESC`} // an organizer's open ones
)

// CountTickets tells how many tickets a list holds.
func (t *Tx) CountTickets(ctx context.Context, workspace int64, list TicketList, person int64) (int, error) {
	var n int
	err := t.tx.QueryRow(ctx, "SELECT count(*) FROM tickets t WHERE t.workspace_id = $1 AND "+list.where, workspace, person).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count tickets: %w", err)
	}
	return n, nil
}

// Tickets gives a stretch of a list, each ticket with its last word.
func (t *Tx) Tickets(ctx context.Context, workspace int64, list TicketList, person int64, offset, limit int) ([]ticket.Listed, error) {
	rows, err := t.tx.Query(ctx, "SELECT "+ticketColumns+`, coalesce(c.text, ''), coalesce(c.side, '')
		FROM `+ticketTables+` LEFT JOIN LATERAL (
			SELECT text, side FROM comments WHERE ticket_id = t.id AND side <> 'note' AND (text <> '' OR files <> '[]')
			ORDER BY id DESC LIMIT 1) c ON true
		WHERE t.workspace_id = $1 AND `+list.where+" ORDER BY "+list.order+" OFFSET $3 LIMIT $4", workspace, person, offset, limit)
	if err != nil {
		return nil, fmt.Errorf("list tickets: %w", err)
	}
	listed, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (ticket.Listed, error) {
		var l ticket.Listed
		found, err := scanTicket(row, &l.Last, &l.Side)
		l.Ticket = found
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("list tickets: %w", err)
	}
	return listed, nil
}

// Listed gives one ticket with its last word, or a NotFound fault.
func (t *Tx) Listed(ctx context.Context, workspace, id int64) (ticket.Listed, error) {
	one := TicketList{`t.id = $2`, `t.id`}
	listed, err := t.Tickets(ctx, workspace, one, id, 0, 1)
	if err != nil {
		return ticket.Listed{}, err
	}
	if len(listed) == 0 {
		return ticket.Listed{}, fault.New(fault.NotFound, "ticket.unknown")
	}
	return listed[0], nil
}

// Reminders gives how long staff is left alone with a ticket that nobody takes: from filing to the first reminder, then
// from each to the next; the last repeats. None means no reminders.
func (t *Tx) Reminders(ctx context.Context, workspace int64) ([]time.Duration, error) {
	var seconds []float64
	err := t.tx.QueryRow(ctx, `SELECT array(SELECT extract(epoch FROM i)::float8 FROM unnest(reminders) WITH ORDINALITY AS u (i, n) ORDER BY n)
		FROM workspaces WHERE id = $1`, workspace).Scan(&seconds)
	if err != nil {
		return nil, fmt.Errorf("reminders: %w", err)
	}
	reminders := make([]time.Duration, len(seconds))
	for i, s := range seconds {
		reminders[i] = time.Duration(s * float64(time.Second))
	}
	return reminders, nil
}
