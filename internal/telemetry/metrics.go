package telemetry

import (
	"net/http"
	"slices"
	"time"

	"chaperone/phi"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what happens. Label values come from closed lists only; a
// value outside its list is counted as "other", so that no request can put
// words into a metric. It is safe for concurrent use.
type Metrics struct {
	registry  *prometheus.Registry
	names     []string // of the doors
	doors     doorMetrics
	witness   witnessMetrics
	exchanges *prometheus.CounterVec
	total     *prometheus.HistogramVec
	added     prometheus.Histogram
	concealed *prometheus.CounterVec
	restored  prometheus.Counter
	unknown   prometheus.Counter
	brought   *prometheus.CounterVec
	appends   prometheus.Histogram
	inFlight  prometheus.Gauge
	signIns   *prometheus.CounterVec
	refused   prometheus.Counter
}

// Exchange is what is counted about one settled exchange.
type Exchange struct {
	Outcome   string // one of Outcomes
	Door      string // one of the configured doors; empty: none was reached
	Mode      string // one of Modes
	Total     time.Duration
	Added     time.Duration // of Total, what was not spent waiting for the door
	Concealed map[phi.Kind]int
	Restored  int              // placeholders put back
	Unknown   int              // well-formed placeholders that no session knows
	Brought   map[phi.Kind]int // identifiers that only the answer had
}

// Outcomes lists the ways an exchange can end.
func Outcomes() []string {
	return []string{"ok", "refused", "upstream_error", "client_gone", "timeout", "panic", "truncated", "abandoned", "failed"}
}

// Modes lists the forms in which text can be sent.
func Modes() []string { return []string{"identified", "concealed", "clean", "refused"} }

// NewMetrics returns metrics in a registry of their own. doors are the names of
// the configured doors.
func NewMetrics(doors []string) *Metrics {
	latency := []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5}
	m := &Metrics{
		registry:  prometheus.NewRegistry(),
		names:     slices.Clone(doors),
		exchanges: counters("exchanges_total", "Settled exchanges.", "outcome", "door", "mode"),
		total: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "chaperone", Name: "exchange_seconds", Help: "Time from request to settled record.",
			Buckets: []float64{.01, .05, .1, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600},
		}, []string{"door"}),
		added:     histogram("added_seconds", "Time of an exchange that was not spent waiting for the door.", latency),
		concealed: counters("concealed_total", "Identifiers replaced by placeholders.", "kind"),
		restored:  counter("restored_total", "Placeholders put back."),
		unknown:   counter("unknown_placeholders_total", "Well-formed placeholders in answers that no session knows."),
		brought:   counters("answer_identifiers_total", "Identifiers in answers that the request never held.", "kind"),
		appends:   histogram("record_append_seconds", "Time until a record was durable.", latency),
		inFlight:  prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "chaperone", Name: "in_flight", Help: "Exchanges under way."}),
		signIns:   counters("authentications_total", "Attempts to authenticate.", "result"),
		refused:   counter("log_values_refused_total", "Log values that the fence refused."),
	}
	m.registry.MustRegister(m.exchanges, m.total, m.added, m.concealed, m.restored, m.unknown, m.brought, m.appends, m.inFlight, m.signIns, m.refused)
	m.doors = newDoorMetrics(m.registry)
	m.witness = newWitnessMetrics(m.registry)
	return m
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "chaperone", Name: name, Help: help})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "chaperone", Name: name, Help: help}, labels)
}

func histogram(name, help string, buckets []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "chaperone", Name: name, Help: help, Buckets: buckets})
}

// Begin counts an exchange as under way until the returned function is called.
func (m *Metrics) Begin() (end func()) {
	m.inFlight.Inc()
	return m.inFlight.Dec
}

// Settled counts one settled exchange.
func (m *Metrics) Settled(e Exchange) {
	door := "none"
	if e.Door != "" {
		door = among(e.Door, m.names)
	}
	m.exchanges.WithLabelValues(among(e.Outcome, Outcomes()), door, among(e.Mode, Modes())).Inc()
	m.total.WithLabelValues(door).Observe(e.Total.Seconds())
	m.added.Observe(e.Added.Seconds())
	for k, n := range e.Concealed {
		if n > 0 {
			m.concealed.WithLabelValues(k.String()).Add(float64(n))
		}
	}
	m.restored.Add(float64(max(e.Restored, 0)))
	m.unknown.Add(float64(max(e.Unknown, 0)))
	for k, n := range e.Brought {
		if n > 0 {
			m.brought.WithLabelValues(k.String()).Add(float64(n))
		}
	}
}

// Appended notes how long a record took to become durable.
func (m *Metrics) Appended(d time.Duration) { m.appends.Observe(d.Seconds()) }

// Authenticated counts an attempt to authenticate.
func (m *Metrics) Authenticated(ok bool) {
	result := "refused"
	if ok {
		result = "ok"
	}
	m.signIns.WithLabelValues(result).Inc()
}

// LogValueRefused counts a log value that the fence refused; give it to
// NewLogger.
func (m *Metrics) LogValueRefused() { m.refused.Inc() }

// Handler serves the metrics in the Prometheus text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func among(value string, list []string) string {
	if slices.Contains(list, value) {
		return value
	}
	return "other"
}
