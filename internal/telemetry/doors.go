package telemetry

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Circuit says how the gateway holds a door.
type Circuit uint8

// The states of a circuit. CircuitClosed is the zero value: calls go through.
const (
	CircuitClosed Circuit = iota
	CircuitOpen           // the door rests
	CircuitTrying         // the rest is over, and the next call finds out
)

// doorMetrics count what happens at the doors themselves (RTE-10).
type doorMetrics struct {
	answers *prometheus.CounterVec
	waits   *prometheus.HistogramVec
	circuit *prometheus.GaugeVec
	tokens  *prometheus.CounterVec
	cost    *prometheus.CounterVec
}

func newDoorMetrics(r *prometheus.Registry) doorMetrics {
	m := doorMetrics{
		answers: counters("door_answers_total", "What doors answered, by status; none: no answer came.", "door", "status"),
		waits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "chaperone", Name: "door_first_byte_seconds", Help: "Time until a door began to answer, or failed.",
			Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600},
		}, []string{"door"}),
		circuit: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: "chaperone", Name: "door_circuit", Help: "As of the last call: 0 the door is used, 1 it rests after failures, 2 the next call tries it.",
		}, []string{"door"}),
	}
	m.tokens = counters("tokens_total", "Tokens as the doors count them.", "door", "kind")
	m.cost = counters("cost_usd_total", "US dollars by the prices that are known; an estimate.", "door")
	r.MustRegister(m.answers, m.waits, m.circuit, m.tokens, m.cost)
	return m
}

// answerStatuses are counted by themselves; others are "other".
var answerStatuses = []string{"200", "400", "401", "403", "404", "413", "429", "500", "502", "503", "504", "529"}

// DoorAnswered counts one call through a door: the status that came back, 0 where
// none did, and how long that took.
func (m *Metrics) DoorAnswered(door string, status int, took time.Duration) {
	word := "none"
	if status != 0 {
		word = among(strconv.Itoa(status), answerStatuses)
	}
	door = among(door, m.names)
	m.doors.answers.WithLabelValues(door, word).Inc()
	m.doors.waits.WithLabelValues(door).Observe(took.Seconds())
}

// Circuit shows how a door is held.
func (m *Metrics) Circuit(door string, state Circuit) {
	m.doors.circuit.WithLabelValues(among(door, m.names)).Set(float64(state))
}

// Used is what one exchange used: tokens, and millionths of a dollar where the price
// is known.
type Used struct {
	Input, Output, CacheRead, CacheWrite int
	MicroUSD                             int64
}

// Used counts what one exchange used.
func (m *Metrics) Used(door string, u Used) {
	door = among(door, m.names)
	for kind, n := range map[string]int{"input": u.Input, "output": u.Output, "cache_read": u.CacheRead, "cache_write": u.CacheWrite} {
		if n > 0 {
			m.doors.tokens.WithLabelValues(door, kind).Add(float64(n))
		}
	}
	m.doors.cost.WithLabelValues(door).Add(float64(max(u.MicroUSD, 0)) / 1e6)
}
