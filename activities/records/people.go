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

// How people come to a role and lose it.

// What an invite is unless it is told otherwise, and at the most.
const (
	InviteDays     = 7
	MostInviteDays = 365
	InviteUses     = 1
	MostInviteUses = 1000
)

// Inviting asks for an invite.
type Inviting struct {
	Role people.Role `json:"role"`
	Post string      `json:"post,omitempty"`
	Days int         `json:"days,omitempty"` // it can be used; 0: InviteDays
	Uses int         `json:"uses,omitempty"` // how often; 0: InviteUses
	Code string      `json:"code,omitempty"` // a secret for the link; "": one is made, and the link is sent to the turn's chat
}

// Invited is what came of an Inviting. It does not hold the code, which is in the link alone.
type Invited struct {
	Invite people.Invite `json:"invite"`
	Place  string        `json:"place,omitempty"` // name of the post
	Bot    string        `json:"bot"`             // its user name, for the link
}

// Invite makes an invite. The answer and the records do not hold its code.
func (r *Records) Invite(ctx context.Context, turn chat.Turn, in Inviting) (Invited, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (Invited, error) {
		var out Invited
		if !d.by.Role.MayInvite(in.Role) {
			return out, fault.New(fault.Forbidden, "people.may_not_invite")
		}
		place, err := postName(ctx, tx, d.workspace, in.Role, in.Post)
		if err == nil && in.Role == people.Client && in.Post == "" {
			err = fault.New(fault.Invalid, "people.needs_company") // anybody who writes is a client
		}
		if err != nil {
			return out, err
		}
		days, uses := orElse(in.Days, InviteDays), orElse(in.Uses, InviteUses)
		switch {
		case days < 1 || days > MostInviteDays:
			return out, fault.New(fault.Invalid, "people.invite_days", "Most", MostInviteDays)
		case uses < 1 || uses > MostInviteUses:
			return out, fault.New(fault.Invalid, "people.invite_uses", "Most", MostInviteUses)
		}
		bot, err := tx.BotUsername(ctx, turn.Bot)
		if err != nil {
			return out, err
		}
		code := in.Code
		if code == "" {
			code = rand.Text()
		}
		out = Invited{Place: place, Bot: bot, Invite: people.Invite{
			Role: in.Role, Post: in.Post, Expires: d.at.Add(time.Duration(days) * 24 * time.Hour), MaxUses: uses}}
		if err := tx.AddInvite(ctx, d.workspace, hash(code), out.Invite, d.by.ID); err != nil {
			return out, err
		}
		if err := tx.Audit(ctx, store.Change{
			Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: "people.invite", About: people.About(d.by.ID), After: out.Invite,
		}); err != nil || in.Code != "" {
			return out, err
		}
		return out, r.enqueue(ctx, tx, turn.Bot, chat.Outgoing{
			Key: turn.Op + ":invite", Chat: turn.Chat,
			Message: chat.Message{Text: chat.T("people.invite", "Role", people.RoleAt(in.Role, place), "Count", uses,
				"Expires", out.Invite.Expires, "Link", people.Link(bot, code))},
		})
	})
}

func orElse(given, otherwise int) int {
	if given == 0 {
		return otherwise
	}
	return given
}

// postName checks that a role can hold at a post that the workspace has, and gives the post's name.
func postName(ctx context.Context, tx *store.Tx, workspace int64, role people.Role, post string) (string, error) {
	if err := role.CheckPost(post); err != nil || post == "" {
		return "", err
	}
	id := people.Person{Post: post}.PostOf(role.PostNoun())
	if role == people.Dispatcher {
		t, err := tx.Terminal(ctx, workspace, id)
		return t.Name, err
	}
	c, err := tx.Company(ctx, workspace, id)
	return c.Name, err
}

// Accepted is what came of opening an invite's link.
type Accepted struct {
	Role    people.Role `json:"role"` // that the person has now
	Post    string      `json:"post,omitempty"`
	Place   string      `json:"place,omitempty"` // name of the post
	Already bool        `json:"already"`         // they had it before, or a stronger one: the invite is not used up
}

// AcceptInvite gives the turn's person the role of the invite with this code. An invite that is unknown, used up or
// expired is refused.
func (r *Records) AcceptInvite(ctx context.Context, turn chat.Turn, code string) (Accepted, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (Accepted, error) {
		invite, err := tx.Invite(ctx, d.workspace, hash(code))
		if err != nil {
			return Accepted{}, err
		}
		out := Accepted{Role: d.by.Role, Post: d.by.Post, Already: !invite.Gives(d.by)}
		if !out.Already {
			out.Role, out.Post = invite.Role, invite.Post
			if err := invite.Check(d.at); err != nil {
				return Accepted{}, err
			}
			if err := tx.UseInvite(ctx, d.workspace, hash(code)); err != nil {
				return Accepted{}, err
			}
			if err := r.setRole(ctx, tx, d, "people.join", d.by, out.Role, out.Post); err != nil {
				return Accepted{}, err
			}
		}
		out.Place, err = postName(ctx, tx, d.workspace, out.Role, out.Post)
		return out, err
	})
}

// Membership is the role that somebody is to have.
type Membership struct {
	Person int64       `json:"person"`
	Role   people.Role `json:"role"` // Client: none any more
	Post   string      `json:"post,omitempty"`
}

// SetMembership gives a person of the workspace another role. Owners are those of the settings: nobody becomes one so,
// and no owner loses it; nor does anybody change their own role.
func (r *Records) SetMembership(ctx context.Context, turn chat.Turn, in Membership) (struct{}, error) {
	return desk(ctx, r, turn, func(tx *store.Tx, d deed) (struct{}, error) {
		var none struct{}
		if !d.by.Role.May(people.NameManagers) {
			return none, fault.New(fault.Forbidden, "people.owners_only")
		}
		p, err := tx.Person(ctx, d.workspace, in.Person)
		if err != nil {
			return none, err
		}
		switch {
		case p.ID == d.by.ID:
			return none, fault.New(fault.Conflict, "people.not_yourself")
		case p.Role == people.Owner || in.Role == people.Owner:
			return none, fault.New(fault.Conflict, "people.owners_are_set")
		}
		if _, err := postName(ctx, tx, d.workspace, in.Role, in.Post); err != nil {
			return none, err
		}
		return none, r.setRole(ctx, tx, d, "people.role", p, in.Role, in.Post)
	})
}

// setRole gives somebody another role, if it is one, and writes it down.
func (r *Records) setRole(ctx context.Context, tx *store.Tx, d deed, action string, p people.Person, role people.Role, post string) error {
	if p.Role == role && p.Post == post {
		return nil
	}
	if err := tx.SetRole(ctx, d.workspace, p.ID, role, post); err != nil {
		return err
	}
	return tx.Audit(ctx, store.Change{
		Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: action, About: people.About(p.ID),
		Before: holds(p.Role, p.Post), After: holds(role, post),
	})
}

// holds is a role as the audit log has it.
func holds(role people.Role, post string) map[string]string {
	h := map[string]string{"role": string(role)}
	if post != "" {
		h["post"] = post
	}
	return h
}

func hash(code string) []byte {
	sum := sha256.Sum256([]byte(strings.TrimSpace(code)))
	return sum[:]
}
