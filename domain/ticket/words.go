package ticket

import (
	"strings"
	"unicode/utf16"

	"quaydesk/domain/chat"
)

const (
	subjectLimit = 60   // characters
	pageLimit    = 3500 // UTF-16 units: what Telegram takes in one message (4096), less our own words around it
	albumLimit   = 10   // files in one album
)

// Subject gives the first words of what happened, at most 60 characters of its first line; "" for files without words.
func Subject(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return Clip(strings.Join(strings.Fields(line), " "), subjectLimit)
}

// Clip cuts a text to at most limit characters, between words where it can, with "…" for what is gone.
func Clip(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	cut := string(runes[:limit-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ") + "…"
}

// Pages cuts a text into pieces that fit into a message each, between lines or words where it can. There is always
// one, if only "".
func Pages(text string) []string {
	text = strings.TrimSpace(text)
	var pages []string
	for {
		end := fitting(text)
		if end == len(text) {
			return append(pages, text)
		}
		if i := strings.LastIndexAny(text[:end], "\n"); i > end/2 {
			end = i
		} else if i := strings.LastIndexAny(text[:end], " "); i > end/2 {
			end = i
		}
		pages = append(pages, strings.TrimSpace(text[:end]))
		text = strings.TrimSpace(text[end:])
	}
}

// fitting gives how many bytes of a text fit on a page.
func fitting(text string) int {
	units := 0
	for i, r := range text {
		if units += utf16.RuneLen(r); units > pageLimit {
			return i
		}
	}
	return len(text)
}

// Albums groups files as Telegram can send them together: photos with videos and documents among themselves, in the
// order they came, at most ten; everything else on its own.
func Albums(files []chat.File) [][]chat.File {
	var albums [][]chat.File
	for _, f := range files {
		if n := len(albums); n > 0 && len(albums[n-1]) < albumLimit && together(albums[n-1][0].Kind, f.Kind) {
			albums[n-1] = append(albums[n-1], f)
			continue
		}
		albums = append(albums, []chat.File{f})
	}
	return albums
}

func together(a, b chat.FileKind) bool {
	pictures := func(k chat.FileKind) bool { return k == chat.Photo || k == chat.Video }
	return pictures(a) && pictures(b) || a == chat.Document && b == chat.Document
}
