package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// block is one block of content, as far as a model needs to read it.
type block struct {
	Type      string          `json:"type"`
	Text      string          `json:"text,omitempty"`
	ID        string          `json:"id,omitempty"`
	Name      string          `json:"name,omitempty"`
	Input     any             `json:"input,omitempty"`
	Thinking  string          `json:"thinking,omitempty"`
	Signature string          `json:"signature,omitempty"`
	Content   json.RawMessage `json:"content,omitempty"`
}

// prompt is what a model sees of a request.
type prompt struct {
	Model    string
	Stream   bool
	System   json.RawMessage
	Tools    json.RawMessage
	Messages []struct {
		Role    string
		Content json.RawMessage
	}
	raw []byte
}

// last is the content of the newest message of that role as blocks.
func (p prompt) last(role string) []block {
	for i := len(p.Messages) - 1; i >= 0; i-- {
		if p.Messages[i].Role == role {
			return blocks(p.Messages[i].Content)
		}
	}
	return nil
}

func blocks(content json.RawMessage) []block {
	var text string
	if json.Unmarshal(content, &text) == nil {
		return []block{{Type: "text", Text: text}}
	}
	var list []block
	json.Unmarshal(content, &list)
	return list
}

// said is the last text of the newest message of the user.
func (p prompt) said() string {
	text := ""
	for _, b := range p.last("user") {
		if b.Type == "text" && !strings.HasPrefix(b.Text, "<system-reminder>") {
			text = b.Text
		}
	}
	return text
}

// result is the text of the newest tool result, "" where the newest message of
// the user holds none.
func (p prompt) result() string {
	for _, b := range p.last("user") {
		if b.Type == "tool_result" {
			var text strings.Builder
			for _, part := range blocks(b.Content) {
				text.WriteString(part.Text)
			}
			return text.String()
		}
	}
	return ""
}

// model is a fake of the vendor that plays a script: play is asked what to
// answer to each request that offers tools; requests beside the conversation
// (titles, probes) get a short text. It shares no code with the product and
// keeps every request whole, its headers too.
type model struct {
	*httptest.Server
	play func(prompt) []block

	mu      sync.Mutex
	prompts []prompt // of the conversation
	all     bytes.Buffer
}

func newModel(t *testing.T, play func(prompt) []block) *model {
	m := &model{play: play}
	m.Server = httptest.NewServer(http.HandlerFunc(m.serve))
	t.Cleanup(m.Close)
	return m
}

// seen is every byte that reached the model.
func (m *model) seen() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.all.String()
}

func (m *model) conversation() []prompt {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]prompt(nil), m.prompts...)
}

func (m *model) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var p prompt
	err := json.Unmarshal(body, &p)
	p.raw = body
	m.mu.Lock()
	fmt.Fprintf(&m.all, "%s %s\n", r.Method, r.URL)
	r.Header.Write(&m.all)
	m.all.Write(body)
	talk := err == nil && len(p.Tools) > 4 && strings.HasSuffix(r.URL.Path, "/messages")
	if talk {
		m.prompts = append(m.prompts, p)
	}
	m.mu.Unlock()
	switch {
	case strings.HasSuffix(r.URL.Path, "/count_tokens"):
		w.Header().Set("content-type", "application/json")
		io.WriteString(w, `{"input_tokens":10}`)
	case strings.HasSuffix(r.URL.Path, "/models"):
		w.Header().Set("content-type", "application/json")
		io.WriteString(w, `{"data":[{"type":"model","id":"claude-sonnet-5","display_name":"Claude Sonnet 5","created_at":"2026-01-01T00:00:00Z"}],"has_more":false,"first_id":"claude-sonnet-5","last_id":"claude-sonnet-5"}`)
	case err != nil || len(p.Messages) == 0:
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"type":"error","error":{"type":"invalid_request_error","message":"bad"}}`)
	case talk:
		answer(w, p, m.play(p))
	default:
		answer(w, p, []block{{Type: "text", Text: "ok"}})
	}
}

// answer writes blocks as a message, streamed in pieces of a few bytes where a
// stream is asked for.
func answer(w http.ResponseWriter, p prompt, list []block) {
	stop := "end_turn"
	for _, b := range list {
		if b.Type == "tool_use" {
			stop = "tool_use"
		}
	}
	w.Header().Set("request-id", "req_fake")
	// The program joins messages of one id: each request, longer than the one
	// before, gets its own.
	usage := map[string]any{"input_tokens": 100, "output_tokens": 10, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}
	message := map[string]any{"id": fmt.Sprintf("msg_%d", len(p.raw)), "type": "message", "role": "assistant", "model": p.Model, "stop_reason": nil, "stop_sequence": nil, "usage": usage}
	if !p.Stream {
		message["content"], message["stop_reason"] = list, stop
		w.Header().Set("content-type", "application/json")
		json.NewEncoder(w).Encode(message)
		return
	}
	w.Header().Set("content-type", "text/event-stream")
	flush := http.NewResponseController(w)
	event := func(name string, data map[string]any) {
		data["type"] = name
		raw, _ := json.Marshal(data)
		fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, raw)
		flush.Flush()
	}
	message["content"] = []any{}
	event("message_start", map[string]any{"message": message})
	for i, b := range list {
		deltas(event, i, b)
	}
	event("message_delta", map[string]any{"delta": map[string]any{"stop_reason": stop, "stop_sequence": nil}, "usage": map[string]any{"output_tokens": 10}})
	event("message_stop", map[string]any{})
}

func deltas(event func(string, map[string]any), i int, b block) {
	start := map[string]any{"type": b.Type}
	kind, field, text := "text_delta", "text", b.Text
	switch b.Type {
	case "tool_use":
		start["id"], start["name"], start["input"] = b.ID, b.Name, map[string]any{}
		raw, _ := json.Marshal(b.Input)
		kind, field, text = "input_json_delta", "partial_json", string(raw)
	case "thinking":
		start["thinking"], start["signature"] = "", ""
		kind, field, text = "thinking_delta", "thinking", b.Thinking
	default:
		start["text"] = ""
	}
	event("content_block_start", map[string]any{"index": i, "content_block": start})
	for n, at := 1, 0; at < len(text); n = n%11 + 1 {
		end := min(len(text), at+n)
		for end < len(text) && text[end]&0xc0 == 0x80 {
			end++
		}
		event("content_block_delta", map[string]any{"index": i, "delta": map[string]any{"type": kind, field: text[at:end]}})
		at = end
	}
	if b.Signature != "" {
		event("content_block_delta", map[string]any{"index": i, "delta": map[string]any{"type": "signature_delta", "signature": b.Signature}})
	}
	event("content_block_stop", map[string]any{"index": i})
}
