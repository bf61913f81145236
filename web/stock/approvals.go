package stock

import (
	"fmt"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
	"quaydesk/web/page"
)

// decidedShown is how many of the decided changes are shown.
const decidedShown = 20

// approvals shows the changes to closed days that wait for a manager, and those decided last.
func (p *pages) approvals(v *page.Visit) error { return p.showApprovals(v, v.Blank()) }

// showApprovals shows them below what a decision was refused for.
func (p *pages) showApprovals(v *page.Visit, f *page.Form) error {
	var n names
	var waiting, decided []asked
	var closed store.Yard
	err := p.store.Tx(v.Ctx(), func(tx *store.Tx) (err error) {
		if n, err = p.names(v.Ctx(), tx, v.Person.Workspace); err != nil {
			return err
		}
		if closed, err = tx.Yard(v.Ctx(), v.Person.Workspace); err != nil {
			return err
		}
		all, err := tx.Approvals(v.Ctx(), v.Person.Workspace, decidedShown)
		if err != nil {
			return err
		}
		for _, a := range all {
			told, err := p.asked(v, tx, n, a)
			if err != nil {
				return err
			}
			if a.DecidedAt == nil {
				waiting = append(waiting, told)
			} else {
				decided = append(decided, told)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	body := []g.Node{f.Above()}
	if closed.ClosedThrough == 0 {
		body = append(body, h.P(v.T("webyard.none_closed")))
	} else {
		body = append(body, h.P(v.T("webyard.closed_through"), g.Text(" "), v.Date(closed.ClosedThrough)))
	}
	if len(waiting) == 0 {
		body = append(body, h.P(h.Class("none"), v.T("webyard.none_waits")))
	} else {
		body = append(body, page.Table(v, chat.T("webyard.menu.approvals"), append(askedColumns(v), page.Column[asked]{
			Head: chat.T("webyard.decision"), Cell: func(a asked) g.Node {
				if !v.May(people.ApproveChanges) {
					return v.T("webyard.waits_for_manager")
				}
				path := fmt.Sprintf("/yard/approvals/%d", a.ID)
				return h.Div(h.Class("actions"), v.Button(path, chat.T("webyard.approve"), "approve", "1"), v.Button(path, chat.T("webyard.refuse")))
			}}), waiting))
	}
	if len(decided) > 0 {
		body = append(body, h.H2(v.T("webyard.decided")), page.Table(v, chat.T("webyard.decided"), append(askedColumns(v), page.Column[asked]{
			Head: chat.T("webyard.decision"), Cell: func(a asked) g.Node {
				words := v.T("webyard.was_refused")
				if a.Approved {
					words = v.T("webyard.was_approved")
				}
				return g.Group{words, h.Div(h.Class("quiet small"), g.Text(a.DecidedName), g.Text(" · "), v.Time(*a.DecidedAt))}
			}}), decided))
	}
	return v.Show(chat.T("webyard.menu.approvals"), body...)
}

// decide lets a change in or refuses it.
func (p *pages) decide(v *page.Visit) error {
	f := v.Form()
	in := yard.Decision{Approval: v.ID("approval"), Approve: f.On("approve")}
	done, err := p.records.Decide(v.Ctx(), v.Turn(f), in)
	if err != nil {
		if err = f.Refuse(err, nil); err != nil {
			return err
		}
		return p.showApprovals(v, f)
	}
	did := chat.T("webyard.did_refuse")
	switch {
	case in.Approve && len(done.Refused) > 0:
		did = chat.T("webyard.did_approve_some", "Refused", refusals(done.Refused))
	case in.Approve:
		did = chat.T("webyard.did_approve")
	}
	return v.Go("/yard/approvals", did)
}

// refusalsShown is how many boxes that were refused are named at most.
const refusalsShown = 20

// refusals tell which boxes of a list were refused, and why.
func refusals(all []yard.Refusal) chat.Text {
	var lines []chat.Text
	for _, r := range all[:min(len(all), refusalsShown)] {
		lines = append(lines, chat.T("yardrules.not_this", "Number", r.Number, "Why", r.Fault.Text))
	}
	if more := len(all) - refusalsShown; more > 0 {
		lines = append(lines, chat.T("yardrules.more", "Count", more))
	}
	return chat.Lines(lines...)
}

// asked is a change in words.
type asked struct {
	store.AskedFor
	boxes  []yard.Box
	what   chat.Text
	at     time.Time
	zone   *time.Location
	told   []string
	was    g.Node
	reason string
}

func askedColumns(v *page.Visit) []page.Column[asked] {
	return []page.Column[asked]{
		{Head: chat.T("webyard.number"), Cell: func(a asked) g.Node {
			return g.Map(a.boxes, func(b yard.Box) g.Node { return h.Div(boxLink(b.Number)) })
		}},
		{Head: chat.T("webyard.what"), Cell: func(a asked) g.Node {
			return g.Group{h.Strong(v.Words(a.what)), g.If(!a.at.IsZero(), g.Group{g.Text(" · "), v.TimeIn(a.at, a.zone)}),
				h.Div(g.Text(strings.Join(a.told, " · "))), a.was}
		}},
		{Head: chat.T("webyard.reason"), Cell: func(a asked) g.Node { return g.Text(a.reason) }},
		{Head: chat.T("webyard.asked_by"), Cell: func(a asked) g.Node {
			return g.Group{g.Text(a.AskedName), h.Div(h.Class("quiet small"), v.Time(a.AskedAt))}
		}},
	}
}

// asked puts a change into words.
func (p *pages) asked(v *page.Visit, tx *store.Tx, n names, a store.AskedFor) (asked, error) {
	told := asked{AskedFor: a, zone: v.Zone}
	var stays []int64
	var d yard.Details
	switch c := a.Change; {
	case c.Arrival != nil:
		d, told.at, told.what = c.Arrival.Details, c.Arrival.At, yard.GateIn.Label()
		told.zone = n.zone(c.Arrival.Terminal)
		told.boxes = []yard.Box{{Stay: yard.Stay{Number: d.Number}}}
	case c.Departure != nil:
		d, told.at, told.what, stays = c.Departure.Details, c.Departure.At, yard.GateOut.Label(), c.Departure.Stays
	case c.Transfer != nil:
		d, told.at, told.what, stays = c.Transfer.Details, c.Transfer.At, yard.TransferOut.Label(), c.Transfer.Stays
	case c.Receipt != nil:
		d, told.at, told.what, stays = c.Receipt.Details, c.Receipt.At, yard.TransferIn.Label(), c.Receipt.Stays
	case c.Handling != nil:
		d, told.at, told.what, stays = c.Handling.Details, c.Handling.At, c.Handling.Kind.Label(), []int64{c.Handling.Stay}
		told.reason = c.Handling.Reason
	case c.Correction != nil:
		old, err := tx.Movement(v.Ctx(), v.Person.Workspace, c.Correction.Movement)
		if err != nil {
			return told, err
		}
		stays, told.reason = []int64{old.Stay}, c.Correction.Reason
		told.zone = n.zone(old.Terminal)
		if c.Correction.Reverse {
			told.what, told.at = chat.T("webyard.reverses", "Kind", old.Kind.Label()), old.At
			return p.withBoxes(v, tx, told, stays)
		}
		now := old
		now.Details = c.Correction.Details
		if !c.Correction.At.IsZero() {
			now.At = c.Correction.At
		}
		if c.Correction.Terminal != 0 {
			now.Terminal = c.Correction.Terminal
		}
		d, told.at, told.what, told.was = now.Details, now.At, chat.T("webyard.corrects", "Kind", old.Kind.Label()), was(v, n, old, now)
	}
	told.told = tell(v, n, yard.Movement{Details: d})
	return p.withBoxes(v, tx, told, stays)
}

func (p *pages) withBoxes(v *page.Visit, tx *store.Tx, told asked, stays []int64) (asked, error) {
	if len(stays) == 0 {
		return told, nil
	}
	var err error
	told.boxes, err = tx.Boxes(v.Ctx(), v.Person.Workspace, stays, now())
	return told, err
}
