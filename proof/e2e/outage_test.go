package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/stack"
	"quaydesk/proof/talk"
)

// With a Bot API that refuses, breaks off and loses its answers, the talk takes longer and comes to the same end.
func TestTheBotAPIMisbehaves(t *testing.T) {
	for name, fault := range map[string]talk.Fault{
		"refuses for a while": {TooMany: 0.3, RetryAfter: 1},
		"server errors":       {ServerError: 0.3},
		"answers get lost":    {Lost: 0.3},
		"duplicates webhooks": {Duplicates: 1},
		"reorders webhooks":   {Reorder: 0.5},
	} {
		t.Run(name, func(t *testing.T) {
			w := webhook(t)
			emma, nadia := w.organizer(t, "Emma Patient"), w.nadia(t)
			f := talk.Healthy()
			f.Telegram = fault
			require.NoError(t, w.sandbox.SetFaults(t.Context(), f))
			words := unique("The line is bad")
			number := emma.files(talk.Equipment, words)
			notice := nadia.hears(words)
			nadia.pressesOn(notice, talk.Take)
			emma.hears("is taking care", fmt.Sprintf("#%d", number))
			answer := unique("I hear you")
			// Of a notice that came twice the bot knows only the one whose sending was answered: that became the card.
			nadia.replies(nadia.sees("You have", fmt.Sprintf("#%d", number)), answer)
			emma.hears(answer)
			require.NoError(t, w.sandbox.SetFaults(t.Context(), talk.Healthy()))
			w.quiet(t)
			require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM comments WHERE text = $1", words))
			require.Equal(t, 1, w.counts(t, "SELECT count(*) FROM comments WHERE text = $1", answer))
			if fault.Lost == 0 { // a reply whose answer was lost is sent again
				emma.heardOnce(answer)
			}
		})
	}
}

// quiet waits until nothing is on its way any more.
func (w *world) quiet(t *testing.T) {
	t.Helper()
	w.becomes(t, 0, "SELECT count(*) FROM updates WHERE delivered_at IS NULL OR handled_at IS NULL AND conversation <> ''")
	w.becomes(t, 0, "SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending')")
}

// People talk on while a part is away, and are answered when it is back.
func TestAPartIsKilledWhilePeopleTalk(t *testing.T) {
	for _, part := range []stack.Part{stack.Engine, stack.Worker, stack.Gateway, stack.Postgres, stack.Web, stack.Sandbox} {
		t.Run(string(part), func(t *testing.T) {
			w := webhook(t)
			emma, nadia := w.organizer(t, "Emma Waits"), w.nadia(t)
			words := unique("Lights are out")
			emma.says("/new")
			emma.hears(talk.WhatAbout)
			emma.presses(talk.Equipment)
			emma.hears(talk.WhatHappens)
			require.NoError(t, w.Kill(part))
			if part == stack.Sandbox { // nobody can say anything until Telegram is back
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				require.NoError(t, w.Ready(ctx))
			}
			emma.says(words)
			emma.hears(talk.GotIt)
			emma.confirms(words)
			nadia.hears(words)
			w.task(t, words, "there", anyhow)
			w.quiet(t)
			emma.heardOnce("is filed")
		})
	}
}

// Everything is killed and started again: everybody goes on where they were.
func TestEverythingIsKilled(t *testing.T) {
	w := webhook(t)
	emma, nadia := w.organizer(t, "Emma Stays"), w.nadia(t)
	before := unique("Filed before")
	emma.files(talk.Equipment, before)
	notice := nadia.hears(before)
	words := unique("Said before the end")
	emma.says("/new")
	emma.hears(talk.WhatAbout)
	emma.presses(talk.Payment)
	emma.hears(talk.WhatHappens)
	emma.says(words)
	emma.hears(talk.GotIt)
	require.NoError(t, w.KillAll())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, w.Up(ctx))
	emma.confirms(words)
	nadia.hears(words)
	nadia.pressesOn(notice, talk.Take)
	nadia.sees("You have", before)
	emma.hears("is taking care")
	w.quiet(t)
}
