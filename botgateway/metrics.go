package botgateway

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	updates  *prometheus.CounterVec
	relayLag prometheus.Histogram
	sends    *prometheus.CounterVec
	sendLag  prometheus.Histogram
	errors   *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	buckets := []float64{.005, .01, .02, .04, .08, .15, .3, 1, 3, 10, 60, 600}
	m := &metrics{
		updates: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "quaydesk_updates_total",
			Help: "Updates that came from Telegram, repeats included."}, []string{"kind"}),
		relayLag: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "quaydesk_relay_lag_seconds", Buckets: buckets,
			Help: "From an update's arrival until its conversation has it."}),
		sends: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "quaydesk_outbox_attempts_total",
			Help: "Attempts to send an outbox row: sent, retried or dead."}, []string{"outcome"}),
		sendLag: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "quaydesk_outbox_lag_seconds", Buckets: buckets,
			Help: "From an outbox row's writing until Telegram accepted it."}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "quaydesk_telegram_errors_total",
			Help: "Failed requests to the Bot API, by error code; 0: no answer."}, []string{"code"}),
	}
	if r != nil {
		r.MustRegister(m.updates, m.relayLag, m.sends, m.sendLag, m.errors)
	}
	return m
}

// kindLabel bounds what Telegram can make of the metric's labels.
func kindLabel(kind string) string {
	if slices.Contains(kinds, kind) {
		return kind
	}
	return "other"
}
