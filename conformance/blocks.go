package conformance

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// block is one type of content block, with identifiers wherever a text can stand.
// ¤ stands for the passage as a JSON string, and ~ for it in a URL.
type block struct {
	kind, json string
	assistant  bool   // it stands in what Claude said
	at         string // under the block: what is said back
}

// blocks are the types of content block that a request can hold.
func blocks() []block {
	return []block{
		{kind: "text", json: `{"type":"text","text":¤}`, at: "/text"},
		{kind: "image", json: `{"type":"image","source":{"type":"url","url":"https://img.example.org/?q=~"}}`},
		{kind: "document", json: `{"type":"document","title":¤,"context":¤,"source":{"type":"text","media_type":"text/plain","data":¤}}`, at: "/source/data"},
		{kind: "search_result", json: `{"type":"search_result","source":"https://chart.example.org/?q=~","title":¤,"content":[{"type":"text","text":¤}]}`, at: "/content/0/text"},
		{kind: "thinking", json: `{"type":"thinking","thinking":¤,"signature":"` + signature + `"}`, assistant: true},
		{kind: "redacted_thinking", json: `{"type":"redacted_thinking","data":¤}`, assistant: true},
		{kind: "tool_use", json: `{"type":"tool_use","id":"toolu_01A","name":"chart","input":{"who":¤,"list":[{"deep":¤}]}}`, assistant: true, at: "/input/list/0/deep"},
		{kind: "tool_result", json: `{"type":"tool_result","tool_use_id":"toolu_01A","content":[{"type":"text","text":¤}]}`, at: "/content/0/text"},
		{kind: "server_tool_use", json: `{"type":"server_tool_use","id":"srvtoolu_01A","name":"web_search","input":{"query":¤}}`, assistant: true, at: "/input/query"},
		{kind: "web_search_tool_result", json: `{"type":"web_search_tool_result","tool_use_id":"srvtoolu_01A","content":[{"type":"web_search_result","url":"https://example.org/?q=~","title":¤,"page_age":¤,"encrypted_content":"` + otherSeal + `"}]}`, assistant: true},
		{kind: "web_fetch_tool_result", json: `{"type":"web_fetch_tool_result","tool_use_id":"srvtoolu_01A","content":{"type":"web_fetch_result","url":"https://example.org/?q=~","content":{"type":"document","title":¤,"source":{"type":"text","media_type":"text/plain","data":¤}}}}`, assistant: true},
		{kind: "advisor_tool_result", json: `{"type":"advisor_tool_result","tool_use_id":"srvtoolu_01A","content":{"type":"advisor_result","text":¤}}`, assistant: true},
		{kind: "code_execution_tool_result", json: `{"type":"code_execution_tool_result","tool_use_id":"srvtoolu_01A","content":{"type":"code_execution_result","stdout":¤,"stderr":¤,"return_code":0,"content":[]}}`, assistant: true},
		{kind: "bash_code_execution_tool_result", json: `{"type":"bash_code_execution_tool_result","tool_use_id":"srvtoolu_01A","content":{"type":"bash_code_execution_result","stdout":¤,"stderr":¤,"return_code":0,"content":[]}}`, assistant: true},
		{kind: "text_editor_code_execution_tool_result", json: `{"type":"text_editor_code_execution_tool_result","tool_use_id":"srvtoolu_01A","content":{"type":"text_editor_code_execution_view_result","file_type":"text","content":¤}}`, assistant: true},
		{kind: "tool_search_tool_result", json: `{"type":"tool_search_tool_result","tool_use_id":"srvtoolu_01A","content":{"type":"tool_search_tool_search_result","tool_references":[{"type":"tool_reference","tool_name":¤}]}}`, assistant: true},
		{kind: "mcp_tool_use", json: `{"type":"mcp_tool_use","id":"mcptoolu_01A","name":"chart","server_name":¤,"input":{"who":¤}}`, assistant: true, at: "/input/who"},
		{kind: "mcp_tool_result", json: `{"type":"mcp_tool_result","tool_use_id":"mcptoolu_01A","is_error":false,"content":[{"type":"text","text":¤}]}`, assistant: true, at: "/content/0/text"},
		{kind: "container_upload", json: `{"type":"container_upload","file_id":¤}`},
		{kind: "compaction", json: `{"type":"compaction","content":¤}`, assistant: true},
		{kind: "tool_addition", json: `{"type":"tool_addition","tool":{"name":"chart2","description":¤,"input_schema":{"type":"object"}}}`},
		{kind: "tool_removal", json: `{"type":"tool_removal","tool":{"type":"tool_reference","tool_name":¤}}`},
		{kind: "mcp_tool_listing", json: `{"type":"mcp_tool_listing","server_name":"ward","tools":[{"name":"chart3","description":¤,"input_schema":{"type":"object"}}]}`},
		{kind: "fallback", json: `{"type":"fallback","from":{"model":"claude-opus-5"},"to":{"model":"claude-sonnet-5"},"note":¤}`, assistant: true},
		{kind: "tomorrow", json: `{"type":"tomorrow","text":¤,"deep":{"list":[¤]}}`},
	}
}

// blockCases plants the passage in every type of block, and in one that nobody
// knows.
func blockCases() []scenario {
	var list []scenario
	for _, b := range blocks() {
		name := "in a block of type " + b.kind
		if b.kind == "tomorrow" {
			name = "in a block of a type that nobody knows"
		}
		list = append(list, scenario{"leaks: blocks", name, func(t *trial) error {
			for _, streamed := range []bool{false, true} {
				if err := t.plant(b.probe(t, passage, streamed)); err != nil {
					return err
				}
			}
			return nil
		}})
	}
	return list
}

// probe is a request with the block in its place and a text planted in it.
func (b block) probe(t *trial, text string, streamed bool) probe {
	filled := strings.NewReplacer("¤", quote(text), "~", percentAll(text)).Replace(b.json)
	messages := `{"role":"user","content":[` + filled + `]}`
	where := "/messages/0/content/0"
	switch {
	case b.assistant:
		messages = userTurn + `,{"role":"assistant","content":[` + filled + `]},{"role":"user","content":"Go on."}`
		if id, ok := resultNeeded(b.kind); ok {
			messages = strings.Replace(messages, `"content":"Go on."`, `"content":[{"type":"tool_result","tool_use_id":"`+id+`","content":"Done."}]`, 1)
		}
		where = "/messages/1/content/0"
	case b.kind == "tool_result":
		messages = userTurn + `,{"role":"assistant","content":[{"type":"tool_use","id":"toolu_01A","name":"chart","input":{}}]},` + messages
		where = "/messages/2/content/0"
	}
	members := []string{`"tools":[` + someTool + `]`, fmt.Sprintf(`"stream": %v`, streamed)}
	p := probe{ask: ask{body: t.conversation(messages, members...)}, stream: streamed, want: text}
	if b.at != "" {
		p.at = where + b.at
	}
	return p
}

// resultNeeded: a tool call in history is answered by the next turn.
func resultNeeded(kind string) (id string, ok bool) { return "toolu_01A", kind == "tool_use" }

// percentAll percent-encodes every byte.
func percentAll(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
