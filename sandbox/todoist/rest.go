package todoist

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// maxBody is the limit of a request's body in bytes, uploads aside.
const maxBody = 1 << 20

// answer is what an endpoint gives: a status, and a body unless it is nil.
type answer struct {
	status int
	body   any
}

func ok(body any) answer { return answer{http.StatusOK, body} }

var noContent = answer{status: http.StatusNoContent}

func (s *Server) routes(mux *http.ServeMux) {
	on := func(pattern string, h func(r *http.Request) (answer, error)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /todoist/api/v1/"+path, func(w http.ResponseWriter, r *http.Request) {
			a, err := h(r)
			switch {
			case err != nil:
				writeError(w, restError(err))
			case a.body == nil:
				w.WriteHeader(a.status)
			default:
				writeJSON(w, a.status, a.body)
			}
		})
	}
	on("GET tasks", s.listTasks)
	on("POST tasks", s.createTask)
	on("GET tasks/completed/by_completion_date", s.listCompleted)
	on("GET tasks/{id}", s.getTask)
	on("POST tasks/{id}", s.postTask)
	on("DELETE tasks/{id}", s.act((*change).deleteTask))
	on("POST tasks/{id}/close", s.act((*change).completeTask))
	on("POST tasks/{id}/reopen", s.act((*change).reopenTask))
	on("POST tasks/{id}/move", s.postMove)
	on("GET comments", s.listComments)
	on("POST comments", s.createComment)
	on("GET comments/{id}", s.getComment)
	on("POST comments/{id}", s.postComment)
	on("DELETE comments/{id}", s.act((*change).deleteNote))
	on("GET sections", s.listSections)
	on("POST sections", s.createSection)
	on("GET sections/{id}", s.getSection)
	on("POST sections/{id}", s.postSection)
	on("DELETE sections/{id}", s.act((*change).deleteSection))
	on("GET labels", s.listLabels)
	on("POST labels", s.createLabel)
	on("GET labels/{id}", s.getLabel)
	on("POST labels/{id}", s.postLabel)
	on("DELETE labels/{id}", s.act((*change).deleteLabel))
	on("GET projects", s.listProjects)
	on("POST projects", s.createProject)
	on("GET projects/{id}", s.getProject)
	on("POST projects/{id}", s.postProject)
	on("GET projects/{id}/collaborators", s.listCollaborators)
	on("GET activities", s.listActivities)
	on("GET user", s.getUser)
	on("POST uploads", s.upload)
	mux.HandleFunc("POST /todoist/api/v1/sync", s.sync)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { writeError(w, errNotFound("Endpoint")) })
}

// act makes an endpoint of an operation that needs an id and answers nothing.
func (s *Server) act(op func(c *change, id string) error) func(*http.Request) (answer, error) {
	return func(r *http.Request) (answer, error) {
		return noContent, s.do(s.account, func(c *change) error { return op(c, r.PathValue("id")) })
	}
}

// write makes an endpoint's answer of an operation that gives what it made or changed.
func write[A, V any](s *Server, r *http.Request, op func(c *change, a A) (V, error)) (answer, error) {
	var a A
	if err := readJSON(r, &a); err != nil {
		return answer{}, err
	}
	var v V
	err := s.do(s.account, func(c *change) (err error) {
		v, err = op(c, a)
		return err
	})
	return ok(v), err
}

// readJSON reads a request's body. An empty one is an empty object.
func readJSON(r *http.Request, into any) error {
	b, err := readBody(r)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(b)) == 0 {
		return nil
	}
	if err := json.Unmarshal(b, into); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return errInvalid(wrong.Field, "wrong type")
		}
		return errInvalid("body", "not JSON")
	}
	return nil
}

func readBody(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, errTooLarge()
	}
	if err != nil {
		return nil, errInvalid("body", "cut short")
	}
	return b, nil
}

// keyed is an entry of a list with its place in it.
type keyed[T any] struct {
	key string
	v   T
}

// page gives the part of a list that limit and cursor ask for, in the shape {field, next_cursor}. Keys rise along the
// list, or fall when falling; a cursor is the key of the last entry given, so that changes meanwhile skip nothing.
func page[T any](r *http.Request, field string, all []keyed[T], falling bool) (answer, error) {
	limit := 50
	if given := r.URL.Query().Get("limit"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > 200 {
			return answer{}, errInvalid("limit", "a limit is from 1 to 200")
		}
		limit = n
	}
	after := ""
	if given := r.URL.Query().Get("cursor"); given != "" {
		b, err := base64.RawURLEncoding.DecodeString(given)
		if err != nil {
			return answer{}, errInvalid("cursor", "not a cursor of this list")
		}
		after = string(b)
	}
	out := []T{}
	var next *string
	last := ""
	for _, k := range all {
		if after != "" && (k.key == after || (k.key < after) != falling) {
			continue
		}
		if len(out) == limit {
			next = ptr(base64.RawURLEncoding.EncodeToString([]byte(last)))
			break
		}
		out, last = append(out, k.v), k.key
	}
	return ok(map[string]any{field: out, "next_cursor": next}), nil
}

// results pages through a table's values in the order of creation.
func results[T any](r *http.Request, t *table[T], all []T, id func(T) string) (answer, error) {
	list := make([]keyed[T], len(all))
	for i, v := range all {
		list[i] = keyed[T]{t.key(id(v)), v}
	}
	return page(r, "results", list, false)
}
