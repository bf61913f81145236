package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	readyTimeout = time.Minute            // for a part's first start
	pollEvery    = 20 * time.Millisecond  // how often a starting part is asked
	firstDelay   = 100 * time.Millisecond // before a part that ended is started again
	lastDelay    = 5 * time.Second        // the delay doubles up to here
	settled      = 10 * time.Second       // a part that ran so long starts with firstDelay again
)

// supervisor keeps parts running.
type supervisor struct {
	log     *slog.Logger
	changed func() // called after a part has got another process

	mu   sync.Mutex
	kept []*kept // in order of start
}

// kept is a part that was ready once and is started again whenever it ends.
type kept struct {
	part
	cancel context.CancelFunc
	ended  chan struct{} // closed when it is no longer kept

	mu       sync.Mutex
	run      running
	restarts int
}

func (k *kept) process() (running, int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.run, k.restarts
}

// start starts a part, returns when it is ready and keeps it running from then on. A part that fails its first start
// is not kept.
func (s *supervisor) start(ctx context.Context, p part) error {
	began := time.Now()
	run, err := p.start(ctx)
	if err != nil {
		return fmt.Errorf("%s did not start: %w", p.name, err)
	}
	patient, cancel := context.WithTimeout(ctx, readyTimeout)
	err = p.await(patient, run)
	cancel()
	if err != nil {
		_ = run.Stop(cut())
		if p.log != nil {
			err = fmt.Errorf("%w (log: %s)", err, p.log.path)
		}
		return fmt.Errorf("%s did not start: %w", p.name, err)
	}
	keepCtx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	k := &kept{part: p, run: run, cancel: cancel, ended: make(chan struct{})}
	s.mu.Lock()
	s.kept = append(s.kept, k)
	s.mu.Unlock()
	s.changed()
	s.log.InfoContext(ctx, "part is ready", slog.String("part", p.name), slog.Duration("after", time.Since(began)))
	go s.keep(keepCtx, k)
	return nil
}

// await returns when the part is ready and greeted.
func (p part) await(ctx context.Context, run running) error {
	for {
		err := p.ready(ctx)
		if err == nil {
			break
		}
		select {
		case <-run.Done():
			if p.log != nil && p.log.last() != "" {
				return errors.New(p.log.last())
			}
			return errors.New("it ended at once")
		case <-ctx.Done():
			return fmt.Errorf("it is not ready: %w", err)
		case <-time.After(pollEvery):
		}
	}
	if p.greet == nil {
		return nil
	}
	return p.greet(ctx)
}

// keep starts the part again whenever it ends, until ctx ends.
func (s *supervisor) keep(ctx context.Context, k *kept) {
	defer close(k.ended)
	delay, started := firstDelay, time.Now()
	for {
		run, _ := k.process()
		select {
		case <-ctx.Done():
			return
		case <-run.Done():
		}
		_ = run.Stop(cut())
		if time.Since(started) > settled {
			delay = firstDelay
		}
		s.log.WarnContext(ctx, "a part ended and is started again",
			slog.String("part", k.name), slog.Int("pid", run.Pid()), slog.Duration("in", delay))
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(delay):
			}
			delay = min(2*delay, lastDelay)
			next, err := k.start(ctx)
			if err == nil {
				run = next
				break
			}
			if ctx.Err() != nil {
				return
			}
			s.log.ErrorContext(ctx, "a part cannot be started again yet",
				slog.String("part", k.name), slog.Any("error", err), slog.Duration("in", delay))
		}
		started = time.Now()
		k.mu.Lock()
		k.run = run
		k.restarts++
		k.mu.Unlock()
		s.changed()
		go s.welcome(ctx, k.part, run)
	}
}

// welcome waits until a part that was started again is ready.
func (s *supervisor) welcome(ctx context.Context, p part, run running) {
	switch err := p.await(ctx, run); {
	case err == nil:
		s.log.InfoContext(ctx, "the part is ready again", slog.String("part", p.name))
	case ctx.Err() == nil:
		s.log.WarnContext(ctx, "the part did not become ready", slog.String("part", p.name), slog.Any("error", err))
	}
}

// stop stops parts by name, together, and no longer keeps them. Each is killed when the grace is over or ctx ends.
func (s *supervisor) stop(ctx context.Context, grace time.Duration, names ...string) {
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	var all sync.WaitGroup
	for _, name := range names {
		k := s.find(name)
		if k == nil {
			continue
		}
		all.Go(func() {
			k.cancel()
			<-k.ended
			run, _ := k.process()
			if err := run.Stop(ctx); err != nil {
				s.log.Warn("a part was not stopped orderly", slog.String("part", k.name), slog.Any("error", err))
			}
		})
	}
	all.Wait()
}

func (s *supervisor) find(name string) *kept {
	for _, k := range s.all() {
		if k.name == name {
			return k
		}
	}
	return nil
}

func (s *supervisor) all() []*kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*kept(nil), s.kept...)
}

// cut is a context that has ended: what is stopped with it is stopped at once.
func cut() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// together runs functions at once and joins their errors.
func together(fns ...func() error) error {
	errs := make([]error, len(fns))
	var all sync.WaitGroup
	for i, fn := range fns {
		all.Go(func() { errs[i] = fn() })
	}
	all.Wait()
	return errors.Join(errs...)
}
