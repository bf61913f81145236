package yard

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/domain/fault"
	"quaydesk/workflows/policy"
)

// tellPause is between two tellings at the least, whatever is set, and should the records' clock still be short of a
// moment.
const tellPause = time.Minute

// Stay watches over one box: it reminds people, again and again, when the box does not come in where it is bound, and
// tells once when it becomes a long stayer. It ends when there is nothing to wait for; the next change starts it again.
func Stay(ctx workflow.Context, in Input) error {
	w := &watch{stay: in.Stay, reminded: in.Reminded}
	changed := workflow.GetSignalChannel(ctx, SignalChanged)
	for {
		for changed.ReceiveAsync(nil) {
			continue
		}
		if there, err := w.read(ctx); !there || err != nil {
			return err
		}
		due, tell := w.next()
		switch {
		case due.IsZero() && changed.Len() == 0:
			return nil
		case !due.IsZero() && !due.After(workflow.Now(ctx)):
			if err := tell(ctx); err != nil {
				return err
			}
			continue
		case changed.Len() == 0 && workflow.GetInfo(ctx).GetContinueAsNewSuggested():
			return workflow.NewContinueAsNewError(ctx, Stay, Input{Stay: w.stay, Reminded: w.reminded})
		}
		if err := signalOrTimer(ctx, changed, due.Sub(workflow.Now(ctx))); err != nil {
			return err
		}
	}
}

// watch is what a Stay knows.
type watch struct {
	stay     int64
	now      records.StayNow
	reminded Reminded
	told     time.Time // when it was last told of the long stay
}

// read looks at the stay's records; there is false when there are none.
func (w *watch) read(ctx workflow.Context) (there bool, err error) {
	var r *records.Records
	w.now = records.StayNow{} // what is zero is left out of the answer
	err = workflow.ExecuteLocalActivity(policy.LocalStore(ctx), r.StayNow, w.stay).Get(ctx, &w.now)
	if f := policy.Fault(err); f != nil && f.Kind == fault.NotFound {
		return false, nil
	}
	if !w.now.Since.Equal(w.reminded.Since) {
		w.reminded = Reminded{Since: w.now.Since}
	}
	return err == nil, err
}

// next gives what is due next, and when; no time is never.
func (w *watch) next() (due time.Time, tell func(workflow.Context) error) {
	if !w.now.Missed.IsZero() {
		due, tell = w.now.Missed, w.remind
		if w.reminded.N > 0 {
			due = w.reminded.Last.Add(max(w.now.MissedAgain, tellPause))
		}
	}
	if long := w.now.LongStay; !long.IsZero() {
		if again := w.told.Add(tellPause); !w.told.IsZero() && again.After(long) {
			long = again
		}
		if due.IsZero() || long.Before(due) {
			due, tell = long, w.tellLong
		}
	}
	return due, tell
}

func (w *watch) remind(ctx workflow.Context) error {
	w.reminded.N++
	w.reminded.Last = workflow.Now(ctx)
	var r *records.Records
	return workflow.ExecuteLocalActivity(policy.LocalStore(ctx), r.RemindTransit,
		records.Missing{Stay: w.stay, Since: w.reminded.Since, N: w.reminded.N}).Get(ctx, nil)
}

func (w *watch) tellLong(ctx workflow.Context) error {
	w.told = workflow.Now(ctx)
	var r *records.Records
	return workflow.ExecuteLocalActivity(policy.LocalStore(ctx), r.TellLongStay, w.stay).Get(ctx, nil)
}

// signalOrTimer waits for the next signal, at most for d.
func signalOrTimer(ctx workflow.Context, signals workflow.ReceiveChannel, d time.Duration) error {
	timerCtx, cancel := workflow.WithCancel(ctx)
	defer cancel()
	woken := workflow.NewSelector(ctx)
	woken.AddReceive(signals, func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, nil) })
	woken.AddReceive(ctx.Done(), func(workflow.ReceiveChannel, bool) {})
	woken.AddFuture(workflow.NewTimer(timerCtx, d), func(workflow.Future) {})
	woken.Select(ctx)
	return ctx.Err()
}
