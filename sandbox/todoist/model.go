package todoist

import (
	"slices"
	"time"
)

// Task is a task ("item") as the API shows it.
type Task struct {
	ID             string    `json:"id"`
	UserID         string    `json:"user_id"`
	ProjectID      string    `json:"project_id"`
	SectionID      *string   `json:"section_id"`
	ParentID       *string   `json:"parent_id"`
	AddedByUID     *string   `json:"added_by_uid"`
	AssignedByUID  *string   `json:"assigned_by_uid"`
	ResponsibleUID *string   `json:"responsible_uid"`
	Labels         []string  `json:"labels"`
	Deadline       *Deadline `json:"deadline"`
	Duration       *Duration `json:"duration"`
	Checked        bool      `json:"checked"`
	IsDeleted      bool      `json:"is_deleted"`
	AddedAt        *string   `json:"added_at"`
	CompletedAt    *string   `json:"completed_at"`
	CompletedByUID *string   `json:"completed_by_uid"`
	UpdatedAt      *string   `json:"updated_at"`
	Due            *Due      `json:"due"`
	Priority       int       `json:"priority"` // 1 to 4, 4 is most urgent
	ChildOrder     int       `json:"child_order"`
	Content        string    `json:"content"`
	Description    string    `json:"description"`
	DayOrder       int       `json:"day_order"`
	IsCollapsed    bool      `json:"is_collapsed"`
	NoteCount      int       `json:"note_count"` // filled in when shown, not kept
}

func (t Task) active() bool { return !t.Checked && !t.IsDeleted }

func (t Task) clone() Task {
	t.Labels = slices.Clone(t.Labels)
	return t
}

// Due is when a task is due.
type Due struct {
	Date        string  `json:"date"` // a date, or a date-time; UTC when it ends with Z
	Timezone    *string `json:"timezone"`
	String      string  `json:"string"`
	Lang        string  `json:"lang"`
	IsRecurring bool    `json:"is_recurring"`
}

// Deadline is the day by which a task must be done.
type Deadline struct {
	Date string `json:"date"`
	Lang string `json:"lang"`
}

// Duration is how long a task takes.
type Duration struct {
	Amount int    `json:"amount"`
	Unit   string `json:"unit"` // minute or day
}

// Note is a comment on a task or on a project.
type Note struct {
	ID             string              `json:"id"`
	ItemID         string              `json:"item_id,omitempty"`
	ProjectID      string              `json:"project_id,omitempty"`
	Content        string              `json:"content"`
	PostedAt       string              `json:"posted_at"`
	PostedUID      string              `json:"posted_uid"`
	FileAttachment *Attachment         `json:"file_attachment"`
	UIDsToNotify   []string            `json:"uids_to_notify"`
	Reactions      map[string][]string `json:"reactions"`
	IsDeleted      bool                `json:"is_deleted"`
}

// Attachment is a file at a comment.
type Attachment struct {
	ResourceType string  `json:"resource_type"`
	FileName     string  `json:"file_name"`
	FileSize     int64   `json:"file_size"`
	FileType     string  `json:"file_type"`
	FileURL      string  `json:"file_url"`
	UploadState  string  `json:"upload_state"`
	Image        *string `json:"image,omitempty"`
	ImageWidth   int     `json:"image_width,omitempty"`
	ImageHeight  int     `json:"image_height,omitempty"`
}

// Section is a column of a project.
type Section struct {
	ID           string  `json:"id"`
	UserID       string  `json:"user_id"`
	ProjectID    string  `json:"project_id"`
	AddedAt      string  `json:"added_at"`
	UpdatedAt    string  `json:"updated_at"`
	ArchivedAt   *string `json:"archived_at"`
	Name         string  `json:"name"`
	Description  *string `json:"description"`
	SectionOrder int     `json:"section_order"`
	IsArchived   bool    `json:"is_archived"`
	IsDeleted    bool    `json:"is_deleted"`
	IsCollapsed  bool    `json:"is_collapsed"`
}

// Project is a board.
type Project struct {
	ID             string  `json:"id"`
	CreatorUID     string  `json:"creator_uid"`
	ParentID       *string `json:"parent_id"`
	Name           string  `json:"name"`
	Description    string  `json:"description"`
	Color          string  `json:"color"`
	ViewStyle      string  `json:"view_style"`
	ChildOrder     int     `json:"child_order"`
	DefaultOrder   int     `json:"default_order"`
	CreatedAt      string  `json:"created_at"`
	UpdatedAt      string  `json:"updated_at"`
	InboxProject   bool    `json:"inbox_project"`
	CanAssignTasks bool    `json:"can_assign_tasks"`
	IsShared       bool    `json:"is_shared"`
	IsArchived     bool    `json:"is_archived"`
	IsDeleted      bool    `json:"is_deleted"`
	IsFavorite     bool    `json:"is_favorite"`
	IsFrozen       bool    `json:"is_frozen"`
	IsCollapsed    bool    `json:"is_collapsed"`
}

// Label is a personal label.
type Label struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Color      string `json:"color"`
	Order      int    `json:"order"`
	ItemOrder  int    `json:"item_order"` // the same number, under the name that sync and webhooks use
	IsFavorite bool   `json:"is_favorite"`
	IsDeleted  bool   `json:"is_deleted"`
}

// person is somebody with an account on this Todoist.
type person struct {
	UID   string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Activity is an entry of the activity log.
type Activity struct {
	ID              string         `json:"id"`
	ObjectType      string         `json:"object_type"` // item, note, section, project or label
	ObjectID        string         `json:"object_id"`
	EventType       string         `json:"event_type"`
	EventDate       string         `json:"event_date"`
	ParentProjectID *string        `json:"parent_project_id"`
	ParentItemID    *string        `json:"parent_item_id"`
	InitiatorID     *string        `json:"initiator_id"`
	ExtraData       map[string]any `json:"extra_data"`
}

// stamp writes a time as the API does: UTC with microseconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }

func ptr[T any](v T) *T { return &v }

// same tells whether two optional values are equal.
func same[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
