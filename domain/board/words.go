package board

import (
	"fmt"
	"strings"

	"quaydesk/domain/chat"
	"quaydesk/domain/ticket"
)

const (
	descriptionLimit = 15_000 // characters; Todoist takes 16,383, and our own lines stand below
	noteLimit        = 14_000 // Todoist takes 15,000

	// FileLimit is the size in bytes up to which Telegram hands a file out.
	FileLimit = 20 << 20
)

// Title is the task's title: the number that people say, and the subject.
func Title(t ticket.Ticket) string {
	return strings.TrimSpace(fmt.Sprintf("#%d %s", t.Number, t.Subject))
}

// Description tells below the title what happened, who says so, and the number to find it by.
func Description(t ticket.Ticket, first ticket.Comment) string {
	facts := fmt.Sprintf("From: %s\nCategory: %s\nTicket #%d", t.Organizer.Name, t.Category, t.Number)
	if first.Text == "" {
		return facts
	}
	return cut(first.Text, descriptionLimit) + "\n\n" + facts
}

// Note is a comment's words on the board, where all notes stand under the one account's name.
func Note(c ticket.Comment) string {
	text := strings.TrimSpace(cut(c.Text, noteLimit))
	if c.Side == ticket.Note {
		return strings.TrimSpace(fmt.Sprintf("// %s: %s", c.Author.Name, text))
	}
	return strings.TrimSpace(fmt.Sprintf("**%s:** %s", c.Author.Name, text))
}

// Left is the line for a file that does not come to the board.
func Left(f chat.File) string {
	name := f.Name
	if name == "" {
		name = string(f.Kind)
	}
	if f.Size == 0 {
		return fmt.Sprintf("[%s: the file stays in Telegram]", name)
	}
	return fmt.Sprintf("[%s, %.1f MB: the file stays in Telegram]", name, float64(f.Size)/(1<<20))
}

// Read takes a person's note: one that begins with // is for staff only.
func Read(content string) (text string, side ticket.Side) {
	content = strings.TrimSpace(content)
	if rest, ok := strings.CutPrefix(content, "//"); ok {
		return strings.TrimSpace(rest), ticket.Note
	}
	return content, ticket.FromAgent
}

// cut gives at most limit characters of a text, with "…" for what is gone.
func cut(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}
