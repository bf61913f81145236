package billing

import (
	"strconv"

	"quaydesk/domain/chat"
	"quaydesk/domain/yard"
)

// The values that Size and Group of a Class can have, zero aside; those of Load are container.Loads.
var (
	Sizes  = []int{10, 20, 30, 40, 45, 48, 53}
	Groups = []string{"dry", "reefer", "open_top", "tank", "flat", "bulk", "ventilated", "insulated", "named_cargo"}
)

// fits tells whether a box of class box belongs to the class.
func (c Class) fits(box Class) bool {
	return (c.Size == 0 || c.Size == box.Size) && (c.Load == "" || c.Load == box.Load) && (c.Group == "" || c.Group == box.Group)
}

// exactness is how many fields are set.
func (c Class) exactness() int {
	n := 0
	for _, set := range []bool{c.Size != 0, c.Load != "", c.Group != ""} {
		if set {
			n++
		}
	}
	return n
}

// Text names the class for people: "40', laden, reefer"; a field that is not set is "any".
func (c Class) Text() chat.Text { return c.text("any") }

// text says for a field that is not set that it is any or unknown.
func (c Class) text(unset string) chat.Text {
	size, load, group := chat.T("billing.size."+unset), chat.T("billing.load."+unset), chat.T("billing.group."+unset)
	if c.Size != 0 {
		size = chat.Plain(strconv.Itoa(c.Size) + "'")
	}
	if c.Load != "" {
		load = c.Load.Label()
	}
	if c.Group != "" {
		group = chat.T("billing.group." + c.Group)
	}
	return chat.T("billing.class", "Size", size, "Load", load, "Group", group)
}

// boxText names a stay's box with what is known of it.
func boxText(s Stay) chat.Text {
	return chat.T("billing.box", "Number", s.Number.Grouped(), "Class", s.Class().text("unknown"))
}

// price gives the price that counts for a box, or nil.
func (t *Terms) price(box Class) *Price {
	var best *Price
	for i := range t.Prices {
		if p := &t.Prices[i]; p.fits(box) && (best == nil || p.exactness() > best.exactness()) {
			best = p
		}
	}
	return best
}

// fee gives the fee that counts for an operation on a box, or nil.
func (t *Terms) fee(operation yard.Operation, box Class) *Fee {
	var best *Fee
	for i := range t.Fees {
		if f := &t.Fees[i]; f.Operation == operation && f.fits(box) && (best == nil || f.exactness() > best.exactness()) {
			best = f
		}
	}
	return best
}
