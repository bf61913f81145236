// Package health serves what watches over a process: /healthz (it runs), /readyz (what it needs answers) and /metrics.
package health

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	checkTimeout = 2 * time.Second
	keepFor      = time.Second // an answer, however many ask
	stopTimeout  = 5 * time.Second
)

// Check asks one thing that a process needs whether it answers.
type Check struct {
	Name string
	Ask  func(ctx context.Context) error
}

// Result is what came of a Check. Err is for the log, not for strangers.
type Result struct {
	Name string
	Err  error
}

// Checks are asked together, at most once a second.
type Checks struct {
	checks []Check

	mu   sync.Mutex
	last []Result
	at   time.Time
}

// New makes Checks.
func New(checks ...Check) *Checks { return &Checks{checks: checks} }

// Results asks all checks at once, for at most 2 s, and gives what came of them in their order.
func (c *Checks) Results() []Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last != nil && time.Since(c.at) < keepFor {
		return c.last
	}
	// Whoever asks may go away; the answer is for the next one too.
	ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
	defer cancel()
	results := make([]Result, len(c.checks))
	var all sync.WaitGroup
	for i, check := range c.checks {
		all.Go(func() { results[i] = Result{check.Name, check.Ask(ctx)} })
	}
	all.Wait()
	c.last, c.at = results, time.Now()
	return results
}

// Register adds /healthz, /readyz and /metrics to mux.
func (c *Checks) Register(mux *http.ServeMux, metrics prometheus.Gatherer) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		results := c.Results()
		w.Header().Set("Cache-Control", "no-store")
		for _, r := range results {
			if r.Err != nil {
				w.WriteHeader(http.StatusServiceUnavailable)
				break
			}
		}
		for _, r := range results {
			word := "ok"
			if r.Err != nil {
				word = "does not answer"
			}
			_, _ = fmt.Fprintf(w, "%s: %s\n", r.Name, word)
		}
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
}

// Handler is a mux with nothing but what Register adds.
func (c *Checks) Handler(metrics prometheus.Gatherer) http.Handler {
	mux := http.NewServeMux()
	c.Register(mux, metrics)
	return mux
}

// NewMetrics makes a registry that tells of the process itself.
func NewMetrics() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// Serve serves h at address (host:port) until ctx ends; what is being answered then gets 5 s to end.
func Serve(ctx context.Context, address string, h http.Handler) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen at %s: %w", address, err)
	}
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute,
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		stopped <- server.Shutdown(within)
	})
	err = server.Serve(listener)
	if stop() { // it ended by itself
		return fmt.Errorf("serve at %s: %w", address, err)
	}
	if err := <-stopped; err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("stop serving at %s: %w", address, err)
	}
	return nil
}
