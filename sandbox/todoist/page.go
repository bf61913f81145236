package todoist

import (
	"embed"
	"io/fs"
	"net/http"

	"quaydesk/sandbox/pages"
)

//go:embed page
var pageFiles embed.FS

// registerPage adds the board page, with the look that all pages of the sandbox share.
func (s *Server) registerPage(mux *http.ServeMux) {
	serve := func(from fs.FS, name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'")
			http.ServeFileFS(w, r, from, name)
		}
	}
	mux.HandleFunc("GET /board", serve(pageFiles, "page/board.html"))
	for _, name := range []string{"board.css", "detail.css", "board.js", "detail.js", "drag.js", "model.js", "dom.js"} {
		mux.HandleFunc("GET /board/"+name, serve(pageFiles, "page/"+name))
	}
	for _, name := range []string{"base.css", "icon.svg"} {
		mux.HandleFunc("GET /board/"+name, serve(pages.Files, name))
	}
}
