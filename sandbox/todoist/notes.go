package todoist

import "unicode/utf8"

func (c *change) addNote(a noteArgs) (Note, error) {
	if a.ItemID == "" {
		a.ItemID = a.TaskID
	}
	if (a.ItemID == "") == (a.ProjectID == "") {
		return Note{}, errInvalid("item_id", "exactly one of a task and a project is wanted")
	}
	if a.ItemID != "" {
		if _, err := c.task(a.ItemID); err != nil {
			return Note{}, err
		}
	} else if _, err := c.project(a.ProjectID); err != nil {
		return Note{}, err
	}
	n := Note{
		ID: newID(), ItemID: a.ItemID, ProjectID: a.ProjectID, PostedAt: c.at(), PostedUID: c.actor.UID,
		UIDsToNotify: []string{}, Reactions: map[string][]string{},
	}
	if err := c.setNote(&n, a); err != nil {
		return Note{}, err
	}
	return n, c.putNote("note:added", n)
}

func (c *change) updateNote(a noteArgs) (Note, error) {
	n, err := c.note(a.ID)
	if err != nil {
		return Note{}, err
	}
	if err := c.setNote(&n, a); err != nil {
		return Note{}, err
	}
	return n, c.putNote("note:updated", n)
}

// deleteNote deletes a comment. One that is deleted already stays so, without an error.
func (c *change) deleteNote(id string) error {
	n, ok := c.notes.get(id)
	if !ok {
		return notFound{"Comment"}
	}
	if n.IsDeleted {
		return nil
	}
	n.IsDeleted = true
	return c.putNote("note:deleted", n)
}

func (c *change) setNote(n *Note, a noteArgs) error {
	setTo(&n.Content, a.Content)
	file := a.FileAttachment
	if !file.Set {
		file = a.Attachment
	}
	if file.V != nil {
		if file.V.FileURL == "" {
			return errInvalid("file_attachment", "file_url is wanted")
		}
		n.FileAttachment = c.attachment(*file.V)
	}
	if n.Content == "" && n.FileAttachment == nil {
		return errMissing("content")
	}
	if utf8.RuneCountInString(n.Content) > maxComment {
		return errInvalid("content", "at most 15000 characters are allowed")
	}
	return nil
}

// attachment fills in what is known of an uploaded file and was not given.
func (c *change) attachment(a Attachment) *Attachment {
	if f, ok := c.files[fileID(a.FileURL)]; ok {
		known := f.attachment(a.FileURL)
		if a.FileName != "" {
			known.FileName = a.FileName
		}
		return &known
	}
	if a.ResourceType == "" {
		a.ResourceType = "file"
	}
	if a.UploadState == "" {
		a.UploadState = "completed"
	}
	return &a
}

// noteEvent is a comment as webhooks give it: with its task.
type noteEvent struct {
	Note
	URL  string `json:"url,omitempty"`
	Item *Task  `json:"item,omitempty"`
}

func (c *change) putNote(name string, n Note) error {
	c.line.Notes = append(c.line.Notes, n)
	e := event{name: name, object: n.ID, noteID: n.ID, taskID: n.ItemID, projectID: n.ProjectID}
	data := noteEvent{Note: n}
	if n.ItemID != "" {
		t, ok := c.tasks.get(n.ItemID)
		if !ok {
			return notFound{"Task"}
		}
		shown := c.shownTask(t)
		data.URL, data.Item, e.projectID = "https://app.todoist.com/app/task/"+t.ID, &shown, t.ProjectID
	}
	e.data = data
	c.events = append(c.events, e)
	return nil
}
