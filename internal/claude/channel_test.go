package claude

import (
	"strings"
	"testing"
)

func TestNothingIsPutIntoToolInputOutsideOfAString(t *testing.T) {
	in := streamOf("input_json_delta", "partial_json", kinds[1].block, `{"a":NAME-7K2`, `QAX,"b":"NAME-7K2QAX"}`)
	got := joined(t, streamed(t, in).Body.String(), "input_json_delta", "partial_json")[0]
	if got != `{"a":NAME-7K2QAX,"b":"Marta Example"}` {
		t.Fatal(got)
	}
}

// patient waits for the byte after a placeholder before it reports it.
type patient struct{ pairs }

func (p patient) Scan(buf string) ([]Span, int) {
	hits, hold := p.pairs.Scan(buf)
	if n := len(hits); n > 0 && hits[n-1].End == len(buf) {
		return hits[:n-1], len(buf) - hits[n-1].Start
	}
	return hits, hold
}

func TestAPlaceholderAtTheVeryEndIsRestoredEvenIfTheRevealerWaits(t *testing.T) {
	for delta, c := range map[string]struct{ in, want string }{
		"text_delta":       {"see STREET-00ZZ12", "see " + people["STREET-00ZZ12"]},
		"input_json_delta": {`{"a":"STREET-00ZZ12`, `{"a":"12 \"Rose\" Lane\nUnit \\4`},
	} {
		k := kinds[0]
		if delta == "input_json_delta" {
			k = kinds[1]
		}
		in := streamOf(k.delta, k.field, k.block, c.in[:len(c.in)-3], c.in[len(c.in)-3:])
		s := deliver(reply(200, "text/event-stream", in), patient{people}, CopyOptions{})
		if got := joined(t, s.Body.String(), k.delta, k.field)[0]; got != c.want {
			t.Errorf("%s: %q", delta, got)
		}
	}
}

// wild reports what no Revealer should.
type wild struct{}

func (wild) Reveal(s string) string { return s }
func (wild) Scan(buf string) ([]Span, int) {
	return []Span{{-1, 2, "x"}, {3, 1, "x"}, {0, len(buf) + 9, "x"}}, len(buf) + 40
}

func TestARevealerThatIsWrongBreaksNothing(t *testing.T) {
	in := streamOf("text_delta", "text", kinds[0].block, "abc", "def")
	if s := deliver(reply(200, "text/event-stream", in), wild{}, CopyOptions{}); s.err != nil || s.Body.String() != in {
		t.Fatal(s.err, s.Body.String())
	}
	body := `{"content":[{"type":"text","text":"{\"a\":\"b\"}"}]}`
	if s := deliver(reply(200, "application/json", body), wild{}, CopyOptions{}); s.err != nil || s.Body.String() != body {
		t.Fatal(s.err, s.Body.String())
	}
}

func TestTextThatBeginsLikeJSONAndIsNotIsRestoredAsText(t *testing.T) {
	for _, in := range []string{`[see "STREET-00ZZ12"]`, `{STREET-00ZZ12}`, `[1] "STREET-00ZZ12"`, `  {"a" "STREET-00ZZ12`} {
		want := strings.ReplaceAll(in, "STREET-00ZZ12", people["STREET-00ZZ12"])
		if got := restoreWhole(people, in); got != want {
			t.Errorf("%s became %s", in, got)
		}
	}
}

func TestAValueIsEscapedOnceForEveryStringAroundIt(t *testing.T) {
	in := `"A-1"`
	odd := pairs{"A-1": `"`}
	for depth := 1; depth <= mostNesting; depth++ {
		in = `{"k":` + in + `}`
		got := restoreWhole(odd, in)
		doc, f := parse([]byte(got), 64)
		for level := 1; level < depth && f == nil; level++ {
			v, _ := doc.get(0, "k")
			doc, f = parse([]byte(doc.text(v)), 64)
		}
		if f != nil {
			t.Fatalf("depth %d: %s: %v", depth, got, f)
		}
		if v, _ := doc.get(0, "k"); doc.text(v) != `"` {
			t.Fatalf("depth %d: %s", depth, got)
		}
		in = quote(in)
	}
}

// A model may write any character of JSON as an escape, also inside a string of
// JSON in a string, and the escape may be cut anywhere.
func TestAPlaceholderInEscapesIsRestoredWhereverItIsCut(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"every letter":                    {`{"a":"\u004e\u0041\u004d\u0045\u002d\u0037\u004b\u0032\u0051\u0041\u0058."}`, `{"a":"Marta Example."}`},
		"its first":                       {`{"a":"\n\u004eAME-7K2QAX"}`, `{"a":"\nMarta Example"}`},
		"its last":                        {`{"a":"NAME-7K2QA\u0058\n"}`, `{"a":"Marta Example\n"}`},
		"its hyphen, in JSON in a string": {`{"a":"{\"b\":\"NAME\\u002d7K2QAX\"}"}`, `{"a":"{\"b\":\"Marta Example\"}"}`},
		"of another text":                 {`{"a":"\u006eAME-7K2QAX \u00e9"}`, `{"a":"\u006eAME-7K2QAX \u00e9"}`},
	} {
		for cut := 1; cut < len(c.in); cut++ {
			in := streamOf("input_json_delta", "partial_json", kinds[1].block, c.in[:cut], c.in[cut:])
			s := streamed(t, in)
			if got := joined(t, s.Body.String(), "input_json_delta", "partial_json")[0]; got != c.want {
				t.Fatalf("%s, cut at %d: %s, want %s", name, cut, got, c.want)
			}
			if c.in == c.want && s.Body.String() != in {
				t.Fatalf("%s, cut at %d: the stream is not the same", name, cut)
			}
		}
		if got := restoreWhole(people, c.in); got != c.want {
			t.Errorf("%s, in one piece: %s, want %s", name, got, c.want)
		}
	}
}
