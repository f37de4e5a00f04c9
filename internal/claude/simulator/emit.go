package simulator

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// usage counts tokens as the API reports them; the numbers are estimates.
type usage struct {
	InputTokens  int    `json:"input_tokens"`
	CacheWrite   int    `json:"cache_creation_input_tokens"`
	CacheRead    int    `json:"cache_read_input_tokens"`
	OutputTokens int    `json:"output_tokens"`
	ServiceTier  string `json:"service_tier"`
}

type wireMessage struct {
	ID           string            `json:"id"`
	Type         string            `json:"type"`
	Role         string            `json:"role"`
	Model        string            `json:"model"`
	Content      []json.RawMessage `json:"content"`
	StopReason   *string           `json:"stop_reason"`
	StopSequence *string           `json:"stop_sequence"`
	Usage        usage             `json:"usage"`
}

func (r *request) wireMessage(id seed, output int) wireMessage {
	return wireMessage{
		ID: id.name("msg_sim_"), Type: "message", Role: "assistant", Model: r.Model,
		Content: []json.RawMessage{},
		Usage:   usage{InputTokens: inputTokens(r.body), OutputTokens: output, ServiceTier: "standard"},
	}
}

// The content blocks in their wire form, fields in the order of the API.
type (
	wireText struct {
		Type      string     `json:"type"`
		Text      string     `json:"text"`
		Citations []citation `json:"citations,omitempty"`
	}
	wireThinking struct {
		Type      string `json:"type"`
		Thinking  string `json:"thinking"`
		Signature string `json:"signature"`
	}
	wireRedacted struct {
		Type string `json:"type"`
		Data string `json:"data"`
	}
	wireToolUse struct {
		Type  string          `json:"type"`
		ID    string          `json:"id"`
		Name  string          `json:"name"`
		Input json.RawMessage `json:"input"`
	}
)

func (b outBlock) wire() json.RawMessage {
	switch b.kind {
	case "thinking":
		return encode(wireThinking{b.kind, b.text, b.signature})
	case "redacted_thinking":
		return encode(wireRedacted{b.kind, b.data})
	case "tool_use":
		return encode(wireToolUse{b.kind, b.id, b.name, b.input})
	}
	return encode(wireText{b.kind, b.text, b.citations})
}

// whole answers without a stream. A scripted break comes in the middle of the
// body; an error "in the middle" has to come as a status here.
func (p player) whole(m wireMessage, a *reply, d directives) *fault {
	if d.midError {
		return faultf(529, "Overloaded")
	}
	for _, b := range a.blocks {
		m.Content = append(m.Content, b.wire())
	}
	m.StopReason, m.StopSequence = &a.stop, a.hit
	body := encode(m)
	p.w.Header().Set("Content-Type", "application/json")
	p.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	p.w.WriteHeader(http.StatusOK)
	if d.truncate || d.hang {
		_, _ = p.w.Write(body[:len(body)/2]) // what follows ends the answer either way
		_ = http.NewResponseController(p.w).Flush()
		if d.hang {
			<-p.ctx.Done()
		}
		panic(http.ErrAbortHandler)
	}
	_, _ = p.w.Write(body) // a client that is gone reads no error either
	return nil
}
