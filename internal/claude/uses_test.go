package claude

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func usesOf(t *testing.T, body, betas string) []string {
	t.Helper()
	r := httptest.NewRequest("POST", "/v1/messages", strings.NewReader(body))
	r.Header.Set("Anthropic-Version", "2023-06-01")
	if betas != "" {
		r.Header.Set("Anthropic-Beta", betas)
	}
	a, err := ReadRequest(r, Limits{})
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	var list []string
	for _, u := range a.Uses() {
		list = append(list, u.Kind+" "+u.Name)
	}
	return list
}

func TestARequestShowsWhichFeaturesItUses_BAA14(t *testing.T) {
	for _, c := range []struct{ body, betas, want string }{
		{`"max_tokens":1`, "", "path /v1/messages,field messages,role user,field max_tokens"},
		{`"tools":[{"name":"a","input_schema":{}},{"type":"bash_20250124","name":"bash"}]`, "", "tool custom,tool bash_20250124"},
		{`"tools":[{"type":"web_search_20260209","name":"web_search","allowed_callers":["direct"]}]`, "", "caller direct,tool web_search_20260209 direct"},
		{`"tools":[{"type":"web_search_20260209","name":"web_search"}]`, "", "tool web_search_20260209"},
		{`"tools":[{"type":"web_search_20260209","name":"web_search","allowed_callers":[]}]`, "", "tool web_search_20260209"},
		{`"tools":[{"type":"web_search_20260209","name":"w","allowed_callers":["direct","code_execution_20260120"]}]`, "", "caller code_execution_20260120,tool web_search_20260209"},
		{`"tools":[{"name":"a","strict":true,"defer_loading":true}]`, "", "field tools.strict,field tools.defer_loading"},
		{`"tools":[{"type":"John Smith","name":"a"}]`, "", "tool ?"},
		{`"container":{"skills":[]}`, "", "field container,field container.skills"},
		{`"context_management":{"edits":[{"type":"compact_20260112"}]}`, "", "field context_management,edit compact_20260112"},
		{`"output_config":{"effort":"low","John Smith":1}`, "", "field output_config.effort,field ?"},
		{`"JohnSmith":1`, "", "field ?"},
		{`"betas":["skills-2025-10-02","skills-2025-10-02"]`, "files-api-2025-04-14, files-api-2025-04-14", "beta files-api-2025-04-14,beta skills-2025-10-02"},
	} {
		got := usesOf(t, `{`+c.body+`,"messages":[{"role":"user","content":"x"}]}`, c.betas)
		for _, want := range strings.Split(c.want, ",") {
			if n := len(slices.DeleteFunc(slices.Clone(got), func(u string) bool { return u != want })); n != 1 {
				t.Errorf("%s: %q %d times among %q", c.body, want, n, got)
			}
		}
		if strings.Contains(strings.Join(got, " "), "John") {
			t.Errorf("%s: text of the request in %q", c.body, got)
		}
	}
}

func TestBlocksShowWhichFeaturesTheyAreOf_BAA14(t *testing.T) {
	for block, want := range map[string]string{
		`{"type":"document","source":{"type":"file","file_id":"file_1"}}`:                                                           "source file",
		`{"type":"document","source":{"type":"url","url":"https://example.org"},"citations":{"enabled":true}}`:                      "field citations",
		`{"type":"image","source":{"type":"John Smith"}}`:                                                                           "source ?",
		`{"type":"container_upload","file_id":"file_1"}`:                                                                            "block container_upload",
		`{"type":"server_tool_use","id":"srvtoolu_1","name":"web_fetch","input":{}}`:                                                "call web_fetch",
		`{"type":"server_tool_use","id":"srvtoolu_1","name":"John Smith","input":{}}`:                                               "call ?",
		`{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"search_result","source":"a","title":"b","content":[]}]}`: "block search_result",
	} {
		got := usesOf(t, `{"messages":[{"role":"user","content":[`+block+`]}]}`, "")
		if !slices.Contains(got, want) || strings.Contains(strings.Join(got, " "), "John") {
			t.Errorf("%s: %q, want %q", block, got, want)
		}
	}
}
