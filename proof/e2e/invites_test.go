package e2e

import (
	"context"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/talk"
)

var link = regexp.MustCompile(`start=(inv_[A-Za-z0-9_-]+)`)

// invites asks for an invite's link and gives its payload.
func (p *person) invites() string {
	p.t.Helper()
	p.says("/invite agent")
	m := link.FindStringSubmatch(p.hears("start=inv_").Text)
	require.NotNil(p.t, m)
	return m[1]
}

func TestInviteMakesAnAgentOnce(t *testing.T) {
	w := webhook(t)
	olivia, sam, late := w.owner(t), w.organizer(t, "Sam Agent"), w.organizer(t, "Lena Late")
	payload := olivia.invites()
	sam.starts(payload)
	sam.hears("Welcome to the team")
	t.Cleanup(func() { w.dismiss(sam) })
	late.starts(payload)
	late.hears("used up")
	late.says("/queue")
	late.hears("command")
	sam.starts(payload) // again, by somebody who is an agent now
	sam.hears("already: Agent")

	emma, words := w.organizer(t, "Emma Asks"), unique("Where is my container")
	emma.files(talk.Other, words)
	notice := sam.hears(words)
	sam.says("/queue")
	sam.hears("wait")
	sam.pressesOn(notice, talk.Take)
	sam.sees("You have", words)
	emma.hears("Sam Agent is taking care")
	w.task(t, words, "taken by somebody unknown to the board", standsIn("Taken"))
	sam.says("/mine")
	sam.hears("working on 1 ticket", words)
}

func TestInvitesGoStale(t *testing.T) {
	w := webhook(t)
	olivia, sam := w.owner(t), w.organizer(t, "Sam Stale")
	payload := olivia.invites()
	_, err := w.db.Exec(t.Context(), "UPDATE invites SET expires_at = now() - interval '1 minute' WHERE uses = 0")
	require.NoError(t, err)
	sam.starts(payload)
	sam.hears("expired")
	sam.starts("inv_madeup")
	sam.hears("no such invitation")
	sam.starts("nobody_knows_this")
	sam.hears("Hello!")
	sam.says("/invite") // not for clients
	sam.hears("command")
}

// dismiss makes somebody who became an agent a client again, so that later tests tell them nothing.
func (w *world) dismiss(p *person) {
	_, err := w.db.Exec(context.Background(), "UPDATE people SET role = 'client' WHERE telegram_id = $1", p.Person.ID)
	require.NoError(p.t, err)
}
