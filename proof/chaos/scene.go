package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"quaydesk/proof/talk"
)

// scene is one matter from filing to closing, with everybody in it.
type scene struct {
	*chaos
	ctx       context.Context
	dice      *rand.Rand
	organizer *talker
	agent     *talker
	matter    *matter
}

// thinks lets a person think for a moment.
func (s *scene) thinks() { pause(s.ctx, between(s.dice, 0, 3*time.Second)) }

func (s *scene) play() error {
	if err := s.file(); err != nil {
		return fmt.Errorf("filing: %w", err)
	}
	if err := s.take(); err != nil {
		return fmt.Errorf("taking: %w", err)
	}
	for range 1 + s.dice.IntN(4) {
		s.thinks()
		turn := []func() error{s.asks, s.asks, s.answers, s.answers, s.answersOnBoard, s.corrects}[s.dice.IntN(6)]
		if err := turn(); err != nil {
			return fmt.Errorf("talking: %w", err)
		}
	}
	s.thinks()
	if err := s.close(); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	s.matter.closed = true
	return nil
}

// file goes through the whole dialogue.
func (s *scene) file() error {
	o, ctx, mark := s.organizer, s.ctx, s.matter.mark
	category := []string{talk.Equipment, talk.Payment, talk.Other}[s.dice.IntN(3)]
	if _, err := o.say(ctx, 0, "/new", talk.Says(talk.WhatAbout)); err != nil {
		return err
	}
	s.thinks()
	if _, err := o.press(ctx, o.Len(), category, talk.WhatAbout, talk.Says(talk.WhatHappens)); err != nil {
		return err
	}
	s.thinks()
	if _, err := o.say(ctx, 0, "This happened "+mark, talk.Says(talk.GotIt)); err != nil {
		return err
	}
	if _, err := o.press(ctx, o.Len(), talk.Done, "", talk.Says(talk.ShallIFile, mark)); err != nil {
		return err
	}
	s.thinks()
	h, err := o.press(ctx, o.Len(), talk.FileIt, mark, talk.Says("is filed"))
	if err != nil {
		return err
	}
	s.matter.number, err = talk.FiledNumber(h.Message.Text)
	return err
}

// take has one of the agents take it; now and then two try at the same moment.
func (s *scene) take() error {
	who := s.dice.Perm(len(s.desk))[:1]
	if s.dice.IntN(3) == 0 {
		who = s.dice.Perm(len(s.desk))[:2]
	}
	from := s.organizer.Len()
	var both sync.WaitGroup
	errs := make([]error, len(who))
	for i, n := range who {
		agent := s.desk[n]
		both.Go(func() {
			if errs[i] = agent.hears(s.ctx, 0, talk.Says(s.matter.mark)); errs[i] != nil {
				errs[i] = fmt.Errorf("%s never heard of it: %w", agent.Person.Name, errs[i])
				return
			}
			_, errs[i] = agent.press(s.ctx, 0, talk.Take, s.matter.mark, takenBySomebody(s.matter.mark))
		})
	}
	both.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	h, err := s.organizer.waits(s.ctx, from, talk.Says("is taking care", s.matter.mark))
	if err != nil {
		return fmt.Errorf("the organizer was never told: %w", err)
	}
	for _, agent := range s.desk {
		if strings.Contains(h.Message.Text, agent.Person.Name) {
			s.agent = agent
			return nil
		}
	}
	return fmt.Errorf("nobody of us: %q", h.Message.Text)
}

// takenBySomebody takes a notice that says who has the ticket.
func takenBySomebody(mark string) func(talk.Heard) bool {
	yours, theirs := talk.Shows("You have", mark), talk.Shows(" took ", mark)
	return func(h talk.Heard) bool { return yours(h) || theirs(h) }
}

// next makes a mark for a comment.
func (s *scene) next() string {
	return fmt.Sprintf("%s.%d]", strings.TrimSuffix(s.matter.mark, "]"), len(s.matter.lines))
}

// asks has the organizer write on the ticket, which the agent must hear.
func (s *scene) asks() error {
	_, err := s.comment(s.organizer, s.agent, "What about this "+s.next(), talk.Says("Added to ticket"))
	return err
}

// answers has the agent reply to the newest copy of the notice, which the organizer must hear.
func (s *scene) answers() error {
	_, err := s.comment(s.agent, s.organizer, "It goes on "+s.next(), talk.Says("on its way", fmt.Sprintf("#%d", s.matter.number)))
	return err
}

// comment says something on the ticket by a reply and waits for what says that it is taken, and for the other side. It
// gives the message's id. Who replies to a copy that the bot does not know, because the answer to its sending was
// lost, is told how to reply; then the same is said again.
func (s *scene) comment(by, to *talker, text string, taken func(talk.Heard) bool) (int, error) {
	mark := s.next()
	refused := talk.Says("To answer a ticket, reply")
	s.matter.lines = append(s.matter.lines, line{mark, false})
	from := to.Len()
	for {
		m, ok := by.Last(func(m talk.Message) bool {
			return m.ByBot() && strings.Contains(m.Text, fmt.Sprintf("#%d", s.matter.number)) && strings.Contains(m.Text, s.matter.mark)
		})
		if !ok {
			return 0, fmt.Errorf("%s has nothing to reply to", by.Person.Name)
		}
		own := by.Len()
		by.book.says()
		id, err := by.Reply(s.ctx, m.ID, text)
		if err != nil {
			return 0, err
		}
		h, err := by.waits(s.ctx, own, func(h talk.Heard) bool { return taken(h) || refused(h) })
		if err != nil {
			return 0, fmt.Errorf("%s said %q and waits: %w\n%s", by.Person.Name, text, err, by.ending())
		}
		if refused(h) && by != s.organizer {
			continue
		}
		if err := to.hears(s.ctx, from, talk.Says(mark)); err != nil {
			return 0, fmt.Errorf("%s never heard %s: %w\n%s", to.Person.Name, mark, err, to.ending())
		}
		return id, nil
	}
}

// corrects has the organizer write and then edit it.
func (s *scene) corrects() error {
	id, err := s.comment(s.organizer, s.agent, "I mean this "+s.next(), talk.Says("Added to ticket"))
	if err != nil {
		return err
	}
	s.thinks()
	last := &s.matter.lines[len(s.matter.lines)-1]
	last.mark = strings.TrimSuffix(last.mark, "]") + ".edited]"
	from := s.agent.Len()
	s.book.says()
	if err := s.organizer.Edit(s.ctx, id, "No, that "+last.mark); err != nil {
		return err
	}
	if err := s.agent.hears(s.ctx, from, talk.Shows(last.mark)); err != nil {
		return fmt.Errorf("%s never saw the edit %s: %w\n%s", s.agent.Person.Name, last.mark, err, s.agent.ending())
	}
	return nil
}

// task waits for the ticket's task.
func (s *scene) task() (talk.Task, error) {
	b, err := s.sandbox.AwaitBoard(s.ctx, func(b talk.Board) bool { return len(b.Task(s.matter.mark)) > 0 })
	if err != nil {
		return talk.Task{}, errors.Join(errNoTask, err)
	}
	return b.Task(s.matter.mark)[0], nil
}

// nadia is who acts on the board.
func (s *scene) nadia() string { return s.desk[0].Person.BoardUID }

// answersOnBoard has Nadia comment on the task, which the organizer must hear.
func (s *scene) answersOnBoard() error {
	task, err := s.task()
	if err != nil {
		return err
	}
	mark := s.next()
	s.matter.lines = append(s.matter.lines, line{mark, true})
	from := s.organizer.Len()
	s.book.says()
	if _, err := s.sandbox.BoardComment(s.ctx, s.nadia(), task.ID, "From the board "+mark, nil); err != nil {
		return err
	}
	if err := s.organizer.hears(s.ctx, from, talk.Says(mark)); err != nil {
		return fmt.Errorf("the organizer never heard %s from the board: %w", mark, err)
	}
	return nil
}

// close has somebody close it, one way or another.
func (s *scene) close() error {
	number, o := fmt.Sprintf("#%d", s.matter.number), s.organizer
	from := o.Len()
	switch s.dice.IntN(3) {
	case 0: // the organizer, from the list of tickets
		if _, err := o.say(s.ctx, 0, "/tickets", talk.Says("You have filed", number)); err != nil {
			return err
		}
		card := func(h talk.Heard) bool {
			_, ok := h.Message.Button(talk.Close)
			return ok && talk.Says(s.matter.mark)(h)
		}
		if _, err := o.press(s.ctx, o.Len(), number+" ", "You have filed", card); err != nil {
			return err
		}
		_, err := o.press(s.ctx, o.Len(), talk.Close, s.matter.mark, talk.Says("Ticket "+number+" is closed"))
		return err
	case 1: // Nadia, on the board
		task, err := s.task()
		if err != nil {
			return err
		}
		s.book.says()
		if err := s.sandbox.BoardDo(s.ctx, s.nadia(), task.ID, "complete"); err != nil {
			return err
		}
	case 2: // the agent
		if _, err := s.agent.press(s.ctx, 0, talk.Close, s.matter.mark, talk.Shows("Closed", s.matter.mark)); err != nil {
			return err
		}
	}
	return o.hears(s.ctx, from, talk.Says("closed ticket "+number))
}
