package records

import (
	"cmp"
	"context"
	"slices"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/store"
)

// Collaborator is somebody on the board.
type Collaborator struct {
	UID  string `json:"uid"`
	Name string `json:"name"`
}

// Collaborators gives the people on the board, by name, for one of staff to say who of them they are.
func (r *Records) Collaborators(ctx context.Context, turn chat.Turn, _ struct{}) ([]Collaborator, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) ([]Collaborator, error) {
		if !d.by.Role.Staff() {
			return nil, fault.New(fault.Forbidden, "ticket.staff_only")
		}
		at, err := tx.Board(ctx, d.workspace)
		if err != nil {
			return nil, err
		}
		if at == nil || len(at.People) == 0 {
			return nil, fault.New(fault.Unavailable, "board.none")
		}
		all := make([]Collaborator, 0, len(at.People))
		for uid, name := range at.People {
			all = append(all, Collaborator{UID: uid, Name: name})
		}
		slices.SortFunc(all, func(a, b Collaborator) int {
			return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.UID, b.UID))
		})
		return all, nil
	})
}

// SetBoardUID says which collaborator the turn's person is, "" for none, and gives the collaborator's name. One whom
// somebody else is already is a Conflict.
func (r *Records) SetBoardUID(ctx context.Context, turn chat.Turn, uid string) (string, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (string, error) {
		if !d.by.Role.Staff() {
			return "", fault.New(fault.Forbidden, "ticket.staff_only")
		}
		at, err := tx.Board(ctx, d.workspace)
		if err != nil {
			return "", err
		}
		if at == nil || (uid != "" && at.People[uid] == "") {
			return "", fault.New(fault.NotFound, "board.none")
		}
		other, err := tx.PersonByBoard(ctx, d.workspace, uid)
		if err == nil && other.ID != d.by.ID {
			return "", fault.New(fault.Conflict, "board.somebody_else", "Name", other.Name)
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return "", err
		}
		if err := tx.SetBoardUID(ctx, d.workspace, d.by.ID, uid); err != nil {
			return "", err
		}
		return at.People[uid], tx.Audit(ctx, store.Change{
			Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: "people.board", About: people.About(d.by.ID),
			Before: d.by.BoardUID, After: uid,
		})
	})
}
