package records

import (
	"html"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// messageUnits is how long a text may be, in UTF-16 units after its entities are parsed.
const messageUnits = 4096

// split cuts Telegram HTML into parts of at most limit UTF-16 units of text, between lines or words where it can, never
// inside a tag or an entity. Tags that are open at a cut are closed there and opened again in the next part. There is
// always one part.
func split(s string, limit int) []string {
	var parts []string
	for {
		end, open := fitting(s, limit)
		if end == len(s) {
			return append(parts, s)
		}
		part := strings.TrimRight(s[:end], " \n")
		for _, tag := range slices.Backward(open) {
			part += "</" + name(tag) + ">"
		}
		parts = append(parts, part)
		s = strings.Join(open, "") + strings.TrimLeft(s[end:], " \n")
	}
}

// fitting gives how many bytes of s make a part, and the tags that are open there.
func fitting(s string, limit int) (int, []string) {
	type cut struct {
		at   int
		open []string
	}
	var (
		units             int
		open              []string
		line, word, point cut // the last places to cut at, and how good they are
		lineAt, wordAt    int // units before them
	)
	for i := 0; i < len(s); {
		size, n := token(s[i:])
		if n > 0 {
			point = cut{i, slices.Clone(open)}
			switch s[i] {
			case '\n':
				line, lineAt = point, units
			case ' ':
				word, wordAt = point, units
			}
			if units += n; units > limit {
				switch {
				case lineAt > limit/2:
					return line.at, line.open
				case wordAt > limit/2:
					return word.at, word.open
				default:
					return point.at, point.open
				}
			}
		} else if tag := s[i : i+size]; strings.HasPrefix(tag, "</") {
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		} else {
			open = append(open, tag)
		}
		i += size
	}
	return len(s), nil
}

// token gives the bytes of the tag, entity or character that s begins with, and its UTF-16 units: 0 for a tag.
func token(s string) (size, units int) {
	switch s[0] {
	case '<':
		if end := strings.IndexByte(s, '>'); end > 0 {
			return end + 1, 0
		}
	case '&':
		if end := strings.IndexByte(s, ';'); end > 0 {
			if text := html.UnescapeString(s[:end+1]); text != s[:end+1] {
				return end + 1, len(utf16.Encode([]rune(text)))
			}
		}
	}
	r, size := utf8.DecodeRuneInString(s)
	return size, max(1, utf16.RuneLen(r))
}

// name is the name of an opening tag.
func name(tag string) string {
	tag, _, _ = strings.Cut(strings.Trim(tag, "<>"), " ")
	return tag
}
