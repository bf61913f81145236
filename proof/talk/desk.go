package talk

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// The desk's words that people look for, in English. Labels are fragments, without their pictures.
const (
	NewTicket   = "New ticket"
	MyTickets   = "My tickets"
	Equipment   = "Equipment"
	Payment     = "Payment"
	Other       = "Something else"
	Done        = "Done"
	FileIt      = "File it"
	Take        = "Take"
	Answer      = "Answer"
	Release     = "Release"
	Close       = "Close"
	Reopen      = "Reopen"
	WhatAbout   = "What is it about?"
	WhatHappens = "What happened?"
	GotIt       = "Got it"
	ShallIFile  = "Shall I file this?"
)

var filed = regexp.MustCompile(`Ticket #(\d+) is filed`)

// FiledNumber gives the number in "Ticket #12 is filed".
func FiledNumber(text string) (int, error) {
	m := filed.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("%q does not say that a ticket is filed", text)
	}
	return strconv.Atoi(m[1])
}

// Says takes a new message of the bot's that holds all fragments.
func Says(fragments ...string) func(Heard) bool {
	return func(h Heard) bool { return h.Kind == "message" && h.Message.ByBot() && holds(h.Message, fragments) }
}

// Edits takes a change of a message of the bot's into one that holds all fragments.
func Edits(fragments ...string) func(Heard) bool {
	return func(h Heard) bool { return h.Kind == "edit" && h.Message.ByBot() && holds(h.Message, fragments) }
}

// Shows takes a new message or a change.
func Shows(fragments ...string) func(Heard) bool {
	return func(h Heard) bool { return h.Kind != "delete" && h.Message.ByBot() && holds(h.Message, fragments) }
}

func holds(m Message, fragments []string) bool {
	for _, f := range fragments {
		if !strings.Contains(m.Text, f) {
			return false
		}
	}
	return true
}

// PressLast presses the newest button whose label holds a fragment, and waits up to so many seconds for the answer.
func (c *Chat) PressLast(ctx context.Context, label string, wait int) (Pressed, error) {
	m, ok := c.Last(func(m Message) bool { _, ok := m.Button(label); return ok })
	if !ok {
		return Pressed{}, fmt.Errorf("there is no button %q", label)
	}
	b, _ := m.Button(label)
	return c.Press(ctx, m.ID, b, wait)
}
