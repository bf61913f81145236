package texts_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/chat"
	"quaydesk/texts"
)

func TestHTML(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	require.NoError(t, err)
	at := chat.At(time.Date(2026, 7, 1, 21, 30, 0, 0, time.UTC))
	for name, c := range map[string]struct {
		text   chat.Text
		en, ru string
	}{
		"a key":                   {chat.T("dialog.cancelled"), "Cancelled.", "Отменено."},
		"nothing":                 {chat.Text{}, "", ""},
		"words are escaped":       {chat.Plain(`<b>&"`), "&lt;b&gt;&amp;&#34;", "&lt;b&gt;&amp;&#34;"},
		"arguments are escaped":   {chat.T("dialog.answered", "Answer", "<i>"), "✓ &lt;i&gt;", "✓ &lt;i&gt;"},
		"templates are not run":   {chat.T("dialog.answered", "Answer", "{{.Count}}"), "✓ {{.Count}}", "✓ {{.Count}}"},
		"texts are arguments":     {chat.T("dialog.answered", "Answer", chat.T("dialog.drop")), "✓ Drop it", "✓ Бросить"},
		"moments are in the zone": {at, "2 Jul 2026, 00:30", "02.07.2026 00:30"},
		"amounts":                 {chat.Sum("-1234567.50 UZS"), "\u22121,234,567.50\u00a0UZS", "\u22121\u00a0234\u00a0567,50\u00a0UZS"},
		"one":                     {chat.T("dialog.added", "Count", 21), "Got it, 21 messages so far. Send more if you like, or press “Done”.", "Принято: 21 сообщение. Пришлите ещё или нажмите «Готово»."},
		"few":                     {chat.T("dialog.added", "Count", 3), "Got it, 3 messages so far. Send more if you like, or press “Done”.", "Принято: 3 сообщения. Пришлите ещё или нажмите «Готово»."},
		"many":                    {chat.T("dialog.added", "Count", 11), "Got it, 11 messages so far. Send more if you like, or press “Done”.", "Принято: 11 сообщений. Пришлите ещё или нажмите «Готово»."},
		"lines":                   {chat.Lines(chat.Plain("a"), chat.Text{}, chat.Plain("b")), "a\n\nb", "a\n\nb"},
		"a missing key":           {chat.Text{Key: "no.such <key>"}, "no.such &lt;key&gt;", "no.such &lt;key&gt;"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.en, texts.New().HTML("en", kyiv, c.text))
			require.Equal(t, c.ru, texts.New().HTML("ru", kyiv, c.text))
			require.Equal(t, c.en, texts.New().HTML("xx", kyiv, c.text), "an unknown language")
		})
	}
}

func TestLabelsAreThePersonsWords(t *testing.T) {
	catalogue := texts.New()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.String().Draw(t, "words")
		require.Equal(t, words, catalogue.Label("en", time.UTC, chat.Plain(words)))
	})
}

func TestSame(t *testing.T) {
	catalogue := texts.New()
	for typed, same := range map[string]bool{
		"cancel": true, "✕ Cancel": true, "  CANCEL! ": true, "отмена": true, "ОТМЕНА": true,
		"": false, "✕": false, "cance": false, "cancel it": false,
	} {
		require.Equal(t, same, catalogue.Same(chat.T("dialog.cancel"), typed), typed)
	}
	require.True(t, catalogue.Same(chat.Plain("👍"), "👍"))
	require.False(t, catalogue.Same(chat.Plain("👍"), "👎"))
}
