// Package people holds who may do what: roles, persons and invites of a workspace.
package people

import (
	"strconv"
	"strings"
	"time"

	"quaydesk/domain/fault"
)

// Role is what a person is in a workspace.
type Role string

// The roles, strongest first.
const (
	Owner  Role = "owner"  // names agents, and may do all that they may
	Agent  Role = "agent"  // works on tickets
	Client Role = "client" // anyone else who writes to a bot; files tickets
)

// Staff tells whether the role works on tickets.
func (r Role) Staff() bool { return r == Owner || r == Agent }

// Person is somebody known in a workspace.
type Person struct {
	ID        int64  `json:"id"`
	Workspace int64  `json:"workspace"`
	Telegram  int64  `json:"telegram"` // Telegram user id, which is also the id of the private chat
	Name      string `json:"name"`
	Role      Role   `json:"role"`
	Lang      string `json:"lang"`                // "en" or "ru"
	BoardUID  string `json:"board_uid,omitempty"` // the collaborator this person is on the board; "" when none
}

// About names a person in the audit log: "person:<id>".
func About(id int64) string { return "person:" + strconv.FormatInt(id, 10) }

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
	Expires time.Time `json:"expires"`
	MaxUses int       `json:"max_uses"`
	Uses    int       `json:"uses"`
}

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
