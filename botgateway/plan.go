package botgateway

import (
	"html"
	"regexp"
	"time"
	"unicode/utf16"

	"quaydesk/botgateway/telegram"
	"quaydesk/domain/chat"
)

// Telegram's limits. Whoever fills the outbox keeps texts within theirs.
const (
	maxCaption = 1024 // UTF-16 code units of what is shown
	maxAlbum   = 10
)

// part is one request of a message: a text, a file or an album.
type part struct {
	html  string
	files []chat.File
	main  bool // has the words and the buttons: what an edit of the message replaces
}

// plan divides a message into requests. It depends on nothing else, so that a later attempt goes on where an earlier one
// stopped. Words go with a lone file or album as its caption when they fit; else they go first, or last when they
// carry the buttons, which an album cannot.
func plan(m chat.Rendered) []part {
	var media []part
	for _, g := range albums(m.Files) {
		media = append(media, part{files: g})
	}
	words := []part{{html: m.HTML, main: true}}
	switch {
	case len(media) == 0:
		return words
	case m.HTML == "" && len(m.Buttons) == 0:
		media[0].main = true
		return media
	case len(media) == 1 && captioned(media[0].files, m):
		media[0].html, media[0].main = m.HTML, true
		return media
	case len(m.Buttons) > 0:
		return append(media, words...)
	default:
		return append(words, media...)
	}
}

// captioned tells whether files sent by one request can carry the message's words and buttons.
func captioned(files []chat.File, m chat.Rendered) bool {
	return shownLength(m.HTML) <= maxCaption && files[0].Kind != chat.VideoNote && (len(files) == 1 || len(m.Buttons) == 0)
}

// albums groups files that Telegram shows together, in their order: photos with videos, documents, audio. The others go
// one by one.
func albums(files []chat.File) [][]chat.File {
	class := func(f chat.File) chat.FileKind {
		switch f.Kind {
		case chat.Photo, chat.Video:
			return chat.Photo
		case chat.Document, chat.Audio:
			return f.Kind
		}
		return ""
	}
	var groups [][]chat.File
	for _, f := range files {
		if n := len(groups) - 1; n >= 0 && class(f) != "" && class(f) == class(groups[n][0]) && len(groups[n]) < maxAlbum {
			groups[n] = append(groups[n], f)
			continue
		}
		groups = append(groups, []chat.File{f})
	}
	return groups
}

// messages is how many messages a part makes.
func (p part) messages() int { return max(len(p.files), 1) }

// time bounds the part's request.
func (p part) time() time.Duration {
	for _, f := range p.files {
		if f.ID == "" {
			return telegram.UploadTimeout
		}
	}
	return telegram.Timeout
}

var tag = regexp.MustCompile(`<[^>]*>`)

// shown is Telegram's HTML as people see it.
func shown(s string) string { return html.UnescapeString(tag.ReplaceAllString(s, "")) }

// shownLength is how long Telegram takes HTML to be: UTF-16 code units of what is shown.
func shownLength(s string) int { return len(utf16.Encode([]rune(shown(s)))) }
