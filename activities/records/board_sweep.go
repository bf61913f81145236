package records

import (
	"context"
	"slices"

	"quaydesk/activities/todoist"
	"quaydesk/store"
)

// sweepLimit is how many tickets a sweep hands out at most; the next one has the rest.
const sweepLimit = 500

// SweepBoard reads what changed on a workspace's board since the last sweep and keeps which tickets it is about, in the
// transaction that moves the sync token on. It gives the tickets to be synced: all that have something to fetch or to
// bring, whatever came in between.
func (b *Board) SweepBoard(ctx context.Context, workspace int64) ([]int64, error) {
	if b.api == nil {
		return nil, nil
	}
	tickets, err := b.sweep(ctx, workspace)
	if err != nil {
		b.fails(ctx, workspace)
		return nil, todoist.ForActivity(err, false)
	}
	return tickets, nil
}

func (b *Board) sweep(ctx context.Context, workspace int64) ([]int64, error) {
	var at *store.Board
	err := b.records.store.Tx(ctx, func(tx *store.Tx) (err error) {
		at, err = tx.Board(ctx, workspace)
		return err
	})
	if err != nil || at == nil {
		return nil, err
	}
	if err := b.places(ctx, at); err != nil {
		return nil, err
	}
	news, err := b.news(ctx, at.SyncToken)
	if err != nil {
		return nil, err
	}
	var names map[string]string
	if len(news.People) > 0 || news.Full {
		if names, err = b.names(ctx, at.Project); err != nil {
			return nil, err
		}
	}
	var behind []int64
	err = b.records.store.Tx(ctx, func(tx *store.Tx) error {
		first, err := tx.AdvanceBoard(ctx, workspace, at.SyncToken, news.Token)
		if err != nil {
			return err
		}
		if first { // or another sweep kept the same news
			if err := keepNews(ctx, tx, *at, news, names); err != nil {
				return err
			}
		}
		behind, err = tx.BoardBehind(ctx, workspace, sweepLimit)
		return err
	})
	return behind, err
}

// news reads what changed since a sync token, or everything when Todoist does not know the token any more.
func (b *Board) news(ctx context.Context, token string) (todoist.SyncAnswer, error) {
	r := todoist.SyncRequest{Token: token, Resources: []string{"items", "notes", "sections", "collaborators"}}
	answer, err := b.api.Sync(ctx, r)
	if todoist.Refused(err) && token != "*" {
		r.Token = "*"
		return b.api.Sync(ctx, r)
	}
	return answer, err
}

// names gives the collaborators' names by uid: none for a project that is not shared, where Todoist may refuse to say.
func (b *Board) names(ctx context.Context, project string) (map[string]string, error) {
	all, err := b.api.Collaborators(ctx, project)
	if todoist.Refused(err) || todoist.Forbidden(err) {
		err = nil
	}
	names := make(map[string]string, len(all))
	for _, c := range all {
		names[c.ID] = c.Name
	}
	return names, err
}

// keepNews marks the tickets that news is about, forgets sections that are gone, and keeps names if there are any.
func keepNews(ctx context.Context, tx *store.Tx, at store.Board, news todoist.SyncAnswer, names map[string]string) error {
	if names != nil {
		if err := tx.SetBoardPeople(ctx, at.Workspace, names); err != nil {
			return err
		}
	}
	lost := false
	for _, s := range news.Sections {
		if s.IsDeleted || s.IsArchived {
			lost = lose(at.Sections, s.ID) || lost
		}
	}
	if lost {
		if err := tx.SetBoardPlaces(ctx, at); err != nil {
			return err
		}
	}
	heard, err := heardOf(ctx, tx, at.Workspace, news)
	if err != nil || len(heard) == 0 {
		return err
	}
	slices.Sort(heard)
	return tx.BoardHeard(ctx, at.Workspace, slices.Compact(heard))
}

// heardOf gives the tickets that news says something new about; what we did ourselves is nothing new.
func heardOf(ctx context.Context, tx *store.Tx, workspace int64, news todoist.SyncAnswer) ([]int64, error) {
	var tasks, ids []string
	for _, t := range news.Items {
		tasks = append(tasks, t.ID)
	}
	for _, n := range news.Notes {
		tasks, ids = append(tasks, n.ItemID), append(ids, n.ID)
	}
	list, err := tx.BoardTasksOf(ctx, workspace, tasks)
	if err != nil {
		return nil, err
	}
	links := map[string]store.BoardTask{}
	for _, l := range list {
		links[l.Task] = l
	}
	notes, err := tx.BoardNotesOf(ctx, workspace, ids)
	if err != nil {
		return nil, err
	}
	known := map[string]store.BoardNote{}
	for _, n := range notes {
		known[n.Note] = n
	}
	var heard []int64
	open := map[string]bool{}
	for _, t := range news.Items {
		open[t.ID] = true
		if l, ours := links[t.ID]; ours && (t.IsDeleted || !stands(t, l)) {
			heard = append(heard, l.Ticket)
		}
	}
	for _, n := range news.Notes {
		l, ours := links[n.ItemID]
		before, seen := known[n.ID]
		if ours && !n.IsDeleted && (!seen || before.In && before.Content != n.Content) {
			heard = append(heard, l.Ticket)
		}
	}
	if !news.Full {
		return heard, nil
	}
	// A full sync shows what is active only: what is missing was completed or deleted.
	all, err := tx.OpenBoardTasks(ctx, workspace)
	for _, l := range all {
		if !open[l.Task] {
			heard = append(heard, l.Ticket)
		}
	}
	return heard, err
}

// stands tells whether a task is as we know it to be, or as we are about to make it.
func stands(t todoist.Task, l store.BoardTask) bool {
	known := l.Seen
	if l.Pushing != nil {
		known = *l.Pushing
	}
	return t.SectionID == known.Section && t.ResponsibleUID == known.Assignee && t.Checked == known.Checked
}
