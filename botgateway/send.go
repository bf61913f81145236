package botgateway

import (
	"context"
	"errors"
	"io"

	"quaydesk/botgateway/telegram"
	"quaydesk/domain/chat"
)

var errNotEditable = errors.New("the new words do not fit into the old message")

// sourceError says that a file could not be opened where it lies.
type sourceError struct{ err error }

func (e *sourceError) Error() string { return "open a file: " + e.err.Error() }
func (e *sourceError) Unwrap() error { return e.err }

// deliver makes the requests that the row still needs, and counts in the job what they brought.
func (s *sender) deliver(ctx context.Context, b *bot, j *job) error {
	if j.Edit && j.Parts == 0 {
		err := edit(ctx, b.api, j)
		if err == nil || treat(err) != asNew {
			return err
		}
	}
	j.anew = j.Edit
	for j.Parts < len(j.parts) {
		ids, err := s.sendPart(ctx, b.api, j, j.parts[j.Parts])
		if err != nil {
			return err
		}
		j.MessageIDs = append(j.MessageIDs, ids...)
		j.Parts++
	}
	return nil
}

// post is what is sent for words of the row; main words have the buttons.
func (j *job) post(html string, main bool) telegram.Post {
	p := telegram.Post{Chat: j.Chat, HTML: html}
	if !main {
		return p
	}
	n := 0
	for _, row := range j.Message.Buttons {
		var buttons []telegram.Button
		for _, b := range row {
			out := telegram.Button{Text: b.Label, URL: b.URL}
			if b.URL == "" {
				out.Data = token(j.ID, n)
			}
			n++
			buttons = append(buttons, out)
		}
		p.Buttons = append(p.Buttons, buttons)
	}
	return p
}

// plainly makes a request with a post, and once more without formatting if Telegram cannot read that.
func plainly(p telegram.Post, request func(telegram.Post) error) error {
	err := request(p)
	if err != nil && treat(err) == asPlain {
		p.HTML, p.Plain = shown(p.HTML), true
		err = request(p)
	}
	return err
}

func (s *sender) sendPart(ctx context.Context, api *telegram.Client, j *job, part part) (ids []int64, err error) {
	post := j.post(part.html, part.main)
	if j.Parts == 0 {
		post.ReplyTo = j.Message.ReplyTo
	}
	err = plainly(post, func(post telegram.Post) error {
		media, closeAll, err := s.open(ctx, part.files)
		if err != nil {
			return err
		}
		defer closeAll()
		var id int64
		switch len(media) {
		case 0:
			id, err = api.SendText(ctx, post)
		case 1:
			id, err = api.SendMedia(ctx, post, media[0])
		default:
			ids, err = api.SendAlbum(ctx, post, media)
			return err
		}
		ids = []int64{id}
		return err
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// open gets files ready to be sent; those that are not Telegram's are read while they are uploaded.
func (s *sender) open(ctx context.Context, files []chat.File) (media []telegram.Media, closeAll func(), err error) {
	var bodies []io.Closer
	closeAll = func() {
		for _, b := range bodies {
			_ = b.Close()
		}
	}
	for _, f := range files {
		m := telegram.Media{Kind: string(f.Kind), FileID: f.ID, Name: f.Name}
		if f.ID == "" {
			body, err := s.files.Open(ctx, f.Ref)
			if err != nil {
				closeAll()
				return nil, nil, &sourceError{err}
			}
			bodies, m.Body = append(bodies, body), body
		}
		media = append(media, m)
	}
	return media, closeAll, nil
}

// edit puts the row's words and buttons in the place of the target's.
func edit(ctx context.Context, api *telegram.Client, j *job) error {
	request := api.EditText
	for _, p := range plan(j.Target.Message) {
		if p.main && len(p.files) > 0 { // the words are a caption
			request = api.EditCaption
			if shownLength(j.Message.HTML) > maxCaption {
				return errNotEditable
			}
		}
	}
	err := plainly(j.post(j.Message.HTML, true), func(p telegram.Post) error { return request(ctx, j.Target.MessageID, p) })
	if err != nil && treat(err) != done {
		return err
	}
	j.Parts, j.MessageIDs = len(j.parts), []int64{j.Target.MessageID}
	return nil
}

// mainID is the message that holds the row's words and buttons, 0 if it is not sent.
func (j *job) mainID() int64 {
	if j.Edit && !j.anew {
		if j.Parts > 0 {
			return j.Target.MessageID
		}
		return 0
	}
	n := 0
	for _, p := range j.parts {
		if p.main && n < len(j.MessageIDs) {
			return j.MessageIDs[n]
		}
		n += p.messages()
	}
	return 0
}
