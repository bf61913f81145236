package people

// Permission is something that only some roles may do.
type Permission string

// The permissions of all modules. The table below says who has them.
const (
	InvitePeople   Permission = "invite_people"   // people with any role but owner and manager
	NameManagers   Permission = "name_managers"   // invite owners' right hands; change anybody's role
	SeeMembers     Permission = "see_members"     // who works here
	SeeYard        Permission = "see_yard"        // stock, movements, histories
	MoveBoxes      Permission = "move_boxes"      // gate-in, release, transfer, operations; correct what was recorded
	HoldBoxes      Permission = "hold_boxes"      // put a hold on a box and lift it
	ApproveChanges Permission = "approve_changes" // let changes into days closed for accounting
	RunYard        Permission = "run_yard"        // terminals, companies, the yard's settings, import
	SeeAmounts     Permission = "see_amounts"     // what storage costs
	Bill           Permission = "bill"            // tariffs, discounts, rates, invoices; close days
)

var may = map[Permission][]Role{
	InvitePeople:   {Owner, Manager},
	NameManagers:   {Owner},
	SeeMembers:     {Owner, Manager},
	SeeYard:        {Owner, Manager, Accountant, Dispatcher},
	MoveBoxes:      {Owner, Manager, Dispatcher},
	HoldBoxes:      {Owner, Manager, Accountant},
	ApproveChanges: {Owner, Manager},
	RunYard:        {Owner, Manager, Accountant},
	SeeAmounts:     {Owner, Manager, Accountant},
	Bill:           {Owner, Manager, Accountant},
}

// Who are the roles that have the permission.
func (p Permission) Who() []Role { return may[p] }

// MayInvite tells whether the role may invite people with another one. Nobody invites owners, who are those of the
// settings.
func (r Role) MayInvite(other Role) bool {
	switch other {
	case Owner:
		return false
	case Manager:
		return r.May(NameManagers)
	}
	return r.May(InvitePeople)
}
