package policy

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"

	"quaydesk/domain/fault"
)

// Worker is what every activity runs within. It beats for those whose policy has a heartbeat, and makes every activity's
// fault an error that Temporal does not try again: an expected refusal stays one however often it is asked. Fault turns
// it back.
func Worker() interceptor.WorkerInterceptor { return &within{} }

type within struct {
	interceptor.WorkerInterceptorBase
}

func (*within) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &activityFaults{interceptor.ActivityInboundInterceptorBase{Next: next}}
}

type activityFaults struct {
	interceptor.ActivityInboundInterceptorBase
}

func (a *activityFaults) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	defer beat(ctx)()
	out, err := a.Next.ExecuteActivity(ctx, in)
	if f := fault.As(err); f != nil {
		return nil, temporal.NewNonRetryableApplicationError(f.Error(), faultType(f.Kind), nil, *f)
	}
	if err != nil && ctx.Err() == nil { // Temporal itself keeps quiet about local activities that fail
		info := activity.GetInfo(ctx)
		activity.GetLogger(ctx).Warn("an activity failed, it will be tried again", "error", err, "attempt", info.Attempt)
	}
	return out, err
}

// beat tells Temporal from time to time that an activity is still at work, where its policy wants to know, until stop.
func beat(ctx context.Context) (stop func()) {
	within := activity.GetInfo(ctx).HeartbeatTimeout
	if within == 0 {
		return func() {}
	}
	ctx, stop = context.WithCancel(ctx)
	go func() {
		for ticker := time.NewTicker(within / 4); ; {
			select {
			case <-ticker.C:
				activity.RecordHeartbeat(ctx)
			case <-ctx.Done():
				ticker.Stop()
				return
			}
		}
	}()
	return stop
}

func faultType(k fault.Kind) string { return "fault." + string(k) }

// Fault gives the domain's fault behind an activity's error, or nil when there is none.
func Fault(err error) *fault.Fault {
	var app *temporal.ApplicationError
	var f fault.Fault
	if !errors.As(err, &app) || !app.HasDetails() || app.Details(&f) != nil || app.Type() != faultType(f.Kind) {
		return nil
	}
	return &f
}
