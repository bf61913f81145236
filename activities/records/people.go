package records

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"strings"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/store"
)

// inviteLife is how long an invite can be used.
const inviteLife = 7 * 24 * time.Hour

// InviteAgent makes an invite for one agent and sends its link to the turn's chat. The code is in that message alone:
// neither the answer nor the records hold it.
func (r *Records) InviteAgent(ctx context.Context, turn chat.Turn, _ struct{}) (struct{}, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (struct{}, error) {
		none := struct{}{}
		if d.by.Role != people.Owner {
			return none, fault.New(fault.Forbidden, "people.owners_only")
		}
		username, err := tx.BotUsername(ctx, turn.Bot)
		if err != nil {
			return none, err
		}
		code := rand.Text()
		invite := people.Invite{Role: people.Agent, Expires: d.at.Add(inviteLife), MaxUses: 1}
		if err := tx.AddInvite(ctx, d.workspace, hash(code), invite, d.by.ID); err != nil {
			return none, err
		}
		if err := tx.Audit(ctx, store.Change{
			Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: "people.invite", About: people.About(d.by.ID), After: invite,
		}); err != nil {
			return none, err
		}
		link := "https://t.me/" + username + "?start=inv_" + code
		return none, r.enqueue(ctx, tx, turn.Bot, chat.Outgoing{
			Key: turn.Op + ":invite", Chat: turn.Chat,
			Message: chat.Message{Text: chat.T("people.invite", "Link", link, "Expires", invite.Expires)},
		})
	})
}

// Accepted is what came of opening an invite's link.
type Accepted struct {
	Role    people.Role `json:"role"`    // that the person has now
	Already bool        `json:"already"` // they had it before: the invite is not used up
}

// AcceptInvite gives the turn's person the role of the invite with this code. An invite that is unknown, used up or
// expired is refused.
func (r *Records) AcceptInvite(ctx context.Context, turn chat.Turn, code string) (Accepted, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (Accepted, error) {
		if d.by.Role.Staff() { // an invite only ever makes agents
			return Accepted{Role: d.by.Role, Already: true}, nil
		}
		invite, err := tx.UseInvite(ctx, d.workspace, hash(code), d.at)
		if err != nil {
			return Accepted{}, err
		}
		if err := tx.SetRole(ctx, d.workspace, d.by.ID, invite.Role); err != nil {
			return Accepted{}, err
		}
		return Accepted{Role: invite.Role}, tx.Audit(ctx, store.Change{
			Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: "people.join", About: people.About(d.by.ID),
			Before: map[string]people.Role{"role": d.by.Role}, After: map[string]people.Role{"role": invite.Role},
		})
	})
}

func hash(code string) []byte {
	sum := sha256.Sum256([]byte(strings.TrimSpace(code)))
	return sum[:]
}
