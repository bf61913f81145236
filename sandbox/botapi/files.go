package botapi

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"image"
	_ "image/gif" // photos come in these formats
	"image/jpeg"
	_ "image/png"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	maxDownload = 20 << 20 // bytes a bot may fetch
	maxPhoto    = 10 << 20
	thumbSide   = 320 // pixels
)

// kind is a way to show a file.
type kind struct {
	name   string // also the API's field and parameter
	method string
	title  string // as errors call it
	prefix string // of its file ids
	folder string // of its file paths
}

var kinds = []kind{
	{"photo", "sendPhoto", "Photo", "AgAC", "photos"},
	{"document", "sendDocument", "Document", "BQAC", "documents"},
	{"voice", "sendVoice", "VoiceNote", "AwAC", "voice"},
	{"audio", "sendAudio", "Audio", "CQAC", "music"},
	{"video", "sendVideo", "Video", "BAAC", "videos"},
	{"animation", "sendAnimation", "Animation", "CgAC", "animations"},
	{"video_note", "sendVideoNote", "VideoNote", "DQAC", "video_notes"},
}

func kindNamed(name string) (kind, bool) {
	for _, k := range kinds {
		if k.name == name {
			return k, true
		}
	}
	return kind{}, false
}

// file is a file that a message carries. Its bytes lie in the data folder under Unique, unless it is Fake.
type file struct {
	Unique   string `json:"unique"`
	Kind     string `json:"kind"`
	Name     string `json:"name,omitempty"`
	Type     string `json:"type,omitempty"`
	Size     int64  `json:"size"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Duration int    `json:"duration,omitempty"` // seconds
	Fake     bool   `json:"fake,omitempty"`
	Small    *file  `json:"small,omitempty"` // a photo's smaller size
}

func (f *file) path() string {
	k, _ := kindNamed(f.Kind)
	ext := path.Ext(f.Name)
	if f.Kind == "photo" {
		ext = ".jpg"
	}
	return k.folder + "/file_" + f.Unique + ext
}

// fileID is the name of a file for one bot; no other bot can use it.
func (b *bot) fileID(f *file) string {
	k, _ := kindNamed(f.Kind)
	return k.prefix + f.Unique + "-" + strconv.FormatInt(b.ID, 36)
}

// fileOf gives the file that a bot names by its id.
func (s *Server) fileOf(b *bot, id string) (*file, error) {
	name, owner, _ := strings.Cut(id, "-")
	if len(name) < 5 || owner != strconv.FormatInt(b.ID, 36) {
		return nil, badRequest("wrong file identifier/HTTP URL specified")
	}
	f := s.files[name[4:]]
	if f == nil || b.fileID(f) != id {
		return nil, badRequest("wrong file identifier/HTTP URL specified")
	}
	return f, nil
}

// keepFile stores bytes as a file of a kind. It needs no lock; the file counts from when a record with it is
// committed.
func (s *Server) keepFile(k kind, name, contentType string, data []byte) (*file, error) {
	f := &file{Unique: newUnique(), Kind: k.name, Name: path.Base("/" + name), Size: int64(len(data))}
	if f.Name == "/" {
		f.Name = "file"
	}
	if f.Type, _, _ = mime.ParseMediaType(contentType); f.Type == "" || f.Type == "application/octet-stream" {
		f.Type, _, _ = mime.ParseMediaType(mime.TypeByExtension(path.Ext(f.Name)))
	}
	if f.Type == "" {
		f.Type, _, _ = mime.ParseMediaType(http.DetectContentType(data))
	}
	if k.name == "photo" {
		if err := s.keepPhoto(f, data); err != nil {
			return nil, err
		}
	}
	return f, os.WriteFile(s.filePath(f), data, 0o600)
}

func (s *Server) keepPhoto(f *file, data []byte) error {
	if f.Size > maxPhoto {
		return badRequest("file of size %d bytes is too big for a photo; the maximum size is %d bytes", f.Size, maxPhoto)
	}
	img, format, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return badRequest("IMAGE_PROCESS_FAILED")
	}
	f.Type = "image/" + format
	f.Width, f.Height = img.Bounds().Dx(), img.Bounds().Dy()
	long, short := max(f.Width, f.Height), min(f.Width, f.Height)
	if f.Width+f.Height > 10_000 || long > 20*short {
		return badRequest("PHOTO_INVALID_DIMENSIONS")
	}
	if long <= thumbSide {
		return nil
	}
	small := image.NewRGBA(image.Rect(0, 0, max(f.Width*thumbSide/long, 1), max(f.Height*thumbSide/long, 1)))
	w, h := small.Rect.Dx(), small.Rect.Dy()
	for y := range h {
		for x := range w {
			small.Set(x, y, img.At(img.Bounds().Min.X+x*f.Width/w, img.Bounds().Min.Y+y*f.Height/h))
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, small, nil); err != nil {
		return err
	}
	f.Small = &file{
		Unique: f.Unique + "s", Kind: "photo", Name: f.Name, Type: "image/jpeg", Size: int64(out.Len()), Width: w, Height: h,
	}
	return os.WriteFile(s.filePath(f.Small), out.Bytes(), 0o600)
}

func (s *Server) filePath(f *file) string { return filepath.Join(s.cfg.DataDir, "files", f.Unique) }

// fetch gets the bytes behind a URL that a bot gave in place of a file.
func (s *Server) fetch(ctx context.Context, k kind, link string) (*file, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, badRequest("wrong HTTP URL specified")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, badRequest("failed to get HTTP URL content")
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxDownload+1))
	if err != nil || resp.StatusCode != http.StatusOK || len(data) > maxDownload {
		return nil, badRequest("failed to get HTTP URL content")
	}
	u, _ := url.Parse(link)
	return s.keepFile(k, path.Base(u.Path), resp.Header.Get("Content-Type"), data)
}

// getFile gives the path of a file; what is larger than a bot may fetch is refused.
func getFile(c *call) (any, error) {
	if !c.params.has("file_id") {
		return nil, badRequest("file_id not specified")
	}
	f, err := c.s.fileOf(c.bot, c.params.values["file_id"])
	if err != nil {
		return nil, badRequest("wrong file_id or the file is temporarily unavailable")
	}
	if f.Size > maxDownload || f.Fake {
		return nil, badRequest("file is too big")
	}
	return struct {
		FileID       string `json:"file_id"`
		FileUniqueID string `json:"file_unique_id"`
		FileSize     int64  `json:"file_size"`
		FilePath     string `json:"file_path"`
	}{c.bot.fileID(f), f.Unique, f.Size, f.path()}, nil
}

// serveDownload serves <token>/<path> of getFile.
func (s *Server) serveDownload(w http.ResponseWriter, r *http.Request, rest string) {
	token, where, _ := strings.Cut(rest, "/")
	if _, err := s.botOf(token); err != nil {
		writeRefusal(w, asRefusal(err))
		return
	}
	_, unique, _ := strings.Cut(strings.TrimSuffix(where, path.Ext(where)), "/file_")
	s.mu.Lock()
	f := s.files[unique]
	s.mu.Unlock()
	if f == nil || f.path() != where || f.Fake {
		writeRefusal(w, &refusal{code: http.StatusNotFound, text: "Not Found"})
		return
	}
	s.serveBytes(w, r, f, "application/octet-stream")
}

func (s *Server) serveBytes(w http.ResponseWriter, r *http.Request, f *file, contentType string) {
	in, err := os.Open(s.filePath(f))
	if errors.Is(err, os.ErrNotExist) {
		writeRefusal(w, &refusal{code: http.StatusNotFound, text: "Not Found"})
		return
	}
	if err != nil {
		writeRefusal(w, asRefusal(err))
		return
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		writeRefusal(w, asRefusal(err))
		return
	}
	w.Header().Set("Content-Type", contentType)
	http.ServeContent(w, r, "", info.ModTime(), in)
}

func newUnique() string { return strings.ToLower(rand.Text()[:16]) }
