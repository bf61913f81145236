package todoist

import (
	"encoding/json"
	"errors"
)

// operations are the commands of the sync endpoint. Each gives the id of what it made, if it made something.
var operations = map[string]func(c *change, args json.RawMessage) (string, error){
	"item_add":        making((*change).addTask, func(t Task) string { return t.ID }),
	"item_update":     changing((*change).updateTask),
	"item_move":       changing((*change).moveTask),
	"item_close":      naming((*change).completeTask),
	"item_complete":   naming((*change).completeTask),
	"item_uncomplete": naming((*change).reopenTask),
	"item_delete":     naming((*change).deleteTask),
	"note_add":        making((*change).addNote, func(n Note) string { return n.ID }),
	"note_update":     changing((*change).updateNote),
	"note_delete":     naming((*change).deleteNote),
	"section_add":     making((*change).addSection, func(v Section) string { return v.ID }),
	"section_update":  changing((*change).updateSection),
	"section_delete":  naming((*change).deleteSection),
	"project_add":     making((*change).addProject, func(v Project) string { return v.ID }),
	"project_update":  changing((*change).updateProject),
	"label_add":       making((*change).addLabel, func(v Label) string { return v.ID }),
	"label_update":    changing((*change).updateLabel),
	"label_delete":    naming((*change).deleteLabel),
}

type operation = func(*change, json.RawMessage) (string, error)

func making[A, V any](op func(*change, A) (V, error), id func(V) string) operation {
	return func(c *change, raw json.RawMessage) (string, error) {
		var a A
		if err := readArgs(raw, &a); err != nil {
			return "", err
		}
		v, err := op(c, a)
		if err != nil {
			return "", err
		}
		return id(v), nil
	}
}

func changing[A, V any](op func(*change, A) (V, error)) operation {
	return func(c *change, raw json.RawMessage) (string, error) {
		var a A
		if err := readArgs(raw, &a); err != nil {
			return "", err
		}
		_, err := op(c, a)
		return "", err
	}
}

func naming(op func(*change, string) error) operation {
	return func(c *change, raw json.RawMessage) (string, error) {
		var a struct {
			ID string `json:"id"`
		}
		if err := readArgs(raw, &a); err != nil {
			return "", err
		}
		if a.ID == "" {
			return "", errMissing("id")
		}
		return "", op(c, a.ID)
	}
}

func readArgs(raw json.RawMessage, into any) error {
	err := json.Unmarshal(raw, into)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return errInvalid(wrong.Field, "wrong type")
	}
	if err != nil {
		return errInvalid("args", "cannot be read")
	}
	return nil
}
