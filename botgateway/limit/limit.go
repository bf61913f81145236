// Package limit keeps to rates with GCRA buckets: one moment per bucket says all, so buckets can stand in a table.
package limit

import "time"

// Rate is what a bucket lets through: Burst at once after a pause, and one each Interval.
type Rate struct {
	Interval time.Duration
	Burst    int // at least 1
}

// Chat is what Telegram bears in one chat. In a group no minute sees more than 20 messages, its documented limit.
func Chat(id int64) Rate {
	if id < 0 {
		return Rate{Interval: time.Minute / 16, Burst: 4}
	}
	return Rate{Interval: time.Second, Burst: 5}
}

// Bot is the rate at which no second sees more than perSecond messages, a tenth of them at once.
func Bot(perSecond int) Rate {
	perSecond = max(perSecond, 2)
	burst := max(perSecond/10, 1)
	return Rate{Interval: time.Second / time.Duration(perSecond-burst), Burst: burst}
}

// Free tells when the bucket lets the next one through; next is the bucket's moment, long ago for a fresh bucket.
func (r Rate) Free(next time.Time) time.Time {
	return next.Add(-time.Duration(r.Burst-1) * r.Interval)
}

// Take gives the bucket's moment after one went through at now, which must not be before Free.
func (r Rate) Take(next, now time.Time) time.Time {
	if next.Before(now) {
		next = now
	}
	return next.Add(r.Interval)
}
