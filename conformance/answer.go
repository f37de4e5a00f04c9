package conformance

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// The parts of an answer of the Messages API.
const (
	startEvent = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_01Conform\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-5\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n"
	stopEvents = "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":7}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
	textStart  = "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
	blockStop  = "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
	toolStart  = "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_01Conform\",\"name\":\"chart\",\"input\":{}}}\n\n"
	anyMessage = `{"id":"msg_01Conform","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"It is well."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":7}}`
	anyModel   = `{"type":"model","id":"claude-sonnet-5","display_name":"Claude Sonnet 5","created_at":"2026-01-01T00:00:00Z"}`
)

// delta is one event with a piece of a block.
func delta(kind, field, piece string) string {
	return fmt.Sprintf("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":%s,%s:%s}}\n\n",
		quote(kind), quote(field), quote(piece))
}

// textStream is a stream that says the pieces.
func textStream(pieces ...string) string {
	b := startEvent + textStart
	for _, p := range pieces {
		b += delta("text_delta", "text", p)
	}
	return b + blockStop + stopEvents
}

// toolStream is a stream that calls a tool with the pieces of its input.
func toolStream(pieces ...string) string {
	b := startEvent + toolStart
	for _, p := range pieces {
		b += delta("input_json_delta", "partial_json", p)
	}
	return b + blockStop + strings.Replace(stopEvents, "end_turn", "tool_use", 1)
}

// textMessage is an answer in one piece.
func textMessage(text string) string {
	return strings.Replace(anyMessage, `"It is well."`, quote(text), 1)
}

// toolMessage is an answer that calls a tool with a JSON value.
func toolMessage(input string) string {
	return strings.Replace(strings.Replace(anyMessage, `{"type":"text","text":"It is well."}`,
		`{"type":"tool_use","id":"toolu_01Conform","name":"chart","input":`+input+`}`, 1), "end_turn", "tool_use", 1)
}

// plainAnswer is what the upstream says where a case does not care.
func plainAnswer(w http.ResponseWriter, r *http.Request, s Seen) {
	path, _, _ := strings.Cut(s.Path, "?")
	switch {
	case strings.HasSuffix(path, "/count_tokens"):
		writeJSON(w, http.StatusOK, `{"input_tokens":2095}`)
	case strings.HasSuffix(path, "/models"):
		writeJSON(w, http.StatusOK, `{"data":[`+anyModel+`],"has_more":false,"first_id":"claude-sonnet-5","last_id":"claude-sonnet-5"}`)
	case strings.Contains(path, "/models/"):
		writeJSON(w, http.StatusOK, anyModel)
	case r.Method == http.MethodHead:
		w.WriteHeader(http.StatusOK)
	case wantsStream(s.Body):
		writeStream(w, textStream("It is ", "well."))
	default:
		writeJSON(w, http.StatusOK, anyMessage)
	}
}

func wantsStream(body []byte) bool {
	var asked struct {
		Stream bool `json:"stream"`
	}
	return json.Unmarshal(body, &asked) == nil && asked.Stream
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Request-Id", "req_011Conform")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // a gateway that left needs no answer
}

// writeStream writes a stream in pieces, each flushed by itself.
func writeStream(w http.ResponseWriter, pieces ...string) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Request-Id", "req_011Conform")
	w.WriteHeader(http.StatusOK)
	for _, p := range pieces {
		_, _ = io.WriteString(w, p)
		_ = http.NewResponseController(w).Flush()
	}
}

// always answers with one JSON body.
func always(status int, body string, header ...string) script {
	return func(w http.ResponseWriter, _ *http.Request, _ Seen) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		writeJSON(w, status, body)
	}
}

// streams answers with one stream.
func streams(text string) script {
	return func(w http.ResponseWriter, _ *http.Request, _ Seen) { writeStream(w, text) }
}

// said is the text of an answer, streamed or whole, and the JSON of the input of
// its tool call.
func (g got) said() (text, input string) {
	if !strings.HasPrefix(g.header.Get("Content-Type"), "text/event-stream") {
		var m struct {
			Content []struct {
				Text  string          `json:"text"`
				Input json.RawMessage `json:"input"`
			} `json:"content"`
		}
		if json.Unmarshal(g.body, &m) != nil {
			return "", ""
		}
		for _, b := range m.Content {
			text += b.Text
			input += string(b.Input)
		}
		return text, input
	}
	for _, line := range strings.Split(string(g.body), "\n") {
		data, ok := strings.CutPrefix(line, "data:")
		if !ok {
			continue
		}
		var e struct {
			Delta struct {
				Text  string `json:"text"`
				Input string `json:"partial_json"`
			} `json:"delta"`
		}
		if json.Unmarshal([]byte(strings.TrimSpace(data)), &e) == nil {
			text += e.Delta.Text
			input += e.Delta.Input
		}
	}
	return text, input
}
