package todoist

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func cmd(kind, uuid, temp string, args object) object {
	return object{"type": kind, "uuid": uuid, "temp_id": temp, "args": args}
}

func TestARepeatedCommandIsNotCarriedOutAgain(t *testing.T) {
	d := newDesk(t)
	add := []object{
		cmd("item_add", "u1", "t1", object{"content": "One", "project_id": d.project()}),
		cmd("note_add", "u2", "t2", object{"item_id": "t1", "content": "a note"}),
	}
	first := d.syncForm("", nil, add...)
	require.Equal(t, object{"u1": "ok", "u2": "ok"}, first["sync_status"])
	d.restart()
	second := d.syncForm("", nil, add...)
	require.Equal(t, first["sync_status"], second["sync_status"])
	require.Equal(t, first["temp_id_mapping"], second["temp_id_mapping"])
	all := d.syncForm("*", []string{"items", "notes"})
	require.Len(t, all["items"], 1)
	require.Len(t, all["notes"], 1)
	// the mapping of a repeated command serves the ones after it
	d.syncForm("", nil, add[0], cmd("item_close", "u3", "", object{"id": "t1"}))
	id := first["temp_id_mapping"].(object)["t1"].(string)
	require.Equal(t, true, d.api("GET", "tasks/"+id, nil)["checked"])
}

func TestEachCommandStandsAlone(t *testing.T) {
	d := newDesk(t)
	out := d.syncForm("", nil,
		cmd("item_close", "u1", "", object{"id": "6none"}),
		cmd("section_add", "u2", "s", object{"name": "New", "project_id": d.project()}),
		cmd("item_add", "u3", "i", object{"content": "One", "section_id": "s", "due": object{"date": "2026-01-02"}}),
		cmd("fly_away", "u4", "", object{}),
		cmd("note_add", "u5", "", object{"item_id": "i"}),
		cmd("item_add", "u6", "", object{"content": 7}),
		cmd("item_update", "u7", "", object{"id": "i", "responsible_uid": igor, "priority": 3}),
		cmd("item_complete", "u8", "", object{"id": "i"}),
		cmd("item_uncomplete", "u9", "", object{"id": "i"}),
		cmd("label_add", "u10", "", object{"name": "Venue"}),
		cmd("project_add", "u11", "p", object{"name": "Other"}),
		cmd("item_move", "u12", "", object{"id": "i", "project_id": "p"}),
	)
	status := out["sync_status"].(object)
	require.Equal(t, object{
		"error": "Item not found", "error_code": 22.0, "error_extra": object{}, "error_tag": "ITEM_NOT_FOUND", "http_code": 404.0,
	}, status["u1"])
	for uuid, tag := range map[string]string{"u4": "INVALID_ARGUMENT_VALUE", "u5": "ARGUMENT_MISSING", "u6": "INVALID_ARGUMENT_VALUE"} {
		require.Equal(t, tag, status[uuid].(object)["error_tag"], uuid)
	}
	for _, uuid := range []string{"u2", "u3", "u7", "u8", "u9", "u10", "u11", "u12"} {
		require.Equal(t, "ok", status[uuid], uuid)
	}
	temps := out["temp_id_mapping"].(object)
	task := d.api("GET", "tasks/"+temps["i"].(string), nil)
	require.Equal(t, igor, task["responsible_uid"])
	require.Equal(t, temps["p"], task["project_id"])
	require.Equal(t, false, task["checked"])
	// a command that failed was not carried out, so its uuid is still good
	out = d.syncForm("", nil, cmd("item_close", "u1", "", object{"id": task["id"]}))
	require.Equal(t, "ok", out["sync_status"].(object)["u1"])
}

func TestIncrementalSyncBringsWhatChanged(t *testing.T) {
	d := newDesk(t)
	types := []string{"items", "notes", "sections", "projects", "labels", "collaborators", "user"}
	kept, closed, deleted := d.addTask("kept"), d.addTask("closed"), d.addTask("deleted")
	note := d.api("POST", "comments", object{"task_id": deleted, "content": "x"})["id"]
	full := d.syncForm("*", types)
	require.Equal(t, true, full["full_sync"])
	require.Equal(t, []any{kept, closed, deleted}, names(full["items"], "id"))
	require.Len(t, full["collaborators"], 4)
	require.Equal(t, "51000001", full["user"].(object)["id"])

	none := d.syncForm(full["sync_token"].(string), types)
	require.Equal(t, false, none["full_sync"])
	for _, k := range []string{"items", "notes", "sections", "projects", "labels"} {
		require.Equal(t, []any{}, none[k], k)
	}
	d.api("POST", "tasks/"+closed+"/close", nil)
	d.api("DELETE", "tasks/"+deleted, nil)
	d.restart()
	some := d.syncForm(full["sync_token"].(string), types)
	require.Equal(t, []any{closed, deleted}, names(some["items"], "id"))
	require.Equal(t, []any{true, false}, names(some["items"], "checked"))
	require.Equal(t, []any{false, true}, names(some["items"], "is_deleted"))
	require.Equal(t, []any{note}, names(some["notes"], "id"))
	require.Equal(t, []any{true}, names(some["notes"], "is_deleted"))
	again := d.syncForm("*", []string{"all", "-notes"})
	require.Equal(t, []any{kept}, names(again["items"], "id"), "a full sync holds what is active")
	require.NotContains(t, again, "notes")
}

func TestSyncTokens(t *testing.T) {
	d, other := newDesk(t), newDesk(t)
	foreign := other.syncForm("*", []string{"items"})["sync_token"].(string)
	require.Equal(t, true, d.syncForm(foreign, []string{"items"})["full_sync"], "another store's token makes a full sync")
	status, out := d.try("POST", "/todoist/api/v1/sync", object{"sync_token": "made up", "resource_types": []string{"items"}})
	require.Equal(t, http.StatusBadRequest, status)
	require.Equal(t, "sync_token", out["error_extra"].(object)["argument"])
}

func TestSyncRequestsAreLimited(t *testing.T) {
	d := newDesk(t)
	many := make([]object, maxCommands+1)
	for i := range many {
		many[i] = cmd("item_add", fmt.Sprint("u", i), "", object{"content": "x"})
	}
	for _, c := range []struct {
		name   string
		body   object
		status int
	}{
		{"101 commands", object{"commands": many}, 400},
		{"no uuid", object{"commands": []object{{"type": "item_add", "args": object{}}}}, 400},
		{"nothing asked", object{}, 400},
		{"types are no list", object{"resource_types": 5}, 400},
		{"over a MiB", object{"commands": []object{cmd("item_add", "u", "", object{"content": strings.Repeat("x", maxBody)})}}, 413},
		{"100 commands", object{"commands": many[:maxCommands]}, 200},
		{"lists in strings", object{"commands": string(mustJSON(many[:1])), "resource_types": `["items"]`}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out := d.try("POST", "/todoist/api/v1/sync", c.body)
			require.Equal(t, c.status, status, out)
		})
	}
	require.Len(t, d.api("GET", "tasks?limit=200", nil)["results"], maxCommands)
}

// Whoever applies what incremental syncs bring, at any moments, knows at the end what is on the board.
func TestIncrementalSyncsAddUp(t *testing.T) {
	d := newDesk(t)
	state := d.faults.State()
	state.Limits = false
	d.faults.Set(state)
	rapid.Check(t, func(r *rapid.T) {
		known := map[string]object{}
		token := "*"
		pull := func() {
			out := d.syncForm(token, []string{"items"})
			token = out["sync_token"].(string)
			for _, v := range out["items"].([]any) {
				item := v.(object)
				if item["checked"] == true || item["is_deleted"] == true {
					delete(known, item["id"].(string))
				} else {
					known[item["id"].(string)] = item
				}
			}
		}
		var ids []string
		for i := range rapid.IntRange(1, 12).Draw(r, "steps") {
			step := rapid.SampledFrom([]string{"add", "close", "reopen", "delete", "update", "pull"}).Draw(r, "step")
			if step == "add" || len(ids) == 0 {
				ids = append(ids, d.addTask(fmt.Sprint("task ", i)))
				continue
			}
			id := rapid.SampledFrom(ids).Draw(r, "id")
			path := "/todoist/api/v1/tasks/" + id
			switch step {
			case "pull":
				pull()
			case "delete":
				d.try("DELETE", path, nil)
			case "update":
				d.try("POST", path, object{"content": fmt.Sprint("changed ", i)})
			default:
				d.try("POST", path+"/"+step, nil)
			}
		}
		pull()
		var want, got []string
		for _, v := range d.api("GET", "tasks?limit=200&ids="+strings.Join(ids, ","), nil)["results"].([]any) {
			want = append(want, v.(object)["content"].(string))
		}
		for _, id := range ids {
			if v, ok := known[id]; ok {
				got = append(got, v["content"].(string))
			}
			d.try("DELETE", "/todoist/api/v1/tasks/"+id, nil)
		}
		if !slices.Equal(want, got) {
			r.Fatalf("the board has %v, the syncs brought %v", want, got)
		}
	})
}
