package records

import (
	"context"
	"encoding/json"

	"quaydesk/domain/chat"
	"quaydesk/domain/people"
	"quaydesk/store"
)

// Opening asks OpenChat for what a conversation needs before it begins something new.
type Opening struct {
	Event chat.Event `json:"event"`
	Run   string     `json:"run"` // first run id of the workflow
}

// Opened is what OpenChat knows.
type Opened struct {
	Person  people.Person `json:"person"`
	Modules []string      `json:"modules"` // enabled for the bot
	Drafts  []string      `json:"drafts"`  // dialogues this person left unfinished in this chat
	Repeat  bool          `json:"repeat"`  // an earlier run has dealt with this event
}

// OpenChat makes or refreshes the person and the chat of an event.
func (r *Records) OpenChat(ctx context.Context, in Opening) (Opened, error) {
	var m store.Meeting
	err := r.store.Tx(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.Meet(ctx, in.Event, in.Run)
		return err
	})
	if err != nil {
		return Opened{}, err
	}
	return Opened{Person: m.Person, Modules: m.Modules, Drafts: m.Drafts, Repeat: m.Run != in.Run}, nil
}

// Say writes a turn that changes nothing of the domain: its messages and its outcome. A repeat changes nothing, for the
// messages have keys of their own.
func (r *Records) Say(ctx context.Context, turn chat.Turn) error {
	return r.store.Tx(ctx, func(tx *store.Tx) error { return r.finish(ctx, tx, turn, store.End{}) })
}

// LanguageChoice is the language a person chose.
type LanguageChoice struct {
	Workspace int64  `json:"workspace"`
	Person    int64  `json:"person"`
	Lang      string `json:"lang"` // "en" or "ru"
}

// SetLanguage keeps the language a person chose; Telegram's setting no longer changes it.
func (r *Records) SetLanguage(ctx context.Context, turn chat.Turn, in LanguageChoice) (struct{}, error) {
	return once(ctx, r, turn, func(tx *store.Tx) (struct{}, error) {
		var none struct{}
		p, err := tx.Person(ctx, in.Workspace, in.Person)
		if err != nil {
			return none, err
		}
		if err := tx.SetLanguage(ctx, in.Workspace, in.Person, in.Lang); err != nil {
			return none, err
		}
		return none, tx.Audit(ctx, store.Change{
			Workspace: in.Workspace, Person: p.ID, Op: turn.Op, Action: "people.language", About: people.About(p.ID),
			Before: map[string]string{"lang": p.Lang}, After: map[string]string{"lang": in.Lang},
		})
	})
}

// Draft is a dialogue left unfinished.
type Draft struct {
	Dialogue string          `json:"dialogue"`
	Answers  json.RawMessage `json:"answers,omitempty"` // the conversation's to read; null when there is no draft
}

// SaveDraft keeps a dialogue that is left unfinished by the turn's user.
func (r *Records) SaveDraft(ctx context.Context, turn chat.Turn, in Draft) (struct{}, error) {
	return once(ctx, r, turn, func(tx *store.Tx) (struct{}, error) {
		return struct{}{}, tx.SaveDraft(ctx, draftOf(turn, in.Dialogue), in.Answers)
	})
}

// TakeDraft gives the draft of a dialogue and forgets it.
func (r *Records) TakeDraft(ctx context.Context, turn chat.Turn, dialogue string) (Draft, error) {
	return once(ctx, r, turn, func(tx *store.Tx) (Draft, error) {
		answers, err := tx.TakeDraft(ctx, draftOf(turn, dialogue))
		return Draft{Dialogue: dialogue, Answers: answers}, err
	})
}

func draftOf(turn chat.Turn, dialogue string) store.Draft {
	return store.Draft{Bot: turn.Bot, Chat: turn.Chat, User: turn.User, Dialogue: dialogue}
}
