package todoist

import (
	"embed"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

func (s *Server) registerPage(mux *http.ServeMux) {
	serve := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, pageFiles, "page/"+name)
		}
	}
	mux.HandleFunc("GET /board", serve("board.html"))
	for _, name := range []string{"board.css", "board.js", "detail.js", "drag.js", "dom.js"} {
		mux.HandleFunc("GET /board/"+name, serve(name))
	}
}
