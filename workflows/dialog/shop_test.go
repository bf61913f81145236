package dialog_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/domain/people"
	"quaydesk/workflows/dialog"
	"quaydesk/workflows/dialog/dialogtest"
)

// The shop is a module to talk about in tests.
type shop struct {
	looks  []string // what Shelf was asked
	orders []string
	op     string // key of the latest order
	rival  bool   // somebody else was faster
	seen   []chat.Event
}

type order struct{ What, Files string }

// PlaceOrder is the shop's activity.
func (s *shop) PlaceOrder(_ context.Context, turn chat.Turn, o order) (int, error) {
	s.op = turn.Op
	if s.rival {
		return 0, fault.New(fault.Conflict, "people.invite_used")
	}
	s.orders = append(s.orders, o.What+o.Files)
	return len(s.orders), nil
}

func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, fault.New(fault.Invalid, "people.unknown")
	}
	return n, nil
}

func (s *shop) order(d *dialog.D) error {
	d.Say(chat.Plain("Welcome to the shop"))
	kind := d.Choose("kind", chat.Plain("Tea or coffee?"), []dialog.Option{
		{Value: "tea", Label: chat.Plain("Tea 🍵")}, {Value: "coffee", Label: chat.Plain("Coffee")}, {Value: "language", Label: chat.T("dialog.done")}})
	if kind == "coffee" {
		d.Say(chat.Plain("Good choice"))
	}
	cups := dialog.Ask(d, "cups", chat.Plain("How many cups?"), number)
	notes := d.Collect("notes", chat.Plain("Anything to tell?"))
	what := strconv.Itoa(cups) + " " + kind + ": " + notes.Text
	if !d.Confirm("confirm", chat.Plain(what+"?"), chat.Plain("Yes"), chat.Plain("No")) {
		d.Say(chat.Plain("Then not"))
		return nil
	}
	var activities *shop
	n, err := dialog.Do(d, activities.PlaceOrder, order{What: what, Files: "+" + strconv.Itoa(len(notes.Files))})
	if err != nil {
		return err
	}
	d.Signal("Order", "order:"+strconv.Itoa(n), "placed", n)
	name := dialog.Ask(d, "name", chat.Plain("Whose name?"), func(s string) (string, error) { return s, nil })
	d.Say(chat.Plain("Order " + strconv.Itoa(n) + " for " + name))
	return nil
}

// Reserve is the shop's activity. It always refuses.
func (s *shop) Reserve(_ context.Context, _ chat.Turn, seat string) (struct{}, error) {
	s.orders = append(s.orders, seat)
	return struct{}{}, fault.New(fault.Conflict, "people.invite_used")
}

// isParcel tells whether a text looks like a parcel's number.
func isParcel(p people.Person, text string) bool {
	return p.Role != people.Dispatcher && strings.HasPrefix(strings.ToUpper(text), "P-")
}

// Shelf is the shop's activity that tells where a parcel lies.
func (s *shop) Shelf(_ context.Context, turn chat.Turn, parcel string) (string, error) {
	s.looks = append(s.looks, turn.Op+parcel)
	if parcel == "P-404" {
		return "", fault.New(fault.NotFound, "people.unknown")
	}
	return "shelf " + strings.TrimPrefix(parcel, "P-"), nil
}

// parcel looks something up for each answer, and offers likely ones.
func (s *shop) parcel(d *dialog.D) error {
	same := func(typed string) (string, error) {
		if !isParcel(people.Person{}, typed) {
			return "", fault.New(fault.Invalid, "dialog.invalid")
		}
		return strings.ToUpper(typed), nil
	}
	var activities *shop
	parcel := dialog.Offer(d, "parcel", chat.Plain("Which parcel?"), []dialog.Option{
		{Value: "P-1", Label: chat.Plain("The first")}, {Value: "P-2", Label: chat.Plain("The second")},
		{Value: "P-3", Label: chat.Plain("The third")}, {Value: "P-404", Label: chat.Plain("The lost")}}, same)
	where, err := dialog.Look(d, activities.Shelf, parcel)
	if err != nil {
		d.Refuse("parcel", err)
	}
	if d.ChooseShort("sure", chat.Plain("Fetch it from "+where+"?"), []dialog.Option{
		{Value: "yes", Label: chat.Plain("Yes")}, {Value: "no", Label: chat.Plain("No")}}) == "yes" {
		d.Say(chat.Plain("Here it is, from " + where))
	}
	return nil
}

// table has options that depend on an answer, and goes on after a refusal.
func (s *shop) table(d *dialog.D) error {
	seats := []dialog.Option{{Value: "hall", Label: chat.Plain("Hall")}}
	if dialog.Ask(d, "people", chat.Plain("How many people?"), number) < 3 {
		seats = append(seats, dialog.Option{Value: "window", Label: chat.Plain("Window")})
	}
	seat := d.Choose("seat", chat.Plain("Where?"), seats)
	if !d.Confirm("sure", chat.Plain("Sure about the "+seat+"?"), chat.Plain("Yes"), chat.Plain("No")) {
		return nil
	}
	var activities *shop
	if _, err := dialog.Do(d, activities.Reserve, seat); !fault.Is(err, fault.Conflict) {
		return err
	}
	d.Say(chat.Plain("Not now. When: " + dialog.Ask(d, "when", chat.Plain("Taken. When else?"), func(s string) (string, error) { return s, nil })))
	return nil
}

func (s *shop) says(name, word string) dialog.Dialogue {
	return dialog.Dialogue{Name: name, Short: true, Run: func(d *dialog.D) error {
		s.seen = append(s.seen, d.Event())
		d.Say(chat.Plain(word))
		return nil
	}}
}

func (s *shop) module() dialog.Module {
	plain := dialog.Dialogue{Name: "shop.plain", Run: func(d *dialog.D) error {
		s.seen = append(s.seen, d.Event())
		if d.Confirm("tell", chat.Plain("Tell the boss: "+d.Event().Text), chat.Plain("Yes"), chat.Plain("No")) {
			d.Say(chat.Plain("Told"))
		}
		return nil
	}}
	edited := s.says("shop.edited", "An edit")
	return dialog.Module{
		Name: "shop",
		Commands: []dialog.Command{
			{Name: "order", Help: chat.Plain("order a drink"), Dialogue: dialog.Dialogue{Name: "shop.order", Run: s.order}},
			{Name: "table", Help: chat.Plain("reserve a table"), Dialogue: dialog.Dialogue{Name: "shop.table", Run: s.table}},
			{Name: "parcel", Help: chat.Plain("fetch a parcel"), Dialogue: dialog.Dialogue{Name: "shop.parcel", Run: s.parcel}},
			{Name: "tell", Help: chat.Plain("tell the boss"), Dialogue: dialog.Dialogue{Name: "shop.tell", Run: plain.Run}},
			{Name: "price", Help: chat.Plain("see prices"), Dialogue: s.says("shop.price", "One a cup")},
			{Name: "till", Help: chat.Plain("open the till"), For: people.Role.Staff, Dialogue: s.says("shop.till", "Ding")},
			{Name: "broken", Help: chat.Plain("fails"), Dialogue: dialog.Dialogue{Name: "shop.broken", Short: true,
				Run: func(d *dialog.D) error { d.Choose("no", chat.Plain("?"), nil); return nil }}},
			{Name: "offer", Help: chat.Plain("see an offer"), Dialogue: dialog.Dialogue{Name: "shop.offer", Short: true,
				Run: func(d *dialog.D) error {
					d.Send(chat.Message{Text: chat.Plain("An offer"), Buttons: [][]chat.Button{{
						{Label: chat.Plain("Take"), Action: "shop.take", Arg: "42"},
						{Label: chat.Plain("Haggle"), Action: "shop.haggle", Arg: "42"},
						{Label: chat.Plain("Gone"), Action: "shop.gone"},
					}}}, dialog.About("offer:42"))
					return nil
				}}},
		},
		Links: map[string]dialog.Dialogue{"card": s.says("shop.card", "A card")},
		Actions: map[string]dialog.Dialogue{
			"shop.take": s.says("shop.take", "Taken"),
			"shop.haggle": {Name: "shop.haggle", Run: func(d *dialog.D) error {
				dialog.Ask(d, "price", chat.Plain("Your price?"), number)
				dialog.Ask(d, "when", chat.Plain("How soon?"), func(s string) (string, error) { return s, nil })
				d.Say(chat.Plain("Deal"))
				return nil
			}},
		},
		Replies: map[string]dialog.Dialogue{"offer": s.says("shop.reply", "About the offer")},
		Plain:   &plain,
		Edited:  &edited,
		Sights:  []dialog.Sight{{Sees: isParcel, Dialogue: s.says("shop.spotted", "A parcel")}},
		Menu: func(p people.Person) dialog.Menu {
			if p.Role == people.Dispatcher {
				return dialog.Menu{}
			}
			return dialog.Menu{Text: chat.Plain("Hello"), Buttons: [][]chat.Button{{{Label: chat.Plain("Take"), Action: "shop.take"}}}}
		},
	}
}

// open begins a talk with the shop.
func open(t *testing.T, with ...func(*dialogtest.Setup)) (*dialogtest.Talk, *shop) {
	s := &shop{}
	setup := dialogtest.Setup{Modules: []dialog.Module{s.module()}, Activities: []any{s}}
	for _, w := range with {
		w(&setup)
	}
	return dialogtest.New(t, setup), s
}

// ordering begins a talk that has come to the question for the cups.
func ordering(t *testing.T) (*dialogtest.Talk, *shop) {
	talk, s := open(t)
	talk.Says("/order")
	talk.Hears("Welcome")
	talk.Hears("Tea or coffee?")
	talk.Presses("Tea")
	talk.Hears("How many cups?")
	return talk, s
}

// noting begins a talk that has come to the question for notes.
func noting(t *testing.T) (*dialogtest.Talk, *shop) {
	talk, s := ordering(t)
	talk.Says("2")
	talk.Hears("Anything to tell?")
	return talk, s
}

// confirming begins a talk that has come to the confirmation.
func confirming(t *testing.T) (*dialogtest.Talk, *shop) {
	talk, s := noting(t)
	talk.Says("hot")
	talk.Hears("Got it")
	talk.Presses("Done")
	talk.Hears("2 tea: hot?")
	return talk, s
}
