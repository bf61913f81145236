package records

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"quaydesk/activities/todoist"
	"quaydesk/domain/board"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/ticket"
	"quaydesk/store"
)

const (
	photoLimit  = 10 << 20 // bytes that Telegram shows as a photo
	uploadLimit = 50 << 20 // bytes that a bot can send
	nobody      = "Todoist"
)

// looking is one look at a ticket's task: what stands there now, whatever order the news of it came in.
type looking struct {
	*syncing
	task todoist.Task
}

// look carries out at the desk what people did on the board since the last look, if anything was heard: first what
// they did to the task, then what they said, and closing it last.
func (s *syncing) look(ctx context.Context) error {
	if s.link == nil || s.link.Heard <= s.link.Looked {
		return nil
	}
	task, err := s.api.Task(ctx, s.link.Task)
	if todoist.Gone(err) {
		return s.detach(ctx)
	}
	if err != nil {
		return err
	}
	notes, err := s.api.Notes(ctx, s.link.Task)
	if err != nil {
		return err
	}
	l := &looking{syncing: s, task: task}
	if err := l.follow(ctx, false); err != nil {
		return err
	}
	if err := l.read(ctx, notes); err != nil {
		return err
	}
	return l.follow(ctx, true)
}

// follow carries out the steps that people took with the task, all in one transaction with what was seen: until last,
// those before closing it.
func (l *looking) follow(ctx context.Context, last bool) error {
	link := *l.link
	err := l.records.store.Tx(ctx, func(tx *store.Tx) error {
		link = *l.link
		t, err := tx.LockTicket(ctx, l.ticket.Workspace, l.ticket.ID)
		if err != nil {
			return err
		}
		want, err := l.want(ctx, tx, t, link.Seen)
		if err != nil {
			return err
		}
		now := board.State{
			Section: l.task.SectionID, Assignee: l.task.ResponsibleUID, Checked: l.task.Checked,
			Title: link.Seen.Title, Description: link.Seen.Description,
		}
		for _, step := range board.Steps(t, link.Seen, want, now, l.board.Sections) {
			if step.Event == ticket.Close && !last {
				now.Checked = link.Seen.Checked
				continue
			}
			if t, err = l.carryOut(ctx, tx, t, step); err != nil {
				return err
			}
		}
		link.Seen = board.Seen(t, link.Seen, now, l.board.Sections)
		if last {
			link.Looked = link.Heard
		}
		l.ticket = t
		return tx.SaveBoardTask(ctx, &link)
	})
	if err == nil {
		*l.link = link
		l.kept++
	}
	return err
}

// carryOut does at the desk what somebody did on the board. What the desk refuses leaves it as it was; the board is
// corrected afterwards.
func (l *looking) carryOut(ctx context.Context, tx *store.Tx, t ticket.Ticket, step board.Step) (ticket.Ticket, error) {
	by, to, err := l.who(ctx, tx, step)
	if err != nil {
		return t, err
	}
	d := deed{
		op: fmt.Sprintf("b:%d:%d:%s", t.ID, l.link.Version, step.Event), workspace: t.Workspace, by: by,
		at: now(), source: "board",
	}
	r := l.records
	var after ticket.Ticket
	switch step.Event {
	case ticket.Assign:
		after, err = r.assign(ctx, tx, d, t.ID, ticket.Party{ID: to.ID, Telegram: to.Telegram, Name: to.Name})
	case ticket.Release:
		after, err = r.release(ctx, tx, d, t.ID)
	case ticket.Await:
		after, err = r.await(ctx, tx, d, t.ID)
	case ticket.Resume:
		after, err = r.resume(ctx, tx, d, t.ID)
	case ticket.Close:
		after, err = r.close(ctx, tx, d, t.ID)
	case ticket.Reopen:
		after, err = r.reopen(ctx, tx, d, t.ID)
	default:
		return t, fmt.Errorf("nobody knows how to %q from the board", step.Event)
	}
	if refused := fault.As(err); refused != nil {
		l.log.Info("the desk refused a move on the board", slog.Int64("ticket", t.ID),
			slog.String("event", string(step.Event)), slog.String("reason", refused.Error()))
		return t, nil
	}
	return after, err
}

// who gives the person who took a step, as far as Todoist tells, and whom Assign gives the ticket to.
func (l *looking) who(ctx context.Context, tx *store.Tx, step board.Step) (by, to people.Person, err error) {
	uid, name := "", ""
	switch {
	case step.Event == ticket.Close:
		uid = l.task.CompletedByUID
	case step.UID != "":
		uid = l.task.AssignedByUID
	case step.Section != "":
		own := l.task.AddedByUID // we made the task
		if uid, name, err = tx.BoardMover(ctx, l.ticket.Workspace, l.task.ID, step.Section, own); err != nil {
			return by, to, err
		}
	}
	if by, err = l.person(ctx, tx, uid, name); err != nil {
		return by, to, err
	}
	if step.UID == "" {
		return by, by, nil
	}
	to, err = l.person(ctx, tx, step.UID, "")
	return by, to, err
}

// person gives the person behind a uid, or somebody with a name only. Whoever is on the board works on tickets.
func (l *looking) person(ctx context.Context, tx *store.Tx, uid, name string) (people.Person, error) {
	unknown := people.Person{Workspace: l.ticket.Workspace, Role: people.Agent, Name: nobody}
	for _, n := range []string{name, l.board.People[uid]} {
		if n != "" {
			unknown.Name = n
		}
	}
	if uid == "" {
		return unknown, nil
	}
	p, err := tx.PersonByBoard(ctx, l.ticket.Workspace, uid)
	if fault.Is(err, fault.NotFound) {
		return unknown, nil
	}
	if err == nil && !p.Role.Staff() {
		p.Role = people.Agent
	}
	return p, err
}

// read brings what people wrote on the board to the desk, oldest first, each note in a transaction of its own. Notes
// of ours are known by their ids: what was begun is finished before a look.
func (l *looking) read(ctx context.Context, notes []todoist.Note) error {
	known := map[string]store.BoardNote{}
	err := l.records.store.Tx(ctx, func(tx *store.Tx) error {
		clear(known)
		links, err := tx.BoardNotes(ctx, l.ticket.Workspace, l.ticket.ID)
		for _, n := range links {
			known[n.Note] = n
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, n := range notes {
		link, before := known[n.ID]
		switch {
		case n.IsDeleted || (n.Attachment != nil && n.Attachment.UploadState == "pending"):
		case !before:
			err = l.heard(ctx, n)
		case link.In && link.Content != n.Content:
			err = l.corrected(ctx, link, n)
		}
		if refused := fault.As(err); refused != nil {
			l.log.Warn("the desk refused a note from the board", slog.Int64("ticket", l.ticket.ID),
				slog.String("reason", refused.Error()))
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// heard adds a new note as a comment.
func (l *looking) heard(ctx context.Context, n todoist.Note) error {
	text, side := board.Read(n.Content)
	s := Said{Text: text}
	if n.Attachment != nil {
		l.attach(&s, *n.Attachment)
	}
	if s.Text == "" && len(s.Files) == 0 {
		return nil
	}
	return l.records.store.Tx(ctx, func(tx *store.Tx) error {
		by, err := l.person(ctx, tx, n.PostedUID, "")
		if err != nil {
			return err
		}
		d := deed{op: "b:note:" + n.ID, workspace: l.ticket.Workspace, by: by, at: now(), source: "board"}
		c, _, err := l.records.comment(ctx, tx, d, l.ticket.ID, side, s)
		if err != nil {
			return err
		}
		return tx.SaveBoardNote(ctx, store.BoardNote{
			Comment: c.ID, Workspace: l.ticket.Workspace, Ticket: l.ticket.ID, Note: n.ID, In: true, Content: n.Content,
			PushedVersion: c.Version,
		})
	})
}

// corrected passes on that a note from the board reads differently now. One that was public and is meant for staff by
// now is not passed on, nor the other way round: what was said to whom stays.
func (l *looking) corrected(ctx context.Context, link store.BoardNote, n todoist.Note) error {
	text, side := board.Read(n.Content)
	return l.records.store.Tx(ctx, func(tx *store.Tx) error {
		c, err := tx.Comment(ctx, l.ticket.Workspace, link.Comment)
		if err != nil {
			return err
		}
		link.Content = n.Content
		if side == c.Side && text != "" && text != c.Text {
			d := deed{
				op: fmt.Sprintf("b:note:%s:%d", n.ID, c.Version), workspace: l.ticket.Workspace, at: now(), source: "board",
				by: people.Person{ID: c.Author.ID, Telegram: c.Author.Telegram, Name: c.Author.Name, Role: people.Agent},
			}
			edited, err := l.records.edit(ctx, tx, d, c.ID, 0, text)
			if err != nil {
				return err
			}
			link.PushedVersion = edited.Version
		}
		return tx.SaveBoardNote(ctx, link)
	})
}

// attach adds a note's file to what was said, or a line for one that cannot be passed on.
func (l *looking) attach(s *Said, a todoist.Attachment) {
	name := a.FileName
	if name == "" {
		name = a.ResourceType
	}
	switch {
	case !todoist.NewFiles(l.api).Ours(a.FileURL):
		s.Text = strings.TrimSpace(s.Text + "\n" + name + " " + a.FileURL)
	case a.FileSize > uploadLimit:
		s.Text = strings.TrimSpace(s.Text + "\n" + name + " (Todoist)")
	default:
		s.Files = append(s.Files, chat.File{
			Kind: kindOf(a), Ref: todoist.RefPrefix + a.FileURL, Name: name, Type: a.FileType, Size: a.FileSize,
		})
	}
}

func kindOf(a todoist.Attachment) chat.FileKind {
	kind, _, _ := strings.Cut(a.FileType, "/")
	switch {
	case (a.FileType == "image/jpeg" || a.FileType == "image/png") && a.FileSize <= photoLimit:
		return chat.Photo
	case a.FileType == "video/mp4":
		return chat.Video
	case kind == "audio" && (a.FileType == "audio/mpeg" || a.FileType == "audio/mp4"):
		return chat.Audio
	}
	return chat.Document
}

// now is the present as PostgreSQL keeps it.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
