package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"

	"quaydesk/proof/stack"
	"quaydesk/proof/talk"
)

const (
	dialogues = 1000 // open at once when memory is read
	turn      = 4    // seconds between a rider's steps: Telegram allows a chat a message a second, and steps edit too
	settle    = 30 * time.Second
)

// report is what was measured.
type report struct {
	open      int // dialogues that were open when idle was read
	idle      map[stack.Part]usage
	far, near measured // with 80 ms of round trip, and with none
	climb     []leg
	loaded    map[stack.Part]usage // after everything
}

// measured is a leg with what it cost.
type measured struct {
	leg
	cpu map[stack.Part]float64 // cores
}

func run(ctx context.Context, o options, logf func(string, ...any)) (r report, err error) {
	logf("starting the product")
	s, err := stack.Start(ctx)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if err := unlimit(ctx, s); err != nil {
		return r, err
	}
	rs, err := newRiders(ctx, s.SandboxURL, max(dialogues, turn*o.top))
	if err != nil {
		return r, err
	}
	defer rs.sandbox.Close()
	faults := talk.Faults{}
	if err := rs.sandbox.SetFaults(ctx, faults); err != nil {
		return r, err
	}

	logf("opening %d dialogues", dialogues)
	if l := rs.drive(ctx, 50, dialogues, dialogues/50*time.Second, settle); len(l.errs)+l.unanswered > 0 {
		return r, fmt.Errorf("while opening dialogues: %d unanswered, %d errors: %s", l.unanswered, len(l.errs), first(l.errs))
	}
	r.open = rs.open()
	if r.idle, err = usages(s); err != nil {
		return r, err
	}

	logf("warming up")
	rs.drive(ctx, 30, 30*turn, 30*time.Second, settle)
	logf("30 steps/s, no round trip, %v", o.measure)
	if r.near, err = rs.measure(ctx, s, 30, 30*turn, o.measure); err != nil {
		return r, err
	}
	logf("30 steps/s, 80 ms round trip, %v", o.measure)
	faults.Telegram.RTT = 80
	if err := rs.sandbox.SetFaults(ctx, faults); err != nil {
		return r, err
	}
	rs.drive(ctx, 30, 30*turn, 5*time.Second, settle)
	if r.far, err = rs.measure(ctx, s, 30, 30*turn, o.measure); err != nil {
		return r, err
	}
	if err := rs.sandbox.SetFaults(ctx, talk.Faults{}); err != nil {
		return r, err
	}
	for rate := 60; rate <= o.top; rate += 30 {
		l := rs.drive(ctx, float64(rate), rate*turn, o.climb, settle)
		logf("%d steps/s: p50 %s, p95 %s, backlog %d, late %d, unanswered %d, errors %d %s", rate, ms(l.quantile(0.5)), ms(l.quantile(0.95)),
			l.backlog, l.late, l.unanswered, len(l.errs), first(l.errs))
		r.climb = append(r.climb, l)
		if !l.held() || ctx.Err() != nil {
			break
		}
	}
	r.loaded, err = usages(s)
	return r, errors.Join(err, ctx.Err())
}

// unlimit lets the bot send as many messages as one with paid broadcasts may, and has nobody on the staff: their chats
// take one message a second, and would do nothing but lag behind.
func unlimit(ctx context.Context, s *stack.Stack) error {
	url, err := s.DatabaseURL()
	if err != nil {
		return err
	}
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	_, err = db.Exec(ctx, "UPDATE bots SET sends_per_second = 1000; UPDATE people SET role = 'client'")
	return err
}

// measure drives a rate and reads what it costs.
func (rs *riders) measure(ctx context.Context, s *stack.Stack, rate float64, who int, d time.Duration) (measured, error) {
	before, err := usages(s)
	if err != nil {
		return measured{}, err
	}
	began := time.Now()
	m := measured{leg: rs.drive(ctx, rate, who, d, settle), cpu: map[stack.Part]float64{}}
	after, err := usages(s)
	if err != nil {
		return m, err
	}
	for part := range after {
		m.cpu[part] = float64(after[part].ticks-before[part].ticks) / 100 / time.Since(began).Seconds()
	}
	if len(m.errs) > 0 {
		return m, fmt.Errorf("%d steps failed: %w", len(m.errs), m.errs[0])
	}
	return m, nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1000) }

func mb(bytes int64) string { return fmt.Sprintf("%.0f MB", float64(bytes)/(1<<20)) }

// String is the tables.
func (r report) String() string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(what, got, want string) { fmt.Fprintf(t, "%s\t%s\t%s\n", what, got, want) }
	row("", "measured", "target")
	row("30 steps/s, 80 ms round trip: p50", ms(r.far.quantile(0.5)), "≤ 60 ms")
	row("  p95", ms(r.far.quantile(0.95)), "≤ 100 ms")
	row("  p99", ms(r.far.quantile(0.99)), "")
	row("30 steps/s, no round trip: p50", ms(r.near.quantile(0.5)), "≤ 20 ms")
	row("  p95", ms(r.near.quantile(0.95)), "")
	row("  p99", ms(r.near.quantile(0.99)), "≤ 100 ms")
	best := leg{lasted: time.Second}
	for _, l := range append([]leg{r.near.leg}, r.climb...) {
		if l.held() && l.perSecond() > best.perSecond() {
			best = l
		}
	}
	row("highest rate held", fmt.Sprintf("%.0f steps/s", best.perSecond()), "≥ 120 steps/s")
	row(fmt.Sprintf("memory of gateway and worker, %d dialogues open", r.open),
		mb(r.idle[stack.Gateway].rss+r.idle[stack.Worker].rss), "≤ 150 MB")
	row("  after the highest rate", mb(r.loaded[stack.Gateway].rss+r.loaded[stack.Worker].rss), "")
	fmt.Fprintln(t)
	row("step by step", "80 ms: p50, p95", "none: p50, p95")
	for i, s := range dialogue {
		far, near := r.far.ofStep(i), r.near.ofStep(i)
		row(fmt.Sprintf("  %d %s%s", i+1, s.text, s.press), ms(far.quantile(0.5))+", "+ms(far.quantile(0.95)), ms(near.quantile(0.5))+", "+ms(near.quantile(0.95)))
	}
	fmt.Fprintln(t)
	fmt.Fprintln(t, "on the way up\tp50\tp95\tp99\tanswered/s")
	for _, l := range r.climb {
		fmt.Fprintf(t, "  %.0f steps/s\t%s\t%s\t%s\t%.0f\n", l.rate, ms(l.quantile(0.5)), ms(l.quantile(0.95)), ms(l.quantile(0.99)), l.perSecond())
	}
	fmt.Fprintln(t)
	fmt.Fprintln(t, "process\tCPU at 30/s, 80 ms\tCPU at 30/s\tmemory\tmemory at the end")
	for _, part := range []stack.Part{stack.Gateway, stack.Worker, stack.Web, stack.Engine, stack.Postgres, stack.Sandbox, self} {
		fmt.Fprintf(t, "  %s\t%.2f cores\t%.2f cores\t%s\t%s\n", part, r.far.cpu[part], r.near.cpu[part], mb(r.idle[part].rss), mb(r.loaded[part].rss))
	}
	if err := t.Flush(); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	b.WriteString(`
The time is from the sandbox's first attempt to deliver an update until it accepted the first message in that chat.
Open loop: a step is started when it is due, whether earlier ones are answered or not. Everything runs on this machine,
the load too. Telegram's limit of 30 messages a second for a bot is off on both sides (the sandbox's limiter, and
bots.sends_per_second = 1000): one bot here stands for one with paid broadcasts, or for many. The limit of a chat holds.
Nobody is on the staff, so no notices go out; every ticket is filed, and becomes a task on the board.
`)
	return b.String()
}
