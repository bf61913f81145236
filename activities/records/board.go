package records

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/google/uuid"

	"quaydesk/activities/todoist"
	"quaydesk/domain/board"
	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/ticket"
	"quaydesk/store"
)

// Files opens files that lie in Telegram.
type Files interface {
	// Open gives the bytes of a file that a bot (our bots.id) was sent, for the caller to close. A fault says that this
	// file can never be had; every other error passes.
	Open(ctx context.Context, bot int64, f chat.File) (io.ReadCloser, error)
}

// Board are the activities that keep the desk and its board in Todoist agreed. Whatever they do they can do again after
// a crash at any point: what is about to be done on the board is written down first, with what makes the uuids of its
// commands, and Todoist carries out no command twice.
type Board struct {
	records *Records
	api     *todoist.Client
	files   Files
	log     *slog.Logger
}

// NewBoard makes the activities. Without a client there is no board, and they do nothing.
func NewBoard(r *Records, api *todoist.Client, files Files, log *slog.Logger) *Board {
	return &Board{records: r, api: api, files: files, log: log}
}

// SyncBoard brings one ticket and its task together: it finishes what was begun, carries out what people did on the
// board, and sets there what changed at the desk. One ticket is synced by one caller at a time. Errors are failures of
// Todoist or of ours, to be tried again.
func (b *Board) SyncBoard(ctx context.Context, id int64) error {
	s, err := b.open(ctx, id)
	if err != nil || s == nil {
		return err
	}
	err = s.sync(ctx)
	if todoist.Refused(err) || todoist.Forbidden(err) {
		b.refused(ctx, s.ticket, err)
	}
	return todoist.ForActivity(err, s.kept > 0)
}

// refused makes known that the board refuses a ticket, which trying again may never change.
func (b *Board) refused(ctx context.Context, t ticket.Ticket, why error) {
	b.log.Error("the board refuses a ticket", slog.Int64("ticket", t.ID), slog.Any("error", why))
	b.fails(ctx, t.Workspace)
}

// fails notes that a board fails.
func (b *Board) fails(ctx context.Context, workspace int64) {
	err := b.records.store.Tx(ctx, func(tx *store.Tx) error { return tx.BoardFails(ctx, workspace) })
	if err != nil {
		b.log.Warn("that the board fails cannot be noted", slog.Any("error", err))
	}
}

func (s *syncing) sync(ctx context.Context) error {
	if err := s.places(ctx, &s.board); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{s.finish, s.look, s.create, s.look, s.pushNotes, s.pushState} {
		if err := step(ctx); err != nil {
			return s.explain(ctx, err)
		}
		if s.link != nil && s.link.Detached {
			return nil
		}
	}
	return nil
}

// syncing is the sync of one ticket.
type syncing struct {
	*Board
	board  store.Board
	ticket ticket.Ticket
	link   *store.BoardTask // nil before the first sync
	noted  int              // version of the ticket whose notes are all on the board
	kept   int              // calls to the board that were done and written down
}

// open gives the sync of a ticket, nil when it has no board, or is detached from it.
func (b *Board) open(ctx context.Context, id int64) (*syncing, error) {
	if b.api == nil {
		return nil, nil
	}
	s := &syncing{Board: b}
	none := false
	err := b.records.store.Tx(ctx, func(tx *store.Tx) error {
		workspace, err := tx.TicketWorkspace(ctx, id)
		if err != nil {
			return err
		}
		there, err := tx.Board(ctx, workspace)
		if err != nil || there == nil {
			none = true
			return err
		}
		s.board = *there
		if s.ticket, err = tx.Ticket(ctx, workspace, id); err != nil {
			return err
		}
		s.link, err = tx.BoardTask(ctx, workspace, id)
		return err
	})
	if err != nil || none || (s.link != nil && s.link.Detached) {
		return nil, err
	}
	return s, nil
}

// save keeps the link.
func (s *syncing) save(ctx context.Context) error {
	return s.records.store.Tx(ctx, func(tx *store.Tx) error { return tx.SaveBoardTask(ctx, s.link) })
}

// explain finds out what an error of Todoist's means for the ticket: a task that is gone detaches it, a section that
// is gone is made again at the next try.
func (s *syncing) explain(ctx context.Context, err error) error {
	if !todoist.Gone(err) {
		return err
	}
	if s.link != nil && s.link.Task != "" {
		if _, taskErr := s.api.Task(ctx, s.link.Task); todoist.Gone(taskErr) {
			return s.detach(ctx)
		}
	}
	s.board.Sections = board.Sections{}
	if saveErr := s.records.store.Tx(ctx, func(tx *store.Tx) error { return tx.SetBoardPlaces(ctx, s.board) }); saveErr != nil {
		return saveErr
	}
	return err
}

// detach lets go of a task that was deleted on the board, with a word to whoever has the ticket, else to all staff. A
// project that cannot be read is an error instead: then nothing is known of its tasks.
func (s *syncing) detach(ctx context.Context) error {
	if err := s.api.Project(ctx, s.board.Project); err != nil {
		return err
	}
	s.link.Detached, s.link.Pushing = true, nil
	return s.records.store.Tx(ctx, func(tx *store.Tx) error {
		if err := tx.SaveBoardTask(ctx, s.link); err != nil {
			return err
		}
		t, err := tx.Ticket(ctx, s.ticket.Workspace, s.ticket.ID)
		if err != nil {
			return err
		}
		if t.State != ticket.Closed && t.Assignee != nil && t.Assignee.ID == 0 { // known on the board only: nobody else would see it
			d := deed{op: fmt.Sprintf("b:%d:detached", t.ID), workspace: t.Workspace, by: people.Person{Name: t.Assignee.Name, Role: people.Agent},
				at: now(), source: "board"}
			if t, err = s.records.release(ctx, tx, d, t.ID); err != nil {
				return err
			}
		}
		staff, err := tx.Staff(ctx, t.Workspace)
		if err != nil {
			return err
		}
		var out []chat.Outgoing
		for _, p := range staff {
			if t.Assignee != nil && t.Assignee.ID != 0 && t.Assignee.ID != p.ID {
				continue
			}
			out = append(out, chat.Outgoing{
				Key: fmt.Sprintf("b:%d:detached:%d", t.ID, p.ID), Chat: p.Telegram, Lang: p.Lang, About: ticket.About(t.ID),
				Message: chat.Message{Text: chat.T("board.detached", "Number", t.Number, "Title", t.Title())},
			})
		}
		return s.records.enqueue(ctx, tx, t.Bot, out...)
	})
}

// want gives how the task should stand, within a transaction.
func (s *syncing) want(ctx context.Context, tx *store.Tx, t ticket.Ticket, seen board.State) (board.State, error) {
	uid := ""
	if t.Assignee != nil && t.Assignee.ID != 0 {
		p, err := tx.Person(ctx, t.Workspace, t.Assignee.ID)
		if err != nil {
			return board.State{}, err
		}
		uid = p.BoardUID
	}
	return board.Want(t, uid, seen, s.board.Sections), nil
}

// uuid names a command: the same thing to do has the same uuid for ever.
func (s *syncing) uuid(format string, args ...any) string {
	return commandUUID(s.board, fmt.Sprintf(format, args...))
}

func commandUUID(b store.Board, name string) string {
	return uuid.NewSHA1(b.Namespace, []byte(name)).String()
}
