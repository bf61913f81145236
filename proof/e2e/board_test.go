package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/talk"
)

// What is done on the board happens to the ticket.
func TestTheBoardMovesTheTicket(t *testing.T) {
	w := webhook(t)
	emma, nadia, igor := w.organizer(t, "Emma Board"), w.nadia(t), w.igor(t)
	words := unique("Reefer alarm at row 7")
	number := fmt.Sprintf("#%d", emma.files(talk.Equipment, words))
	task := w.task(t, words, "new", standsIn("New"))
	nadia.hears(words)
	his := igor.hears(words)
	do := func(err error) {
		t.Helper()
		require.NoError(t, err)
	}

	// Assigned there: taken here.
	do(w.sandbox.BoardAssign(t.Context(), nadia.Person.BoardUID, task.ID, igor.Person.BoardUID))
	emma.hears("Игорь Лебедев is taking care", number)
	require.Equal(t, his.ID, igor.sees("У вас", words).ID)
	nadia.sees("Игорь Лебедев", words)
	w.task(t, words, "taken", standsIn("Taken"))

	// Moved to waiting, and back.
	b, err := w.sandbox.Board(t.Context())
	do(err)
	waiting, err := b.SectionID("Waiting")
	do(err)
	do(w.sandbox.BoardMove(t.Context(), igor.Person.BoardUID, task.ID, waiting))
	w.becomes(t, 1, "SELECT count(*) FROM tickets WHERE subject = $1 AND state = 'waiting'", words)
	taken, err := b.SectionID("Taken")
	do(err)
	do(w.sandbox.BoardMove(t.Context(), igor.Person.BoardUID, task.ID, taken))
	w.becomes(t, 1, "SELECT count(*) FROM tickets WHERE subject = $1 AND state = 'taken'", words)

	// Moved to the new ones: released.
	fresh, err := b.SectionID("New")
	do(err)
	do(w.sandbox.BoardMove(t.Context(), igor.Person.BoardUID, task.ID, fresh))
	emma.hears("back in the queue", number)
	nadia.hears(words)
	w.task(t, words, "nobody's", func(b talk.Board, task talk.Task) bool { return standsIn("New")(b, task) && task.Responsible == nil })

	// Moved to the taken ones: taken by who moved it.
	do(w.sandbox.BoardMove(t.Context(), nadia.Person.BoardUID, task.ID, taken))
	emma.hears("Nadia Brooks is taking care", number)
	w.task(t, words, "hers", func(_ talk.Board, task talk.Task) bool {
		return task.Responsible != nil && *task.Responsible == nadia.Person.BoardUID
	})

	// Completed, opened again, deleted.
	do(w.sandbox.BoardDo(t.Context(), nadia.Person.BoardUID, task.ID, "complete"))
	emma.hears("closed ticket", number)
	do(w.sandbox.BoardDo(t.Context(), nadia.Person.BoardUID, task.ID, "reopen"))
	emma.hears("opened ticket", number)
	do(w.sandbox.BoardDo(t.Context(), igor.Person.BoardUID, task.ID, "delete"))
	nadia.hears("board", number)
	w.becomes(t, 1, "SELECT count(*) FROM board_tasks b JOIN tickets t ON t.id = b.ticket_id WHERE t.subject = $1 AND b.detached_at IS NOT NULL", words)

	// The desk goes on without it.
	answer := unique("Alarm was a false one")
	notice, ok := nadia.Last(func(m talk.Message) bool { return m.ByBot() && strings.Contains(m.Text, words) })
	require.True(t, ok)
	nadia.replies(notice, answer)
	emma.hears(answer)
}

// With the board down for a while the desk goes on; afterwards the board has everything once and in order.
func TestTheBoardCatchesUpInOrder(t *testing.T) {
	w := webhook(t)
	emma, nadia := w.organizer(t, "Emma Outage"), w.nadia(t)
	f := talk.Healthy()
	f.Todoist.Down = true
	require.NoError(t, w.sandbox.SetFaults(t.Context(), f))
	words := unique("Scale shows nonsense")
	emma.files(talk.Equipment, words)
	notice := nadia.hears(words)
	nadia.pressesOn(notice, talk.Take)
	nadia.sees("You have", words)
	var said []string
	for i := range 3 {
		answer := unique(fmt.Sprintf("Step %d is done", i))
		nadia.replies(notice, answer)
		heard := emma.hears(answer)
		thanks := unique("Thank you")
		emma.replies(heard, thanks)
		nadia.hears(thanks)
		said = append(said, answer, thanks)
	}
	b, err := w.sandbox.Board(t.Context())
	require.NoError(t, err)
	require.Empty(t, b.Task(words))

	f.Todoist = talk.Fault{Lost: 0.2} // it comes back unwell
	require.NoError(t, w.sandbox.SetFaults(t.Context(), f))
	task := w.task(t, words, "there at last", anyhow)
	b = w.board(t, "all comments", func(b talk.Board) bool { return len(b.Notes(task.ID)) >= len(said) })
	require.NoError(t, w.sandbox.SetFaults(t.Context(), talk.Healthy()))
	notes := b.Notes(task.ID)
	require.Len(t, notes, len(said))
	for i, n := range notes {
		require.Contains(t, n.Content, said[i])
	}
	w.task(t, words, "in progress", standsIn("Taken"))
}

// What happened on the board while we did not hear of it is found by the sweep.
func TestTheSweepFindsWhatWebhooksMissed(t *testing.T) {
	w := webhook(t)
	emma := w.organizer(t, "Emma Sweep")
	words := unique("Light is broken")
	emma.files(talk.Other, words)
	task := w.task(t, words, "new", standsIn("New"))
	b, err := w.sandbox.Board(t.Context())
	require.NoError(t, err)
	require.NoError(t, w.sandbox.BoardWebhook(t.Context(), ""))
	t.Cleanup(func() { _ = w.sandbox.BoardWebhook(context.Background(), b.Webhook.URL) })
	word := unique("Lamp is ordered")
	_, err = w.sandbox.BoardComment(t.Context(), w.nadia(t).Person.BoardUID, task.ID, word, nil)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience) // it comes once a minute
	defer cancel()
	_, err = emma.Await(ctx, talk.Says(word))
	require.NoError(t, err)
}
