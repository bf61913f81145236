package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"quaydesk/botgateway/telegram"
	"quaydesk/domain/chat"
	"quaydesk/domain/fault"
	"quaydesk/store"
)

// telegramFiles opens files that bots were sent, for the board to get.
type telegramFiles struct {
	store *store.Store
	url   string // of the Bot API
	http  *http.Client

	mu   sync.Mutex
	bots map[int64]*telegram.Client // by bots.id
}

// Open gives the bytes of a file; a fault when Telegram will never give them out.
func (t *telegramFiles) Open(ctx context.Context, bot int64, f chat.File) (io.ReadCloser, error) {
	api, err := t.bot(ctx, bot)
	if err != nil {
		return nil, err
	}
	body, err := api.Download(ctx, f.ID)
	if refused := (*telegram.Error)(nil); errors.As(err, &refused) && refused.Code == http.StatusBadRequest {
		return nil, fault.New(fault.Unavailable, "board.file_stays")
	}
	return body, err
}

func (t *telegramFiles) bot(ctx context.Context, id int64) (*telegram.Client, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if api := t.bots[id]; api != nil {
		return api, nil
	}
	bots, err := t.store.Bots(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range bots {
		t.bots[b.ID] = telegram.New(t.url, b.Token, t.http)
	}
	if t.bots[id] == nil {
		return nil, fmt.Errorf("bot %d is switched off", id)
	}
	return t.bots[id], nil
}
