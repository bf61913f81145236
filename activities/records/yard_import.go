package records

import (
	"context"

	"quaydesk/domain/fault"
	"quaydesk/domain/yard"
)

// StayImport are stays told of afterwards.
type StayImport struct {
	Workspace int64       `json:"workspace"`
	Person    int64       `json:"person,omitempty"` // who imports; 0: the product itself, from the command line
	Op        string      `json:"op"`               // operation key; a repeat with it changes nothing and answers the same
	Stays     []yard.Past `json:"stays"`
}

// ImportedStay is what came of one of the stays.
type ImportedStay struct {
	Stay    int64        `json:"stay,omitempty"`
	Made    bool         `json:"made,omitempty"`    // a new stay
	Changed bool         `json:"changed,omitempty"` // a recorded stay got what it lacked
	Fault   *fault.Fault `json:"fault,omitempty"`   // why it is not recorded
}

// ImportStays records stays in one transaction and answers for each, in their order. The same number and entry again is
// the same stay: it gets the crane operations and the exit that it lacks. Call it with some hundreds at a time.
func (r *Records) ImportStays(ctx context.Context, in StayImport) ([]ImportedStay, error) {
	return nil, errSoon
}
