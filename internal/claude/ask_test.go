package claude

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const claudeCode = `{ "model" : "claude-opus-5","max_tokens":128000,"stream":true,
 "system":[{"type":"text","text":"x-anthropic-billing-header: cc_version=2.1.330; cch=0;"},{"type":"text","text":"You are.\n\u00e9","cache_control":{"type":"ephemeral","ttl":"1h"}}],
 "tools":[{"name":"Read","description":"Reads","input_schema":{"type":"object","properties":{"path":{"type":"string"}}}}],
 "metadata":{"user_id":"{\"device_id\":\"d\"}"},"thinking":{"type":"adaptive"},"zukunft":{"x":[1.50,-0,1E5]},
 "messages":[{"role":"user","content":"Marta Example, \u201cMRN\u201d 987654"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"EqQBCgIYAhIM1gbcDa9GJwZA2b3h"},{"type":"tool_use","id":"toolu_1","name":"Read","input":{"Marta Example":"Marta Example","n":987654}}]}]}
`

func TestAnUnchangedRequestIsTheSameSlice(t *testing.T) {
	a := ask(t, claudeCode)
	out := a.MapText(func(l Leaf) string { return l.Text })
	if string(out) != claudeCode || &out[0] != &a.Body()[0] {
		t.Fatal("the body was copied or changed")
	}
}

// Peers' pain 13: what was not concealed keeps every byte, cache_control and
// signatures first.
func TestOnlyWhatMustChangeChanges(t *testing.T) {
	swap := strings.NewReplacer("Marta Example", "NAME-7K2QAX", "987654", "RECORD-1A2B3C")
	out := ask(t, claudeCode).MapText(func(l Leaf) string { return swap.Replace(l.Text) })
	want := strings.NewReplacer(
		`"content":"Marta Example, \u201cMRN\u201d 987654"`, `"content":"NAME-7K2QAX, “MRN” RECORD-1A2B3C"`,
		`"Marta Example":"Marta Example","n":987654`, `"NAME-7K2QAX":"NAME-7K2QAX","n":"RECORD-1A2B3C"`,
	).Replace(claudeCode)
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Fatal(diff)
	}
	if !json.Valid(out) {
		t.Fatal("not JSON")
	}
}

func TestAReplacedLeafIsFoundAgainAtItsPath(t *testing.T) {
	a := ask(t, claudeCode)
	n := 0
	a.EachLeaf(func(Leaf) { n++ })
	for i := range n {
		j, path := 0, ""
		out := a.MapText(func(l Leaf) string {
			if j++; j-1 == i {
				path = l.Path
				return "new \"\\\n words"
			}
			return l.Text
		})
		b := ask(t, string(out))
		j = 0
		b.EachLeaf(func(l Leaf) {
			if j++; j-1 == i && (l.Text != "new \"\\\n words" || l.Path != path) {
				t.Errorf("leaf %d at %s became %q at %s", i, path, l.Text, l.Path)
			}
		})
	}
}

func TestThePathNeverHoldsWordsOfTheClient(t *testing.T) {
	ask(t, claudeCode).EachLeaf(func(l Leaf) {
		if strings.Contains(l.Path, "Marta") || strings.Contains(l.Path, "zukunft") {
			t.Errorf("path %s", l.Path)
		}
	})
}

func TestWhatAnAskSaysOfItself(t *testing.T) {
	r := post([]byte(claudeCode))
	r.URL.RawQuery = "beta=true&patient=Marta"
	r.Header.Set("X-Claude-Code-Session-Id", "5d3f-1")
	a, err := ReadRequest(r, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Model() != "claude-opus-5" || !a.Stream() || a.Endpoint() != Messages || a.Version() != "2023-06-01" ||
		a.ClientSession() != "5d3f-1" || a.Query().Encode() != "beta=true" {
		t.Errorf("%+v", a)
	}
	if b := ask(t, `{"messages":[],"model":"Marta Example","stream":"true"}`); b.Model() != "" || b.Stream() {
		t.Errorf("model %q, stream %v", b.Model(), b.Stream())
	}
}

// FuzzAsk: whatever is read is walked without panic, keeps its bytes, and stays
// what it was where a text is replaced.
func FuzzAsk(f *testing.F) {
	f.Add(claudeCode)
	f.Add(`{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","data":"AA=="}}]}]}`)
	f.Add(`{"messages":[],"tools":[{"name":"a","input_schema":{"enum":["x",1]}}],"system":[{"type":"text","text":"x-anthropic-billing-header: a=b"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		a, err := readBodyString(body, Limits{AllowUnknownBlocks: true})
		if err != nil {
			return
		}
		out := a.MapText(func(l Leaf) string { return l.Text })
		if &out[0] != &a.Body()[0] {
			t.Fatal("an unchanged body was copied")
		}
		last, seen := -1, map[string]int{}
		for _, p := range a.leaves {
			if p.node <= last {
				t.Fatal("leaves are out of order")
			}
			last = p.node
			if seen[p.leaf.Path]++; seen[p.leaf.Path] > 2 { // a key and its value
				t.Fatalf("two places have the path %s", p.leaf.Path)
			}
		}
		n := 0
		out = a.MapText(func(l Leaf) string { n++; return l.Text + "\x00\"" + itoa(n) })
		if n > 0 && !json.Valid(out) {
			t.Fatal("replacing texts broke the JSON")
		}
	})
}
