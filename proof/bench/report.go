package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"quaydesk/proof/stack"
)

// String is the tables.
func (r report) String() string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	if len(r.talks.course) > 0 {
		r.writeTalk(t)
	}
	r.yard.write(t)
	if err := t.Flush(); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	b.WriteString(notes)
	return b.String()
}

// writeTalk adds what was measured of people who talk.
func (r report) writeTalk(t io.Writer) {
	row := func(cells ...string) { line(t, cells...) }
	row("", "target", "talk only", "with a ticket", "gate-in")
	each := func(what, target string, value func(series) string) {
		row(what, target, value(r.talks), value(r.tickets), value(r.gate))
	}
	quantile := func(q float64, of func(series) measured) func(series) string {
		return func(s series) string { return ms(of(s).quantile(q)) }
	}
	far, near := func(s series) measured { return s.far }, func(s series) measured { return s.near }
	each("30 steps/s, 80 ms round trip: p50", "≤ 60 ms", quantile(0.5, far))
	each("  p95", "≤ 100 ms", quantile(0.95, far))
	each("  p99", "", quantile(0.99, far))
	each("30 steps/s, no round trip: p50", "≤ 20 ms", quantile(0.5, near))
	each("  p95", "", quantile(0.95, near))
	each("  p99", "≤ 100 ms", quantile(0.99, near))
	each("highest rate held", "≥ 120 steps/s", func(s series) string { return fmt.Sprintf("%.0f steps/s", s.best()) })
	row(fmt.Sprintf("memory of gateway and worker, %d dialogues open", r.open), "≤ 150 MB", mb(r.idle[stack.Gateway].rss+r.idle[stack.Worker].rss))
	row("  after everything", "", mb(r.loaded[stack.Gateway].rss+r.loaded[stack.Worker].rss))
	for _, s := range []series{r.talks, r.tickets, r.gate} {
		s.write(t)
	}
	row()
	row("process", "CPU, talk only", "CPU, with tickets", "memory", "at the end")
	for _, part := range []stack.Part{stack.Gateway, stack.Worker, stack.Web, stack.Engine, stack.Postgres, stack.Sandbox, self} {
		row("  "+string(part), cores(r.talks.near.cpu[part]), cores(r.tickets.near.cpu[part]), mb(r.idle[part].rss), mb(r.loaded[part].rss))
	}
}

const notes = `
The time is from the sandbox's first attempt to deliver an update until it accepted the first message in that chat. Open
loop: a step is started when it is due, whether earlier ones are answered or not; a rate is held when 95 of 100 steps are
answered within a second and none is left over. CPU is at 30 steps/s. Everything runs on this machine, the load too.
"Talk only" ends each dialogue with "No, drop it"; "with a ticket" files one in every six steps, which becomes a workflow
and a task on the board. Telegram's limit of 30 messages a second for a bot is off on both sides (the sandbox's limiter,
and bots.sends_per_second = 1000): one bot here stands for one with paid broadcasts, or for many. The limit of a chat
holds. Nobody is on the staff, so no notices go out. "Gate-in" is by dispatchers, each container new.
`

// write adds the tables of the yard.
func (r yardReport) write(w io.Writer) {
	line(w)
	line(w, fmt.Sprintf("pages on %d stays, %d visits each", yardStays, visits), "target", "p50", "p95")
	for _, p := range r.pages {
		line(w, "  "+p.path, "≤ 200 ms", ms(p.quantile(0.5)), ms(p.quantile(0.95)))
	}
	line(w, fmt.Sprintf("statement of %d stays, from the command line", r.stays), "≤ 5 s", ms(r.statement))
	line(w, fmt.Sprintf("import of a sheet of %d stays", yardStays), "", ms(r.imported))
}

// write adds the tables of one series.
func (s series) write(t io.Writer) {
	line(t)
	line(t, "step by step, p50 and p95", "80 ms", "none")
	for i, step := range s.course {
		far, near := s.far.ofStep(i), s.near.ofStep(i)
		line(t, fmt.Sprintf("  %d %s%s", i+1, step.text, step.press),
			ms(far.quantile(0.5))+", "+ms(far.quantile(0.95)), ms(near.quantile(0.5))+", "+ms(near.quantile(0.95)))
	}
	line(t, "on the way up", "p50", "p95", "p99", "answered")
	for _, l := range s.climb {
		line(t, fmt.Sprintf("  %.0f steps/s", l.rate), ms(l.quantile(0.5)), ms(l.quantile(0.95)), ms(l.quantile(0.99)), fmt.Sprintf("%.0f/s", l.perSecond()))
	}
}

// best is the highest rate that was held.
func (s series) best() float64 {
	best := 0.0
	for _, l := range append([]leg{s.near.leg}, s.climb...) {
		if l.lasted > 0 && l.held() {
			best = max(best, l.perSecond())
		}
	}
	return best
}

func line(w io.Writer, cells ...string) { fmt.Fprintln(w, strings.Join(cells, "\t")+"\t") }

func ms(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1000) }

func mb(bytes int64) string { return fmt.Sprintf("%.0f MB", float64(bytes)/(1<<20)) }

func cores(n float64) string { return fmt.Sprintf("%.2f cores", n) }
