package ticket_test

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"quaydesk/domain/chat"
	. "quaydesk/domain/ticket"
)

func TestSubject(t *testing.T) {
	long := "The turnstile at the north entrance does not read badges any more since morning"
	for text, want := range map[string]string{
		"":                              "",
		"  \n ":                         "",
		"Badge is dead":                 "Badge is dead",
		"\n Badge  is\tdead \nand more": "Badge is dead",
		long:                            "The turnstile at the north entrance does not read badges…",
		strings.Repeat("щ", 61):         strings.Repeat("щ", 59) + "…",
		strings.Repeat("🙂", 60):         strings.Repeat("🙂", 60),
	} {
		require.Equal(t, want, Subject(text))
	}
}

func TestPages(t *testing.T) {
	require.Equal(t, []string{""}, Pages(""))
	require.Equal(t, []string{"short"}, Pages(" short\n"))
	require.Equal(t, []string{strings.Repeat("a", 3500), "b"}, Pages(strings.Repeat("a", 3500)+"b"))

	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`(🙂|щ|a|مرحبا| |\n){1,40}`), 0, 400).Draw(t, "words")
		text := strings.Join(words, " ")
		pages := Pages(text)
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		require.Equal(t, bare(text), bare(strings.Join(pages, "")), "no word is lost")
		for _, p := range pages {
			require.LessOrEqual(t, len(utf16.Encode([]rune(p))), 3500)
			require.True(t, utf8.ValidString(p))
			require.True(t, len(pages) == 1 || p != "")
		}
	})
}

func TestAlbums(t *testing.T) {
	f := func(kinds ...chat.FileKind) (files []chat.File) {
		for _, k := range kinds {
			files = append(files, chat.File{Kind: k})
		}
		return files
	}
	require.Empty(t, Albums(nil))
	require.Equal(t, [][]chat.File{f(chat.Photo, chat.Video), f(chat.Document, chat.Document), f(chat.Voice), f(chat.Voice), f(chat.Photo)},
		Albums(f(chat.Photo, chat.Video, chat.Document, chat.Document, chat.Voice, chat.Voice, chat.Photo)))

	eleven := Albums(f(chat.Photo, chat.Photo, chat.Photo, chat.Photo, chat.Photo, chat.Photo, chat.Photo, chat.Photo, chat.Photo, chat.Photo, chat.Photo))
	require.Len(t, eleven, 2)
	require.Len(t, eleven[0], 10)
}
