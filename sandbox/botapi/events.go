package botapi

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// event is what the watchers of the sandbox see happen. Which fields are set follows from its kind:
//
//	message, edit      a message was accepted or changed: message
//	delete             message_id
//	callback_answer    a bot answered a press: message_id, callback_id, text, alert, url
//	action             "typing" and the like: action
//	chat               a chat was started, blocked or unblocked; without chat_id: a bot's commands or texts changed
//	update_delivering  the first attempt to bring an update to its bot began: update_id, update_kind, message_id, callback_id
//	update_delivered   the bot took it, or it expired: the same fields
//	call               a bot called a method: method, ok, error_code, description
type event struct {
	Kind        string    `json:"kind"`
	At          time.Time `json:"at"` // when it happened; for what a bot sends, when it was accepted
	Bot         int64     `json:"bot_id"`
	Chat        int64     `json:"chat_id,omitempty"`
	Message     *view     `json:"message,omitempty"`
	MessageID   int       `json:"message_id,omitempty"`
	Update      int64     `json:"update_id,omitempty"`
	UpdateKind  string    `json:"update_kind,omitempty"`
	Callback    string    `json:"callback_id,omitempty"`
	Text        string    `json:"text,omitempty"`
	Alert       bool      `json:"alert,omitempty"`
	URL         string    `json:"url,omitempty"`
	Action      string    `json:"action,omitempty"`
	Method      string    `json:"method,omitempty"`
	OK          bool      `json:"ok,omitempty"`
	Code        int       `json:"error_code,omitempty"`
	Description string    `json:"description,omitempty"`
}

// hub hands events to all watchers. A watcher that does not keep up makes its own list longer and holds up nobody.
type hub struct {
	mu       sync.Mutex
	watchers map[*watcher]struct{}
}

type watcher struct {
	kinds   []string
	chats   []int64
	waiting [][]byte // guarded by the hub's mutex
	wake    chan struct{}
}

func (w *watcher) wants(e event) bool {
	return (len(w.kinds) == 0 || slices.Contains(w.kinds, e.Kind)) &&
		(len(w.chats) == 0 || e.Chat == 0 || slices.Contains(w.chats, e.Chat))
}

func (s *Server) emit(e event) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	var line []byte
	for w := range s.hub.watchers {
		if !w.wants(e) {
			continue
		}
		if line == nil {
			line, _ = json.Marshal(e)
		}
		w.waiting = append(w.waiting, line)
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

func (h *hub) join(w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers == nil {
		h.watchers = map[*watcher]struct{}{}
	}
	h.watchers[w] = struct{}{}
}

func (h *hub) leave(w *watcher) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watchers, w)
}

func (h *hub) taken(w *watcher) [][]byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	lines := w.waiting
	w.waiting = nil
	return lines
}

// serveEvents streams events as they happen. The query's kinds and chats, each separated by commas, narrow them.
func (s *Server) serveEvents(rw http.ResponseWriter, r *http.Request) {
	w := &watcher{wake: make(chan struct{}, 1)}
	if kinds := r.URL.Query().Get("kinds"); kinds != "" {
		w.kinds = strings.Split(kinds, ",")
	}
	for _, chat := range strings.Split(r.URL.Query().Get("chats"), ",") {
		if id, err := strconv.ParseInt(chat, 10, 64); err == nil {
			w.chats = append(w.chats, id)
		}
	}
	out := http.NewResponseController(rw)
	rw.Header().Set("Content-Type", "text/event-stream")
	rw.Header().Set("Cache-Control", "no-store")
	s.hub.join(w)
	defer s.hub.leave(w)
	write := func(parts ...[]byte) bool {
		for _, p := range parts {
			if _, err := rw.Write(p); err != nil {
				return false
			}
		}
		return true
	}
	alive := time.NewTicker(15 * time.Second)
	defer alive.Stop()
	ok := write([]byte(": watching\n\n")) && out.Flush() == nil
	for ok {
		select {
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		case <-alive.C:
			ok = write([]byte(": alive\n\n")) && out.Flush() == nil
		case <-w.wake:
			for _, line := range s.hub.taken(w) {
				ok = ok && write([]byte("data: "), line, []byte("\n\n"))
			}
			ok = ok && out.Flush() == nil
		}
	}
}

func (s *Server) emitUpdate(kind string, at time.Time, u *update) {
	s.emit(event{
		Kind: kind, At: at, Bot: u.Bot, Chat: u.Chat, Update: u.ID, UpdateKind: u.Kind, MessageID: u.Message, Callback: u.Callback,
	})
}
