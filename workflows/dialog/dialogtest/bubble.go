package dialogtest

import (
	"html"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"quaydesk/domain/chat"
	"quaydesk/texts"
)

// Bubble is a message of the bot's as it stands in the chat.
type Bubble struct {
	t       testing.TB
	words   *texts.Catalogue
	key     string // of the row it was sent by
	lang    string
	buttons []chat.Button
	first   []chat.Button // as it was sent

	Message int // Telegram's id
	HTML    string
	About   string
	Files   []chat.File
}

var tag = regexp.MustCompile(`<[^>]*>`)

// Text is what the message says, without markup.
func (b *Bubble) Text() string { return html.UnescapeString(tag.ReplaceAllString(b.HTML, "")) }

// Reads makes sure of the whole text, as it stands by now.
func (b *Bubble) Reads(text string) *Bubble {
	b.t.Helper()
	require.Equal(b.t, text, b.Text())
	return b
}

// Offers makes sure of the buttons that the message has by now, in order.
func (b *Bubble) Offers(labels ...string) *Bubble {
	b.t.Helper()
	var have []string
	for i, button := range b.buttons {
		label := b.words.Label(b.lang, time.UTC, button.Label)
		if i < len(labels) && b.same(button, labels[i]) {
			label = labels[i] // signs around the words make no difference
		}
		have = append(have, label)
	}
	require.Equal(b.t, labels, have)
	return b
}

// Had is how many buttons the message had when it was sent.
func (b *Bubble) Had() int { return len(b.first) }

// String is the message as it stands, with its buttons in brackets.
func (b *Bubble) String() string {
	s := b.Text()
	for _, button := range b.buttons {
		s += " [" + b.words.Label(b.lang, time.UTC, button.Label) + "]"
	}
	return s
}

// same tells whether a button has a label, signs around its words aside.
func (b *Bubble) same(button chat.Button, label string) bool {
	return b.words.Same(button.Label, label)
}

// tell brings one message into the chat.
func (k *Talk) tell(o chat.Outgoing) {
	repeated := slices.Contains(k.keys, o.Key)
	if k.keys = append(k.keys, o.Key); repeated || o.Chat != k.chat() {
		return
	}
	lang := o.Lang
	if lang == "" {
		lang = k.records.person.Lang
	}
	words := k.words.HTML(lang, time.UTC, o.Message.Text)
	buttons := slices.Concat(o.Message.Buttons...)
	i := slices.IndexFunc(k.bubbles, func(b *Bubble) bool { return b.key == o.Edits })
	switch {
	case o.Closes && i >= 0:
		if words != "" {
			k.bubbles[i].HTML += "\n\n" + words
		}
		k.bubbles[i].buttons = nil
	case o.Closes:
	case o.Edits != "" && i >= 0:
		k.bubbles[i].HTML, k.bubbles[i].buttons, k.bubbles[i].lang = words, buttons, lang
	default:
		k.message++
		k.bubbles = append(k.bubbles, &Bubble{
			t: k.t, words: k.words, key: o.Key, lang: lang, buttons: buttons, first: buttons,
			Message: k.message, HTML: words, About: o.About, Files: o.Message.Files,
		})
	}
}
