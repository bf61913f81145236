package login_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/sandbox/login"
	"quaydesk/sandbox/world"
)

// issuer is a login on a server of its own, and a client that follows no redirect.
func issuer(t *testing.T, dir string) (string, *http.Client) {
	s, err := login.New(login.Config{World: world.Demo, DataDir: dir, Now: time.Now})
	require.NoError(t, err)
	mux := http.NewServeMux()
	s.Register(mux)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

const verifier = "a-verifier-of-the-clients-own-0123456789012345678901234567890"

func asked() url.Values {
	sum := sha256.Sum256([]byte(verifier))
	return url.Values{"client_id": {"7000000001"}, "redirect_uri": {"http://127.0.0.1:8080/login/back"}, "response_type": {"code"},
		"scope": {"openid profile"}, "state": {"a b&c"}, "nonce": {"n"}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}
}

func body(t *testing.T, res *http.Response, err error) string {
	t.Helper()
	require.NoError(t, err)
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return string(all)
}

var form = regexp.MustCompile(`<form method="post" action="([^"]+)">`)

// code chooses a person on the page and gives the code.
func code(t *testing.T, at string, client *http.Client) string {
	res, err := client.Get(at + "/oauth/auth?" + asked().Encode())
	page := body(t, res, err)
	require.Contains(t, page, "Nadia Brooks")
	action := form.FindStringSubmatch(page)
	require.NotNil(t, action, page)
	res, err = client.PostForm(at+html.UnescapeString(action[1]), url.Values{"person": {"500003"}})
	require.Equal(t, http.StatusSeeOther, res.StatusCode, body(t, res, err))
	back, err := url.Parse(res.Header.Get("Location"))
	require.NoError(t, err)
	require.Equal(t, "a b&c", back.Query().Get("state"))
	return back.Query().Get("code")
}

func exchange(t *testing.T, at string, client *http.Client, change func(url.Values)) (int, map[string]any) {
	in := url.Values{"grant_type": {"authorization_code"}, "code": {code(t, at, client)}, "redirect_uri": {asked().Get("redirect_uri")},
		"code_verifier": {verifier}, "client_id": {"7000000001"}, "client_secret": {world.Demo().Bots[0].LoginSecret}}
	change(in)
	res, err := client.PostForm(at+"/oauth/token", in)
	var out map[string]any
	require.NoError(t, json.Unmarshal([]byte(body(t, res, err)), &out))
	return res.StatusCode, out
}

func TestACodeIsWorthOneToken(t *testing.T) {
	at, client := issuer(t, t.TempDir())
	var used string
	status, out := exchange(t, at, client, func(in url.Values) { used = in.Get("code") })
	require.Equal(t, http.StatusOK, status)
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(out["id_token"].(string), ".")[1])
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(raw, &claims))
	require.EqualValues(t, 500003, claims["id"])
	require.NotEqual(t, "500003", claims["sub"])
	require.Equal(t, "n", claims["nonce"])
	require.Equal(t, at, claims["iss"])

	for name, change := range map[string]func(url.Values){
		"a second time":     func(in url.Values) { in.Set("code", used) },
		"another verifier":  func(in url.Values) { in.Set("code_verifier", "guess") },
		"another address":   func(in url.Values) { in.Set("redirect_uri", "http://127.0.0.1:1/") },
		"another secret":    func(in url.Values) { in.Set("client_secret", "guess") },
		"another client":    func(in url.Values) { in.Set("client_id", "1") },
		"another way to it": func(in url.Values) { in.Set("grant_type", "password") },
	} {
		status, out := exchange(t, at, client, change)
		require.GreaterOrEqual(t, status, 400, name)
		require.NotContains(t, out, "id_token", name)
	}
}

func TestWhatAClientMayAsk(t *testing.T) {
	at, client := issuer(t, t.TempDir())
	for name, with := range map[string][2]string{
		"another site":   {"redirect_uri", "https://evil.example/"},
		"no such bot":    {"client_id", "1"},
		"no code":        {"response_type", "token"},
		"no OpenID":      {"scope", "profile"},
		"no challenge":   {"code_challenge", ""},
		"plain verifier": {"code_challenge_method", "plain"},
	} {
		in := asked()
		in.Set(with[0], with[1])
		res, err := client.Get(at + "/oauth/auth?" + in.Encode())
		body(t, res, err)
		require.Equal(t, http.StatusBadRequest, res.StatusCode, name)
	}
}

func TestTheKeyIsKept(t *testing.T) {
	dir := t.TempDir()
	keys := func() string {
		at, client := issuer(t, dir)
		res, err := client.Get(at + "/oauth/jwks")
		return body(t, res, err)
	}
	require.Equal(t, keys(), keys())
}
