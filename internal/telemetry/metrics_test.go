package telemetry_test

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone/internal/telemetry"
	"chaperone/phi"
)

func scrape(m *telemetry.Metrics) string {
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func TestMetricsCountWhatHappened(t *testing.T) {
	m := telemetry.NewMetrics([]string{"simulator", "anthropic"})
	end := m.Begin()
	if !strings.Contains(scrape(m), "chaperone_in_flight 1") {
		t.Error("an exchange under way is not counted")
	}
	m.Settled(telemetry.Exchange{
		Outcome: "ok", Door: "anthropic", Mode: "concealed", Total: 2 * time.Second, Added: 3 * time.Millisecond,
		Concealed: map[phi.Kind]int{phi.Name: 3, phi.Date: 0}, Restored: 2, Unknown: 1, Brought: map[phi.Kind]int{phi.Ident: 2},
	})
	end()
	m.Appended(time.Millisecond)
	m.Authenticated(true)
	m.Authenticated(false)
	m.LogValueRefused()
	got := scrape(m)
	for _, want := range []string{
		`chaperone_exchanges_total{door="anthropic",mode="concealed",outcome="ok"} 1`, `chaperone_concealed_total{kind="name"} 3`,
		"chaperone_restored_total 2", "chaperone_unknown_placeholders_total 1", `chaperone_answer_identifiers_total{kind="ident"} 2`, "chaperone_in_flight 0", "chaperone_added_seconds_count 1",
		`chaperone_exchange_seconds_sum{door="anthropic"} 2`, "chaperone_record_append_seconds_count 1", "chaperone_log_values_refused_total 1",
		`chaperone_authentications_total{result="ok"} 1`, `chaperone_authentications_total{result="refused"} 1`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(got, `kind="date"`) {
		t.Error("a kind that was not found is counted")
	}
}

func TestNoRequestCanPutWordsIntoAMetric(t *testing.T) {
	m := telemetry.NewMetrics([]string{"simulator"})
	m.Settled(telemetry.Exchange{Outcome: canary, Door: canary, Mode: canary, Concealed: map[phi.Kind]int{200: 1}, Restored: -1, Unknown: -1})
	m.Settled(telemetry.Exchange{Outcome: "refused", Mode: "refused"})
	got := scrape(m)
	if strings.Contains(got, canary) {
		t.Error(got)
	}
	for _, want := range []string{`{door="other",mode="other",outcome="other"} 1`, `{door="none",mode="refused",outcome="refused"} 1`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestTwoMetricsDoNotShareARegistry(t *testing.T) {
	a, b := telemetry.NewMetrics(nil), telemetry.NewMetrics(nil)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { a.Begin()(); a.Settled(telemetry.Exchange{Outcome: "ok"}) })
	}
	wg.Wait()
	if !strings.Contains(scrape(a), `outcome="ok"} 50`) || strings.Contains(scrape(b), `outcome="ok"`) {
		t.Error("a metric is shared or lost")
	}
}
