package records

import (
	"context"
	"fmt"
	"strconv"
	"time"
	_ "time/tzdata" // workspaces and terminals name their time zone, and a small container has no zones of its own

	"quaydesk/domain/chat"
	"quaydesk/store"
)

// enqueue puts messages of a bot into the outbox, rendered for their readers, in order and within tx. It is for messages
// besides the turn's own: to other people, or such as only the activity can word.
func (r *Records) enqueue(ctx context.Context, tx *store.Tx, bot int64, out ...chat.Outgoing) error {
	rows, err := r.rows(ctx, tx, bot, out)
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, bot, rows...)
}

// rows renders messages, each for its reader. Languages and time zones are looked up only when a message needs them.
func (r *Records) rows(ctx context.Context, tx *store.Tx, bot int64, out []chat.Outgoing) ([]store.Row, error) {
	var chats []int64
	for _, o := range out {
		if o.Lang == "" || tells(o.Message) {
			chats = append(chats, o.Chat)
		}
	}
	var readers map[int64]store.Reader
	if len(chats) > 0 {
		var err error
		if readers, err = tx.Readers(ctx, bot, chats); err != nil {
			return nil, err
		}
	}
	var rows []store.Row
	for _, o := range out {
		lang, reader := o.Lang, readers[o.Chat]
		if lang == "" {
			lang = reader.Lang
		}
		zone, err := time.LoadLocation(reader.Zone) // "" is UTC, and then there is no moment to show
		if err != nil {
			return nil, fmt.Errorf("time zone of a reader: %w", err)
		}
		rows = append(rows, r.render(lang, zone, o)...)
	}
	return rows, nil
}

// render gives the rows of a message: one, or "<key>", "<key>#2"… when its text is longer than Telegram takes. Files and
// buttons go with the last. An edit of a message in parts edits part by part; parts it no longer has are emptied.
func (r *Records) render(lang string, zone *time.Location, o chat.Outgoing) []store.Row {
	words := r.texts.HTML(lang, zone, o.Message.Text)
	row := store.Row{Chat: o.Chat, Key: o.Key, Edits: o.Edits, Closes: o.Closes, About: o.About, Bulk: o.Bulk}
	if o.Closes {
		row.Message.HTML = words
		return []store.Row{row}
	}
	if words == "" && len(o.Message.Files) == 0 {
		return nil
	}
	var rows []store.Row
	for i, part := range split(words, messageUnits) {
		row.Message = chat.Rendered{HTML: part}
		if i > 0 {
			n := "#" + strconv.Itoa(i+1)
			row.Key = o.Key + n
			if o.Edits != "" {
				row.Edits = o.Edits + n
			}
		}
		rows = append(rows, row)
	}
	if o.Edits != "" {
		for _, row := range rows {
			rows[0].Parts = append(rows[0].Parts, row.Edits)
		}
	}
	rows[0].Message.ReplyTo = o.Message.ReplyTo
	last := &rows[len(rows)-1].Message
	last.Files = o.Message.Files
	for _, line := range o.Message.Buttons {
		var buttons []chat.RenderedButton
		for _, b := range line {
			buttons = append(buttons, chat.RenderedButton{
				Label: r.texts.Label(lang, zone, b.Label), Action: b.Action, Arg: b.Arg, URL: b.URL})
		}
		last.Buttons = append(last.Buttons, buttons)
	}
	return rows
}

// tells whether a moment is shown anywhere in a message.
func tells(m chat.Message) bool {
	if timed(m.Text) {
		return true
	}
	for _, line := range m.Buttons {
		for _, b := range line {
			if timed(b.Label) {
				return true
			}
		}
	}
	return false
}

func timed(t chat.Text) bool {
	if t.Time != nil {
		return true
	}
	for _, arg := range t.Args {
		if timed(arg) {
			return true
		}
	}
	for _, line := range t.Lines {
		if timed(line) {
			return true
		}
	}
	return false
}
