package claude

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"chaperone"

	"github.com/google/go-cmp/cmp"
)

func readBatchString(body string) (*Batch, error) {
	r := httptest.NewRequest("POST", BatchesPath, strings.NewReader(body))
	r.Header.Set("Anthropic-Version", "2023-06-01")
	return ReadBatch(r, Limits{})
}

const oneLine = `{"custom_id":"a","params":{"model":"m","messages":[{"role":"user","content":"Marta"}]}}`

func TestABatchIsReadLineByLine(t *testing.T) {
	b, err := readBatchString(`{ "requests" : [` + oneLine + `, {"params":{"messages":[], "model":"n"},"custom_id":"b-2","chaperone":{"patient":"P1"}} ] }`)
	if err != nil {
		t.Fatal(err)
	}
	if b.Len() != 2 || b.Line(1) != (BatchLine{ID: "b-2", Patient: "P1"}) {
		t.Errorf("%d lines, %+v", b.Len(), b.Line(1))
	}
	a, err := b.Ask(0)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.MapText(func(Leaf) string { return "NAME-1" }); string(got) != `{"model":"m","messages":[{"role":"user","content":"NAME-1"}]}` {
		t.Errorf("%s", got)
	}
	if uses := a.Uses(); uses[0] != (Use{"path", BatchesPath}) {
		t.Errorf("the line shows %v", uses)
	}
	var w BatchBody
	w.Add("line-0", []byte(`{}`))
	w.Add("line-1", []byte(`{"a":1}`))
	if got := string(w.Bytes()); got != `{"requests":[{"custom_id":"line-0","params":{}},{"custom_id":"line-1","params":{"a":1}}]}` {
		t.Error(got)
	}
}

func TestABatchThatIsNoneIsRefusedByPlace(t *testing.T) {
	for name, c := range map[string]struct{ body, code, says string }{
		"a list":                 {`[]`, "batch_malformed", "an object"},
		"no requests":            {`{}`, "batch_malformed", "a list of requests"},
		"requests as text":       {`{"requests":"Marta"}`, "batch_malformed", "a list of requests"},
		"an empty list":          {`{"requests":[]}`, "batch_malformed", "no requests"},
		"another member":         {`{"requests":[` + oneLine + `],"Marta":1}`, "batch_malformed", "besides requests"},
		"a line that is text":    {`{"requests":["Marta"]}`, "batch_malformed", "Request 1 of the batch is no object"},
		"a line without id":      {`{"requests":[` + oneLine + `,{"params":{}}]}`, "batch_malformed", "Request 2 of the batch lacks"},
		"a line without params":  {`{"requests":[{"custom_id":"a"}]}`, "batch_malformed", "lacks"},
		"params as text":         {`{"requests":[{"custom_id":"a","params":"Marta"}]}`, "batch_malformed", "params that are no object"},
		"an id with a space":     {`{"requests":[{"custom_id":"Marta Example","params":{}}]}`, "batch_malformed", "custom_id"},
		"an id that is a number": {`{"requests":[{"custom_id":4471902,"params":{}}]}`, "batch_malformed", "custom_id"},
		"an id twice":            {`{"requests":[` + oneLine + `,` + oneLine + `]}`, "batch_duplicate_id", "Requests 1 and 2"},
		"a member nobody knows":  {`{"requests":[{"custom_id":"a","params":{},"Marta":1}]}`, "batch_malformed", "besides custom_id"},
		"a patient that is none": {`{"requests":[{"custom_id":"a","params":{},"chaperone":{"patient":1}}]}`, "batch_malformed", "chaperone"},
		"more than a patient":    {`{"requests":[{"custom_id":"a","params":{},"chaperone":{"patient":"P1","who":"Marta"}}]}`, "batch_malformed", "chaperone"},
		"JSON that breaks off":   {`{"requests":[` + oneLine, "truncated_json", ""},
		"requests twice":         {`{"requests":[` + oneLine + `],"requests":[]}`, "duplicate_key", ""},
		"a line over a line":     {`{"requests":[` + oneLine + `]}` + oneLine, "trailing_data", ""},
		"nesting without an end": {`{"requests":` + strings.Repeat("[", 600), "too_deep", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readBatchString(c.body)
			e := chaperone.AsError(err)
			if err == nil || e.Code != c.code || !strings.Contains(e.Public, c.says) || strings.Contains(e.Public, "Marta") {
				t.Errorf("%v: %s", err, e.Code)
			}
		})
	}
}

func TestALineThatIsNoRequestIsNamedByItsPlace(t *testing.T) {
	b, err := readBatchString(`{"requests":[` + oneLine + `,{"custom_id":"b","params":{"messages":"Marta"}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Ask(1)
	if e := chaperone.AsError(err); e.Code != "invalid_request" || !strings.HasPrefix(e.Public, "Request 2 of the batch: ") {
		t.Errorf("%s %q", e.Code, e.Public)
	}
}

// FuzzReadBatch: whatever is read keeps the bytes of its lines, and what is made
// of them is JSON.
func FuzzReadBatch(f *testing.F) {
	f.Add(`{"requests":[` + oneLine + `]}`)
	f.Add(`{"requests":[{"params":{"a":[1,2,{"b":"c"}]},"custom_id":"x","chaperone":{"patient":"P"}},` + oneLine + `]}`)
	f.Add(`{"requests":[{}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		b, err := readBatchString(body)
		if err != nil {
			return
		}
		var w BatchBody
		for n := range b.Len() {
			line := b.Body()[b.lines[n].from:b.lines[n].to]
			if !json.Valid(line) {
				t.Fatalf("line %d is cut", n)
			}
			if a, err := b.Ask(n); err == nil && string(a.Body()) != string(line) {
				t.Fatalf("line %d changed", n)
			}
			w.Add(fmt.Sprint("line-", n), line)
		}
		again, err := readBatchString(string(w.Bytes()))
		if err != nil || again.Len() != b.Len() {
			t.Fatalf("what was written is not read again: %v", err)
		}
	})
}

// loud restores one placeholder.
type loud struct{}

func (loud) Reveal(text string) string { return strings.ReplaceAll(text, "NAME-1", `Ma"rta`) }

func (loud) Scan(buf string) (hits []Span, hold int) {
	for at := 0; ; {
		i := strings.Index(buf[at:], "NAME-1")
		if i < 0 {
			return hits, 0
		}
		hits = append(hits, Span{at + i, at + i + len("NAME-1"), `Ma"rta`})
		at += i + len("NAME-1")
	}
}

func TestResultsAreReadLineByLine(t *testing.T) {
	long := `{"custom_id":"long","result":{"type":"` + strings.Repeat("x", 200) + `"}}`
	good := `{"result":{"type":"succeeded","message":{"content":[{"type":"text","text":"NAME-1"}],"usage":{"inference_geo":"us"}}},"custom_id":"line-0","more":"NAME-1"}`
	in := NewResults(strings.NewReader(good + "\r\n\n[1]\n" + long + "\nMarta\n" + `{"custom_id":"line-1","result":{"type":"expired"}}`))
	in.most = 180
	var ids []string
	for {
		line, err := in.Next()
		if err != nil {
			if err.Error() != "EOF" {
				t.Fatal(err)
			}
			break
		}
		ids = append(ids, line.ID)
		if line.ID == "line-0" {
			geo, answered := line.Geo()
			if geo != "us" || !answered {
				t.Errorf("ran in %q, %v", geo, answered)
			}
			want := strings.ReplaceAll(strings.Replace(good, "line-0", "Smith", 1), "NAME-1", `Ma\"rta`)
			if diff := cmp.Diff(want, string(line.Restored("Smith", loud{}, nil))); diff != "" {
				t.Error(diff)
			}
		}
	}
	if diff := cmp.Diff([]string{"line-0", "", "", "", "line-1"}, ids); diff != "" {
		t.Error(diff)
	}
}

func TestResultsThatBreakOffSaySo(t *testing.T) {
	in := NewResults(strings.NewReader(`{"custom_id":"a","result":{"type":"expired"}}` + "\n" + `{"custom_id":"b","resu`))
	if line, err := in.Next(); err != nil || line.ID != "a" {
		t.Fatalf("%q, %v", line.ID, err)
	}
	_, err := in.Next()
	if e := chaperone.AsError(err); e.Code != "upstream_truncated" {
		t.Errorf("%v", err)
	}
}

func TestALostResultIsOfTheAPIsForm(t *testing.T) {
	var line struct {
		ID     string `json:"custom_id"`
		Result struct {
			Type  string
			Error struct {
				Error struct{ Type, Message string }
			}
		}
	}
	if err := json.Unmarshal(LostResult(`a"b`, "batch_result_missing", "Gone."), &line); err != nil {
		t.Fatal(err)
	}
	if line.ID != `a"b` || line.Result.Type != "errored" || line.Result.Error.Error.Type != "api_error" || line.Result.Error.Error.Message != "Gone." {
		t.Errorf("%+v", line)
	}
}

// FuzzResults: every line is read once or reported, and what is restored is JSON
// under the id it is given.
func FuzzResults(f *testing.F) {
	f.Add(`{"custom_id":"a","result":{"type":"succeeded","message":{"content":[{"type":"thinking","thinking":"NAME-1","signature":"x"}]}}}` + "\n")
	f.Add("{\"result\":{\"custom_id\":\"NAME-1\"},\"custom_id\":\"b\"}\n\n{\n")
	f.Add(strings.Repeat("x", 300) + "\n{}")
	f.Fuzz(func(t *testing.T, text string) {
		in := NewResults(strings.NewReader(text))
		in.most = 256
		for range len(text) + 2 {
			line, err := in.Next()
			if err != nil {
				return
			}
			if line.ID == "" {
				continue
			}
			var out struct {
				ID string `json:"custom_id"`
			}
			if err := json.Unmarshal(line.Restored(`c"d`, loud{}, nil), &out); err != nil || out.ID != `c"d` {
				t.Fatalf("%v, %q", err, out.ID)
			}
		}
		t.Fatal("the lines do not end")
	})
}
