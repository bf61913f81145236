package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"quaydesk/proof/talk"
)

// The terminals at which a crew works.
const (
	here  = "Chukursay"
	there = "Sergeli"
)

// container is a box as the dispatchers who moved it know it. Only its crew changes it.
type container struct {
	number string
	state  string   // "in", "transit" or "out", as they were told; "" before
	saw    []string // kinds of the movements that were confirmed to somebody, corrections too
}

// crew is dispatchers who move the same boxes: two at one terminal and one at another.
type crew struct {
	*chaos
	ctx           context.Context
	dice          *rand.Rand
	first, second *talker
	other         *talker
	box           *container
}

// hireCrew has the owner invite the dispatchers of a crew.
func (c *chaos) hireCrew(ctx context.Context, owner *talker, n int) (*crew, error) {
	w := &crew{chaos: c}
	for _, d := range []struct {
		into     **talker
		name, at string
	}{{&w.first, "Ann", here}, {&w.second, "Ben", here}, {&w.other, "Cem", there}} {
		if _, err := owner.say(ctx, 0, "/invite dispatcher", talk.Says("At which terminal?")); err != nil {
			return nil, err
		}
		h, err := owner.say(ctx, 0, d.at, talk.Says("start=inv_"))
		if err != nil {
			return nil, err
		}
		if *d.into, err = c.join(ctx, fmt.Sprintf("%s %d", d.name, n), h.Message.Text); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// work moves one box after the other until the trouble is over, and waits for an end of the last one.
func (w *crew) work(trouble, waiting context.Context, n int, dice *rand.Rand) error {
	w.ctx, w.dice = waiting, dice
	for i := 0; trouble.Err() == nil; i++ {
		w.box = &container{number: talk.Box("MSK", 100000*n+i)}
		w.book.moves(w.box)
		if err := w.move(); err != nil {
			return fmt.Errorf("box %s: %w", w.box.number, err)
		}
		pause(trouble, between(dice, 0, 2*time.Second))
	}
	return nil
}

// move is a box's life: it comes, perhaps it is corrected or goes to the other terminal, and it leaves or stays.
func (w *crew) move() error {
	at := w.first
	if err := w.gateIn(at); err != nil {
		return fmt.Errorf("gate-in: %w", err)
	}
	if w.dice.IntN(3) == 0 {
		if err := w.correct(at); err != nil {
			return fmt.Errorf("correction: %w", err)
		}
	}
	if w.dice.IntN(2) == 0 {
		if err := w.transfer(); err != nil {
			return fmt.Errorf("transfer: %w", err)
		}
		at = w.other
	}
	var err error
	switch {
	case w.dice.IntN(4) == 0: // it stays
	case at == w.first && w.dice.IntN(2) == 0:
		err = w.race()
	default:
		err = w.release(at)
	}
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

func (w *crew) thinks() { pause(w.ctx, between(w.dice, 0, 2*time.Second)) }

// names takes a message that names the box and holds fragments.
func (w *crew) names(fragments ...string) func(talk.Heard) bool {
	return talk.Says(append(fragments, talk.Spaced(w.box.number))...)
}

// sees notes a movement that was confirmed, and how the box is then.
func (w *crew) sees(kind, state string) { w.box.saw, w.box.state = append(w.box.saw, kind), state }

// save presses Save under a summary that names the box, and waits for what it leads to.
func (w *crew) save(p *talker, match func(talk.Heard) bool) (talk.Heard, error) {
	return p.press(w.ctx, p.Len(), talk.Save, talk.Spaced(w.box.number), match)
}

func (w *crew) gateIn(p *talker) error {
	if _, err := p.say(w.ctx, 0, "/in "+w.box.number, w.names(talk.WhichSize)); err != nil {
		return err
	}
	if _, err := p.say(w.ctx, 0, "45G1", talk.Says(talk.WhichLoad)); err != nil {
		return err
	}
	w.thinks()
	if _, err := p.press(w.ctx, p.Len(), talk.Laden, talk.WhichLoad, talk.Says(talk.WhichOwner)); err != nil {
		return err
	}
	if _, err := p.say(w.ctx, 0, "Anor Foods", w.names("Gate-in of")); err != nil {
		return err
	}
	w.thinks()
	if _, err := w.save(p, w.names("is in at")); err != nil {
		return err
	}
	w.sees("gate_in", "in")
	return nil
}

// correct gives the gate-in another client.
func (w *crew) correct(p *talker) error {
	if _, err := p.say(w.ctx, 0, "/fix "+w.box.number, w.names("what is wrong?")); err != nil {
		return err
	}
	if _, err := p.press(w.ctx, p.Len(), "Client", talk.Spaced(w.box.number), talk.Says("Which client is right?")); err != nil {
		return err
	}
	if _, err := p.say(w.ctx, 0, "Lochin Parts", talk.Says("Why?")); err != nil {
		return err
	}
	if _, err := p.say(w.ctx, 0, "a slip", w.names("Correct")); err != nil {
		return err
	}
	w.thinks()
	if _, err := p.press(w.ctx, p.Len(), "Correct it", talk.Spaced(w.box.number), w.names("is corrected")); err != nil {
		return err
	}
	w.sees("gate_in", "in")
	return nil
}

// transfer sends the box to the other terminal, where it is confirmed.
func (w *crew) transfer() error {
	if err := w.leave(w.first, "/transfer "); err != nil {
		return err
	}
	from := w.other.Len()
	if _, err := w.save(w.first, w.names("On its way to "+there)); err != nil {
		return err
	}
	w.sees("transfer_out", "transit")
	if err := w.other.hears(w.ctx, from, w.names("on its way from "+here)); err != nil {
		return fmt.Errorf("%s never heard of it: %w", w.other.Person.Name, err)
	}
	w.thinks()
	if _, err := w.other.press(w.ctx, w.other.Len(), talk.Arrived, talk.Spaced(w.box.number), w.names("Has it arrived?")); err != nil {
		return err
	}
	if _, err := w.save(w.other, w.names("Arrived at "+there)); err != nil {
		return err
	}
	w.sees("transfer_in", "in")
	return nil
}

// leave leads a dialogue of a box that leaves up to its summary.
func (w *crew) leave(p *talker, command string) error {
	which, summary := talk.WhatTakes, "Release this container?"
	if command == "/transfer " {
		if _, err := p.say(w.ctx, 0, command+w.box.number, talk.Says("To which terminal?")); err != nil {
			return err
		}
		which, summary = "What carries it?", "Transfer to "+there
		if _, err := p.press(w.ctx, p.Len(), there, "To which terminal?", talk.Says(which)); err != nil {
			return err
		}
	} else if _, err := p.say(w.ctx, 0, command+w.box.number, talk.Says(which)); err != nil {
		return err
	}
	_, err := p.press(w.ctx, p.Len(), talk.Skip, which, w.names(summary))
	return err
}

func (w *crew) release(p *talker) error {
	if err := w.leave(p, "/out "); err != nil {
		return err
	}
	w.thinks()
	if _, err := w.save(p, w.names("is released")); err != nil {
		return err
	}
	w.sees("gate_out", "out")
	return nil
}

// race has both dispatchers of a terminal release the box at the same moment: one does, and the other is told.
func (w *crew) race() error {
	both := []*talker{w.first, w.second}
	for _, p := range both {
		if err := w.leave(p, "/out "); err != nil {
			return err
		}
	}
	done, late := w.names("is released after"), w.names("was released on")
	var racing sync.WaitGroup
	won, errs := make([]bool, len(both)), make([]error, len(both))
	for i, p := range both {
		racing.Go(func() {
			h, err := w.save(p, func(h talk.Heard) bool { return done(h) || late(h) })
			won[i], errs[i] = err == nil && done(h), err
		})
	}
	racing.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	for range slices.DeleteFunc(won, func(w bool) bool { return !w }) {
		w.sees("gate_out", "out")
	}
	return nil
}

// checkYard looks for every box: one stay, in the state that people were told, with each movement that they saw
// confirmed, once, and no other.
func (c *chaos) checkYard(ctx context.Context, r *report) error {
	for _, b := range c.book.boxes {
		var stays int
		var state string
		if err := c.db.QueryRow(ctx, "SELECT count(*), coalesce(min(state), '') FROM stays WHERE number = $1", b.number).Scan(&stays, &state); err != nil {
			return err
		}
		r.exactly("stay of "+b.number, stays)
		if state != b.state {
			r.losses = append(r.losses, fmt.Sprintf("%s is %q, to its people %q", b.number, state, b.state))
		}
		rows, err := c.db.Query(ctx, "SELECT kind FROM movements m JOIN stays s ON s.id = m.stay_id WHERE s.number = $1 ORDER BY m.id", b.number)
		if err != nil {
			return err
		}
		var kinds []string
		for rows.Next() {
			var kind string
			if err := rows.Scan(&kind); err != nil {
				return err
			}
			kinds = append(kinds, kind)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		r.movements += len(kinds)
		for kind, n := range differences(b.saw, kinds) {
			what := fmt.Sprintf("%s of %s: %d more recorded than confirmed", kind, b.number, n)
			if n < 0 {
				r.losses = append(r.losses, what)
			} else {
				r.doubled = append(r.doubled, what)
			}
		}
	}
	return nil
}

// differences says of each word how much more often it is in one list than in another, if it is not the same.
func differences(less, more []string) map[string]int {
	n := map[string]int{}
	for _, word := range more {
		n[word]++
	}
	for _, word := range less {
		n[word]--
	}
	for word, times := range n {
		if times == 0 {
			delete(n, word)
		}
	}
	return n
}
