package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// witnessMetrics show whether a second party vouches for the record.
type witnessMetrics struct {
	alarm, size, at prometheus.Gauge
	faults          *prometheus.CounterVec
}

func newWitnessMetrics(r *prometheus.Registry) witnessMetrics {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "chaperone", Name: name, Help: help})
	}
	m := witnessMetrics{
		alarm:  gauge("record_unwitnessed", "1 while no second party vouches for the record, or one says that it was bent."),
		size:   gauge("record_witnessed_size", "Records that the newest cosigned checkpoint covers."),
		at:     gauge("record_witnessed_timestamp_seconds", "When it was cosigned, by the witness's clock; 0: never."),
		faults: counters("witness_faults_total", "Checkpoints that were not cosigned or kept, by reason.", "what"),
	}
	r.MustRegister(m.alarm, m.size, m.at, m.faults)
	return m
}

// witnessFaults are counted by themselves; others are "other".
var witnessFaults = []string{"unreachable", "unknown", "rolledback", "forked", "unsigned", "unkept", "damaged"}

// Witnessed shows how the record stands with its second party.
func (m *Metrics) Witnessed(alarm bool, size uint64, at time.Time) {
	m.witness.alarm.Set(0)
	if alarm {
		m.witness.alarm.Set(1)
	}
	m.witness.size.Set(float64(size))
	m.witness.at.Set(0)
	if !at.IsZero() {
		m.witness.at.Set(float64(at.Unix()))
	}
}

// WitnessFailed counts a checkpoint that was not cosigned or kept.
func (m *Metrics) WitnessFailed(what string) {
	m.witness.faults.WithLabelValues(among(what, witnessFaults)).Inc()
}
