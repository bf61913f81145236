package todoist

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// registerBoard adds the board page and what it does.
func (s *Server) registerBoard(mux *http.ServeMux) {
	on := func(pattern string, h func(w http.ResponseWriter, r *http.Request) (any, error)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /demo/board"+path, func(w http.ResponseWriter, r *http.Request) {
			v, err := h(w, r)
			if err != nil {
				writeError(w, restError(err))
				return
			}
			writeJSON(w, http.StatusOK, v)
		})
	}
	on("GET ", func(http.ResponseWriter, *http.Request) (any, error) { return s.board(), nil })
	on("GET /webhook", func(http.ResponseWriter, *http.Request) (any, error) { return s.board().Webhook, nil })
	on("PUT /webhook", func(_ http.ResponseWriter, r *http.Request) (any, error) {
		var h Hook
		if err := readJSON(r, &h); err != nil {
			return nil, err
		}
		if err := s.setHook(h); err != nil {
			return nil, err
		}
		return s.board().Webhook, nil
	})
	on("POST /tasks", s.boardAdd)
	on("POST /tasks/{id}/{action}", s.boardTask)
	on("POST /comments/{id}", s.boardEdit)
	on("DELETE /comments/{id}", s.boardDelete)
	mux.HandleFunc("POST /demo/board/tasks/{id}/comments", s.boardComment)
	mux.HandleFunc("GET /demo/board/events", s.boardEvents)
	s.registerPage(mux)
}

// hookView is the webhook as the board shows it.
type hookView struct {
	Hook
	Pending int `json:"pending"`
	Sent    int `json:"sent"`
	Dropped int `json:"dropped"`
}

// member is a person as the board shows them.
type member struct {
	person
	Hue *int64 `json:"hue"` // of the avatar, the same as in the chats; none for the account
}

// boardView is everything on the board.
type boardView struct {
	ProjectID     string    `json:"project_id"` // the demo project
	Projects      []Project `json:"projects"`
	Sections      []Section `json:"sections"`
	Tasks         []Task    `json:"tasks"` // completed ones too
	Comments      []Note    `json:"comments"`
	Labels        []Label   `json:"labels"`
	Collaborators []member  `json:"collaborators"` // the account first
	AccountUID    string    `json:"account_uid"`
	Webhook       hookView  `json:"webhook"`
	SyncToken     string    `json:"sync_token"`
}

func (s *Server) board() (b boardView) {
	s.view(func(st *state) {
		b = boardView{
			ProjectID: s.project, Collaborators: s.members, AccountUID: s.account.UID,
			Projects:  st.projects.pick(func(v Project) bool { return !v.IsDeleted }),
			Sections:  st.sections.pick(func(v Section) bool { return !v.IsDeleted }),
			Tasks:     st.shownAll(st.tasks.pick(func(v Task) bool { return !v.IsDeleted })),
			Comments:  st.notes.pick(func(v Note) bool { return !v.IsDeleted }),
			Labels:    st.labels.pick(func(v Label) bool { return !v.IsDeleted }),
			Webhook:   hookView{st.hook, len(st.pending), st.sent, st.dropped},
			SyncToken: writeToken(st.store, st.seq),
		}
	})
	return b
}

// boardArgs is what the board page sends.
type boardArgs struct {
	As        string      `json:"as"`  // uid of the person who acts
	UID       opt[string] `json:"uid"` // who is assigned, or who comments
	ProjectID string      `json:"project_id"`
	SectionID opt[string] `json:"section_id"`
	Content   opt[string] `json:"content"`
	Details   opt[string] `json:"description"`
}

// actor gives the person who acts; without one it is the first collaborator beside the account.
func (s *Server) actor(uid string) (person, error) {
	if uid == "" && len(s.people) > 1 {
		return s.people[1], nil
	}
	for _, p := range s.people {
		if p.UID == uid {
			return p, nil
		}
	}
	return person{}, errInvalid("as", "nobody on the board has this uid")
}

// doAs reads what the page sent and carries out a change as the person it names.
func (s *Server) doAs(r *http.Request, f func(c *change, a boardArgs) error) error {
	var a boardArgs
	if err := readJSON(r, &a); err != nil {
		return err
	}
	who, err := s.actor(a.As)
	if err != nil {
		return err
	}
	return s.do(who, func(c *change) error { return f(c, a) })
}

func (s *Server) boardAdd(_ http.ResponseWriter, r *http.Request) (v any, err error) {
	err = s.doAs(r, func(c *change, a boardArgs) error {
		if a.ProjectID == "" {
			a.ProjectID = s.project
		}
		args := taskArgs{Content: a.Content, Description: a.Details, SectionID: a.SectionID}
		if a.SectionID.V == nil {
			args.ProjectID = some(a.ProjectID)
		}
		v, err = c.addTask(args)
		return err
	})
	return v, err
}

func (s *Server) boardTask(_ http.ResponseWriter, r *http.Request) (v any, err error) {
	id := r.PathValue("id")
	err = s.doAs(r, func(c *change, a boardArgs) (err error) {
		switch r.PathValue("action") {
		case "move":
			args := taskArgs{ID: id, SectionID: a.SectionID}
			if a.SectionID.V == nil { // out of all sections
				t, err := c.task(id)
				if err != nil {
					return err
				}
				args.ProjectID = some(t.ProjectID)
			}
			_, err = c.moveTask(args)
		case "assign":
			_, err = c.updateTask(taskArgs{ID: id, ResponsibleUID: opt[string]{Set: true, V: a.UID.V}})
		case "edit":
			_, err = c.updateTask(taskArgs{ID: id, Content: a.Content, Description: a.Details})
		case "complete":
			err = c.completeTask(id)
		case "reopen":
			err = c.reopenTask(id)
		case "delete":
			err = c.deleteTask(id)
		default:
			err = notFound{"Endpoint"}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s.view(func(st *state) {
		t, _ := st.tasks.get(id)
		v = st.shown(t)
	})
	return v, nil
}

// boardComment comments on a task, as JSON or as a form with the fields uid, as, content and file.
func (s *Server) boardComment(w http.ResponseWriter, r *http.Request) {
	n, err := s.comment(r)
	if err != nil {
		writeError(w, restError(err))
		return
	}
	writeJSON(w, http.StatusOK, n)
}

func (s *Server) comment(r *http.Request) (Note, error) {
	var a boardArgs
	var f *File
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		r.Body = http.MaxBytesReader(nil, r.Body, maxUpload+maxBody)
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return Note{}, errInvalid("file", "the form cannot be read")
		}
		defer func() { _ = r.MultipartForm.RemoveAll() }()
		a = boardArgs{As: r.FormValue("as"), UID: some(r.FormValue("uid")), Content: some(r.FormValue("content"))}
		if files := r.MultipartForm.File["file"]; len(files) > 0 {
			kept, err := s.keepForm(files[0])
			if err != nil {
				return Note{}, err
			}
			f = &kept
		}
	} else if err := readJSON(r, &a); err != nil {
		return Note{}, err
	}
	if a.As == "" && a.UID.V != nil {
		a.As = *a.UID.V
	}
	who, err := s.actor(a.As)
	if err != nil {
		return Note{}, err
	}
	var n Note
	err = s.do(who, func(c *change) (err error) {
		args := noteArgs{ItemID: r.PathValue("id"), Content: a.Content}
		if f != nil {
			c.line.Files = append(c.line.Files, *f)
			args.FileAttachment = some(f.attachment(fileURL(r, *f)))
		}
		n, err = c.addNote(args)
		return err
	})
	return n, err
}

// boardEdit changes a comment, by default as the person who wrote it.
func (s *Server) boardEdit(_ http.ResponseWriter, r *http.Request) (v any, err error) {
	err = s.doAs(r, func(c *change, a boardArgs) error {
		if err := s.asAuthor(c, a.As, r.PathValue("id")); err != nil {
			return err
		}
		v, err = c.updateNote(noteArgs{ID: r.PathValue("id"), Content: a.Content})
		return err
	})
	return v, err
}

// boardDelete deletes a comment, by default as the person who wrote it.
func (s *Server) boardDelete(_ http.ResponseWriter, r *http.Request) (any, error) {
	err := s.doAs(r, func(c *change, a boardArgs) error {
		if err := s.asAuthor(c, a.As, r.PathValue("id")); err != nil {
			return err
		}
		return c.deleteNote(r.PathValue("id"))
	})
	return map[string]bool{"ok": true}, err
}

func (s *Server) asAuthor(c *change, as, noteID string) error {
	if as != "" {
		return nil
	}
	n, err := c.note(noteID)
	if err != nil {
		return err
	}
	c.actor, err = s.actor(n.PostedUID)
	return err
}

// boardEvents streams notices of changes, with a comment line now and then to keep the connection.
func (s *Server) boardEvents(w http.ResponseWriter, r *http.Request) {
	notices, leave := s.hub.listen()
	defer leave()
	rc := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	beat := time.NewTicker(15 * time.Second)
	defer beat.Stop()
	_, err := fmt.Fprint(w, ": hello\n\n")
	for err == nil {
		if err = rc.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-s.stop:
			return
		case <-beat.C:
			_, err = fmt.Fprint(w, ": still here\n\n")
		case n := <-notices:
			b, _ := json.Marshal(n)
			_, err = fmt.Fprintf(w, "data: %s\n\n", b)
		}
	}
}
