package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"quaydesk/proof/talk"
)

// step is one thing a rider does: a text, in which %s stands for the number of the container that this round of the
// dialogue is about, or a press on a label under the reply before.
type step struct{ text, press string }

// A dialogue has six steps, each answered by a message. One ends with a ticket, one without, and one with a container
// in the yard.
type dialogue []step

var (
	filing   = sixSteps(talk.FileIt)
	dropping = sixSteps("No, drop it")
	arriving = dialogue{
		{text: "/in %s"}, {text: "22G1"}, {press: talk.Laden}, {text: "Anor Foods"}, {press: talk.Save}, {text: "%s"},
	}
)

func sixSteps(last string) dialogue {
	return dialogue{
		{text: "/new"}, {press: talk.Equipment}, {text: "The gate at berth 4 does not open"}, {press: talk.Done}, {press: last}, {text: "/tickets"},
	}
}

// rider is somebody who goes through the dialogue again and again, with at most one step in flight.
type rider struct {
	chat *talk.Chat

	mu        sync.Mutex
	step      int          // the next to be done
	number    string       // of a container
	flying    bool         // a step is in flight
	delivered time.Time    // when its update began to be delivered
	reply     talk.Message // the last
}

// riders is everybody who rides.
type riders struct {
	sandbox *talk.Sandbox
	course  dialogue
	all     []*rider
	byChat  map[int64]*rider
	ready   chan *rider // who may do the next step
	boxes   atomic.Int64

	mu      sync.Mutex
	flying  int
	answers []answer
	errs    []error
}

// answer is one step that was answered.
type answer struct {
	step int
	took time.Duration // from the delivery of the update to the acceptance of the reply
}

func newRiders(ctx context.Context, url string, n int) (*riders, error) {
	rs := &riders{course: dropping, byChat: map[int64]*rider{}, ready: make(chan *rider, n)}
	s, err := talk.Watch(ctx, url, rs.happened)
	if err != nil {
		return nil, err
	}
	rs.sandbox = s
	made := make(map[int64]*rider, n)
	for i := range n {
		p, err := s.NewPerson(ctx, fmt.Sprintf("Rider %d", i), "en")
		if err != nil {
			return nil, err
		}
		r := &rider{chat: s.NewChat(p)}
		rs.all, made[p.ID] = append(rs.all, r), r
	}
	rs.mu.Lock()
	rs.byChat = made
	rs.mu.Unlock()
	return rs, nil
}

// happened takes an event of the sandbox.
func (rs *riders) happened(e talk.Event) {
	rs.mu.Lock()
	r := rs.byChat[e.Chat]
	rs.mu.Unlock()
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case !r.flying:
	case e.Kind == "update_delivering" && r.delivered.IsZero():
		r.delivered = e.At
	case e.Kind == "message" && e.Message.ByBot() && !r.delivered.IsZero():
		a := answer{r.step, e.At.Sub(r.delivered)}
		r.reply, r.flying, r.delivered = *e.Message, false, time.Time{}
		r.step = (r.step + 1) % len(rs.course)
		rs.mu.Lock()
		rs.flying--
		rs.answers = append(rs.answers, a)
		rs.mu.Unlock()
		rs.ready <- r
	}
}

// ride does the rider's next step.
func (rs *riders) ride(ctx context.Context, r *rider) {
	r.mu.Lock()
	s, reply := rs.course[r.step], r.reply
	if r.step == 0 {
		r.number = talk.Box("CAI", int(rs.boxes.Add(1)))
	}
	text := strings.ReplaceAll(s.text, "%s", r.number)
	r.flying = true
	r.mu.Unlock()
	rs.mu.Lock()
	rs.flying++
	rs.mu.Unlock()
	var err error
	if text != "" {
		_, err = r.chat.Say(ctx, text)
	} else {
		b, ok := reply.Button(s.press)
		if !ok {
			err = fmt.Errorf("no button %q under %s", s.press, reply)
		} else {
			_, err = r.chat.Press(ctx, reply.ID, b, 0)
		}
	}
	if err != nil {
		rs.mu.Lock()
		rs.errs = append(rs.errs, err)
		rs.mu.Unlock()
	}
}

// drive has some of the riders, in turn, start steps at a rate for a while, whether earlier ones are answered or not, and
// waits up to grace for the last answers. Steps for which nobody was free are counted as late.
func (rs *riders) drive(ctx context.Context, rate float64, who []*rider, d, grace time.Duration) leg {
	rs.mu.Lock()
	rs.answers, rs.errs = nil, nil
	rs.mu.Unlock()
	for len(rs.ready) > 0 {
		<-rs.ready
	}
	for _, r := range who {
		if r.free() {
			rs.ready <- r
		}
	}
	l := leg{rate: rate}
	began := time.Now()
	every := time.Duration(float64(time.Second) / rate)
	for due := began; time.Since(began) < d && ctx.Err() == nil; due = due.Add(every) {
		time.Sleep(time.Until(due))
		select {
		case r := <-rs.ready:
			l.started++
			go rs.ride(ctx, r)
		default:
			l.late++
		}
	}
	l.lasted = time.Since(began)
	rs.mu.Lock()
	l.backlog, l.inTime = rs.flying, len(rs.answers)
	rs.mu.Unlock()
	for end := time.Now().Add(grace); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		rs.mu.Lock()
		flying := rs.flying
		rs.mu.Unlock()
		if flying == 0 {
			break
		}
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	l.unanswered = rs.flying
	l.answers = rs.answers
	l.errs = rs.errs
	return l
}

// first gives the first n riders.
func (rs *riders) first(n int) []*rider { return rs.all[:min(n, len(rs.all))] }

// spread leads riders who are all at the same step to different ones, so that at any time all steps are done.
func (rs *riders) spread(ctx context.Context, rate float64) {
	for n := 1; n < len(rs.course); n++ {
		var who []*rider
		for i, r := range rs.all {
			if i%len(rs.course) >= n {
				who = append(who, r)
			}
		}
		rs.drive(ctx, rate, who, time.Duration(float64(len(who))/rate*float64(time.Second)), settle)
	}
}

// free tells whether no step of the rider's is in flight.
func (r *rider) free() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.flying
}

// open counts the riders whose next step is not the first, so that a dialogue of theirs is open.
func (rs *riders) open() int {
	n := 0
	for _, r := range rs.byChat {
		r.mu.Lock()
		if r.step > 0 && r.step < len(rs.course)-1 {
			n++
		}
		r.mu.Unlock()
	}
	return n
}

// because gives the first error's first line.
func because(errs []error) string {
	if len(errs) == 0 {
		return ""
	}
	line, _, _ := strings.Cut(errs[0].Error(), "\n")
	return line
}
