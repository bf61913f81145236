package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"quaydesk/proof/stack"
	"quaydesk/proof/talk"
)

type options struct {
	duration   time.Duration
	organizers int
	crews      int
	seed       uint64
	patience   time.Duration // for which people wait once the trouble is over, and the product may take to become quiet
}

// chaos is one run.
type chaos struct {
	options
	*stack.Stack
	sandbox *talk.Sandbox
	db      *pgxpool.Pool
	logf    func(format string, args ...any)
	book    book
	trouble trouble
	desk    []*talker // the agents, Nadia first, who is on the board
	crews   []*crew
}

// run starts the product, lets the people talk and the trouble happen, and reports what it came to.
func run(ctx context.Context, o options, logf func(string, ...any)) (_ report, err error) {
	logf("chaos for %v, seed %d: starting the product", o.duration, o.seed)
	c := &chaos{options: o, logf: logf}
	if c.Stack, err = stack.Start(ctx); err != nil {
		return report{}, err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	if c.sandbox, err = talk.Watch(ctx, c.SandboxURL, nil); err != nil {
		return report{}, err
	}
	defer c.sandbox.Close()
	url, err := c.DatabaseURL()
	if err != nil {
		return report{}, err
	}
	if c.db, err = pgxpool.New(ctx, url); err != nil {
		return report{}, err
	}
	defer c.db.Close()
	if err := c.hire(ctx); err != nil {
		return report{}, fmt.Errorf("hiring people: %w", err)
	}
	if err := c.talk(ctx); err != nil {
		return report{}, err
	}
	r, err := c.audit(ctx)
	if err != nil || r.failed() {
		c.Keep = true
		logf("what the product said lies in %s", c.Data())
	}
	return r, err
}

// talk lets everybody talk while there is trouble, and waits until all have come to an end.
func (c *chaos) talk(ctx context.Context) error {
	trouble, cancel := context.WithTimeout(ctx, c.duration)
	defer cancel()
	waiting, cancel := context.WithTimeout(ctx, c.duration+c.patience)
	defer cancel()
	var people, troubles sync.WaitGroup
	for i := range c.organizers {
		dice := rand.New(rand.NewPCG(c.seed, uint64(i)))
		people.Go(func() {
			if err := c.organizer(trouble, waiting, i, dice); err != nil {
				c.book.stuck(err)
				c.logf("STUCK: %v", err)
			}
		})
	}
	for i, w := range c.crews {
		dice := rand.New(rand.NewPCG(c.seed, 500+uint64(i)))
		people.Go(func() {
			if err := w.work(trouble, waiting, i+1, dice); err != nil {
				c.book.stuck(err)
				c.logf("STUCK: %v", err)
			}
		})
	}
	troubles.Go(func() { c.trouble.kills(trouble, c, rand.New(rand.NewPCG(c.seed, 1000))) })
	troubles.Go(func() { c.trouble.faults(trouble, c, rand.New(rand.NewPCG(c.seed, 1001))) })
	troubles.Wait()
	c.logf("the trouble is over; people finish what they began")
	if err := c.sandbox.SetFaults(ctx, talk.Healthy()); err != nil {
		return err
	}
	people.Wait()
	return ctx.Err()
}
