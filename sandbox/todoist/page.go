package todoist

import (
	"embed"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

func (s *Server) registerPage(mux *http.ServeMux) {
	mux.HandleFunc("GET /board", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, pageFiles, "page/board.html")
	})
	for _, name := range []string{"board.css", "board.js"} {
		mux.HandleFunc("GET /board/"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, pageFiles, "page/"+name)
		})
	}
}
