package botgateway

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/sethvargo/go-retry"

	"quaydesk/botgateway/telegram"
	"quaydesk/store"
)

// remedy is what to do about a failed request.
type remedy int

const (
	again       remedy = iota // try again later
	stepAside                 // try again later, and let what comes after go first: a file's source is away
	asPlain                   // once more without formatting, which Telegram could not read
	asNew                     // the message to edit is gone: send a new one
	done                      // what was asked for is so already
	migrate                   // the chat has another id now
	hold                      // Telegram asks for a pause
	giveUp                    // this message will never be accepted
	unreachable               // no message will ever be accepted in this chat
	doubtful                  // perhaps it was carried out: try again if a repeat does no harm, else give up
	switchOff                 // the bot's token is no good
)

// treat tells what to do about err.
func treat(err error) remedy {
	if source := (*sourceError)(nil); errors.As(err, &source) {
		if gone := (interface{ NotFound() bool })(nil); errors.As(source.err, &gone) && gone.NotFound() {
			return giveUp
		}
		return stepAside
	}
	if unanswered := (*telegram.Unanswered)(nil); errors.As(err, &unanswered) {
		if unanswered.WentOut {
			return doubtful
		}
		return again
	}
	if errors.Is(err, errNotEditable) {
		return asNew
	}
	refused := (*telegram.Error)(nil)
	if !errors.As(err, &refused) {
		return giveUp // a message of ours that cannot be sent at all
	}
	says := func(what ...string) bool {
		for _, w := range what {
			if strings.Contains(strings.ToLower(refused.Description), w) {
				return true
			}
		}
		return false
	}
	switch {
	case refused.MigrateTo != 0:
		return migrate
	case refused.Code == http.StatusTooManyRequests || refused.RetryAfter > 0:
		return hold
	case refused.Foreign:
		return again
	case tokenRefused(err):
		return switchOff
	case refused.Code == http.StatusForbidden, says("chat not found", "group chat was deactivated"):
		return unreachable
	case refused.Code >= 500:
		return again
	case says("message is not modified"):
		return done
	case says("message to edit not found", "message can't be edited", "message_id_invalid"):
		return asNew
	case says("can't parse entities"):
		return asPlain
	}
	return giveUp
}

func tokenRefused(err error) bool {
	refused := (*telegram.Error)(nil)
	return errors.As(err, &refused) && !refused.Foreign &&
		(refused.Code == http.StatusUnauthorized || refused.Code == http.StatusNotFound)
}

func staleQuery(err error) bool {
	refused := (*telegram.Error)(nil)
	return errors.As(err, &refused) && refused.Code == http.StatusBadRequest &&
		(strings.Contains(refused.Description, "query is too old") || strings.Contains(refused.Description, "query ID is invalid"))
}

// giveUpAfter is how long a message is tried again that can neither be sent nor is refused for good.
const giveUpAfter = 24 * time.Hour

// result is what becomes of a row whose latest attempt failed with err, as far as the row itself goes.
func (j job) result(err error) store.Result {
	r := store.Result{ID: j.ID, Bot: j.Bot, Chat: j.Chat, Claim: j.until, Status: store.Pending, Error: describe(err)}
	switch treat(err) {
	case migrate:
		refused := (*telegram.Error)(nil)
		errors.As(err, &refused)
		r.MigratedTo = refused.MigrateTo
	case hold:
		refused := (*telegram.Error)(nil)
		errors.As(err, &refused)
		r.Delay = max(refused.RetryAfter, time.Second)
		r.HoldChat = r.Delay
	case giveUp, asPlain, asNew, done: // the latter three have been dealt with
		r.Status = store.Dead
	case unreachable:
		r.Status, r.Unreachable, r.Error = store.Dead, r.Error, store.DeadFor(r.Error)
	case switchOff: // waits for a new token
	case doubtful:
		if j.Bulk && !j.Edit {
			r.Status, r.Error = store.Dead, inDoubt
			break
		}
		r.Delay = pause(j.Attempts)
		if j.tired() {
			r.Status, r.Error = store.Dead, inDoubt
		}
	case again, stepAside:
		r.Delay, r.Aside = pause(j.Attempts), treat(err) == stepAside
		if j.tired() {
			r.Status = store.Dead
		}
	}
	return r
}

// tired tells whether the row has been tried for long enough.
func (j job) tired() bool { return j.Waited > giveUpAfter && j.Attempts > 1 }

// inDoubt is why a message is not sent again: people take repeats worse than a gap, of bulk messages even the first.
const inDoubt = "in doubt: unknown whether it arrived"

// maxDoubts is how often a message may be sent of which nobody knows whether it arrived. Each gateway counts for itself;
// an edit, of which a repeat shows nothing, is not counted.
const maxDoubts = 5

// pause is how long to wait after so many attempts: half a second at first, a minute at last.
func pause(attempts int) time.Duration {
	b := retry.WithJitterPercent(10, retry.WithCappedDuration(time.Minute, retry.NewExponential(500*time.Millisecond)))
	var d time.Duration
	for range min(max(attempts, 1), 10) {
		d, _ = b.Next()
	}
	return d
}

// describe is an error for people who look after the product: no token in it, but perhaps words of the message.
func describe(err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	if refused := (*telegram.Error)(nil); errors.As(err, &refused) {
		text = strconv.Itoa(refused.Code) + " " + refused.Description
	}
	return clean(strings.ToValidUTF8(text[:min(len(text), 300)], ""))
}

// codeLabel is the metrics' name of an error.
func codeLabel(err error) string {
	if refused := (*telegram.Error)(nil); errors.As(err, &refused) {
		return strconv.Itoa(refused.Code)
	}
	return "0"
}
