package todoist

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxCommands is how many commands a request may hold.
const maxCommands = 100

// syncRequest is a request to the sync endpoint.
type syncRequest struct {
	SyncToken     string
	ResourceTypes []string
	Commands      []command
}

// command is one change a client asks for.
type command struct {
	Type   string         `json:"type"`
	UUID   string         `json:"uuid"`
	TempID string         `json:"temp_id"`
	Args   map[string]any `json:"args"`
}

func (s *Server) sync(w http.ResponseWriter, r *http.Request) {
	req, err := readSync(r)
	if err != nil {
		writeError(w, restError(err))
		return
	}
	since, full, err := s.since(req.SyncToken)
	if err != nil {
		writeError(w, restError(err))
		return
	}
	kind := callPartialSync
	if full && len(req.ResourceTypes) > 0 {
		kind = callFullSync
	}
	if !s.allow(w, kind) {
		return
	}
	status, temps := s.run(req.Commands)
	answer := map[string]any{"full_sync": full, "temp_id_mapping": temps}
	if len(req.Commands) > 0 {
		answer["sync_status"] = status
	}
	s.view(func(st *state) {
		answer["sync_token"] = writeToken(st.store, st.seq)
		if full {
			answer["full_sync_date_utc"] = s.now().UTC().Format(time.RFC3339)
		}
		s.resources(st, answer, req.ResourceTypes, since, full)
	})
	writeJSON(w, http.StatusOK, answer)
}

// readSync reads a request as a form, whose fields hold JSON, or as JSON.
func readSync(r *http.Request) (syncRequest, error) {
	body, err := readBody(r)
	if err != nil {
		return syncRequest{}, err
	}
	var given struct {
		SyncToken     string          `json:"sync_token"`
		ResourceTypes json.RawMessage `json:"resource_types"`
		Commands      json.RawMessage `json:"commands"`
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		if err := json.Unmarshal(body, &given); err != nil {
			return syncRequest{}, errInvalid("body", "not JSON")
		}
	} else {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return syncRequest{}, errInvalid("body", "not a form")
		}
		given.SyncToken = form.Get("sync_token")
		given.ResourceTypes = json.RawMessage(form.Get("resource_types"))
		given.Commands = json.RawMessage(form.Get("commands"))
	}
	req := syncRequest{SyncToken: given.SyncToken}
	if err := readList(given.ResourceTypes, &req.ResourceTypes); err != nil {
		return req, errInvalid("resource_types", "a JSON list of strings is wanted")
	}
	if err := readList(given.Commands, &req.Commands); err != nil {
		return req, errInvalid("commands", "a JSON list of commands is wanted")
	}
	if len(req.Commands) > maxCommands {
		return req, errInvalid("commands", fmt.Sprintf("at most %d commands are allowed", maxCommands))
	}
	for _, c := range req.Commands {
		if c.UUID == "" || c.Type == "" {
			return req, errMissing("uuid")
		}
	}
	if len(req.Commands) == 0 && len(req.ResourceTypes) == 0 {
		return req, errMissing("resource_types")
	}
	return req, nil
}

// readList reads a JSON list, which may itself be written inside a JSON string.
func readList(raw json.RawMessage, into any) error {
	if len(raw) == 0 {
		return nil
	}
	var inner string
	if json.Unmarshal(raw, &inner) == nil {
		raw = json.RawMessage(inner)
	}
	return json.Unmarshal(raw, into)
}

// A sync token is the sequence number up to which its owner knows all, with the name of the store it counts in.
func writeToken(store string, seq int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(store + "." + strconv.FormatInt(seq, 36)))
}

// since gives the sequence number after which the owner of a token knows nothing. A token of another store, or none,
// makes a full sync.
func (s *Server) since(token string) (seq int64, full bool, err error) {
	if token == "" || token == "*" {
		return 0, true, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	store, count, found := strings.Cut(string(b), ".")
	if err == nil && found {
		seq, err = strconv.ParseInt(count, 36, 64)
	}
	if err != nil || !found {
		return 0, false, errInvalid("sync_token", "not a sync token")
	}
	s.view(func(st *state) { full = store != st.store || seq > st.seq })
	if full {
		seq = 0
	}
	return seq, full, nil
}

// resources adds what changed since a sequence number, or in a full sync all that is active.
func (s *Server) resources(st *state, answer map[string]any, types []string, since int64, full bool) {
	want := func(name string) bool {
		if slices.Contains(types, "-"+name) {
			return false
		}
		return slices.Contains(types, "all") || slices.Contains(types, name)
	}
	activeNote := func(n Note) bool {
		if !full {
			return true
		}
		t, _ := st.tasks.get(n.ItemID)
		return !n.IsDeleted && (n.ItemID == "" || t.active())
	}
	if want("items") {
		answer["items"] = st.shownAll(st.tasks.changed(since, func(t Task) bool { return !full || t.active() }))
	}
	if want("notes") {
		answer["notes"] = st.notes.changed(since, func(n Note) bool { return n.ItemID != "" && activeNote(n) })
	}
	if want("project_notes") {
		answer["project_notes"] = st.notes.changed(since, func(n Note) bool { return n.ItemID == "" && activeNote(n) })
	}
	if want("sections") {
		answer["sections"] = st.sections.changed(since, func(v Section) bool { return !full || !v.IsDeleted })
	}
	if want("projects") {
		answer["projects"] = st.projects.changed(since, func(v Project) bool { return !full || !v.IsDeleted })
	}
	if want("labels") {
		answer["labels"] = st.labels.changed(since, func(v Label) bool { return !full || !v.IsDeleted })
	}
	if want("collaborators") {
		answer["collaborators"] = s.collaborators(full)
	}
	if want("collaborators") || want("collaborator_states") {
		answer["collaborator_states"] = s.collaboratorStates(st, since)
	}
	if want("user") && full {
		answer["user"] = s.syncUser()
	}
}

// run carries out commands one by one. Each one that fails says why and stops none of the others.
func (s *Server) run(commands []command) (status map[string]any, temps map[string]string) {
	status, temps = map[string]any{}, map[string]string{}
	for _, cmd := range commands {
		status[cmd.UUID] = "ok"
		if err := s.runOne(cmd, temps); err != nil {
			status[cmd.UUID] = commandError(err)
		}
	}
	return status, temps
}

// runOne carries out a command, unless one with its uuid was carried out before.
func (s *Server) runOne(cmd command, temps map[string]string) error {
	op, known := operations[cmd.Type]
	if !known {
		return errInvalid("type", "this Todoist does not know the command "+cmd.Type)
	}
	done, before := Ran{}, false
	s.view(func(st *state) { done, before = st.ran[cmd.UUID] })
	if !before {
		replaceTemps(cmd.Args, temps)
		args, err := json.Marshal(cmd.Args)
		if err != nil {
			return errInvalid("args", "cannot be read")
		}
		done = Ran{UUID: cmd.UUID, TempID: cmd.TempID}
		err = s.do(s.account, func(c *change) error {
			if earlier, ok := c.ran[cmd.UUID]; ok { // another request was faster
				done = earlier
				return nil
			}
			id, err := op(c, args)
			if err != nil {
				return err
			}
			done.ID = id
			c.line.Ran = &done
			return nil
		})
		if err != nil {
			return err
		}
	}
	if done.TempID != "" && done.ID != "" {
		temps[done.TempID] = done.ID
	}
	return nil
}

// replaceTemps puts real ids in the place of temporary ones in all arguments that name something.
func replaceTemps(args map[string]any, temps map[string]string) {
	for name, v := range args {
		temp, isText := v.(string)
		if real, ok := temps[temp]; ok && isText && (name == "id" || strings.HasSuffix(name, "_id")) {
			args[name] = real
		}
	}
}
