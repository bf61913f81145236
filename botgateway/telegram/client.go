// Package telegram is the Bot API as the gateway uses it: go-telegram-bot-api on an HTTP client that adds what the
// library lacks, namely contexts, time limits, the status of failed answers, a cap on their size, and errors that tell
// what happened and never contain the bot's token.
package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Timeout bounds a request that carries no file; a poll may take as long as it waits on top.
const Timeout = 8 * time.Second

// maxAnswer bounds what is read of an answer, in bytes; a poll's hundred updates stay far below.
const maxAnswer = 16 << 20

// NewHTTPClient makes the client that all bots of a process share.
func NewHTTPClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 15 * time.Second}).DialContext,
			TLSHandshakeTimeout:   5 * time.Second,
			MaxIdleConnsPerHost:   100,
			IdleConnTimeout:       30 * time.Second, // before the other side closes: a request that meets a closing connection is in doubt
			ForceAttemptHTTP2:     true,
			ExpectContinueTimeout: time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Client speaks to the Bot API as one bot. Safe for concurrent use. Its methods return *Error and *Unanswered.
type Client struct {
	base  string
	token string
	http  *http.Client
}

// New makes a Client; base is the API's address without a slash at its end ("https://api.telegram.org").
func New(base, token string, client *http.Client) *Client {
	return &Client{base: base, token: token, http: client}
}

// call makes one request and decodes the answer's result into out, unless that is nil.
func (c *Client) call(ctx context.Context, timeout time.Duration, method string, params tgbotapi.Params, files []tgbotapi.RequestFile, out any) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	doer := &doer{ctx: ctx, client: c.http}
	bot := tgbotapi.BotAPI{Token: c.token, Client: doer}
	bot.SetAPIEndpoint(strings.ReplaceAll(c.base, "%", "%%") + "/bot%s/%s")

	var (
		answer *tgbotapi.APIResponse
		err    error
	)
	if len(files) == 0 {
		answer, err = bot.MakeRequest(method, params)
	} else {
		answer, err = bot.UploadFiles(method, params, files)
	}
	if refused := (*tgbotapi.Error)(nil); errors.As(err, &refused) && answer.ErrorCode != 0 {
		return &Error{
			Method: method,
			Code:   answer.ErrorCode, // the library drops it from the errors of uploads
			// What Telegram says may quote the URL of the request.
			Description: c.redact(refused.Message),
			RetryAfter:  time.Duration(refused.RetryAfter) * time.Second,
			MigrateTo:   refused.MigrateToChatID,
		}
	}
	if err == nil && doer.status >= 400 {
		err = errors.New("success with the status of an error")
	}
	if err == nil && out != nil {
		if err = json.Unmarshal(answer.Result, out); err != nil {
			err = fmt.Errorf("unexpected result: %w", err)
		}
	}
	if err != nil {
		if doer.status >= 400 { // an error page of something on the way
			return &Error{Method: method, Code: doer.status, Foreign: true, Description: http.StatusText(doer.status)}
		}
		return &Unanswered{Method: method, WentOut: doer.wentOut.Load(), Cause: c.cause(err)}
	}
	return nil
}

// cause is an error's text without the token, which the errors of net/http carry in their URL.
func (c *Client) cause(err error) string {
	if inURL := (*url.Error)(nil); errors.As(err, &inURL) {
		err = inURL.Err
	}
	return c.redact(err.Error())
}

func (c *Client) redact(s string) string {
	return strings.NewReplacer(c.token, "<token>", url.PathEscape(c.token), "<token>", url.QueryEscape(c.token), "<token>").Replace(s)
}

// doer is what the library calls for one request.
type doer struct {
	ctx     context.Context
	client  *http.Client
	wentOut atomic.Bool
	status  int
}

func (d *doer) Do(req *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{
		WroteHeaders: func() { d.wentOut.Store(true) },
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				d.wentOut.Store(true)
			}
		},
	}
	resp, err := d.client.Do(req.WithContext(httptrace.WithClientTrace(d.ctx, trace)))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	d.status = resp.StatusCode
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("an answer of more than %d bytes", maxAnswer)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
