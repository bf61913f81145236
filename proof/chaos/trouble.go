package main

import (
	"context"
	"math/rand/v2"
	"time"

	"quaydesk/proof/stack"
	"quaydesk/proof/talk"
)

// victims are the parts that are killed. The sandbox is not one: it plays the world outside.
var victims = []stack.Part{stack.Gateway, stack.Worker, stack.Engine, stack.Postgres, stack.Web}

// mischief is a way in which the world outside misbehaves.
type mischief struct {
	name   string
	faults talk.Faults
}

var mischiefs = []mischief{
	{"none", talk.Faults{}},
	{"Bot API: 429", talk.Faults{Telegram: talk.Fault{TooMany: 0.3, RetryAfter: 2}}},
	{"Bot API: 5xx", talk.Faults{Telegram: talk.Fault{ServerError: 0.4}}},
	{"Bot API: answers lost", talk.Faults{Telegram: talk.Fault{Lost: 0.3}}},
	{"Bot API: slow", talk.Faults{Telegram: talk.Fault{RTT: 700}}},
	{"Bot API: down", talk.Faults{Telegram: talk.Fault{Down: true}}},
	{"Bot API: webhooks twice", talk.Faults{Telegram: talk.Fault{Duplicates: 0.7}}},
	{"Bot API: webhooks reordered", talk.Faults{Telegram: talk.Fault{Reorder: 0.5}}},
	{"Todoist: 429", talk.Faults{Todoist: talk.Fault{TooMany: 0.3, RetryAfter: 2}}},
	{"Todoist: 5xx", talk.Faults{Todoist: talk.Fault{ServerError: 0.4}}},
	{"Todoist: answers lost", talk.Faults{Todoist: talk.Fault{Lost: 0.4}}},
	{"Todoist: slow", talk.Faults{Todoist: talk.Fault{RTT: 1500}}},
	{"Todoist: down", talk.Faults{Todoist: talk.Fault{Down: true}}},
	{"Todoist: webhooks twice and reordered", talk.Faults{Todoist: talk.Fault{Duplicates: 0.5, Reorder: 0.5}}},
	{"everything a little", talk.Faults{
		Telegram: talk.Fault{RTT: 100, TooMany: 0.05, RetryAfter: 1, ServerError: 0.1, Lost: 0.1, Duplicates: 0.2, Reorder: 0.1},
		Todoist:  talk.Fault{RTT: 100, TooMany: 0.05, RetryAfter: 1, ServerError: 0.1, Lost: 0.1, Duplicates: 0.2, Reorder: 0.1},
	}},
}

// trouble is what was done to the product.
type trouble struct {
	killed  map[stack.Part]int
	suffers map[string]time.Duration // by mischief
}

// kills ends parts with -9, each as often as the others, until ctx ends.
func (t *trouble) kills(ctx context.Context, c *chaos, dice *rand.Rand) {
	t.killed = map[stack.Part]int{}
	for next := deck(dice, victims); pause(ctx, between(dice, 2*time.Second, 8*time.Second)); {
		part := next()
		before, err := c.Pids()
		if err != nil || c.Kill(part) != nil {
			continue // it is just being started again
		}
		t.killed[part]++
		c.logf("killed %s", part)
		for pause(ctx, 100*time.Millisecond) { // the one after next must not hit the same process
			if now, err := c.Pids(); err == nil && now[part] != before[part] {
				break
			}
		}
	}
}

// faults has the world outside misbehave, in one way after the other, until ctx ends.
func (t *trouble) faults(ctx context.Context, c *chaos, dice *rand.Rand) {
	t.suffers = map[string]time.Duration{}
	for next := deck(dice, mischiefs); ctx.Err() == nil; {
		m := next()
		f := m.faults
		f.Limits = true
		if c.sandbox.SetFaults(ctx, f) != nil {
			continue
		}
		c.logf("mischief: %s", m.name)
		began := time.Now()
		pause(ctx, between(dice, 2*time.Second, 6*time.Second))
		t.suffers[m.name] += time.Since(began)
	}
}

// deck gives the cards in random order, shuffled anew when all are through.
func deck[T any](dice *rand.Rand, cards []T) func() T {
	var order []int
	return func() T {
		if len(order) == 0 {
			order = dice.Perm(len(cards))
		}
		card := cards[order[0]]
		order = order[1:]
		return card
	}
}

func between(dice *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(dice.Int64N(int64(most-least)))
}

// pause waits, and tells whether ctx still lives.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
