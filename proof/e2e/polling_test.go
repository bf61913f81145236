package e2e

import (
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/talk"
)

// The same loop by long polling, for somebody with a bot's token and no public address.
func TestPolling(t *testing.T) {
	w := ready(t, polling)
	olivia, sam, emma := w.owner(t), w.organizer(t, "Sam Polled"), w.organizer(t, "Emma Polled")
	sam.starts(olivia.invites())
	sam.hears("Welcome to the team")
	words := unique("No public address here")
	emma.files(talk.Equipment, words)
	notice := sam.hears(words)
	sam.pressesOn(notice, talk.Take)
	emma.hears("Sam Polled is taking care")
	w.task(t, words, "taken", standsIn("Taken"))
	answer := unique("None is needed")
	sam.replies(notice, answer)
	emma.hears(answer)

	// Killed in the middle, it asks again for what it had not written down.
	emma.says("/new")
	emma.hears(talk.WhatAbout)
	emma.presses(talk.Equipment)
	emma.hears(talk.WhatHappens)
	require.NoError(t, w.Kill("gateway"))
	more := unique("Said while nobody listened")
	emma.says(more)
	emma.hears(talk.GotIt)
	emma.confirms(more)
	sam.hears(more)
	w.quiet(t)
	emma.heardOnce(answer)

	// Nobody has taken the second one: staff is reminded, here after some seconds.
	sam.hears("Nobody has taken", more)
	olivia.hears("Nobody has taken", more)
}
