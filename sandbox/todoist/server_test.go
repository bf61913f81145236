package todoist

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"quaydesk/sandbox/faults"
	"quaydesk/sandbox/world"
)

// People of the demo world.
const (
	nadia  = "51000003"
	igor   = "51000004"
	nobody = "51999999"
)

type object = map[string]any

// desk is a Todoist under test.
type desk struct {
	t      *testing.T
	dir    string
	faults *faults.Faults
	server *Server
	http   *httptest.Server
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, dir: t.TempDir(), faults: faults.New()}
	d.open()
	t.Cleanup(func() { d.close() })
	return d
}

func (d *desk) open() {
	s, err := New(world.Demo(), d.faults, d.dir, slog.New(slog.DiscardHandler))
	require.NoError(d.t, err)
	mux := http.NewServeMux()
	s.Register(mux)
	d.server, d.http = s, httptest.NewServer(mux)
}

func (d *desk) close() {
	d.http.CloseClientConnections()
	d.http.Close()
	require.NoError(d.t, d.server.Close())
}

// restart stops the service without telling it and opens its folder again.
func (d *desk) restart() {
	d.close()
	d.open()
}

// send makes a request with the account's token; path is below the server's root.
func (d *desk) send(method, path, kind string, body io.Reader) (int, []byte) {
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.http.URL+path, body)
	require.NoError(d.t, err)
	req.Header.Set("Authorization", "Bearer "+world.Demo().Todoist.Token)
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(d.t, err)
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	require.NoError(d.t, err)
	return res.StatusCode, b
}

// try makes a JSON request and gives the status and the object in the answer.
func (d *desk) try(method, path string, body any) (int, object) {
	var r io.Reader
	if body != nil {
		r = bytes.NewReader(mustJSON(body))
	}
	status, b := d.send(method, path, "application/json", r)
	var out object
	if len(b) > 0 {
		require.NoError(d.t, json.Unmarshal(b, &out), string(b))
	}
	return status, out
}

// api makes an API call that must succeed.
func (d *desk) api(method, path string, body any) object {
	d.t.Helper()
	status, out := d.try(method, "/todoist/api/v1/"+path, body)
	require.Less(d.t, status, 300, "%s %s: %v", method, path, out)
	return out
}

// person does something on the board page's side that must succeed.
func (d *desk) person(method, path string, body any) object {
	d.t.Helper()
	status, out := d.try(method, "/demo/board"+path, body)
	require.Equal(d.t, http.StatusOK, status, "%s %s: %v", method, path, out)
	return out
}

func (d *desk) project() string { return world.Demo().Todoist.ProjectID }

func (d *desk) addTask(content string) string {
	d.t.Helper()
	return d.api("POST", "tasks", object{"content": content, "project_id": d.project()})["id"].(string)
}

// syncForm makes a sync request as the documentation shows it.
func (d *desk) syncForm(token string, types []string, commands ...object) object {
	d.t.Helper()
	form := url.Values{}
	if token != "" {
		form.Set("sync_token", token)
	}
	if types != nil {
		form.Set("resource_types", string(mustJSON(types)))
	}
	if commands != nil {
		form.Set("commands", string(mustJSON(commands)))
	}
	status, b := d.send("POST", "/todoist/api/v1/sync", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	require.Equal(d.t, http.StatusOK, status, string(b))
	var out object
	require.NoError(d.t, json.Unmarshal(b, &out))
	return out
}

func (d *desk) upload(name, content string) object {
	d.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	require.NoError(d.t, form.WriteField("project_id", d.project()))
	part, err := form.CreateFormFile("file", name)
	require.NoError(d.t, err)
	_, err = io.WriteString(part, content)
	require.NoError(d.t, err)
	require.NoError(d.t, form.Close())
	status, answer := d.send("POST", "/todoist/api/v1/uploads", form.FormDataContentType(), &b)
	require.Equal(d.t, http.StatusOK, status, string(answer))
	var out object
	require.NoError(d.t, json.Unmarshal(answer, &out))
	return out
}

// names gives one field of all objects in a list.
func names(list any, field string) []any {
	out := []any{}
	for _, v := range list.([]any) {
		out = append(out, v.(object)[field])
	}
	return out
}
