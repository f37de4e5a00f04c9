package simulator

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type gotEvent struct {
	name string
	data map[string]any
}

func parseEvents(t testing.TB, stream string) []gotEvent {
	t.Helper()
	var out []gotEvent
	for _, raw := range strings.Split(strings.TrimSuffix(stream, "\n\n"), "\n\n") {
		name, data, ok := strings.Cut(raw, "\n")
		if !ok {
			t.Fatalf("not an event: %q", raw)
		}
		e := gotEvent{name: strings.TrimPrefix(name, "event: ")}
		if err := json.Unmarshal([]byte(strings.TrimPrefix(data, "data: ")), &e.data); err != nil {
			t.Fatalf("%v in %q", err, data)
		}
		if e.data["type"] != e.name {
			t.Errorf("event %q says it is %v", e.name, e.data["type"])
		}
		out = append(out, e)
	}
	return out
}

// assemble puts a stream together as a client does.
func assemble(t testing.TB, list []gotEvent) gotMessage {
	t.Helper()
	var m gotMessage
	var input strings.Builder
	for _, e := range list {
		switch e.name {
		case "message_start":
			remarshal(t, e.data["message"], &m)
		case "content_block_start":
			var b gotBlock
			remarshal(t, e.data["content_block"], &b)
			m.Content = append(m.Content, b)
			input.Reset()
		case "content_block_delta":
			b := &m.Content[len(m.Content)-1]
			d := e.data["delta"].(map[string]any)
			switch d["type"] {
			case "text_delta":
				b.Text += d["text"].(string)
			case "thinking_delta":
				b.Thinking += d["thinking"].(string)
			case "signature_delta":
				b.Signature = d["signature"].(string)
			case "input_json_delta":
				input.WriteString(d["partial_json"].(string))
			case "citations_delta":
				var c citation
				remarshal(t, d["citation"], &c)
				b.Citations = append(b.Citations, c)
			}
		case "content_block_stop":
			if input.Len() > 0 {
				m.Content[len(m.Content)-1].Input = json.RawMessage(input.String())
			}
		case "message_delta":
			d := e.data["delta"].(map[string]any)
			m.StopReason = d["stop_reason"].(string)
			if s, ok := d["stop_sequence"].(string); ok {
				m.StopSequence = &s
			}
			m.Usage.OutputTokens = int(e.data["usage"].(map[string]any)["output_tokens"].(float64))
		}
	}
	return m
}

func remarshal(t testing.TB, from, to any) {
	t.Helper()
	data, err := json.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, to); err != nil {
		t.Fatal(err)
	}
}

const streaming = `"stream":true`

const visitTool = `"tools":[{"name":"schedule_visit","description":"Schedule a follow-up visit","input_schema":` +
	`{"type":"object","properties":{"patient":{"type":"string"},"reason":{"type":"string"}},"required":["patient","reason"]}}]`

func TestTheStreamIsWrittenInTheOrderOfTheAPI(t *testing.T) {
	cases := map[string]string{
		"text":     prompt("[[simulate:echo]] NAME-7K2QAX is well.", streaming),
		"thinking": prompt("[[simulate:thinking-echo]] NAME-7K2QAX is well.", streaming, `"thinking":{"type":"adaptive"}`),
		"tool":     prompt("[[simulate:echo-tool]] for \"NAME-7K2QAX\"", streaming, visitTool),
		"error":    prompt("[[simulate:mid-stream-error after=2]] [[simulate:echo]] This breaks off in its middle.", streaming),
		"redacted": prompt("[[simulate:redacted-thinking]] [[simulate:echo]] Well.", streaming),
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			w := ask(t, "/v1/messages", body)
			if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
				t.Fatalf("content type %q", got)
			}
			parseEvents(t, w.Body.String())
			golden(t, "stream_"+name+".txt", w.Body.Bytes())
		})
	}
}

func TestAStreamAndAPlainAnswerSayTheSame(t *testing.T) {
	cited := `{"model":"claude-opus-5","max_tokens":4096,"messages":[{"role":"user","content":[` +
		`{"type":"document","source":{"type":"text","media_type":"text/plain","data":` + string(encode(syntheticNote(t))) + `},"citations":{"enabled":true}},` +
		`{"type":"text","text":"Summarise this visit."}]}]`
	cases := map[string]string{
		"summary":  prompt("Summarise this.\n" + syntheticNote(t)),
		"thinking": prompt("Summarise this.\n"+syntheticNote(t), `"thinking":{"type":"enabled","budget_tokens":1024}`),
		"tool":     prompt("Schedule a follow-up visit.\n"+syntheticNote(t), visitTool),
		"cited":    cited + "}",
		"stopped":  prompt("[[simulate:echo]] one two three", `"stop_sequences":["three","two"]`),
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			plain := answer(t, body)
			streamed := assemble(t, parseEvents(t, ask(t, "/v1/messages", strings.TrimSuffix(body, "}")+`,"stream":true}`).Body.String()))
			// ids are made of the request, and the two requests differ
			for _, m := range []*gotMessage{&plain, &streamed} {
				m.ID = ""
				m.Usage.InputTokens = 0
				for i := range m.Content {
					m.Content[i].ID = ""
					if len(m.Content[i].Citations) == 0 {
						m.Content[i].Citations = nil
					}
				}
			}
			if diff := cmp.Diff(plain, streamed); diff != "" {
				t.Errorf("differs (-plain +streamed):\n%s", diff)
			}
		})
	}
}

func TestTheSameBytesMeetTheSameAnswer(t *testing.T) {
	body := prompt("Summarise this.\n"+syntheticNote(t), streaming)
	first, second := ask(t, "/v1/messages", body), ask(t, "/v1/messages", body)
	if diff := cmp.Diff(first.Body.String(), second.Body.String()); diff != "" {
		t.Error(diff)
	}
	if first.Header().Get("Request-Id") != second.Header().Get("Request-Id") {
		t.Error("the request ids differ")
	}
	if other := ask(t, "/v1/messages", body+" "); other.Header().Get("Request-Id") == first.Header().Get("Request-Id") {
		t.Error("other bytes met the same id")
	}
}

func TestDeltasOfOneCharacterNeverCutOne(t *testing.T) {
	const text = "Zoë 😷 NAME-7K2QAX"
	w := ask(t, "/v1/messages", prompt("[[simulate:chunk=1]] [[simulate:echo]] "+text, streaming))
	n := 0
	for _, e := range parseEvents(t, w.Body.String()) {
		if d, ok := e.data["delta"].(map[string]any); ok && d["type"] == "text_delta" {
			if got := len([]rune(d["text"].(string))); got != 1 {
				t.Errorf("a delta of %d characters", got)
			}
			n++
		}
	}
	if want := len([]rune(text)); n != want {
		t.Errorf("%d deltas for %d characters", n, want)
	}
}

func TestLongStreamsHavePingsInBetween(t *testing.T) {
	w := ask(t, "/v1/messages", prompt("[[simulate:chunk=1]] [[simulate:echo]] "+strings.Repeat("a", 2*pingEvery), streaming))
	pings := 0
	for _, e := range parseEvents(t, w.Body.String()) {
		if e.name == "ping" {
			pings++
		}
	}
	if pings != 3 {
		t.Errorf("%d pings, want one behind the first block's start and two in between", pings)
	}
}

func TestBreaksEndTheStreamInItsMiddle(t *testing.T) {
	srv := httptest.NewServer(newHandler(t))
	defer srv.Close()
	post := func(t *testing.T, body string) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/v1/messages", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Anthropic-Version", "2026-10-21")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = resp.Body.Close() })
		return resp
	}
	t.Run("truncate hangs up", func(t *testing.T) {
		resp := post(t, prompt("[[simulate:truncate after=2]] [[simulate:echo]] This is cut in its middle.", streaming))
		got := &strings.Builder{}
		if err := drain(got, resp); err == nil {
			t.Error("the body ended properly")
		}
		if strings.Contains(got.String(), "message_stop") || strings.Count(got.String(), "event: content_block_delta") != 2 {
			t.Errorf("got %q", got)
		}
	})
	t.Run("truncate hangs up in a plain answer", func(t *testing.T) {
		resp := post(t, prompt("[[simulate:truncate]] [[simulate:echo]] This is cut in its middle."))
		if err := drain(&strings.Builder{}, resp); err == nil {
			t.Error("the body ended properly")
		}
	})
}

// drain reads the body to its end and returns why it ended, nil for properly.
func drain(to *strings.Builder, resp *http.Response) error {
	_, err := io.Copy(to, resp.Body)
	return err
}
