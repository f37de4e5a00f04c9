package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Exports counts what is passed on of the record (AUD-07).
type Exports struct {
	names   []string
	sent    *prometheus.CounterVec
	lag     *prometheus.GaugeVec
	behind  *prometheus.GaugeVec
	failing *prometheus.GaugeVec
}

// Exports adds what is counted of receivers of the record, by the names that the
// configuration gives them. Call it once.
func (m *Metrics) Exports(names []string) *Exports {
	gauge := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "chaperone", Name: name, Help: help}, []string{"export"})
	}
	e := &Exports{
		names:   names,
		sent:    counters("exported_records_total", "Records that a receiver has acknowledged.", "export"),
		lag:     gauge("export_lag_records", "Records that a receiver has not got yet."),
		behind:  gauge("export_lag_seconds", "Age of the oldest record that a receiver has not got yet."),
		failing: gauge("export_failing", "1 while a receiver does not take the record."),
	}
	m.registry.MustRegister(e.sent, e.lag, e.behind, e.failing)
	for _, n := range names { // a receiver that never answered must be seen too
		e.sent.WithLabelValues(n)
		e.failing.WithLabelValues(n)
	}
	return e
}

// Exported counts rows that a receiver has acknowledged.
func (e *Exports) Exported(name string, n int) {
	e.sent.WithLabelValues(among(name, e.names)).Add(float64(max(n, 0)))
}

// ExportLag shows how far a receiver is behind.
func (e *Exports) ExportLag(name string, records uint64, behind time.Duration) {
	e.lag.WithLabelValues(among(name, e.names)).Set(float64(records))
	e.behind.WithLabelValues(among(name, e.names)).Set(behind.Seconds())
}

// ExportFailing shows whether a receiver takes the record.
func (e *Exports) ExportFailing(name string, failing bool) {
	v := 0.0
	if failing {
		v = 1
	}
	e.failing.WithLabelValues(among(name, e.names)).Set(v)
}
