package todoist

func (c *change) addSection(a sectionArgs) (Section, error) {
	if a.Name.V == nil || *a.Name.V == "" {
		return Section{}, errMissing("name")
	}
	p, err := c.project(a.ProjectID)
	if err != nil {
		return Section{}, err
	}
	v := Section{ID: newID(), UserID: c.user.UID, ProjectID: p.ID, AddedAt: c.at(), UpdatedAt: c.at(), SectionOrder: 1}
	c.sections.each(func(_ int64, o Section) {
		if o.ProjectID == p.ID && !o.IsDeleted {
			v.SectionOrder = max(v.SectionOrder, o.SectionOrder+1)
		}
	})
	c.putSection("section:added", &v, a)
	return v, nil
}

func (c *change) updateSection(a sectionArgs) (Section, error) {
	v, err := c.section(a.ID)
	if err != nil {
		return Section{}, err
	}
	if a.Name.V != nil && *a.Name.V == "" {
		return Section{}, errInvalid("name", "a section has a name")
	}
	v.UpdatedAt = c.at()
	c.putSection("section:updated", &v, a)
	return v, nil
}

// deleteSection deletes a section with its tasks.
func (c *change) deleteSection(id string) error {
	v, ok := c.sections.get(id)
	if !ok {
		return notFound{"Section"}
	}
	if v.IsDeleted {
		return nil
	}
	inside := c.tasks.pick(func(t Task) bool {
		return !t.IsDeleted && t.ParentID == nil && t.SectionID != nil && *t.SectionID == id
	})
	for _, t := range inside {
		if err := c.deleteTask(t.ID); err != nil {
			return err
		}
	}
	v.IsDeleted, v.UpdatedAt = true, c.at()
	c.putSection("section:deleted", &v, sectionArgs{})
	return nil
}

func (c *change) putSection(name string, v *Section, a sectionArgs) {
	setTo(&v.Name, a.Name)
	setTo(&v.SectionOrder, a.Order)
	setTo(&v.SectionOrder, a.SectionOrder)
	setTo(&v.IsCollapsed, a.IsCollapsed)
	if a.Description.Set {
		v.Description = a.Description.V
	}
	c.line.Sections = append(c.line.Sections, *v)
	c.events = append(c.events, event{name: name, object: v.ID, sectionID: v.ID, projectID: v.ProjectID, data: *v})
}

func (c *change) addProject(a namedArgs) (Project, error) {
	if a.Name.V == nil || *a.Name.V == "" {
		return Project{}, errMissing("name")
	}
	v := Project{
		ID: newID(), CreatorUID: c.actor.UID, Color: "charcoal", ViewStyle: "board", ChildOrder: len(c.projects.ids),
		CreatedAt: c.at(), CanAssignTasks: true, IsShared: true,
	}
	c.putProject("project:added", &v, a)
	return v, nil
}

func (c *change) updateProject(a namedArgs) (Project, error) {
	v, err := c.project(a.ID)
	if err != nil {
		return Project{}, err
	}
	if a.Name.V != nil && *a.Name.V == "" {
		return Project{}, errInvalid("name", "a project has a name")
	}
	c.putProject("project:updated", &v, a)
	return v, nil
}

func (c *change) putProject(name string, v *Project, a namedArgs) {
	setTo(&v.Name, a.Name)
	setTo(&v.Color, a.Color)
	setTo(&v.Description, a.Description)
	setTo(&v.ViewStyle, a.ViewStyle)
	setTo(&v.IsFavorite, a.IsFavorite)
	v.UpdatedAt = c.at()
	c.line.Projects = append(c.line.Projects, *v)
	c.events = append(c.events, event{name: name, object: v.ID, projectID: v.ID, data: *v})
}

func (c *change) addLabel(a namedArgs) (Label, error) {
	if a.Name.V == nil || *a.Name.V == "" {
		return Label{}, errMissing("name")
	}
	taken := c.labels.pick(func(l Label) bool { return !l.IsDeleted && l.Name == *a.Name.V })
	if len(taken) > 0 {
		return Label{}, errInvalid("name", "a label with this name exists")
	}
	v := Label{ID: newID(), Color: "charcoal", Order: len(c.labels.ids) + 1}
	c.putLabel("label:added", &v, a)
	return v, nil
}

func (c *change) updateLabel(a namedArgs) (Label, error) {
	v, err := c.label(a.ID)
	if err != nil {
		return Label{}, err
	}
	c.putLabel("label:updated", &v, a)
	return v, nil
}

// deleteLabel deletes a label; tasks keep its name.
func (c *change) deleteLabel(id string) error {
	v, ok := c.labels.get(id)
	if !ok {
		return notFound{"Label"}
	}
	if v.IsDeleted {
		return nil
	}
	v.IsDeleted = true
	c.putLabel("label:deleted", &v, namedArgs{})
	return nil
}

func (c *change) putLabel(name string, v *Label, a namedArgs) {
	setTo(&v.Name, a.Name)
	setTo(&v.Color, a.Color)
	setTo(&v.IsFavorite, a.IsFavorite)
	setTo(&v.Order, a.Order)
	setTo(&v.Order, a.ItemOrder)
	v.ItemOrder = v.Order
	c.line.Labels = append(c.line.Labels, *v)
	c.events = append(c.events, event{name: name, object: v.ID, data: *v})
}
