package gateway_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/claude"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
)

// throughBedrock is a door to a scripted Amazon Bedrock.
func throughBedrock(h *house) claude.Door {
	srv := httptest.NewServer(h.upstream)
	h.t.Cleanup(srv.Close)
	d, err := claude.NewBedrock(claude.AWSConfig{
		DoorConfig: claude.DoorConfig{
			Name: "claude", BaseURL: srv.URL, InsecureAllowHTTP: true, Now: time.Now,
			Key: func() (string, error) { return "bedrock-key", nil },
		},
		Region: "us-east-1", Profile: "us",
	})
	must(h.t, err)
	h.t.Cleanup(func() { d.Close() })
	return d
}

// frames answers with events in Amazon's frames, by the vendor's encoder.
func (h *house) frames(events ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.amazon.eventstream")
		for _, e := range events {
			var b bytes.Buffer
			m := eventstream.Message{Payload: fmt.Appendf(nil, `{"bytes":"%s"}`, base64.StdEncoding.EncodeToString([]byte(h.fill(e))))}
			m.Headers.Set(":message-type", eventstream.StringValue("event"))
			m.Headers.Set(":event-type", eventstream.StringValue("chunk"))
			must(h.t, eventstream.NewEncoder().Encode(&b, m))
			_, _ = w.Write(b.Bytes())
		}
	}
}

// RTE-01: what holds at the vendor's own door holds at a cloud's: Claude sees
// nobody, the client reads the names, the record tells it.
func TestAnExchangeThroughBedrockKeepsEveryPromise(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{door: throughBedrock})
	h.upstream.answer = h.frames(
		`{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}`,
		`{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}`,
		`{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Dear {{NAME:1}}"}}`,
		`{"type":"content_block_stop","index":0}`,
		`{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}`,
		`{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":3}}`)
	w := h.send("POST", "/v1/messages", ask(note, `"stream": true`))
	if got := w.Body.String(); !strings.Contains(got, "Dear Ludo "+family) || strings.Contains(got, "amazon") {
		t.Errorf("the client reads %s", got)
	}
	if got := h.upstream.last(); got.path != "/model/us.anthropic.claude-sonnet-5/invoke-with-response-stream" || got.header.Get("Authorization") != "Bearer bedrock-key" {
		t.Errorf("sent to %s with %v", got.path, got.header)
	}
	h.wantResult(w, audit.OK)

	w = h.send("POST", "/v1/messages", strings.Replace(ask(note), "claude-sonnet-5", "global.anthropic.claude-sonnet-5", 1))
	wantError(t, w, 403, "door_profile")
	h.wantResult(w, audit.RefusedResult)
	if n := h.upstream.count(); n != 1 {
		t.Errorf("%d calls arrived", n)
	}
	h.keepsItsWord()
}
