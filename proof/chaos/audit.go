package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"quaydesk/proof/talk"
)

// audit waits until nothing is on its way any more, and then looks for everything that was said: in the database, on
// the board and in the chats.
func (c *chaos) audit(ctx context.Context) (report, error) {
	r := report{trouble: &c.trouble, book: &c.book}
	ctx, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	if err := c.Ready(ctx); err != nil {
		return r, err
	}
	for {
		left, err := c.unsettled(ctx)
		if err == nil && len(left) == 0 {
			break
		}
		if !pause(ctx, 500*time.Millisecond) {
			r.losses = append(r.losses, left...)
			if err != nil {
				r.losses = append(r.losses, "never quiet: "+err.Error())
			}
			break
		}
	}
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	r.losses = append(r.losses, c.book.ends...)
	if err := c.count(ctx, &r); err != nil {
		return r, err
	}
	b, err := c.sandbox.Board(ctx)
	if err != nil {
		return r, err
	}
	for _, m := range c.book.matters {
		if m.number == 0 {
			continue // stuck before it was filed, and named for that
		}
		if err := c.check(ctx, m, b, &r); err != nil {
			return r, err
		}
	}
	return r, c.checkYard(ctx, &r)
}

// unsettled says what is still on its way.
func (c *chaos) unsettled(ctx context.Context) ([]string, error) {
	var left []string
	for what, sql := range map[string]string{
		"updates not handed over": "SELECT count(*) FROM updates WHERE delivered_at IS NULL",
		"updates not handled":     "SELECT count(*) FROM updates WHERE handled_at IS NULL AND conversation <> ''",
		"messages not sent":       "SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending')",
		"stays not looked at":     "SELECT count(*) FROM stays WHERE watched < version",
		"dead letters":            "SELECT count(*) FROM outbox WHERE status = 'dead'",
		"tickets without a task":  "SELECT count(*) FROM tickets t LEFT JOIN board_tasks b ON b.ticket_id = t.id WHERE b.task_id IS NULL",
		"tickets not as on the board": `SELECT count(*) FROM board_tasks b JOIN tickets t ON t.id = b.ticket_id
			WHERE b.pushing IS NOT NULL OR b.pushed_version < t.version OR b.looked < b.heard`,
		"comments not on the board": `SELECT count(*) FROM comments c LEFT JOIN board_notes b ON b.comment_id = c.id AND b.part = 0
			WHERE (b.note_id IS NULL OR b.pushed_version < c.version) AND c.id <> (SELECT min(id) FROM comments f WHERE f.ticket_id = c.ticket_id)`,
	} {
		var n int
		if err := c.db.QueryRow(ctx, sql).Scan(&n); err != nil {
			return left, err
		}
		if n > 0 {
			left = append(left, fmt.Sprintf("%d %s", n, what))
		}
	}
	pending, err := c.sandbox.Pending(ctx, c.sandbox.World.Bots[0])
	if err != nil {
		return left, err
	}
	if pending > 0 {
		left = append(left, fmt.Sprintf("%d updates not taken", pending))
	}
	return left, nil
}

// count finds tickets and comments that nobody meant, and messages that were sent twice after an answer was lost.
func (c *chaos) count(ctx context.Context, r *report) error {
	for into, sql := range map[*int]string{
		&r.tickets:  "SELECT count(*) FROM tickets",
		&r.comments: "SELECT count(*) FROM comments c WHERE c.id <> (SELECT min(id) FROM comments f WHERE f.ticket_id = c.ticket_id)",
		&r.sent:     "SELECT count(*) FROM outbox WHERE status = 'sent' AND edits IS NULL",
	} {
		if err := c.db.QueryRow(ctx, sql).Scan(into); err != nil {
			return err
		}
	}
	people, err := c.everybody(ctx)
	if err != nil {
		return err
	}
	for _, p := range people {
		for _, m := range p.Messages() {
			if m.ByBot() {
				r.arrived++
			}
		}
	}
	expected := 0
	for _, m := range c.book.matters {
		expected += len(m.lines)
	}
	if r.tickets > len(c.book.matters) {
		r.doubled = append(r.doubled, fmt.Sprintf("%d tickets of %d matters", r.tickets, len(c.book.matters)))
	}
	if r.comments > expected {
		r.doubled = append(r.doubled, fmt.Sprintf("%d comments, %d were made", r.comments, expected))
	}
	return nil
}

// everybody opens the chats of all whom the bot may have written to.
func (c *chaos) everybody(ctx context.Context) ([]*talk.Chat, error) {
	rows, err := c.db.Query(ctx, "SELECT DISTINCT chat_id FROM outbox")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var chats []*talk.Chat
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		chat, err := c.sandbox.Chat(ctx, talk.Person{ID: id})
		if err != nil {
			return nil, err
		}
		chats = append(chats, chat)
	}
	return chats, rows.Err()
}

// check looks for one matter: exactly one ticket and one task, each comment exactly once at both places and in order.
func (c *chaos) check(ctx context.Context, m *matter, b talk.Board, r *report) error {
	var numbers []int
	var id int64
	var state string
	rows, err := c.db.Query(ctx, `SELECT t.id, t.number, t.state FROM tickets t
		WHERE (SELECT text FROM comments c WHERE c.ticket_id = t.id ORDER BY c.id LIMIT 1) LIKE '%' || $1 || '%'`, m.mark)
	if err != nil {
		return err
	}
	for rows.Next() {
		var n int
		if err := rows.Scan(&id, &n, &state); err != nil {
			return err
		}
		numbers = append(numbers, n)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	r.exactly("ticket "+m.mark, len(numbers))
	if len(numbers) != 1 {
		return nil
	}
	if m.closed != (state == "closed") {
		r.losses = append(r.losses, fmt.Sprintf("ticket %s is %s, to its people closed is %v", m.mark, state, m.closed))
	}
	stored, err := c.texts(ctx, id)
	if err != nil {
		return err
	}
	r.compare("the database", m, m.lines, stored)
	tasks := b.Task(m.mark)
	r.exactly("task of "+m.mark, len(tasks))
	if len(tasks) != 1 {
		return nil
	}
	if tasks[0].Checked != m.closed {
		r.losses = append(r.losses, fmt.Sprintf("the task of %s is completed: %v, the ticket closed: %v", m.mark, tasks[0].Checked, m.closed))
	}
	var notes []string
	for _, n := range b.Notes(tasks[0].ID) {
		notes = append(notes, n.Content)
	}
	// What was written on the board stands there since then; what comes from Telegram may come later.
	for _, onBoard := range []bool{true, false} {
		lines := slices.DeleteFunc(slices.Clone(m.lines), func(l line) bool { return l.onBoard != onBoard })
		r.compare("the board", m, lines, notes)
	}
	return nil
}

// texts gives a ticket's comments but the first, which is what happened.
func (c *chaos) texts(ctx context.Context, ticket int64) ([]string, error) {
	rows, err := c.db.Query(ctx, "SELECT text FROM comments WHERE ticket_id = $1 ORDER BY id OFFSET 1", ticket)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// compare looks for comments of a matter among texts: each once, and in order.
func (r *report) compare(where string, m *matter, lines []line, texts []string) {
	var places []int
	for _, l := range lines {
		n := 0
		for i, text := range texts {
			if strings.Contains(text, l.mark) {
				n++
				places = append(places, i)
			}
		}
		r.exactly(fmt.Sprintf("comment %s in %s", l.mark, where), n)
	}
	if !slices.IsSorted(places) {
		r.losses = append(r.losses, fmt.Sprintf("the comments of %s stand in another order in %s: %q", m.mark, where, texts))
	}
}

// exactly notes whatever is not there once.
func (r *report) exactly(what string, n int) {
	switch {
	case n == 0:
		r.losses = append(r.losses, what)
	case n > 1:
		r.doubled = append(r.doubled, fmt.Sprintf("%s: %d times", what, n))
	}
}
