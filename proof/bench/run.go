package main

import (
	"context"
	"errors"
	"fmt"
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
	open           int // dialogues that were open when idle was read
	idle, loaded   map[stack.Part]usage
	talks, tickets series
	gate           series
	yard           yardReport
}

// series is what was measured of one dialogue.
type series struct {
	course    dialogue
	near, far measured // 30 steps/s with no round trip, and with 80 ms
	climb     []leg
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
	if !o.yardOnly {
		if err := r.measureTalk(ctx, s, o, logf); err != nil {
			return r, err
		}
	}
	sandbox, err := talk.Watch(ctx, s.SandboxURL, nil)
	if err != nil {
		return r, err
	}
	defer sandbox.Close()
	r.yard, err = measureYard(ctx, s, sandbox, logf)
	return r, err
}

// measureTalk measures people who talk.
func (r *report) measureTalk(ctx context.Context, s *stack.Stack, o options, logf func(string, ...any)) error {
	if err := unlimit(ctx, s); err != nil {
		return err
	}
	rs, err := newRiders(ctx, s.SandboxURL, max(dialogues, turn*o.top))
	if err != nil {
		return err
	}
	defer rs.sandbox.Close()
	if err := rs.sandbox.SetFaults(ctx, talk.Faults{}); err != nil {
		return err
	}

	logf("opening %d dialogues", dialogues)
	if l := rs.drive(ctx, 50, rs.first(dialogues), dialogues/50*time.Second, settle); len(l.errs)+l.unanswered > 0 {
		return fmt.Errorf("while opening dialogues: %d unanswered, %d errors: %s", l.unanswered, len(l.errs), because(l.errs))
	}
	r.open = rs.open()
	if r.idle, err = usages(s); err != nil {
		return err
	}
	logf("bringing people to different steps")
	rs.spread(ctx, 50)
	for _, part := range []struct {
		what   string
		course dialogue
		into   *series
	}{{"dialogues without a ticket", dropping, &r.talks}, {"dialogues that file a ticket", filing, &r.tickets}} {
		rs.course = part.course
		if *part.into, err = rs.series(ctx, s, o, func(format string, args ...any) { logf(part.what+", "+format, args...) }); err != nil {
			return err
		}
	}
	if r.loaded, err = usages(s); err != nil {
		return err
	}
	gate, err := newRiders(ctx, s.SandboxURL, turn*o.top)
	if err != nil {
		return err
	}
	defer gate.sandbox.Close()
	gate.course = arriving
	if err := gate.dispatch(ctx, s); err != nil {
		return err
	}
	gate.spread(ctx, 50)
	r.gate, err = gate.series(ctx, s, o, func(format string, args ...any) { logf("gate-ins, "+format, args...) })
	return err
}

// dispatch makes all riders dispatchers of a terminal.
func (rs *riders) dispatch(ctx context.Context, s *stack.Stack) error {
	var ids []int64
	for _, r := range rs.all {
		ids = append(ids, r.chat.Person.ID)
	}
	return execute(ctx, s, `INSERT INTO people (workspace_id, telegram_id, name, role, post)
		SELECT t.workspace_id, v, 'Rider', 'dispatcher', 'terminal:' || t.id FROM unnest($1::bigint[]) v, terminals t WHERE t.name = 'Keles'`, ids)
}

// series measures one dialogue: at 30 steps a second, and then at higher rates until they are not held.
func (rs *riders) series(ctx context.Context, s *stack.Stack, o options, logf func(string, ...any)) (out series, err error) {
	out.course = rs.course
	logf("warming up")
	rs.drive(ctx, 30, rs.first(30*turn), o.measure/4, settle)
	for _, leg := range []struct {
		rtt  int
		into *measured
	}{{0, &out.near}, {80, &out.far}} {
		if err := rs.sandbox.SetFaults(ctx, talk.Faults{Telegram: talk.Fault{RTT: leg.rtt}}); err != nil {
			return out, err
		}
		logf("30 steps/s, round trip %d ms, %v", leg.rtt, o.measure)
		if *leg.into, err = rs.measure(ctx, s, 30, o.measure); err != nil {
			return out, err
		}
	}
	if err := rs.sandbox.SetFaults(ctx, talk.Faults{}); err != nil {
		return out, err
	}
	for rate := 60; rate <= o.top && ctx.Err() == nil; rate += 30 {
		l := rs.drive(ctx, float64(rate), rs.first(rate*turn), o.climb, settle)
		logf("%d steps/s: p50 %s, p95 %s, backlog %d, late %d, unanswered %d, errors %d %s", rate, ms(l.quantile(0.5)), ms(l.quantile(0.95)),
			l.backlog, l.late, l.unanswered, len(l.errs), because(l.errs))
		out.climb = append(out.climb, l)
		if !l.held() {
			break
		}
	}
	return out, ctx.Err()
}

// unlimit lets the bot send as many messages as one with paid broadcasts may, and has nobody on the staff: their chats
// take one message a second, and would do nothing but lag behind.
func unlimit(ctx context.Context, s *stack.Stack) error {
	return errors.Join(execute(ctx, s, "UPDATE bots SET sends_per_second = 1000"), execute(ctx, s, "UPDATE people SET role = 'client'"))
}

// execute changes the product's database.
func execute(ctx context.Context, s *stack.Stack, sql string, args ...any) error {
	url, err := s.DatabaseURL()
	if err != nil {
		return err
	}
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	_, err = db.Exec(ctx, sql, args...)
	return err
}

// measure drives a rate and reads what it costs.
func (rs *riders) measure(ctx context.Context, s *stack.Stack, rate float64, d time.Duration) (measured, error) {
	before, err := usages(s)
	if err != nil {
		return measured{}, err
	}
	began := time.Now()
	m := measured{leg: rs.drive(ctx, rate, rs.first(int(rate)*turn), d, settle), cpu: map[stack.Part]float64{}}
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
