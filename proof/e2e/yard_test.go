package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/talk"
)

// works makes somebody new who works in the yard: at a terminal, or everywhere ("").
func (w *world) works(t *testing.T, name, role, terminal string) *person {
	t.Helper()
	p := w.organizer(t, name)
	p.starts("")
	p.hears("Hello!")
	_, err := w.db.Exec(t.Context(), `UPDATE people SET role = $2, post = coalesce((SELECT 'terminal:' || id FROM terminals WHERE name = $3), '')
		WHERE telegram_id = $1`, p.Person.ID, role, terminal)
	require.NoError(t, err)
	t.Cleanup(func() { w.dismiss(p) })
	return p
}

func (w *world) dispatcher(t *testing.T, name string) *person {
	t.Helper()
	return w.works(t, name, "dispatcher", "Chukursay")
}

// box makes the number of a container that is in no other test. Its check digit is not the one that two remainders share,
// so that a number in Cyrillic can be read in one way only.
func box() string {
	for {
		if number := talk.Box("MSK", 600000+int(made.Add(1))); number[10] != '0' {
			return number
		}
	}
}

// stands imports boxes of a client that have come to Chukursay, each laden and of 20 feet.
func (w *world) stands(t *testing.T, client string, entered time.Time, numbers ...string) {
	t.Helper()
	sheet := "Container number,Type,Client,Unloaded at the terminal,Load\n"
	for _, number := range numbers {
		sheet += fmt.Sprintf("%s,22G1,%s,%s,laden\n", number, client, entered.In(tashkent).Format("02.01.2006 15:04"))
	}
	file := filepath.Join(t.TempDir(), "boxes.csv")
	require.NoError(t, os.WriteFile(file, []byte(sheet), 0o600))
	w.run(t, 0, "", "yard", "import", file, "--terminal", "Chukursay", "--new-clients")
}

// yesterday is when boxes that stand came in, if it does not matter.
func yesterday() time.Time { return time.Now().AddDate(0, 0, -1) }

// releases records a release up to the summary; Save is left to press.
func (p *person) releases(numbers string) {
	p.t.Helper()
	p.says("/out " + numbers)
	p.hears(talk.WhatTakes)
	p.says("truck 01A123BC")
	p.hears("Release th")
}

// movements counts a box's movements of a kind.
func (w *world) movements(t *testing.T, number, kind string) int {
	t.Helper()
	return w.counts(t, "SELECT count(*) FROM movements m JOIN stays s ON s.id = m.stay_id WHERE s.number = $1 AND m.kind = $2", number, kind)
}

// A number typed in Cyrillic is enough to begin with, and to see the box afterwards.
func TestGateInBeginsWithANumberInCyrillic(t *testing.T) {
	w := webhook(t)
	dora, number := w.dispatcher(t, "Dora Cyrillic"), box()
	cyrillic := "мску " + number[4:10] + "-" + number[10:]
	dora.says(cyrillic)
	dora.hears(talk.Spaced(number), "never been here")
	dora.presses(talk.GateIn)
	dora.hears(talk.WhichSize, talk.Spaced(number))
	dora.presses("40′ HC")
	dora.hears(talk.WhichLoad)
	dora.presses("Back")
	dora.hears(talk.WhichSize)
	dora.presses("20′ DC")
	dora.hears(talk.WhichLoad)
	dora.presses(talk.Laden)
	dora.hears(talk.WhichOwner)
	dora.says("anor foods")
	dora.hears("Gate-in of", talk.Spaced(number), "Chukursay", "Anor Foods", "22G1", "Time: now")
	dora.presses(talk.More)
	dora.hears("What shall I add?")
	dora.presses("Photos")
	dora.hears("Send the photos")
	dora.sends("photo", "", picture("front.png"), picture("door.png"))
	dora.awaits("both photos to be taken", talk.Shows(talk.GotIt))
	dora.presses(talk.Done)
	dora.hears("Gate-in of", "2 photos")
	dora.presses(talk.Save)
	dora.hears(talk.Spaced(number), "is in at Chukursay")

	dora.says(strings.ToLower(talk.Spaced(number)))
	card := dora.hears(talk.Spaced(number), "is at Chukursay", "Anor Foods", "1 day")
	_, ok := card.Button(talk.Release)
	require.True(t, ok)
	require.LessOrEqual(t, len(card.Rows), 3)
	require.Equal(t, 1, w.movements(t, number, "gate_in"))

	dora.says("/in " + number)
	dora.hears("is at Chukursay", "Which number instead?")
	dora.says("/cancel")
	dora.hears("Cancelled")
}

// Of a pasted list all go but the one with a slip, for which the one that is meant is offered.
func TestReleaseOfAListWithASlip(t *testing.T) {
	w := webhook(t)
	dora, first, second := w.dispatcher(t, "Dora List"), box(), box()
	w.stands(t, "Anor Foods", yesterday(), first, second)
	slip := second[:9] + string('0'+(second[9]-'0'+5)%10) + second[10:]
	dora.says("/out " + first + "\n" + slip)
	dora.hears(talk.Spaced(slip), "Which is meant?")
	dora.presses(talk.Spaced(second))
	dora.hears(talk.WhatTakes)
	dora.presses(talk.Skip)
	dora.hears("Release these 2 containers?", talk.Spaced(first), talk.Spaced(second))
	dora.presses(talk.Save)
	dora.hears("2 containers are released", talk.Spaced(first), talk.Spaced(second))
	for _, number := range []string{first, second} {
		require.Equal(t, 1, w.movements(t, number, "gate_out"))
	}
	dora.says("/out " + first)
	dora.hears(talk.Spaced(first), "left", "Which number instead?")
	dora.says("/cancel")
	dora.hears("Cancelled")
}

// A client may demand an order, and a held box stays.
func TestReleaseWantsItsOrderAndNoHold(t *testing.T) {
	w := webhook(t)
	dora, oscar, number := w.dispatcher(t, "Dora Order"), w.works(t, "Oscar Order", "manager", ""), box()
	w.stands(t, "Tuya Cotton", yesterday(), number) // who demand one
	oscar.says(number)
	oscar.hears(talk.Spaced(number), "is at Chukursay")
	oscar.presses(talk.Hold)
	oscar.hears("Why", talk.Spaced(number))
	oscar.says("customs")
	oscar.hears("is on hold")

	dora.says("/out " + number)
	dora.hears(talk.Spaced(number), "customs")
	dora.says("/cancel")
	dora.hears("Cancelled")
	oscar.says(number)
	oscar.hears("On hold: customs")
	oscar.presses(talk.LiftHold)
	oscar.hears("Why is that over?")
	oscar.says("checked")
	oscar.hears("may be released")

	dora.says("/out " + number)
	dora.hears("against an order only")
	dora.says("RO-17")
	dora.hears(talk.WhatTakes)
	dora.presses(talk.Skip)
	dora.hears("Release this container?", "Order: RO-17")
	dora.presses(talk.Save)
	dora.hears(talk.Spaced(number), "is released")
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM movements m JOIN stays s ON s.id = m.stay_id WHERE s.number = $1 AND details->>'order' = 'RO-17'", number))
}

// A transfer goes on the word of both sides, and the stay goes on.
func TestTransferIsConfirmedByTheOtherSide(t *testing.T) {
	w := webhook(t)
	dora, rustam, number := w.dispatcher(t, "Dora Transfer"), w.role(t, "Рустам Каримов"), box() // he is posted at Sergeli
	w.stands(t, "Anor Foods", yesterday(), number)
	dora.says("/transfer " + number)
	dora.hears("To which terminal?")
	dora.presses("Sergeli")
	dora.hears("What carries it?")
	dora.says("truck 01A777BC")
	dora.hears("Transfer to Sergeli?", talk.Spaced(number))
	dora.presses(talk.Save)
	dora.hears("On its way to Sergeli", talk.Spaced(number))

	notice := rustam.hears(talk.Spaced(number), "Chukursay")
	dora.says(number)
	card := dora.hears("on its way from Chukursay to Sergeli")
	_, may := card.Button(talk.Arrived)
	require.False(t, may, "only the other side says that it arrived")
	rustam.pressesOn(notice, "Прибыл")
	rustam.hears(talk.Spaced(number))
	rustam.presses("Записать")
	rustam.hears(talk.Spaced(number), "Sergeli")
	dora.says(number)
	dora.hears("is at Sergeli", "2 days")
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM stays WHERE number = $1", number))
	require.Equal(t, 1, w.movements(t, number, "transfer_in"))
}

// What reaches into a closed day waits for a manager.
func TestCorrectionOnAClosedDay(t *testing.T) {
	w := webhook(t)
	dora, daniel, number := w.dispatcher(t, "Dora Closed"), w.role(t, "Daniel Reed"), box() // he is a manager
	w.stands(t, "Anor Foods", yesterday(), number)
	w.closes(t, time.Now().AddDate(0, 0, -1))
	dora.says(number)
	dora.hears(talk.Spaced(number), "is at Chukursay", "2 days")
	dora.presses(talk.Correct)
	dora.hears("what is wrong?")
	dora.presses("Client")
	dora.hears("Which client is right?", "Anor Foods")
	dora.says("Lochin Parts")
	dora.hears("Why?")
	dora.says("the papers say so")
	dora.hears("Anor Foods → Lochin Parts", "the papers say so")
	dora.presses("Correct it")
	dora.hears("closed for accounting")
	asked := daniel.hears(talk.Spaced(number), "Anor Foods", "Lochin Parts", "the papers say so")
	dora.says(number)
	dora.hears(talk.Spaced(number), "Anor Foods")
	daniel.pressesOn(asked, "Approve")
	dora.hears("Daniel Reed approved")
	dora.says(number)
	dora.hears(talk.Spaced(number), "Lochin Parts")
	require.Equal(t, 2, w.movements(t, number, "gate_in"), "the first one stays, and no longer counts")
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM movements WHERE reason = 'the papers say so' AND replaces IS NOT NULL AND approved_by IS NOT NULL"))
}

// closes closes the days up to one for accounting, as long as the test lasts.
func (w *world) closes(t *testing.T, through time.Time) {
	t.Helper()
	set := func(day any) {
		_, err := w.db.Exec(context.Background(), `INSERT INTO yards (workspace_id, closed_through) SELECT min(id), $1 FROM workspaces
			ON CONFLICT (workspace_id) DO UPDATE SET closed_through = excluded.closed_through`, day)
		require.NoError(t, err)
	}
	set(through)
	t.Cleanup(func() { set(nil) })
}

// Two press Save for one box at the same moment: it leaves once, and the other is told.
func TestOneOfTwoReleasesABox(t *testing.T) {
	w := webhook(t)
	dora, oscar, number := w.dispatcher(t, "Dora Race"), w.works(t, "Oscar Race", "manager", ""), box()
	w.stands(t, "Anor Foods", yesterday(), number)
	dora.releases(number)
	oscar.releases(number)
	var both sync.WaitGroup
	for _, p := range []*person{dora, oscar} {
		both.Go(func() { _, _ = p.PressLast(t.Context(), talk.Save, 15) })
	}
	both.Wait()
	outcomes := []string{}
	for _, p := range []*person{dora, oscar} {
		m := p.awaits("an end", func(h talk.Heard) bool {
			return talk.Says(talk.Spaced(number), "is released")(h) || talk.Says(talk.Spaced(number), "was released")(h)
		})
		outcomes = append(outcomes, map[bool]string{true: "won", false: "told"}[strings.Contains(m.Text, "is released")])
	}
	require.ElementsMatch(t, []string{"won", "told"}, outcomes)
	require.Equal(t, 1, w.movements(t, number, "gate_out"))
}

// Somebody without a post in the yard who types a number gets the desk.
func TestAClientWhoTypesANumberGetsTheDesk(t *testing.T) {
	w := webhook(t)
	emma, number := w.organizer(t, "Emma Number"), box()
	emma.says(number)
	emma.hears("file this as a ticket")
	emma.says("/in " + number)
	emma.hears("command")
	emma.says("/cancel")
	require.Zero(t, w.counts(t, "SELECT count(*) FROM stays WHERE number = $1", number))
}
