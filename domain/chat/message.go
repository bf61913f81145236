package chat

// Message is something to be said in a chat.
type Message struct {
	Text    Text       `json:"text"`
	Files   []File     `json:"files,omitempty"` // two or more photos and videos, or documents, go as an album
	Buttons [][]Button `json:"buttons,omitempty"`
	ReplyTo int        `json:"reply_to,omitempty"` // a message id of the same chat; ignored when it is gone
}

// Button is an inline button: it either leads to URL or brings Action and Arg back in an Event. What travels through
// Telegram is only a short token bound to the message.
type Button struct {
	Label  Text   `json:"label"`
	Action string `json:"action,omitempty"` // "<module>.<verb>", e.g. "desk.take"
	Arg    string `json:"arg,omitempty"`
	URL    string `json:"url,omitempty"`
}

// Outgoing is a message on its way into the outbox.
type Outgoing struct {
	Key     string  `json:"key"` // idempotency key, unique within the bot: a second row with it is dropped
	Chat    int64   `json:"chat"`
	Lang    string  `json:"lang,omitempty"` // the reader's language; empty means the language of the chat's person
	Message Message `json:"message"`
	About   string  `json:"about,omitempty"`  // what it is about, "ticket:12": a reply to it is about the same
	Edits   string  `json:"edits,omitempty"`  // key of the row whose message this one replaces; empty: a new message
	Closes  bool    `json:"closes,omitempty"` // with Edits: keeps that message's words, adds the text below, takes its buttons
	Bulk    bool    `json:"bulk,omitempty"`   // gives way to interactive messages, and is not sent again when in doubt
}

// Turn is what a conversation writes together with a change of the domain, in one transaction: who acted, the
// operation's key, the messages that go with it, and the outcome for the journal.
type Turn struct {
	Op      string     `json:"op"`      // operation key; a second run with it changes nothing and gives the first result
	Bot     int64      `json:"bot"`     // our bots.id
	Updates []int64    `json:"updates"` // the updates this turn handles: their journal rows get Outcome
	Chat    int64      `json:"chat"`
	User    int64      `json:"user"` // Telegram user id of who acted
	Outcome string     `json:"outcome"`
	Out     []Outgoing `json:"out,omitempty"`
}

// Rendered is a Message in the reader's language, as it lies in the outbox.
type Rendered struct {
	HTML    string             `json:"html"` // Telegram's HTML; what people typed is escaped
	Files   []File             `json:"files,omitempty"`
	Buttons [][]RenderedButton `json:"buttons,omitempty"`
	ReplyTo int                `json:"reply_to,omitempty"`
}

// RenderedButton is a Button with its label in the reader's language.
type RenderedButton struct {
	Label  string `json:"label"`
	Action string `json:"action,omitempty"`
	Arg    string `json:"arg,omitempty"`
	URL    string `json:"url,omitempty"`
}
