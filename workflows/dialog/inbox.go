package dialog

import (
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"quaydesk/domain/chat"
)

const (
	albumPause = time.Second // Telegram sends the parts of an album within milliseconds of each other
	albumParts = 10
	seenWindow = 100 // updates; a repeat comes right after its first
)

// inbox gives the events of a conversation one by one, repeats dropped and the parts of an album as one.
type inbox struct {
	ctx    workflow.Context
	events workflow.ReceiveChannel
	seen   []int64
	ahead  *chat.Event // taken from the channel, not yet handled

	timer  workflow.Future
	rings  time.Time
	cancel workflow.CancelFunc
}

// happening is an event with the messages it is made of and the updates it came in.
type happening struct {
	event   chat.Event
	pieces  []Piece
	updates []int64
}

// take gives the next event if there is one.
func (in *inbox) take() (chat.Event, bool) {
	if in.ahead != nil {
		e := *in.ahead
		in.ahead = nil
		return e, true
	}
	for {
		var e chat.Event
		if !in.events.ReceiveAsync(&e) {
			return e, false
		}
		if slices.Contains(in.seen, e.Update) {
			continue
		}
		in.seen = append(in.seen, e.Update)
		if len(in.seen) > seenWindow {
			in.seen = slices.Delete(in.seen, 0, len(in.seen)-seenWindow)
		}
		return e, true
	}
}

// look takes the next event from the channel and keeps it for take.
func (in *inbox) look() {
	if e, ok := in.take(); ok {
		in.ahead = &e
	}
}

// gather gives an event with the rest of its album, for which it waits a little.
func (in *inbox) gather(e chat.Event) happening {
	h := happening{event: e}
	h.add(e)
	for e.Kind == chat.Sent && e.Album != "" && len(h.pieces) < albumParts {
		next, ok := in.take()
		if !ok {
			if !in.pause() {
				break
			}
			continue
		}
		if next.Kind != chat.Sent || next.Album != e.Album {
			in.ahead = &next
			break
		}
		h.add(next)
	}
	whole := collected(h.pieces)
	h.event.Text, h.event.Files = whole.Text, whole.Files
	return h
}

func (h *happening) add(e chat.Event) {
	h.pieces = append(h.pieces, Piece{Message: e.Message, Text: e.Text, Files: e.Files})
	h.updates = append(h.updates, e.Update)
}

// pause waits for another part of an album and tells whether something came.
func (in *inbox) pause() bool {
	ctx, cancel := workflow.WithCancel(in.ctx)
	defer cancel()
	came := false
	workflow.NewSelector(ctx).
		AddReceive(in.events, func(workflow.ReceiveChannel, bool) { came = true; in.look() }).
		AddFuture(workflow.NewTimer(ctx, albumPause), func(workflow.Future) {}).
		Select(ctx)
	return came
}

// wait returns when something came, at the latest at until, and perhaps sooner: the timer of an earlier deadline is left
// to ring, for people answer far more often than they let a deadline pass.
func (in *inbox) wait(until time.Time) {
	if in.timer != nil && in.rings.After(until) {
		in.cancel()
		in.timer = nil
	}
	if in.timer == nil {
		var ctx workflow.Context
		ctx, in.cancel = workflow.WithCancel(in.ctx)
		in.timer, in.rings = workflow.NewTimer(ctx, until.Sub(workflow.Now(ctx))), until
	}
	workflow.NewSelector(in.ctx).
		AddReceive(in.events, func(workflow.ReceiveChannel, bool) { in.look() }).
		AddFuture(in.timer, func(workflow.Future) { in.timer = nil }).
		Select(in.ctx)
}

// blank tells whether an event brings no words.
func blank(e chat.Event) bool { return strings.TrimSpace(e.Text) == "" }
