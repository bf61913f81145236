// Package dialog leads people through dialogues that read like the talk itself. One Conversation workflow per chat
// waits on what the person does and runs the dialogues of the modules; a crash or a deploy in the middle loses nothing.
package dialog

import "strconv"

// The Conversation as the gateway reaches it: SignalWithStart of WorkflowName under ID with a chat.Event.
const (
	WorkflowName = "Conversation"
	SignalEvent  = "event" // payload: chat.Event
	TaskQueue    = "quaydesk"
)

// Input starts a Conversation.
type Input struct {
	Bot  int64 `json:"bot"`  // our bots.id
	Chat int64 `json:"chat"` // Telegram chat id
	User int64 `json:"user"` // Telegram user id

}

// ID is the workflow id of a person's conversation: "chat:<bot>:<chat>", in a group
// "chat:<bot>:<chat>:<user>", so that people in one group never answer each other's questions.
func ID(bot, chat, user int64) string {
	id := "chat:" + strconv.FormatInt(bot, 10) + ":" + strconv.FormatInt(chat, 10)
	if chat != user {
		id += ":" + strconv.FormatInt(user, 10)
	}
	return id
}
