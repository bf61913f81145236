package records

import (
	"context"
	"slices"

	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/store"
)

// look runs do for the turn's person, who must be allowed to see the yard. Without an operation key nothing is written.
func look[Out any](ctx context.Context, r *Records, turn chat.Turn, do func(*store.Tx, deed) (Out, error)) (Out, error) {
	seen := func(tx *store.Tx, d deed) (Out, error) {
		if !d.by.Role.May(people.SeeYard) {
			var none Out
			return none, fault.New(fault.Forbidden, "yardrules.role")
		}
		return do(tx, d)
	}
	if turn.Op == "" {
		return inYardLook(ctx, r, turn, seen)
	}
	return inYard(ctx, r, turn, seen)
}

// LookAtBoxes tells what is known of boxes and what the turn's person can do with them.
func (r *Records) LookAtBoxes(ctx context.Context, turn chat.Turn, in Looking) (Looked, error) {
	return look(ctx, r, turn, func(tx *store.Tx, d deed) (Looked, error) {
		l := looker{tx: tx, d: d, wanted: in.For}
		var known []Known
		var err error
		switch {
		case len(in.Stays) > 0:
			known, err = l.stays(ctx, in.Stays)
		case in.Typed == "" && in.For == yard.ActReceive:
			known, err = l.coming(ctx)
		default:
			known, err = l.typed(ctx, in.Typed)
		}
		if err != nil {
			return Looked{}, err
		}
		if in.For == "" {
			if err := countPhotos(ctx, tx, d.workspace, known); err != nil {
				return Looked{}, err
			}
		}
		return Looked{Boxes: known}, price(ctx, tx, d, known)
	})
}

// looker looks boxes up for somebody who wants them for something, or for nothing yet.
type looker struct {
	tx     *store.Tx
	d      deed
	wanted yard.Action
	usable []container.Number // of the boxes that can be used; nil until they are needed
}

// coming looks up the boxes that are under way to the person's terminal.
func (l *looker) coming(ctx context.Context) ([]Known, error) {
	if err := l.findUsable(ctx); err != nil {
		return nil, err
	}
	boxes, err := l.tx.LatestBoxes(ctx, l.d.workspace, l.usable[:min(len(l.usable), container.MostAtOnce)], l.d.at)
	if err != nil {
		return nil, err
	}
	return l.known(boxes), nil
}

// stays looks up boxes that a button names.
func (l *looker) stays(ctx context.Context, ids []int64) ([]Known, error) {
	if len(ids) > container.MostAtOnce {
		return nil, container.TooMany()
	}
	boxes, err := l.tx.Boxes(ctx, l.d.workspace, ids, l.d.at)
	if err != nil {
		return nil, err
	}
	if len(boxes) == 0 {
		return nil, fault.New(fault.NotFound, "yardrules.unknown")
	}
	return l.known(boxes), nil
}

// known is what is known of boxes.
func (l *looker) known(boxes []yard.Box) []Known {
	var all []Known
	for i := range boxes {
		k := Known{Typed: string(boxes[i].Number), Number: boxes[i].Number}
		l.tell(&k, &boxes[i])
		all = append(all, k)
	}
	return all
}

// typed looks up numbers as they were typed, each once.
func (l *looker) typed(ctx context.Context, text string) ([]Known, error) {
	var all []Known
	var numbers []container.Number
	typed := container.Split(text)
	if len(typed) > container.MostAtOnce {
		return nil, container.TooMany()
	}
	for _, raw := range typed {
		result := container.Check(raw)
		k := Known{Typed: raw}
		switch {
		case !result.Valid:
			refuseFor(&k, result.Fault())
			if err := l.suggest(ctx, &k, result); err != nil {
				return nil, err
			}
		case slices.Contains(numbers, result.Number):
			continue
		default:
			k.Number, k.Strange = result.Number, !result.Known
			numbers = append(numbers, k.Number)
		}
		all = append(all, k)
	}
	boxes, err := l.tx.LatestBoxes(ctx, l.d.workspace, numbers, l.d.at)
	if err != nil {
		return nil, err
	}
	byNumber := map[container.Number]*yard.Box{}
	for i := range boxes {
		byNumber[boxes[i].Number] = &boxes[i]
	}
	for i := range all {
		if all[i].Number == "" {
			continue
		}
		l.tell(&all[i], byNumber[all[i].Number])
		if all[i].Box == nil && all[i].Refused != nil { // perhaps a slip that the check digit does not find
			if err := l.suggest(ctx, &all[i], container.Result{}); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// tell completes what is known of a box with its stay, nil for a box that has never been here.
func (l *looker) tell(k *Known, box *yard.Box) {
	var stay yard.Stay
	if k.Box = box; box != nil {
		stay = box.Stay
	}
	k.Can = stay.Can(l.d.by)
	if l.wanted != "" && !slices.Contains(k.Can, l.wanted) {
		refuseFor(k, stay.Refuses(l.d.by, l.wanted))
	}
}

func refuseFor(k *Known, err error) {
	if f := fault.As(err); f != nil {
		k.Refused = &f.Text
	}
}

// suggest gives numbers that may be meant by one that is none, or not here: of the boxes that can be used, and, where a
// new one may come in, such as differ in letters and digits that are taken for each other.
func (l *looker) suggest(ctx context.Context, k *Known, result container.Result) error {
	if l.wanted == yard.ActGateIn {
		k.Nearest = result.Suggestions
		return nil
	}
	if err := l.findUsable(ctx); err != nil {
		return err
	}
	k.Nearest = container.Nearest(k.Typed, l.usable)
	for _, n := range result.Suggestions {
		if l.wanted == "" && !slices.Contains(k.Nearest, n) {
			k.Nearest = append(k.Nearest, n)
		}
	}
	return nil
}

// findUsable finds the boxes that the person can use for what is wanted, once.
func (l *looker) findUsable(ctx context.Context) error {
	if l.usable != nil {
		return nil
	}
	state, terminal := yard.In, int64(0)
	if l.wanted == yard.ActReceive {
		state = yard.InTransit
	}
	if l.d.by.Role == people.Dispatcher && l.wanted != "" {
		terminal = l.d.by.PostOf("terminal")
	}
	var err error
	l.usable, err = l.tx.NumbersThere(ctx, l.d.workspace, state, terminal)
	return err
}

// RecentChoices gives the answers that the turn's person most likely gives next.
func (r *Records) RecentChoices(ctx context.Context, turn chat.Turn, _ struct{}) (Choices, error) {
	const most = 6
	return look(ctx, r, turn, func(tx *store.Tx, d deed) (Choices, error) {
		var out Choices
		zone, err := tx.Zone(ctx, d.workspace)
		if err != nil {
			return out, err
		}
		out.Zone = zone.String()
		if out.Terminals, err = tx.Terminals(ctx, d.workspace); err != nil {
			return out, err
		}
		post := d.by.PostOf("terminal")
		for _, t := range out.Terminals {
			if t.ID == post {
				out.Terminal, out.Zone = t, t.Zone
			}
		}
		if out.Clients, err = tx.RecentCompanies(ctx, d.workspace, out.Terminal.ID, false, most); err != nil {
			return out, err
		}
		if out.Lines, err = tx.RecentCompanies(ctx, d.workspace, out.Terminal.ID, true, most); err != nil {
			return out, err
		}
		out.Places, err = tx.RecentPlaces(ctx, d.workspace, out.Terminal.ID, most)
		return out, err
	})
}

// FindCompany tells what a company's name may mean.
func (r *Records) FindCompany(ctx context.Context, turn chat.Turn, name string) (Found, error) {
	return look(ctx, r, turn, func(tx *store.Tx, d deed) (Found, error) {
		if err := checkName(oneLine(name)); err != nil {
			return Found{}, err
		}
		company, err := tx.CompanyNamed(ctx, d.workspace, name)
		if err != nil || company != nil {
			return Found{Company: company}, err
		}
		all, err := tx.Companies(ctx, d.workspace)
		if err != nil {
			return Found{}, err
		}
		return Found{Similar: yard.Similar(name, all)}, nil
	})
}

// checkName says whether something can be called so.
func checkName(name string) error {
	if yard.NameKey(name) == "" || len([]rune(name)) > longestName {
		return fault.New(fault.Invalid, "yardrules.company_invalid", "Most", longestName)
	}
	return nil
}

// longestName is how long a company's name may be, in characters.
const longestName = 100

// price adds what boxes have cost so far, for who may see it.
func price(ctx context.Context, tx *store.Tx, d deed, known []Known) error {
	stays := func(k Known) bool { return k.Box != nil && k.Box.State != yard.Void }
	if !d.by.Role.May(people.SeeAmounts) || !slices.ContainsFunc(known, stays) {
		return nil
	}
	book, err := tx.Book(ctx, d.workspace)
	if err != nil {
		return err
	}
	schedule := book.AsOf(d.at)
	for i := range known {
		k := &known[i]
		if !stays(*k) {
			continue
		}
		found, err := tx.StaysAsOf(ctx, store.Billed{Workspace: d.workspace, Stay: k.Box.ID}, d.at)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			continue
		}
		rated, err := schedule.Rate(found[0])
		if f := fault.As(err); f != nil {
			k.Unpriced = &f.Text
		} else if err != nil {
			return err
		}
		k.Accrued = rated.Totals.Gross()
	}
	return nil
}
