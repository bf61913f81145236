// Package policy holds the few ways in which workflows call activities, each number with its reason, and how a domain
// fault crosses Temporal.
package policy

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// LocalStore is for local activities on our own PostgreSQL. A person waits, so it is quick to try again, and it tries
// for as long as it takes: a change of ours is never given up.
func LocalStore(ctx workflow.Context) workflow.Context {
	return workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		StartToCloseTimeout:    5 * time.Second, // a transaction takes milliseconds; longer means a lock or a dead server
		ScheduleToCloseTimeout: forever,         // unset it would be StartToCloseTimeout: no second try after 5 s
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    50 * time.Millisecond, // a lost connection or a deadlock is over at once
			BackoffCoefficient: 2,
			MaximumInterval:    3 * time.Second, // below the task timeout of 5 s: waits in the worker, whose heartbeats of its task are all that history gets
		},
	})
}

// Outside is for activities that call other people's services, which may be down for hours.
func Outside(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 5 * time.Minute,  // above the two minutes that one file may take; a try that is cut off goes on where it was
		HeartbeatTimeout:    15 * time.Second, // a worker that died is found out, and another one goes on; Worker beats for the living
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    time.Second,
			BackoffCoefficient: 2,
			MaximumInterval:    2 * time.Minute, // after an outage everything is caught up within two minutes
		},
	})
}

// forever is longer than any outage that we mean to survive.
const forever = 10 * 365 * 24 * time.Hour
