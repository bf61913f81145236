// Package chat holds the words that the gateway and the conversations share: what a person did (Event), what is to
// be said (Message, Outgoing, Turn) and the language-free text it is made of (Text). It knows neither Telegram's
// types nor any module.
package chat

import (
	"fmt"
	"time"
)

// Kind is the sort of thing a person did.
type Kind string

// The kinds of events that reach a conversation.
const (
	Sent      Kind = "sent"      // a new message
	Edited    Kind = "edited"    // an earlier message, with its new content
	Pressed   Kind = "pressed"   // an inline button
	Blocked   Kind = "blocked"   // the person blocked the bot, or removed it from the group
	Unblocked Kind = "unblocked" // the person let the bot in again
)

// Event is one thing a person did in a chat, read from one Telegram update.
type Event struct {
	Bot     int64     `json:"bot"`    // our bots.id
	Update  int64     `json:"update"` // Telegram's update id: with Bot the cause of all that follows
	Chat    int64     `json:"chat"`   // Telegram chat id
	Private bool      `json:"private"`
	User    User      `json:"user"`
	Kind    Kind      `json:"kind"`
	At      time.Time `json:"at"`      // when Telegram says it happened; for presses, when it reached us
	Message int       `json:"message"` // id of the message sent, edited, or whose button was pressed

	Text    string `json:"text,omitempty"`    // text or caption, as typed; for a command, what follows it
	Command string `json:"command,omitempty"` // "new" for "/new" or "/new@thisbot"; lower case
	Files   []File `json:"files,omitempty"`
	Album   string `json:"album,omitempty"` // media group id: the parts come as events of their own
	Other   string `json:"other,omitempty"` // what it was when neither text nor file: "sticker", "location", …
	About   string `json:"about,omitempty"` // what the message replied to is about: "ticket:12"; "" when no reply or unknown
	ReplyTo int    `json:"reply_to,omitempty"`

	Action string `json:"action,omitempty"` // of the button pressed; "" when it is stale, foreign or made up
	Arg    string `json:"arg,omitempty"`    // the button's argument
}

// Cause names the update that led to whatever follows, unique over all bots: "u:<bot>:<update>".
func (e Event) Cause() string { return fmt.Sprintf("u:%d:%d", e.Bot, e.Update) }

// User is the Telegram account behind an event.
type User struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`               // first and last name
	Username string `json:"username,omitempty"` // without @
	Language string `json:"language,omitempty"` // IETF tag as Telegram gives it, may be empty
}

// FileKind is how Telegram shows a file; it decides the method that sends it.
type FileKind string

// The kinds of files a message can carry.
const (
	Photo     FileKind = "photo"
	Document  FileKind = "document"
	Voice     FileKind = "voice"
	Audio     FileKind = "audio"
	Video     FileKind = "video"
	VideoNote FileKind = "video_note"
	Animation FileKind = "animation"
)

// File names a file where it lies; the bytes are fetched only when needed.
type File struct {
	Kind FileKind `json:"kind"`
	ID   string   `json:"id,omitempty"`  // Telegram's file_id, valid for the bot that saw it
	Ref  string   `json:"ref,omitempty"` // a file elsewhere: "todoist:<file_url>"; the sender opens it through its source
	Name string   `json:"name,omitempty"`
	Type string   `json:"type,omitempty"` // MIME type
	Size int64    `json:"size,omitempty"` // bytes, 0 when unknown
}
