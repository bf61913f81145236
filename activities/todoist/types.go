package todoist

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Task is a task ("item").
type Task struct {
	ID             string    `json:"id"`
	ProjectID      string    `json:"project_id"`
	SectionID      string    `json:"section_id"` // "" for none
	Content        string    `json:"content"`
	Description    string    `json:"description"`
	ResponsibleUID string    `json:"responsible_uid"`
	AddedByUID     string    `json:"added_by_uid"`
	AssignedByUID  string    `json:"assigned_by_uid"`
	CompletedByUID string    `json:"completed_by_uid"`
	AddedAt        time.Time `json:"added_at"`
	Checked        bool      `json:"checked"`
	IsDeleted      bool      `json:"is_deleted"`
}

// Note is a comment ("note") on a task.
type Note struct {
	ID         string      `json:"id"`
	ItemID     string      `json:"item_id"`
	Content    string      `json:"content"` // Markdown
	PostedAt   time.Time   `json:"posted_at"`
	PostedUID  string      `json:"posted_uid"`
	Attachment *Attachment `json:"file_attachment"`
	IsDeleted  bool        `json:"is_deleted"`
}

// UnmarshalJSON reads a note without the NULs of what people wrote, which PostgreSQL cannot keep.
func (n *Note) UnmarshalJSON(b []byte) error {
	type plain Note
	if err := json.Unmarshal(b, (*plain)(n)); err != nil {
		return err
	}
	n.Content = withoutNUL(n.Content)
	if a := n.Attachment; a != nil {
		a.FileName, a.FileType, a.FileURL = withoutNUL(a.FileName), withoutNUL(a.FileType), withoutNUL(a.FileURL)
		a.ResourceType = withoutNUL(a.ResourceType)
	}
	return nil
}

func withoutNUL(s string) string { return strings.ReplaceAll(s, "\x00", "") }

// Attachment is the file of a note.
type Attachment struct {
	ResourceType string `json:"resource_type"` // image, audio, video, file, …
	FileName     string `json:"file_name"`
	FileType     string `json:"file_type"` // MIME
	FileSize     int64  `json:"file_size"` // bytes
	FileURL      string `json:"file_url"`
	UploadState  string `json:"upload_state"` // "pending" while the bytes are on their way
}

// Section is a column of a board.
type Section struct {
	ID         string `json:"id"`
	ProjectID  string `json:"project_id"`
	Name       string `json:"name"`
	IsDeleted  bool   `json:"is_deleted"`
	IsArchived bool   `json:"is_archived"`
}

// Collaborator is somebody who shares a project.
type Collaborator struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// UnmarshalJSON reads a collaborator without the NULs of a name, which PostgreSQL cannot keep.
func (c *Collaborator) UnmarshalJSON(b []byte) error {
	type plain Collaborator
	err := json.Unmarshal(b, (*plain)(c))
	c.Name = withoutNUL(c.Name)
	return err
}

// SyncRequest asks for commands to be carried out, and for what changed.
type SyncRequest struct {
	Token     string    `json:"sync_token,omitempty"`     // "*" for everything active
	Resources []string  `json:"resource_types,omitempty"` // "items", "notes", "sections"
	Commands  []Command `json:"commands,omitempty"`       // at most 100
}

// Command is one change. A command whose UUID was carried out before is not carried out again.
type Command struct {
	Type   string         `json:"type"`
	UUID   string         `json:"uuid"`
	TempID string         `json:"temp_id,omitempty"`
	Args   map[string]any `json:"args"`
}

// SyncAnswer is what a sync brings.
type SyncAnswer struct {
	Token    string            `json:"sync_token"`
	Full     bool              `json:"full_sync"` // everything active, not only what changed
	Items    []Task            `json:"items"`
	Notes    []Note            `json:"notes"`
	Sections []Section         `json:"sections"`
	People   []json.RawMessage `json:"collaborators"`   // not empty: somebody came, went or has another name
	Status   map[string]Status `json:"sync_status"`     // by command uuid
	IDs      map[string]string `json:"temp_id_mapping"` // temp id → id
}

// Status is how a command went: Err is nil when it was carried out, now or before.
type Status struct{ Err *Error }

// UnmarshalJSON reads "ok" or an error object.
func (s *Status) UnmarshalJSON(b []byte) error {
	if string(b) == `"ok"` {
		s.Err = nil
		return nil
	}
	var r refused
	if err := json.Unmarshal(b, &r); err != nil {
		return err
	}
	s.Err = r.error("", r.HTTPCode)
	return nil
}

func sortNotes(notes []Note) {
	slices.SortStableFunc(notes, func(a, b Note) int {
		if c := a.PostedAt.Compare(b.PostedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
}
