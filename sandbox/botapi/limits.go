package botapi

import (
	"math"
	"time"
)

// What Telegram lets a bot send. It gives no exact numbers; these are what its documentation calls about right.
const (
	perSecondChat = 1.0
	burstChat     = 8.0
	perSecondBot  = 30.0
	burstBot      = 30.0
)

// limiter holds a bot to its rates.
type limiter struct {
	bot   bucket
	chats map[int64]*bucket
}

// bucket refills at a rate up to a burst; it may go below zero, so that an album passes as a whole.
type bucket struct {
	tokens float64
	at     time.Time
}

func (b *bucket) refill(now time.Time, rate, burst float64) {
	if b.at.IsZero() {
		b.tokens = burst
	} else {
		b.tokens = min(burst, b.tokens+now.Sub(b.at).Seconds()*rate)
	}
	b.at = now
}

// spend counts n messages to a chat, or refuses them all.
func (l *limiter) spend(now time.Time, chat int64, n int) error {
	if l.chats == nil {
		l.chats = map[int64]*bucket{}
	}
	c := l.chats[chat]
	if c == nil {
		c = &bucket{}
		l.chats[chat] = c
	}
	c.refill(now, perSecondChat, burstChat)
	l.bot.refill(now, perSecondBot, burstBot)
	if c.tokens < 1 {
		return tooManyRequests(int(math.Ceil((1 - c.tokens) / perSecondChat)))
	}
	if l.bot.tokens < 1 {
		return tooManyRequests(int(math.Ceil((1 - l.bot.tokens) / perSecondBot)))
	}
	c.tokens -= float64(n)
	l.bot.tokens -= float64(n)
	return nil
}

// spend counts n messages of this call, unless limits are switched off.
func (c *call) spend(chat int64, n int) error {
	if !c.s.cfg.Faults.Limits() {
		return nil
	}
	return c.bot.limits.spend(c.now, chat, n)
}
