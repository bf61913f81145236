package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"quaydesk/activities/signals"
	"quaydesk/store"
	"quaydesk/workflows/desk"
)

const (
	maxDelivery = 1 << 20 // bytes
	hintTimeout = 3 * time.Second
)

// Deliveries keeps webhooks' deliveries.
type Deliveries interface {
	// KeepDelivery keeps a delivery and gives the workspaces that did not have it yet.
	KeepDelivery(ctx context.Context, d store.Delivery) ([]int64, error)
}

// Signals signals workflows.
type Signals interface {
	Signal(ctx context.Context, in signals.In) error
}

// webhook takes Todoist's deliveries. They come late, out of order or not at all, so they are hints that there is
// something to be read, and tell who did it.
type webhook struct {
	secret     []byte
	deliveries Deliveries
	signals    Signals
	log        *slog.Logger
	count      *prometheus.CounterVec
}

func newWebhook(c Config) *webhook {
	h := &webhook{
		secret: []byte(c.Todoist), deliveries: c.Store, signals: c.Signals, log: c.Log,
		count: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "quaydesk_board_deliveries_total",
			Help: "Webhook deliveries from Todoist: new, repeated, refused (not signed by Todoist) or failed."}, []string{"outcome"}),
	}
	c.Metrics.MustRegister(h.count)
	return h
}

// ServeHTTP answers 200 once the delivery is kept: whatever happens then, the board is read within a minute.
func (h *webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDelivery))
	if err != nil {
		h.count.WithLabelValues("refused").Inc()
		status := http.StatusBadRequest
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "the delivery cannot be read", status)
		return
	}
	id := r.Header.Get("X-Todoist-Delivery-ID")
	if !h.signed(body, r.Header.Get("X-Todoist-Hmac-SHA256")) || id == "" || len(id) > 100 {
		h.count.WithLabelValues("refused").Inc()
		http.Error(w, "not signed by Todoist", http.StatusForbidden)
		return
	}
	workspaces, err := h.deliveries.KeepDelivery(r.Context(), readDelivery(id, body))
	if err != nil {
		h.count.WithLabelValues("failed").Inc()
		h.log.Error("a delivery cannot be kept", slog.Any("error", err))
		http.Error(w, "try again later", http.StatusServiceUnavailable)
		return
	}
	outcome := "repeated"
	ctx, cancel := context.WithTimeout(r.Context(), hintTimeout)
	defer cancel()
	for _, workspace := range workspaces {
		outcome = "new"
		if err := h.signals.Signal(ctx, desk.BoardHint(workspace, "todoist:"+id)); err != nil {
			h.log.Warn("the board's news waits for the next sweep", slog.Any("error", err))
		}
	}
	h.count.WithLabelValues(outcome).Inc()
	w.WriteHeader(http.StatusOK)
}

// signed tells whether a body was signed with our secret.
func (h *webhook) signed(body []byte, signature string) bool {
	given, err := base64.StdEncoding.DecodeString(signature)
	mac := hmac.New(sha256.New, h.secret)
	mac.Write(body)
	return err == nil && hmac.Equal(given, mac.Sum(nil))
}

// readDelivery takes from a delivery what is worth keeping: who moved a task from one section into another. Every other
// edit of a task tells its section too, and says nothing of who brought it there.
func readDelivery(id string, body []byte) store.Delivery {
	var e struct {
		Name string `json:"event_name"`
		Data struct {
			ID      string `json:"id"`
			Section string `json:"section_id"`
		} `json:"event_data"`
		Extra struct {
			Old struct {
				Section json.RawMessage `json:"section_id"` // nil when it is not told, null for no section
			} `json:"old_item"`
		} `json:"event_data_extra"`
		Initiator struct {
			ID   string `json:"id"`
			Name string `json:"full_name"`
		} `json:"initiator"`
	}
	d := store.Delivery{ID: id}
	if json.Unmarshal(body, &e) != nil || !strings.HasPrefix(e.Name, "item:") || e.Extra.Old.Section == nil {
		return d
	}
	var before string
	if json.Unmarshal(e.Extra.Old.Section, &before) != nil || before == e.Data.Section {
		return d
	}
	d.Task, d.Section, d.UID = e.Data.ID, e.Data.Section, e.Initiator.ID
	d.Name = strings.ReplaceAll(e.Initiator.Name, "\x00", "") // PostgreSQL has no NUL
	return d
}
