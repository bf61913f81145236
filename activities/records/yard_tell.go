package records

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// toPeople sends a message to people, each once, but for one of them (0: nobody). The keys are prefix and the chat.
func (r *Records) toPeople(ctx context.Context, tx *store.Tx, bot int64, all []people.Person, except int64, prefix, about string, m chat.Message) error {
	var out []chat.Outgoing
	told := map[int64]bool{except: true}
	for _, p := range all {
		if !told[p.ID] {
			told[p.ID] = true
			out = append(out, chat.Outgoing{Key: fmt.Sprintf("%s:%d", prefix, p.Telegram), Chat: p.Telegram, Lang: p.Lang, About: about, Message: m})
		}
	}
	return r.enqueue(ctx, tx, bot, out...)
}

// tellBound tells the dispatchers of the terminal that boxes are bound to that they are on their way.
func (r *Records) tellBound(ctx context.Context, tx *store.Tx, d deed, to int64, boxes []yard.Box) error {
	if len(boxes) == 0 {
		return nil
	}
	there, err := tx.PeopleAt(ctx, d.workspace, people.Post("terminal", to))
	if err != nil {
		return err
	}
	receive := chat.Button{Label: chat.T("yardrules.button.receive"), Action: string(yard.ActReceive), Arg: stayList(boxes)}
	about := ""
	if len(boxes) == 1 {
		about = yard.About(boxes[0].ID)
	}
	return r.toPeople(ctx, tx, d.bot, there, d.by.ID, d.op+":bound", about, chat.Message{
		Text: chat.T("yardrules.bound", "Count", len(boxes), "From", boxes[0].TerminalName, "To", boxes[0].BoundName,
			"By", d.by.Name, "Numbers", numbers(boxes)),
		Buttons: [][]chat.Button{{receive}},
	})
}

// stayList is a button's argument that names stays: their ids, set apart by commas.
func stayList(boxes []yard.Box) string {
	ids := make([]string, len(boxes))
	for i, b := range boxes {
		ids[i] = strconv.FormatInt(b.ID, 10)
	}
	return strings.Join(ids, ",")
}

// numbersShown is how many numbers a message names at most.
const numbersShown = 20

// numbers are the boxes' numbers, each on a line.
func numbers(boxes []yard.Box) chat.Text {
	var lines []chat.Text
	for _, b := range boxes[:min(len(boxes), numbersShown)] {
		lines = append(lines, chat.Plain(b.Number.Grouped()))
	}
	if more := len(boxes) - numbersShown; more > 0 {
		lines = append(lines, chat.T("yardrules.more", "Count", more))
	}
	return chat.Lines(lines...)
}

// approvers are those who let changes into closed days.
func approvers(ctx context.Context, tx *store.Tx, workspace int64) ([]people.Person, error) {
	return tx.PeopleWith(ctx, workspace, slices.DeleteFunc(slices.Clone(people.Roles), func(r people.Role) bool {
		return !r.May(people.ApproveChanges)
	})...)
}

func approvalKey(id int64) string { return "approval:" + strconv.FormatInt(id, 10) }

// askApproval keeps a change that reaches into a closed day until a manager decides on it, and asks them.
func (r *Records) askApproval(ctx context.Context, tx *store.Tx, d deed, c yard.Change, steps []step) (int64, error) {
	c = askedFor(c, steps)
	c.At(d.at)
	a := store.Approval{Workspace: d.workspace, Change: c, AskedBy: d.by.ID, AskedAt: d.at, Bot: d.bot}
	var err error
	if a.ID, err = tx.AddApproval(ctx, a); err != nil {
		return 0, err
	}
	words, err := r.asked(ctx, tx, d, steps)
	if err != nil {
		return 0, err
	}
	who, err := approvers(ctx, tx, d.workspace)
	if err != nil {
		return 0, err
	}
	button := func(label string, approve bool) chat.Button {
		return chat.Button{Label: chat.T(label), Action: string(yard.ActDecide), Arg: yard.Decision{Approval: a.ID, Approve: approve}.Arg()}
	}
	err = r.toPeople(ctx, tx, d.bot, who, d.by.ID, approvalKey(a.ID), "", chat.Message{
		Text:    words,
		Buttons: [][]chat.Button{{button("yardrules.button.approve", true), button("yardrules.button.refuse", false)}},
	})
	if err != nil {
		return 0, err
	}
	return a.ID, tx.Audit(ctx, store.Change{Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: "yard.ask", About: approvalKey(a.ID), After: c})
}

// askedFor is a change with those boxes of its list only that can be: what was refused is not asked for.
func askedFor(c yard.Change, steps []step) yard.Change {
	var stays []int64
	for _, s := range steps {
		stays = append(stays, s.before.ID)
	}
	switch {
	case c.Departure != nil:
		some := *c.Departure
		some.Stays, c.Departure = stays, &some
	case c.Transfer != nil:
		some := *c.Transfer
		some.Stays, c.Transfer = stays, &some
	case c.Receipt != nil:
		some := *c.Receipt
		some.Stays, c.Receipt = stays, &some
	}
	return c
}

// asked puts into words what somebody asks to be let into a closed day.
func (r *Records) asked(ctx context.Context, tx *store.Tx, d deed, steps []step) (chat.Text, error) {
	lines := []chat.Text{chat.T("yardrules.asks", "Name", d.by.Name)}
	for _, s := range steps[:min(len(steps), numbersShown)] {
		m := s.movement
		terminal, err := tx.Terminal(ctx, d.workspace, m.Terminal)
		if err != nil {
			return chat.Text{}, err
		}
		shown := s.after.Number
		if s.before.ID != 0 {
			shown = s.before.Number
		}
		kind := m.Kind.Label()
		var old yard.Movement
		if m.Replaces != 0 {
			old, err = tx.Movement(ctx, d.workspace, m.Replaces)
			if err != nil {
				return chat.Text{}, err
			}
			kind = chat.T("yardrules.instead", "Kind", old.Kind.Label(), "At", old.At)
			if m.Kind == yard.Reversed {
				kind = chat.T("yardrules.never", "Kind", old.Kind.Label(), "At", old.At)
			}
		}
		lines = append(lines, chat.T("yardrules.asked", "Number", shown.Grouped(), "Kind", kind, "At", m.At, "Terminal", terminal.Name))
		if m.Replaces != 0 && m.Kind != yard.Reversed {
			more, err := differences(ctx, tx, d.workspace, s, old)
			if err != nil {
				return chat.Text{}, err
			}
			lines = append(lines, more...)
		}
		if m.Reason != "" {
			lines = append(lines, chat.T("yardrules.reason", "Reason", m.Reason))
		}
	}
	if more := len(steps) - numbersShown; more > 0 {
		lines = append(lines, chat.T("yardrules.more", "Count", more))
	}
	return chat.Lines(lines...), nil
}

// differences are what a correction of a movement changes besides its times.
func differences(ctx context.Context, tx *store.Tx, workspace int64, s step, old yard.Movement) ([]chat.Text, error) {
	var lines []chat.Text
	differs := func(before, after string) {
		if before != after {
			lines = append(lines, chat.T("yardrules.differs", "Before", before, "After", after))
		}
	}
	name := func(id int64, made string) (string, error) {
		if id == newCompany {
			return made, nil
		}
		if id == 0 {
			return orDash(""), nil
		}
		c, err := tx.Company(ctx, workspace, id)
		return c.Name, err
	}
	differs(s.before.Number.Grouped(), s.after.Number.Grouped())
	differs(string(s.before.SizeType), string(s.after.SizeType))
	if old.Load != s.movement.Load {
		lines = append(lines, chat.T("yardrules.differs", "Before", loadOrDash(old.Load), "After", loadOrDash(s.movement.Load)))
	}
	was, is := details(old.Details), details(s.movement.Details)
	for i := range was {
		differs(orDash(was[i]), orDash(is[i]))
	}
	for _, c := range []struct {
		before, after int64
		made          string
	}{{s.before.Client, s.after.Client, s.client}, {s.before.Line, s.after.Line, s.line}} {
		if c.before == c.after {
			continue
		}
		was, err := name(c.before, "")
		if err != nil {
			return nil, err
		}
		is, err := name(c.after, c.made)
		if err != nil {
			return nil, err
		}
		differs(was, is)
	}
	return lines, nil
}

// details are what a movement tells in words, each in its place.
func details(d yard.Details) []string {
	tons := ""
	if !d.Tonnage.IsZero() {
		tons = d.Tonnage.String()
	}
	return []string{d.Transport.Number, d.Order, d.Destination, strings.Join(d.Seals, ", "), d.Place, d.Cargo, tons, d.Remarks}
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func loadOrDash(l container.Load) chat.Text {
	if l == "" {
		return chat.Plain(orDash(""))
	}
	return l.Label()
}

// Decide lets a change that waits into a closed day, or refuses it, and tells who asked for it. The change is checked
// again as everything is now, and recorded as that person's, approved by the turn's. When nothing of it can be any more,
// that is the fault, and it waits on: it can still be refused.
func (r *Records) Decide(ctx context.Context, turn chat.Turn, in yard.Decision) (yard.Recorded, error) {
	return inYard(ctx, r, turn, func(tx *store.Tx, d deed) (yard.Recorded, error) {
		if !d.by.Role.May(people.ApproveChanges) {
			return yard.Recorded{}, fault.New(fault.Forbidden, "yardrules.role")
		}
		a, err := tx.LockApproval(ctx, d.workspace, in.Approval)
		if err != nil {
			return yard.Recorded{}, err
		}
		if a.DecidedAt != nil {
			by, err := tx.Person(ctx, d.workspace, a.DecidedBy)
			if err != nil {
				return yard.Recorded{}, err
			}
			return yard.Recorded{}, fault.New(fault.Conflict, "yardrules.decided", "By", by.Name, "At", *a.DecidedAt)
		}
		asker, err := tx.Person(ctx, d.workspace, a.AskedBy)
		if err != nil {
			return yard.Recorded{}, err
		}
		var out yard.Recorded
		if in.Approve {
			if out, err = r.approve(ctx, tx, d, a, asker); err != nil {
				return out, err
			}
		}
		if err := tx.DecideApproval(ctx, d.workspace, a.ID, d.by.ID, d.at, in.Approve); err != nil {
			return out, err
		}
		if err := tx.Audit(ctx, store.Change{Workspace: d.workspace, Person: d.by.ID, Op: d.op, Action: string(yard.ActDecide),
			About: approvalKey(a.ID), After: in}); err != nil {
			return out, err
		}
		return out, r.tellDecided(ctx, tx, d, a, asker, in.Approve, out.Refused)
	})
}

// approve carries out what waited, as of who asked for it.
func (r *Records) approve(ctx context.Context, tx *store.Tx, d deed, a store.Approval, asker people.Person) (yard.Recorded, error) {
	asked := d
	asked.by, asked.bot = asker, a.Bot
	steps, refused, err := r.plan(ctx, tx, asked, a.Change)
	if err != nil {
		return yard.Recorded{}, err
	}
	for i := range steps {
		steps[i].movement.ApprovedBy = d.by.ID
	}
	return r.carryOut(ctx, tx, asked, a.Change, steps, refused)
}

// notRecorded tells which boxes of a list are not recorded, and why, under a text; just the text when all are.
func notRecorded(text chat.Text, refused []yard.Refusal) chat.Text {
	if len(refused) == 0 {
		return text
	}
	lines := []chat.Text{text, chat.T("yardrules.not_recorded")}
	for _, r := range refused[:min(len(refused), numbersShown)] {
		lines = append(lines, chat.T("yardrules.not_this", "Number", r.Number, "Why", r.Fault.Text))
	}
	if more := len(refused) - numbersShown; more > 0 {
		lines = append(lines, chat.T("yardrules.more", "Count", more))
	}
	return chat.Lines(lines...)
}

// tellDecided tells who asked what was decided, and takes the buttons off the notices of those who could. Both read what
// was refused of a list.
func (r *Records) tellDecided(ctx context.Context, tx *store.Tx, d deed, a store.Approval, asker people.Person, approved bool, refused []yard.Refusal) error {
	key, news := "yardrules.refused_by", "yardrules.was_refused"
	if approved {
		key, news = "yardrules.approved_by", "yardrules.was_approved"
	}
	copies, err := tx.Copies(ctx, a.Bot, approvalKey(a.ID)+":")
	if err != nil {
		return err
	}
	out := []chat.Outgoing{{Key: d.op + ":asker", Chat: asker.Telegram, Lang: asker.Lang,
		Message: chat.Message{Text: notRecorded(chat.T(news, "Name", d.by.Name, "At", a.AskedAt), refused)}}}
	for _, c := range copies {
		out = append(out, chat.Outgoing{Key: c.Key + ":x", Edits: c.Key, Chat: c.Chat, Closes: true,
			Message: chat.Message{Text: notRecorded(chat.T(key, "Name", d.by.Name), refused)}})
	}
	return r.enqueue(ctx, tx, a.Bot, out...)
}
