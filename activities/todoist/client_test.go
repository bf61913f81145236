package todoist

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
)

const token = "a-secret-token"

// serving gives a client of a server that answers as told.
func serving(t *testing.T, h http.HandlerFunc) *Client {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			http.Error(w, "who are you", http.StatusUnauthorized)
			return
		}
		h(w, r)
	}))
	t.Cleanup(server.Close)
	return New(server.URL+"/", token)
}

func TestRefusals(t *testing.T) {
	limited := `{"error":"Too many requests","error_code":35,"error_tag":"LIMITS_REACHED","http_code":429,"error_extra":{"retry_after":3}}`
	for name, c := range map[string]struct {
		status        int
		header, body  string
		want          Error
		gone, refused bool
	}{
		"limits":              {429, "", limited, Error{Tag: "LIMITS_REACHED", RetryAfter: 3 * time.Second}, false, false},
		"limits by header":    {429, "9", "<html>", Error{RetryAfter: 9 * time.Second}, false, false},
		"a proxy's page":      {502, "", "<html>", Error{}, false, false},
		"a token revoked":     {401, "", `{"error_tag":"UNAUTHORIZED"}`, Error{Tag: "UNAUTHORIZED"}, false, false},
		"a forbidden project": {403, "", `{}`, Error{}, false, false},
		"gone":                {404, "", `{"error_tag":"NOT_FOUND"}`, Error{Tag: "NOT_FOUND"}, true, true},
		"an edge's page":      {404, "", "<html>", Error{}, false, false},
		"nonsense":            {400, "", `{"error_tag":"INVALID_ARGUMENT_VALUE"}`, Error{Tag: "INVALID_ARGUMENT_VALUE"}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			client := serving(t, func(w http.ResponseWriter, _ *http.Request) {
				if c.header != "" {
					w.Header().Set("Retry-After", c.header)
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			_, err := client.Task(t.Context(), "1")
			var e *Error
			require.ErrorAs(t, err, &e)
			c.want.Op, c.want.Status = "task", c.status
			require.Equal(t, c.want, *e)
			require.Equal(t, c.gone, Gone(err))
			require.Equal(t, c.refused, Refused(err))
			require.NotContains(t, err.Error(), token)

			var app *temporal.ApplicationError
			if c.want.RetryAfter > 0 {
				require.ErrorAs(t, ForActivity(fmt.Errorf("in a sweep: %w", err), true), &app)
				require.Equal(t, c.want.RetryAfter, app.NextRetryDelay())
				require.False(t, app.NonRetryable())
			} else {
				require.Equal(t, err, ForActivity(err, false))
				require.ErrorAs(t, ForActivity(err, true), &app)
				require.Equal(t, time.Second, app.NextRetryDelay())
			}
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	client := New("http://127.0.0.1:1", token)
	_, err := client.Task(t.Context(), "1")
	require.Error(t, err)
	require.False(t, Gone(err) || Refused(err))
	require.NotContains(t, err.Error(), token)

	ctx, cancel := context.WithCancel(t.Context())
	client = serving(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	_, err = client.Task(ctx, "1")
	require.ErrorIs(t, err, context.Canceled)
}

func TestAnswersThatCannotBeRead(t *testing.T) {
	for _, answer := range []string{"", "<html>", `{"results":7}`, strings.Repeat("x", maxAnswer+1)} {
		client := serving(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) })
		_, err := client.Sections(t.Context(), "p")
		require.Error(t, err)
		require.False(t, Refused(err), "it may pass")
	}
}

func TestCommandsOneByOne(t *testing.T) {
	client := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"sync_status":{"u1":"ok","u2":{"error_tag":"ITEM_NOT_FOUND","http_code":404,"error_extra":{}}},
			"temp_id_mapping":{"a":"1"},"full_sync":true}`)
	})
	ids, err := client.Do(t.Context(), Command{Type: "item_add", UUID: "u1", TempID: "a"})
	require.NoError(t, err)
	require.Equal(t, "1", ids["a"])
	_, err = client.Do(t.Context(), Command{Type: "item_add", UUID: "u1"}, Command{Type: "item_move", UUID: "u2"})
	require.True(t, Gone(err))
	require.ErrorContains(t, err, "item_move")
	_, err = client.Do(t.Context(), Command{Type: "item_add", UUID: "u3"})
	require.ErrorContains(t, err, "NO_STATUS", "an answer that does not tell of our command is none")
	require.False(t, Refused(err))
}

func TestDeletedTasksAreGone(t *testing.T) {
	client := serving(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"id":"1","is_deleted":true}`) })
	_, err := client.Task(t.Context(), "1")
	require.True(t, Gone(err))
}

func TestNotesAreReadToTheEndInOrder(t *testing.T) {
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("cursor") == "" {
			_, _ = io.WriteString(w, `{"results":[{"id":"2","posted_at":"2026-01-02T00:00:00.000000Z"}],"next_cursor":"c"}`)
			return
		}
		_, _ = io.WriteString(w, `{"results":[{"id":"1","posted_at":"2026-01-01T00:00:00.000000Z","file_attachment":null}],"next_cursor":null}`)
	})
	notes, err := client.Notes(t.Context(), "t")
	require.NoError(t, err)
	require.Equal(t, "1", notes[0].ID)
	require.Equal(t, "2", notes[1].ID)
}

func TestNothingThatIsReadHoldsNULs(t *testing.T) {
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/collaborators") {
			_, _ = io.WriteString(w, `{"results":[{"id":"1","name":"Na\u0000dia"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"results":[{"id":"1","content":"a\u0000b \\u0000","file_attachment":{"file_name":"\u0000n",
			"file_type":"t\u0000","file_url":"u\u0000","resource_type":"r\u0000"}}]}`)
	})
	notes, err := client.Notes(t.Context(), "t")
	require.NoError(t, err)
	require.Equal(t, []Note{{ID: "1", Content: `ab \u0000`,
		Attachment: &Attachment{FileName: "n", FileType: "t", FileURL: "u", ResourceType: "r"}}}, notes)
	people, err := client.Collaborators(t.Context(), "p")
	require.NoError(t, err)
	require.Equal(t, []Collaborator{{ID: "1", Name: "Nadia"}}, people)
}

// An address may be an attachment's, which alone opens it.
func TestErrorsHoldNoAddress(t *testing.T) {
	client := New("http://127.0.0.1:1", token)
	_, err := NewFiles(client).Open(t.Context(), RefPrefix+client.base+"/files/secret-name")
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secret-name")
	_, err = client.Task(t.Context(), "secret-name")
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secret-name")
}

func TestUpload(t *testing.T) {
	for _, size := range []int64{5, 0} {
		client := serving(t, func(w http.ResponseWriter, r *http.Request) {
			require.Equal(t, size > 0, r.ContentLength > 0, "the length is told when it is known")
			require.NoError(t, r.ParseMultipartForm(1<<20))
			require.Equal(t, "p1", r.FormValue("project_id"))
			f := r.MultipartForm.File["file"][0]
			_, params, err := mime.ParseMediaType(f.Header.Get("Content-Disposition"))
			require.NoError(t, err)
			require.Equal(t, `план "A".pdf`, params["filename"])
			file, err := f.Open()
			require.NoError(t, err)
			bytes, err := io.ReadAll(file)
			require.NoError(t, err)
			require.Equal(t, "hello", string(bytes))
			_, _ = io.WriteString(w, `{"file_url":"x"}`)
		})
		attachment, err := client.Upload(t.Context(), "p1", `план "A".pdf`, "", size, strings.NewReader("hello"))
		require.NoError(t, err)
		require.JSONEq(t, `{"file_url":"x"}`, string(attachment))
	}
}

func TestFilesAreOpenedAtTodoistOnly(t *testing.T) {
	client := serving(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "bytes") })
	files := NewFiles(client)
	body, err := files.Open(t.Context(), RefPrefix+client.base+"/files/1")
	require.NoError(t, err)
	bytes, err := io.ReadAll(body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	require.Equal(t, "bytes", string(bytes))

	ours := NewFiles(New("", token))
	for address, want := range map[string]bool{
		"https://files.todoist.com/a":        true,
		"https://todoist.com/a":              true,
		"https://api.todoist.com/a":          true,
		"http://files.todoist.com/a":         false,
		"https://todoist.com.evil.com/a":     false,
		"https://eviltodoist.com/a":          false,
		"https://x@todoist.com/a":            false,
		"https://files.todoist.com:8443/a":   false,
		"http://169.254.169.254/latest/meta": false,
		"file:///etc/passwd":                 false,
		"":                                   false,
	} {
		require.Equal(t, want, ours.Ours(address), address)
	}
	_, err = ours.Open(t.Context(), RefPrefix+"http://169.254.169.254/")
	require.Error(t, err)
	_, err = ours.Open(t.Context(), "https://todoist.com/without-prefix")
	require.Error(t, err)
}

func TestRedirectsGetNoToken(t *testing.T) {
	got := make(chan string, 1)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header.Get("Authorization")
	}))
	defer elsewhere.Close()
	away := strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)
	client := serving(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, away, http.StatusFound) })
	body, err := NewFiles(client).Open(t.Context(), RefPrefix+client.base+"/files/1")
	require.NoError(t, err)
	require.NoError(t, body.Close())
	require.Empty(t, <-got)
}
