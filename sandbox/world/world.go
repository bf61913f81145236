// Package world holds the demo world that the sandbox opens with: people, a bot and a board that belong together.
package world

import (
	"fmt"
	"strings"
)

// Bot is a Telegram bot of the demo world.
type Bot struct {
	Token    string `json:"token"`
	ID       int64  `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`

	LoginSecret string `json:"login_secret,omitempty"` // of the bot as a client of Telegram's login; "": it has none
}

// Person is somebody with a Telegram account.
type Person struct {
	ID       int64  `json:"id"` // Telegram user id
	Name     string `json:"name"`
	Username string `json:"username"`
	Language string `json:"language_code"`
	Role     string `json:"role"`      // what the person is in the demo story; "" for nobody yet
	Place    string `json:"place"`     // where the role holds: a dispatcher's terminal, a client's company; "" everywhere
	BoardUID string `json:"board_uid"` // the person's uid on the demo board, "" when not a collaborator
}

// FirstLast splits a person's name as Telegram keeps it; last may be empty.
func (p Person) FirstLast() (first, last string) {
	first, last, _ = strings.Cut(p.Name, " ")
	return first, last
}

// Todoist is the demo board and the account whose token works there. That account is nobody of People, so what it
// does and what a person does on the board can be told apart.
type Todoist struct {
	Token        string `json:"token"`
	ClientSecret string `json:"client_secret"` // signs webhooks
	ProjectID    string `json:"project_id"`
	UserID       string `json:"user_id"` // uid of the token's account
	UserName     string `json:"user_name"`
}

// World is the demo world. It is plain data: whoever keeps a World may read it freely and changes nothing in it.
type World struct {
	Bots    []Bot    `json:"bots"`
	People  []Person `json:"people"`
	Todoist Todoist  `json:"todoist"`
}

// Demo gives the world that the sandbox opens with. Its tokens and secrets are of no worth outside of a sandbox.
func Demo() World {
	return World{
		Bots: []Bot{{
			Token: "7000000001:AAQuaydesk-sandbox-demo-bot-token-0", ID: 7000000001,
			Username: "quaydesk_demo_bot", Name: "Quaydesk", LoginSecret: "sandbox-demo-login-secret",
		}},
		People: []Person{
			{ID: 500001, Name: "Emma Clarke", Username: "emma_clarke", Language: "en", Role: "organizer"},
			{ID: 500002, Name: "Алексей Морозов", Username: "alexey_morozov", Language: "ru", Role: "organizer"},
			{ID: 500003, Name: "Nadia Brooks", Username: "nadia_brooks", Language: "en", Role: "agent", BoardUID: "51000003"},
			{ID: 500004, Name: "Игорь Лебедев", Username: "igor_lebedev", Language: "ru", Role: "agent", BoardUID: "51000004"},
			{ID: 500005, Name: "Olivia Hart", Username: "olivia_hart", Language: "en", Role: "owner", BoardUID: "51000005"},
			{ID: 500006, Name: "Sam Rivera", Username: "sam_rivera", Language: "en"},
			{ID: 500007, Name: "Dina Yusupova", Username: "dina_yusupova", Language: "en", Role: "dispatcher", Place: "Chukursay"},
			{ID: 500008, Name: "Рустам Каримов", Username: "rustam_karimov", Language: "ru", Role: "dispatcher", Place: "Sergeli"},
			{ID: 500009, Name: "Mary Kim", Username: "mary_kim", Language: "en", Role: "accountant"},
			{ID: 500010, Name: "Daniel Reed", Username: "daniel_reed", Language: "en", Role: "manager"},
			{ID: 500011, Name: "Hanna Berg", Username: "hanna_berg", Language: "en", Role: "client", Place: "Meridian Box Line"},
			{ID: 500012, Name: "Тимур Алиев", Username: "timur_aliev", Language: "ru", Role: "dispatcher", Place: "Keles"},
		},
		Todoist: Todoist{
			Token: "0123456789abcdef0123456789abcdef01234567", ClientSecret: "sandbox-demo-client-secret",
			ProjectID: "6QuaydeskDemo001", UserID: "51000001", UserName: "Quaydesk",
		},
	}
}

// Person gives the person with an id.
func (w World) Person(id int64) (Person, error) {
	for _, p := range w.People {
		if p.ID == id {
			return p, nil
		}
	}
	return Person{}, fmt.Errorf("nobody has the id %d", id)
}

// Collaborators gives the people who work on the demo board, beside its own account.
func (w World) Collaborators() []Person {
	var out []Person
	for _, p := range w.People {
		if p.BoardUID != "" {
			out = append(out, p)
		}
	}
	return out
}
