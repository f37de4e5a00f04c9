package gateway_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

const withholds = `@id("conceal")
@reason("Identifiers are replaced, and answers may not bring new ones")
@answer("withhold")
permit (principal, action == Action::"send-concealed", resource);`

// TestWhatAnAnswerBringsIsWithheldHoweverTheStreamIsCut (DLP-15): every cut of a
// text and of a tool's arguments, the request's own people restored.
func TestWhatAnAnswerBringsIsWithheldHoweverTheStreamIsCut(t *testing.T) {
	const text = `Rest helps {{who}}. Mrs. Wanda Kowalczyk, SSN 219-09-9999, e-mail wanda.k@example.org, had the same illness. It passed.`
	const tool = `{"to": "{{who}}", "note": "as Mrs. Wanda Kowalczyk \"W\", SSN 219-09-9999 had", "n": 12}`
	strange := []string{"Wanda", "Kowalczyk", "219-09-9999", "9999", "wanda.k@"}
	h := newHouse(t, plan{policy: withholds})
	cut := 0
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		who := placeholderIn(t, h)
		w.Header().Set("Content-Type", "text/event-stream")
		event := func(kind, data string) { fmt.Fprintf(w, "event: %s\ndata: %s\n\n", kind, data) }
		event("message_start", `{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}`)
		block := func(i int, start, delta, field, whole string) {
			whole = strings.ReplaceAll(whole, "{{who}}", who)
			at := min(cut, len(whole))
			event("content_block_start", fmt.Sprintf(`{"type":"content_block_start","index":%d,"content_block":%s}`, i, start))
			for _, piece := range []string{whole[:at], whole[at:]} {
				quoted, err := json.Marshal(piece)
				must(t, err)
				event("content_block_delta", fmt.Sprintf(`{"type":"content_block_delta","index":%d,"delta":{"type":%q,%q:%s}}`, i, delta, field, quoted))
			}
			event("content_block_stop", fmt.Sprintf(`{"type":"content_block_stop","index":%d}`, i))
		}
		block(0, `{"type":"text","text":""}`, "text_delta", "text", text)
		block(1, `{"type":"tool_use","id":"toolu_1","name":"book","input":{}}`, "input_json_delta", "partial_json", tool)
		event("message_delta", `{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}`)
		event("message_stop", `{"type":"message_stop"}`)
	}
	for cut = range len(text) {
		w := h.send(http.MethodPost, "/v1/messages", `{"model":"claude-sonnet-5","max_tokens":64,"stream":true,"messages":[{"role":"user","content":"Mr. John Smith has a cough."}]}`,
			"X-Chaperone-Session", "one")
		said := deltasOf(t, w.Body.String())
		for _, s := range strange {
			if strings.Contains(said["text"]+said["partial_json"], s) {
				t.Fatalf("cut at %d: %q came through in %q", cut, s, said)
			}
		}
		if !strings.Contains(said["text"], "helps John Smith") || !strings.HasSuffix(said["text"], "had the same illness. It passed.") {
			t.Fatalf("cut at %d: the rest of the text is not as it was: %q", cut, said["text"])
		}
		var args struct {
			To, Note string
			N        int
		}
		if err := json.Unmarshal([]byte(said["partial_json"]), &args); err != nil || args.To != "John Smith" || args.N != 12 {
			t.Fatalf("cut at %d: the tool gets %q: %v", cut, said["partial_json"], err)
		}
	}
}

// placeholderIn is the placeholder of the name in what Claude was sent last.
func placeholderIn(t *testing.T, h *house) string {
	body := string(h.upstream.last().body)
	i := strings.Index(body, "NAME-")
	if i < 0 {
		t.Errorf("no name was concealed in %s", body)
		return ""
	}
	return body[i : i+len("NAME-000000")]
}

// deltasOf joins the deltas of a stream by their field.
func deltasOf(t *testing.T, stream string) map[string]string {
	said := map[string]string{}
	for line := range strings.Lines(stream) {
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		var e struct{ Delta map[string]any }
		must(t, json.Unmarshal([]byte(data), &e))
		for _, field := range []string{"text", "partial_json"} {
			if s, ok := e.Delta[field].(string); ok {
				said[field] += s
			}
		}
	}
	return said
}

// TestOnlyWhatTheRequestNeverHeldCounts (DLP-15).
func TestOnlyWhatTheRequestNeverHeldCounts(t *testing.T) {
	for _, c := range []struct{ name, request, answer, want string }{
		{"somebody else's name", "A cough.", "As with Mrs. Wanda Kowalczyk.", "map[name:1]"},
		{"the same number in another form", "Call (541) 555-0146.", "I shall call 541.555.0146.", "map[]"},
		{"the same name turned round", "Who wrote it? Lena Vogt, PharmD.", "It was Vogt, Lena (PharmD).", "map[]"},
		{"a date and a place", "A cough.", "In Boston on March 3, 2024 the guideline changed.", "map[]"},
		{"an eponym", "A cough.", "Consider Crohn's disease and a Foley catheter.", "map[]"},
		{"a number of a tool", "A cough.", "Her SSN is 219-09-9999.", "map[ident:1]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, plan{})
			h.upstream.answer = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, `{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":%q}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}`, c.answer)
			}
			w := h.send(http.MethodPost, "/v1/messages", fmt.Sprintf(`{"model":"claude-sonnet-5","max_tokens":64,"messages":[{"role":"user","content":%q}]}`, c.request))
			full, err := h.log.Show(t.Context(), w.Header().Get("Request-Id"))
			must(t, err)
			if got := fmt.Sprint(full.Outcome.Facts.Outcome.Brought); got != c.want {
				t.Errorf("the record counts %s, want %s", got, c.want)
			}
		})
	}
}
