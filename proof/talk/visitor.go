package talk

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Visitor is somebody who is signed in to the product's pages.
type Visitor struct {
	Person Person
	http   *http.Client
	web    string
}

// SignIn has a person sign in to the pages at an address (no trailing slash), with the sandbox's login.
func (s *Sandbox) SignIn(ctx context.Context, web string, p Person) (*Visitor, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	v := &Visitor{Person: p, http: &http.Client{Timeout: 90 * time.Second, Jar: jar}, web: web}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, web+"/login/telegram", nil)
	if err != nil {
		return nil, err
	}
	page, _, err := v.do(req) // the one that asks who they are
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(page.String(), s.URL) {
		return nil, fmt.Errorf("the way to sign in leads to %s%s", page.Host, page.Path)
	}
	back, _, err := v.post(ctx, page.String(), url.Values{"person": {strconv.FormatInt(p.ID, 10)}})
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(back.String(), web+"/") {
		return nil, fmt.Errorf("the way back from signing in leads to %s%s", back.Host, back.Path)
	}
	return v, nil
}

// Get gives a page, or whatever else a path of the pages leads to. An answer other than 200 is an error that holds it.
func (v *Visitor) Get(ctx context.Context, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, v.web+path, nil)
	if err != nil {
		return "", err
	}
	_, body, err := v.do(req)
	return body, err
}

// Post sends a form, as a page does, and gives the page that it leads to.
func (v *Visitor) Post(ctx context.Context, path string, form url.Values) (string, error) {
	_, body, err := v.post(ctx, v.web+path, form)
	return body, err
}

func (v *Visitor) post(ctx context.Context, address string, form url.Values) (*url.URL, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.do(req)
}

// do gives what a request led to, and where that was.
func (v *Visitor) do(req *http.Request) (*url.URL, string, error) {
	resp, err := v.http.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, "", err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("%s %s: %s: %.2000s", req.Method, req.URL.Path, resp.Status, body)
	}
	return resp.Request.URL, string(body), nil
}
