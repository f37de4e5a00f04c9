package daemon

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/config"
)

// R11: a clock that is put back a year or forward a day disorders nothing, loses
// nothing and is said.
func TestAClockThatIsWrongIsSaidAndDisordersNothing(t *testing.T) {
	cfg := config.Default()
	cfg.Data, cfg.Listen = filepath.Join(t.TempDir(), "data"), "127.0.0.1:0"
	cfg.Record.Checkpoint = 100 * time.Millisecond
	var now atomic.Int64
	start := time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)
	now.Store(start.UnixNano())
	clock := func() time.Time { return time.Unix(0, now.Load()).UTC() }
	var key string
	for turn, at := range []time.Time{start, start.AddDate(0, 0, 1), start, start.AddDate(-1, 0, 0)} {
		now.Store(at.UnixNano())
		var log bytes.Buffer
		d, err := Open(context.Background(), Options{Config: cfg, Version: "test", Log: io.MultiWriter(&log, t.Output()), Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		if turn == 0 {
			key = d.FirstStart().APIKey
		}
		r := httptest.NewRequest("POST", "/v1/messages", strings.NewReader(`{"model":"claude-sonnet-5","max_tokens":64,"messages":[{"role":"user","content":"Otilia Marchbanks, MRN 4471902, is well."}]}`))
		r.Header.Set("X-Api-Key", key)
		r.Header.Set("Anthropic-Version", "2023-06-01")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		d.server.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "4471902") {
			t.Errorf("turn %d: %d %s", turn, w.Code, w.Body)
		}
		back := turn >= 2
		if got := strings.Contains(log.String(), "the clock stands before"); got != back {
			t.Errorf("turn %d: said %v, want %v", turn, got, back)
		}
		if back {
			waitForClockEvent(t, d, turn-1)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if report, err := Verify(t.Context(), cfg.Data, VerifyOptions{}); err != nil || !report.OK() || report.Verified != report.Records || report.Open != 0 {
			t.Errorf("turn %d: %+v, %v", turn, report, err)
		}
	}
}

func waitForClockEvent(t *testing.T, d *Daemon, want int) {
	t.Helper()
	for range 1000 {
		rows, err := d.keep.store.Journal.Find(t.Context(), audit.Match{Class: string(audit.ClockBack)})
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) >= want {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("the record never said that the clock went back")
}
