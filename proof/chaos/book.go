package main

import (
	"sync"
	"time"
)

// book keeps what people said and how long they waited, so that all of it can be looked for afterwards.
type book struct {
	mu       sync.Mutex
	matters  []*matter
	boxes    []*container
	said     int // messages and presses of people in Telegram, and what they did on the board
	longest  time.Duration
	waitedBy string   // for what, the longest
	ends     []string // why people did not come to their end
}

// matter is a ticket as the people in it know it. Only the one who talks of it changes it.
type matter struct {
	mark   string // in what happened
	number int
	closed bool
	lines  []line
}

// line is a comment.
type line struct {
	mark    string // as it stands in the end
	onBoard bool   // it was written there
}

func (b *book) add(m *matter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.matters = append(b.matters, m)
}

func (b *book) moves(c *container) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.boxes = append(b.boxes, c)
}

func (b *book) says() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.said++
}

func (b *book) waited(what string, d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if d > b.longest {
		b.longest, b.waitedBy = d, what
	}
}

func (b *book) stuck(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ends = append(b.ends, err.Error())
}
