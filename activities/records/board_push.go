package records

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"quaydesk/activities/todoist"
	"quaydesk/domain/board"
	"quaydesk/domain/ticket"
	"quaydesk/store"
)

// finish ends what an earlier sync began and did not see the end of: the commands are the same as then, so that
// nothing is done twice.
func (s *syncing) finish(ctx context.Context) error {
	if s.link == nil {
		return nil
	}
	if s.link.Task == "" {
		if err := s.make(ctx); err != nil {
			return err
		}
	}
	if s.link.Pushing != nil {
		if err := s.send(ctx); err != nil {
			return err
		}
	}
	return s.finishNotes(ctx)
}

// create makes the ticket's task, if there is none. Whoever was quick enough to touch it before we knew its id is
// found by the look that follows.
func (s *syncing) create(ctx context.Context) error {
	if s.link != nil {
		return nil
	}
	link := store.BoardTask{Ticket: s.ticket.ID, Workspace: s.ticket.Workspace, Looked: -1}
	err := s.records.store.Tx(ctx, func(tx *store.Tx) error {
		first, err := tx.FirstComment(ctx, s.ticket.Workspace, s.ticket.ID)
		if err != nil {
			return err
		}
		open := s.ticket
		if open.State == ticket.Closed { // it is closed once all is there
			open.State = ticket.New
		}
		want, err := s.want(ctx, tx, open, board.State{})
		if err != nil {
			return err
		}
		want.Title, want.Description = board.Title(open), board.Description(open, first)
		link.Pushing = &want
		return tx.SaveBoardTask(ctx, &link)
	})
	if err != nil {
		return err
	}
	s.link = &link
	return s.make(ctx)
}

// make has Todoist make the task as link.Pushing says, and keeps its id.
func (s *syncing) make(ctx context.Context) error {
	p := *s.link.Pushing
	args := map[string]any{
		"project_id": s.board.Project, "section_id": p.Section, "content": p.Title, "description": p.Description,
		"labels": []string{string(s.ticket.Category)},
	}
	if p.Assignee != "" {
		args["responsible_uid"] = p.Assignee
	}
	ids, err := s.api.Do(ctx, todoist.Command{
		Type: "item_add", UUID: s.uuid("task:%d", s.ticket.ID), TempID: "task", Args: args,
	})
	if todoist.Refused(err) && !todoist.Gone(err) && p.Assignee != "" { // no longer a collaborator
		s.link.Pushing.Assignee = ""
		if err := s.save(ctx); err != nil {
			return err
		}
		return s.make(ctx)
	}
	if todoist.Gone(err) && s.section(p.Section) != p.Section { // the section that was meant is not there any more
		s.link.Pushing.Section = s.section(p.Section)
		if err := s.save(ctx); err != nil {
			return err
		}
		return s.make(ctx)
	}
	if err != nil {
		return err
	}
	id := ids["task"]
	if id == "" {
		if id, err = s.findTask(ctx); err != nil {
			return err
		}
	}
	if id == "" {
		return s.detach(ctx)
	}
	s.link.Task, s.link.Seen, s.link.Pushing = id, p, nil
	s.kept++
	return s.save(ctx)
}

// section gives a section, or the one for new tickets when it is none of ours (any more).
func (s *syncing) section(id string) string {
	if _, ours := s.board.Sections.Of(id); ours {
		return id
	}
	return s.board.Sections[ticket.New]
}

// clockSkew is how far Todoist's clock may be from ours.
const clockSkew = time.Hour

// findTask finds the task that we made, completed or not, when Todoist says that it was made and not under which id; ""
// when somebody has deleted it. People may have changed its words, so that the ticket's number has to do, in a task that
// is no older than the ticket: another database's numbers may stand on the same board.
func (s *syncing) findTask(ctx context.Context) (string, error) {
	tasks, err := s.api.Tasks(ctx, s.board.Project)
	if err != nil {
		return "", err
	}
	done, err := s.api.Completed(ctx, s.board.Project, now().Add(clockSkew))
	if err != nil {
		return "", err
	}
	for _, t := range append(tasks, done...) {
		if numbered(t, s.ticket.Number) && !t.AddedAt.Before(s.ticket.Created.Add(-clockSkew)) {
			return t.ID, nil
		}
	}
	return "", nil
}

// numbered tells whether a task has a ticket's number, before its title or in its description.
func numbered(t todoist.Task, number int) bool {
	n := "#" + strconv.Itoa(number)
	return t.Content == n || strings.HasPrefix(t.Content, n+" ") ||
		slices.Contains(strings.Split(t.Description, "\n"), "Ticket "+n)
}

// pushState sets on the board what changed at the desk.
func (s *syncing) pushState(ctx context.Context) error {
	nothing := false
	err := s.records.store.Tx(ctx, func(tx *store.Tx) error {
		t, err := tx.Ticket(ctx, s.ticket.Workspace, s.ticket.ID)
		if err != nil {
			return err
		}
		first, err := tx.FirstComment(ctx, t.Workspace, t.ID)
		if err != nil {
			return err
		}
		want, err := s.want(ctx, tx, t, s.link.Seen)
		if err != nil {
			return err
		}
		want.Title, want.Description = board.Title(t), board.Description(t, first)
		nothing = want == s.link.Seen
		switch {
		case nothing && s.link.PushedVersion == s.noted:
			return nil
		case nothing:
			s.link.PushedVersion = s.noted
		default:
			s.link.Pushing, s.link.PushingVersion = &want, s.noted
		}
		return tx.SaveBoardTask(ctx, s.link)
	})
	if err != nil || nothing {
		return err
	}
	return s.send(ctx)
}

// send sets link.Pushing on the board and keeps that it stands there now. Where Todoist refuses, what it has instead is
// kept; a section that is gone is an error all the same, so that it is made again.
func (s *syncing) send(ctx context.Context) error {
	p := *s.link.Pushing
	var refused error
	if commands := s.commands(s.link.Seen, p); len(commands) > 0 {
		_, refused = s.api.Do(ctx, commands...)
	}
	if refused != nil {
		if !todoist.Refused(refused) {
			return refused
		}
		task, err := s.api.Task(ctx, s.link.Task)
		if err != nil {
			return err
		}
		s.log.Error("the board refused a change", slog.Int64("ticket", s.ticket.ID), slog.Any("error", refused))
		p.Section, p.Assignee, p.Checked = task.SectionID, task.ResponsibleUID, task.Checked
		if todoist.Gone(refused) {
			p.Agreed = ""
		}
	}
	s.link.Seen, s.link.Pushing, s.link.PushedVersion = p, nil, s.link.PushingVersion
	s.kept++
	if err := s.save(ctx); err != nil {
		return err
	}
	if todoist.Gone(refused) {
		return refused
	}
	return nil
}

// commands gives what leads from one state of the task to another. A completed task is opened before anything else
// and completed after everything else.
func (s *syncing) commands(from, to board.State) []todoist.Command {
	var all []todoist.Command
	add := func(kind string, args map[string]any) {
		args["id"] = s.link.Task
		all = append(all, todoist.Command{
			Type: kind, UUID: s.uuid("task:%d:%d:%s", s.ticket.ID, s.link.Version, kind), Args: args,
		})
	}
	if from.Checked && !to.Checked {
		add("item_uncomplete", map[string]any{})
	}
	update := map[string]any{}
	if from.Title != to.Title {
		update["content"] = to.Title
	}
	if from.Description != to.Description {
		update["description"] = to.Description
	}
	if from.Assignee != to.Assignee {
		update["responsible_uid"] = nil
		if to.Assignee != "" {
			update["responsible_uid"] = to.Assignee
		}
	}
	if len(update) > 0 {
		add("item_update", update)
	}
	if from.Section != to.Section && to.Section != "" {
		add("item_move", map[string]any{"section_id": to.Section})
	}
	if !from.Checked && to.Checked {
		add("item_close", map[string]any{})
	}
	return all
}
