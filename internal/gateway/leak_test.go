package gateway_test

import (
	"regexp"
	"strings"
	"testing"

	"chaperone/internal/audit"
)

// TestWhereAClientCouldHideAName: places that are no text, but that a client
// fills (PRI-01). None of them carries words to Claude.
func TestWhereAClientCouldHideAName(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	for _, c := range []struct {
		name, method, path, body string
		header                   []string
		status                   int
		code                     string
	}{
		{name: "a model's path", method: "GET", path: "/v1/models/zebulon.quarrington@example.org", status: 404, code: "model_unknown"},
		{name: "a cursor of models", method: "GET", path: "/v1/models?after_id=Zebulon-Quarrington-219-09-9999", status: 400, code: "query_malformed"},
		{name: "a limit", method: "GET", path: "/v1/models?limit=4471902", status: 400, code: "query_malformed"},
		{name: "a cursor of batches", method: "GET", path: "/v1/messages/batches?after_id=Zebulon-Quarrington-219-09-9999", status: 400, code: "query_malformed"},
		{name: "a cursor in a batch's form", method: "GET", path: "/v1/messages/batches?before_id=msgbatch_Quarrington", status: 400, code: "query_malformed"},
		{name: "a cursor of files", method: "GET", path: "/v1/files?before_id=file_Quarrington", status: 400, code: "query_malformed"},
		{name: "a beta", method: "POST", path: "/v1/messages", body: ask("Hi"), header: []string{"Anthropic-Beta", "patient-219-09-9999"}, status: 400, code: "beta_malformed"},
		{name: "a beta in its form that names who is asked about", method: "POST", path: "/v1/messages", body: ask("Mr. Zebulon Quarrington is well."), header: []string{"Anthropic-Beta", "zebulon-quarrington-2026-01-01"}, status: 400, code: "beta_malformed"},
		{name: "a model in the body", method: "POST", path: "/v1/messages", body: strings.Replace(ask("Hi"), "claude-sonnet-5", "gpt-4-Quarrington", 1), status: 404, code: "model_unknown"},
		{name: "a temperature", method: "POST", path: "/v1/messages", body: ask("Hi", `"temperature": 4471902`), status: 400, code: "setting_out_of_range"},
		{name: "a top_k", method: "POST", path: "/v1/messages", body: ask("Hi", `"top_k": 4471902`), status: 400, code: "setting_out_of_range"},
	} {
		w := h.send(c.method, c.path, c.body, c.header...)
		t.Log(c.name)
		wantError(t, w, c.status, c.code)
		h.wantResult(w, audit.RefusedResult)
	}
	if n := h.upstream.count(); n != 0 {
		t.Errorf("%d calls reached Claude", n)
	}
	h.keepsItsWord()
}

// TestBetasOfTheApiNameNobody: the engine that reads a beta's name must not take
// a feature for a person.
func TestBetasOfTheApiNameNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("Well."))
	betas := "claude-code-20250219,interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14,context-1m-2025-08-07," +
		"context-management-2025-06-27,prompt-caching-scope-2026-01-05,advanced-tool-use-2025-11-20,mcp-client-2025-11-20," +
		"max-tokens-3-5-sonnet-2024-07-15,output-128k-2025-02-19,token-efficient-tools-2025-02-19,extended-cache-ttl-2025-04-11," +
		"oauth-2025-04-20,effort-2025-11-24,structured-outputs-2025-11-13,skills-2025-10-02,tomorrow-2027-02-03"
	if w := h.send("POST", "/v1/messages", ask(note), "Anthropic-Beta", betas); w.Code != 200 {
		t.Fatal(w.Code, w.Body)
	}
	if got := h.upstream.last().header.Get("Anthropic-Beta"); got != betas {
		t.Errorf("Claude was sent %s", got)
	}
}

// TestAnIdOfAToolCallThatIsMadeOfWords leaves as another, the same at the call and
// at its result and in every turn.
func TestAnIdOfAToolCallThatIsMadeOfWords(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("Well."))
	body := `{"model": "claude-sonnet-5", "max_tokens": 64, "temperature": 0.30000000000000004, "messages": [{"role": "user", "content": "Look it up"},
 {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_Zebulon_Quarrington", "name": "lookup", "input": {}}, {"type": "tool_use", "id": "toolu_01", "name": "lookup", "input": {}}]},
 {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_Zebulon_Quarrington", "content": "ok"}, {"type": "tool_result", "tool_use_id": "toolu_01", "content": "ok"}]}],
 "tools": [{"name": "lookup", "input_schema": {"type": "object"}}]}`
	made := regexp.MustCompile(`"toolu_01[0-9A-Za-z]{10,}"`)
	var before string
	for range 2 {
		if w := h.send("POST", "/v1/messages", body, "X-Chaperone-Session", "visit-1"); w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
		sent := string(h.upstream.last().body)
		noTrace(t, "what reached Claude", []byte(sent), "Zebulon", "Quarrington")
		ids := made.FindAllString(sent, -1)
		if len(ids) != 2 || ids[0] != ids[1] || before != "" && ids[0] != before {
			t.Errorf("the call is %v, before %s", ids, before)
		}
		before = ids[0]
		if strings.Count(sent, `"toolu_01"`) != 2 || !strings.Contains(sent, "0.30000000000000004") {
			t.Errorf("what says nothing was changed: %s", sent)
		}
	}
	if w := h.send("POST", "/v1/messages", body, "X-Chaperone-Session", "visit-2"); w.Code != 200 || strings.Contains(string(h.upstream.last().body), before) {
		t.Error("another session has the same id")
	}
	h.keepsItsWord()
}

// TestANumberThatIsSomebodysElsewhere is not sent as a setting either.
func TestANumberThatIsSomebodysElsewhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(wholeAnswer("Well."))
	w := h.send("POST", "/v1/messages", ask("MRN: 447190 was seen.", `"thinking": {"type": "enabled", "budget_tokens": 447190}`))
	if sent := string(h.upstream.last().body); w.Code != 200 || strings.Contains(sent, "447190") {
		t.Errorf("%d: Claude was sent %s", w.Code, sent)
	}
}
