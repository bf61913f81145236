// Package todoist talks to Todoist's API v1: the few calls that a support desk's board needs.
package todoist

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"
)

// DefaultURL is where Todoist's own API stands.
const DefaultURL = "https://api.todoist.com"

const (
	callTimeout   = 20 * time.Second // Todoist itself gives up after 15 s
	uploadTimeout = 2 * time.Minute
	maxAnswer     = 32 << 20 // bytes; a full sync of a large account stays far below
	pageSize      = "200"
)

// Client calls the API with one account's token. Safe for concurrent use. Its errors are *Error when Todoist answered,
// and never hold the token or what people wrote.
type Client struct {
	base  string // without a trailing slash
	token string
	http  *http.Client
}

// New makes a Client. base is the address before /api/v1; empty means DefaultURL.
func New(base, token string) *Client {
	if base == "" {
		base = DefaultURL
	}
	return &Client{base: strings.TrimRight(base, "/"), token: token, http: &http.Client{}}
}

// Sync carries out commands in order and reads what changed since a token.
func (c *Client) Sync(ctx context.Context, r SyncRequest) (SyncAnswer, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return SyncAnswer{}, fmt.Errorf("todoist sync: %w", err)
	}
	var answer SyncAnswer
	err = c.call(ctx, "sync", http.MethodPost, "/sync", nil, bytes.NewReader(body), "application/json", &answer)
	return answer, err
}

// Do carries out commands in order and gives the ids of what they made, by temp id. The first command that was refused
// is the error; those before it were carried out.
func (c *Client) Do(ctx context.Context, commands ...Command) (map[string]string, error) {
	answer, err := c.Sync(ctx, SyncRequest{Commands: commands})
	if err != nil {
		return nil, err
	}
	for _, command := range commands {
		status, ok := answer.Status[command.UUID]
		if !ok {
			return answer.IDs, &Error{Op: command.Type, Tag: "NO_STATUS"}
		}
		if status.Err != nil {
			status.Err.Op = command.Type
			return answer.IDs, status.Err
		}
	}
	return answer.IDs, nil
}

// Task gives a task, completed or not. A deleted one is an error that Gone knows.
func (c *Client) Task(ctx context.Context, id string) (Task, error) {
	var t Task
	err := c.get(ctx, "task", "/tasks/"+url.PathEscape(id), nil, &t)
	if err == nil && t.IsDeleted {
		err = &Error{Op: "task", Status: http.StatusNotFound, Tag: "DELETED"}
	}
	return t, err
}

// Tasks lists the active tasks of a project.
func (c *Client) Tasks(ctx context.Context, project string) ([]Task, error) {
	return list[Task](ctx, c, "tasks", "/tasks", url.Values{"project_id": {project}})
}

// maxSpan is the longest stretch that Todoist lists completed tasks of; it allows three months.
const maxSpan = 89 * 24 * time.Hour

// Completed lists the tasks of a project that were completed in the last maxSpan before a time.
func (c *Client) Completed(ctx context.Context, project string, until time.Time) ([]Task, error) {
	return list[Task](ctx, c, "completed tasks", "/tasks/completed/by_completion_date", url.Values{
		"project_id": {project},
		"since":      {until.Add(-maxSpan).UTC().Format(time.RFC3339)}, "until": {until.UTC().Format(time.RFC3339)},
	})
}

// Notes lists the comments of a task as they are now, oldest first.
func (c *Client) Notes(ctx context.Context, task string) ([]Note, error) {
	notes, err := list[Note](ctx, c, "comments", "/comments", url.Values{"task_id": {task}})
	sortNotes(notes)
	return notes, err
}

// Sections lists the sections of a project.
func (c *Client) Sections(ctx context.Context, project string) ([]Section, error) {
	return list[Section](ctx, c, "sections", "/sections", url.Values{"project_id": {project}})
}

// Collaborators lists the people who share a project.
func (c *Client) Collaborators(ctx context.Context, project string) ([]Collaborator, error) {
	return list[Collaborator](ctx, c, "collaborators", "/projects/"+url.PathEscape(project)+"/collaborators", nil)
}

// Project tells whether a project is there for this account; when not, the error is one that Gone knows.
func (c *Client) Project(ctx context.Context, id string) error {
	var p struct {
		IsDeleted bool `json:"is_deleted"`
	}
	err := c.get(ctx, "project", "/projects/"+url.PathEscape(id), nil, &p)
	if err == nil && p.IsDeleted {
		err = &Error{Op: "project", Status: http.StatusNotFound, Tag: "DELETED"}
	}
	return err
}

// Upload stores a file and gives the attachment, as a comment takes it. size is in bytes, 0 when unknown.
func (c *Client) Upload(ctx context.Context, project, name, mime string, size int64, file io.Reader) (json.RawMessage, error) {
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if err := form.WriteField("project_id", project); err != nil {
		return nil, fmt.Errorf("todoist upload: %w", err)
	}
	if mime == "" {
		mime = "application/octet-stream"
	}
	part := textproto.MIMEHeader{}
	part.Set("Content-Disposition", multipart.FileContentDisposition("file", name))
	part.Set("Content-Type", mime)
	if _, err := form.CreatePart(part); err != nil {
		return nil, fmt.Errorf("todoist upload: %w", err)
	}
	tail := "\r\n--" + form.Boundary() + "--\r\n"
	body := io.MultiReader(&head, file, strings.NewReader(tail))

	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/api/v1/uploads", body)
	if err != nil {
		return nil, fmt.Errorf("todoist upload: %w", err)
	}
	if size > 0 {
		req.ContentLength = int64(head.Len()) + size + int64(len(tail))
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	var attachment json.RawMessage
	return attachment, c.do(req, "upload", &attachment)
}

// list reads all pages of a listing.
func list[T any](ctx context.Context, c *Client, op, path string, query url.Values) ([]T, error) {
	if query == nil {
		query = url.Values{}
	}
	query.Set("limit", pageSize)
	var all []T
	for {
		var page struct {
			Results []T    `json:"results"`
			Items   []T    `json:"items"` // instead of results, of what was completed
			Next    string `json:"next_cursor"`
		}
		if err := c.get(ctx, op, path, query, &page); err != nil {
			return nil, err
		}
		all = append(append(all, page.Results...), page.Items...)
		if page.Next == "" {
			return all, nil
		}
		query.Set("cursor", page.Next)
	}
}

func (c *Client) get(ctx context.Context, op, path string, query url.Values, into any) error {
	return c.call(ctx, op, http.MethodGet, path, query, nil, "", into)
}

func (c *Client) call(ctx context.Context, op, method, path string, query url.Values, body io.Reader, kind string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	address := c.base + "/api/v1" + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return fmt.Errorf("todoist %s: %w", op, err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	return c.do(req, op, into)
}

func (c *Client) do(req *http.Request, op string, into any) error {
	req.Header.Set("Authorization", "Bearer "+c.token)
	res, err := c.http.Do(req)
	if err != nil {
		return unanswered(op, err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return fmt.Errorf("todoist %s: %w", op, err)
	case res.StatusCode/100 != 2:
		return refusal(op, res, answer)
	case len(answer) > maxAnswer:
		return fmt.Errorf("todoist %s: the answer is longer than %d bytes", op, maxAnswer)
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("todoist %s: the answer cannot be read: %w", op, err)
	}
	return nil
}
