package botapi

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestHTML(t *testing.T) {
	tests := []struct {
		in, text string
		entities []Entity
		refusal  string
	}{
		{in: "plain & simple", text: "plain & simple"},
		{in: "&lt;&amp;&gt;&quot;&#39;&#x1F600;&nbsp;", text: "<&>\"'😀&nbsp;"},
		{in: "<b>a<i>b</i></b>", text: "ab", entities: []Entity{{Type: "bold", Offset: 0, Length: 2}, {Type: "italic", Offset: 1, Length: 1}}},
		{in: "😀<STRONG>я</strong >", text: "😀я", entities: []Entity{{Type: "bold", Offset: 2, Length: 1}}},
		{in: `<a href="https://x.org/?a=1&amp;b=2">l</a>`, text: "l", entities: []Entity{{Type: "text_link", Offset: 0, Length: 1, URL: "https://x.org/?a=1&b=2"}}},
		{in: `<pre><code class="language-go">x</code></pre>`, text: "x", entities: []Entity{{Type: "pre", Offset: 0, Length: 1, Language: "go"}}},
		{in: `<blockquote expandable>q</blockquote>`, text: "q", entities: []Entity{{Type: "expandable_blockquote", Offset: 0, Length: 1}}},
		{in: `<span class="tg-spoiler">s</span><tg-spoiler>t</tg-spoiler>`, text: "st", entities: []Entity{{Type: "spoiler", Offset: 0, Length: 1}, {Type: "spoiler", Offset: 1, Length: 1}}},
		{in: "  <b> a </b> ", text: "a", entities: []Entity{{Type: "bold", Offset: 0, Length: 1}}},
		{in: "<b></b>x", text: "x"},
		{in: "<b>x", refusal: `Can't find end tag corresponding to start tag "b"`},
		{in: "x</b>", refusal: "Unexpected end tag at byte offset 1"},
		{in: "я<b>x</i>", refusal: `Unmatched end tag at byte offset 6, expected "</b>", found "</i>"`},
		{in: "1 <2", refusal: "Unclosed start tag at byte offset 2"},
		{in: "<div>x</div>", refusal: `Unsupported start tag "div" at byte offset 0`},
		{in: "<span>x</span>", refusal: `Tag "span" must have class "tg-spoiler" at byte offset 0`},
		{in: `<a href="x`, refusal: "Unclosed start tag at byte offset 0"},
		{in: "<b>x</b", refusal: "Unclosed end tag at byte offset 4"},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			text, es, err := formatted(tt.in, "HTML", "")
			if tt.refusal != "" {
				require.EqualError(t, err, "Bad Request: can't parse entities: "+tt.refusal)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.text, text)
			require.Equal(t, tt.entities, es)
		})
	}
}

func TestEntitiesOfPlainText(t *testing.T) {
	tests := map[string][]Entity{
		"/new@quay_bot now":          {{Type: "bot_command", Offset: 0, Length: 13}},
		"a/b and 1/2":                nil,
		"ask @emma_clarke":           {{Type: "mention", Offset: 4, Length: 12}},
		"mail desk@example.org":      {{Type: "email", Offset: 5, Length: 16}},
		"t.me/x_bot?start=a.":        {{Type: "url", Offset: 0, Length: 18}},
		"http://x.org/@name #harbor": {{Type: "url", Offset: 0, Length: 18}, {Type: "hashtag", Offset: 19, Length: 7}},
	}
	for text, want := range tests {
		_, es, err := formatted(text, "", "")
		require.NoError(t, err)
		require.Equal(t, want, es, text)
	}
	_, es, err := formatted("bold", "", `[{"type":"bold","offset":0,"length":99}]`)
	require.NoError(t, err)
	require.Equal(t, []Entity{{Type: "bold", Offset: 0, Length: 4}}, es, "an entity ends with its text")
}

// Whatever comes in, entities lie within the text, and the text stays valid.
func TestFormattedHoldsTogether(t *testing.T) {
	pieces := []string{"<b>", "</b>", "<i>", "</i>", "<a href='http://x.org'>", "</a>", "<", ">", "&amp;", "&", " ", "\n", "😀", "я", "/cmd", "@name1", "http://y.org"}
	rapid.Check(t, func(t *rapid.T) {
		in := ""
		for range rapid.IntRange(0, 12).Draw(t, "pieces") {
			in += rapid.SampledFrom(pieces).Draw(t, "piece")
		}
		text, es, err := formatted(in, rapid.SampledFrom([]string{"HTML", ""}).Draw(t, "mode"), "")
		if err != nil {
			return
		}
		if !utf8.ValidString(text) {
			t.Fatalf("%q is no valid text", text)
		}
		for _, e := range es {
			if e.Offset < 0 || e.Length < 1 || e.Offset+e.Length > units(text) {
				t.Fatalf("%+v is not within %q", e, text)
			}
		}
	})
}
