package daemon

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A stop that cannot wait longer ends the answers that are left, and their clients
// are told over the connection that they have.
func TestAStopTellsClientsWhoseAnswersItEnds(t *testing.T) {
	t.Setenv("K", "made-up")
	v := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(v.Close)
	opts := configured(t, "default_door: a\ndoors:\n  - {name: a, kind: compatible, url: "+v.URL+", key_env: K, insecure_http: true, insecure_private_address: true}\n")
	opts.Config.Limits.Shutdown = 10 * time.Millisecond
	d, err := Open(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL()+"/v1/messages", strings.NewReader(`{"model":"claude-sonnet-5","max_tokens":64,"stream":true,"messages":[{"role":"user","content":"hello"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Api-Key", d.FirstStart().APIKey)
	r.Header.Set("Anthropic-Version", "2023-06-01")
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	stop()
	body, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(body), `"error_code":"stopping"`) {
		t.Errorf("the client was told %s: %v", body, err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
