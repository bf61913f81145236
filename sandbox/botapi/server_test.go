package botapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/sandbox/faults"
	"quaydesk/sandbox/world"
)

const (
	emma   = 500001
	nadia  = 500003
	owner  = 500005
	nobody = 42
)

// desk is a sandbox with a bot that calls it and people who are made to act.
type desk struct {
	t      *testing.T
	s      *Server
	faults *faults.Faults
	url    string
	token  string
	bot    int64
}

func open(t *testing.T) *desk {
	d := openAt(t, t.TempDir())
	d.set(`{"limits": false}`)
	return d
}

func openAt(t *testing.T, dir string) *desk {
	t.Helper()
	d := &desk{t: t, faults: faults.New()}
	w := world.Demo()
	d.token, d.bot = w.Bots[0].Token, w.Bots[0].ID
	var err error
	d.s, err = newServer(Config{World: w, Faults: d.faults, DataDir: dir, Log: slog.New(slog.DiscardHandler)}, time.Millisecond)
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/demo/", d.s.Control())
	mux.Handle("/demo/faults", d.faults.Handler())
	mux.Handle("/", d.faults.Wrap(faults.Telegram, d.s.API()))
	server := httptest.NewServer(mux)
	d.url = server.URL
	t.Cleanup(func() {
		require.NoError(t, d.s.Close())
		server.CloseClientConnections()
		server.Close()
	})
	return d
}

func (d *desk) set(faults string) {
	d.t.Helper()
	r, err := http.NewRequest(http.MethodPut, d.url+"/demo/faults", bytes.NewBufferString(faults))
	require.NoError(d.t, err)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(d.t, err)
	require.NoError(d.t, resp.Body.Close())
	require.Equal(d.t, http.StatusOK, resp.StatusCode)
}

type obj = map[string]any

// reply is the Bot API's answer.
type reply struct {
	Status      int             `json:"-"`
	RetryAfter  string          `json:"-"`
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

// call calls a method with a JSON body.
func (d *desk) call(method string, params obj) reply {
	d.t.Helper()
	r, err := d.try(method, params)
	require.NoError(d.t, err)
	return r
}

func (d *desk) try(method string, params obj) (reply, error) {
	body, err := json.Marshal(params)
	require.NoError(d.t, err)
	resp, err := http.Post(d.url+"/bot"+d.token+"/"+method, "application/json", bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	return d.read(resp), nil
}

func (d *desk) read(resp *http.Response) reply {
	d.t.Helper()
	defer resp.Body.Close()
	r := reply{Status: resp.StatusCode, RetryAfter: resp.Header.Get("Retry-After")}
	data, err := io.ReadAll(resp.Body)
	require.NoError(d.t, err)
	require.NoError(d.t, json.Unmarshal(data, &r), "%s", data)
	if !r.OK {
		require.Equal(d.t, r.Code, resp.StatusCode, "the status is the error's code")
	}
	return r
}

// done calls a method that must succeed.
func (d *desk) done(method string, params obj) json.RawMessage {
	d.t.Helper()
	r := d.call(method, params)
	require.True(d.t, r.OK, r.Description)
	return r.Result
}

// sent calls a method that gives a message.
func (d *desk) sent(method string, params obj) Message {
	d.t.Helper()
	return decode[Message](d.t, d.done(method, params))
}

func decode[T any](t *testing.T, data []byte) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal(data, &v), "%s", data)
	return v
}

// upload calls a method with a multipart form. files holds field, name and content in turn.
func (d *desk) upload(method string, params map[string]string, files ...string) reply {
	d.t.Helper()
	contentType, body := form(d.t, params, files)
	resp, err := http.Post(d.url+"/bot"+d.token+"/"+method, contentType, body)
	require.NoError(d.t, err)
	return d.read(resp)
}

func form(t *testing.T, params map[string]string, files []string) (string, io.Reader) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range params {
		require.NoError(t, w.WriteField(k, v))
	}
	for i := 0; i < len(files); i += 3 {
		part, err := w.CreateFormFile(files[i], files[i+1])
		require.NoError(t, err)
		_, err = io.WriteString(part, files[i+2])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return w.FormDataContentType(), &body
}

// act makes a person do something in the chat with the demo bot.
func (d *desk) act(person int64, what string, body obj) obj {
	d.t.Helper()
	status, out := d.demo(fmt.Sprintf("people/%d/chats/%d/%s", person, d.bot, what), body)
	require.Equal(d.t, http.StatusOK, status, "%v", out)
	return out
}

func (d *desk) demo(path string, body any) (int, obj) {
	d.t.Helper()
	data, err := json.Marshal(body)
	require.NoError(d.t, err)
	resp, err := http.Post(d.url+"/demo/"+path, "application/json", bytes.NewReader(data))
	require.NoError(d.t, err)
	defer resp.Body.Close()
	data, err = io.ReadAll(resp.Body)
	require.NoError(d.t, err)
	return resp.StatusCode, decode[obj](d.t, data)
}

// say makes a person send a text, and gives its message id.
func (d *desk) say(person int64, text string) int {
	d.t.Helper()
	return int(d.act(person, "messages", obj{"text": text})["message_id"].(float64))
}

// seen gives the chat as a person sees it.
func (d *desk) seen(person int64) []view {
	d.t.Helper()
	resp, err := http.Get(fmt.Sprintf("%s/demo/people/%d/chats/%d/messages", d.url, person, d.bot))
	require.NoError(d.t, err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	require.NoError(d.t, err)
	return decode[struct{ Messages []view }](d.t, data).Messages
}

// anUpdate is an update as a bot reads it.
type anUpdate struct {
	ID       int64    `json:"update_id"`
	Message  *Message `json:"message"`
	Edited   *Message `json:"edited_message"`
	Callback *struct {
		ID      string   `json:"id"`
		Data    string   `json:"data"`
		From    User     `json:"from"`
		Message *Message `json:"message"`
	} `json:"callback_query"`
	Member *struct {
		Old struct{ Status string } `json:"old_chat_member"`
		New struct{ Status string } `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

func (d *desk) updates(params obj) []anUpdate {
	d.t.Helper()
	return decode[[]anUpdate](d.t, d.done("getUpdates", params))
}

func texts(us []anUpdate) []string {
	var out []string
	for _, u := range us {
		out = append(out, u.Message.Text)
	}
	return out
}
