package talk

import (
	"context"
	"net/http"
)

// Fault is how one of the sandbox's services misbehaves; the zero Fault is none. Shares are from 0 to 1.
type Fault struct {
	RTT         int     `json:"rtt_ms"`
	TooMany     float64 `json:"too_many"`
	RetryAfter  int     `json:"retry_after"`
	ServerError float64 `json:"server_error"`
	Lost        float64 `json:"lost"`
	Down        bool    `json:"down"`
	Duplicates  float64 `json:"webhook_duplicates"`
	Reorder     float64 `json:"webhook_reorder"`
}

// Faults is how the sandbox misbehaves.
type Faults struct {
	Telegram Fault `json:"telegram"`
	Todoist  Fault `json:"todoist"`
	Limits   bool  `json:"limits"` // whether it holds bots to Telegram's rates
}

// Healthy is a sandbox in good health.
func Healthy() Faults { return Faults{Limits: true} }

// SetFaults makes the sandbox misbehave.
func (s *Sandbox) SetFaults(ctx context.Context, f Faults) error {
	return call(ctx, http.MethodPut, s.URL+"/demo/faults", f, nil)
}
