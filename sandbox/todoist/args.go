package todoist

import (
	"bytes"
	"encoding/json"
	"time"
)

// opt is a field of a request that may be absent (Set is false), null (V is nil) or there.
type opt[T any] struct {
	Set bool
	V   *T
}

func (o *opt[T]) UnmarshalJSON(b []byte) error {
	o.Set = true
	if bytes.Equal(b, []byte("null")) {
		o.V = nil
		return nil
	}
	o.V = new(T)
	return json.Unmarshal(b, o.V)
}

func some[T any](v T) opt[T] { return opt[T]{Set: true, V: &v} }

// taskArgs are what a task is made or changed with, under the names that sync commands use.
type taskArgs struct {
	ID             string        `json:"id"`
	Content        opt[string]   `json:"content"`
	Description    opt[string]   `json:"description"`
	ProjectID      opt[string]   `json:"project_id"`
	SectionID      opt[string]   `json:"section_id"`
	ParentID       opt[string]   `json:"parent_id"`
	Labels         opt[[]string] `json:"labels"`
	Priority       opt[int]      `json:"priority"`
	ResponsibleUID opt[string]   `json:"responsible_uid"`
	Due            opt[dueArgs]  `json:"due"`
	Deadline       opt[Deadline] `json:"deadline"`
	Duration       opt[Duration] `json:"duration"`
	ChildOrder     opt[int]      `json:"child_order"`
	DayOrder       opt[int]      `json:"day_order"`
	IsCollapsed    opt[bool]     `json:"is_collapsed"`
}

type dueArgs struct {
	Date     string  `json:"date"`
	Datetime string  `json:"datetime"`
	String   string  `json:"string"`
	Timezone *string `json:"timezone"`
	Lang     string  `json:"lang"`
}

// restTaskArgs are the same under the names of the REST endpoints.
type restTaskArgs struct {
	taskArgs
	AssigneeID   opt[string] `json:"assignee_id"`
	Order        opt[int]    `json:"order"`
	DueString    opt[string] `json:"due_string"`
	DueDate      opt[string] `json:"due_date"`
	DueDatetime  opt[string] `json:"due_datetime"`
	DueLang      string      `json:"due_lang"`
	DeadlineDate opt[string] `json:"deadline_date"`
	Duration     opt[int]    `json:"duration"`
	DurationUnit opt[string] `json:"duration_unit"`
}

func (r restTaskArgs) args() taskArgs {
	a := r.taskArgs
	a.ResponsibleUID, a.Due, a.Deadline, a.Duration = r.AssigneeID, opt[dueArgs]{}, opt[Deadline]{}, opt[Duration]{}
	if r.Order.Set {
		a.ChildOrder = r.Order
	}
	for _, due := range []struct {
		given opt[string]
		into  func(*dueArgs, string)
	}{
		{r.DueString, func(d *dueArgs, v string) { d.String = v }},
		{r.DueDate, func(d *dueArgs, v string) { d.Date = v }},
		{r.DueDatetime, func(d *dueArgs, v string) { d.Datetime = v }},
	} {
		switch {
		case due.given.V != nil && *due.given.V != "no date":
			a.Due = some(dueArgs{Lang: r.DueLang})
			due.into(a.Due.V, *due.given.V)
		case due.given.Set:
			a.Due = opt[dueArgs]{Set: true}
		}
	}
	if r.DeadlineDate.Set {
		a.Deadline = opt[Deadline]{Set: true}
		if r.DeadlineDate.V != nil {
			a.Deadline.V = &Deadline{Date: *r.DeadlineDate.V}
		}
	}
	if r.Duration.Set {
		a.Duration = opt[Duration]{Set: true}
		if r.Duration.V != nil {
			a.Duration.V = &Duration{Amount: *r.Duration.V, Unit: "minute"}
			if r.DurationUnit.V != nil {
				a.Duration.V.Unit = *r.DurationUnit.V
			}
		}
	}
	return a
}

// due reads a due date. Only dates, "today" and "tomorrow" are understood; the real service understands far more.
func (d dueArgs) due(now time.Time) (*Due, error) {
	lang := d.Lang
	if lang == "" {
		lang = "en"
	}
	given := d.Datetime
	if given == "" {
		given = d.Date
	}
	if given == "" {
		given = d.String
	}
	shown := d.String
	if shown == "" {
		shown = given
	}
	switch given {
	case "today":
		given = now.UTC().Format(time.DateOnly)
	case "tomorrow":
		given = now.UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if _, err := time.Parse(layout, given); err == nil {
			return &Due{Date: given, Timezone: d.Timezone, String: shown, Lang: lang}, nil
		}
	}
	return nil, errInvalid("due", "this Todoist understands dates, date-times, today and tomorrow only")
}

// noteArgs are what a comment is made or changed with; sync says item_id and file_attachment, REST task_id and
// attachment.
type noteArgs struct {
	ID             string          `json:"id"`
	ItemID         string          `json:"item_id"`
	TaskID         string          `json:"task_id"`
	ProjectID      string          `json:"project_id"`
	Content        opt[string]     `json:"content"`
	FileAttachment opt[Attachment] `json:"file_attachment"`
	Attachment     opt[Attachment] `json:"attachment"`
}

// sectionArgs are what a section is made or changed with; sync says section_order, REST order.
type sectionArgs struct {
	ID           string      `json:"id"`
	ProjectID    string      `json:"project_id"`
	Name         opt[string] `json:"name"`
	Description  opt[string] `json:"description"`
	SectionOrder opt[int]    `json:"section_order"`
	Order        opt[int]    `json:"order"`
	IsCollapsed  opt[bool]   `json:"is_collapsed"`
}

// namedArgs are what projects and labels are made or changed with.
type namedArgs struct {
	ID          string      `json:"id"`
	Name        opt[string] `json:"name"`
	Color       opt[string] `json:"color"`
	Description opt[string] `json:"description"`
	ViewStyle   opt[string] `json:"view_style"`
	IsFavorite  opt[bool]   `json:"is_favorite"`
	ItemOrder   opt[int]    `json:"item_order"`
	Order       opt[int]    `json:"order"`
}

// setTo puts a given value into a field; an absent or null one leaves it.
func setTo[T any](field *T, o opt[T]) {
	if o.V != nil {
		*field = *o.V
	}
}
