package conformance

import (
	"encoding/json"
	"net/http"
	"strings"
)

// position is one place of a request; ¤ stands for the passage as a JSON string,
// ~ for it percent-encoded.
type position struct {
	name     string
	messages string // empty: a harmless turn
	members  []string
	at       string // what is said back
}

func positions() []position {
	tool := func(schema string) []string {
		return []string{`"tools":[{"name":"chart","description":"Reads a value","input_schema":` + schema + `}]`}
	}
	return []position{
		{name: "the text of a turn", messages: `{"role":"user","content":¤}`, at: "/messages/0/content"},
		{name: "the system prompt", members: []string{`"system":¤`}, at: "/system"},
		{name: "a block of the system prompt", members: []string{`"system":[{"type":"text","text":"Be kind."},{"type":"text","text":¤}]`}, at: "/system/1/text"},
		{name: "a line that only looks like the attribution", members: []string{`"system":[{"type":"text","text":"x-anthropic-billing-header: ` + strings.ReplaceAll(passage, `"`, "") + `"}]`}},
		{name: "what Claude said before", messages: userTurn + `,{"role":"assistant","content":¤},` + userTurn, at: "/messages/1/content"},
		{name: "a turn of the system among the messages", messages: userTurn + `,{"role":"system","content":¤},` + userTurn, at: "/messages/1/content"},
		{name: "a key of a tool call's input", messages: userTurn + `,{"role":"assistant","content":[{"type":"tool_use","id":"toolu_01A","name":"chart","input":{¤:{"n":1}}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_01A","content":"Done."}]}`, at: "/messages/1/content/0/input"},
		{name: "a number of a tool call's input", messages: userTurn + `,{"role":"assistant","content":[{"type":"tool_use","id":"toolu_01A","name":"chart","input":{"mrn":` + personMRN + `,"ssn":"` + personSSN + `"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_01A","content":"Done."}]}`},
		{name: "JSON in a string of a tool's result", messages: userTurn + `,{"role":"assistant","content":[{"type":"tool_use","id":"toolu_01A","name":"chart","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_01A","content":` + quote(`{"patient":{"name":"`+personName+`","ssn":"`+personSSN+`","note":`+quote(passage)+`}}`) + `}]}`},
		{name: "a tool's result as a string", messages: userTurn + `,{"role":"assistant","content":[{"type":"tool_use","id":"toolu_01A","name":"chart","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_01A","content":¤}]}`, at: "/messages/2/content/0/content"},
		{name: "the title of a document", messages: `{"role":"user","content":[{"type":"document","title":¤,"source":{"type":"text","media_type":"text/plain","data":"Well."}}]}`, at: "/messages/0/content/0/title"},
		{name: "the context of a document", messages: `{"role":"user","content":[{"type":"document","context":¤,"source":{"type":"text","media_type":"text/plain","data":"Well."}}]}`, at: "/messages/0/content/0/context"},
		{name: "a file name", messages: `{"role":"user","content":[{"type":"document","title":"Quintanar-Webb_Marisol_SSN_536-41-7729.pdf","source":{"type":"text","media_type":"text/plain","data":"Well."}}]}`},
		{name: "the blocks of a document", messages: `{"role":"user","content":[{"type":"document","source":{"type":"content","content":[{"type":"text","text":¤}]}}]}`, at: "/messages/0/content/0/source/content/0/text"},
		{name: "a URL in a text", messages: `{"role":"user","content":"See https://chart.example.org/p?q=~ please"}`},
		{name: "the URL of a document", messages: `{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://chart.example.org/p?q=~"}}]}`},
		{name: "metadata.user_id", members: []string{`"metadata":{"user_id":¤}`}, at: "/metadata/user_id"},
		{name: "another field of metadata", members: []string{`"metadata":{"note":¤}`}, at: "/metadata/note"},
		{name: "a field that nobody knows", members: []string{`"x_future":{"deep":[¤]}`}, at: "/x_future/deep/0"},
		{name: "the name of a field that nobody knows", members: []string{`"x_future":{¤:1}`}},
		{name: "a stop sequence", members: []string{`"stop_sequences":["END",¤]`}, at: "/stop_sequences/1"},
		{name: "the name of a tool", members: []string{`"tools":[{"name":"chart_of_Marisol_Quintanar_SSN_536-41-7729","description":"Reads","input_schema":{"type":"object"}}]`}},
		{name: "the description of a tool", members: []string{`"tools":[{"name":"chart","description":¤,"input_schema":{"type":"object"}}]`}, at: "/tools/0/description"},
		{name: "an enum of a schema", members: tool(`{"type":"object","properties":{"who":{"enum":[¤]}}}`)},
		{name: "a const of a schema", members: tool(`{"type":"object","properties":{"who":{"const":¤}}}`)},
		{name: "a pattern of a schema", members: tool(`{"type":"object","properties":{"who":{"pattern":"^SSN: 536-41-7729$"}}}`)},
		{name: "a property's name in a schema", members: tool(`{"type":"object","properties":{"SSN: 536-41-7729":{"type":"string"}}}`)},
		{name: "a description in a schema", members: tool(`{"type":"object","properties":{"who":{"type":"string","description":¤}}}`)},
		{name: "a default and an example of a schema", members: tool(`{"type":"object","properties":{"who":{"type":"string","default":¤,"examples":[¤]}}}`)},
		{name: "an example of a tool's input", members: []string{`"tools":[{"name":"chart","description":"Reads","input_schema":{"type":"object"},"input_examples":[{"who":¤}]}]`}},
		{name: "the schema of an answer", members: []string{`"output_config":{"format":{"type":"json_schema","schema":{"type":"object","properties":{"who":{"enum":[¤]}}}}}`}},
		{name: "the address of an MCP server", members: []string{`"mcp_servers":[{"type":"url","name":"ward","url":"https://mcp.example.org/?q=~"}]`}},
		{name: "the city of a search tool", members: []string{`"tools":[{"type":"web_search_20250305","name":"web_search","user_location":{"type":"approximate","city":¤}}]`}},
		{name: "the name of a tool that is chosen", members: []string{`"tool_choice":{"type":"tool","name":¤}`}},
		{name: "the model", members: []string{`"x_last":1`}},
	}
}

func positionCases() []scenario {
	var list []scenario
	for _, p := range positions() {
		list = append(list, scenario{"leaks: positions", "in " + p.name, func(t *trial) error {
			return t.plant(p.probe(t, passage))
		}})
	}
	return append(list,
		headerLeak("in a header that nobody knows", "X-Tomorrow"),
		headerLeak("in the name of the client", "User-Agent"),
		headerLeak("in the name of a beta", "Anthropic-Beta"),
		scenario{"leaks: positions", "in the query", func(t *trial) error {
			return t.plant(probe{ask: ask{path: "/v1/messages?beta=true&who=" + percentAll(passage), body: t.message(anyQuestion)}})
		}},
		scenario{"leaks: positions", "in a count of tokens", func(t *trial) error {
			return t.plant(probe{ask: ask{path: "/v1/messages/count_tokens", body: t.conversation(`{"role":"user","content":` + quote(passage) + `}`)}})
		}},
		scenario{"leaks: positions", "in a second value under the same name", func(t *trial) error {
			return t.plant(probe{ask: ask{body: t.conversation(userTurn, `"system":"Be kind."`, `"system":`+quote(passage))}})
		}},
	)
}

// probe is a request with a text planted at the position.
func (p position) probe(t *trial, text string) probe {
	fill := strings.NewReplacer("¤", quote(text), "~", percentAll(text))
	messages := userTurn
	if p.messages != "" {
		messages = fill.Replace(p.messages)
	}
	var members []string
	for _, m := range p.members {
		members = append(members, fill.Replace(m))
	}
	body := t.conversation(messages, members...)
	if p.name == "the model" {
		body = []byte(strings.Replace(string(body), quote(t.target.Model), quote("claude "+text), 1))
	}
	out := probe{ask: ask{body: body}, at: p.at, want: text}
	if strings.HasSuffix(p.at, "/input") { // the whole input is said back, keys and all
		out.want = map[string]any{text: map[string]any{"n": json.Number("1")}}
	}
	return out
}

// headerLeak plants the passage in a header, beside a harmless body.
func headerLeak(name, header string) scenario {
	return scenario{"leaks: positions", name, func(t *trial) error {
		return t.plant(probe{ask: ask{body: t.message(anyQuestion), header: http.Header{header: {passage}}}})
	}}
}
