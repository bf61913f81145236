// Package botgateway is Telegram in and out. Updates come by webhook or long polling, are written into the journal and
// handed to the conversations in order; messages are taken from the outbox and sent, within Telegram's limits. It knows
// nothing of what the talk is about.
package botgateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sethvargo/go-retry"

	"quaydesk/botgateway/telegram"
	"quaydesk/store"
)

// Config says what a Gateway works with.
type Config struct {
	Store     Store
	Temporal  Temporal
	Namespace string                        // of the conversations in Temporal
	PublicURL string                        // where Telegram reaches Handler, without a slash at its end; "": long polling
	APIURL    string                        // of the Bot API, without a slash at its end; "": Telegram's own
	Files     Files                         // opens files that are not Telegram's
	Commands  map[string][]telegram.Command // the bots' menus by language, "" for all others; nil: left as they are
	Log       *slog.Logger                  // default: slog.Default()
	Metrics   prometheus.Registerer         // default: none
}

// Store is what the gateway keeps things in; *store.Store is one. Its pool needs some 20 connections: each of the eight
// relays holds one while Temporal answers, and sometimes a second.
type Store interface {
	Bots
	Journal
	Outbox
}

// Bots keeps the bots.
type Bots interface {
	Bots(ctx context.Context) ([]store.Bot, error)
	SwitchedOff(ctx context.Context) ([]int64, error)
	NameBot(ctx context.Context, bot int64, username string) error
	DisableBot(ctx context.Context, bot int64, reason string) error
}

// Files opens files by their Ref. An error with a method NotFound() bool that returns true is for good.
type Files interface {
	Open(ctx context.Context, ref string) (io.ReadCloser, error)
}

// Gateway runs all bots of the product. Any number of gateways may run on one database.
type Gateway struct {
	Config
	metrics *metrics
	relay   *relay
	sender  *sender
	bots    atomic.Pointer[map[string]*bot] // by webhook path; nil until they are loaded

	last    context.Context // of requests to Telegram: it ends a little after Run's
	cutOff  context.CancelFunc
	mu      sync.Mutex
	ended   bool           // nothing is begun any more
	answers sync.WaitGroup // callback queries being answered
}

// bot is a bot that runs.
type bot struct {
	store.Bot
	api  *telegram.Client
	name atomic.Pointer[string] // user name
	off  atomic.Bool            // Telegram refuses the token
}

// New makes a Gateway, which does nothing before Run.
func New(c Config) *Gateway {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.APIURL == "" {
		c.APIURL = "https://api.telegram.org"
	}
	g := &Gateway{Config: c, metrics: newMetrics(c.Metrics)}
	g.last, g.cutOff = context.WithCancel(context.Background())
	g.relay = newRelay(c.Store, c.Temporal, c.Namespace, c.Log, g.metrics)
	g.sender = &sender{store: c.Store, files: c.Files, log: c.Log, metrics: g.metrics, disable: g.disable,
		wake: make(chan struct{}, 1), results: make(chan store.Result, slots)}
	return g
}

// Run runs the gateway, once, until ctx ends; then it gives what is under way up to four seconds. It always returns
// ctx's error.
func (g *Gateway) Run(ctx context.Context) error {
	defer g.cutOff()
	context.AfterFunc(ctx, func() { time.AfterFunc(grace, g.cutOff) })
	var bots []*bot
	g.persist(ctx, "load bots", func(ctx context.Context) error {
		stored, err := g.Store.Bots(ctx)
		if err != nil {
			return err
		}
		bots = g.start(stored)
		return nil
	})

	var wg sync.WaitGroup
	defer g.end()
	defer wg.Wait()
	wg.Go(func() { g.relay.run(ctx) })
	wg.Go(func() { g.sender.run(ctx, g.last, bots) })
	for i, b := range bots {
		wg.Go(func() {
			// Telegram's server loads at most 20 unknown tokens a minute.
			if sleep(ctx, time.Duration(i)*3*time.Second) {
				g.runBot(ctx, b)
			}
		})
	}
	<-ctx.Done()
	return ctx.Err()
}

// end waits for the callback queries that are being answered.
func (g *Gateway) end() {
	g.mu.Lock()
	g.ended = true
	g.mu.Unlock()
	g.answers.Wait()
}

func (g *Gateway) start(stored []store.Bot) []*bot {
	client := telegram.NewHTTPClient()
	var (
		bots   []*bot
		byPath = make(map[string]*bot, len(stored))
	)
	for _, s := range stored {
		b := &bot{Bot: s, api: telegram.New(g.APIURL, s.Token, client)}
		b.name.Store(&s.Username)
		bots, byPath[s.Path] = append(bots, b), b
	}
	g.bots.Store(&byPath)
	return bots
}

// runBot gets a bot's updates going.
func (g *Gateway) runBot(ctx context.Context, b *bot) {
	if g.PublicURL == "" {
		var wg sync.WaitGroup
		defer wg.Wait()
		wg.Go(func() { g.introduce(ctx, b) })
		g.poll(ctx, b)
		return
	}
	g.introduce(ctx, b)
	g.persist(ctx, "set webhook", func(ctx context.Context) error {
		return g.orDisable(ctx, b, b.api.SetWebhook(ctx, g.PublicURL+webhookPrefix+b.Path, b.Secret, kinds))
	})
}

// introduce learns the bot's user name, which commands in groups are told apart by, and sets its menus.
func (g *Gateway) introduce(ctx context.Context, b *bot) {
	g.persist(ctx, "get the bot's name", func(ctx context.Context) error {
		me, err := b.api.Me(ctx)
		if err != nil {
			return g.orDisable(ctx, b, err)
		}
		name := clean(me.Username)
		b.name.Store(&name)
		return g.Store.NameBot(ctx, b.ID, name)
	})
	for lang, commands := range g.Commands {
		g.persist(ctx, "set the menu", func(ctx context.Context) error {
			return g.orDisable(ctx, b, b.api.SetCommands(ctx, lang, commands))
		})
	}
}

// persist does something again and again until it succeeds, or ctx ends.
func (g *Gateway) persist(ctx context.Context, what string, do func(context.Context) error) {
	_ = retry.Do(ctx, backoff(5*time.Second), func(ctx context.Context) error {
		err := do(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil {
			g.Log.WarnContext(ctx, "not yet, will try again", slog.String("what", what), slog.Any("error", err))
		}
		if refused := (*telegram.Error)(nil); errors.As(err, &refused) && refused.RetryAfter > 0 {
			sleep(ctx, refused.RetryAfter)
		}
		return retry.RetryableError(err)
	})
}

// backoff is how long to wait between attempts at something outside: from 0.2 s to at most longest.
func backoff(longest time.Duration) retry.Backoff {
	return retry.WithCappedDuration(longest, retry.WithJitterPercent(10, retry.NewExponential(200*time.Millisecond)))
}

// sleep waits, and tells whether ctx still goes on.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// orDisable switches the bot off when err says that Telegram does not know its token, and then returns nil: there is
// nothing to try again.
func (g *Gateway) orDisable(ctx context.Context, b *bot, err error) error {
	if !tokenRefused(err) {
		return err
	}
	return g.disable(ctx, b, err)
}

func (g *Gateway) disable(ctx context.Context, b *bot, cause error) error {
	g.Log.ErrorContext(ctx, "Telegram refuses the bot's token: the bot is switched off",
		slog.Int64("bot", b.ID), slog.Any("error", cause))
	b.off.Store(true)
	return g.Store.DisableBot(ctx, b.ID, describe(cause))
}

// Ready tells why the gateway cannot do its work right now, or nil.
func (g *Gateway) Ready(ctx context.Context) error {
	if g.bots.Load() == nil {
		return errors.New("gateway: the bots are not loaded yet")
	}
	refused, err := g.Store.SwitchedOff(ctx)
	if err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	if len(refused) > 0 {
		return fmt.Errorf("gateway: bot %d is switched off: Telegram refuses its token", refused[0])
	}
	if err := g.relay.trouble(); err != nil {
		return fmt.Errorf("gateway: updates wait for Temporal: %w", err)
	}
	return nil
}

// Registrar takes up bots; *store.Store is one.
type Registrar interface {
	RegisterBot(ctx context.Context, telegramID int64, token, workspace string, modules []string) (int64, error)
}

// EnsureBot makes the bot of a token known, in the first workspace, which is made with the given name if there is
// none. It returns the bot's id, and fails on what is no token.
func EnsureBot(ctx context.Context, s Registrar, token, workspace string, modules []string) (int64, error) {
	number, secret, _ := strings.Cut(token, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || id <= 0 || secret == "" || strings.ContainsAny(secret, "/?#% \t\r\n") {
		return 0, errors.New("a bot's token looks like 123456:ABC-DEF, as BotFather gives it")
	}
	return s.RegisterBot(ctx, id, token, workspace, modules)
}
