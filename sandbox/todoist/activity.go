package todoist

import (
	"fmt"
	"strings"
	"sync"
)

// logged is an event as the activity log keeps it.
func (c *change) logged(e event) Activity {
	object, kind, _ := strings.Cut(e.name, ":")
	a := Activity{
		ID:         fmt.Sprintf("%012d", len(c.activity)+len(c.line.Activity)+1),
		ObjectType: object, ObjectID: e.object, EventType: kind, EventDate: c.at(), InitiatorID: &c.actor.UID,
	}
	if e.projectID != "" {
		a.ParentProjectID = &e.projectID
	}
	if e.noteID != "" && e.taskID != "" {
		a.ParentItemID = &e.taskID
	}
	if t, ok := e.data.(Task); ok {
		a.ExtraData = map[string]any{"content": t.Content}
	}
	return a
}

// notice tells an open board page what changed.
type notice struct {
	Kind      string `json:"kind"` // as webhooks name it
	TaskID    string `json:"task_id"`
	SectionID string `json:"section_id"`
	ProjectID string `json:"project_id"`
	At        string `json:"at"`
}

// hub hands notices to open board pages.
type hub struct {
	mu    sync.Mutex
	pages map[chan notice]struct{}
}

func newHub() *hub { return &hub{pages: map[chan notice]struct{}{}} }

// listen gives a channel of notices; leave ends it.
func (h *hub) listen() (notices <-chan notice, leave func()) {
	ch := make(chan notice, 64)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pages[ch] = struct{}{}
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.pages, ch)
	}
}

// tell never waits: a page that is 64 notices behind will reload for one of those and needs no more of them.
func (h *hub) tell(n notice) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.pages {
		select {
		case ch <- n:
		default:
		}
	}
}
