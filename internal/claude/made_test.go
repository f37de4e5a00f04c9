package claude

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOnlyFilesThatAToolOfTheVendorsMadeAreListed(t *testing.T) {
	const made = `{"type":"bash_code_execution_tool_result","tool_use_id":"srvtoolu_1","content":{"type":"bash_code_execution_result","content":[{"type":"bash_code_execution_output","file_id":"file_a"},{"type":"bash_code_execution_output","file_id":"Marta"}]}}`
	const old = `{"type":"code_execution_tool_result","content":{"type":"code_execution_result","content":[{"type":"code_execution_output","file_id":"file_b"}]}}`
	for name, c := range map[string]struct {
		answer string
		want   []string
	}{
		"a whole answer":                 {`{"content":[{"type":"text","text":"x"},` + made + `,` + old + `,` + made + `]}`, []string{"file_a", "file_b"}},
		"a stream":                       {"event: content_block_start\ndata: {\"type\":\"content_block_start\",\"content_block\":" + made + "}\n\nevent: message_stop\ndata: {}\n\n", []string{"file_a"}},
		"the input of a client's tool":   {`{"content":[{"type":"tool_use","input":{"type":"code_execution_tool_result","file_id":"file_a","content":` + made + `}}]}`, nil},
		"a text that speaks of one":      {`{"content":[{"type":"text","text":"\"file_id\":\"file_a\""}],"file_id":"file_a"}`, nil},
		"an answer that is none":         {`"file_id":"file_a"`, nil},
		"a result that is an error":      {`{"content":[{"type":"bash_code_execution_tool_result","content":{"type":"x_error","file_id":"file_a"}}]}`, nil},
		"a list where an object belongs": {`[{"type":"code_execution_tool_result","file_id":"file_a"}]`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, MadeFiles([]byte(c.answer))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
