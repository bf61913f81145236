package telegram_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/botgateway/telegram"
)

const token = "1000:SECRET"

// client talks to a server that answers everything with handle.
func client(t *testing.T, handle http.HandlerFunc) *telegram.Client {
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return telegram.New(s.URL, token, telegram.NewHTTPClient())
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, body string
		status     int
		want       telegram.Error
	}{
		{"flood", `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`, 429,
			telegram.Error{Code: 429, Description: "Too Many Requests: retry after 7", RetryAfter: 7 * time.Second}},
		{"migration", `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-100123456789012}}`, 400,
			telegram.Error{Code: 400, Description: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: -100123456789012}},
		{"a proxy's page", `<html>502 Bad Gateway</html>`, 502, telegram.Error{Code: 502, Foreign: true, Description: "Bad Gateway"}},
		{"a proxy's ban", `<html>Forbidden</html>`, 403, telegram.Error{Code: 403, Foreign: true, Description: "Forbidden"}},
		{"a proxy's JSON", `{"error":"who are you?"}`, 401, telegram.Error{Code: 401, Foreign: true, Description: "Unauthorized"}},
		{"nothing", ``, 404, telegram.Error{Code: 404, Foreign: true, Description: "Not Found"}},
		{"success that is none", `{"ok":true,"result":{"message_id":1}}`, 403, telegram.Error{Code: 403, Foreign: true, Description: "Forbidden"}},
		{"another list", `[]`, 400, telegram.Error{Code: 400, Foreign: true, Description: "Bad Request"}},
		{"a quoted token", `{"ok":false,"error_code":400,"description":"no /bot1000:SECRET/x"}`, 400, telegram.Error{Code: 400, Description: "no /bot<token>/x"}},
		{"a redirect", ``, 302, telegram.Error{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			api := client(t, answering(c.status, c.body))
			for method, call := range map[string]func() error{
				"sendMessage": func() error { _, err := api.SendText(t.Context(), telegram.Post{Chat: 5, HTML: "x"}); return err },
				"sendDocument": func() error {
					_, err := api.SendMedia(t.Context(), telegram.Post{Chat: 5}, telegram.Media{Kind: "document", Body: strings.NewReader("x")})
					return err
				},
			} {
				err := call()
				require.NotContains(t, err.Error(), "SECRET")
				if c.want.Code == 0 {
					require.ErrorAs(t, err, new(*telegram.Unanswered))
					continue
				}
				var got *telegram.Error
				require.ErrorAs(t, err, &got)
				want := c.want
				want.Method = method
				require.Equal(t, &want, got)
			}
		})
	}
}

func TestNoAnswer(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	slow := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}
	for _, c := range []struct {
		name    string
		api     *telegram.Client
		wentOut bool
	}{
		{"nobody listens", telegram.New("http://"+closed.Addr().String(), token, telegram.NewHTTPClient()), false},
		{"no such address", telegram.New("http://127.0.0.1:1:1", token, telegram.NewHTTPClient()), false},
		{"no TLS", telegram.New(strings.Replace(serve(t, answering(200, "")), "http:", "https:", 1), token, telegram.NewHTTPClient()), false},
		{"hangs up", client(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), true},
		{"too slow", client(t, slow), true},
		{"hangs up in the middle", client(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"ok":true`)
		}), true},
		{"200 without JSON", client(t, answering(200, "hello")), true},
		{"200 with JSON that is not the API's", client(t, answering(200, `{"error":"x"}`)), true},
		{"200 with another result", client(t, answering(200, `{"ok":true,"result":"x"}`)), true},
		{"an endless answer", client(t, func(w http.ResponseWriter, _ *http.Request) {
			for r := (strings.Repeat(" ", 1<<20)); ; {
				if _, err := io.WriteString(w, r); err != nil {
					return
				}
			}
		}), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			_, err := c.api.SendText(ctx, telegram.Post{Chat: 5, HTML: "x"})
			var got *telegram.Unanswered
			require.ErrorAs(t, err, &got)
			require.Equal(t, c.wentOut, got.WentOut, got.Cause)
			require.NotContains(t, fmt.Sprintf("%+v %v", got, err), "SECRET")
		})
	}
}

func serve(t *testing.T, handle http.HandlerFunc) string {
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	return s.URL
}

func TestAnUploadWhoseSourceFailsIsNotTakenForSent(t *testing.T) {
	api := client(t, answering(200, `{"ok":true,"result":{"message_id":1}}`))
	_, err := api.SendMedia(t.Context(), telegram.Post{Chat: 5}, telegram.Media{Kind: "photo",
		Body: io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20)), iotest.ErrReader(errors.New("source broke")))})
	require.Error(t, err)
}

func TestDownload(t *testing.T) {
	api := client(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bot" + token + "/getFile":
			path := map[string]string{"F": "photos/1.jpg", "G": "gone"}[r.FormValue("file_id")]
			fmt.Fprintf(w, `{"ok":true,"result":{"file_path":%q}}`, path)
		case "/file/bot" + token + "/photos/1.jpg":
			_, _ = io.WriteString(w, "jpeg")
		default:
			http.NotFound(w, r)
		}
	})
	body, err := api.Download(t.Context(), "F")
	require.NoError(t, err)
	defer body.Close()
	content, err := io.ReadAll(body)
	require.NoError(t, err)
	require.Equal(t, "jpeg", string(content))

	_, err = api.Download(t.Context(), "G")
	require.ErrorAs(t, err, new(*telegram.Error))
	require.NotContains(t, err.Error(), "SECRET")
}

func TestSetCommands(t *testing.T) {
	var got []string
	api := client(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.FormValue("language_code")+" "+r.FormValue("commands"))
		_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
	})
	commands := []telegram.Command{{Name: "new", Description: "File a ticket"}}
	require.NoError(t, api.SetCommands(t.Context(), "", commands))
	require.NoError(t, api.SetCommands(t.Context(), "ru", commands))
	require.Equal(t, []string{` [{"command":"new","description":"File a ticket"}]`, `ru [{"command":"new","description":"File a ticket"}]`}, got)
}
