package todoist

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPeopleWorkOnTheBoard(t *testing.T) {
	d := newDesk(t)
	section := d.api("POST", "sections", object{"name": "New", "project_id": d.project()})["id"].(string)
	task := d.person("POST", "/tasks", object{"content": "#7 Keys", "section_id": section, "as": igor})
	id := task["id"].(string)
	require.Equal(t, igor, task["added_by_uid"])
	require.Equal(t, section, task["section_id"])
	task = d.person("POST", "/tasks/"+id+"/assign", object{"uid": nadia, "as": igor})
	require.Equal(t, nadia, task["responsible_uid"])
	require.Equal(t, igor, task["assigned_by_uid"])
	task = d.person("POST", "/tasks/"+id+"/assign", object{"uid": nil, "as": igor})
	require.Nil(t, task["responsible_uid"])
	task = d.person("POST", "/tasks/"+id+"/move", object{"section_id": nil, "as": igor})
	require.Nil(t, task["section_id"])
	task = d.person("POST", "/tasks/"+id+"/edit", object{"content": "#7 Key", "as": igor})
	require.Equal(t, "#7 Key", task["content"])
	task = d.person("POST", "/tasks/"+id+"/complete", object{"as": nadia})
	require.Equal(t, nadia, task["completed_by_uid"])
	task = d.person("POST", "/tasks/"+id+"/reopen", object{"as": nadia})
	require.Equal(t, false, task["checked"])

	note := d.person("POST", "/tasks/"+id+"/comments", object{"uid": nadia, "content": "Where?"})
	require.Equal(t, nadia, note["posted_uid"])
	note = d.person("POST", "/comments/"+note["id"].(string), object{"content": "Where is it?"})
	require.Equal(t, nadia, note["posted_uid"])
	board := d.person("GET", "", nil)
	require.Equal(t, []any{"Where is it?"}, names(board["comments"], "content"))
	require.Equal(t, []any{"New"}, names(board["sections"], "name"))
	require.Equal(t, []any{"Quaydesk", "Nadia Brooks", "Игорь Лебедев", "Olivia Hart"}, names(board["collaborators"], "name"))
	d.person("POST", "/tasks/"+id+"/delete", object{"as": nadia})
	require.Empty(t, d.person("GET", "", nil)["tasks"])
	for _, c := range []struct {
		path   string
		body   object
		status int
	}{
		{"/tasks/" + id + "/complete", object{"as": nadia}, 404},
		{"/tasks/" + id + "/dance", object{"as": nadia}, 404},
		{"/tasks", object{"content": "x", "as": nobody}, 400},
		{"/tasks", object{"content": "", "as": nadia}, 400},
	} {
		status, _ := d.try("POST", "/demo/board"+c.path, c.body)
		require.Equal(t, c.status, status, c.path)
	}
}

func TestACommentWithAFile(t *testing.T) {
	d := newDesk(t)
	id := d.addTask("One")
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	require.NoError(t, form.WriteField("uid", igor))
	part, err := form.CreateFormFile("file", "../../план.csv")
	require.NoError(t, err)
	_, err = io.WriteString(part, "a,b")
	require.NoError(t, err)
	require.NoError(t, form.Close())
	status, answer := d.send("POST", "/demo/board/tasks/"+id+"/comments", form.FormDataContentType(), &b)
	require.Equal(t, http.StatusOK, status, string(answer))
	var note Note
	require.NoError(t, json.Unmarshal(answer, &note))
	require.Equal(t, igor, note.PostedUID)
	require.Equal(t, "план.csv", note.FileAttachment.FileName)
	res, err := http.Get(note.FileAttachment.FileURL)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, "a,b", string(body))
	require.Contains(t, res.Header.Get("Content-Disposition"), "attachment")
}

func TestOpenBoardsHearOfChanges(t *testing.T) {
	d := newDesk(t)
	res, err := http.Get(d.http.URL + "/demo/board/events")
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	require.True(t, lines.Scan()) // the hello: from now on the page hears all
	id := d.addTask("One")
	for lines.Scan() {
		data, found := strings.CutPrefix(lines.Text(), "data: ")
		if !found {
			continue
		}
		var n notice
		require.NoError(t, json.Unmarshal([]byte(data), &n))
		require.Equal(t, "item:added", n.Kind)
		require.Equal(t, id, n.TaskID)
		return
	}
	t.Fatal("the stream ended")
}

func TestARestartKeepsEverything(t *testing.T) {
	d := newDesk(t)
	section := d.api("POST", "sections", object{"name": "New", "project_id": d.project()})["id"]
	file := d.upload("a.txt", "bytes")
	task := d.api("POST", "tasks", object{"content": "One", "section_id": section, "labels": []string{"Venue"}})["id"].(string)
	d.api("POST", "comments", object{"task_id": task, "content": "x", "attachment": file})
	d.person("POST", "/tasks/"+task+"/complete", object{"as": nadia})
	before := d.person("GET", "", nil)
	log := d.api("GET", "activities", nil)

	// a crash in the middle of a line leaves half of it
	journal := filepath.Join(d.dir, "todoist.jsonl")
	d.http.Close()
	require.NoError(t, d.server.Close())
	f, err := os.OpenFile(journal, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(`{"tasks":[{"id":"6half`)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	d.open()

	require.Equal(t, before, d.person("GET", "", nil))
	require.Equal(t, log, d.api("GET", "activities", nil))
	d.addTask("Two")
	d.restart()
	require.Equal(t, []any{"One", "Two"}, names(d.person("GET", "", nil)["tasks"], "content"))
}

func TestAnUnreadableJournalIsNotOverwritten(t *testing.T) {
	d := newDesk(t)
	d.http.Close()
	require.NoError(t, d.server.Close())
	journal := filepath.Join(d.dir, "todoist.jsonl")
	kept, err := os.ReadFile(journal)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(journal, append([]byte("not JSON\n"), kept...), 0o600))
	_, err = openJournal(journal, func(line) {})
	require.ErrorContains(t, err, "at byte 0")
	require.NoError(t, os.WriteFile(journal, kept, 0o600))
	d.open()
}

func TestThePageIsServedWhole(t *testing.T) {
	d := newDesk(t)
	status, page := d.send("GET", "/board", "", nil)
	require.Equal(t, http.StatusOK, status)
	for _, part := range strings.Split(string(page), `"`) {
		if strings.HasPrefix(part, "/board/") {
			status, _ := d.send("GET", part, "", nil)
			require.Equal(t, http.StatusOK, status, part)
		}
	}
	for _, script := range []string{"dom.js", "drag.js", "detail.js"} {
		status, _ := d.send("GET", "/board/"+script, "", nil)
		require.Equal(t, http.StatusOK, status, script)
	}
}
