package botapi

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
)

// formatted reads a text with its markup: as HTML, as plain text with entities, or plain. Spaces around it go, and
// what Telegram makes a link by itself becomes an entity.
func formatted(text, mode string, entities string) (string, []Entity, error) {
	if len(text) > 1<<15 {
		return "", nil, badRequest("text is too long")
	}
	var es []Entity
	switch strings.ToLower(mode) {
	case "", "none":
		if entities != "" {
			if err := json.Unmarshal([]byte(entities), &es); err != nil {
				return "", nil, badRequest("can't parse MessageEntity: expected an Array of MessageEntity")
			}
		}
	case "html":
		var err error
		if text, es, err = parseHTML(text); err != nil {
			return "", nil, err
		}
	case "markdown", "markdownv2":
		return "", nil, badRequest("parse_mode %s is not known to the sandbox", mode)
	default:
		return "", nil, badRequest("unsupported parse_mode")
	}
	text, es = trimmed(text, es)
	es = append(es, found(text, es)...)
	sortEntities(es)
	return text, es, nil
}

// trimmed takes the space around a text away and moves its entities along.
func trimmed(text string, es []Entity) (string, []Entity) {
	left := strings.TrimLeftFunc(text, unicode.IsSpace)
	shift := units(text[:len(text)-len(left)])
	text = strings.TrimRightFunc(left, unicode.IsSpace)
	size := units(text)
	var kept []Entity
	for _, e := range es {
		from, to := max(e.Offset-shift, 0), min(e.Offset-shift+e.Length, size)
		if from < to {
			e.Offset, e.Length = from, to-from
			kept = append(kept, e)
		}
	}
	return text, kept
}

// linkShapes are the parts of a text that Telegram marks by itself, the stronger ones first.
var linkShapes = []struct {
	kind  string
	shape *regexp.Regexp
}{
	{"url", regexp.MustCompile(`(?i)\b(?:https?://[^\s<>"']*[^\s<>"'.,!?:;)]|t\.me/[^\s<>"']*[^\s<>"'.,!?:;)])`)},
	{"email", regexp.MustCompile(`\b[\w.+-]+@[\w-]+\.[A-Za-z]{2,}\b`)},
	{"mention", regexp.MustCompile(`\B@[A-Za-z]\w{3,31}\b`)},
	{"bot_command", regexp.MustCompile(`(?:^|[\s(])(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?)\b`)},
	{"hashtag", regexp.MustCompile(`(?:^|\s)(#[\p{L}\d_]*[\p{L}_][\p{L}\d_]*)`)},
}

// found gives the entities that Telegram finds in a text by itself, outside of links and code.
func found(text string, taken []Entity) []Entity {
	var out []Entity
	free := func(from, to int) bool {
		for _, e := range append(taken[:len(taken):len(taken)], out...) {
			switch e.Type {
			case "code", "pre", "text_link", "url", "email", "mention", "bot_command", "hashtag":
				if from < e.Offset+e.Length && e.Offset < to {
					return false
				}
			}
		}
		return true
	}
	if !strings.ContainsAny(text, "/@#.") {
		return nil
	}
	for _, l := range linkShapes {
		for _, m := range l.shape.FindAllStringSubmatchIndex(text, -1) {
			m = m[len(m)-2:]
			from, to := units(text[:m[0]]), units(text[:m[1]])
			if free(from, to) {
				out = append(out, Entity{Type: l.kind, Offset: from, Length: to - from})
			}
		}
	}
	return out
}
