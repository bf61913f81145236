package local

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// world is what the sandbox tells of its bots, people and board at /demo/world; what we use of it.
type world struct {
	Bots []struct {
		ID          int64  `json:"id"`
		Token       string `json:"token"`
		LoginSecret string `json:"login_secret"`
	} `json:"bots"`
	People []struct {
		ID       int64  `json:"id"`
		Name     string `json:"name"`
		Role     string `json:"role"`
		Place    string `json:"place"`
		BoardUID string `json:"board_uid"`
	} `json:"people"`
	Todoist struct {
		Token        string `json:"token"`
		ClientSecret string `json:"client_secret"`
		ProjectID    string `json:"project_id"`
	} `json:"todoist"`
}

// fetchWorld asks the sandbox who is there.
func fetchWorld(ctx context.Context, sandboxURL string) (world, error) {
	var w world
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, sandboxURL+"/demo/world", nil)
	if err != nil {
		return w, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return w, err
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&w); err != nil {
		return w, fmt.Errorf("the sandbox's world: %w", err)
	}
	if len(w.Bots) == 0 {
		return w, errors.New("the sandbox's world has no bot")
	}
	return w, nil
}

// settings points the product at the sandbox, as the variables of its parts.
func (w world) settings(sandboxURL string) []string {
	var owners []string
	for _, p := range w.People {
		if p.Role == "owner" {
			owners = append(owners, strconv.FormatInt(p.ID, 10))
		}
	}
	return []string{
		"TELEGRAM_API_URL=" + sandboxURL,
		"TELEGRAM_BOT_TOKEN=" + w.Bots[0].Token,
		"TELEGRAM_LOGIN_URL=" + sandboxURL,
		"TELEGRAM_LOGIN_SECRET=" + w.Bots[0].LoginSecret,
		"QUAYDESK_OWNERS=" + strings.Join(owners, ","),
		"QUAYDESK_TIME_ZONE=Asia/Tashkent",
		"TODOIST_API_URL=" + sandboxURL + "/todoist",
		"TODOIST_TOKEN=" + w.Todoist.Token,
		"TODOIST_PROJECT_ID=" + w.Todoist.ProjectID,
		"TODOIST_CLIENT_SECRET=" + w.Todoist.ClientSecret,
	}
}

// subscribe has the sandbox's board send its webhooks to the web.
func subscribe(ctx context.Context, sandboxURL, webURL string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	body, err := json.Marshal(map[string]string{"url": webURL + "/todoist/webhook"})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, sandboxURL+"/demo/board/webhook", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("the sandbox's board takes no webhook: %s", res.Status)
	}
	return nil
}
