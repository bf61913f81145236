package todoist

import (
	"slices"
	"unicode/utf8"
)

// Lengths in characters, as the real service limits them.
const (
	maxContent     = 500
	maxDescription = 16383
	maxComment     = 15000
)

func (c *change) addTask(a taskArgs) (Task, error) {
	if a.Content.V == nil || *a.Content.V == "" {
		return Task{}, errMissing("content")
	}
	t := Task{
		ID: newID(), UserID: c.user.UID, AddedByUID: &c.actor.UID, Labels: []string{}, Priority: 1, DayOrder: -1,
		AddedAt: ptr(c.at()), UpdatedAt: ptr(c.at()),
	}
	if err := c.placeNew(&t, a); err != nil {
		return Task{}, err
	}
	t.ChildOrder = c.nextOrder(t)
	if err := c.setTask(&t, a); err != nil {
		return Task{}, err
	}
	c.putTask("item:added", t)
	return t, nil
}

func (c *change) updateTask(a taskArgs) (Task, error) {
	old, err := c.task(a.ID)
	if err != nil {
		return Task{}, err
	}
	t := old.clone()
	if err := c.setTask(&t, a); err != nil {
		return Task{}, err
	}
	t.UpdatedAt = ptr(c.at())
	intent := "item_updated"
	if !same(old.ResponsibleUID, t.ResponsibleUID) {
		intent = "responsible_uid_changed"
	}
	c.putUpdated(old, t, intent)
	return t, nil
}

func (c *change) moveTask(a taskArgs) (Task, error) {
	old, err := c.task(a.ID)
	if err != nil {
		return Task{}, err
	}
	given := 0
	for _, o := range []opt[string]{a.ProjectID, a.SectionID, a.ParentID} {
		if o.V != nil {
			given++
		}
	}
	if given != 1 {
		return Task{}, errInvalid("project_id", "exactly one of project_id, section_id and parent_id is wanted")
	}
	t := old.clone()
	t.SectionID, t.ParentID = nil, nil
	if err := c.place(&t, a); err != nil {
		return Task{}, err
	}
	t.ChildOrder, t.UpdatedAt = c.nextOrder(t), ptr(c.at())
	c.putUpdated(old, t, "item_updated")
	for _, child := range c.childrenOf(t.ID) {
		before := child
		child.ProjectID, child.SectionID = t.ProjectID, t.SectionID
		c.putUpdated(before, child, "item_updated")
	}
	return t, nil
}

func (c *change) completeTask(id string) error {
	t, err := c.task(id)
	if err != nil || t.Checked {
		return err
	}
	for _, child := range c.childrenOf(id) {
		if err := c.completeTask(child.ID); err != nil {
			return err
		}
	}
	t.Checked, t.CompletedAt, t.CompletedByUID, t.UpdatedAt = true, ptr(c.at()), &c.actor.UID, ptr(c.at())
	c.putTask("item:completed", t)
	return nil
}

func (c *change) reopenTask(id string) error {
	t, err := c.task(id)
	if err != nil || !t.Checked {
		return err
	}
	t.Checked, t.CompletedAt, t.CompletedByUID, t.UpdatedAt = false, nil, nil, ptr(c.at())
	c.putTask("item:uncompleted", t)
	return nil
}

// deleteTask deletes a task with what hangs on it. A task that is deleted already stays so, without an error.
func (c *change) deleteTask(id string) error {
	t, ok := c.tasks.get(id)
	if !ok {
		return notFound{"Task"}
	}
	if t.IsDeleted {
		return nil
	}
	for _, child := range c.childrenOf(id) {
		if err := c.deleteTask(child.ID); err != nil {
			return err
		}
	}
	for _, n := range c.notesOf(id) {
		n.IsDeleted = true
		c.line.Notes = append(c.line.Notes, n)
	}
	t = t.clone()
	t.IsDeleted, t.UpdatedAt = true, ptr(c.at())
	c.putTask("item:deleted", t)
	return nil
}

// setTask puts the given values into a task, all but its place.
func (c *change) setTask(t *Task, a taskArgs) error {
	if a.Content.V != nil && (*a.Content.V == "" || utf8.RuneCountInString(*a.Content.V) > maxContent) {
		return errInvalid("content", "from 1 to 500 characters are allowed")
	}
	if a.Description.V != nil && utf8.RuneCountInString(*a.Description.V) > maxDescription {
		return errInvalid("description", "at most 16383 characters are allowed")
	}
	if a.Priority.V != nil && (*a.Priority.V < 1 || *a.Priority.V > 4) {
		return errInvalid("priority", "a priority is from 1 to 4")
	}
	setTo(&t.Content, a.Content)
	setTo(&t.Description, a.Description)
	setTo(&t.Priority, a.Priority)
	setTo(&t.Labels, a.Labels)
	setTo(&t.ChildOrder, a.ChildOrder)
	setTo(&t.DayOrder, a.DayOrder)
	setTo(&t.IsCollapsed, a.IsCollapsed)
	t.Labels = slices.Compact(slices.Clone(t.Labels))
	if a.ResponsibleUID.Set && !same(t.ResponsibleUID, a.ResponsibleUID.V) {
		if a.ResponsibleUID.V != nil && !hasPerson(c.people, *a.ResponsibleUID.V) {
			return errInvalid("responsible_uid", "not a collaborator of the project")
		}
		t.ResponsibleUID, t.AssignedByUID = a.ResponsibleUID.V, &c.actor.UID
		if t.ResponsibleUID == nil {
			t.AssignedByUID = nil
		}
	}
	if a.Due.Set {
		t.Due = nil
		if a.Due.V != nil {
			due, err := a.Due.V.due(c.now)
			if err != nil {
				return err
			}
			t.Due = due
		}
	}
	if a.Deadline.Set {
		t.Deadline = a.Deadline.V
		if t.Deadline != nil && t.Deadline.Lang == "" {
			t.Deadline.Lang = "en"
		}
	}
	if a.Duration.Set {
		t.Duration = a.Duration.V
		if d := t.Duration; d != nil && (d.Amount < 1 || (d.Unit != "minute" && d.Unit != "day")) {
			return errInvalid("duration", "a duration is a positive number of minutes or days")
		}
	}
	return nil
}

// placeNew puts a new task where it is wanted, by default into the inbox.
func (c *change) placeNew(t *Task, a taskArgs) error {
	if a.ProjectID.V == nil && a.SectionID.V == nil && a.ParentID.V == nil {
		a.ProjectID = some(c.inbox)
	}
	project := a.ProjectID.V
	if a.SectionID.V != nil || a.ParentID.V != nil {
		a.ProjectID = opt[string]{}
	}
	if err := c.place(t, a); err != nil {
		return err
	}
	if project != nil && *project != t.ProjectID {
		return errInvalid("project_id", "the section or parent is in another project")
	}
	return nil
}

func (c *change) place(t *Task, a taskArgs) error {
	if a.ParentID.V != nil {
		parent, err := c.task(*a.ParentID.V)
		if err != nil {
			return err
		}
		for up := parent; ; {
			if up.ID == t.ID {
				return errInvalid("parent_id", "a task cannot be its own parent")
			}
			if up.ParentID == nil {
				break
			}
			if up, err = c.task(*up.ParentID); err != nil {
				return err
			}
		}
		t.ProjectID, t.SectionID, t.ParentID = parent.ProjectID, parent.SectionID, &parent.ID
		return nil
	}
	if a.SectionID.V != nil {
		s, err := c.section(*a.SectionID.V)
		if err != nil {
			return err
		}
		t.ProjectID, t.SectionID = s.ProjectID, &s.ID
		return nil
	}
	p, err := c.project(*a.ProjectID.V)
	if err != nil {
		return err
	}
	t.ProjectID = p.ID
	return nil
}

func (c *change) childrenOf(id string) []Task {
	return c.tasks.pick(func(t Task) bool { return t.ParentID != nil && *t.ParentID == id && t.active() })
}

// nextOrder is the place after the last task beside t.
func (c *change) nextOrder(t Task) int {
	last := 0
	c.tasks.each(func(_ int64, o Task) {
		if o.active() && o.ID != t.ID && o.ProjectID == t.ProjectID && same(o.SectionID, t.SectionID) &&
			same(o.ParentID, t.ParentID) {
			last = max(last, o.ChildOrder)
		}
	})
	return last + 1
}

func (c *change) putTask(name string, t Task) {
	c.line.Tasks = append(c.line.Tasks, t)
	c.events = append(c.events, event{name: name, object: t.ID, taskID: t.ID, projectID: t.ProjectID, data: c.shownTask(t)})
}

func (c *change) putUpdated(old, t Task, intent string) {
	c.putTask("item:updated", t)
	e := &c.events[len(c.events)-1]
	e.old, e.intent = ptr(c.shown(old)), intent
}
