package claude

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chaperone"
)

// seen lists the leaves as "class path label=text".
func seen(a *Ask) []string {
	var list []string
	a.EachLeaf(func(l Leaf) {
		s := fmt.Sprintf("%s %s %q", l.Class, l.Path, l.Text)
		if l.Label != "" {
			s += " under " + l.Label
		}
		list = append(list, s)
	})
	return list
}

func TestEveryTextOfARequestIsALeaf(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"strings of content": {
			`{"model":"claude-opus-5","max_tokens":5,"system":"S","messages":[{"role":"user","content":"U"},{"role":"system","content":"M"}]}`,
			[]string{`prose /system "S"`, `prose /messages/0/content "U"`, `prose /messages/1/content "M"`},
		},
		"blocks, tool calls and their results": { // peers' pain 5
			`{"tools":[{"name":"find","input_schema":{"type":"object"}}],"messages":[
			 {"role":"assistant","content":[{"type":"text","text":"A"},{"type":"tool_use","id":"toolu_1","name":"find","input":{"ssn":{"value":"987-65-4320"},"n":93,"l":["x",true,null]}}]},
			 {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"R1","is_error":false},
			  {"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"R2"}],"cache_control":{"type":"ephemeral","ttl":"1h"}}]}]}`,
			[]string{
				`schema /tools/0/name "find"`, `prose /messages/0/content/0/text "A"`,
				`field /messages/0/content/1/input/#0 "ssn"`, `field /messages/0/content/1/input/#0/#0 "value"`,
				`field /messages/0/content/1/input/#0/#0 "987-65-4320" under ssn`,
				`field /messages/0/content/1/input/#1 "n"`, `field /messages/0/content/1/input/#1 "93" under n`,
				`field /messages/0/content/1/input/#2 "l"`, `field /messages/0/content/1/input/#2/0 "x" under l`,
				`prose /messages/1/content/0/content "R1"`, `prose /messages/1/content/1/content/0/text "R2"`,
			},
		},
		"documents and search results": {
			`{"messages":[{"role":"user","content":[
			 {"type":"document","title":"T","context":"C","citations":{"enabled":true},"source":{"type":"text","media_type":"text/plain","data":"D"}},
			 {"type":"document","source":{"type":"content","content":[{"type":"text","text":"E"}]}},
			 {"type":"search_result","source":"https://x.test/Marta","title":"T2","content":[{"type":"text","text":"F"}]}]}]}`,
			[]string{
				`prose /messages/0/content/0/title "T"`, `prose /messages/0/content/0/context "C"`, `prose /messages/0/content/0/source/data "D"`,
				`prose /messages/0/content/1/source/content/0/text "E"`,
				`prose /messages/0/content/2/source "https://x.test/Marta"`, `prose /messages/0/content/2/title "T2"`, `prose /messages/0/content/2/content/0/text "F"`,
			},
		},
		"thinking, and what is sealed": {
			`{"messages":[{"role":"assistant","content":[
			 {"type":"thinking","thinking":"H","signature":"EqQBCgIYAhIM1gbcDa9GJwZA2b3h"},
			 {"type":"redacted_thinking","data":"EmwKAhgBEgy3va3pzix/LafPsn4a"},
			 {"type":"thinking","thinking":"I","signature":"signed by Marta"},
			 {"type":"text","text":"Q","citations":[{"type":"char_location","cited_text":"CT","document_title":"DT","document_index":0,"start_char_index":12345,"encrypted_index":"EmwKAhgBEgy3va3pzix/LafPsn4a"}]}]}]}`,
			[]string{
				`thinking /messages/0/content/0/thinking "H"`, `thinking /messages/0/content/2/thinking "I"`,
				`extra /messages/0/content/2/signature "signed by Marta" under signature`,
				`prose /messages/0/content/3/text "Q"`, `prose /messages/0/content/3/citations/0/cited_text "CT"`, `prose /messages/0/content/3/citations/0/document_title "DT"`,
			},
		},
		"tool definitions and schemas": {
			`{"messages":[],"tools":[{"type":"custom","name":"chart","description":"D","input_schema":{"type":"object","properties":{"mrn":{"type":"string","description":"P","enum":["987654",3],"pattern":"^M","default":"d"}},"required":["mrn"],"additionalProperties":false},"input_examples":[{"mrn":"1"}]},
			 {"type":"web_search_20250305","name":"web_search","max_uses":5,"user_location":{"type":"approximate","city":"Ottawa"}}],
			 "tool_choice":{"type":"tool","name":"chart"},"output_config":{"effort":"high","format":{"type":"json_schema","schema":{"const":"Marta","title":"TT"}}}}`,
			[]string{
				`schema /tools/0/name "chart"`, `prose /tools/0/description "D"`, `schema /tools/0/input_schema/properties/#0 "mrn"`,
				`prose /tools/0/input_schema/properties/#0/description "P"`, `schema /tools/0/input_schema/properties/#0/enum/0 "987654"`, `schema /tools/0/input_schema/properties/#0/enum/1 "3"`,
				`schema /tools/0/input_schema/properties/#0/pattern "^M"`, `field /tools/0/input_schema/properties/#0/default "d"`, `schema /tools/0/input_schema/required/0 "mrn"`,
				`field /tools/0/input_examples/0/#0 "mrn"`, `field /tools/0/input_examples/0/#0 "1" under mrn`,
				`schema /tools/1/name "web_search"`, `extra /tools/1/user_location/city "Ottawa" under city`,
				`schema /output_config/format/schema/const "Marta"`, `prose /output_config/format/schema/title "TT"`,
			},
		},
		"settings pass, what is not one is a leaf": {
			`{"messages":[],"model":"Marta Example","thinking":{"type":"adaptive","display":"omitted","budget_tokens":2048},"service_tier":"auto","speed":"for Marta","metadata":{"user_id":"{\"device\":\"x\"}","patient":"Marta"},"stop_sequences":["END"],"temperature":0.5,"betas":["a-2026-01-01"],"stream":true}`,
			[]string{
				`extra /model "Marta Example" under model`, `extra /speed "for Marta" under speed`, `extra /metadata/user_id "{\"device\":\"x\"}"`,
				`extra /metadata/#1 "patient"`, `extra /metadata/#1 "Marta" under patient`, `prose /stop_sequences/0 "END"`,
			},
		},
		"unknown fields pass and are seen, keys and numbers too": {
			`{"messages":[{"role":"user","content":"u","name":"Marta"}],"Marta Example":{"phone":5550100199},"novel":["x"]}`,
			[]string{
				`prose /messages/0/content "u"`, `extra /messages/0/name "Marta" under name`, `extra /#1 "Marta Example"`,
				`extra /#1/#0 "phone"`, `extra /#1/#0 "5550100199" under phone`, `extra /#2 "novel"`, `extra /#2/0 "x" under novel`,
			},
		},
		"a structural field out of its form": {
			`{"messages":[{"role":"nurse","content":[{"type":"tool_use","id":"Marta Example","name":"undeclared","input":{}},{"type":"tool_result","tool_use_id":"987-65-4320"},
			 {"type":"text","text":"t","cache_control":{"type":"Marta"}}]}]}`,
			[]string{
				`extra /messages/0/role "nurse" under role`, `handle /messages/0/content/0/id "Marta Example"`, `extra /messages/0/content/0/name "undeclared"`,
				`handle /messages/0/content/1/tool_use_id "987-65-4320"`, `prose /messages/0/content/2/text "t"`,
				`extra /messages/0/content/2/cache_control/type "Marta" under type`,
			},
		},
		"the attribution line is left alone, but nothing behind it": {
			`{"messages":[],"system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1.330.abc; cc_entrypoint=cli; cch=0;","cache_control":{"type":"ephemeral"}},{"type":"text","text":"S"}]}`,
			[]string{`prose /system/1/text "S"`},
		},
		"an attribution line with more in it is a text": {
			`{"messages":[],"system":[{"type":"text","text":"x-anthropic-billing-header: Marta Example"}]}`,
			[]string{`prose /system/0/text "x-anthropic-billing-header: Marta Example"`},
		},
		"results of server tools": {
			`{"messages":[{"role":"assistant","content":[{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result","url":"https://x.test","title":"T","encrypted_content":"EmwKAhgBEgy3va3pzix/LafPsn4a","page_age":"May 2"}]},
			 {"type":"code_execution_tool_result","tool_use_id":"srvtoolu_2","content":{"type":"code_execution_result","stdout":"O","stderr":"","return_code":0}},
			 {"type":"compaction","content":"SUM"}]}]}`,
			[]string{
				`extra /messages/0/content/0/content/0/url "https://x.test" under url`, `prose /messages/0/content/0/content/0/title "T"`, `extra /messages/0/content/0/content/0/page_age "May 2" under page_age`,
				`prose /messages/0/content/1/content/stdout "O"`, `prose /messages/0/content/1/content/stderr ""`, `prose /messages/0/content/2/content "SUM"`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, seen(ask(t, c.body))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatCannotBeInspectedIsListed(t *testing.T) {
	a := ask(t, `{"messages":[{"role":"user","content":[
	 {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAAAAAA"}},
	 {"type":"document","source":{"type":"base64","media_type":"application/pdf; name=Marta","data":"AAAA"}},
	 {"type":"document","source":{"type":"url","url":"https://x.test/Marta.pdf"}},
	 {"type":"image","source":{"type":"file","file_id":"file_01"}},
	 {"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"not base64: Marta"}}]},
	 {"type":"container_upload","file_id":"file_02"},
	 {"type":"document","source":{"type":"telepathy"}}]}]}`)
	want := []Opaque{
		{"/messages/0/content/0/source", "image", "base64", "image/png", 6, ""},
		{"/messages/0/content/1/source", "document", "base64", "", 3, ""},
		{"/messages/0/content/2/source", "document", "url", "", 0, ""},
		{"/messages/0/content/3/source", "image", "file", "", 0, "file_01"},
		{"/messages/0/content/4/content/0/source", "image", "base64", "image/jpeg", 12, ""},
		{"/messages/0/content/5", "container_upload", "file", "", 0, "file_02"},
		{"/messages/0/content/6/source", "document", "other", "", 0, ""},
	}
	if diff := cmp.Diff(want, a.Opaque()); diff != "" {
		t.Error(diff)
	}
	wantLeaves := []string{
		`enclosed /messages/0/content/0/source/data "AAAAAAAA" under image/png`,
		`extra /messages/0/content/1/source/media_type "application/pdf; name=Marta" under media_type`,
		`enclosed /messages/0/content/1/source/data "AAAA"`,
		`extra /messages/0/content/2/source/url "https://x.test/Marta.pdf" under url`,
		`extra /messages/0/content/4/content/0/source/data "not base64: Marta" under data`,
	}
	if diff := cmp.Diff(wantLeaves, seen(a)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryLeafSaysWhoSpeaks(t *testing.T) {
	a := ask(t, `{"system":"S","stop_sequences":["X"],"tools":[{"name":"find","description":"D"}],"messages":[
	 {"role":"user","content":"U"},{"role":"assistant","content":[{"type":"text","text":"A"}]},{"role":"nurse","content":"N"},
	 {"role":"system","content":"M"}],"metadata":{"user_id":"I"}}`)
	got := map[string]string{}
	a.EachLeaf(func(l Leaf) { got[l.Text] = l.Role })
	want := map[string]string{
		"S": "system", "X": "", "find": "", "D": "", "U": "user", "A": "assistant", "nurse": "user", "N": "user", "M": "system", "I": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnUnknownBlockIsRefusedUnlessPolicyAdmitsIt(t *testing.T) {
	for _, where := range []string{
		`{"messages":[{"role":"user","content":[%s]}]}`,
		`{"messages":[],"system":[%s]}`,
		`{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[%s]}]}]}`,
		`{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"content","content":[%s]}}]}]}`,
	} {
		body := fmt.Sprintf(where, `{"type":"hologram","beam":"Marta"}`)
		_, err := readBodyString(body, Limits{})
		e := chaperone.AsError(err)
		if e.Kind != chaperone.KindInvalid || e.Code != "unknown_block" || !strings.Contains(e.Public, `"hologram"`) || strings.Contains(e.Error(), "Marta") {
			t.Errorf("%s: %v", where, err)
		}
		a, err := readBodyString(body, Limits{AllowUnknownBlocks: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(seen(a), "\n"); !strings.Contains(got, `"Marta" under beam`) || !strings.Contains(got, `"beam"`) {
			t.Errorf("an admitted block is not seen: %s", got)
		}
	}
	_, err := readBodyString(`{"messages":[{"role":"user","content":[{"type":"Marta Example"}]}]}`, Limits{})
	if e := chaperone.AsError(err); e.Code != "unknown_block" || strings.Contains(e.Error(), "Marta") {
		t.Errorf("the type is repeated: %v", err)
	}
}

func TestAShapeThatCannotBeWalkedIsRefused(t *testing.T) {
	for _, body := range []string{
		`[]`, `"x"`, `{}`, `{"messages":{}}`, `{"messages":"x"}`, `{"messages":["x"]}`, `{"messages":[{"content":5}]}`,
		`{"messages":[{"content":["x"]}]}`, `{"messages":[{"content":[{"text":"x"}]}]}`, `{"messages":[{"content":[{"type":7}]}]}`,
		`{"messages":[],"system":{}}`, `{"messages":[],"system":["x"]}`,
	} {
		if _, err := readBodyString(body, Limits{}); chaperone.AsError(err).Code != "invalid_request" {
			t.Errorf("%s: %v", body, err)
		}
	}
}
