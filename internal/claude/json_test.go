package claude

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chaperone"
)

func TestBadJSONIsRefusedAtItsByteAndWithoutItsText(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		code string
		at   int
	}{
		"cut in a string":            {`{"a":"Marta`, codeTruncated, 11},
		"cut after a colon":          {`{"a":`, codeTruncated, 5},
		"cut in a word":              {`{"a":tru`, codeTruncated, 8},
		"cut in an array":            {`[1,`, codeTruncated, 3},
		"cut in an escape":           {`"\`, codeTruncated, 2},
		"a trailing comma":           {`{"a":1,}`, codeSyntax, 7},
		"a comma before nothing":     {`[1,]`, codeSyntax, 3},
		"a key without quotes":       {`{a:1}`, codeSyntax, 1},
		"no colon":                   {`{"a" 1}`, codeSyntax, 5},
		"the wrong bracket":          {`{"a":[1}`, codeSyntax, 7},
		"NaN":                        {`{"a":NaN}`, codeSyntax, 5},
		"Infinity":                   {`{"a":-Infinity}`, codeSyntax, 6},
		"a leading zero":             {`[01]`, codeSyntax, 2},
		"a number without fraction":  {`[1.]`, codeSyntax, 3},
		"a plus sign":                {`[+1]`, codeSyntax, 1},
		"single quotes":              {`{'a':1}`, codeSyntax, 1},
		"a comment":                  {`{/*x*/}`, codeSyntax, 1},
		"an unknown escape":          {`"a\x41"`, codeSyntax, 2},
		"bad hex":                    {`"\u12G4"`, codeSyntax, 1},
		"a raw newline in a string":  {"\"a\nb\"", codeControl, 2},
		"a NUL":                      {"\"\x00\"", codeControl, 1},
		"two values":                 {`{} {}`, codeTrailing, 3},
		"a second body":              {`{"a":1}x`, codeTrailing, 7},
		"the same key":               {`{"a":1,"b":{"c":2,"c":3}}`, codeDuplicate, 18},
		"the same key, escaped":      {`{"a":1,"\u0061":2}`, codeDuplicate, 7},
		"the same key among many":    {manyKeys(40, 7), codeDuplicate, len(manyKeys(40, -1)) - 1 + 1},
		"invalid UTF-8":              {"{\"a\":\"\xff\"}", codeUTF8, 6},
		"an overlong form":           {"\"\xc0\xaf\"", codeUTF8, 1},
		"a surrogate in UTF-8":       {"\"\xed\xa0\x80\"", codeUTF8, 1},
		"half a surrogate pair":      {`"\ud83d"`, codeSurrogate, 1},
		"the second half":            {`"x\ude00"`, codeSurrogate, 2},
		"two first halves":           {`"\ud83d\ud83d"`, codeSurrogate, 1},
		"a byte order mark":          {"\ufeff{}", codeSyntax, 0},
		"too deep":                   {strings.Repeat("[", 513) + strings.Repeat("]", 513), codeDepth, 512},
		"too deep, and never closed": {strings.Repeat(`{"a":`, 600_000), codeDepth, 512 * 5},
		"too many values":            {"[" + strings.Repeat("0,", mostValues) + "0]", codeTooMany, 2*mostValues - 1},
	} {
		_, err := readBodyString(c.body, Limits{})
		var e *chaperone.Error
		if !errors.As(err, &e) || e.Code != c.code {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := fmt.Sprintf(" at byte %d", c.at); !strings.HasSuffix(e.Public, want) {
			t.Errorf("%s: %q, want%s", name, e.Public, want)
		}
		if strings.Contains(e.Error(), "Marta") {
			t.Errorf("%s: the words repeat the body", name)
		}
	}
}

// manyKeys makes an object of n keys, the last of which repeats another.
func manyKeys(n, again int) string {
	var b strings.Builder
	b.WriteString("{")
	for i := range n {
		fmt.Fprintf(&b, `"k%d":0,`, i)
	}
	if again >= 0 {
		fmt.Fprintf(&b, `"k%d":0,`, again)
	}
	return strings.TrimSuffix(b.String(), ",") + "}"
}

func TestDeepButAdmittedNestingIsRead(t *testing.T) {
	deep := strings.Repeat("[", 512) + `"x"` + strings.Repeat("]", 512)
	if _, f := parse([]byte(deep), 512); f != nil {
		t.Fatal(f)
	}
}

func TestStringsAreDecodedAndEncodedAsTheStandardSays(t *testing.T) {
	for _, raw := range []string{
		`""`, `"a\"b\\c\/d\b\f\n\r\te"`, `"\u00e9\u4e2d\ud83d\ude00"`, `"é中😀"`, `"\u2028<>&"`, `"\u0000\u001f\u007f"`,
	} {
		doc, f := parse([]byte(raw), 1)
		if f != nil {
			t.Fatalf("%s: %v", raw, f)
		}
		var want string
		if err := json.Unmarshal([]byte(raw), &want); err != nil {
			t.Fatal(err)
		}
		got := doc.text(0)
		if got != want {
			t.Errorf("%s decodes to %q", raw, got)
		}
		var back string
		if err := json.Unmarshal(appendQuoted(nil, got), &back); err != nil || back != want {
			t.Errorf("%q is encoded as %s", want, appendQuoted(nil, got))
		}
	}
	if got := string(appendQuoted(nil, "a\xffb\u2028é/<")); got != "\"a\ufffdb\u2028é/<\"" {
		t.Errorf("encoding is not minimal: %s", got)
	}
}

// tree turns a document into what encoding/json makes of it.
func tree(d *document, i int) any {
	switch d.nodes[i].shape {
	case object:
		m := map[string]any{}
		for k, v := range d.members(i) {
			m[d.text(k)] = tree(d, v)
		}
		return m
	case array:
		l := []any{}
		for _, v := range d.items(i) {
			l = append(l, tree(d, v))
		}
		return l
	case text:
		return d.text(i)
	case number:
		return json.Number(d.text(i))
	}
	return map[string]any{"true": true, "false": false, "null": nil}[d.text(i)]
}

func FuzzWalker(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-2.5e+3,true,null,{"b":"c\u00e9\ud83d\ude00"}]}`, `[]`, `{}`, `"x"`, `{"a":1,"a":2}`, `[NaN]`, `"\ud800"`, "\"\xff\"", `{"a":`, ` [ 1 , 2 ] x`,
		`{"model":"m","messages":[{"role":"user","content":"Marta"}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, fault := parse(src, 64)
		if fault != nil {
			if fault.at < 0 || fault.at > len(src) {
				t.Fatalf("offset %d is outside", fault.at)
			}
			switch fault.code {
			case codeDuplicate, codeUTF8, codeSurrogate, codeDepth, codeTooMany:
			default:
				if json.Valid(src) {
					t.Fatalf("refused, but it is JSON: %v", fault)
				}
			}
			return
		}
		want, err := standardValue(src)
		if err != nil {
			t.Fatalf("accepted, but it is not JSON: %v", err)
		}
		if diff := cmp.Diff(want, tree(doc, 0)); diff != "" {
			t.Fatal(diff)
		}
		checkSplice(t, src, doc)
	})
}

func standardValue(src []byte) (any, error) {
	var v any
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	err := dec.Decode(&v)
	return v, err
}

// checkSplice replaces every string value and looks for the new ones in place.
func checkSplice(t *testing.T, src []byte, doc *document) {
	t.Helper()
	var edits []edit
	for i, n := range doc.nodes {
		if n.shape == text {
			edits = append(edits, edit{node: n, now: doc.text(i) + "\"\\\n\x01é"})
		}
	}
	out := splice(src, edits)
	if len(edits) == 0 && &out[0] != &src[0] {
		t.Fatal("nothing to change, but the bytes were copied")
	}
	again, f := parse(out, 64)
	if f != nil {
		t.Fatalf("what was spliced is no JSON: %v", f)
	}
	if len(again.nodes) != len(doc.nodes) {
		t.Fatal("splicing changed the structure")
	}
	for i, n := range doc.nodes {
		want := doc.text(i)
		if n.shape == text {
			want += "\"\\\n\x01é"
		}
		if n.shape != object && n.shape != array && again.text(i) != want {
			t.Fatalf("node %d is %q, want %q", i, again.text(i), want)
		}
	}
}
