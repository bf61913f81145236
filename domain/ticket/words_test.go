package ticket_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

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

func TestSubjectFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		subject := Subject(rapid.String().Draw(t, "text"))
		require.LessOrEqual(t, utf8.RuneCountInString(subject), 60)
		require.True(t, utf8.ValidString(subject))
		require.NotContains(t, subject, "\n")
	})
}
