package daemon

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chaperone/internal/allowance"
	"chaperone/internal/config"
)

// What was used today counts also after a restart (RTE-09).
func TestALimitIsNotResetByARestart_RTE09(t *testing.T) {
	cfg := config.Default()
	cfg.Data, cfg.Listen = filepath.Join(t.TempDir(), "data"), "127.0.0.1:0"
	day := allowance.Rule{Each: allowance.Person}
	day.Limits[allowance.TokensPerDay] = 1
	cfg.Allowances = []allowance.Rule{day}
	noon := time.Date(2026, time.November, 21, 12, 0, 0, 0, time.UTC)
	var key string
	for turn, want := range []int{http.StatusOK, http.StatusTooManyRequests} {
		d, err := Open(context.Background(), Options{Config: cfg, Version: "test", Log: t.Output(), Clock: func() time.Time { return noon }})
		if err != nil {
			t.Fatal(err)
		}
		if turn == 0 {
			key = d.FirstStart().APIKey
		}
		r := httptest.NewRequest("POST", "/v1/messages", strings.NewReader(`{"model":"claude-sonnet-5","max_tokens":64,"messages":[{"role":"user","content":"hello"}]}`))
		r.Header.Set("X-Api-Key", key)
		r.Header.Set("Anthropic-Version", "2023-06-01")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		d.server.Handler.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("turn %d: %d %s", turn, w.Code, w.Body)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}
