package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/stack"
	"quaydesk/proof/talk"
)

// world is the product that all tests look at, with people of their own.
type world struct {
	*stack.Stack
	sandbox *talk.Sandbox
}

var running = sync.OnceValues(func() (*world, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // the engine may have to be built
	defer cancel()
	s, err := stack.Start(ctx)
	if err != nil {
		return nil, err
	}
	opened = &world{Stack: s}
	opened.sandbox, err = talk.Watch(ctx, s.SandboxURL, nil)
	return opened, err
})

var opened *world

func TestMain(m *testing.M) {
	code := m.Run()
	if opened != nil {
		if opened.sandbox != nil {
			opened.sandbox.Close()
		}
		if err := opened.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "closing the product:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// visit opens a tab on a page of the product; pictures of it are kept in the temporary folder quaydesk-pictures.
func visit(t *testing.T, width, height int64) (*world, *Tab) {
	t.Helper()
	w, err := running()
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	tab, err := Open(ctx, width, height)
	t.Cleanup(cancel)
	if errors.Is(err, ErrNone) {
		t.Skip(err)
	}
	require.NoError(t, err)
	t.Cleanup(func() {
		path := filepath.Join(os.TempDir(), "quaydesk-pictures", t.Name()+".png")
		if err := tab.Picture(path); err == nil {
			t.Log("picture:", path)
		}
		if t.Failed() {
			t.Log(w.Tail(3000))
		}
	})
	return w, tab
}

// person makes an organizer.
func (w *world) person(t *testing.T, name string) *talk.Chat {
	t.Helper()
	p, err := w.sandbox.NewPerson(t.Context(), name, "en")
	require.NoError(t, err)
	return w.chat(t, p)
}

// nadia is an agent, who is on the board too.
func (w *world) nadia(t *testing.T) *talk.Chat {
	t.Helper()
	for _, p := range w.sandbox.World.People {
		if p.Name == "Nadia Brooks" {
			return w.chat(t, p)
		}
	}
	require.Fail(t, "there is no Nadia")
	return nil
}

func (w *world) chat(t *testing.T, p talk.Person) *talk.Chat {
	t.Helper()
	c, err := w.sandbox.Chat(t.Context(), p)
	require.NoError(t, err)
	c.Skip()
	return c
}

func hears(t *testing.T, c *talk.Chat, match func(talk.Heard) bool) talk.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	h, err := c.Await(ctx, match)
	require.NoError(t, err, c.Transcript())
	return h.Message
}

// shows waits until a chat on the page shows words.
func shows(t *testing.T, tab *Tab, person int64, words string) {
	t.Helper()
	require.NoError(t, tab.Until(`document.querySelector('.chat[data-person="%d"] .list')?.textContent.includes(%q)`, person, words))
}

// press clicks the newest button with a label in a chat on the page.
func press(t *testing.T, tab *Tab, person int64, label string) {
	t.Helper()
	require.NoError(t, tab.Until(`(() => {
		const all = [...document.querySelectorAll('.chat[data-person="%d"] .key')].filter(k => k.textContent.includes(%q));
		const key = all[all.length - 1]; key?.click(); return key !== undefined })()`, person, label))
}

// A ticket is filed and taken by mouse, two people side by side.
func TestChatPage(t *testing.T) {
	w, tab := visit(t, 1200, 800)
	emma, nadia := w.person(t, "Emma Mouse"), w.nadia(t)
	write := fmt.Sprintf(`.chat[data-person="%d"] textarea`, emma.Person.ID)
	require.NoError(t, tab.Visit(fmt.Sprintf("%s/?people=%d,%d", w.SandboxURL, emma.Person.ID, nadia.Person.ID)))
	require.NoError(t, tab.Click(`.chat[data-person="%d"] [data-action=start]`, emma.Person.ID))
	shows(t, tab, emma.Person.ID, "Hello!")
	press(t, tab, emma.Person.ID, talk.NewTicket)
	shows(t, tab, emma.Person.ID, talk.WhatAbout)
	press(t, tab, emma.Person.ID, talk.Equipment)
	shows(t, tab, emma.Person.ID, talk.WhatHappens)
	require.NoError(t, tab.Type(write, "The page shows a crane"+Enter))
	shows(t, tab, emma.Person.ID, talk.GotIt)
	press(t, tab, emma.Person.ID, talk.Done)
	shows(t, tab, emma.Person.ID, talk.ShallIFile)
	press(t, tab, emma.Person.ID, talk.FileIt)
	shows(t, tab, emma.Person.ID, "is filed")
	shows(t, tab, nadia.Person.ID, "The page shows a crane")
	press(t, tab, nadia.Person.ID, talk.Take)
	shows(t, tab, nadia.Person.ID, "You have")
	shows(t, tab, emma.Person.ID, "Nadia Brooks is taking care")
	// Live means live: what is said elsewhere appears by itself.
	_, err := emma.Say(t.Context(), "and a gull")
	require.NoError(t, err)
	shows(t, tab, nadia.Person.ID, "and a gull")
}

// A phone and a keyboard are enough.
func TestChatPageOnAPhoneByKeyboard(t *testing.T) {
	w, tab := visit(t, 390, 844)
	emma := w.person(t, "Emma Keys")
	id := emma.Person.ID
	require.NoError(t, emma.Start(t.Context(), ""))
	hears(t, emma, talk.Says("Hello!"))
	require.NoError(t, tab.Visit(fmt.Sprintf("%s/?people=%d", w.SandboxURL, id)))
	shows(t, tab, id, "Hello!")
	require.NoError(t, tab.Until(`document.documentElement.scrollWidth <= 390`))
	walkTo := func(label string) {
		t.Helper()
		require.NoError(t, tab.Walk(`e.matches('.key') && e.textContent.includes(%q)`, label))
		require.NoError(t, tab.Keys(Enter))
	}
	write := func(text string) {
		t.Helper()
		require.NoError(t, tab.Walk(`e.matches('textarea')`))
		require.NoError(t, tab.Keys(text+Enter))
	}
	write("/new")
	shows(t, tab, id, talk.WhatAbout)
	walkTo(talk.Payment)
	shows(t, tab, id, talk.WhatHappens)
	write("Typed on a phone")
	shows(t, tab, id, talk.GotIt)
	walkTo(talk.Done)
	shows(t, tab, id, talk.ShallIFile)
	walkTo(talk.FileIt)
	hears(t, emma, talk.Says("is filed"))
	shows(t, tab, id, "is filed")
	require.NoError(t, tab.Until(`document.documentElement.scrollWidth <= 390`))
}

// What is done on the board's page is heard in the chats, and the other way round.
func TestBoardPage(t *testing.T) {
	w, tab := visit(t, 1200, 800)
	emma, nadia := w.person(t, "Emma Board"), w.nadia(t)
	require.NoError(t, tab.Visit(w.SandboxURL+"/board"))
	require.NoError(t, tab.Until(`document.querySelector('.live.on')`))
	ask := func(text string, match func(talk.Heard) bool) {
		t.Helper()
		_, err := emma.Say(t.Context(), text)
		require.NoError(t, err)
		hears(t, emma, match)
	}
	tap := func(label string, match func(talk.Heard) bool) {
		t.Helper()
		_, err := emma.PressLast(t.Context(), label, 15)
		require.NoError(t, err)
		hears(t, emma, match)
	}
	ask("/new", talk.Says(talk.WhatAbout))
	tap(talk.Equipment, talk.Says(talk.WhatHappens))
	ask("A card for the board", talk.Says(talk.GotIt))
	tap(talk.Done, talk.Says(talk.ShallIFile))
	tap(talk.FileIt, talk.Says("is filed"))
	hears(t, nadia, talk.Says("A card for the board"))

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	b, err := w.sandbox.AwaitBoard(ctx, func(b talk.Board) bool { return len(b.Task("A card for the board")) == 1 })
	require.NoError(t, err)
	task := b.Task("A card for the board")[0]
	taken, err := b.SectionID("Taken")
	require.NoError(t, err)
	card := fmt.Sprintf(`.card[data-task="%s"]`, task.ID)
	require.NoError(t, tab.Until(`document.querySelector('%s')?.textContent.includes('A card for the board')`, card))
	require.NoError(t, tab.Choose("#acting", nadia.Person.BoardUID))
	require.NoError(t, tab.Drag(card, fmt.Sprintf(`.column[data-section="%s"]`, taken)))
	hears(t, emma, talk.Says("Nadia Brooks is taking care"))

	require.NoError(t, tab.Click("%s", card))
	require.NoError(t, tab.Type(".composer textarea", "Seen on the board"))
	require.NoError(t, tab.Click("[data-action=send]"))
	hears(t, emma, talk.Says("Seen on the board"))
	_, err = emma.Say(t.Context(), "Heard in the chat")
	require.NoError(t, err)
	require.NoError(t, tab.Until(`document.querySelector('.comments').textContent.includes('Heard in the chat')`))
	require.NoError(t, tab.Click("#detail [data-action=complete]"))
	hears(t, emma, talk.Says("Nadia Brooks closed ticket"))
}
