package e2e

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/talk"
)

func (w *world) dina(t *testing.T) *person   { return w.role(t, "Dina Yusupova") }  // a dispatcher at Chukursay
func (w *world) rustam(t *testing.T) *person { return w.role(t, "Рустам Каримов") } // one at Sergeli, who reads Russian
func (w *world) daniel(t *testing.T) *person { return w.role(t, "Daniel Reed") }    // a manager

// box makes the number of a container that is in no other test. Its check digit is not the one that two remainders share,
// so that a number in Cyrillic can be read in one way only.
func box() string {
	for {
		if number := talk.Box("MSK", 600000+int(made.Add(1))); number[10] != '0' {
			return number
		}
	}
}

// gatesIn records a gate-in of a box as a dispatcher, with what is typed behind the number, such as a time.
func (p *person) gatesIn(number, client, behind string) {
	p.t.Helper()
	p.says("/in " + number + " " + behind)
	p.hears(talk.WhichSize, talk.Spaced(number))
	p.says("22G1")
	p.hears(talk.WhichLoad)
	p.presses(talk.Laden)
	p.hears(talk.WhichOwner)
	p.says(client)
	p.hears("Gate-in of", talk.Spaced(number))
	p.presses(talk.Save)
	p.hears(talk.Spaced(number), "is in at")
}

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
	dina, number := w.dina(t), box()
	cyrillic := "мску " + number[4:10] + "-" + number[10:]
	dina.says(cyrillic)
	dina.hears(talk.Spaced(number), "never been here")
	dina.presses(talk.GateIn)
	dina.hears(talk.WhichSize, talk.Spaced(number))
	dina.presses("45G1")
	dina.hears(talk.WhichLoad)
	dina.presses("Back")
	dina.hears(talk.WhichSize)
	dina.presses("22G1")
	dina.hears(talk.WhichLoad)
	dina.presses(talk.Laden)
	dina.hears(talk.WhichOwner)
	dina.says("anor foods")
	dina.hears("Gate-in of", talk.Spaced(number), "Chukursay", "Anor Foods", "22G1", "Time: now")
	dina.presses(talk.More)
	dina.hears("What shall I add?")
	dina.presses("Photos")
	dina.hears("Send the photos")
	dina.sends("photo", "", picture("front.png"), picture("door.png"))
	dina.awaits("both photos to be taken", talk.Shows(talk.GotIt))
	dina.presses(talk.Done)
	dina.hears("Gate-in of", "2 photos")
	dina.presses(talk.Save)
	dina.hears(talk.Spaced(number), "is in at Chukursay")

	dina.says(strings.ToLower(talk.Spaced(number)))
	card := dina.hears(talk.Spaced(number), "is at Chukursay", "Anor Foods", "1 day")
	_, ok := card.Button(talk.Release)
	require.True(t, ok)
	require.LessOrEqual(t, len(card.Rows), 3)
	require.Equal(t, 1, w.movements(t, number, "gate_in"))
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM movements WHERE details->>'typed' = $1", cyrillic))

	dina.says("/in " + number)
	dina.hears("is at Chukursay", "Which number instead?")
	dina.says("/cancel")
	dina.hears("Cancelled")
}

// Of a pasted list all go but the one with a slip, for which the one that is meant is offered.
func TestReleaseOfAListWithASlip(t *testing.T) {
	w := webhook(t)
	dina, first, second := w.dina(t), box(), box()
	dina.gatesIn(first, "Anor Foods", "")
	dina.gatesIn(second, "Anor Foods", "")
	slip := second[:9] + string('0'+(second[9]-'0'+5)%10) + second[10:]
	dina.says("/out " + first + "\n" + slip)
	dina.hears(talk.Spaced(slip), "Which is meant?")
	dina.presses(talk.Spaced(second))
	dina.hears(talk.WhatTakes)
	dina.presses(talk.Skip)
	dina.hears("Release these 2 containers?", talk.Spaced(first), talk.Spaced(second))
	dina.presses(talk.Save)
	dina.hears("2 containers are released", talk.Spaced(first), talk.Spaced(second))
	for _, number := range []string{first, second} {
		require.Equal(t, 1, w.movements(t, number, "gate_out"))
	}
	dina.says("/out " + first)
	dina.hears(talk.Spaced(first), "left", "Which number instead?")
	dina.says("/cancel")
	dina.hears("Cancelled")
}

// A client may demand an order, and a held box stays.
func TestReleaseWantsItsOrderAndNoHold(t *testing.T) {
	w := webhook(t)
	dina, olivia, number := w.dina(t), w.owner(t), box()
	dina.gatesIn(number, "Tuya Cotton", "")
	_, err := w.db.Exec(t.Context(), "UPDATE companies SET requires_order = (name = 'Tuya Cotton')")
	require.NoError(t, err)
	olivia.says(number)
	olivia.hears(talk.Spaced(number), "is at Chukursay")
	olivia.presses(talk.Hold)
	olivia.hears("Why", talk.Spaced(number))
	olivia.says("customs")
	olivia.hears("is on hold")

	dina.says("/out " + number)
	dina.hears(talk.Spaced(number), "customs")
	dina.says("/cancel")
	dina.hears("Cancelled")
	olivia.says(number)
	olivia.hears("On hold: customs")
	olivia.presses(talk.LiftHold)
	olivia.hears("Why is that over?")
	olivia.says("checked")
	olivia.hears("may be released")

	dina.says("/out " + number)
	dina.hears("against an order only")
	dina.says("RO-17")
	dina.hears(talk.WhatTakes)
	dina.presses(talk.Skip)
	dina.hears("Release this container?", "Order: RO-17")
	dina.presses(talk.Save)
	dina.hears(talk.Spaced(number), "is released")
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM movements m JOIN stays s ON s.id = m.stay_id WHERE s.number = $1 AND details->>'order' = 'RO-17'", number))
}

// A transfer goes on the word of both sides, and the stay goes on.
func TestTransferIsConfirmedByTheOtherSide(t *testing.T) {
	w := webhook(t)
	dina, rustam, number := w.dina(t), w.rustam(t), box()
	dina.gatesIn(number, "Anor Foods", "yesterday 10:00")
	dina.says("/transfer " + number)
	dina.hears("To which terminal?")
	dina.presses("Sergeli")
	dina.hears("What carries it?")
	dina.says("truck 01A777BC")
	dina.hears("Transfer to Sergeli?", talk.Spaced(number))
	dina.presses(talk.Save)
	dina.hears("On its way to Sergeli", talk.Spaced(number))

	notice := rustam.hears(talk.Spaced(number), "Chukursay")
	dina.says(number)
	card := dina.hears("on its way from Chukursay to Sergeli")
	_, may := card.Button(talk.Arrived)
	require.False(t, may, "only the other side says that it arrived")
	rustam.pressesOn(notice, "Прибыл")
	rustam.hears(talk.Spaced(number))
	rustam.presses("Записать")
	rustam.hears(talk.Spaced(number), "Sergeli")
	dina.says(number)
	dina.hears("is at Sergeli", "2 days")
	require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM stays WHERE number = $1", number))
	require.Equal(t, 1, w.movements(t, number, "transfer_in"))
}

// What reaches into a closed day waits for a manager.
func TestCorrectionOnAClosedDay(t *testing.T) {
	w := webhook(t)
	dina, daniel, number := w.dina(t), w.daniel(t), box()
	dina.gatesIn(number, "Anor Foods", "yesterday 10:00")
	w.closes(t, time.Now().AddDate(0, 0, -1))
	dina.says(number)
	dina.hears(talk.Spaced(number), "is at Chukursay", "2 days")
	dina.presses(talk.Correct)
	dina.hears("what is wrong?")
	dina.presses("Client")
	dina.hears("Which client is right?", "Anor Foods")
	dina.says("Lochin Parts")
	dina.hears("Why?")
	dina.says("the papers say so")
	dina.hears("Anor Foods → Lochin Parts", "the papers say so")
	dina.presses("Correct it")
	dina.hears("closed for accounting")
	asked := daniel.hears(talk.Spaced(number), "Anor Foods", "Lochin Parts", "the papers say so")
	dina.says(number)
	dina.hears(talk.Spaced(number), "Anor Foods")
	daniel.pressesOn(asked, "Approve")
	dina.hears("Daniel Reed approved")
	dina.says(number)
	dina.hears(talk.Spaced(number), "Lochin Parts")
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
	dina, olivia, number := w.dina(t), w.owner(t), box()
	dina.gatesIn(number, "Anor Foods", "")
	dina.releases(number)
	olivia.releases(number)
	var both sync.WaitGroup
	for _, p := range []*person{dina, olivia} {
		both.Go(func() { _, _ = p.PressLast(t.Context(), talk.Save, 15) })
	}
	both.Wait()
	outcomes := []string{}
	for _, p := range []*person{dina, olivia} {
		m := p.awaits("an end", func(h talk.Heard) bool {
			return talk.Says(talk.Spaced(number), "is released")(h) || talk.Says(talk.Spaced(number), "left")(h)
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
