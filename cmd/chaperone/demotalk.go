package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// talk is a client of the public API, as small as one can be: what the
// demonstration shows, any client gets.
type talk struct{ url, key string }

// spoken is one streamed answer, put together.
type spoken struct {
	exchange string // request-id
	receipt  string
	text     string
	tool     string // name of the tool that was called
	toolID   string
	input    string // JSON of the call
	content  []any  // the answer's blocks, to be sent back in the next turn
}

// event is what of a server-sent event the demonstration looks at.
type event struct {
	Type         string `json:"type"`
	ContentBlock struct {
		Type, ID, Name string
	} `json:"content_block"`
	Delta struct {
		Type, Text  string
		PartialJSON string `json:"partial_json"`
	} `json:"delta"`
	Error struct{ Message string } `json:"error"`
}

// stream sends a request and reads the streamed answer to its end.
func (t *talk) stream(ctx context.Context, body map[string]any) (*spoken, error) {
	body["stream"] = true
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.url+"/v1/messages", bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	req.Header.Set("content-type", "application/json")
	req.Header.Set("anthropic-version", "2023-06-01")
	req.Header.Set("x-api-key", t.key)
	req.Header.Set("x-chaperone-session", "demo")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	s := &spoken{exchange: res.Header.Get("request-id"), receipt: res.Header.Get("x-chaperone-receipt")}
	if res.StatusCode != http.StatusOK {
		var problem struct{ Error struct{ Message string } }
		_ = json.NewDecoder(res.Body).Decode(&problem) // the status says enough if the body does not
		return nil, fmt.Errorf("the API answered %d: %s", res.StatusCode, problem.Error.Message)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 16<<20)
	ended := false
	for lines.Scan() {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var e event
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			return nil, fmt.Errorf("an event of the stream is not JSON: %w", err)
		}
		if e.Type == "error" {
			return nil, fmt.Errorf("the stream reports: %s", e.Error.Message)
		}
		ended = ended || e.Type == "message_stop"
		s.take(e)
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if !ended {
		return nil, fmt.Errorf("the stream ended before its end")
	}
	return s, s.blocks()
}

func (s *spoken) take(e event) {
	switch {
	case e.Type == "content_block_start" && e.ContentBlock.Type == "tool_use":
		s.tool, s.toolID = e.ContentBlock.Name, e.ContentBlock.ID
	case e.Delta.Type == "text_delta":
		s.text += e.Delta.Text
	case e.Delta.Type == "input_json_delta":
		s.input += e.Delta.PartialJSON
	}
}

// blocks makes the blocks that go back in the next turn.
func (s *spoken) blocks() error {
	if s.text != "" {
		s.content = append(s.content, map[string]any{"type": "text", "text": s.text})
	}
	if s.tool == "" {
		return nil
	}
	input := json.RawMessage(s.input)
	if !json.Valid(input) {
		return fmt.Errorf("the tool's input is not JSON")
	}
	s.content = append(s.content, map[string]any{"type": "tool_use", "id": s.toolID, "name": s.tool, "input": input})
	return nil
}
