package gateway_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The vendor's prompt cache is keyed by the bytes before a cache mark. A client
// that sends its history again must meet its own cache, so whatever left for one
// turn is the beginning of what leaves for the next.
func TestWhatLeftOnceIsTheBeginningOfWhatLeavesNext(t *testing.T) {
	h := newHouse(t, plan{})
	h.upstream.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"Noted."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":2,"output_tokens":1}}`)
	}
	body := `{"model":"claude-sonnet-5","max_tokens":64,"system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1.330.e8d; cc_entrypoint=cli;"},` +
		`{"type":"text","text":"You help at the clinic of Dr. Alice Fenwick.","cache_control":{"type":"ephemeral","ttl":"1h"}}],` +
		`"tools":[{"name":"find","description":"Finds a chart","input_schema":{"type":"object"},"cache_control":{"type":"ephemeral"}}],"messages":[`
	var before []byte
	for turn, note := range []string{
		"Mr. John Smith, MRN 4471902, born 03/15/1985, has a cough.",
		"Ms. Okafor called from (541) 555-0146 about Mr. Smith.",
		"Smith lives at 12 Maple Street, Albany. Dr. Fenwick saw him.",
		"Write to alice.fenwick@example.org about MRN 4471902.",
	} {
		body += fmt.Sprintf(`{"role":"user","content":[{"type":"text","text":%q,"cache_control":{"type":"ephemeral"}}]}`, note)
		w := h.sendText("POST /v1/messages\n\n" + body + "]}")
		if w.Code != http.StatusOK {
			t.Fatalf("turn %d: %d %s", turn, w.Code, w.Body)
		}
		sent := bytes.TrimSuffix(h.upstream.last().body, []byte("]}"))
		if !bytes.HasPrefix(sent, before) {
			t.Errorf("turn %d does not begin with what left before:\n%s\n%s", turn, before, sent)
		}
		for _, name := range []string{"Smith", "Okafor", "Fenwick", "4471902", "Maple"} {
			if strings.Contains(string(sent), name) {
				t.Errorf("turn %d: Claude sees %q", turn, name)
			}
		}
		if !bytes.Contains(sent, []byte(`"x-anthropic-billing-header: cc_version=2.1.330.e8d; cc_entrypoint=cli;"`)) {
			t.Errorf("turn %d: the billing header is not what it was: %s", turn, sent)
		}
		before = sent
		body += `,{"role":"assistant","content":[{"type":"text","text":"Noted."}]},`
	}
}
