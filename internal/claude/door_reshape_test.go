package claude

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestABodyKeepsItsBytesButForWhatIsDropped(t *testing.T) {
	for in, want := range map[string]string{
		`{}`:                                     `{"v":1}`,
		`{"model":"x"}`:                          `{"v":1}`,
		"{ \"a\" : 1e3 ,\n\"model\":{\"a\":1} }": `{"v":1,"a" : 1e3}`,
		`{"\u006dodel":"x","b":["é","\u00e9",{"model":2}]}`: `{"v":1,"b":["é","\u00e9",{"model":2}]}`,
	} {
		doc, f := parse([]byte(in), defaultDepth)
		if f != nil {
			t.Fatal(f)
		}
		if got := string(reshape(doc, `"v":1`, "model")); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
	}
}

func FuzzReshape(f *testing.F) {
	f.Add([]byte(`{"model":"x","a":[1,{"model":2}],"\u006d":""}`))
	f.Add([]byte(`{"a":"\ud83d\ude00"}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, fault := parse(src, defaultDepth)
		if fault != nil || !doc.is(0, object) {
			return
		}
		var want, got map[string]any
		if json.Unmarshal(src, &want) != nil {
			return
		}
		out := reshape(doc, "", "model")
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("%s became %s: %v", src, out, err)
		}
		delete(want, "model")
		if diff := cmp.Diff(want, got); diff != "" || bytes.Contains(out, []byte(`,}`)) {
			t.Fatal(diff)
		}
	})
}
