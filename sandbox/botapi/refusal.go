package botapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// refusal is an error in the Bot API's shape.
type refusal struct {
	code       int
	text       string
	retryAfter int // seconds, for 429
}

func (r *refusal) Error() string { return r.text }

func badRequest(format string, args ...any) error {
	return &refusal{code: http.StatusBadRequest, text: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func forbidden(text string) error {
	return &refusal{code: http.StatusForbidden, text: "Forbidden: " + text}
}

func conflict(text string) error {
	return &refusal{code: http.StatusConflict, text: "Conflict: " + text}
}

func tooManyRequests(seconds int) error {
	return &refusal{
		code: http.StatusTooManyRequests, text: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		retryAfter: seconds,
	}
}

// asRefusal gives err in the API's shape; what is no refusal is a failure of the sandbox itself.
func asRefusal(err error) *refusal {
	var r *refusal
	if errors.As(err, &r) {
		return r
	}
	return &refusal{code: http.StatusInternalServerError, text: "Internal Server Error: " + err.Error()}
}

func writeRefusal(w http.ResponseWriter, r *refusal) {
	body := struct {
		OK          bool           `json:"ok"`
		Code        int            `json:"error_code"`
		Description string         `json:"description"`
		Parameters  map[string]int `json:"parameters,omitempty"`
	}{Code: r.code, Description: r.text}
	if r.retryAfter > 0 {
		body.Parameters = map[string]int{"retry_after": r.retryAfter}
		w.Header().Set("Retry-After", fmt.Sprint(r.retryAfter))
	}
	writeJSON(w, r.code, body)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(body)
}
