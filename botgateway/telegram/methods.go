package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Bot is who a token belongs to.
type Bot struct {
	ID       int64  `json:"id"`
	Username string `json:"username"`
}

// Me tells who the bot is.
func (c *Client) Me(ctx context.Context) (Bot, error) {
	var b Bot
	err := c.call(ctx, Timeout, "getMe", nil, nil, &b)
	return b, err
}

// SetWebhook asks for updates of the given kinds at a URL, with a secret in each request's header.
func (c *Client) SetWebhook(ctx context.Context, url, secret string, kinds []string) error {
	return c.call(ctx, Timeout, "setWebhook", tgbotapi.Params{
		"url": url, "secret_token": secret, "allowed_updates": encode(kinds)}, nil, nil)
}

// DeleteWebhook ends the webhook; what was not delivered stays to be polled.
func (c *Client) DeleteWebhook(ctx context.Context) error {
	return c.call(ctx, Timeout, "deleteWebhook", nil, nil, nil)
}

// Updates polls: it waits up to wait for updates from offset on (0: the oldest kept), which it forgets before that.
func (c *Client) Updates(ctx context.Context, offset int64, wait time.Duration, kinds []string) ([]json.RawMessage, error) {
	params := tgbotapi.Params{"timeout": strconv.Itoa(int(wait.Seconds())), "allowed_updates": encode(kinds)}
	if offset != 0 {
		params["offset"] = strconv.FormatInt(offset, 10)
	}
	var updates []json.RawMessage
	err := c.call(ctx, wait+Timeout, "getUpdates", params, nil, &updates)
	return updates, err
}

// AnswerCallback ends the spinner on a pressed button.
func (c *Client) AnswerCallback(ctx context.Context, id string) error {
	return c.call(ctx, Timeout, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": id}, nil, nil)
}

// Command is a line in the menu of commands.
type Command struct {
	Name        string `json:"command"`
	Description string `json:"description"`
}

// SetCommands sets the menu for people of a language ("" for all others).
func (c *Client) SetCommands(ctx context.Context, lang string, commands []Command) error {
	params := tgbotapi.Params{"commands": encode(commands)}
	params.AddNonEmpty("language_code", lang)
	return c.call(ctx, Timeout, "setMyCommands", params, nil, nil)
}

// Download opens a file that the bot has seen; the caller closes it. Telegram gives out files of up to 20 MB.
func (c *Client) Download(ctx context.Context, fileID string) (io.ReadCloser, error) {
	var file struct {
		Path string `json:"file_path"`
	}
	if err := c.call(ctx, Timeout, "getFile", tgbotapi.Params{"file_id": fileID}, nil, &file); err != nil {
		return nil, err
	}
	const method = "download"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/file/bot"+c.token+"/"+file.Path, nil)
	if err != nil {
		return nil, &Unanswered{Method: method, Cause: c.cause(err)}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, &Unanswered{Method: method, Cause: c.cause(err)}
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, &Error{Method: method, Code: resp.StatusCode, Description: http.StatusText(resp.StatusCode)}
	}
	return resp.Body, nil
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("telegram: encode a %T: %v", v, err)) // only types of this package come here
	}
	return string(b)
}
