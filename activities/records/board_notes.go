package records

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"

	"quaydesk/activities/todoist"
	"quaydesk/domain/board"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/ticket"
	"quaydesk/store"
)

// A comment is one note with its words and first file, and one more note for each further file. The ticket's first
// comment has its words in the task's description, and a note for each file.

// notes gives the ticket's notes, by comment and part.
func (s *syncing) notes(ctx context.Context, tx *store.Tx) (map[[2]int64]store.BoardNote, error) {
	list, err := tx.BoardNotes(ctx, s.ticket.Workspace, s.ticket.ID)
	notes := make(map[[2]int64]store.BoardNote, len(list))
	for _, n := range list {
		notes[[2]int64{n.Comment, int64(n.Part)}] = n
	}
	return notes, err
}

// finishNotes ends what was begun with notes, in order.
func (s *syncing) finishNotes(ctx context.Context) error {
	var begun []store.BoardNote
	err := s.records.store.Tx(ctx, func(tx *store.Tx) error {
		list, err := tx.BoardNotes(ctx, s.ticket.Workspace, s.ticket.ID)
		begun = slices.DeleteFunc(list, func(n store.BoardNote) bool { return n.PushingVersion <= n.PushedVersion })
		return err
	})
	for _, n := range begun {
		if err == nil {
			err = s.sendNote(ctx, n)
		}
	}
	return err
}

// pushNotes brings what was said at the desk to the board, in order.
func (s *syncing) pushNotes(ctx context.Context) error {
	var comments []ticket.Comment
	var notes map[[2]int64]store.BoardNote
	err := s.records.store.Tx(ctx, func(tx *store.Tx) error {
		// Whatever is said later makes a later version than this one, read first.
		t, err := tx.Ticket(ctx, s.ticket.Workspace, s.ticket.ID)
		if err != nil {
			return err
		}
		s.noted = t.Version
		if comments, err = tx.Comments(ctx, s.ticket.Workspace, s.ticket.ID); err != nil {
			return err
		}
		notes, err = s.notes(ctx, tx)
		return err
	})
	for i, c := range comments {
		if err == nil && !notes[[2]int64{c.ID, 0}].In {
			err = s.pushComment(ctx, c, i == 0, notes)
		}
	}
	return err
}

// pushComment brings one comment to the board, with its files or with what became of it since.
func (s *syncing) pushComment(ctx context.Context, c ticket.Comment, first bool, notes map[[2]int64]store.BoardNote) error {
	for part := 0; part == 0 || part < parts(c, first); part++ {
		n, there := notes[[2]int64{c.ID, int64(part)}]
		if !there {
			n = store.BoardNote{Comment: c.ID, Part: part, Workspace: s.ticket.Workspace, Ticket: s.ticket.ID}
		}
		if n.PushedVersion >= c.Version || (there && part > 0) {
			continue
		}
		n.PushingVersion = c.Version
		if first && part == 0 || !there && c.Withdrawn() || there && n.Note == "" { // there is no note to write
			n.PushedVersion = c.Version
			if err := s.saveNote(ctx, n); err != nil {
				return err
			}
			continue
		}
		if err := s.write(ctx, &n, c, first, !there); err != nil {
			return err
		}
		if err := s.saveNote(ctx, n); err != nil {
			return err
		}
		if err := s.sendNote(ctx, n); err != nil {
			return err
		}
	}
	if c.Withdrawn() {
		return s.withdrawFiles(ctx, c, notes)
	}
	return nil
}

// parts is how many notes a comment takes.
func parts(c ticket.Comment, first bool) int {
	if first {
		return 1 + len(c.Files)
	}
	return max(1, len(c.Files))
}

// write words a note, and uploads its file when the note is new.
func (s *syncing) write(ctx context.Context, n *store.BoardNote, c ticket.Comment, first, fresh bool) error {
	if n.Content = board.Note(c); c.Withdrawn() {
		n.Content = "" // see sendNote
		return nil
	}
	file := n.Part
	if first {
		file--
	}
	if n.Part > 0 {
		n.Content = board.Note(ticket.Comment{Author: c.Author, Side: c.Side, Text: c.Files[file].Name})
	}
	if file >= len(c.Files) {
		return nil
	}
	if fresh {
		var err error
		if n.Attachment, err = s.upload(ctx, c.Files[file]); err != nil {
			return err
		}
	}
	if n.Attachment == nil {
		n.Content = strings.TrimSpace(n.Content + "\n" + board.Left(c.Files[file]))
	}
	return nil
}

// upload brings a file from Telegram to Todoist; nil for one that stays where it is.
func (s *syncing) upload(ctx context.Context, f chat.File) (json.RawMessage, error) {
	if f.Size > board.FileLimit {
		return nil, nil
	}
	bytes, err := s.files.Open(ctx, s.ticket.Bot, f)
	if refused := fault.As(err); refused != nil {
		s.log.Warn("a file cannot be brought to the board", slog.Int64("ticket", s.ticket.ID), slog.String("reason", refused.Error()))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer bytes.Close()
	name := f.Name
	if name == "" {
		name = string(f.Kind)
	}
	attachment, err := s.api.Upload(ctx, s.board.Project, name, f.Type, f.Size, bytes)
	if todoist.Refused(err) {
		s.log.Warn("the board refused a file", slog.Int64("ticket", s.ticket.ID), slog.Any("error", err))
		return nil, nil
	}
	return attachment, err
}

// sendNote writes, rewrites or (when there are no words) takes back a note on the board as its link says, and keeps that
// it was done.
func (s *syncing) sendNote(ctx context.Context, n store.BoardNote) error {
	command := todoist.Command{Type: "note_add", UUID: s.uuid("note:%d:%d", n.Comment, n.Part), TempID: "note"}
	command.Args = map[string]any{"item_id": s.link.Task, "content": n.Content}
	switch {
	case n.Note != "" && n.Content == "":
		command = todoist.Command{Type: "note_delete", UUID: s.uuid("note:%d:%d:%d", n.Comment, n.Part, n.PushingVersion)}
		command.Args = map[string]any{"id": n.Note}
	case n.Note != "":
		command = todoist.Command{Type: "note_update", UUID: s.uuid("note:%d:%d:%d", n.Comment, n.Part, n.PushingVersion)}
		command.Args = map[string]any{"id": n.Note, "content": n.Content}
	case n.Attachment != nil:
		command.Args["file_attachment"] = n.Attachment
	}
	ids, err := s.api.Do(ctx, command)
	switch {
	case todoist.Gone(err) && n.Note == "": // the task is gone
		return err
	case todoist.Refused(err): // deleted by somebody, or Todoist will not have it
		s.log.Warn("the board refused a note", slog.Int64("ticket", s.ticket.ID), slog.Any("error", err))
	case err != nil:
		return err
	case n.Note == "":
		if n.Note = ids["note"]; n.Note == "" {
			if n.Note, err = s.findNote(ctx, n); err != nil {
				return err
			}
		}
	}
	n.PushedVersion = n.PushingVersion
	s.kept++
	return s.saveNote(ctx, n)
}

// findNote finds the note that we made, when Todoist says that it was made and not under which id; "" when somebody has
// deleted it.
func (s *syncing) findNote(ctx context.Context, n store.BoardNote) (string, error) {
	there, err := s.api.Notes(ctx, s.link.Task)
	if err != nil {
		return "", err
	}
	known := map[string]bool{}
	err = s.records.store.Tx(ctx, func(tx *store.Tx) error {
		list, err := tx.BoardNotes(ctx, s.ticket.Workspace, s.ticket.ID)
		for _, l := range list {
			known[l.Note] = true
		}
		return err
	})
	if err != nil {
		return "", err
	}
	for _, t := range there {
		if !known[t.ID] && t.Content == n.Content {
			return t.ID, nil
		}
	}
	return "", nil
}

func (s *syncing) saveNote(ctx context.Context, n store.BoardNote) error {
	return s.records.store.Tx(ctx, func(tx *store.Tx) error { return tx.SaveBoardNote(ctx, n) })
}

// withdrawFiles takes back the notes of the further files of a comment that was taken back.
func (s *syncing) withdrawFiles(ctx context.Context, c ticket.Comment, notes map[[2]int64]store.BoardNote) error {
	for _, n := range notes {
		if n.Comment != c.ID || n.Part == 0 || n.Note == "" || n.PushedVersion >= c.Version {
			continue
		}
		n.Content, n.PushingVersion = "", c.Version
		if err := s.saveNote(ctx, n); err != nil {
			return err
		}
		if err := s.sendNote(ctx, n); err != nil {
			return err
		}
	}
	return nil
}
