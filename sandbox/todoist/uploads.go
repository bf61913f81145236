package todoist

import (
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // sizes of uploaded pictures
	_ "image/jpeg" // sizes of uploaded pictures
	_ "image/png"  // sizes of uploaded pictures
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// maxUpload is the limit of an uploaded file in bytes.
const maxUpload = 100 << 20

// File is an uploaded file; its bytes are in the data folder under its id.
type File struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

func (f File) attachment(fileURL string) Attachment {
	a := Attachment{
		ResourceType: "file", FileName: f.Name, FileSize: f.Size, FileType: f.Type, FileURL: fileURL,
		UploadState: "completed",
	}
	switch kind, _, _ := strings.Cut(f.Type, "/"); kind {
	case "image":
		a.ResourceType, a.Image, a.ImageWidth, a.ImageHeight = "image", &fileURL, f.Width, f.Height
	case "audio", "video":
		a.ResourceType = kind
	}
	return a
}

// fileID gives the id in a file URL of this service, or "".
func fileID(fileURL string) string {
	u, err := url.Parse(fileURL)
	if err != nil {
		return ""
	}
	rest, ok := strings.CutPrefix(u.Path, "/todoist/files/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// upload keeps a file that is sent as the form field "file".
func (s *Server) upload(r *http.Request) (answer, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return answer{}, errInvalid("file", "a multipart form is wanted")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return answer{}, errMissing("file")
		}
		if err != nil {
			return answer{}, errInvalid("file", "cut short")
		}
		if part.FormName() != "file" {
			continue
		}
		f, err := s.keepFile(part, part.FileName(), part.Header.Get("Content-Type"))
		if err != nil {
			return answer{}, err
		}
		err = s.do(s.account, func(c *change) error {
			c.line.Files = append(c.line.Files, f)
			return nil
		})
		return ok(f.attachment(fileURL(r, f))), err
	}
}

// keepForm keeps the file of a form that was read already.
func (s *Server) keepForm(h *multipart.FileHeader) (File, error) {
	src, err := h.Open()
	if err != nil {
		return File{}, fmt.Errorf("read an upload: %w", err)
	}
	defer func() { _ = src.Close() }()
	return s.keepFile(src, h.Filename, h.Header.Get("Content-Type"))
}

// keepFile writes a file into the data folder.
func (s *Server) keepFile(src io.Reader, name, kind string) (File, error) {
	f := File{ID: newID(), Name: path.Base(strings.ReplaceAll(name, "\\", "/")), Type: kind}
	if f.Name == "." || f.Name == ".." || f.Name == "/" {
		return File{}, errMissing("file_name")
	}
	if byName := mime.TypeByExtension(path.Ext(f.Name)); kind == "" || kind == "application/octet-stream" && byName != "" {
		f.Type = byName
	}
	if media, _, err := mime.ParseMediaType(f.Type); err == nil {
		f.Type = media
	} else {
		f.Type = "application/octet-stream"
	}
	dst, err := os.OpenFile(filepath.Join(s.filesDir, f.ID), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return File{}, fmt.Errorf("keep an upload: %w", err)
	}
	f.Size, err = io.Copy(dst, io.LimitReader(src, maxUpload+1))
	if err == nil && f.Size > maxUpload {
		err = errTooLarge()
	}
	if err == nil && strings.HasPrefix(f.Type, "image/") {
		if _, seekErr := dst.Seek(0, io.SeekStart); seekErr == nil {
			if c, _, sizeErr := image.DecodeConfig(dst); sizeErr == nil {
				f.Width, f.Height = c.Width, c.Height
			}
		}
	}
	if err = errors.Join(err, dst.Close()); err != nil {
		_ = os.Remove(dst.Name())
		return File{}, err
	}
	return f, nil
}

func fileURL(r *http.Request, f File) string {
	return "http://" + r.Host + "/todoist/files/" + f.ID + "/" + url.PathEscape(f.Name)
}

// serveFile gives an uploaded file's bytes to whoever has its URL; a wrong token is refused all the same.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	if auth := r.Header.Get("Authorization"); auth != "" && auth != "Bearer "+s.token {
		writeError(w, errUnauthorized())
		return
	}
	var f File
	var known bool
	s.view(func(st *state) { f, known = st.files[r.PathValue("id")] })
	if !known {
		writeError(w, errNotFound("File"))
		return
	}
	bytes, err := os.Open(filepath.Join(s.filesDir, f.ID))
	if err != nil {
		writeError(w, errNotFound("File"))
		return
	}
	defer func() { _ = bytes.Close() }()
	shown := "attachment"
	switch f.Type {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "audio/ogg", "audio/mpeg":
		shown = "inline"
	}
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Content-Disposition", mime.FormatMediaType(shown, map[string]string{"filename": f.Name}))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.ServeContent(w, r, "", time.Time{}, bytes)
}
