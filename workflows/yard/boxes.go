package yard

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"quaydesk/activities/records"
	"quaydesk/domain/chat"
	"quaydesk/domain/container"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/domain/yard"
	"quaydesk/workflows/dialog"
)

// given is what came with the event that began a dialogue.
type given struct {
	typed string  // numbers, behind the command or as the message itself; of a gate-in's button too
	when  string  // a time behind them
	stays []int64 // of a button
	files []chat.File
}

// givenTo reads the event that began a dialogue.
func givenTo(d *dialog.D) given {
	e := d.Event()
	if e.Kind == chat.Pressed {
		if yard.Action(e.Action) == yard.ActGateIn {
			return given{typed: e.Arg}
		}
		return given{stays: ids(e.Arg)}
	}
	g := given{files: d.Given().Files}
	g.typed, g.when = splitWhen(e.Text)
	return g
}

// ids reads the argument of a button: stays, with commas between.
func ids(arg string) []int64 {
	var all []int64
	for part := range strings.SplitSeq(arg, ",") {
		if id, err := strconv.ParseInt(part, 10, 64); err == nil {
			all = append(all, id)
		}
	}
	return all
}

// argOf is the argument of a button for stays.
func argOf(stays ...int64) string {
	var parts []string
	for _, id := range stays {
		parts = append(parts, strconv.FormatInt(id, 10))
	}
	return strings.Join(parts, ",")
}

// without is the answer of who goes on without the boxes that were refused.
const without = "-"

// boxes leads to boxes for which an action is possible now. What cannot be used is told with the reason, and the numbers
// that may be meant are offered.
func boxes(d *dialog.D, action yard.Action, prompt chat.Text) (given, []records.Known, error) {
	g := givenTo(d)
	if _, err := listed(g.typed); err != nil && len(g.stays) == 0 {
		if g.typed != "" {
			prompt = chat.Lines(fault.As(err).Text, prompt)
		}
		if err := g.ask(d, action, prompt); err != nil {
			return g, nil, err
		}
	}
	for {
		good, bad, err := look(d, records.Looking{Typed: g.typed, Stays: g.stays, For: action})
		if err != nil || len(bad) == 0 {
			return g, good, err
		}
		if !g.instead(d, good, bad) {
			return g, good, nil
		}
	}
}

// take reads what was typed: numbers, and perhaps a time behind them.
func (g *given) take(typed string) {
	rest, when := splitWhen(typed)
	if g.typed, g.stays = rest, nil; when != "" {
		g.when = when
	}
}

// everyBox is the answer of who means all the boxes that were offered.
const everyBox = "*"

// ask asks for numbers. Those of boxes under way to here are known, and offered.
func (g *given) ask(d *dialog.D, action yard.Action, prompt chat.Text) error {
	if action != yard.ActReceive {
		g.take(dialog.Ask(d, "numbers", prompt, listed))
		return nil
	}
	coming, _, err := look(d, records.Looking{For: action})
	if err != nil {
		return err
	}
	if len(coming) == 0 {
		return fault.New(fault.NotFound, "yard.receive.none")
	}
	var numbers []container.Number
	for _, k := range coming {
		numbers = append(numbers, k.Number)
	}
	options := offered(numbers)
	if len(coming) > 1 {
		options = append(options, dialog.Option{Value: everyBox, Label: chat.T("yard.receive.all", "Count", len(coming))})
	}
	prompt = chat.Lines(append([]chat.Text{chat.T("yard.receive.coming", "Count", len(coming))}, append(rows(coming), prompt)...)...)
	typed := dialog.Offer(d, "numbers", prompt, options, func(typed string) (string, error) {
		if typed == everyBox {
			return typed, nil
		}
		return listed(typed)
	})
	if typed == everyBox {
		g.typed, g.stays = "", stays(coming)
		return nil
	}
	g.take(typed)
	return nil
}

// look looks boxes up and parts those that cannot be used from those that can, each once.
func look(d *dialog.D, in records.Looking) (good, bad []records.Known, err error) {
	looked, err := dialog.Look(d, act.LookAtBoxes, in)
	if err != nil {
		return nil, nil, err
	}
	for _, k := range looked.Boxes {
		same := func(other records.Known) bool { return other.Number == k.Number && k.Number != "" }
		switch {
		case hopeless(k):
			return nil, nil, &fault.Fault{Kind: fault.Forbidden, Text: *k.Refused}
		case k.Refused != nil || k.Box == nil:
			bad = append(bad, k)
		case !slices.ContainsFunc(good, same):
			good = append(good, k)
		}
	}
	return good, bad, nil
}

// hopeless tells whether a refusal is the person's, whatever the box.
func hopeless(k records.Known) bool {
	return k.Refused != nil && (k.Refused.Key == "yardrules.role" || k.Refused.Key == "yardrules.no_post")
}

// mostNearest is how many numbers are offered in the place of those refused.
const mostNearest = 5

// instead asks what stands for the boxes that were refused, unless the person goes on without them.
func (g *given) instead(d *dialog.D, good, bad []records.Known) bool {
	var lines []chat.Text
	var nearest []container.Number
	for i, k := range bad {
		if nearest = append(nearest, k.Nearest...); i < mostRows {
			lines = append(lines, refusal(k))
		}
	}
	lines = append(lines, others(len(bad))...)
	options := offered(nearest)
	ask := chat.T("yard.boxes.another")
	if len(options) > 0 {
		ask = chat.T("yard.boxes.nearest")
	}
	if len(good) > 0 {
		options = append(options, dialog.Option{Value: without, Label: chat.T("yard.boxes.without", "Count", len(good))})
	}
	answer := dialog.Offer(d, "instead", chat.Lines(append(lines, chat.Text{}, ask)...), options, func(typed string) (string, error) {
		if typed == without && len(good) > 0 {
			return typed, nil
		}
		return listed(typed)
	})
	if answer == without {
		return false
	}
	g.take(answer)
	var all []string
	for _, k := range good {
		all = append(all, string(k.Number))
	}
	all = append(all, g.typed)
	if i := slices.IndexFunc(bad, func(k records.Known) bool { return slices.Contains(k.Nearest, container.Number(g.typed)) }); i >= 0 {
		for _, k := range slices.Delete(slices.Clone(bad), i, i+1) { // the number stands for one; the others are asked for again
			all = append(all, k.Typed)
		}
	}
	g.typed = strings.Join(all, "\n")
	return true
}

// offered are buttons for numbers, not too many of them.
func offered(numbers []container.Number) []dialog.Option {
	var options []dialog.Option
	for i, n := range numbers {
		if len(options) < mostNearest && !slices.Contains(numbers[:i], n) {
			options = append(options, dialog.Option{Value: string(n), Label: chat.Plain(n.Grouped())})
		}
	}
	return options
}

// refusal says why a box cannot be used: when that is because of where it is, all that is known of that.
func refusal(k records.Known) chat.Text {
	if k.Box != nil && k.Refused != nil && strings.HasPrefix(k.Refused.Key, "yardrules.stands_") {
		return chat.T("yard.boxes.stands", "Stands", stands(*k.Box), "By", k.Box.By)
	}
	name, why := k.Typed, chat.T("yard.boxes.unknown")
	if n := container.Check(k.Typed).Number; n != "" {
		name = n.Grouped()
	}
	if k.Refused != nil {
		why = *k.Refused
	}
	return named(name, why)
}

// named puts a box's name before words about it that do not have it.
func named(name string, why chat.Text) chat.Text {
	if _, has := why.Args["Number"]; has {
		return why
	}
	return chat.T("yard.boxes.refused", "Name", name, "Why", why)
}

// listed takes a text in which there are numbers, not too many of them. Whether they are right is told with what is known
// of them.
func listed(typed string) (string, error) {
	rest, _ := splitWhen(typed)
	switch n := len(container.Split(rest)); {
	case n == 0:
		return "", fault.New(fault.Invalid, "yard.boxes.none")
	case n > container.MostAtOnce:
		return "", container.TooMany()
	}
	return typed, nil
}

// readable takes a number that is right, or one that may be meant otherwise.
func readable(typed string) (string, error) {
	rest, _ := splitWhen(typed)
	if r := container.Check(rest); !r.Valid && len(r.Suggestions) == 0 {
		return "", r.Fault()
	}
	return typed, nil
}

// number leads to one number that may be new here, and is fit for an action, if one is named.
func (g *given) number(d *dialog.D, prompt chat.Text, action yard.Action) (records.Known, error) {
	if g.typed == "" {
		g.take(dialog.Ask(d, "number", prompt, readable))
	} else if _, err := readable(g.typed); err != nil {
		g.take(dialog.Ask(d, "number", chat.Lines(fault.As(err).Text, chat.Text{}, prompt), readable))
	}
	for {
		if r := container.Check(g.typed); !r.Valid {
			g.take(dialog.Offer(d, "meant", r.Fault().Text, offered(r.Suggestions), readable))
			continue
		}
		looked, err := dialog.Look(d, act.LookAtBoxes, records.Looking{Typed: g.typed, For: action})
		if err != nil {
			return records.Known{}, err
		}
		if len(looked.Boxes) == 0 {
			return records.Known{}, fault.New(fault.NotFound, "yard.boxes.none")
		}
		k := looked.Boxes[0]
		k.Typed = g.typed
		if hopeless(k) {
			return k, &fault.Fault{Kind: fault.Forbidden, Text: *k.Refused}
		}
		if k.Refused != nil {
			g.take(dialog.Ask(d, "other", chat.Lines(refusal(k), chat.Text{}, chat.T("yard.boxes.another")), readable))
			continue
		}
		owner := string(k.Number[:min(3, len(k.Number))])
		if k.Strange && !d.Confirm("sure", chat.T("yard.boxes.strange", "Number", k.Number.Grouped(), "Owner", owner),
			chat.T("yard.boxes.sure"), chat.T("yard.boxes.not_sure")) {
			g.take(dialog.Ask(d, "number", prompt, readable))
			continue
		}
		return k, nil
	}
}

// sees tells whether a message is about boxes: there is a container number in it, or it is nothing but what looks like
// some.
func sees(p people.Person, text string) bool {
	if !p.Role.May(people.SeeYard) {
		return false
	}
	rest, _ := splitWhen(text)
	all, likely := container.Split(rest), likely(rest)
	valid := slices.ContainsFunc(likely, func(typed string) bool { return container.Check(typed).Valid })
	return valid || len(all) > 0 && len(likely) == len(all)
}

// likely are the parts of a text that look like container numbers, right or not.
func likely(text string) []string {
	var found []string
	for _, typed := range container.Split(text) {
		if typed = strings.TrimRight(typed, "?!…"); looksLikeNumber(typed) {
			found = append(found, typed)
		}
	}
	return found
}

// looksLikeNumber tells whether there are some four letters and then some seven digits.
func looksLikeNumber(typed string) bool {
	letters, digits := 0, 0
	for _, c := range typed {
		switch {
		case unicode.IsLetter(c) && digits == 0:
			letters++
		case unicode.IsDigit(c):
			digits++
		case unicode.IsLetter(c), unicode.IsPunct(c) && c != '-' && c != '.' && c != '/':
			return false
		}
	}
	return letters >= 3 && letters <= 5 && digits >= 6 && digits <= 8
}
