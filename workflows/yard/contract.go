// Package yard leads dispatchers through the work of a container terminal: gate-in, release, transfer, corrections. A
// Stay workflow per box does the waiting where there is something to wait for: a box that is late in transit, or stands
// for too long. A Yard workflow per workspace sees to it that no stay is forgotten, and sends the daily reports.
package yard

import (
	"encoding/json"
	"strconv"
	"time"

	"quaydesk/activities/signals"
	"quaydesk/domain/yard"
)

// The Stay workflow as others reach it: SignalWithStart of StayWorkflow under StayID, with an Input as both the start
// input and the signal's payload, after a change of the stay's records. The signal means "look".
const (
	StayWorkflow  = "Stay"
	SignalChanged = "changed"
)

// StayID is the workflow id of a stay: "stay:<id>".
func StayID(id int64) string { return yard.About(id) }

// Input starts a Stay.
type Input struct {
	Stay     int64    `json:"stay"`
	Reminded Reminded `json:"reminded,omitzero"` // from the run before
}

// Reminded is how often it was told that a box has not come in where it is bound.
type Reminded struct {
	Since time.Time `json:"since"` // of the transit
	N     int       `json:"n"`     // reminders sent
	Last  time.Time `json:"last"`  // when the last one was
}

// The Yard workflow as others reach it: SignalWithStart of YardWorkflow under YardID, with a YardInput as both the start
// input and the signal's payload, once to start it and after changes of many stays at once.
const (
	YardWorkflow = "Yard"
	SignalHint   = "hint"
)

// YardID is the workflow id of a workspace's yard: "yard:<workspace>".
func YardID(workspace int64) string { return "yard:" + strconv.FormatInt(workspace, 10) }

// YardInput starts a Yard.
type YardInput struct {
	Workspace int64 `json:"workspace"`
}

// YardHint is the signal that starts a workspace's Yard, or hints at stays that changed. request names what the hint
// comes from: a repeat with the same one hints at nothing new.
func YardHint(workspace int64, request string) signals.In {
	return signals.In{
		Workflow: YardWorkflow, ID: YardID(workspace), Signal: SignalHint, RequestID: request,
		Input: json.RawMessage(`{"workspace":` + strconv.FormatInt(workspace, 10) + `}`),
	}
}
