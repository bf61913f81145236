package desk

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/records"
	"quaydesk/domain/ticket"
	"quaydesk/workflows/policy"
)

// Ticket watches over one ticket: it reminds staff, at growing intervals, as long as nobody takes it, and has the board
// brought in step after every change. It ends when the ticket is closed and the board knows.
func Ticket(ctx workflow.Context, in Input) error {
	w := &watch{ticket: in.Ticket, reminded: in.Reminded, changes: 1, inStep: workflow.NewBufferedChannel(ctx, 1)}
	changed := workflow.GetSignalChannel(ctx, SignalChanged)
	workflow.Go(ctx, w.keepBoard)
	w.unread = true
	for {
		for w.hearAsync(changed) {
			continue
		}
		if w.unread {
			if err := w.read(ctx); err != nil {
				return err
			}
		}
		due := w.nextReminder()
		if !due.IsZero() && !due.After(workflow.Now(ctx)) {
			if err := w.remind(ctx); err != nil {
				return err
			}
			w.unread = true
			continue
		}
		if changed.Len() == 0 {
			if w.synced == w.changes && w.now.State == ticket.Closed {
				return nil
			}
			if workflow.GetInfo(ctx).GetContinueAsNewSuggested() { // also when behind: the next run begins with a sync
				return workflow.NewContinueAsNewError(ctx, Ticket, Input{Ticket: w.ticket, Reminded: w.reminded})
			}
		}
		w.alarm.set(ctx, due)
		woken := workflow.NewSelector(ctx)
		woken.AddReceive(changed, func(workflow.ReceiveChannel, bool) { w.hearAsync(changed) })
		woken.AddReceive(w.inStep, func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, nil); w.unread = true })
		woken.AddReceive(ctx.Done(), func(workflow.ReceiveChannel, bool) {})
		if w.alarm.rings != nil {
			woken.AddFuture(w.alarm.rings, func(workflow.Future) { w.alarm, w.unread = alarm{}, true })
		}
		if woken.Select(ctx); ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// watch is what a Ticket knows.
type watch struct {
	ticket   int64
	now      records.TicketNow
	unread   bool // now may have changed
	reminded Reminded
	alarm    alarm

	changes int // noticed so far
	synced  int // of these, how many the board has
	syncing bool
	inStep  workflow.Channel // told whenever synced has grown
}

// hearAsync takes a signal, if there is one. A sweep's tells of the board only: while a sync is under way, perhaps for
// hours, it is but a reason for the next sync.
func (w *watch) hearAsync(changed workflow.ReceiveChannel) bool {
	var in Input
	if !changed.ReceiveAsync(&in) {
		return false
	}
	w.changes++
	w.unread = w.unread || !in.Swept || !w.syncing
	return true
}

func (w *watch) read(ctx workflow.Context) error {
	w.unread = false
	var r *records.Records
	if err := workflow.ExecuteLocalActivity(policy.LocalStore(ctx), r.ReadTicket, w.ticket).Get(ctx, &w.now); err != nil {
		return err
	}
	if !w.now.HasBoard {
		w.synced = w.changes
	}
	if w.now.State != ticket.New || !w.now.Since.Equal(w.reminded.Since) {
		w.reminded = Reminded{Since: w.now.Since}
	}
	return nil
}

// nextReminder gives when staff is to be reminded next, or no time for never.
func (w *watch) nextReminder() time.Time {
	intervals := w.now.Reminders
	if w.now.State != ticket.New || len(intervals) == 0 {
		return time.Time{}
	}
	last := w.reminded.Last
	if w.reminded.N == 0 {
		last = w.now.Since
	}
	return last.Add(intervals[min(w.reminded.N, len(intervals)-1)])
}

func (w *watch) remind(ctx workflow.Context) error {
	w.reminded.N++
	w.reminded.Last = workflow.Now(ctx)
	var r *records.Records
	return workflow.ExecuteLocalActivity(policy.LocalStore(ctx), r.RemindStaff,
		records.Reminding{Ticket: w.ticket, Since: w.reminded.Since, N: w.reminded.N}).Get(ctx, nil)
}

// keepBoard brings the board in step whenever there were changes. It runs beside the reminders, which therefore go on
// while the board is down; what changes meanwhile is brought there afterwards, once.
func (w *watch) keepBoard(ctx workflow.Context) {
	for {
		err := workflow.Await(ctx, func() bool { return w.now.HasBoard && w.synced < w.changes })
		if err != nil {
			return // cancelled
		}
		upTo := w.changes
		var b *records.Board
		w.syncing = true
		if err := workflow.ExecuteActivity(policy.Outside(ctx), b.SyncBoard, w.ticket).Get(ctx, nil); err != nil {
			workflow.GetLogger(ctx).Error("the board refuses a ticket", "ticket", w.ticket, "error", err)
		}
		w.synced, w.syncing = upTo, false
		w.inStep.SendAsync(nil)
	}
}

// alarm is a timer that is left alone as long as its time stays the same.
type alarm struct {
	at     time.Time
	rings  workflow.Future // nil: never
	cancel workflow.CancelFunc
}

func (a *alarm) set(ctx workflow.Context, at time.Time) {
	if at.Equal(a.at) {
		return
	}
	if a.cancel != nil {
		a.cancel()
	}
	if *a = (alarm{at: at}); at.IsZero() {
		return
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	a.cancel = cancel
	a.rings = workflow.NewTimer(timerCtx, at.Sub(workflow.Now(ctx)))
}
