package botapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

const maxUpload = 50 << 20 // bytes of one file

// params is what a method was called with, from the query, a form, a multipart form or a JSON object.
type params struct {
	values map[string]string // what is no string in JSON is kept as its JSON text
	files  map[string]*multipart.FileHeader
}

func readParams(w http.ResponseWriter, r *http.Request) (params, error) {
	p := params{values: map[string]string{}, files: map[string]*multipart.FileHeader{}}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload+1<<20)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case "application/json":
		err = p.readObject(json.NewDecoder(r.Body))
	case "multipart/form-data":
		err = r.ParseMultipartForm(4 << 20)
	default:
		err = r.ParseForm()
	}
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return p, &refusal{code: http.StatusRequestEntityTooLarge, text: "Request Entity Too Large"}
	case err != nil:
		return p, badRequest("can't parse the request's parameters")
	}
	for name, vs := range r.URL.Query() {
		p.values[name] = vs[0]
	}
	for name, vs := range r.PostForm {
		p.values[name] = vs[0]
	}
	if r.MultipartForm != nil {
		for name, vs := range r.MultipartForm.Value {
			p.values[name] = vs[0]
		}
		for name, fs := range r.MultipartForm.File {
			p.files[name] = fs[0]
			if fs[0].Size > maxUpload {
				return p, &refusal{code: http.StatusRequestEntityTooLarge, text: "Request Entity Too Large"}
			}
		}
	}
	for _, v := range p.values {
		if !utf8.ValidString(v) {
			return p, badRequest("strings must be encoded in UTF-8")
		}
	}
	return p, nil
}

func (p params) readObject(dec *json.Decoder) error {
	var object map[string]json.RawMessage
	if err := dec.Decode(&object); err != nil {
		return fmt.Errorf("parameters: %w", err)
	}
	for name, raw := range object {
		var s string
		if string(raw) == "null" {
			continue
		}
		if json.Unmarshal(raw, &s) != nil {
			s = string(raw)
		}
		p.values[name] = s
	}
	return nil
}

func (p params) has(name string) bool { return p.values[name] != "" }

func (p params) bool(name string) bool {
	v := strings.ToLower(p.values[name])
	return v == "true" || v == "yes" || v == "1"
}

// int gives a number, held within lo and hi; def when it is missing or none.
func (p params) int(name string, def, lo, hi int) int {
	n, err := strconv.Atoi(p.values[name])
	if err != nil {
		return def
	}
	return min(max(n, lo), hi)
}

// id gives a message id, or 0 when there is none.
func (p params) id(name string) int {
	n, err := strconv.ParseInt(p.values[name], 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return int(n)
}

// json decodes a parameter into v, which is left alone when the parameter is missing. what names the thing in the
// refusal.
func (p params) json(name, what string, v any) error {
	if !p.has(name) {
		return nil
	}
	if err := json.Unmarshal([]byte(p.values[name]), v); err != nil {
		return badRequest("can't parse %s JSON object", what)
	}
	return nil
}
