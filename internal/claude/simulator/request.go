package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// request is the part of a Messages request that the simulator looks at.
// Unknown fields are let be, as the vendor's list of fields is open.
type request struct {
	Model         string       `json:"model"`
	MaxTokens     *int         `json:"max_tokens"`
	Messages      []message    `json:"messages"`
	System        content      `json:"system"`
	Tools         []tool       `json:"tools"`
	ToolChoice    toolChoice   `json:"tool_choice"`
	Thinking      thinking     `json:"thinking"`
	StopSequences []string     `json:"stop_sequences"`
	Stream        bool         `json:"stream"`
	OutputConfig  outputConfig `json:"output_config"`
	OutputFormat  outputFormat `json:"output_format"`
	Thread        *struct{}    `json:"thread"`

	body []byte // as it came, for counting
}

type message struct {
	Role    string  `json:"role"`
	Content content `json:"content"`
}

type toolChoice struct {
	Type string `json:"type"`
	Name string `json:"name"`
}

type thinking struct {
	Type         string `json:"type"`
	BudgetTokens int    `json:"budget_tokens"`
	Display      string `json:"display"`
}

func (t thinking) on() bool { return t.Type == "enabled" || t.Type == "adaptive" }

type outputConfig struct {
	Format outputFormat `json:"format"`
}

type outputFormat struct {
	Type   string          `json:"type"`
	Schema json.RawMessage `json:"schema"`
}

// schema is the schema that the answer must satisfy, or nil.
func (r *request) schema() json.RawMessage {
	if len(r.OutputConfig.Format.Schema) > 0 {
		return r.OutputConfig.Format.Schema
	}
	return r.OutputFormat.Schema
}

// tool is a tool that the client runs itself, or one that the vendor would.
type tool struct {
	Type        string          `json:"type"`
	Name        string          `json:"name"`
	Description string          `json:"description"`
	InputSchema json.RawMessage `json:"input_schema"`
}

// clientRuns reports whether a call of the tool can be simulated: the vendor's
// own tools would have to be run here, and here nothing is run.
func (t tool) clientRuns() bool { return t.Type == "" || t.Type == "custom" }

// content is a list of blocks; a plain string is one text block.
type content []block

// UnmarshalJSON accepts both forms of the API.
func (c *content) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case bytes.Equal(data, []byte("null")):
		return nil
	case len(data) > 0 && data[0] == '"':
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		*c = content{{Type: "text", Text: s}}
		return nil
	}
	var blocks []block
	if err := json.Unmarshal(data, &blocks); err != nil {
		return err
	}
	*c = blocks
	return nil
}

type block struct {
	Type      string      `json:"type"`
	Text      string      `json:"text"`
	Title     string      `json:"title"`
	Thinking  string      `json:"thinking"`
	Signature string      `json:"signature"`
	Data      string      `json:"data"`
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	ToolUseID string      `json:"tool_use_id"`
	Content   content     `json:"content"`
	Source    blockSource `json:"source"`
	Citations struct {
		Enabled bool `json:"enabled"`
	} `json:"citations"`
}

// blockSource is where a document or an image comes from. A search result's
// source is a plain string and is let be.
type blockSource struct {
	Type      string
	MediaType string
	Data      string
	FileID    string
	Content   content
}

// UnmarshalJSON accepts the object form and ignores the string form.
func (s *blockSource) UnmarshalJSON(data []byte) error {
	if len(data) == 0 || data[0] != '{' {
		return nil
	}
	var v struct {
		Type      string  `json:"type"`
		MediaType string  `json:"media_type"`
		Data      string  `json:"data"`
		FileID    string  `json:"file_id"`
		Content   content `json:"content"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	*s = blockSource{v.Type, v.MediaType, v.Data, v.FileID, v.Content}
	return nil
}

var versionForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// readRequest decodes and checks a request the way the API does, as far as
// clients depend on it.
func (s *simulator) readRequest(r *http.Request, body []byte) (*request, *fault) {
	if v := r.Header.Get("Anthropic-Version"); v == "" {
		return nil, invalid("anthropic-version: header is required")
	} else if !versionForm.MatchString(v) {
		return nil, invalid("anthropic-version: is not a valid version")
	}
	var req request
	dec := json.NewDecoder(bytes.NewReader(body))
	if err := dec.Decode(&req); err != nil {
		return nil, decodeFault(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, invalid("The request body is not valid JSON: it goes on behind its end")
	}
	if req.Model == "" {
		return nil, invalid("model: Field required")
	}
	if _, ok := s.models.Find(req.Model); !ok {
		return nil, faultf(http.StatusNotFound, "model: there is no such model")
	}
	if f := s.fetch(&req); f != nil {
		return nil, f
	}
	if f := req.check(); f != nil {
		return nil, f
	}
	req.body = body
	return &req, nil
}

func decodeFault(err error) *fault {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		return invalid("%s: Input should be another type", kind.Field)
	}
	return invalid("The request body is not valid JSON")
}

// newest is the newest message of the conversation: behind it may stand what the
// client says of itself, in messages of the system.
func (r *request) newest() message {
	for i := len(r.Messages) - 1; i > 0; i-- {
		if r.Messages[i].Role != "system" {
			return r.Messages[i]
		}
	}
	return r.Messages[0]
}

// lastUserText is the text of the newest message if it is the user's.
func (r *request) lastUserText() string {
	last := r.newest()
	if last.Role != "user" {
		return ""
	}
	var parts []string
	for _, b := range last.Content {
		if b.Type == "text" {
			parts = append(parts, b.Text)
		}
	}
	return strings.Join(parts, "\n")
}
