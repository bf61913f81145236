package records

import (
	"context"
	"fmt"
	"strings"

	"quaydesk/domain/chat"
	"quaydesk/domain/ticket"
	"quaydesk/store"
)

// Who is told what about a ticket. The messages' keys say what they are, so that they can be found and changed:
//
//	ticket:<id>:notice:<since>:<n>:<chat>  to all staff while a ticket is new since then (Unix ms): 0 its notice, n a reminder
//	ticket:<id>:notice:v<version>:<chat>   the card of somebody who got it some other way than by a notice
//	comment:<id>:<chat>                    a comment as passed on

func noticePrefix(t ticket.Ticket) string { return ticket.About(t.ID) + ":notice:" }

// episode is the prefix of the notices of a ticket that is new.
func episode(t ticket.Ticket) string {
	return fmt.Sprintf("%s%d:", noticePrefix(t), t.Since.UnixMilli())
}

func noticeKey(t ticket.Ticket, n int, chat int64) string {
	return fmt.Sprintf("%s%d:%d", episode(t), n, chat)
}

func cardKey(t ticket.Ticket, chat int64) string {
	return fmt.Sprintf("%sv%d:%d", noticePrefix(t), t.Version, chat)
}

func copyKey(c ticket.Comment, chat int64) string {
	return fmt.Sprintf("%s:%d", ticket.Part(c.ID), chat)
}

// telling is what tell must know besides the ticket before and after.
type telling struct {
	fresh    bool // the new assignee gets a new card even if a notice can become one
	answered bool // the organizer is told of the assignee by the answer itself
}

// tell tells everybody concerned what became of a ticket, but for who did it.
func (r *Records) tell(ctx context.Context, tx *store.Tx, d deed, before, after ticket.Ticket, how telling) error {
	first, err := tx.FirstComment(ctx, d.workspace, after.ID)
	if err != nil {
		return err
	}
	if err := r.tellOrganizer(ctx, tx, d, before, after, how); err != nil {
		return err
	}
	if err := r.tellFormer(ctx, tx, d, before, after, first); err != nil {
		return err
	}
	carded := int64(0) // the chat whose notice became its assignee's card
	if before.State == ticket.New && after.State != ticket.New {
		copies, err := tx.Copies(ctx, after.Bot, episode(before))
		if err != nil {
			return err
		}
		out := restated(d, after, first, copies)
		for i := range out {
			if after.Assignee == nil || out[i].Chat != after.Assignee.Telegram {
				continue
			}
			if carded = out[i].Chat; how.fresh {
				carded, out[i].Message.Buttons = 0, nil
			}
		}
		if err := r.enqueue(ctx, tx, after.Bot, out...); err != nil {
			return err
		}
	}
	if before.State != ticket.New && after.State == ticket.New {
		return r.noticeAll(ctx, tx, after)
	}
	if gained(before, after) {
		return r.tellAssignee(ctx, tx, d, before, after, first, carded)
	}
	return nil
}

// gained tells whether somebody has the ticket who did not have it open before.
func gained(before, after ticket.Ticket) bool {
	return after.State != ticket.Closed && after.Assignee != nil &&
		(before.State == ticket.Closed || before.Assignee == nil || *before.Assignee != *after.Assignee)
}

func (r *Records) tellOrganizer(ctx context.Context, tx *store.Tx, d deed, before, after ticket.Ticket, how telling) error {
	if d.is(after.Organizer) {
		return nil
	}
	news := ""
	switch {
	case before.State != ticket.Closed && after.State == ticket.Closed:
		news = "ticket.news.closed"
	case before.State == ticket.Closed && after.State != ticket.Closed:
		news = "ticket.news.reopened"
	case before.State != ticket.New && after.State == ticket.New:
		news = "ticket.news.released"
	case gained(before, after) && !how.answered:
		news = "ticket.news.taken"
	default:
		return nil
	}
	return r.enqueue(ctx, tx, after.Bot, chat.Outgoing{
		Key: d.op + ":organizer", Chat: after.Chat, About: ticket.About(after.ID), Message: after.News(news, d.party()),
	})
}

// tellFormer tells who had the ticket until now that they have it no more, by words if another did it, and in any case
// by their card.
func (r *Records) tellFormer(ctx context.Context, tx *store.Tx, d deed, before, after ticket.Ticket, first ticket.Comment) error {
	had := before.Assignee
	if had == nil || had.Telegram == 0 || before.State == ticket.Closed {
		return nil
	}
	news := ""
	switch {
	case after.State == ticket.Closed:
		news = "ticket.news.closed"
	case after.Assignee == nil:
		news = "ticket.news.taken_back"
	case *after.Assignee != *had:
		news = "ticket.news.given_away"
	default:
		return nil
	}
	var out []chat.Outgoing
	if !d.is(*had) {
		out = append(out, chat.Outgoing{
			Key: d.op + ":former", Chat: had.Telegram, About: ticket.About(after.ID), Message: after.News(news, d.party()),
		})
	}
	copies, err := tx.Copies(ctx, after.Bot, noticePrefix(after))
	if err != nil {
		return err
	}
	var last []store.Copy
	for _, c := range copies {
		if c.Chat == had.Telegram {
			last = []store.Copy{c}
		}
	}
	return r.enqueue(ctx, tx, after.Bot, append(out, restated(d, after, first, last)...)...)
}

// tellAssignee gives who has the ticket from now on its card, unless a notice in the chat carded became one, and all
// that was said on it.
func (r *Records) tellAssignee(ctx context.Context, tx *store.Tx, d deed, before, after ticket.Ticket, first ticket.Comment, carded int64) error {
	to := after.Assignee
	if to.Telegram == 0 {
		return nil
	}
	var out []chat.Outgoing
	if !d.is(*to) {
		news := "ticket.news.given"
		if before.State == ticket.Closed {
			news = "ticket.news.reopened"
		}
		out = append(out, chat.Outgoing{Key: d.op + ":given", Message: after.News(news, d.party())})
	}
	if carded != to.Telegram {
		out = append(out, chat.Outgoing{Key: cardKey(after, to.Telegram), Message: after.Notice(first, to.ID)})
	}
	comments, err := tx.Comments(ctx, d.workspace, after.ID)
	if err != nil {
		return err
	}
	for _, c := range comments {
		if c.ID != first.ID && c.Side != ticket.Note && !c.Withdrawn() && c.Author.ID != to.ID {
			out = append(out, chat.Outgoing{Key: copyKey(c, to.Telegram), Message: after.Copy(c, false)})
		}
	}
	for i := range out {
		out[i].Chat, out[i].About = to.Telegram, ticket.About(after.ID)
	}
	return r.enqueue(ctx, tx, after.Bot, out...)
}

// noticeAll tells all staff of a ticket that is new, but for its organizer.
func (r *Records) noticeAll(ctx context.Context, tx *store.Tx, t ticket.Ticket) error {
	first, err := tx.FirstComment(ctx, t.Workspace, t.ID)
	if err != nil {
		return err
	}
	return r.toStaff(ctx, tx, t, t.Organizer.ID, func(reader int64) chat.Outgoing {
		return chat.Outgoing{Key: noticeKey(t, 0, reader), Message: t.Notice(first, 0)}
	})
}

// toStaff sends something about a ticket to all staff, but for one.
func (r *Records) toStaff(ctx context.Context, tx *store.Tx, t ticket.Ticket, except int64, word func(chat int64) chat.Outgoing) error {
	staff, err := tx.Staff(ctx, t.Workspace)
	if err != nil {
		return err
	}
	var out []chat.Outgoing
	for _, p := range staff {
		if p.ID != except {
			o := word(p.Telegram)
			o.Chat, o.Lang, o.About = p.Telegram, p.Lang, ticket.About(t.ID)
			out = append(out, o)
		}
	}
	return r.enqueue(ctx, tx, t.Bot, out...)
}

// restated are the edits that bring notices and cards to what the ticket is now. Of those in one chat only the last keeps
// buttons.
func restated(d deed, t ticket.Ticket, first ticket.Comment, copies []store.Copy) []chat.Outgoing {
	last := map[int64]string{}
	for _, c := range copies {
		last[c.Chat] = c.Key
	}
	var out []chat.Outgoing
	for _, c := range copies {
		reader := int64(0)
		if t.Assignee != nil && t.Assignee.Telegram == c.Chat {
			reader = t.Assignee.ID
		}
		shown := first
		if isReminder(t, c.Key) { // the notice above it has all of the words and the files
			shown = ticket.Comment{Text: t.Subject}
		}
		m := t.Notice(shown, reader)
		if last[c.Chat] != c.Key || t.State == ticket.New && !strings.HasPrefix(c.Key, episode(t)) {
			m.Buttons = nil
		}
		out = append(out, edited(d, t, c, m))
	}
	return out
}

// edited is the edit of a message about a ticket that was sent.
func edited(d deed, t ticket.Ticket, c store.Copy, m chat.Message) chat.Outgoing {
	return chat.Outgoing{Key: d.op + ":" + c.Key, Edits: c.Key, Chat: c.Chat, About: ticket.About(t.ID), Message: m}
}

// isReminder tells whether a notice's key is that of a reminder.
func isReminder(t ticket.Ticket, key string) bool {
	parts := strings.Split(strings.TrimPrefix(key, noticePrefix(t)), ":")
	return len(parts) == 3 && parts[1] != "0"
}

// passOn sends a new comment to whom it concerns.
func (r *Records) passOn(ctx context.Context, tx *store.Tx, d deed, t ticket.Ticket, c ticket.Comment) error {
	if c.Side == ticket.Note {
		return nil
	}
	var out []chat.Outgoing
	if c.Side == ticket.FromAgent && !d.is(t.Organizer) {
		out = append(out, chat.Outgoing{Key: copyKey(c, t.Chat), Chat: t.Chat, Message: t.Copy(c, true)})
	}
	switch {
	case t.Assignee == nil && c.Side == ticket.FromOrganizer:
		return r.toStaff(ctx, tx, t, t.Organizer.ID, func(reader int64) chat.Outgoing {
			return chat.Outgoing{Key: copyKey(c, reader), Message: t.Copy(c, false)}
		})
	case t.Assignee != nil && t.Assignee.Telegram != 0 && !d.is(*t.Assignee):
		out = append(out, chat.Outgoing{Key: copyKey(c, t.Assignee.Telegram), Chat: t.Assignee.Telegram, Message: t.Copy(c, false)})
	}
	for i := range out {
		out[i].About = ticket.About(t.ID)
	}
	return r.enqueue(ctx, tx, t.Bot, out...)
}

// passOnEdit changes a comment wherever it was passed on to. The first comment stands in the notices.
func (r *Records) passOnEdit(ctx context.Context, tx *store.Tx, d deed, t ticket.Ticket, c ticket.Comment, isFirst bool) error {
	copies, err := tx.Copies(ctx, t.Bot, ticket.Part(c.ID)+":")
	if err != nil {
		return err
	}
	var out []chat.Outgoing
	for _, sent := range copies {
		forOrganizer := c.Side == ticket.FromAgent && sent.Chat == t.Chat
		out = append(out, edited(d, t, sent, t.Copy(c, forOrganizer)))
	}
	if !isFirst {
		return r.enqueue(ctx, tx, t.Bot, out...)
	}
	notices, err := tx.Copies(ctx, t.Bot, noticePrefix(t))
	if err != nil {
		return err
	}
	shown := map[int64]store.Copy{} // by chat, the last that shows the words
	var chats []int64
	for _, n := range notices {
		if t.State == ticket.New && isReminder(t, n.Key) {
			continue
		}
		if _, ok := shown[n.Chat]; !ok {
			chats = append(chats, n.Chat)
		}
		shown[n.Chat] = n
	}
	var last []store.Copy
	for _, id := range chats {
		last = append(last, shown[id])
	}
	return r.enqueue(ctx, tx, t.Bot, append(out, restated(d, t, c, last)...)...)
}
