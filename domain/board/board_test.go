package board

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/ticket"
)

var sections = Sections{ticket.New: "sn", ticket.Taken: "st", ticket.Waiting: "sw"}

func TestSteps(t *testing.T) {
	bob := &ticket.Party{ID: 7, Name: "Bob"}
	at := func(section, assignee string, checked bool) State {
		s := State{Section: section, Assignee: assignee, Checked: checked, Agreed: ticket.Closed}
		if state, ok := sections.Of(section); ok && !checked {
			s.Agreed = state
		}
		return s
	}
	for _, c := range []struct {
		name      string
		state     ticket.State
		assignee  *ticket.Party
		seen, now State
		want      []Step
	}{
		{"nothing", ticket.New, nil, at("sn", "", false), at("sn", "", false), nil},
		{"assigned", ticket.New, nil, at("sn", "", false), at("sn", "a", false),
			[]Step{{Event: ticket.Assign, UID: "a"}}},
		{"assigned and moved to taken", ticket.New, nil, at("sn", "", false), at("st", "a", false),
			[]Step{{Event: ticket.Assign, UID: "a"}}},
		{"assigned and moved to waiting", ticket.New, nil, at("sn", "", false), at("sw", "a", false),
			[]Step{{Event: ticket.Assign, UID: "a"}, {Event: ticket.Await, Section: "sw"}}},
		{"moved to taken", ticket.New, nil, at("sn", "", false), at("st", "", false),
			[]Step{{Event: ticket.Assign, Section: "st"}}},
		{"moved to waiting", ticket.Taken, bob, at("st", "b", false), at("sw", "b", false),
			[]Step{{Event: ticket.Await, Section: "sw"}}},
		{"moved back to taken", ticket.Waiting, bob, at("sw", "b", false), at("st", "b", false),
			[]Step{{Event: ticket.Resume, Section: "st"}}},
		{"moved to new", ticket.Taken, bob, at("st", "b", false), at("sn", "b", false),
			[]Step{{Event: ticket.Release, Section: "sn"}}},
		{"unassigned", ticket.Taken, bob, at("st", "b", false), at("st", "", false),
			[]Step{{Event: ticket.Release}}},
		{"unassigned and moved to new", ticket.Taken, bob, at("st", "b", false), at("sn", "", false),
			[]Step{{Event: ticket.Release}}},
		{"given to another", ticket.Taken, bob, at("st", "b", false), at("st", "a", false),
			[]Step{{Event: ticket.Assign, UID: "a"}}},
		{"completed", ticket.Taken, bob, at("st", "b", false), at("st", "b", true),
			[]Step{{Event: ticket.Close}}},
		{"taken and completed", ticket.New, nil, at("sn", "", false), at("sn", "a", true),
			[]Step{{Event: ticket.Assign, UID: "a"}, {Event: ticket.Close}}},
		{"reopened", ticket.Closed, bob, at("st", "b", true), at("st", "b", false),
			[]Step{{Event: ticket.Reopen}}},
		{"moved to a section of their own", ticket.Taken, bob, at("st", "b", false), at("own", "b", false), nil},
		{"back from a section of their own", ticket.Taken, bob,
			State{Section: "own", Assignee: "b", Agreed: ticket.Taken}, at("sw", "b", false),
			[]Step{{Event: ticket.Await, Section: "sw"}}},
		{"two at once: the desk gave it to Bob", ticket.Taken, bob, at("sn", "", false), at("sn", "a", false), nil},
		{"two at once: the desk has it waiting", ticket.Waiting, bob, at("st", "b", false), at("sn", "b", false), nil},
		{"two at once: both closed it", ticket.Closed, bob, at("st", "b", false), at("st", "b", true), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			tk := ticket.Ticket{State: c.state, Assignee: c.assignee}
			want := Want(tk, "b", c.seen, sections)
			require.Equal(t, c.want, Steps(tk, c.seen, want, c.now, sections))
		})
	}
}

// Whatever people do on the board and in Telegram, a look followed by a push has both sides agree, and another look
// finds nothing to do.
func TestBothSidesAgree(t *testing.T) {
	uids := map[int64]string{1: "u1", 2: "u2", 3: ""} // 3 is not on the board
	ids := map[string]int64{"u1": 1, "u2": 2}         // u9 is nobody's
	rapid.Check(t, func(t *rapid.T) {
		tk := ticket.Ticket{State: ticket.New}
		there := State{Section: "sn"} // as it stands on the board
		seen := State{Section: "sn", Agreed: ticket.New}
		want := func() State {
			uid := ""
			if tk.Assignee != nil {
				uid = uids[tk.Assignee.ID]
			}
			return Want(tk, uid, seen, sections)
		}
		apply := func(e ticket.Event, who ticket.Party) {
			if next, err := tk.After(e, who, time.Unix(0, 0)); err == nil {
				tk = next
			}
		}
		party := func(uid string) ticket.Party { return ticket.Party{ID: ids[uid], Name: "x"} }
		for range rapid.IntRange(1, 12).Draw(t, "rounds") {
			for range rapid.IntRange(0, 2).Draw(t, "in Telegram") {
				who := rapid.SampledFrom([]int64{1, 2, 3}).Draw(t, "who")
				apply(rapid.SampledFrom(ticket.Events).Draw(t, "event"), ticket.Party{ID: who, Name: "x"})
			}
			for range rapid.IntRange(0, 2).Draw(t, "on the board") {
				switch rapid.IntRange(0, 2).Draw(t, "what") {
				case 0:
					there.Section = rapid.SampledFrom([]string{"sn", "st", "sw", "own", ""}).Draw(t, "section")
				case 1:
					there.Assignee = rapid.SampledFrom([]string{"", "u1", "u2", "u9"}).Draw(t, "assignee")
				case 2:
					there.Checked = !there.Checked
				}
			}
			for _, s := range Steps(tk, seen, want(), there, sections) {
				apply(s.Event, party(s.UID))
			}
			seen = Seen(tk, seen, there, sections)
			there = want()
			seen = there

			require.Equal(t, tk.State == ticket.Closed, there.Checked)
			if state, ours := sections.Of(there.Section); ours && tk.State != ticket.Closed {
				require.Equal(t, tk.State, state)
			}
			if tk.Assignee != nil && uids[tk.Assignee.ID] != "" {
				require.Equal(t, uids[tk.Assignee.ID], there.Assignee)
			}
			if tk.Assignee == nil {
				require.Empty(t, there.Assignee)
			}
			require.Equal(t, there, want(), "nothing is left to push")
			require.Empty(t, Steps(tk, seen, want(), there, sections), "our own echo asks for nothing")
		}
	})
}

func TestRead(t *testing.T) {
	for content, want := range map[string]struct {
		text string
		side ticket.Side
	}{
		"hello":        {"hello", ticket.FromAgent},
		"  // secret ": {"secret", ticket.Note},
		"//":           {"", ticket.Note},
		"http://x":     {"http://x", ticket.FromAgent},
	} {
		text, side := Read(content)
		require.Equal(t, want.text, text)
		require.Equal(t, want.side, side)
	}
}

func TestOurOwnWordsAreNoSecretNotes(t *testing.T) {
	c := ticket.Comment{Side: ticket.FromOrganizer, Author: ticket.Party{Name: "Emma"}, Text: "// not a note"}
	_, side := Read(Note(c))
	require.Equal(t, ticket.FromAgent, side)
	c.Side = ticket.Note
	_, side = Read(Note(c))
	require.Equal(t, ticket.Note, side)
}
