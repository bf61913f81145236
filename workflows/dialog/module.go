package dialog

import (
	"fmt"
	"slices"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
)

// Module is a module as the conversation sees it: what leads into which of its dialogues. A bot talks only of the
// modules enabled for it.
type Module struct {
	Name     string // as in bots.modules: "desk"
	Always   bool   // every bot has it, whatever stands there
	Commands []Command
	Links    map[string]Dialogue      // by the /start payload up to its first "_": "inv" for /start inv_xxx, with "xxx" in Event.Arg
	Actions  map[string]Dialogue      // by a button's action: "desk.take", with the button's argument in Event.Arg
	Replies  map[string]Dialogue      // by what the message replied to is about, up to the colon: "ticket", with "12" in Event.Arg
	Sights   []Sight                  // a message outside of a dialogue that looks like something of the module's own
	Plain    *Dialogue                // a message outside of a dialogue that nothing above takes
	Edited   *Dialogue                // an edited message that is no answer of the open dialogue; must be Short
	Menu     func(people.Person) Menu // its part of what answers /start; nil: none
}

// Sight begins a dialogue by what a message looks like, such as a container's number.
type Sight struct {
	Sees     func(p people.Person, text string) bool // pure
	Dialogue Dialogue
}

// Menu is what a module offers somebody at /start, in at most two rows of buttons. The zero Menu is nothing.
type Menu struct {
	Text    chat.Text
	Buttons [][]chat.Button
}

// Command is a dialogue that a person starts by "/name".
type Command struct {
	Name     string                 // without the slash, lower case
	Help     chat.Text              // one line for /help
	For      func(people.Role) bool // who may use it and sees it in /help; nil: everybody
	Dialogue Dialogue
}

// Dialogue is one task that a person is led through.
type Dialogue struct {
	Name  string // unique in the product, "desk.new": drafts and open dialogues are kept by it, so it never changes
	Short bool   // says and does, never asks: it runs without disturbing an open dialogue
	// Run returns nil when the dialogue has come to its end, or the fault that ended it, which is told to the person.
	Run func(d *D) error
}

// Words compares what people type with texts of the catalogue.
type Words interface {
	// Same tells whether typed is the text in any of the product's languages, letter case aside.
	Same(t chat.Text, typed string) bool
}

// Book holds every dialogue of the product and is the receiver of the Conversation workflow.
type Book struct {
	words     Words
	modules   []Module
	dialogues map[string]Dialogue
}

// New makes the Book of the modules. It panics when a command has two owners or a dialogue nothing to run: a programmer's
// mistake, found when the worker starts. One dialogue may be reached in several ways.
func New(words Words, modules ...Module) *Book {
	b := &Book{words: words, modules: append([]Module{builtin()}, modules...), dialogues: map[string]Dialogue{}}
	b.add(Dialogue{Name: draftDialogue, Run: offerDraft})
	commands := map[string]bool{}
	for _, m := range b.modules {
		for _, c := range m.Commands {
			if commands[c.Name] {
				panic("dialog: two commands /" + c.Name)
			}
			commands[c.Name] = true
		}
		for _, d := range m.all() {
			b.add(d)
		}
	}
	return b
}

// Menu lists the commands that everybody may use, the modules' first, for the menu in Telegram.
func (b *Book) Menu() []Command {
	var menu []Command
	for _, m := range slices.Concat(b.modules[1:], b.modules[:1]) {
		for _, c := range m.Commands {
			if c.For == nil {
				menu = append(menu, c)
			}
		}
	}
	return menu
}

func (b *Book) add(d Dialogue) {
	if d.Name == "" || d.Run == nil {
		panic(fmt.Sprintf("dialog: dialogue %q has no name or nothing to run", d.Name))
	}
	b.dialogues[d.Name] = d
}
