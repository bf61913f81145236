package todoist

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// RefPrefix begins the chat.File.Ref of a file that lies in Todoist; its address follows.
const RefPrefix = "todoist:"

// Files opens files that lie in Todoist. The token goes to Todoist's own hosts only, and nothing is fetched from
// anywhere else: an attachment's address is whatever a collaborator wrote.
type Files struct{ client *Client }

// NewFiles makes Files of a Client.
func NewFiles(c *Client) Files { return Files{client: c} }

// Open gives the bytes of a file for the caller to close. ref is RefPrefix and the file's address.
func (f Files) Open(ctx context.Context, ref string) (io.ReadCloser, error) {
	address, ok := strings.CutPrefix(ref, RefPrefix)
	if !ok || !f.Ours(address) {
		return nil, &Error{Op: "file", Status: http.StatusNotFound, Tag: "NOT_AT_TODOIST"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("todoist file: not an address")
	}
	req.Header.Set("Authorization", "Bearer "+f.client.token)
	res, err := f.client.http.Do(req)
	if err != nil {
		return nil, unanswered("file", err)
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, &Error{Op: "file", Status: res.StatusCode}
	}
	return res.Body, nil
}

// Ours tells whether an address is one of Todoist's own: of the API's host, or over HTTPS of todoist.com.
func (f Files) Ours(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	if base, err := url.Parse(f.client.base); err == nil && u.Scheme == base.Scheme && u.Host == base.Host {
		return true
	}
	return u.Scheme == "https" && (u.Host == "todoist.com" || strings.HasSuffix(u.Host, ".todoist.com"))
}
