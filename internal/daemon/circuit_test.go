package daemon

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chaperone/internal/config"
	"chaperone/internal/policy"
)

// Whoever looks for what is wrong sees which door is left alone.
func TestTheDoctorSaysWhichDoorIsLeftAlone(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	key := filepath.Join(dir, "k")
	if err := os.WriteFile(key, []byte("sk-ant-test\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := config.Default()
	cfg.Data, cfg.Listen, cfg.DefaultDoor = filepath.Join(dir, "data"), "127.0.0.1:0", "far"
	cfg.Doors = []config.Door{{Name: "far", Kind: policy.DoorAnthropic, URL: nobody, InsecureHTTP: true, Key: config.Key{File: key}}}
	d, err := Open(context.Background(), Options{Config: cfg, Version: "test", Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() }) // its faults are other tests'
	said := func() string {
		var all strings.Builder
		for _, c := range Examine(context.Background(), cfg) {
			all.WriteString(c.Name + " " + c.Text + "\n")
		}
		return all.String()
	}
	if strings.Contains(said(), "left alone") {
		t.Error("a door that was not used is left alone")
	}
	for range 5 {
		r := httptest.NewRequest("POST", "/v1/messages", strings.NewReader(`{"model":"claude-sonnet-5","max_tokens":64,"messages":[{"role":"user","content":"hello"}]}`))
		r.Header.Set("X-Api-Key", d.FirstStart().APIKey)
		r.Header.Set("Anthropic-Version", "2023-06-01")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		d.server.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusServiceUnavailable {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if got := said(); !strings.Contains(got, "doors far: failed 5 times in a row and is left alone") {
		t.Error(got)
	}
}
