package ticket_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/fault"
	. "quaydesk/domain/ticket"
)

var (
	start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	maria = Party{ID: 2, Telegram: 200, Name: "Maria"}
	oleg  = Party{ID: 3, Telegram: 300, Name: "Oleg"}
)

func TestAfter(t *testing.T) {
	const no = State("") // a conflict
	table := []struct {
		from     State
		assigned bool
		want     map[Event]State
	}{
		{New, false, map[Event]State{Take: Taken, Assign: Taken, Release: no, Answer: Waiting, Write: New, Await: Waiting, Resume: no, Close: Closed, Reopen: no}},
		{Taken, true, map[Event]State{Take: no, Assign: Taken, Release: New, Answer: Waiting, Write: Taken, Await: Waiting, Resume: no, Close: Closed, Reopen: no}},
		{Waiting, true, map[Event]State{Take: no, Assign: Waiting, Release: New, Answer: Waiting, Write: Taken, Await: no, Resume: Taken, Close: Closed, Reopen: no}},
		{Closed, true, map[Event]State{Take: no, Assign: no, Release: no, Answer: Closed, Write: Taken, Await: no, Resume: no, Close: no, Reopen: Taken}},
		{Closed, false, map[Event]State{Take: no, Assign: no, Release: no, Answer: Closed, Write: New, Await: no, Resume: no, Close: no, Reopen: New}},
	}
	for _, row := range table {
		for _, e := range Events {
			t.Run(string(row.from)+"/"+string(e), func(t *testing.T) {
				before := Ticket{Number: 7, State: row.from, Version: 1, Since: start}
				if row.assigned {
					before.Assignee = &maria
				}
				want, listed := row.want[e]
				require.True(t, listed, "the table says nothing of it")
				after, err := before.After(e, oleg, start.Add(time.Hour))
				if want == no {
					require.True(t, fault.Is(err, fault.Conflict))
					require.Equal(t, "ticket.stands_"+string(row.from), fault.As(err).Text.Key)
					require.Equal(t, before, after)
					return
				}
				require.NoError(t, err)
				require.Equal(t, want, after.State)
				require.Equal(t, 2, after.Version)
			})
		}
	}
}

func TestAfterNamesTheAssignee(t *testing.T) {
	fresh := Ticket{State: New}
	had := Ticket{State: Taken, Assignee: &maria}
	shut := Ticket{State: Closed}
	for _, c := range []struct {
		name   string
		ticket Ticket
		event  Event
		want   *Party
	}{
		{"taking", fresh, Take, &oleg},
		{"answering takes", fresh, Answer, &oleg},
		{"awaiting takes", fresh, Await, &oleg},
		{"writing does not", fresh, Write, nil},
		{"closing does not", fresh, Close, nil},
		{"given to another", had, Assign, &oleg},
		{"another's answer", had, Answer, &maria},
		{"released", had, Release, nil},
		{"kept when closed", had, Close, &maria},
		{"answering what is closed", shut, Answer, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			after, err := c.ticket.After(c.event, oleg, start)
			require.NoError(t, err)
			require.Equal(t, c.want, after.Assignee)
		})
	}
}

// Whatever happens to a ticket in whatever order, these hold.
func TestAfterProperties(t *testing.T) {
	seen := map[State]bool{}
	rapid.Check(t, func(t *rapid.T) {
		ticket := Ticket{State: New, Version: 1, Since: start}
		at := start
		for range rapid.IntRange(0, 30).Draw(t, "steps") {
			at = at.Add(time.Minute)
			e := rapid.SampledFrom(Events).Draw(t, "event")
			by := rapid.SampledFrom([]Party{maria, oleg, {Name: "unmapped"}}).Draw(t, "by")
			after, err := ticket.After(e, by, at)
			if err != nil {
				require.True(t, fault.Is(err, fault.Conflict))
				require.Equal(t, ticket, after, "a refusal changes nothing")
				continue
			}
			require.Equal(t, ticket.Version+1, after.Version)
			if ticket.State == Closed && after.State != Closed {
				require.Contains(t, []Event{Write, Reopen}, e, "closed is left only by writing and reopening")
			}
			require.Equal(t, after.State != ticket.State, after.Since.Equal(at), "Since is of the state")
			ticket = after
			seen[ticket.State] = true
			if ticket.State != Closed {
				require.Equal(t, ticket.State == New, ticket.Assignee == nil, "new exactly while nobody has it")
			}
		}
	})
	for _, s := range States {
		require.True(t, seen[s], "%s is never reached", s)
	}
}
