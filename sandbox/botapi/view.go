package botapi

import (
	"encoding/json"
	"strconv"
	"time"
)

// view is a message as a person sees it.
type view struct {
	ID        int        `json:"id"`
	Bot       int64      `json:"bot_id"`
	Chat      int64      `json:"chat_id"` // the person
	From      string     `json:"from"`    // "bot" or "person"
	At        time.Time  `json:"at"`      // when it was accepted
	Text      string     `json:"text"`    // text or caption
	Entities  []Entity   `json:"entities,omitempty"`
	Buttons   [][]Key    `json:"buttons,omitempty"`
	Files     []FileView `json:"files,omitempty"`
	Album     string     `json:"album,omitempty"`
	ReplyTo   int        `json:"reply_to,omitempty"`
	Other     string     `json:"other,omitempty"` // "sticker", "location", … when it is neither text nor file
	Forwarded bool       `json:"forwarded,omitempty"`
	Edited    bool       `json:"edited,omitempty"`
	EditedAt  time.Time  `json:"edited_at,omitzero"`
	Deleted   bool       `json:"deleted,omitempty"`
	Waiting   bool       `json:"waiting,omitempty"` // a person's message that the bot has not been told of yet
}

// Key is an inline button as a person sees it: exactly one of Data, URL and Copy is set.
type Key struct {
	Text  string `json:"text"`
	Data  string `json:"data,omitempty"`
	URL   string `json:"url,omitempty"`
	Copy  string `json:"copy,omitempty"`
	Style string `json:"style,omitempty"`
}

// FileView is a file as a person sees it.
type FileView struct {
	Kind     string `json:"kind"`
	Name     string `json:"name,omitempty"`
	Type     string `json:"type,omitempty"`
	Size     int64  `json:"size,omitempty"` // bytes
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Duration int    `json:"duration,omitempty"` // seconds
	FileID   string `json:"file_id"`
	URL      string `json:"url,omitempty"` // none when the bytes do not exist
}

func (s *Server) view(p *post) *view {
	m := p.Msg
	v := &view{
		ID: m.MessageID, Bot: p.Bot, Chat: p.Person, From: "person", At: p.At, Text: m.Text + m.Caption,
		Entities: append(m.Entities[:len(m.Entities):len(m.Entities)], m.CaptionEntities...), Album: m.MediaGroupID,
		ReplyTo: p.Reply, Forwarded: m.ForwardOrigin != nil, Edited: !p.Edited.IsZero(), EditedAt: p.Edited, Deleted: p.Deleted,
	}
	if p.byBot() {
		v.From = "bot"
	}
	if m.ReplyMarkup != nil {
		for _, row := range m.ReplyMarkup.Rows {
			var keys []Key
			for _, b := range row {
				k := Key{Text: b.Text, Data: b.CallbackData, URL: b.URL, Style: b.Style}
				if b.CopyText != nil {
					k.Copy = b.CopyText.Text
				}
				keys = append(keys, k)
			}
			v.Buttons = append(v.Buttons, keys)
		}
	}
	for name, raw := range map[string]json.RawMessage{
		"sticker": m.Sticker, "location": m.Location, "contact": m.Contact, "dice": m.Dice, "poll": m.Poll,
	} {
		if raw != nil {
			v.Other = name
		}
	}
	for _, u := range s.bots[p.Bot].pending {
		v.Waiting = v.Waiting || u.Message == v.ID && u.Kind == "message"
	}
	if unique, id := m.file(); unique != "" {
		if f := s.files[unique]; f != nil {
			v.Files = []FileView{s.fileView(f, id)}
		}
	}
	return v
}

func (s *Server) fileView(f *file, id string) FileView {
	v := FileView{
		Kind: f.Kind, Name: f.Name, Type: f.Type, Size: f.Size, Width: f.Width, Height: f.Height, Duration: f.Duration, FileID: id,
	}
	if !f.Fake {
		v.URL = "/demo/files/" + f.Unique
	}
	return v
}

// file gives the unique id and the id of the message's file, its largest size when it is a photo.
func (m *Message) file() (unique, id string) {
	if n := len(m.Photo); n > 0 {
		return m.Photo[n-1].FileUniqueID, m.Photo[n-1].FileID
	}
	for _, media := range []*Media{m.Animation, m.Document, m.Voice, m.Audio, m.Video, m.VideoNote} {
		if media != nil {
			return media.FileUniqueID, media.FileID
		}
	}
	return "", ""
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
