package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/proof/talk"
)

// person is somebody in a test, whose talk fails the test when it does not go as it should.
type person struct {
	*talk.Chat
	t *testing.T
	w *world
}

var made atomic.Int64

// unique makes words that occur in one test only.
func unique(words string) string { return fmt.Sprintf("%s q%d", words, made.Add(1)) }

// organizer makes somebody new who speaks English.
func (w *world) organizer(t *testing.T, name string) *person {
	t.Helper()
	p, err := w.sandbox.NewPerson(t.Context(), name, "en")
	require.NoError(t, err)
	return w.person(t, p)
}

// role opens the chat of somebody of the demo world, who may have heard much before: all of it counts as read.
func (w *world) role(t *testing.T, name string) *person {
	t.Helper()
	for _, p := range w.sandbox.World.People {
		if p.Name == name {
			out := w.person(t, p)
			out.Skip()
			return out
		}
	}
	require.Fail(t, "nobody in the demo world is called "+name)
	return nil
}

func (w *world) owner(t *testing.T) *person { return w.role(t, "Olivia Hart") }
func (w *world) nadia(t *testing.T) *person { return w.role(t, "Nadia Brooks") }  // an agent
func (w *world) igor(t *testing.T) *person  { return w.role(t, "Игорь Лебедев") } // another, who reads Russian

func (w *world) person(t *testing.T, p talk.Person) *person {
	t.Helper()
	chat, err := w.sandbox.Chat(t.Context(), p)
	require.NoError(t, err)
	out := &person{Chat: chat, t: t, w: w}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(out.Transcript())
		}
	})
	return out
}

func (p *person) waiting() (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.t.Context(), patience)
}

// starts presses Start, or opens a link with a payload.
func (p *person) starts(payload string) {
	p.t.Helper()
	require.NoError(p.t, p.Start(p.t.Context(), payload))
}

// says sends a text.
func (p *person) says(text string) int {
	p.t.Helper()
	id, err := p.Say(p.t.Context(), text)
	require.NoError(p.t, err)
	return id
}

// replies sends a text as a reply.
func (p *person) replies(to talk.Message, text string) int {
	p.t.Helper()
	id, err := p.Reply(p.t.Context(), to.ID, text)
	require.NoError(p.t, err)
	return id
}

// sends sends files, several as an album.
func (p *person) sends(kind, caption string, files ...talk.Upload) []int {
	p.t.Helper()
	ids, err := p.Send(p.t.Context(), kind, caption, 0, files...)
	require.NoError(p.t, err)
	return ids
}

// edits changes an own message.
func (p *person) edits(id int, text string) {
	p.t.Helper()
	require.NoError(p.t, p.Edit(p.t.Context(), id, text))
}

// presses presses the newest button with a label, and sees its spinner end.
func (p *person) presses(label string) talk.Pressed {
	p.t.Helper()
	out, err := p.PressLast(p.t.Context(), label, 15)
	require.NoError(p.t, err)
	require.True(p.t, out.Answered, "the spinner of %q hangs", label)
	return out
}

// pressesOn presses a button of a certain message, as it was when it was heard.
func (p *person) pressesOn(m talk.Message, label string) talk.Pressed {
	p.t.Helper()
	b, ok := m.Button(label)
	require.True(p.t, ok, "%s has no button %q", m, label)
	out, err := p.Press(p.t.Context(), m.ID, b, 15)
	require.NoError(p.t, err)
	require.True(p.t, out.Answered, "the spinner of %q hangs", label)
	return out
}

// hears waits for a new message that holds all fragments.
func (p *person) hears(fragments ...string) talk.Message {
	p.t.Helper()
	return p.awaits(fmt.Sprintf("a message with %q", fragments), talk.Says(fragments...))
}

// sees waits for a message that becomes one with all fragments.
func (p *person) sees(fragments ...string) talk.Message {
	p.t.Helper()
	return p.awaits(fmt.Sprintf("an edit to %q", fragments), talk.Edits(fragments...))
}

func (p *person) awaits(what string, match func(talk.Heard) bool) talk.Message {
	p.t.Helper()
	ctx, cancel := p.waiting()
	defer cancel()
	h, err := p.Await(ctx, match)
	require.NoError(p.t, err, "%s waits for %s", p.Person.Name, what)
	return h.Message
}

// heardOnce requires that a fragment came in exactly one message of the bot's, as it stands now.
func (p *person) heardOnce(fragment string) talk.Message {
	p.t.Helper()
	var found []talk.Message
	for _, h := range p.Log() {
		if talk.Says(fragment)(h) {
			found = append(found, h.Message)
		}
	}
	require.Len(p.t, found, 1, "%s heard %q", p.Person.Name, fragment)
	return found[0]
}

// neverHeard requires that a fragment never came, at no time and in no form.
func (p *person) neverHeard(fragment string) {
	p.t.Helper()
	require.False(p.t, slices.ContainsFunc(p.Log(), talk.Shows(fragment)), "%s heard %q", p.Person.Name, fragment)
}

// files goes through the whole dialogue and gives the ticket's number.
func (p *person) files(category, what string) int {
	p.t.Helper()
	p.says("/new")
	p.hears(talk.WhatAbout)
	p.presses(category)
	p.hears(talk.WhatHappens)
	p.says(what)
	p.hears(talk.GotIt)
	return p.confirms(what)
}

// confirms ends the dialogue from the collecting on.
func (p *person) confirms(what string) int {
	p.t.Helper()
	p.presses(talk.Done)
	p.hears(talk.ShallIFile, what)
	p.presses(talk.FileIt)
	n, err := talk.FiledNumber(p.hears("is filed").Text)
	require.NoError(p.t, err)
	return n
}

// board waits until the board is as it should be.
func (w *world) board(t *testing.T, why string, match func(talk.Board) bool) talk.Board {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	b, err := w.sandbox.AwaitBoard(ctx, match)
	if errors.Is(err, context.DeadlineExceeded) {
		require.Fail(t, "the board never came to: "+why, "tasks: %+v\ncomments: %+v", b.Tasks, b.Comments)
	}
	require.NoError(t, err)
	return b
}

// task waits for the task about a fragment, once it is as it should be.
func (w *world) task(t *testing.T, fragment, why string, match func(talk.Board, talk.Task) bool) talk.Task {
	t.Helper()
	b := w.board(t, why, func(b talk.Board) bool {
		tasks := b.Task(fragment)
		return len(tasks) == 1 && match(b, tasks[0])
	})
	return b.Task(fragment)[0]
}

// note waits for a comment on a task.
func (w *world) note(t *testing.T, task talk.Task, fragment string) talk.Note {
	t.Helper()
	var found talk.Note
	has := regexp.MustCompile(regexp.QuoteMeta(fragment))
	w.board(t, fmt.Sprintf("a comment with %q", fragment), func(b talk.Board) bool {
		for _, n := range b.Notes(task.ID) {
			if has.MatchString(n.Content) {
				found = n
				return true
			}
		}
		return false
	})
	return found
}

// standsIn takes a task that stands in a section.
func standsIn(section string) func(talk.Board, talk.Task) bool {
	return func(b talk.Board, t talk.Task) bool { return b.SectionName(t) == section && !t.Checked }
}

func anyhow(talk.Board, talk.Task) bool { return true }

// picture makes a small photo.
func picture(name string) talk.Upload {
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			img.Set(x, y, color.RGBA{uint8(x * 4), uint8(y * 5), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // a buffer takes everything
	}
	return talk.Upload{Name: name, Data: b.Bytes()}
}

// current gives a message as it stands now.
func (p *person) current(id int) talk.Message {
	p.t.Helper()
	m, ok := p.Last(func(m talk.Message) bool { return m.ID == id })
	require.True(p.t, ok, "%s has no message %d", p.Person.Name, id)
	return m
}
