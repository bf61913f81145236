package records

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	anyTag = regexp.MustCompile(`<(/?)(\w+)[^>]*>`)
	gaps   = regexp.MustCompile(`[ \n]+`)
)

// shown is what a reader of Telegram HTML sees.
func shown(s string) string { return html.UnescapeString(anyTag.ReplaceAllString(s, "")) }

// wellFormed makes sure that tags are closed in the reverse order of their opening.
func wellFormed(t require.TestingT, s string) {
	var open []string
	for _, m := range anyTag.FindAllStringSubmatch(s, -1) {
		if m[1] == "" {
			open = append(open, m[2])
			continue
		}
		require.NotEmpty(t, open, s)
		require.Equal(t, open[len(open)-1], m[2], s)
		open = open[:len(open)-1]
	}
	require.Empty(t, open, s)
}

func TestSplitLosesNothing(t *testing.T) {
	piece := rapid.OneOf(
		rapid.Map(rapid.SampledFrom([]string{" ", "\n", "\n\n", "word ", "&", "<", "&amp;", "👩‍👩‍👧", "שלום ", "é", `"`}), html.EscapeString),
		rapid.Map(rapid.StringN(0, 30, -1), html.EscapeString),
	)
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		var open []string
		for range rapid.IntRange(0, 40).Draw(t, "pieces") {
			switch rapid.IntRange(0, 4).Draw(t, "what") {
			case 0:
				tag := rapid.SampledFrom([]string{"b", "i", "code", `a href="x y"`}).Draw(t, "tag")
				b.WriteString("<" + tag + ">")
				open = append(open, tag)
			case 1:
				if len(open) > 0 {
					b.WriteString("</" + name(open[len(open)-1]) + ">")
					open = open[:len(open)-1]
				}
			default:
				b.WriteString(piece.Draw(t, "text"))
			}
		}
		for len(open) > 0 {
			b.WriteString("</" + name(open[len(open)-1]) + ">")
			open = open[:len(open)-1]
		}
		limit := rapid.IntRange(4, 60).Draw(t, "limit")
		parts := split(b.String(), limit)
		var all string
		for _, p := range parts {
			wellFormed(t, p)
			require.LessOrEqual(t, len(utf16.Encode([]rune(shown(p)))), limit)
			all += shown(p)
		}
		require.Equal(t, gaps.ReplaceAllString(shown(b.String()), ""), gaps.ReplaceAllString(all, ""))
	})
}

func TestSplit(t *testing.T) {
	for name, c := range map[string]struct {
		html  string
		limit int
		parts []string
	}{
		"short":            {"abc", 10, []string{"abc"}},
		"nothing":          {"", 10, []string{""}},
		"exactly":          {"0123456789", 10, []string{"0123456789"}},
		"between words":    {"one two three", 10, []string{"one two", "three"}},
		"between lines":    {"one two\nthree", 10, []string{"one two", "three"}},
		"inside a word":    {"0123456789abc", 10, []string{"0123456789", "abc"}},
		"entities are one": {"&lt;&gt;&amp;&#34;x", 4, []string{"&lt;&gt;&amp;&#34;", "x"}},
		"pairs stay whole": {"ab👍cd", 3, []string{"ab", "👍c", "d"}},
		"tags go on":       {"<b>one <i>two three</i></b>", 10, []string{"<b>one <i>two</i></b>", "<b><i>three</i></b>"}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.parts, split(c.html, c.limit)) })
	}
}
