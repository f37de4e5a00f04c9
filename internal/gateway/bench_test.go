package gateway_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// BenchmarkExchange is one whole exchange with a 4 KB text, without a network:
// read, rule, conceal, seal, intend (synced to disk), send, reveal, settle
// (synced to disk). Twenty exchanges share a session.
func BenchmarkExchange(b *testing.B) {
	filler := strings.Repeat("She reports less pain and better sleep. BP 128/82, HR 72. Continue metformin 1000 mg twice daily. ", 40)
	for _, c := range []struct{ name, head string }{
		{"clean", "Request %d."},
		{"note", "Patient: Maria Hernandez, MRN: %07d, phone (541) 555-0146, seen on March 3, 2026 by Dr. Samuel Okafor."},
	} {
		b.Run(c.name, func(b *testing.B) {
			h := newHouse(b, plan{})
			h.upstream.answer = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprint(w, `{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"The dose stays."}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}`)
			}
			n := 0
			b.ReportAllocs()
			for b.Loop() {
				n++
				body := `{"model":"claude-sonnet-5","max_tokens":64,"messages":[{"role":"user","content":"` + fmt.Sprintf(c.head, 4000000+n) + " " + filler + `"}]}`
				w := h.send(http.MethodPost, "/v1/messages", body, "X-Chaperone-Session", fmt.Sprint("s", n/20))
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
