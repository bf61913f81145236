package botgateway

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/sethvargo/go-retry"

	"quaydesk/store"
)

const (
	slots      = 64               // rows being sent at the same time
	lookEvery  = time.Second      // when nothing wakes the sender
	pumpTime   = 10 * time.Second // of one look at the outbox
	settleTime = 3 * time.Second  // for telling the store what was sent after it was away
	// When the gateway ends. Together less than the four seconds after which `quaydesk up` kills it.
	grace   = 2500 * time.Millisecond // for requests under way
	endTime = time.Second             // for telling the store what was sent last
)

// pump is the sender's view of the outbox between two looks at it.
type pump struct {
	*sender
	bots      map[int64]*bot
	ids       []int64
	unsettled []store.Result // not in the store yet
	underWay  int
	trouble   retry.Backoff
	careful   time.Time // the store was away: until then others may still tell it what they did, and nothing is taken over
}

// run sends until ctx ends, and then waits for what is under way, which ends with sending.
func (s *sender) run(ctx, sending context.Context, bots []*bot) {
	p := &pump{sender: s, bots: make(map[int64]*bot, len(bots)), trouble: backoff(longestPause)}
	for _, b := range bots {
		p.bots[b.ID], p.ids = b, append(p.ids, b.ID)
	}
	var listening sync.WaitGroup
	defer listening.Wait()
	listening.Go(func() { s.listen(ctx) })

	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-timer.C:
		case r := <-s.results:
			p.take(r)
		}
		p.takeAll()
		if ctx.Err() == nil {
			timer.Reset(p.look(ctx, sending))
		}
	}

	for p.underWay > 0 {
		p.take(<-s.results)
	}
	p.settle(ctx)
}

func (p *pump) take(r store.Result) {
	p.unsettled = append(p.unsettled, r)
	p.underWay--
}

func (p *pump) takeAll() {
	for {
		select {
		case r := <-p.results:
			p.take(r)
		default:
			return
		}
	}
}

// look tells the store what was sent, claims what can be sent now and begins to send it. It returns when to look again
// at the latest.
func (p *pump) look(ctx, sending context.Context) time.Duration {
	var (
		c    choice
		free = slots - p.underWay
	)
	looking, cancel := context.WithTimeout(sending, pumpTime)
	defer cancel()
	err := p.store.Pump(looking, p.ids, p.unsettled, free, func(now time.Time, limits []store.BotLimit, rows []store.OutboxRow) store.Claims {
		c = choose(now, limits, rows, free, time.Now().After(p.careful))
		return c.claims
	})
	if err != nil {
		wait, _ := p.trouble.Next()
		p.log.WarnContext(ctx, "the outbox waits", slog.Any("error", err), slog.Duration("pause", wait))
		p.careful = time.Now().Add(wait + settleTime)
		for _, j := range c.jobs { // given back, in case the claims got through all the same
			p.unsettled = append(p.unsettled, store.Result{ID: j.ID, Bot: j.Bot, Chat: j.Chat, Claim: j.until,
				Status: store.Pending, Parts: j.Parts})
		}
		sleep(ctx, wait)
		return 0
	}
	for _, r := range p.unsettled {
		if r.Status == store.Pending {
			c.looks = append(c.looks, r.Delay)
		}
	}
	for _, pause := range c.looks {
		if pause < lookEvery {
			time.AfterFunc(pause, p.poke)
		}
	}
	p.trouble, p.unsettled = backoff(longestPause), nil
	for _, j := range c.jobs {
		p.underWay++
		go func() { p.results <- p.send(sending, p.bots[j.Bot], j) }()
	}
	return lookEvery
}

// settle tells the store what was sent last.
func (p *pump) settle(ctx context.Context) {
	if len(p.unsettled) == 0 {
		return
	}
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	err := retry.Constant(settling, 200*time.Millisecond, func(ctx context.Context) error {
		return retry.RetryableError(p.store.Pump(ctx, p.ids, p.unsettled, 0, func(time.Time, []store.BotLimit, []store.OutboxRow) store.Claims {
			return store.Claims{}
		}))
	})
	if err != nil {
		p.log.ErrorContext(ctx, "the outbox does not know of messages that were sent; they may be sent again",
			slog.Int("messages", len(p.unsettled)), slog.Any("error", err))
	}
}
