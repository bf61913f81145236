package botapi

import (
	"context"
	"encoding/json"
	"io"
	"strings"
)

// inputFile brings an uploaded file or a URL into the sandbox. It gives nil for a file_id, which is looked up later.
func (c *call) inputFile(ctx context.Context, k kind, field, value string) (*file, error) {
	upload := c.params.files[field]
	if name, ok := strings.CutPrefix(value, "attach://"); ok {
		if upload = c.params.files[name]; upload == nil {
			return nil, badRequest("there is no file %q in the request", name)
		}
	}
	switch {
	case upload != nil:
		in, err := upload.Open()
		if err != nil {
			return nil, err
		}
		defer in.Close()
		data, err := io.ReadAll(in)
		if err != nil {
			return nil, err
		}
		if len(data) == 0 {
			return nil, badRequest("file must be non-empty")
		}
		return c.s.keepFile(k, upload.Filename, upload.Header.Get("Content-Type"), data)
	case strings.HasPrefix(value, "http://"), strings.HasPrefix(value, "https://"):
		return c.s.fetch(ctx, k, value)
	case value == "":
		return nil, badRequest("there is no %s in the request", strings.ReplaceAll(k.name, "_", " "))
	}
	return nil, nil
}

// orKnown gives the file that was brought in, or the known one that the value names.
func (c *call) orKnown(k kind, brought *file, value string) (*file, error) {
	if brought != nil {
		return brought, nil
	}
	f, err := c.s.fileOf(c.bot, value)
	if err != nil {
		return nil, err
	}
	if f.Kind != k.name {
		known, _ := kindNamed(f.Kind)
		return nil, badRequest("can't use file of type %s as %s", known.title, k.title)
	}
	return f, nil
}

// attach puts a file into a message as its kind shows it.
func (b *bot) attach(m *Message, f *file) {
	if f.Kind == "photo" {
		m.Photo = nil
		for _, size := range []*file{f.Small, f} {
			if size != nil {
				m.Photo = append(m.Photo, Photo{b.fileID(size), size.Unique, size.Size, size.Width, size.Height})
			}
		}
		return
	}
	media := &Media{FileID: b.fileID(f), FileUniqueID: f.Unique, MimeType: f.Type, FileSize: f.Size}
	switch f.Kind {
	case "document":
		media.FileName = f.Name
		m.Document = media
	case "voice":
		media.Duration = &f.Duration
		m.Voice = media
	case "audio":
		media.FileName, media.Duration = f.Name, &f.Duration
		m.Audio = media
	case "video":
		media.FileName, media.Duration, media.Width, media.Height = f.Name, &f.Duration, &f.Width, &f.Height
		m.Video = media
	case "video_note":
		media.MimeType, media.Duration, media.Length = "", &f.Duration, &f.Width
		m.VideoNote = media
	case "animation":
		document := *media
		document.FileName = f.Name
		m.Document = &document
		media.FileName, media.Duration, media.Width, media.Height = f.Name, &f.Duration, &f.Width, &f.Height
		m.Animation = media
	}
}

func prepareFile(k kind) func(context.Context, *call) error {
	return func(ctx context.Context, c *call) error {
		f, err := c.inputFile(ctx, k, k.name, c.params.values[k.name])
		if f != nil {
			f.Duration = c.params.int("duration", 0, 0, 1<<20)
			if k.name != "photo" {
				f.Width = c.params.int("width", c.params.int("length", 0, 0, 10_000), 0, 10_000)
				f.Height = c.params.int("height", 0, 0, 10_000)
			}
		}
		c.files = []*file{f}
		return err
	}
}

func sendFile(k kind) func(*call) (any, error) {
	return func(c *call) (any, error) {
		ch, p, err := c.openChat()
		if err != nil {
			return nil, err
		}
		var m Message
		if m.Caption, m.CaptionEntities, err = c.caption(); err != nil {
			return nil, err
		}
		f, err := c.orKnown(k, c.files[0], c.params.values[k.name])
		if err != nil {
			return nil, err
		}
		c.bot.attach(&m, f)
		return c.sendOne(ch, p, known(f), m)
	}
}

// known gives the files to commit with a message, sizes of photos included.
func known(fs ...*file) []*file {
	var all []*file
	for _, f := range fs {
		all = append(all, f)
		if f.Small != nil {
			all = append(all, f.Small)
		}
	}
	return all
}

// inputMedia is the Bot API's InputMedia.
type inputMedia struct {
	Type            string          `json:"type"`
	Media           string          `json:"media"`
	Caption         string          `json:"caption"`
	ParseMode       string          `json:"parse_mode"`
	CaptionEntities json.RawMessage `json:"caption_entities"`
	Duration        int             `json:"duration"`
	Width           int             `json:"width"`
	Height          int             `json:"height"`
}

func (c *call) bring(ctx context.Context, in inputMedia, album bool) error {
	k, ok := kindNamed(in.Type)
	switch {
	case in.Type == "":
		return badRequest("can't parse InputMedia: Can't find field \"type\"")
	case !ok || in.Type == "voice" || in.Type == "video_note":
		return badRequest("can't parse InputMedia: type \"%s\" is unsupported", in.Type)
	case album && in.Type == "animation":
		return badRequest("can't parse InputMedia: type \"%s\" can't be used in sendMediaGroup", in.Type)
	case in.Media == "":
		return badRequest("can't parse InputMedia: media not found")
	}
	f, err := c.inputFile(ctx, k, "", in.Media)
	if f != nil && k.name != "photo" {
		f.Duration, f.Width, f.Height = in.Duration, in.Width, in.Height
	}
	c.files = append(c.files, f)
	return err
}

// item makes the message of one piece of media, the i-th that was brought in.
func (c *call) item(in inputMedia, i int) (Message, *file, error) {
	var m Message
	k, _ := kindNamed(in.Type)
	f, err := c.orKnown(k, c.files[i], in.Media)
	if err != nil {
		return m, nil, err
	}
	m.Caption, m.CaptionEntities, err = caption(in.Caption, in.ParseMode, string(in.CaptionEntities))
	c.bot.attach(&m, f)
	return m, f, err
}

func (c *call) album() ([]inputMedia, error) {
	var items []inputMedia
	if !c.params.has("media") {
		return nil, badRequest("parameter \"media\" is required")
	}
	return items, c.params.json("media", "media", &items)
}

func prepareAlbum(ctx context.Context, c *call) error {
	items, err := c.album()
	if err != nil {
		return err
	}
	if len(items) < 2 || len(items) > 10 {
		return badRequest("group send failed: an album has 2-10 items")
	}
	group := func(kind string) string {
		if kind == "video" {
			return "photo"
		}
		return kind
	}
	for _, in := range items {
		if group(in.Type) != group(items[0].Type) {
			return badRequest("can't use the media of the specified type in the album")
		}
		if err := c.bring(ctx, in, true); err != nil {
			return err
		}
	}
	return nil
}

func sendAlbum(c *call) (any, error) {
	ch, p, err := c.openChat()
	if err != nil {
		return nil, err
	}
	items, err := c.album()
	if err != nil {
		return nil, err
	}
	var contents []Message
	var files []*file
	group := newAlbum()
	for i, in := range items {
		m, f, err := c.item(in, i)
		if err != nil {
			return nil, err
		}
		m.MediaGroupID = group
		contents, files = append(contents, m), append(files, known(f)...)
	}
	reply, err := c.replyTo(ch)
	if err != nil {
		return nil, err
	}
	posts, err := c.send(ch, p, reply, files, contents...)
	if err != nil {
		return nil, err
	}
	var sent []*Message
	for _, post := range posts {
		sent = append(sent, c.s.message(post))
	}
	return sent, nil
}
