package daemon

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"chaperone/internal/config"
)

func openDaemon(t *testing.T) *Daemon {
	t.Helper()
	cfg := config.Default()
	cfg.Data, cfg.Listen = filepath.Join(t.TempDir(), "data"), "127.0.0.1:0"
	d, err := Open(context.Background(), Options{Config: cfg, Version: "test", Log: t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func TestBrowsersAreLedToTheConsoleAndProgramsAreNot(t *testing.T) {
	d := openDaemon(t)
	for _, c := range []struct {
		method, target, accept string
		status                 int
		location               string
	}{
		{"GET", "/", "text/html,application/xhtml+xml", http.StatusSeeOther, "/console/"},
		{"GET", "/", "application/json", http.StatusNotFound, ""},
		{"GET", "/", "", http.StatusNotFound, ""},
		{"HEAD", "/", "text/html", http.StatusOK, ""},
		{"HEAD", "/", "", http.StatusOK, ""},
		{"GET", "/console/", "text/html", http.StatusUnauthorized, ""},
		{"GET", "/livez", "text/html", http.StatusOK, ""},
		{"GET", "/v1/models", "text/html", http.StatusUnauthorized, ""},
	} {
		r := httptest.NewRequest(c.method, c.target, nil)
		r.Header.Set("Accept", c.accept)
		w := httptest.NewRecorder()
		d.server.Handler.ServeHTTP(w, r)
		if w.Code != c.status || w.Header().Get("Location") != c.location {
			t.Errorf("%s %s for %q: %d to %q", c.method, c.target, c.accept, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestTheFirstStartsLinkOpensTheConsole(t *testing.T) {
	d := openDaemon(t)
	link, err := url.Parse(d.FirstStart().AdminLink)
	if err != nil || link.Scheme+"://"+link.Host != d.URL() {
		t.Fatalf("%v", err)
	}
	r := httptest.NewRequest(http.MethodPost, link.Path, strings.NewReader(link.RawQuery))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	d.server.Handler.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther || len(w.Result().Cookies()) != 1 {
		t.Fatalf("%d", w.Code)
	}
	for target, shown := range map[string]string{"/console/": "SIMULATED", "/console/keys": "first-key", "/console/policy": "conceal-everything", "/console/record?events=yes": "weakened"} {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.AddCookie(w.Result().Cookies()[0])
		page := httptest.NewRecorder()
		d.server.Handler.ServeHTTP(page, r)
		if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), shown) {
			t.Errorf("%s: %d, or it does not show %q", target, page.Code, shown)
		}
	}
}
