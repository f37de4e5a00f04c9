package daemon

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"chaperone/internal/config"
)

// With nothing configured, nobody who brings no key sees or changes anything.
func TestPain18NothingIsOpenByDefault(t *testing.T) {
	d := openDaemon(t)
	for _, path := range []string{
		"/console/", "/console/keys", "/console/policy", "/console/record", "/console/record?events=yes", "/console/anything",
		"/v1/messages", "/v1/messages/count_tokens", "/v1/models", "/v1/models/claude-sonnet-5", "/v1/chaperone/inspect",
		"/metrics", "/debug/pprof/", "/debug/vars", "/admin", "/api/keys", "/config", "/v1/keys", "/key/generate", "/.env",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			r := httptest.NewRequest(method, path, nil)
			r.Header.Set("Anthropic-Version", "2023-06-01")
			w := httptest.NewRecorder()
			d.server.Handler.ServeHTTP(w, r)
			if w.Code < 300 {
				t.Errorf("%s %s answers %d to nobody: %.200s", method, path, w.Code, w.Body)
			}
		}
	}
}

// Management is on a socket that only the operator's own account can open.
func TestPain18ManagementIsForTheOperatorsAccountAlone(t *testing.T) {
	d := openDaemon(t)
	found := 0
	err := filepath.WalkDir(d.DataDir(), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.Type()&os.ModeSocket == 0 {
			return err
		}
		found++
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be opened by others: %v", path, info.Mode())
		}
		return err
	})
	if err != nil || found == 0 {
		t.Errorf("%d sockets, %v", found, err)
	}
	if host := config.Default().Listen; host != "127.0.0.1:8787" {
		t.Errorf("by default it listens on %s", host)
	}
}
