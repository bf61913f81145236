package todoist

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"go.temporal.io/sdk/temporal"

	"quaydesk/domain/fault"
)

// soon is when a try that got on is followed by the next one.
const soon = time.Second

// Error is a refusal by Todoist, of a whole request or of one command.
type Error struct {
	Op         string        // the call or the command's type
	Status     int           // HTTP; 0 when Todoist gave none
	Tag        string        // Todoist's name for it, e.g. "ITEM_NOT_FOUND"
	RetryAfter time.Duration // 0 when Todoist did not say
}

// Error names the call, the status and Todoist's tag; never what people wrote.
func (e *Error) Error() string {
	s := fmt.Sprintf("todoist %s: %d %s", e.Op, e.Status, e.Tag)
	if e.RetryAfter > 0 {
		s += ", retry after " + e.RetryAfter.String()
	}
	return s
}

// NotFound tells that the thing that was asked for or acted on is not there (any more).
func (e *Error) NotFound() bool { return e.Status == http.StatusNotFound }

// Gone tells whether Todoist itself says that the thing that was asked for or acted on is not there (any more). A 404
// without its tag, like an edge's page, says nothing about the thing.
func Gone(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.NotFound() && e.Tag != ""
}

// Refused tells whether Todoist said no to what was asked for, so that asking again changes nothing. Limits, failures
// of Todoist's own and a refused token are not that: they pass, or somebody mends them.
func Refused(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Status/100 != 4 {
		return false
	}
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	case http.StatusNotFound:
		return e.Tag != "" // else it was not Todoist who said it
	}
	return true
}

// Forbidden tells whether the account may not do what was asked for.
func Forbidden(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusForbidden
}

// ForActivity gives err as an activity returns it: tried again after the time that Todoist says, if it does; else soon
// when this try got on, for then it is no use to wait longer and longer; else as the activity's policy has it.
func ForActivity(err error, gotOn bool) error {
	var e *Error
	var wait time.Duration
	switch {
	case err == nil || fault.As(err) != nil:
		return err
	case errors.As(err, &e) && e.RetryAfter > 0:
		wait = e.RetryAfter
	case gotOn:
		wait = soon
	default:
		return err
	}
	return temporal.NewApplicationErrorWithOptions(err.Error(), "todoist", temporal.ApplicationErrorOptions{NextRetryDelay: wait})
}

// unanswered wraps why a call got no answer, without the call's address: a file's is as good as the file.
func unanswered(op string, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("todoist %s: %w", op, err)
}

// refused is an error as Todoist writes it.
type refused struct {
	Tag      string `json:"error_tag"`
	HTTPCode int    `json:"http_code"`
	Extra    struct {
		RetryAfter float64 `json:"retry_after"` // seconds
	} `json:"error_extra"`
}

func (r refused) error(op string, status int) *Error {
	return &Error{Op: op, Status: status, Tag: r.Tag, RetryAfter: time.Duration(r.Extra.RetryAfter * float64(time.Second))}
}

// refusal reads an answer that is no success; its body may be anything, a proxy's page too.
func refusal(op string, res *http.Response, body []byte) error {
	var r refused
	_ = json.Unmarshal(body, &r) // what cannot be read says nothing
	e := r.error(op, res.StatusCode)
	if e.RetryAfter == 0 {
		if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s > 0 {
			e.RetryAfter = time.Duration(s) * time.Second
		}
	}
	return e
}
