package todoist

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// apiError is a refusal in Todoist's own shape, for a whole request or for one command.
type apiError struct {
	Text  string         `json:"error"`
	Code  int            `json:"error_code"`
	Extra map[string]any `json:"error_extra"`
	Tag   string         `json:"error_tag"`
	HTTP  int            `json:"http_code"`
}

func (e *apiError) Error() string { return e.Tag }

func errUnauthorized() *apiError {
	return &apiError{"Unauthorized", 477, map[string]any{}, "UNAUTHORIZED", http.StatusUnauthorized}
}

// errNotFound is a REST answer for a thing that is not there; what is "Task", "Comment" and so on.
func errNotFound(what string) *apiError {
	return &apiError{what + " not found", 478, map[string]any{}, "NOT_FOUND", http.StatusNotFound}
}

func errInvalid(argument, explanation string) *apiError {
	return &apiError{
		"Invalid argument value", 20,
		map[string]any{"argument": argument, "explanation": explanation}, "INVALID_ARGUMENT_VALUE", http.StatusBadRequest,
	}
}

func errMissing(argument string) *apiError {
	return &apiError{
		"Required argument is missing", 19, map[string]any{"argument": argument}, "ARGUMENT_MISSING",
		http.StatusBadRequest,
	}
}

func errTooLarge() *apiError {
	return &apiError{"Request body too large", 42, map[string]any{}, "REQUEST_TOO_LARGE", http.StatusRequestEntityTooLarge}
}

func errLimited(retryAfter int) *apiError {
	return &apiError{
		"Too many requests. Limits reached", 35, map[string]any{"retry_after": retryAfter}, "LIMITS_REACHED",
		http.StatusTooManyRequests,
	}
}

// What a command answers when the thing it names is not there.
var missingTags = map[string]*apiError{
	"Task":    {"Item not found", 22, map[string]any{}, "ITEM_NOT_FOUND", http.StatusNotFound},
	"Comment": {"Note not found", 24, map[string]any{}, "NOTE_NOT_FOUND", http.StatusNotFound},
	"Section": {"Section not found", 46, map[string]any{}, "SECTION_NOT_FOUND", http.StatusNotFound},
	"Project": {"Project not found", 21, map[string]any{}, "PROJECT_NOT_FOUND", http.StatusNotFound},
	"Label":   {"Label not found", 27, map[string]any{}, "LABEL_NOT_FOUND", http.StatusNotFound},
}

// notFound says that a thing is not there; REST and sync name it differently.
type notFound struct{ what string }

func (n notFound) Error() string { return n.what + " not found" }

// restError turns any error into a REST answer's.
func restError(err error) *apiError {
	var gone notFound
	if errors.As(err, &gone) {
		return errNotFound(gone.what)
	}
	return asAPI(err)
}

// commandError turns any error into a command's status.
func commandError(err error) *apiError {
	var gone notFound
	if errors.As(err, &gone) {
		return missingTags[gone.what]
	}
	return asAPI(err)
}

func asAPI(err error) *apiError {
	var e *apiError
	if errors.As(err, &e) {
		return e
	}
	return &apiError{"Internal error", 1, map[string]any{}, "INTERNAL_ERROR", http.StatusInternalServerError}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, fmt.Sprintf("cannot write the answer: %v", err), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

func writeError(w http.ResponseWriter, e *apiError) {
	if after, ok := e.Extra["retry_after"].(int); ok {
		w.Header().Set("Retry-After", strconv.Itoa(after))
	}
	if e.HTTP == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	writeJSON(w, e.HTTP, e)
}
