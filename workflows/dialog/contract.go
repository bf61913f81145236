// Package dialog leads people through dialogues that read like the talk itself. One Conversation workflow per chat
// waits on what the person does and runs the dialogues of the modules; a crash or a deploy in the middle loses nothing.
//
// A dialogue is a function of the answers given so far. The conversation records every answer, and for each new one it
// runs the function again from the top: steps that are answered return at once, the first that is not sends its prompt
// and ends the run. Going back is dropping the last answer, an edited message is another answer in its place, a draft
// and continue-as-new carry the answers; all of it is the same run.
package dialog

import "strconv"

// The Conversation as the gateway reaches it: SignalWithStart of WorkflowName under ID with a chat.Event.
const (
	WorkflowName = "Conversation"
	SignalEvent  = "event" // payload: chat.Event
	QueryStep    = "step"  // answers a Where
	TaskQueue    = "quaydesk"
)

// Input starts a Conversation. The gateway leaves Open and Seen empty; a conversation that continues as new fills them.
type Input struct {
	Bot  int64 `json:"bot"`  // our bots.id
	Chat int64 `json:"chat"` // Telegram chat id
	User int64 `json:"user"` // Telegram user id

	Open *Open   `json:"open,omitempty"` // the dialogue in progress
	Seen []int64 `json:"seen,omitempty"` // updates taken lately: a repeat of one is dropped
}

// Where answers QueryStep: names only, never a person's words. Both are empty while no dialogue is open.
type Where struct {
	Dialogue string `json:"dialogue"`
	Step     string `json:"step"`
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
