package todoist

import (
	"net/http"
	"slices"
	"strings"
)

func (s *Server) listSections(r *http.Request) (a answer, err error) {
	q := r.URL.Query()
	s.view(func(st *state) {
		all := st.sections.pick(func(v Section) bool {
			return !v.IsDeleted && (!q.Has("project_id") || v.ProjectID == q.Get("project_id"))
		})
		a, err = results(r, &st.sections, all, func(v Section) string { return v.ID })
	})
	return a, err
}

func (s *Server) getSection(r *http.Request) (a answer, err error) {
	s.view(func(st *state) {
		v, gone := st.section(r.PathValue("id"))
		a, err = ok(v), gone
	})
	return a, err
}

func (s *Server) createSection(r *http.Request) (answer, error) {
	return write(s, r, (*change).addSection)
}

func (s *Server) postSection(r *http.Request) (answer, error) {
	return write(s, r, func(c *change, a sectionArgs) (Section, error) {
		a.ID = r.PathValue("id")
		return c.updateSection(a)
	})
}

func (s *Server) listLabels(r *http.Request) (a answer, err error) {
	s.view(func(st *state) {
		all := st.labels.pick(func(v Label) bool { return !v.IsDeleted })
		a, err = results(r, &st.labels, all, func(v Label) string { return v.ID })
	})
	return a, err
}

func (s *Server) getLabel(r *http.Request) (a answer, err error) {
	s.view(func(st *state) {
		v, gone := st.label(r.PathValue("id"))
		a, err = ok(v), gone
	})
	return a, err
}

func (s *Server) createLabel(r *http.Request) (answer, error) { return write(s, r, (*change).addLabel) }

func (s *Server) postLabel(r *http.Request) (answer, error) {
	return write(s, r, func(c *change, a namedArgs) (Label, error) {
		a.ID = r.PathValue("id")
		return c.updateLabel(a)
	})
}

func (s *Server) listProjects(r *http.Request) (a answer, err error) {
	s.view(func(st *state) {
		all := st.projects.pick(func(v Project) bool { return !v.IsDeleted })
		a, err = results(r, &st.projects, all, func(v Project) string { return v.ID })
	})
	return a, err
}

func (s *Server) getProject(r *http.Request) (a answer, err error) {
	s.view(func(st *state) {
		v, gone := st.project(r.PathValue("id"))
		a, err = ok(v), gone
	})
	return a, err
}

func (s *Server) createProject(r *http.Request) (answer, error) {
	return write(s, r, (*change).addProject)
}

func (s *Server) postProject(r *http.Request) (answer, error) {
	return write(s, r, func(c *change, a namedArgs) (Project, error) {
		a.ID = r.PathValue("id")
		return c.updateProject(a)
	})
}

func (s *Server) listCollaborators(r *http.Request) (a answer, err error) {
	s.view(func(st *state) {
		p, gone := st.project(r.PathValue("id"))
		if err = gone; err != nil {
			return
		}
		list := []keyed[person]{}
		for _, who := range s.people {
			if p.IsShared {
				list = append(list, keyed[person]{who.UID, who})
			}
		}
		slices.SortFunc(list, func(x, y keyed[person]) int { return strings.Compare(x.key, y.key) })
		a, err = page(r, "results", list, false)
	})
	return a, err
}

// listActivities gives the activity log, the newest first.
func (s *Server) listActivities(r *http.Request) (a answer, err error) {
	q := r.URL.Query()
	s.view(func(st *state) {
		list := []keyed[Activity]{}
		for _, v := range slices.Backward(st.activity) {
			if (!q.Has("object_type") || v.ObjectType == q.Get("object_type")) &&
				(!q.Has("object_id") || v.ObjectID == q.Get("object_id")) &&
				(!q.Has("event_type") || v.EventType == q.Get("event_type")) &&
				(!q.Has("parent_project_id") || same(v.ParentProjectID, ptr(q.Get("parent_project_id")))) &&
				(!q.Has("parent_item_id") || same(v.ParentItemID, ptr(q.Get("parent_item_id")))) &&
				(!q.Has("initiator_id") || same(v.InitiatorID, ptr(q.Get("initiator_id")))) {
				list = append(list, keyed[Activity]{v.ID, v})
			}
		}
		a, err = page(r, "results", list, true)
	})
	return a, err
}
