package daemon

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"chaperone/internal/api"
	"chaperone/internal/register"
)

// What is put down while the house runs counts for the next exchange: an agreement
// that was ended no longer stands behind its door (BAA-09).
func TestAnAgreementEndedInTheRegisterNoLongerCovers_BAA09(t *testing.T) {
	t.Setenv("K", "made-up")
	v := newVendor(t, http.StatusOK)
	opts := configured(t, `
default_door: direct
doors:
  - name: direct
    kind: anthropic
    url: `+v.URL+`
    key_env: K
    configuration: hipaa
    insecure_http: true
    insecure_private_address: true
    agreement: {id: BAA-1, holder: Anthropic, signed: 2026-05-04, expires: 2099-05-04, approved_by: po, approved_on: 2026-05-04}
`)
	d, err := Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	client := managing(t, opts)
	covered := func() string {
		t.Helper()
		r := httptest.NewRequest(http.MethodPost, "/v1/messages", strings.NewReader(`{"model":"claude-sonnet-5","max_tokens":64,"messages":[{"role":"user","content":"hello"}]}`))
		r.Header.Set("X-Api-Key", d.FirstStart().APIKey)
		r.Header.Set("Anthropic-Version", "2023-06-01")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		d.server.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		full, err := d.keep.log.Show(context.Background(), w.Header().Get("Request-Id"))
		if err != nil {
			t.Fatal(err)
		}
		return full.Intent.Facts.Deed.Agreement
	}
	if got := covered(); got != "BAA-1" {
		t.Fatalf("before its end %q stands behind the door", got)
	}
	digest, err := client.KeepDocument(t.Context(), []byte("the signed paper"))
	if err != nil {
		t.Fatal(err)
	}
	for _, deed := range []api.Deed{
		{Version: &register.Version{
			Agreement: "BAA-1", Holder: "Anthropic", Signed: time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC), Expires: time.Date(2099, 5, 4, 0, 0, 0, 0, time.UTC),
			File: register.File{Name: "baa.pdf", Digest: digest},
		}},
		{Termination: &register.Termination{Agreement: "BAA-1", On: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Words: "Another vendor"}},
	} {
		if _, err := client.PutDown(t.Context(), "po", deed); err != nil {
			t.Fatal(err)
		}
	}
	if got := covered(); got != "" {
		t.Errorf("after its end %q stands behind the door", got)
	}
	var said string
	for _, c := range Examine(t.Context(), opts.Config) {
		if c.Name == "door" && (strings.Contains(c.Text, "in force until") || !strings.Contains(c.Text, "was ended on 2026-06-01")) {
			t.Errorf("the doctor says of the door %q", c.Text)
		}
		if c.Name == "register" {
			said = c.Text + " " + c.Next
		}
	}
	if !strings.Contains(said, "red") || !strings.Contains(said, "chaperone register tasks") {
		t.Errorf("the doctor says %q", said)
	}
}
