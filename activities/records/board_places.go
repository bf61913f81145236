package records

import (
	"context"
	"errors"
	"fmt"

	"quaydesk/activities/todoist"
	"quaydesk/domain/board"
	"quaydesk/domain/ticket"
	"quaydesk/store"
)

const (
	projectName = "Quaydesk"
	placeTries  = 5 // one for each time that people deleted what we made before
)

// places makes the board's project and sections as far as they are missing, and keeps where they are.
func (b *Board) places(ctx context.Context, at *store.Board) error {
	complete := at.Project != ""
	for _, n := range board.Names {
		complete = complete && at.Sections[n.State] != ""
	}
	if complete {
		return nil
	}
	if at.Project == "" {
		project, err := b.makeProject(ctx, *at)
		if err != nil {
			return err
		}
		at.Project = project
	}
	sections, err := b.makeSections(ctx, *at)
	if err != nil {
		return err
	}
	at.Sections = sections
	return b.records.store.Tx(ctx, func(tx *store.Tx) error { return tx.SetBoardPlaces(ctx, *at) })
}

func (b *Board) makeProject(ctx context.Context, at store.Board) (string, error) {
	for try := range placeTries {
		ids, err := b.api.Do(ctx, todoist.Command{
			Type: "project_add", UUID: commandUUID(at, fmt.Sprintf("project:%d", try)), TempID: "project",
			Args: map[string]any{"name": projectName, "view_style": "board"},
		})
		if err != nil {
			return "", err
		}
		if err := b.api.Project(ctx, ids["project"]); !todoist.Gone(err) {
			return ids["project"], err
		}
	}
	return "", errors.New("todoist: the project is gone whenever it is made")
}

// makeSections finds the states' sections by their names, and makes those that are not there. A command's uuid that was
// used before makes nothing, so a section that was made and deleted again takes another try.
func (b *Board) makeSections(ctx context.Context, at store.Board) (board.Sections, error) {
	for try := range placeTries {
		there, err := b.api.Sections(ctx, at.Project)
		if err != nil {
			return nil, err
		}
		found := map[string]string{}
		for _, s := range there {
			if !s.IsArchived && !s.IsDeleted && found[s.Name] == "" {
				found[s.Name] = s.ID
			}
		}
		sections := board.Sections{}
		var commands []todoist.Command
		for _, n := range board.Names {
			if id := found[n.Name]; id != "" {
				sections[n.State] = id
				continue
			}
			commands = append(commands, todoist.Command{
				Type: "section_add", UUID: commandUUID(at, fmt.Sprintf("section:%s:%s:%d", at.Project, n.State, try)),
				TempID: "section-" + string(n.State), Args: map[string]any{"project_id": at.Project, "name": n.Name},
			})
		}
		if len(commands) == 0 {
			return sections, nil
		}
		if _, err := b.api.Do(ctx, commands...); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("todoist: the sections are gone whenever they are made")
}

// lose forgets a section that is gone, and tells whether it was one of ours.
func lose(sections map[ticket.State]string, id string) bool {
	for state, section := range sections {
		if section == id {
			delete(sections, state)
			return true
		}
	}
	return false
}
