package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// startOutside starts a sandbox of its own and tells `quaydesk up` of it as somebody would of Telegram and Todoist.
func (s *Stack) startOutside(ctx context.Context) error {
	log, err := os.OpenFile(filepath.Join(s.data, "outside.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	env := append([]string{}, s.env...)
	env = append(env, "QUAYDESK_DATA="+filepath.Join(s.data, "outside"))
	if s.outside, err = start(filepath.Join(s.root, "bin", "quaydesk"), s.root, env, log, "sandbox"); err != nil {
		return err
	}
	for answers(ctx, s.SandboxURL+"/demo/world") != nil {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the sandbox does not answer: %w", ctx.Err())
		case <-s.outside.done:
			return fmt.Errorf("the sandbox ended: %w", s.outside.err)
		case <-time.After(20 * time.Millisecond):
		}
	}
	return s.introduce(ctx)
}

// introduce makes settings of the sandbox's world: its bot's token, its owner, its board. Staff is reminded early.
func (s *Stack) introduce(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.SandboxURL+"/demo/world", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var w struct {
		Bots []struct {
			Token string `json:"token"`
		} `json:"bots"`
		People []struct {
			ID   int64  `json:"id"`
			Role string `json:"role"`
		} `json:"people"`
		Todoist struct {
			Token        string `json:"token"`
			ProjectID    string `json:"project_id"`
			ClientSecret string `json:"client_secret"`
		} `json:"todoist"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&w); err != nil {
		return err
	}
	s.env = append(s.env, "QUAYDESK_REMINDERS=5s,1h",
		"TELEGRAM_API_URL="+s.SandboxURL, "TELEGRAM_BOT_TOKEN="+w.Bots[0].Token,
		"TODOIST_API_URL="+s.SandboxURL+"/todoist", "TODOIST_TOKEN="+w.Todoist.Token,
		"TODOIST_PROJECT_ID="+w.Todoist.ProjectID, "TODOIST_CLIENT_SECRET="+w.Todoist.ClientSecret,
	)
	for _, p := range w.People {
		if p.Role == "owner" {
			s.env = append(s.env, "QUAYDESK_OWNERS="+strconv.FormatInt(p.ID, 10))
		}
	}
	return nil
}
