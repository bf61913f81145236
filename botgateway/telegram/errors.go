package telegram

import (
	"fmt"
	"time"
)

// Error is a refusal: the API, or something on the way to it, answered, and not with success.
type Error struct {
	Method      string
	Code        int    // as in the answer's error_code
	Foreign     bool   // the answer, an error, is not the API's but of something on the way: Code is its HTTP status
	Description string // the API's words; may quote what was sent, so it is stored but not logged
	RetryAfter  time.Duration
	MigrateTo   int64 // the chat's new id
}

func (e *Error) Error() string { return fmt.Sprintf("telegram: %s: %d", e.Method, e.Code) }

// Unanswered says that no answer came that can be understood.
type Unanswered struct {
	Method  string
	WentOut bool   // the request left (in part at least): it may have been carried out
	Cause   string // without the token
}

func (e *Unanswered) Error() string {
	if e.WentOut {
		return fmt.Sprintf("telegram: %s: no answer: %s", e.Method, e.Cause)
	}
	return fmt.Sprintf("telegram: %s: not sent: %s", e.Method, e.Cause)
}
