package gateway_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// who stands where an identifier may be hidden: a number and a telephone of a person
// who never lived.
const who = "MRN: 4471902, phone (541) 555-0146"

// Wherever an identifier stands in a request, it is refused or concealed by rule:
// never sent. In a schema it is refused, because vendors keep compiled schemas longer
// than prompts; elsewhere it is concealed (BAA-15).
func TestNoPositionInARequestLetsAnIdentifierThrough_BAA15(t *testing.T) {
	const concealed = ""
	schema := func(s string) string {
		return `"tools": [{"name": "pick", "description": "Picks.", "input_schema": {"type": "object", "properties": {"p": ` + s + `}}}]`
	}
	for name, c := range map[string]struct {
		member string // of the body; %s is the identifier
		code   string // of the refusal; concealed otherwise
	}{
		"a property's name":              {`"tools": [{"name": "pick", "input_schema": {"type": "object", "properties": {"%s": {"type": "string"}}}}]`, "phi_in_schema"},
		"enum":                           {schema(`{"type": "string", "enum": ["%s"]}`), "phi_in_schema"},
		"const":                          {schema(`{"const": "%s"}`), "phi_in_schema"},
		"pattern":                        {schema(`{"type": "string", "pattern": "^%s$"}`), "phi_in_schema"},
		"required":                       {`"tools": [{"name": "pick", "input_schema": {"type": "object", "required": ["%s"]}}]`, "phi_in_schema"},
		"default":                        {schema(`{"type": "string", "default": "%s"}`), concealed},
		"an example in a schema":         {schema(`{"type": "string", "examples": ["%s"]}`), concealed},
		"a definition's name":            {`"tools": [{"name": "pick", "input_schema": {"type": "object", "$defs": {"%s": {"type": "string"}}}}]`, "phi_in_schema"},
		"a reference":                    {schema(`{"$ref": "#/$defs/%s"}`), "phi_in_schema"},
		"deep inside a choice":           {schema(`{"anyOf": [{"type": "object", "properties": {"q": {"enum": ["%s"]}}}]}`), "phi_in_schema"},
		"an object in a const":           {schema(`{"const": {"a": ["%s"]}}`), "phi_in_schema"},
		"a tool's name":                  {`"tools": [{"name": "%s", "input_schema": {"type": "object"}}]`, "phi_in_schema"},
		"the schema of an output":        {`"output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {"p": {"enum": ["%s"]}}}}}`, "phi_in_schema"},
		"a tool's description":           {`"tools": [{"name": "pick", "description": "For %s", "input_schema": {"type": "object"}}]`, concealed},
		"a description in a schema":      {schema(`{"type": "string", "description": "for %s"}`), concealed},
		"an example of a tool's input":   {`"tools": [{"name": "pick", "input_schema": {"type": "object"}, "input_examples": [{"p": "%s"}]}]`, concealed},
		"a tool that is asked for":       {`"tool_choice": {"type": "tool", "name": "%s"}`, concealed},
		"metadata":                       {`"metadata": {"user_id": "%s"}`, concealed},
		"metadata that is not the API's": {`"metadata": {"user_id": "u", "note": "%s"}`, concealed},
		"the system prompt":              {`"system": "You help with %s"`, concealed},
		"a block of the system prompt":   {`"system": [{"type": "text", "text": "You help with %s"}]`, concealed},
		"a stop sequence":                {`"stop_sequences": ["%s"]`, concealed},
		"a field that nobody knows":      {`"x_ward_note": {"deep": ["%s"]}`, concealed},
		"the name of such a field":       {`"x %s": 1`, concealed},
		"a document's title":             {`"messages": [{"role": "user", "content": [{"type": "document", "title": "%s", "source": {"type": "text", "media_type": "text/plain", "data": "Nothing."}}]}]`, concealed},
		"a document's context":           {`"messages": [{"role": "user", "content": [{"type": "document", "context": "%s", "source": {"type": "text", "media_type": "text/plain", "data": "Nothing."}}]}]`, concealed},
		"the address of an image":        {`"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "https://pacs.example/%s.png"}}]}]`, "opaque_content"},
		"a tool's input in the history":  {`"messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "pick", "input": {"p": "%s"}}]}]`, concealed},
		"a key of a tool's input":        {`"messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "pick", "input": {"%s": 1}}]}]`, concealed},
		"a tool's answer":                {`"messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "%s"}]}]`, concealed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, plan{})
			h.upstream.answer = h.answer("200\nContent-Type: application/json\n\n" +
				`{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"Done."}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}`)
			body := `{"model": "claude-sonnet-5", "max_tokens": 64, ` + fmt.Sprintf(c.member, who)
			if !strings.Contains(c.member, `"messages"`) {
				body += `, "messages": [{"role": "user", "content": "Pick one."}]`
			}
			w := h.send(http.MethodPost, "/v1/messages", body+"}")
			if c.code != concealed {
				wantError(t, w, http.StatusForbidden, c.code)
				if h.upstream.count() != 0 {
					t.Error("something was sent")
				}
				return
			}
			sent := string(h.upstream.last().body)
			if w.Code != http.StatusOK || sent == "" {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			for _, part := range []string{"4471902", "555-0146"} {
				if strings.Contains(sent, part) {
					t.Errorf("%s was sent: %s", part, sent)
				}
			}
		})
	}
}
