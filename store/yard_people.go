package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"quaydesk/domain/people"
)

// PeopleWith gives everybody in a workspace with one of some roles, oldest first.
func (t *Tx) PeopleWith(ctx context.Context, workspace int64, roles ...people.Role) ([]people.Person, error) {
	return t.people(ctx, `SELECT `+personColumns+` FROM people WHERE workspace_id = $1 AND role = ANY($2) ORDER BY id`, workspace, roles)
}

// Recorders gives everybody in a workspace with one of some roles, and whoever recorded a movement, oldest first.
func (t *Tx) Recorders(ctx context.Context, workspace int64, roles ...people.Role) ([]people.Person, error) {
	return t.people(ctx, `SELECT `+personColumns+` FROM people WHERE workspace_id = $1 AND (role = ANY($2)
		OR EXISTS (SELECT FROM movements m WHERE m.workspace_id = $1 AND m.person_id = people.id)) ORDER BY id`, workspace, roles)
}

// PeopleAt gives everybody in a workspace who is at a post, "terminal:3", oldest first.
func (t *Tx) PeopleAt(ctx context.Context, workspace int64, post string) ([]people.Person, error) {
	return t.people(ctx, `SELECT `+personColumns+` FROM people WHERE workspace_id = $1 AND post = $2 ORDER BY id`, workspace, post)
}

func (t *Tx) people(ctx context.Context, sql string, args ...any) ([]people.Person, error) {
	rows, err := t.tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	all, err := pgx.CollectRows(rows, scanPerson)
	if err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	return all, nil
}

// FirstBot gives the bot by which a workspace tells people what they did not ask for; 0 when it has none.
func (t *Tx) FirstBot(ctx context.Context, workspace int64) (int64, error) {
	var bot int64
	err := t.tx.QueryRow(ctx, `SELECT id FROM bots WHERE workspace_id = $1 AND disabled_reason IS NULL ORDER BY id LIMIT 1`, workspace).Scan(&bot)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("first bot: %w", err)
	}
	return bot, nil
}
