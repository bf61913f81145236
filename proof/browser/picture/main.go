// Command picture makes the README's picture: the chat page after an organizer filed a ticket, two agents were told and
// one has taken it.
//
//	go run ./proof/browser/picture docs/chat.png
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"quaydesk/proof/browser"
	"quaydesk/proof/stack"
	"quaydesk/proof/talk"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("say where the picture goes, for example docs/chat.png")
	}
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

func run(path string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute) // the engine may have to be built
	defer cancel()
	s, err := stack.Start(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	sandbox, err := talk.Watch(ctx, s.SandboxURL, nil)
	if err != nil {
		return err
	}
	defer sandbox.Close()
	tab, err := browser.Open(ctx, 1200, 800)
	if err != nil {
		return err
	}
	cast := map[string]*talk.Chat{}
	for _, p := range sandbox.World.People {
		if cast[p.Name], err = sandbox.Chat(ctx, p); err != nil {
			return err
		}
		cast[p.Name].Skip()
	}
	emma, nadia, igor := cast["Emma Clarke"], cast["Nadia Brooks"], cast["Игорь Лебедев"]
	if err := play(ctx, emma, nadia, igor); err != nil {
		return err
	}
	if err := tab.Visit(fmt.Sprintf("%s/?people=%d,%d,%d", s.SandboxURL, emma.Person.ID, nadia.Person.ID, igor.Person.ID)); err != nil {
		return err
	}
	if err := tab.Until(`document.querySelector('.live.on') && document.body.textContent.includes('Added to ticket')
		&& ![...document.querySelectorAll('.key')].some(k => k.textContent.includes(%q))`, talk.FileIt); err != nil {
		return err
	}
	return tab.Picture(path)
}

// play is what is seen in the picture.
func play(ctx context.Context, emma, nadia, igor *talk.Chat) error {
	const what = "The gate at berth 4 does not open, and three trucks are waiting."
	say := func(c *talk.Chat, replyTo int, text string, heard *talk.Chat, match func(talk.Heard) bool) (talk.Message, error) {
		if _, err := c.Reply(ctx, replyTo, text); err != nil {
			return talk.Message{}, err
		}
		h, err := heard.Await(ctx, match)
		return h.Message, err
	}
	press := func(c *talk.Chat, label string, match func(talk.Heard) bool) error {
		if _, err := c.PressLast(ctx, label, 15); err != nil {
			return err
		}
		_, err := c.Await(ctx, match)
		return err
	}
	if err := emma.Start(ctx, ""); err != nil {
		return err
	}
	if _, err := emma.Await(ctx, talk.Says("Hello!")); err != nil {
		return err
	}
	if err := press(emma, talk.NewTicket, talk.Says(talk.WhatAbout)); err != nil {
		return err
	}
	if err := press(emma, talk.Equipment, talk.Says(talk.WhatHappens)); err != nil {
		return err
	}
	if _, err := say(emma, 0, what, emma, talk.Says(talk.GotIt)); err != nil {
		return err
	}
	if err := press(emma, talk.Done, talk.Says(talk.ShallIFile)); err != nil {
		return err
	}
	if err := press(emma, talk.FileIt, talk.Says("is filed")); err != nil {
		return err
	}
	notice, err := nadia.Await(ctx, talk.Says(what))
	if err != nil {
		return err
	}
	if _, err := igor.Await(ctx, talk.Says(what)); err != nil {
		return err
	}
	if err := press(nadia, talk.Take, talk.Edits("You have")); err != nil {
		return err
	}
	if _, err := igor.Await(ctx, talk.Edits("Nadia Brooks")); err != nil {
		return err
	}
	answer, err := say(nadia, notice.Message.ID, "I am on my way with a spare motor.", emma, talk.Says("spare motor"))
	if err != nil {
		return err
	}
	_, err = say(emma, answer.ID, "Thank you, it works again!", nadia, talk.Says("works again"))
	return err
}
