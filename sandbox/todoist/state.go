package todoist

import (
	"crypto/rand"
	"encoding/json"
	"math/big"
	"slices"
	"time"
)

// state is everything that is kept, in memory. It is changed by journal lines only (apply), so reading the journal
// again gives the same state.
type state struct {
	store    string // tells one data folder's sync tokens from another's
	seq      int64
	projects table[Project]
	sections table[Section]
	tasks    table[Task]
	notes    table[Note]
	labels   table[Label]
	files    map[string]File
	notesAt  map[string][]string // note ids by task id
	ran      map[string]Ran
	activity []Activity
	hook     Hook
	pending  map[string]Delivery
	sent     int // deliveries that were answered with 200
	dropped  int // deliveries given up
}

func newState() *state {
	return &state{
		projects: newTable[Project](), sections: newTable[Section](), tasks: newTable[Task](),
		notes: newTable[Note](), labels: newTable[Label](), files: map[string]File{},
		notesAt: map[string][]string{}, ran: map[string]Ran{}, pending: map[string]Delivery{},
	}
}

// line is one change in the journal.
type line struct {
	Store      string     `json:"store,omitempty"` // in the first line only
	Projects   []Project  `json:"projects,omitempty"`
	Sections   []Section  `json:"sections,omitempty"`
	Tasks      []Task     `json:"tasks,omitempty"`
	Notes      []Note     `json:"notes,omitempty"`
	Labels     []Label    `json:"labels,omitempty"`
	Files      []File     `json:"files,omitempty"`
	Ran        *Ran       `json:"ran,omitempty"`
	Activity   []Activity `json:"activity,omitempty"`
	Hook       *Hook      `json:"hook,omitempty"`
	Deliveries []Delivery `json:"deliveries,omitempty"` // new, or tried and to be tried again
	Sent       []string   `json:"sent,omitempty"`       // delivery ids
	Dropped    []string   `json:"dropped,omitempty"`    // delivery ids
}

// Ran is a sync command that was carried out.
type Ran struct {
	UUID   string `json:"uuid"`
	TempID string `json:"temp_id,omitempty"`
	ID     string `json:"id,omitempty"` // of what the command made
}

func (s *state) apply(l line) {
	s.seq++
	if l.Store != "" {
		s.store = l.Store
	}
	for _, v := range l.Projects {
		s.projects.put(s.seq, v.ID, v)
	}
	for _, v := range l.Sections {
		s.sections.put(s.seq, v.ID, v)
	}
	for _, v := range l.Tasks {
		s.tasks.put(s.seq, v.ID, v)
	}
	for _, v := range l.Notes {
		if _, known := s.notes.get(v.ID); !known {
			s.notesAt[v.ItemID] = append(s.notesAt[v.ItemID], v.ID)
		}
		s.notes.put(s.seq, v.ID, v)
	}
	for _, v := range l.Labels {
		s.labels.put(s.seq, v.ID, v)
	}
	for _, v := range l.Files {
		s.files[v.ID] = v
	}
	if l.Ran != nil {
		s.ran[l.Ran.UUID] = *l.Ran
	}
	s.activity = append(s.activity, l.Activity...)
	if l.Hook != nil {
		s.hook = *l.Hook
		if s.hook.URL == "" {
			clear(s.pending)
		}
	}
	for _, d := range l.Deliveries {
		s.pending[d.ID] = d
	}
	for _, id := range l.Sent {
		delete(s.pending, id)
		s.sent++
	}
	for _, id := range l.Dropped {
		delete(s.pending, id)
		s.dropped++
	}
}

// notesOf gives a task's comments that are not deleted, oldest first.
func (s *state) notesOf(taskID string) []Note {
	out := []Note{}
	for _, id := range s.notesAt[taskID] {
		if n, _ := s.notes.get(id); !n.IsDeleted {
			out = append(out, n)
		}
	}
	return out
}

// shown is a task as the API gives it.
func (s *state) shown(t Task) Task {
	t.NoteCount = len(s.notesOf(t.ID))
	return t
}

func (s *state) shownAll(tasks []Task) []Task {
	for i := range tasks {
		tasks[i] = s.shown(tasks[i])
	}
	return tasks
}

func (s *state) task(id string) (Task, error) {
	t, ok := s.tasks.get(id)
	if !ok || t.IsDeleted {
		return Task{}, notFound{"Task"}
	}
	return t.clone(), nil
}

func (s *state) note(id string) (Note, error) {
	n, ok := s.notes.get(id)
	if !ok || n.IsDeleted {
		return Note{}, notFound{"Comment"}
	}
	return n, nil
}

func (s *state) section(id string) (Section, error) {
	v, ok := s.sections.get(id)
	if !ok || v.IsDeleted {
		return Section{}, notFound{"Section"}
	}
	return v, nil
}

func (s *state) project(id string) (Project, error) {
	v, ok := s.projects.get(id)
	if !ok || v.IsDeleted {
		return Project{}, notFound{"Project"}
	}
	return v, nil
}

func (s *state) label(id string) (Label, error) {
	v, ok := s.labels.get(id)
	if !ok || v.IsDeleted {
		return Label{}, notFound{"Label"}
	}
	return v, nil
}

// change is a change in the making: what the operations put into it becomes one line of the journal, or nothing.
type change struct {
	*state          // as it was before the change
	actor  person   // who acts
	user   person   // whose account's tasks these are
	people []person // all who may be assigned
	inbox  string   // the account's inbox project
	now    time.Time
	line   line
	events []event
}

// event is something that happened: it goes to the activity log, to the webhook and to open board pages.
type event struct {
	name      string // as webhooks name it, item:added and so on
	taskID    string
	noteID    string
	sectionID string
	projectID string
	object    string // id of the changed thing itself
	data      any
	old       *Task  // the task before an item:updated
	intent    string // what an item:updated was for
}

func (c *change) at() string { return stamp(c.now) }

// shownTask is a task as it will be after the change.
func (c *change) shownTask(t Task) Task {
	t = c.shown(t)
	for _, n := range c.line.Notes {
		if n.ItemID != t.ID {
			continue
		}
		before, known := c.notes.get(n.ID)
		switch {
		case !known:
			t.NoteCount++
		case n.IsDeleted && !before.IsDeleted:
			t.NoteCount--
		}
	}
	return t
}

// newID gives an opaque id of the length and alphabet that the real service uses.
func newID() string {
	const alphabet = "23456789CFGHJMPQRVWXcfghjmpqrvwx"
	id := []byte("6")
	for range 15 {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			panic(err) // crypto/rand does not fail on the systems we run on
		}
		id = append(id, alphabet[n.Int64()])
	}
	return string(id)
}

// hasPerson tells whether uid is one of people.
func hasPerson(people []person, uid string) bool {
	return slices.ContainsFunc(people, func(p person) bool { return p.UID == uid })
}

func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own types are written
	}
	return b
}
