package main

import (
	"context"
	"io"
	"strings"

	"quaydesk/activities/todoist"
	"quaydesk/store"
)

// sources open the files that messages carry, each where its reference says that it lies.
type sources struct {
	board todoist.Files
	own   *store.Store
}

// Open gives the bytes of a file for the caller to close.
func (s sources) Open(ctx context.Context, ref string) (io.ReadCloser, error) {
	if strings.HasPrefix(ref, store.FileRef) {
		return s.own.OpenFile(ctx, ref)
	}
	return s.board.Open(ctx, ref)
}
