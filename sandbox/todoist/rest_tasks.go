package todoist

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

func (s *Server) listTasks(r *http.Request) (a answer, err error) {
	q := r.URL.Query()
	var ids []string
	if q.Get("ids") != "" {
		ids = strings.Split(q.Get("ids"), ",")
	}
	s.view(func(st *state) {
		all := st.tasks.pick(func(t Task) bool {
			return t.active() &&
				(!q.Has("project_id") || t.ProjectID == q.Get("project_id")) &&
				(!q.Has("section_id") || same(t.SectionID, ptr(q.Get("section_id")))) &&
				(!q.Has("parent_id") || same(t.ParentID, ptr(q.Get("parent_id")))) &&
				(!q.Has("label") || slices.Contains(t.Labels, q.Get("label"))) &&
				(ids == nil || slices.Contains(ids, t.ID))
		})
		a, err = results(r, &st.tasks, st.shownAll(all), func(t Task) string { return t.ID })
	})
	return a, err
}

func (s *Server) getTask(r *http.Request) (a answer, err error) {
	s.view(func(st *state) {
		t, gone := st.task(r.PathValue("id"))
		a, err = ok(st.shown(t)), gone
	})
	return a, err
}

func (s *Server) createTask(r *http.Request) (answer, error) {
	return write(s, r, func(c *change, a restTaskArgs) (Task, error) { return c.addTask(a.args()) })
}

func (s *Server) postTask(r *http.Request) (answer, error) {
	return write(s, r, func(c *change, given restTaskArgs) (Task, error) {
		a := given.args()
		a.ID = r.PathValue("id")
		t, err := c.updateTask(a)
		return c.shownTask(t), err
	})
}

func (s *Server) postMove(r *http.Request) (answer, error) {
	return write(s, r, func(c *change, a taskArgs) (Task, error) {
		a.ID = r.PathValue("id")
		t, err := c.moveTask(a)
		return c.shownTask(t), err
	})
}

// listCompleted gives the tasks completed in a stretch of at most three months, the newest first.
func (s *Server) listCompleted(r *http.Request) (a answer, err error) {
	q := r.URL.Query()
	var span [2]time.Time
	for i, name := range []string{"since", "until"} {
		if q.Get(name) == "" {
			return answer{}, errMissing(name)
		}
		if span[i], err = readTime(q.Get(name)); err != nil {
			return answer{}, errInvalid(name, "a date or a date-time is wanted")
		}
	}
	if span[1].Before(span[0]) || span[1].After(span[0].AddDate(0, 3, 1)) {
		return answer{}, errInvalid("until", "at most three months after since")
	}
	s.view(func(st *state) {
		done := st.tasks.pick(func(t Task) bool {
			return t.Checked && !t.IsDeleted && *t.CompletedAt >= stamp(span[0]) && *t.CompletedAt <= stamp(span[1]) &&
				(!q.Has("project_id") || t.ProjectID == q.Get("project_id")) &&
				(!q.Has("section_id") || same(t.SectionID, ptr(q.Get("section_id"))))
		})
		list := make([]keyed[Task], len(done))
		for i, t := range done {
			list[i] = keyed[Task]{*t.CompletedAt + st.tasks.key(t.ID), st.shown(t)}
		}
		slices.SortFunc(list, func(x, y keyed[Task]) int { return strings.Compare(y.key, x.key) })
		a, err = page(r, "items", list, true)
	})
	return a, err
}

func readTime(v string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, v); err == nil {
		return t, nil
	}
	if t, err := time.Parse("2006-01-02T15:04:05", v); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339Nano, v)
}

func (s *Server) listComments(r *http.Request) (a answer, err error) {
	q := r.URL.Query()
	task, project := q.Get("task_id"), q.Get("project_id")
	if (task == "") == (project == "") {
		return answer{}, errInvalid("task_id", "exactly one of task_id and project_id is wanted")
	}
	s.view(func(st *state) {
		var notes []Note
		if task != "" {
			if _, err = st.task(task); err != nil {
				return
			}
			notes = st.notesOf(task)
		} else {
			if _, err = st.project(project); err != nil {
				return
			}
			notes = st.notes.pick(func(n Note) bool { return !n.IsDeleted && n.ProjectID == project })
		}
		a, err = results(r, &st.notes, notes, func(n Note) string { return n.ID })
	})
	return a, err
}

func (s *Server) getComment(r *http.Request) (a answer, err error) {
	s.view(func(st *state) {
		n, gone := st.note(r.PathValue("id"))
		a, err = ok(n), gone
	})
	return a, err
}

func (s *Server) createComment(r *http.Request) (answer, error) {
	return write(s, r, (*change).addNote)
}

func (s *Server) postComment(r *http.Request) (answer, error) {
	return write(s, r, func(c *change, a noteArgs) (Note, error) {
		a.ID = r.PathValue("id")
		return c.updateNote(a)
	})
}
