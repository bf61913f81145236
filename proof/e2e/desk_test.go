package e2e

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/talk"
)

// The whole loop, as the people in it see it.
func TestTicketTravelsFromTelegramToTheBoardAndBack(t *testing.T) {
	w := webhook(t)
	emma, nadia, igor := w.organizer(t, "Emma Quill"), w.nadia(t), w.igor(t)
	words := unique("The gate at berth 4 does not open")

	emma.starts("")
	emma.hears("Hello!")
	emma.presses(talk.NewTicket)
	emma.hears(talk.WhatAbout)
	emma.presses(talk.Equipment)
	emma.hears(talk.WhatHappens)
	emma.says(words)
	emma.hears(talk.GotIt)
	emma.sends("photo", "the gate itself", picture("gate.png"))
	emma.sends("photo", "both sides", picture("left.png"), picture("right.png"))
	emma.awaits("the files to be taken", talk.Shows(talk.GotIt, "4 messages"))
	number := emma.confirms(words)
	emma.neverHeard("went wrong")

	// Both agents are told, with the files; the task stands on the board with everything.
	notice := nadia.hears(fmt.Sprintf("#%d", number), words)
	other := igor.hears(fmt.Sprintf("№%d", number), words)
	task := w.task(t, words, "a new task", standsIn("New"))
	require.Contains(t, task.Content, fmt.Sprint(number))
	require.Contains(t, task.Labels, "equipment")
	w.board(t, "three uploads", func(b talk.Board) bool {
		files := 0
		for _, n := range b.Notes(task.ID) {
			if n.File != nil {
				files++
			}
		}
		return files == 3
	})

	// One takes it: the other's notice says so and loses its button.
	nadia.pressesOn(notice, talk.Take)
	nadia.sees("You have", words)
	changed := igor.sees("Nadia Brooks", words)
	require.Equal(t, other.ID, changed.ID)
	require.Empty(t, changed.Rows)
	emma.hears("Nadia Brooks is taking care", fmt.Sprintf("#%d", number))
	w.task(t, words, "taken and assigned", func(b talk.Board, task talk.Task) bool {
		return standsIn("Taken")(b, task) && task.Responsible != nil && *task.Responsible == nadia.Person.BoardUID
	})

	// Words go both ways, from both places, and notes do not.
	answer := unique("Have you tried the green button")
	nadia.replies(notice, answer)
	heard := emma.hears("Nadia Brooks", answer)
	w.note(t, task, answer)
	w.task(t, words, "waiting for the organizer", standsIn("Waiting"))

	tried := unique("Yes, and the red one")
	emma.replies(heard, tried)
	nadia.hears("Emma Quill", tried)
	w.note(t, task, tried)
	w.task(t, words, "in progress again", standsIn("Taken"))

	fromBoard := unique("The electrician comes at noon")
	_, err := w.sandbox.BoardComment(t.Context(), nadia.Person.BoardUID, task.ID, fromBoard, &talk.Upload{Name: "plan.txt", Data: []byte("noon")})
	require.NoError(t, err)
	emma.hears("Nadia Brooks", fromBoard)
	require.Eventually(t, func() bool {
		_, ok := emma.Last(func(m talk.Message) bool { return m.ByBot() && len(m.Files) == 1 && m.Files[0].Name == "plan.txt" })
		return ok
	}, patience, tick)

	note := unique("// she sounds annoyed")
	_, err = w.sandbox.BoardComment(t.Context(), nadia.Person.BoardUID, task.ID, note, nil)
	require.NoError(t, err)
	after := unique("He is on his way")
	_, err = w.sandbox.BoardComment(t.Context(), nadia.Person.BoardUID, task.ID, after, nil)
	require.NoError(t, err)
	emma.hears(after)
	emma.neverHeard(note[3:])

	// Closed in Telegram, checked on the board; the organizer opens it again; the board closes it.
	nadia.pressesOn(nadia.current(notice.ID), talk.Close)
	emma.hears("closed ticket", fmt.Sprintf("#%d", number))
	w.task(t, words, "completed", func(_ talk.Board, task talk.Task) bool { return task.Checked })
	emma.presses(talk.Reopen)
	nadia.hears("opened", fmt.Sprintf("#%d", number))
	w.task(t, words, "open again", func(_ talk.Board, task talk.Task) bool { return !task.Checked })
	require.NoError(t, w.sandbox.BoardDo(t.Context(), nadia.Person.BoardUID, task.ID, "complete"))
	emma.hears("Nadia Brooks closed ticket", fmt.Sprintf("#%d", number))

	for _, said := range []string{answer, fromBoard, after} {
		emma.heardOnce(said)
	}
	nadia.heardOnce(tried)
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM tickets WHERE number = $1", number))
}

// Two press Take at the same moment: exactly one has it.
func TestOneOfTwoTakesATicket(t *testing.T) {
	w := webhook(t)
	emma, nadia, igor := w.organizer(t, "Emma Twice"), w.nadia(t), w.igor(t)
	words := unique("Badge does not work")
	number := emma.files(talk.Equipment, words)
	hers, his := nadia.hears(words), igor.hears(words)
	var both sync.WaitGroup
	for p, m := range map[*person]talk.Message{nadia: hers, igor: his} {
		label := "Take"
		if p == igor {
			label = "Взять"
		}
		b, ok := m.Button(label)
		require.True(t, ok)
		both.Go(func() { _, _ = p.Press(t.Context(), m.ID, b, 15) })
	}
	both.Wait()
	taken := emma.hears("is taking care", fmt.Sprintf("#%d", number))
	winner, loser := nadia, igor
	yours, theirs := "You have", "Nadia Brooks"
	if !talk.Says("Nadia Brooks")(talk.Heard{Kind: "message", Message: taken}) {
		winner, loser, yours, theirs = igor, nadia, "У вас", "Игорь Лебедев"
	}
	winner.sees(yours, words)
	loser.sees(theirs, words)
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM audit a JOIN tickets t ON a.about = 'ticket:' || t.id WHERE t.number = $1 AND a.action = 'ticket.take'", number))
}

// The loser of a race is told who was faster, even by a button that an edit has not reached yet.
func TestTakingWhatIsTaken(t *testing.T) {
	w := webhook(t)
	emma, nadia, igor := w.organizer(t, "Emma Late"), w.nadia(t), w.igor(t)
	words := unique("Crane is slow")
	number := emma.files(talk.Equipment, words)
	hers, his := nadia.hears(words), igor.hears(words)
	igor.pressesOn(his, "Взять")
	nadia.sees("Игорь Лебедев", words)
	b, _ := hers.Button(talk.Take)
	_, err := nadia.Forge(t.Context(), hers.ID, b.Data, 15)
	require.NoError(t, err)
	nadia.hears("Игорь Лебедев", fmt.Sprintf("#%d", number))
}

// Releasing puts a ticket back, and all staff are told anew.
func TestReleaseGivesATicketBack(t *testing.T) {
	w := webhook(t)
	emma, nadia, igor := w.organizer(t, "Emma Again"), w.nadia(t), w.igor(t)
	words := unique("Forklift battery is flat")
	number := emma.files(talk.Equipment, words)
	notice := nadia.hears(words)
	igor.hears(words)
	nadia.pressesOn(notice, talk.Take)
	nadia.sees("You have", words)
	w.task(t, words, "taken", standsIn("Taken"))
	nadia.pressesOn(nadia.current(notice.ID), talk.Release)
	emma.hears("back in the queue", fmt.Sprintf("#%d", number))
	again := igor.hears(words)
	_, ok := again.Button("Взять")
	require.True(t, ok)
	w.task(t, words, "new again", func(b talk.Board, task talk.Task) bool {
		return standsIn("New")(b, task) && task.Responsible == nil
	})
}

// An edit reaches whoever read the words: in Telegram and on the board.
func TestEditsReachBothSides(t *testing.T) {
	w := webhook(t)
	emma, nadia := w.organizer(t, "Emma Edits"), w.nadia(t)
	words := unique("Container is at slot A1")
	emma.says("/new")
	emma.hears(talk.WhatAbout)
	emma.presses(talk.Equipment)
	emma.hears(talk.WhatHappens)
	first := emma.says(words)
	emma.hears(talk.GotIt)
	emma.confirms(words)
	notice := nadia.hears(words)
	task := w.task(t, words, "there", anyhow)

	comment := unique("It is blue")
	said := emma.says(comment)
	emma.hears("Added to ticket")
	nadia.hears(comment)
	w.note(t, task, comment)

	corrected := unique("It is green")
	emma.edits(said, corrected)
	nadia.sees(corrected)
	w.note(t, task, corrected)

	moved := unique("Container is at slot B2")
	emma.edits(first, moved)
	require.Equal(t, notice.ID, nadia.sees(moved).ID)
	w.task(t, moved, "described anew", func(_ talk.Board, now talk.Task) bool { return now.ID == task.ID })

	nadia.pressesOn(nadia.current(notice.ID), talk.Take)
	nadia.sees("You have")
	answer := unique("Moving it to C3")
	id := nadia.replies(notice, answer)
	emma.hears(answer)
	better := unique("Moving it to D4")
	nadia.edits(id, better)
	emma.sees(better)
	w.note(t, task, better)
	onBoard := unique("Done by four")
	n, err := w.sandbox.BoardComment(t.Context(), nadia.Person.BoardUID, task.ID, onBoard, nil)
	require.NoError(t, err)
	emma.hears(onBoard)
	later := unique("Done by five")
	require.NoError(t, w.sandbox.BoardEdit(t.Context(), n.ID, later))
	emma.sees(later)
}

// A plain message finds its ticket: the only one, one of several, or a new one.
func TestPlainMessagesFindTheirTicket(t *testing.T) {
	w := webhook(t)
	emma, nadia := w.organizer(t, "Emma Plain"), w.nadia(t)
	first := unique("Printer is out of paper")
	emma.says(first) // none is open: it is kept and offered to be filed
	emma.hears("file this as a ticket")
	emma.presses(talk.Equipment)
	emma.hears(talk.ShallIFile, first)
	emma.presses(talk.FileIt)
	emma.hears("is filed")
	nadia.hears(first)

	more := unique("And of ink")
	emma.says(more)
	emma.hears("Added to ticket")
	nadia.hears(more)
	emma.presses("new ticket instead")
	emma.hears(talk.WhatAbout)
	emma.presses(talk.Payment)
	emma.hears(talk.ShallIFile, more)
	emma.presses(talk.FileIt)
	second, err := talk.FiledNumber(emma.hears("is filed").Text)
	require.NoError(t, err)

	which := unique("It is urgent")
	emma.says(which)
	emma.hears("Which ticket")
	emma.presses(fmt.Sprintf("#%d", second))
	emma.hears("Added to ticket", fmt.Sprintf("#%d", second))
	nadia.hears(which, fmt.Sprintf("#%d", second))

	emma.says("/tickets")
	emma.hears("You have filed 2 tickets")
	emma.presses(fmt.Sprintf("#%d", second))
	emma.hears(fmt.Sprintf("#%d", second), which)
	emma.presses(talk.Close)
	emma.hears(fmt.Sprintf("Ticket #%d is closed", second))
}

// Going back, dropping and commands in mid-dialogue leave nothing behind.
func TestDialogueCanBeLeft(t *testing.T) {
	w := webhook(t)
	emma := w.organizer(t, "Emma Leaves")
	emma.says("/new")
	emma.hears(talk.WhatAbout)
	emma.presses(talk.Equipment)
	emma.hears(talk.WhatHappens)
	emma.presses("Back")
	emma.hears(talk.WhatAbout)
	emma.says("/tickets") // a short one goes through; the dialogue stays open
	emma.hears("You have no tickets yet")
	emma.presses(talk.Payment)
	emma.hears(talk.WhatHappens)
	require.NoError(t, emma.Other(t.Context(), "sticker"))
	emma.hears("not this")
	emma.says("/cancel")
	emma.hears("Cancelled")
	emma.says("/cancel")
	emma.hears("nothing to cancel")
	w.becomes(t, 0, "SELECT count(*) FROM tickets t JOIN people p ON p.id = t.organizer_id WHERE p.telegram_id = $1", emma.Person.ID)
}

// Files of all sorts go both ways, albums as albums, captions with them.
func TestFilesGoBothWays(t *testing.T) {
	w := webhook(t)
	emma, nadia := w.organizer(t, "Emma Files"), w.nadia(t)
	words := unique("Papers for the customs")
	emma.files(talk.Other, words)
	notice := nadia.hears(words)
	nadia.pressesOn(notice, talk.Take)
	nadia.sees("You have", words)
	task := w.task(t, words, "taken", standsIn("Taken"))

	caption := unique("both pages")
	emma.sends("photo", caption, picture("one.png"), picture("two.png"))
	album := nadia.hears(caption)
	require.NotEmpty(t, album.Album)
	require.Eventually(t, func() bool {
		parts := 0
		for _, m := range nadia.Messages() {
			if m.Album == album.Album && len(m.Files) == 1 && m.Files[0].Kind == "photo" {
				parts++
			}
		}
		return parts == 2
	}, patience, tick)

	_, err := nadia.Send(t.Context(), "document", unique("the form"), notice.ID, talk.Upload{Name: "form.pdf", Data: []byte("%PDF-1.4 nothing")})
	require.NoError(t, err)
	emma.awaits("the form", hasFile("document", "form.pdf"))
	_, err = nadia.Send(t.Context(), "voice", "", notice.ID, talk.Upload{Name: "say.ogg", Data: []byte("OggS nothing")})
	require.NoError(t, err)
	emma.awaits("the voice", hasFile("voice", ""))

	w.board(t, "four uploads", func(b talk.Board) bool {
		files := 0
		for _, n := range b.Notes(task.ID) {
			if n.File != nil && n.File.Size > 0 {
				files++
			}
		}
		return files == 4
	})
}

// hasFile takes a message of the bot's with a file; any name when none is given.
func hasFile(kind, name string) func(talk.Heard) bool {
	return func(h talk.Heard) bool {
		return h.Kind == "message" && h.Message.ByBot() && len(h.Message.Files) == 1 && h.Message.Files[0].Kind == kind &&
			(name == "" || h.Message.Files[0].Name == name)
	}
}
