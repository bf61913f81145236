// Package people holds who may do what: roles, persons and invites of a workspace.
package people

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
)

// Role is what a person is in a workspace.
type Role string

// The roles, strongest first. Who may do what stands in permission.go.
const (
	Owner      Role = "owner"      // named by the settings; may do everything
	Manager    Role = "manager"    // watches over it all
	Accountant Role = "accountant" // bills
	Dispatcher Role = "dispatcher" // works the gate of the terminal that is their post
	Agent      Role = "agent"      // works on tickets
	Client     Role = "client"     // anyone else who writes to a bot; files tickets
)

// Roles lists them, strongest first.
var Roles = []Role{Owner, Manager, Accountant, Dispatcher, Agent, Client}

// Staff tells whether the role works on tickets.
func (r Role) Staff() bool { return r == Owner || r == Manager || r == Agent }

// Member tells whether the role works here at all.
func (r Role) Member() bool { return r != Client }

// May tells whether the role has a permission.
func (r Role) May(p Permission) bool { return slices.Contains(may[p], r) }

// PostNoun is what a role holds at: a dispatcher's is a terminal, that of a client's or line's own person a company; ""
// for a role that holds everywhere.
func (r Role) PostNoun() string {
	switch r {
	case Dispatcher:
		return "terminal"
	case Client:
		return "company"
	}
	return ""
}

// CheckPost says whether a role can hold at a post: nil, or a fault. Only a client may be without one where there could
// be one.
func (r Role) CheckPost(post string) error {
	noun := r.PostNoun()
	switch at, _, _ := strings.Cut(post, ":"); {
	case !slices.Contains(Roles, r):
		return fault.New(fault.Invalid, "people.no_such_role")
	case post == "" && r == Dispatcher:
		return fault.New(fault.Invalid, "people.needs_terminal")
	case post != "" && noun == "":
		return fault.New(fault.Invalid, "people.no_post")
	case post != "" && noun != at && r == Dispatcher:
		return fault.New(fault.Invalid, "people.needs_terminal")
	case post != "" && noun != at:
		return fault.New(fault.Invalid, "people.needs_company")
	}
	return nil
}

// Label gives the role's name.
func (r Role) Label() chat.Text { return chat.T("people.role." + string(r)) }

// RoleAt names a role and the place it holds at, if it does not hold everywhere.
func RoleAt(r Role, place string) chat.Text {
	if place == "" {
		return r.Label()
	}
	return chat.T("people.role_at", "Role", r.Label(), "Place", place)
}

// Person is somebody known in a workspace.
type Person struct {
	ID        int64  `json:"id"`
	Workspace int64  `json:"workspace"`
	Telegram  int64  `json:"telegram"` // Telegram user id, which is also the id of the private chat
	Name      string `json:"name"`
	Role      Role   `json:"role"`
	Post      string `json:"post,omitempty"`      // where the role holds: "terminal:3" of a dispatcher, "company:5" of a client's or line's own man; "" everywhere
	Lang      string `json:"lang"`                // "en" or "ru"
	BoardUID  string `json:"board_uid,omitempty"` // the collaborator this person is on the board; "" when none
}

// About names a person in the audit log: "person:<id>".
func About(id int64) string { return "person:" + strconv.FormatInt(id, 10) }

// Post makes a post of a noun and an id: "terminal:3".
func Post(noun string, id int64) string { return noun + ":" + strconv.FormatInt(id, 10) }

// PostOf gives the id of the person's post, if it is such a noun's; else 0.
func (p Person) PostOf(noun string) int64 {
	name, id, _ := strings.Cut(p.Post, ":")
	if name != noun {
		return 0
	}
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Language gives the language of ours for an IETF tag of Telegram's: Russian for ru and its kin that read it by
// custom of the product's users (uk, be, kk), else English.
func Language(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch base {
	case "ru", "uk", "be", "kk":
		return "ru"
	}
	return "en"
}

// Invite lets whoever opens its link take a role, as often as MaxUses says, until Expires (UTC).
type Invite struct {
	Role    Role      `json:"role"`
	Post    string    `json:"post,omitempty"` // as of a Person
	Expires time.Time `json:"expires"`
	MaxUses int       `json:"max_uses"`
	Uses    int       `json:"uses"`
}

// Gives tells whether the invite is of any use to a person: it makes nobody weaker, and no owner anything.
func (i Invite) Gives(p Person) bool {
	return slices.Index(Roles, i.Role) < slices.Index(Roles, p.Role) || i.Role == p.Role && i.Post != p.Post
}

// Link is the address that takes up an invite, by the bot's user name and the invite's code.
func Link(bot, code string) string { return "https://t.me/" + bot + "?start=inv_" + code }

// Check says whether the invite can be used at a moment: nil, or a fault that explains why not.
func (i Invite) Check(now time.Time) error {
	switch {
	case !now.Before(i.Expires):
		return fault.New(fault.Conflict, "people.invite_expired")
	case i.Uses >= i.MaxUses:
		return fault.New(fault.Conflict, "people.invite_used")
	}
	return nil
}
