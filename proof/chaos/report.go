package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report is what a run came to.
type report struct {
	*trouble
	*book
	tickets, comments int // in the database
	movements         int // likewise, of the boxes that people moved
	sent, arrived     int // messages, as the outbox counts them and as the chats do
	losses, doubled   []string
}

func (r report) failed() bool { return len(r.losses)+len(r.doubled) > 0 }

// String is the table.
func (r report) String() string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(what string, value any) { fmt.Fprintf(t, "  %s\t%v\n", what, value) }
	fmt.Fprintln(t, "kills with -9")
	for _, part := range slices.Sorted(maps.Keys(r.killed)) {
		row(string(part), r.killed[part])
	}
	fmt.Fprintln(t, "mischief")
	for _, name := range slices.Sorted(maps.Keys(r.suffers)) {
		row(name, r.suffers[name].Round(100*time.Millisecond))
	}
	fmt.Fprintln(t, "people")
	row("said, pressed, done on the board", r.said)
	row("tickets", r.tickets)
	row("comments", r.comments)
	row("containers", len(r.boxes))
	row("movements", r.movements)
	row("messages to people", r.arrived)
	row("longest wait", fmt.Sprintf("%v (%s)", r.longest.Round(100*time.Millisecond), r.waitedBy))
	fmt.Fprintln(t, "outcome")
	row("losses", len(r.losses))
	row("doubled effects", len(r.doubled))
	row("messages repeated after a lost answer", r.arrived-r.sent)
	if err := t.Flush(); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	for _, l := range r.losses {
		fmt.Fprintln(&b, "LOST:", l)
	}
	for _, d := range r.doubled {
		fmt.Fprintln(&b, "DOUBLED:", d)
	}
	return b.String()
}
