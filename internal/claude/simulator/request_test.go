package simulator

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestBadRequestsAreRefusedAsTheAPIDoes(t *testing.T) {
	const hello = `"messages":[{"role":"user","content":"Hello"}]`
	cases := map[string]struct {
		body   string
		status int
		says   string
	}{
		"no model":           {`{"max_tokens":1,` + hello + `}`, 400, "model: Field required"},
		"unknown model":      {`{"model":"gpt","max_tokens":1,` + hello + `}`, 404, "model:"},
		"no max_tokens":      {`{"model":"claude-opus-5",` + hello + `}`, 400, "max_tokens: Field required"},
		"max_tokens of zero": {`{"model":"claude-opus-5","max_tokens":0,` + hello + `}`, 400, "max_tokens"},
		"no messages":        {`{"model":"claude-opus-5","max_tokens":1,"messages":[]}`, 400, "at least one message"},
		"not JSON":           {`{"model":`, 400, "valid JSON"},
		"more behind it":     {`{"model":"claude-opus-5","max_tokens":1,` + hello + `} x`, 400, "valid JSON"},
		"a wrong role":       {`{"model":"claude-opus-5","max_tokens":1,"messages":[{"role":"tool","content":"x"}]}`, 400, "messages.0.role"},
		"empty text":         {`{"model":"claude-opus-5","max_tokens":1,"messages":[{"role":"user","content":""}]}`, 400, "non-empty"},
		"a result of no call": {`{"model":"claude-opus-5","max_tokens":1,"messages":[{"role":"user","content":[` +
			`{"type":"tool_result","tool_use_id":"toolu_1","content":"x"}]}]}`, 400, "tool_use_id"},
		"a call without result": {`{"model":"claude-opus-5","max_tokens":1,"messages":[{"role":"user","content":"x"},` +
			`{"role":"assistant","content":[{"type":"tool_use","id":"toolu_1","name":"a","input":{}}]},{"role":"user","content":"y"}]}`, 400, "toolu_1"},
		"a small thinking budget": {prompt("x", `"thinking":{"type":"enabled","budget_tokens":10}`), 400, "budget_tokens"},
		"an unknown tool choice":  {prompt("x", `"tool_choice":{"type":"tool","name":"none"}`), 400, "tool_choice"},
		"a blank stop sequence":   {prompt("x", `"stop_sequences":[" "]`), 400, "stop_sequences.0"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := ask(t, "/v1/messages", c.body)
			var got envelope
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if w.Code != c.status || !strings.Contains(got.Error.Message, c.says) {
				t.Errorf("got %d %q, want %d with %q", w.Code, got.Error.Message, c.status, c.says)
			}
		})
	}
}

func TestAThreadIsRefusedWithTheCodeThatClientsFallBackOn(t *testing.T) {
	w := ask(t, "/v1/messages", prompt("Hello", `"thread":{"type":"create"}`))
	var got envelope
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if w.Code != http.StatusBadRequest || got.Error.Details == nil || got.Error.Details.ErrorCode != "thread_unsupported_request" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestEveryAnswerIsMarkedSimulated(t *testing.T) {
	h := newHandler(t)
	for _, c := range []struct {
		method, target string
		status         int
	}{
		{http.MethodHead, "/", 200},
		{http.MethodHead, "/api/hello", 200},
		{http.MethodGet, "/v1/models", 200},
		{http.MethodGet, "/v1/models/claude-opus-5", 200},
		{http.MethodGet, "/v1/models/claude-opus-4-5-20251101", 200},
		{http.MethodGet, "/v1/models/claude-opus-4-5-x0251101", 404},
		{http.MethodGet, "/v1/models/nobody", 404},
		{http.MethodGet, "/v1/messages", 405},
		{http.MethodPost, "/v1/messages", 400},
		{http.MethodPost, "/v1/files", 400},
		{http.MethodGet, "/v1/files", 200},
		{http.MethodGet, "/v1/files/file_nobody", 404},
		{http.MethodPost, "/v1/messages/batches", 400},
		{http.MethodGet, "/v1/messages/batches", 200},
		{http.MethodGet, "/v1/messages/batches/msgbatch_nobody/results", 404},
		{http.MethodPost, "/v1/skills", 404},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), c.method, c.target, nil))
		if w.Code != c.status || w.Header().Get(HeaderSimulated) != "true" || w.Header().Get("Request-Id") == "" {
			t.Errorf("%s %s: %d %v", c.method, c.target, w.Code, w.Header())
		}
	}
}

func TestBothVersionsOfTheAPIAreSpokenAndOneMustBeNamed(t *testing.T) {
	for version, status := range map[string]int{"2023-06-01": 200, "2026-10-21": 200, "": 400, "newest": 400} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/messages?beta=true", strings.NewReader(prompt("Hello")))
		req.Header.Set("Anthropic-Beta", "some-beta-2026-01-01,other-beta")
		if version != "" {
			req.Header.Set("Anthropic-Version", version)
		}
		w := httptest.NewRecorder()
		newHandler(t).ServeHTTP(w, req)
		if w.Code != status {
			t.Errorf("%q: %d", version, w.Code)
		}
	}
}

func TestModelsAreListedInPages(t *testing.T) {
	h := newHandler(t)
	page := func(query string) modelPage {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/models"+query, nil))
		var p modelPage
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		return p
	}
	all := page("?limit=1000")
	if len(all.Data) < 10 || all.HasMore {
		t.Fatalf("%d models, more: %v", len(all.Data), all.HasMore)
	}
	two := page("?limit=2&after_id=" + all.Data[0].ID)
	if len(two.Data) != 2 || two.Data[0].ID != all.Data[1].ID || !two.HasMore || *two.LastID != all.Data[2].ID {
		t.Errorf("got %+v", two)
	}
}

func TestMaxTokensEndsTheAnswer(t *testing.T) {
	body := strings.Replace(prompt("[[simulate:echo]] "+strings.Repeat("word ", 100)), `"max_tokens":4096`, `"max_tokens":10`, 1)
	m := answer(t, body)
	if m.StopReason != "max_tokens" || len(m.text()) != 10*charsPerToken || m.Usage.OutputTokens != 10 {
		t.Errorf("stop %q with %d characters and %d tokens", m.StopReason, len(m.text()), m.Usage.OutputTokens)
	}
}

func TestTheEarliestStopSequenceEndsTheAnswerBeforeIt(t *testing.T) {
	m := answer(t, prompt("[[simulate:echo]] one two three", `"stop_sequences":["three","two"]`))
	if m.StopReason != "stop_sequence" || m.text() != "one " || m.StopSequence == nil || *m.StopSequence != "two" {
		t.Errorf("got %+v", m)
	}
}

func TestTokensAreCountedTheSameForAnAnswerAndForACount(t *testing.T) {
	body := prompt("Summarise this.\n" + syntheticNote(t))
	var got struct {
		InputTokens int `json:"input_tokens"`
	}
	if err := json.Unmarshal(ask(t, "/v1/messages/count_tokens", body).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if m := answer(t, body); got.InputTokens != m.Usage.InputTokens || got.InputTokens < 200 {
		t.Errorf("counted %d, used %d", got.InputTokens, m.Usage.InputTokens)
	}
}

func TestThinkingComesBackOnlyByteForByte(t *testing.T) {
	m := answer(t, prompt("[[simulate:thinking-echo]] NAME-7K2QAX is well."))
	if m.Content[0].Thinking != "NAME-7K2QAX is well." {
		t.Fatalf("got %+v", m.Content[0])
	}
	replay := func(thought gotBlock) int {
		return ask(t, "/v1/messages", `{"model":"claude-opus-5","max_tokens":100,"messages":[{"role":"user","content":"Hello"},`+
			`{"role":"assistant","content":[{"type":"thinking","thinking":`+string(encode(thought.Thinking))+
			`,"signature":"`+thought.Signature+`"},{"type":"text","text":"Hi"}]},{"role":"user","content":"Go on"}]}`).Code
	}
	if got := replay(m.Content[0]); got != http.StatusOK {
		t.Errorf("unchanged: %d", got)
	}
	changed := m.Content[0]
	changed.Thinking = strings.Replace(changed.Thinking, "NAME-7K2QAX", "Ada Example", 1)
	if got := replay(changed); got != http.StatusBadRequest {
		t.Errorf("restored text was accepted: %d", got)
	}
	unsigned := m.Content[0]
	unsigned.Signature = ""
	if got := replay(unsigned); got != http.StatusBadRequest {
		t.Errorf("unsigned text was accepted: %d", got)
	}
}

func TestOmittedThinkingHasASignatureAndNoText(t *testing.T) {
	m := answer(t, prompt("Hello", `"thinking":{"type":"adaptive","display":"omitted"}`))
	if b := m.Content[0]; b.Type != "thinking" || b.Thinking != "" || b.Signature == "" {
		t.Errorf("got %+v", b)
	}
}

func TestRedactedThinkingComesBackOnlyByteForByte(t *testing.T) {
	data := answer(t, prompt("[[simulate:redacted-thinking]] [[simulate:echo]] x")).Content[0].Data
	if !verifyRedacted(data) {
		t.Error("its own data was refused")
	}
	if verifyRedacted("A"+data[1:]) && data[0] != 'A' {
		t.Error("changed data was accepted")
	}
}
