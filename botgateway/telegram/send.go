package telegram

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// UploadTimeout bounds a request that brings its file along.
const UploadTimeout = 60 * time.Second

// Post is what all messages have in common.
type Post struct {
	Chat    int64
	HTML    string // text or caption, in Telegram's HTML
	Plain   bool   // HTML is taken as it stands, tags and all, for Telegram could not read it
	ReplyTo int    // message of the chat; ignored when it is gone
	Buttons [][]Button
}

// Button is an inline button with either Data or URL.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// Media is a file to be shown in a way: Kind is photo, document, voice, audio, video, animation or video_note.
type Media struct {
	Kind   string
	FileID string    // Telegram's; or else Body is uploaded
	Body   io.Reader // read once
	Name   string    // of an upload
}

type message struct {
	ID int64 `json:"message_id"`
}

// SendText sends a text of up to 4096 characters and gives its message id.
func (c *Client) SendText(ctx context.Context, p Post) (int64, error) {
	params := p.params("text")
	params["link_preview_options"] = `{"is_disabled":true}`
	var m message
	err := c.call(ctx, Timeout, "sendMessage", params, nil, &m)
	return m.ID, err
}

// SendMedia sends one file, with HTML as its caption (up to 1024 characters).
func (c *Client) SendMedia(ctx context.Context, p Post, f Media) (int64, error) {
	method, ok := map[string]string{"photo": "sendPhoto", "document": "sendDocument", "voice": "sendVoice", "audio": "sendAudio",
		"video": "sendVideo", "animation": "sendAnimation", "video_note": "sendVideoNote"}[f.Kind]
	if !ok {
		return 0, fmt.Errorf("telegram: no way to send a %q", f.Kind)
	}
	var (
		params  = p.params("caption")
		files   []tgbotapi.RequestFile
		timeout = Timeout
		m       message
	)
	if f.FileID != "" {
		params[f.Kind] = f.FileID
	} else {
		files, timeout = []tgbotapi.RequestFile{f.upload(f.Kind)}, UploadTimeout
	}
	err := c.call(ctx, timeout, method, params, files, &m)
	return m.ID, err
}

// SendAlbum sends two to ten files as one album, with HTML as its caption, and gives the ids of its messages. Photos
// and videos go together, other kinds only with their like. Albums have no buttons.
func (c *Client) SendAlbum(ctx context.Context, p Post, files []Media) ([]int64, error) {
	type inputMedia struct {
		Type      string `json:"type"`
		Media     string `json:"media"`
		Caption   string `json:"caption,omitempty"`
		ParseMode string `json:"parse_mode,omitempty"`
	}
	var (
		items   = make([]inputMedia, len(files))
		uploads []tgbotapi.RequestFile
		timeout = Timeout
	)
	for i, f := range files {
		items[i] = inputMedia{Type: f.Kind, Media: f.FileID}
		if f.FileID == "" {
			name := "file" + strconv.Itoa(i)
			items[i].Media = "attach://" + name
			uploads, timeout = append(uploads, f.upload(name)), UploadTimeout
		}
	}
	items[0].Caption = p.HTML
	if !p.Plain {
		items[0].ParseMode = tgbotapi.ModeHTML
	}
	params := p.params("")
	params["media"] = encode(items)
	var made []message
	if err := c.call(ctx, timeout, "sendMediaGroup", params, uploads, &made); err != nil {
		return nil, err
	}
	ids := make([]int64, len(made))
	for i, m := range made {
		ids[i] = m.ID
	}
	return ids, nil
}

// EditText gives a message of the bot another text and other buttons.
func (c *Client) EditText(ctx context.Context, id int64, p Post) error {
	params := p.params("text")
	params["message_id"] = strconv.FormatInt(id, 10)
	params["link_preview_options"] = `{"is_disabled":true}`
	return c.call(ctx, Timeout, "editMessageText", params, nil, nil)
}

// EditCaption gives a file that the bot sent another caption and other buttons.
func (c *Client) EditCaption(ctx context.Context, id int64, p Post) error {
	params := p.params("caption")
	params["message_id"] = strconv.FormatInt(id, 10)
	return c.call(ctx, Timeout, "editMessageCaption", params, nil, nil)
}

// params are the fields of a post, with its words as the field words ("" for none).
func (p Post) params(words string) tgbotapi.Params {
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(p.Chat, 10)}
	if words != "" {
		params.AddNonEmpty(words, p.HTML)
		if !p.Plain {
			params["parse_mode"] = tgbotapi.ModeHTML
		}
	}
	if p.ReplyTo != 0 {
		params["reply_parameters"] = encode(struct {
			ID  int  `json:"message_id"`
			May bool `json:"allow_sending_without_reply"`
		}{p.ReplyTo, true})
	}
	if len(p.Buttons) > 0 {
		params["reply_markup"] = encode(struct {
			Keyboard [][]Button `json:"inline_keyboard"`
		}{p.Buttons})
	}
	return params
}

func (f Media) upload(field string) tgbotapi.RequestFile {
	name := f.Name
	if name == "" {
		name = f.Kind
	}
	return tgbotapi.RequestFile{Name: field, Data: tgbotapi.FileReader{Name: name, Reader: f.Body}}
}
