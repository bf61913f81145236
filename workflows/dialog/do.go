package dialog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"strings"

	"go.temporal.io/sdk/workflow"

	"quaydesk/activities/signals"
	"quaydesk/domain/chat"
	"quaydesk/workflows/policy"
)

// Do changes the domain: activity is a method of a nil *records.Records, run as a local activity. The change, the
// messages said in this step so far and the journal's outcome are one transaction. The error is the domain's refusal, a
// *fault.Fault; failures are tried again until they pass. The answer is recorded, and the person cannot go back behind
// it.
func Do[In, Out any](d *D, activity func(context.Context, chat.Turn, In) (Out, error), in In) (Out, error) {
	var out Out
	name := nameOf(activity)
	if e := d.recorded(done, name); e != nil {
		d.at++
		if e.Fault != nil {
			return out, e.Fault
		}
		if err := json.Unmarshal(e.Result, &out); err != nil {
			return out, fmt.Errorf("recorded answer of %s: %w", name, err)
		}
		return out, nil
	}
	c := d.c
	turn := c.turn.flushed(c.in, name, d.open.Dialogue+": "+name)
	err := workflow.ExecuteLocalActivity(policy.LocalStore(c.ctx), activity, turn, in).Get(c.ctx, &out)
	if f := policy.Fault(err); f != nil {
		d.log(Entry{Kind: done, Step: name, Fault: f})
		return out, f // nothing was written: what was said goes out with the next turn
	}
	if err != nil {
		panic(unwind{outcome{failed: err}})
	}
	c.turn.written()
	result, err := json.Marshal(out)
	if err != nil {
		return out, fmt.Errorf("answer of %s: %w", name, err)
	}
	d.log(Entry{Kind: done, Step: name, Result: result})
	return out, nil
}

// Look asks the records for something: activity is as for Do, but changes nothing. The answer is recorded, and the person
// can go back behind it; it is asked for anew when in is another than it was. What it tells may have changed by the time
// of a Do, which therefore checks for itself.
func Look[In, Out any](d *D, activity func(context.Context, chat.Turn, In) (Out, error), in In) (Out, error) {
	var out Out
	name := nameOf(activity)
	input, err := json.Marshal(in)
	if err != nil {
		return out, fmt.Errorf("question of %s: %w", name, err)
	}
	e := d.recorded(looked, name)
	if e == nil || !bytes.Equal(e.Input, input) {
		seen, err := d.look(activity, in, &out)
		if err != nil {
			return out, err
		}
		seen.Step, seen.Input = name, input
		if e == nil {
			d.log(seen)
			e = &d.open.Log[d.at-1]
		} else {
			*e = seen
			d.at++
		}
	} else {
		d.at++
	}
	if e.Fault != nil {
		return out, e.Fault
	}
	if err := json.Unmarshal(e.Result, &out); err != nil {
		return out, fmt.Errorf("recorded answer of %s: %w", name, err)
	}
	return out, nil
}

// look runs an activity that changes nothing and gives the entry of its answer.
func (d *D) look(activity, in, out any) (Entry, error) {
	c := d.c
	turn := chat.Turn{Bot: c.in.Bot, Chat: c.in.Chat, User: c.in.User}
	err := workflow.ExecuteLocalActivity(policy.LocalStore(c.ctx), activity, turn, in).Get(c.ctx, out)
	if f := policy.Fault(err); f != nil {
		return Entry{Kind: looked, Fault: f}, nil
	}
	if err != nil {
		panic(unwind{outcome{failed: err}})
	}
	result, err := json.Marshal(out)
	if err != nil {
		return Entry{}, fmt.Errorf("answer of a look: %w", err)
	}
	return Entry{Kind: looked, Result: result}, nil
}

// Signal signals a long-lived workflow, which is started when it does not run. workflow is the type's name, id the
// workflow id; input is both the start input and the signal's payload. Recorded like a Do.
func (d *D) Signal(workflowType, id, signal string, input any) {
	if e := d.recorded(done, signal); e != nil {
		d.at++
		return
	}
	payload, err := json.Marshal(input)
	if err != nil {
		panic(unwind{outcome{err: fmt.Errorf("signal %s: %w", signal, err)}})
	}
	c := d.c
	in := signals.In{Workflow: workflowType, ID: id, Signal: signal, Input: payload, RequestID: c.turn.op(signal)}
	var s *signals.Signals
	if err := workflow.ExecuteLocalActivity(policy.LocalStore(c.ctx), s.Signal, in).Get(c.ctx, nil); err != nil {
		panic(unwind{outcome{failed: err}})
	}
	d.log(Entry{Kind: done, Step: signal})
}

// nameOf gives the bare name of an activity's method, as it is registered.
func nameOf(activity any) string {
	name := runtime.FuncForPC(reflect.ValueOf(activity).Pointer()).Name()
	return strings.TrimSuffix(name[strings.LastIndexByte(name, '.')+1:], "-fm")
}
