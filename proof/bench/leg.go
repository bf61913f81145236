package main

import (
	"slices"
	"time"
)

// leg is one rate driven for a while.
type leg struct {
	rate       float64
	lasted     time.Duration
	started    int
	late       int // steps for which no rider was free
	inTime     int // answered before the leg ended
	backlog    int // in flight when it ended
	unanswered int // never answered, or long after
	answers    []answer
	errs       []error
}

// quantile gives the time within which a share of the steps was answered.
func (l leg) quantile(q float64) time.Duration {
	all := l.sorted()
	if len(all) == 0 {
		return 0
	}
	return all[min(len(all)-1, int(q*float64(len(all))))]
}

func (l leg) sorted() []time.Duration {
	all := make([]time.Duration, len(l.answers))
	for i, a := range l.answers {
		all[i] = a.took
	}
	slices.Sort(all)
	return all
}

// ofStep gives the answers to one step of the dialogue.
func (l leg) ofStep(n int) leg {
	one := leg{}
	for _, a := range l.answers {
		if a.step == n {
			one.answers = append(one.answers, a)
		}
	}
	return one
}

// perSecond is how many steps a second were answered.
func (l leg) perSecond() float64 { return float64(l.inTime) / l.lasted.Seconds() }

// held tells whether the product kept up with the rate: nearly all was answered, 95 of 100 within a second.
func (l leg) held() bool {
	return l.late == 0 && l.unanswered == 0 && len(l.errs) == 0 && l.quantile(0.95) <= time.Second && float64(l.backlog) <= l.rate
}
