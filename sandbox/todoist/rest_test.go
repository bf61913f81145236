package todoist

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTaskHasEveryKey(t *testing.T) {
	d := newDesk(t)
	task := d.api("POST", "tasks", object{"content": "Plain"})
	keys := []string{
		"id", "user_id", "project_id", "section_id", "parent_id", "added_by_uid", "assigned_by_uid", "responsible_uid",
		"labels", "deadline", "duration", "checked", "is_deleted", "added_at", "completed_at", "completed_by_uid",
		"updated_at", "due", "priority", "child_order", "day_order", "is_collapsed", "content", "description", "note_count",
	}
	for _, k := range keys {
		require.Contains(t, task, k)
	}
	require.Equal(t, "6Inbox51000001", task["project_id"], "a task without a place goes into the inbox")
	require.Equal(t, []any{}, task["labels"])
	require.Nil(t, task["section_id"])
}

func TestTaskIsWrittenAndReadUnderDifferentNames(t *testing.T) {
	d := newDesk(t)
	section := d.api("POST", "sections", object{"name": "New", "project_id": d.project()})["id"]
	task := d.api("POST", "tasks", object{
		"content": "#1 Chairs", "description": "40 of them", "section_id": section, "labels": []string{"Venue"},
		"assignee_id": nadia, "priority": 4, "due_date": "2026-03-01", "deadline_date": "2026-04-01", "duration": 30,
	})
	require.Equal(t, d.project(), task["project_id"], "the section's project")
	require.Equal(t, nadia, task["responsible_uid"])
	require.Equal(t, "51000001", task["assigned_by_uid"])
	require.Equal(t, "2026-03-01", task["due"].(object)["date"])
	require.Equal(t, object{"date": "2026-04-01", "lang": "en"}, task["deadline"])
	require.Equal(t, object{"amount": 30.0, "unit": "minute"}, task["duration"])

	task = d.api("POST", "tasks/"+task["id"].(string), object{"assignee_id": nil, "due_string": "no date", "labels": []string{}})
	require.Nil(t, task["responsible_uid"])
	require.Nil(t, task["assigned_by_uid"])
	require.Nil(t, task["due"])
	require.Equal(t, []any{}, task["labels"])
	require.Equal(t, "#1 Chairs", task["content"], "what is not given stays")
}

func TestTaskLife(t *testing.T) {
	d := newDesk(t)
	id := d.addTask("One")
	section := d.api("POST", "sections", object{"name": "Taken", "project_id": d.project()})["id"]
	moved := d.api("POST", "tasks/"+id+"/move", object{"section_id": section})
	require.Equal(t, section, moved["section_id"])
	moved = d.api("POST", "tasks/"+id+"/move", object{"project_id": d.project()})
	require.Nil(t, moved["section_id"], "moving to a project leaves the section")

	d.api("POST", "tasks/"+id+"/close", nil)
	done := d.api("GET", "tasks/"+id, nil)
	require.Equal(t, true, done["checked"])
	require.Equal(t, "51000001", done["completed_by_uid"])
	require.Empty(t, d.api("GET", "tasks?project_id="+d.project(), nil)["results"])
	span := "tasks/completed/by_completion_date?since=" + time.Now().AddDate(0, 0, -1).Format(time.DateOnly) +
		"&until=" + time.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	require.Equal(t, []any{id}, names(d.api("GET", span, nil)["items"], "id"))

	d.api("POST", "tasks/"+id+"/reopen", nil)
	require.Equal(t, []any{id}, names(d.api("GET", "tasks", nil)["results"], "id"))
	d.api("DELETE", "tasks/"+id, nil)
	status, gone := d.try("GET", "/todoist/api/v1/tasks/"+id, nil)
	require.Equal(t, http.StatusNotFound, status)
	require.Equal(t, "NOT_FOUND", gone["error_tag"])
	d.api("DELETE", "tasks/"+id, nil) // once more is no error
}

func TestChildrenFollowTheirParent(t *testing.T) {
	d := newDesk(t)
	parent := d.addTask("Parent")
	child := d.api("POST", "tasks", object{"content": "Child", "parent_id": parent})["id"].(string)
	section := d.api("POST", "sections", object{"name": "New", "project_id": d.project()})["id"].(string)
	d.api("POST", "tasks/"+parent+"/move", object{"section_id": section})
	require.Equal(t, section, d.api("GET", "tasks/"+child, nil)["section_id"])
	status, _ := d.try("POST", "/todoist/api/v1/tasks/"+parent+"/move", object{"parent_id": child})
	require.Equal(t, http.StatusBadRequest, status, "no task is its own grandparent")
	d.api("POST", "tasks/"+parent+"/close", nil)
	require.Equal(t, true, d.api("GET", "tasks/"+child, nil)["checked"])
	d.api("POST", "tasks/"+child+"/reopen", nil)
	d.api("DELETE", "sections/"+section, nil)
	for _, id := range []string{parent, child} {
		status, _ := d.try("GET", "/todoist/api/v1/tasks/"+id, nil)
		require.Equal(t, http.StatusNotFound, status)
	}
}

func TestCommentsAndFiles(t *testing.T) {
	d := newDesk(t)
	task := d.addTask("One")
	file := d.upload("отчёт \"Q1\".txt", "the bytes")
	require.Equal(t, "completed", file["upload_state"])
	require.Equal(t, 9.0, file["file_size"])
	require.Equal(t, "text/plain", file["file_type"])
	note := d.api("POST", "comments", object{"task_id": task, "content": "Look", "attachment": object{
		"file_url": file["file_url"], "file_name": file["file_name"], "resource_type": "file",
	}})
	require.Equal(t, task, note["item_id"])
	require.NotContains(t, note, "project_id")
	require.Equal(t, file["file_url"], note["file_attachment"].(object)["file_url"])
	require.Equal(t, 9.0, note["file_attachment"].(object)["file_size"])
	id := note["id"].(string)
	d.api("POST", "comments/"+id, object{"content": "Look here"})
	require.Equal(t, []any{"Look here"}, names(d.api("GET", "comments?task_id="+task, nil)["results"], "content"))
	require.Equal(t, 1.0, d.api("GET", "tasks/"+task, nil)["note_count"])
	d.api("DELETE", "comments/"+id, nil)
	require.Equal(t, 0.0, d.api("GET", "tasks/"+task, nil)["note_count"])

	page := d.upload("index.html", "<script>")
	status, body := d.send("GET", strings.TrimPrefix(page["file_url"].(string), d.http.URL), "", nil)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "<script>", string(body))

	for _, c := range []struct {
		token  string
		status int
	}{{"", 200}, {"Bearer " + d.server.token, 200}, {"Bearer wrong", 401}} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", file["file_url"].(string), nil)
		require.NoError(t, err)
		if c.token != "" {
			req.Header.Set("Authorization", c.token)
		}
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		b, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, c.status, res.StatusCode)
		if c.status == 200 {
			require.Equal(t, "the bytes", string(b))
		}
	}
}

func TestListsHavePages(t *testing.T) {
	d := newDesk(t)
	want := []any{}
	for range 5 {
		want = append(want, d.addTask("Task"))
	}
	var got []any
	query := "tasks?limit=2"
	for {
		page := d.api("GET", query, nil)
		got = append(got, names(page["results"], "id")...)
		if page["next_cursor"] == nil {
			break
		}
		require.Len(t, page["results"], 2)
		if len(got) == 2 {
			d.api("POST", "tasks/"+want[1].(string)+"/close", nil) // what leaves the list shifts nothing
		}
		query = "tasks?limit=2&cursor=" + page["next_cursor"].(string)
	}
	require.Equal(t, want, got)
	for _, limit := range []string{"0", "201", "x"} {
		status, _ := d.try("GET", "/todoist/api/v1/tasks?limit="+limit, nil)
		require.Equal(t, http.StatusBadRequest, status)
	}
}

func TestPeopleProjectsAndLabels(t *testing.T) {
	d := newDesk(t)
	people := d.api("GET", "projects/"+d.project()+"/collaborators", nil)["results"]
	require.Equal(t, []any{"51000001", nadia, igor, "51000005"}, names(people, "id"))
	require.Equal(t, "Quaydesk", d.api("GET", "user", nil)["full_name"])
	require.Equal(t, []any{"Inbox", "Support desk"}, names(d.api("GET", "projects", nil)["results"], "name"))
	label := d.api("POST", "labels", object{"name": "Venue"})["id"].(string)
	status, _ := d.try("POST", "/todoist/api/v1/labels", object{"name": "Venue"})
	require.Equal(t, http.StatusBadRequest, status)
	d.api("POST", "labels/"+label, object{"color": "red"})
	require.Equal(t, "red", d.api("GET", "labels/"+label, nil)["color"])
	project := d.api("POST", "projects", object{"name": "Second"})["id"].(string)
	d.api("POST", "projects/"+project, object{"name": "Third"})
	require.Equal(t, "Third", d.api("GET", "projects/"+project, nil)["name"])
	log := d.api("GET", "activities?object_type=project", nil)["results"]
	require.Equal(t, []any{"updated", "added"}, names(log, "event_type"), "the newest first")
}

func TestRefusals(t *testing.T) {
	d := newDesk(t)
	task := d.addTask("One")
	for _, c := range []struct {
		name, method, path string
		body               any
		status             int
		tag                string
	}{
		{"unknown task", "GET", "tasks/6none", nil, 404, "NOT_FOUND"},
		{"unknown endpoint", "GET", "reminders", nil, 404, "NOT_FOUND"},
		{"no content", "POST", "tasks", object{}, 400, "ARGUMENT_MISSING"},
		{"long content", "POST", "tasks", object{"content": strings.Repeat("ы", 501)}, 400, "INVALID_ARGUMENT_VALUE"},
		{"a number as id", "POST", "tasks", object{"content": "x", "project_id": 7}, 400, "INVALID_ARGUMENT_VALUE"},
		{"bad priority", "POST", "tasks", object{"content": "x", "priority": 5}, 400, "INVALID_ARGUMENT_VALUE"},
		{"due in words", "POST", "tasks", object{"content": "x", "due_string": "every friday"}, 400, "INVALID_ARGUMENT_VALUE"},
		{"stranger assigned", "POST", "tasks/" + task, object{"assignee_id": nobody}, 400, "INVALID_ARGUMENT_VALUE"},
		{"moved nowhere", "POST", "tasks/" + task + "/move", object{}, 400, "INVALID_ARGUMENT_VALUE"},
		{"moved twice", "POST", "tasks/" + task + "/move", object{"section_id": "a", "project_id": "b"}, 400, "INVALID_ARGUMENT_VALUE"},
		{"moved to no section", "POST", "tasks/" + task + "/move", object{"section_id": "6none"}, 404, "NOT_FOUND"},
		{"comment on nothing", "POST", "comments", object{"content": "x"}, 400, "INVALID_ARGUMENT_VALUE"},
		{"comment without words", "POST", "comments", object{"task_id": task}, 400, "ARGUMENT_MISSING"},
		{"comment too long", "POST", "comments", object{"task_id": task, "content": strings.Repeat("x", 15001)}, 400, "INVALID_ARGUMENT_VALUE"},
		{"comments of nothing", "GET", "comments", nil, 400, "INVALID_ARGUMENT_VALUE"},
		{"body too large", "POST", "tasks", object{"content": strings.Repeat("x", maxBody)}, 413, "REQUEST_TOO_LARGE"},
		{"section without project", "POST", "sections", object{"name": "x", "project_id": "6none"}, 404, "NOT_FOUND"},
		{"completed without since", "GET", "tasks/completed/by_completion_date?until=2026-01-01", nil, 400, "ARGUMENT_MISSING"},
		{"four months", "GET", "tasks/completed/by_completion_date?since=2026-01-01&until=2026-05-01", nil, 400, "INVALID_ARGUMENT_VALUE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out := d.try(c.method, "/todoist/api/v1/"+c.path, c.body)
			require.Equal(t, c.status, status)
			require.Equal(t, c.tag, out["error_tag"])
			require.EqualValues(t, c.status, out["http_code"])
		})
	}
}

func TestOnlyTheTokenOpens(t *testing.T) {
	d := newDesk(t)
	for _, auth := range []string{"", "Bearer ", "Bearer wrong", "Basic " + d.server.token} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", d.http.URL+"/todoist/api/v1/tasks", nil)
		require.NoError(t, err)
		if auth != "" {
			req.Header.Set("Authorization", auth)
		}
		res, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		b, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, http.StatusUnauthorized, res.StatusCode)
		require.JSONEq(t, `{"error":"Unauthorized","error_code":477,"error_extra":{},"error_tag":"UNAUTHORIZED","http_code":401}`, string(b))
	}
	for _, path := range []string{"/todoist/rest/v2/tasks", "/todoist/sync/v9/sync"} {
		status, _ := d.send("GET", path, "", nil)
		require.Equal(t, http.StatusGone, status)
	}
}

func TestLimits(t *testing.T) {
	l, now := newLimiter(), time.Unix(1_800_000_000, 0)
	for range limits[callFullSync] {
		require.Zero(t, l.take("a", callFullSync, now))
	}
	require.Equal(t, limitWindow-time.Minute, l.take("a", callFullSync, now.Add(time.Minute)))
	require.Zero(t, l.take("b", callFullSync, now), "each user has a limit of their own")
	require.Zero(t, l.take("a", callPartialSync, now), "and each kind of call")
	require.Zero(t, l.take("a", callFullSync, now.Add(limitWindow)))

	d := newDesk(t)
	for range limits[callFullSync] {
		d.server.limits.take("51000001", callFullSync, time.Now())
	}
	status, out := d.try("POST", "/todoist/api/v1/sync", object{"sync_token": "*", "resource_types": []string{"items"}})
	require.Equal(t, http.StatusTooManyRequests, status)
	after := out["error_extra"].(object)["retry_after"].(float64)
	require.InDelta(t, 900, after, 30)
	state := d.faults.State()
	state.Limits = false
	d.faults.Set(state)
	d.syncForm("*", []string{"items"})
}
