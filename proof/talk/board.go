package talk

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

// Task is a task on the board.
type Task struct {
	ID          string   `json:"id"`
	Section     *string  `json:"section_id"`
	Responsible *string  `json:"responsible_uid"`
	Labels      []string `json:"labels"`
	Checked     bool     `json:"checked"`
	Content     string   `json:"content"`
	Description string   `json:"description"`
}

// Note is a comment on a task.
type Note struct {
	ID      string `json:"id"`
	Task    string `json:"item_id"`
	Content string `json:"content"`
	Posted  string `json:"posted_uid"`
	File    *struct {
		Name string `json:"file_name"`
		Size int64  `json:"file_size"`
		Type string `json:"file_type"`
		URL  string `json:"file_url"`
	} `json:"file_attachment"`
}

// Section is a column of the board.
type Section struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Board is everything on the board at a moment. Deleted things are not there, completed ones are.
type Board struct {
	ProjectID  string    `json:"project_id"`
	Sections   []Section `json:"sections"`
	Tasks      []Task    `json:"tasks"`
	Comments   []Note    `json:"comments"` // in the order they were made
	AccountUID string    `json:"account_uid"`
	Webhook    struct {
		URL     string `json:"url"`
		Pending int    `json:"pending"`
	} `json:"webhook"`
}

// Board looks at the board.
func (s *Sandbox) Board(ctx context.Context) (Board, error) {
	var b Board
	err := call(ctx, http.MethodGet, s.URL+"/demo/board", nil, &b)
	return b, err
}

// AwaitBoard looks at the board until match takes it. The board's own events say when there is something new; it is
// looked at now and then all the same.
func (s *Sandbox) AwaitBoard(ctx context.Context, match func(Board) bool) (Board, error) {
	for {
		b, err := s.Board(ctx)
		if err != nil {
			return b, err
		}
		if match(b) {
			return b, nil
		}
		select {
		case <-ctx.Done():
			return b, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Task gives the tasks whose content or description holds a fragment.
func (b Board) Task(fragment string) []Task {
	var out []Task
	for _, t := range b.Tasks {
		if strings.Contains(t.Content, fragment) || strings.Contains(t.Description, fragment) {
			out = append(out, t)
		}
	}
	return out
}

// Notes gives the comments on a task.
func (b Board) Notes(task string) []Note {
	var out []Note
	for _, n := range b.Comments {
		if n.Task == task {
			out = append(out, n)
		}
	}
	return out
}

// SectionName gives the name of the column in which a task stands, "" for none.
func (b Board) SectionName(t Task) string {
	for _, s := range b.Sections {
		if t.Section != nil && *t.Section == s.ID {
			return s.Name
		}
	}
	return ""
}

// SectionID gives the id of a column.
func (b Board) SectionID(name string) (string, error) {
	for _, s := range b.Sections {
		if s.Name == name {
			return s.ID, nil
		}
	}
	return "", fmt.Errorf("the board has no section %q", name)
}

// BoardDo acts on a task as somebody on the board: "complete", "reopen" or "delete".
func (s *Sandbox) BoardDo(ctx context.Context, as, task, action string) error {
	return s.onTask(ctx, task, action, map[string]any{"as": as})
}

// BoardMove moves a task into a section.
func (s *Sandbox) BoardMove(ctx context.Context, as, task, section string) error {
	return s.onTask(ctx, task, "move", map[string]any{"as": as, "section_id": section})
}

// BoardAssign assigns a task to somebody; "" takes the assignee off.
func (s *Sandbox) BoardAssign(ctx context.Context, as, task, uid string) error {
	args := map[string]any{"as": as, "uid": uid}
	if uid == "" {
		args["uid"] = nil
	}
	return s.onTask(ctx, task, "assign", args)
}

func (s *Sandbox) onTask(ctx context.Context, task, action string, args any) error {
	return call(ctx, http.MethodPost, s.URL+"/demo/board/tasks/"+task+"/"+action, args, nil)
}

// BoardComment comments on a task as somebody, with a file or none (nil).
func (s *Sandbox) BoardComment(ctx context.Context, as, task, content string, file *Upload) (Note, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"as": as, "content": content} {
		if err := form.WriteField(name, value); err != nil {
			return Note{}, err
		}
	}
	if file != nil {
		part, err := form.CreateFormFile("file", file.Name)
		if err != nil {
			return Note{}, err
		}
		if _, err := part.Write(file.Data); err != nil {
			return Note{}, err
		}
	}
	if err := form.Close(); err != nil {
		return Note{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/demo/board/tasks/"+task+"/comments", &body)
	if err != nil {
		return Note{}, err
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	var n Note
	err = do(req, &n)
	return n, err
}

// BoardEdit changes a comment, as the person who wrote it.
func (s *Sandbox) BoardEdit(ctx context.Context, note, content string) error {
	return call(ctx, http.MethodPost, s.URL+"/demo/board/comments/"+note, map[string]any{"content": content}, nil)
}

// BoardWebhook has the board deliver what happens there to an address, and again after a second when it fails.
func (s *Sandbox) BoardWebhook(ctx context.Context, url string) error {
	return call(ctx, http.MethodPut, s.URL+"/demo/board/webhook", map[string]any{"url": url, "retry_after_ms": 1000}, nil)
}
