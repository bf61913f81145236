// Package fault holds the one error type that is meant for people: a kind, which every edge maps once (to a chat
// message, an HTTP status, a non-retryable Temporal error), and words in the reader's language.
package fault

import (
	"errors"

	"quaydesk/domain/chat"
)

// Kind says what a fault means for whoever asked.
type Kind string

// The kinds of fault. Everything that is not a Fault is a failure of ours and is tried again.
const (
	Invalid     Kind = "invalid"     // what was given cannot be used; giving something else helps
	NotFound    Kind = "not_found"   // there is no such thing in this workspace
	Conflict    Kind = "conflict"    // somebody was faster, or the thing is in another state by now
	Forbidden   Kind = "forbidden"   // this person's role does not allow it
	Unavailable Kind = "unavailable" // an outside service refuses for now; later helps
)

// Fault is an expected refusal, told to the person in their language.
type Fault struct {
	Kind Kind      `json:"kind"`
	Text chat.Text `json:"text"`
}

// Error gives the kind and the catalogue key, never what a person wrote: errors end up in logs.
func (f *Fault) Error() string { return string(f.Kind) + ": " + f.Text.Key }

// New makes a fault of a kind with the words of a catalogue key; args are as in chat.T.
func New(kind Kind, key string, args ...any) *Fault {
	return &Fault{Kind: kind, Text: chat.T(key, args...)}
}

// As gives the Fault in err's chain, or nil.
func As(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// Is tells whether err's chain holds a Fault of the kind.
func Is(err error, kind Kind) bool {
	f := As(err)
	return f != nil && f.Kind == kind
}
