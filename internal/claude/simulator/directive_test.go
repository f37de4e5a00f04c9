package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestScriptedErrorsHaveTheEnvelopeOfTheAPI(t *testing.T) {
	cases := map[string]struct {
		directive  string
		status     int
		kind       string
		retryAfter string
	}{
		"rate limit with retry-after": {"error=429 retry_after=7", 429, "rate_limit_error", "7"},
		"overloaded with retry-after": {"529 retry_after=3", 529, "overloaded_error", "3"},
		"server error":                {"500", 500, "api_error", ""},
		"bad request":                 {"400", 400, "invalid_request_error", ""},
		"unauthenticated":             {"error=401", 401, "authentication_error", ""},
		"forbidden":                   {"403", 403, "permission_error", ""},
		"too large":                   {"413", 413, "request_too_large", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := ask(t, "/v1/messages", prompt("Hello [[simulate:"+c.directive+"]]", streaming))
			var got envelope
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if w.Code != c.status || got.Type != "error" || got.Error.Type != c.kind || got.RequestID == "" {
				t.Errorf("got %d %+v", w.Code, got)
			}
			if got.RequestID != w.Header().Get("Request-Id") {
				t.Error("the request ids of header and body differ")
			}
			if ra := w.Header().Get("Retry-After"); ra != c.retryAfter {
				t.Errorf("retry-after %q, want %q", ra, c.retryAfter)
			}
		})
	}
}

func TestAnErrorInTheMiddleIsAnEventInAStreamAndAStatusOtherwise(t *testing.T) {
	text := "[[simulate:mid-stream-error]] [[simulate:echo]] This breaks off."
	list := parseEvents(t, ask(t, "/v1/messages", prompt(text, streaming)).Body.String())
	if last := list[len(list)-1]; last.name != "error" {
		t.Errorf("the last event is %q", last.name)
	}
	if w := ask(t, "/v1/messages", prompt(text)); w.Code != 529 {
		t.Errorf("status %d", w.Code)
	}
}

func TestAnUnknownDirectiveIsRefusedWithoutRepeatingIt(t *testing.T) {
	for _, directive := range []string{"ecko", "error=200", "error", ""} {
		w := ask(t, "/v1/messages", prompt("[[simulate:"+directive+"]] Hello"))
		if w.Code != http.StatusBadRequest || strings.Contains(w.Body.String(), "ecko") {
			t.Errorf("%q: %d %s", directive, w.Code, w.Body)
		}
	}
}

func TestADirectiveInTheHistoryDoesNothing(t *testing.T) {
	body := `{"model":"claude-opus-5","max_tokens":100,"messages":[{"role":"user","content":"[[simulate:500]]"},` +
		`{"role":"assistant","content":"ok"},{"role":"user","content":"[[simulate:echo]] again"}]}`
	if got := answer(t, body).text(); got != "again" {
		t.Errorf("got %q", got)
	}
}

func TestAWebPageInsteadOfAnAnswerIsSentAsOne(t *testing.T) {
	w := ask(t, "/v1/messages", prompt("[[simulate:html]]"))
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("%d %q", w.Code, w.Header().Get("Content-Type"))
	}
}

func TestEchoAnswersExactlyTheTextBehindTheDirective(t *testing.T) {
	cases := map[string]struct{ prompt, want string }{
		"behind a space":           {"[[simulate:echo]] a  b ", "a  b "},
		"behind a line break":      {"[[simulate:echo]]\n\n a\nb", "\n a\nb"},
		"before it, if none after": {"a b [[simulate:echo]]", "a b"},
		"quotes and escapes":       {"[[simulate:echo]] \"a\\b\" <&> \t é 😷 \u2028", "\"a\\b\" <&> \t é 😷 \u2028"},
		"other directives":         {"[[simulate:chunk=2]][[simulate:echo]] a", "a"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := answer(t, prompt(c.prompt)).text(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestEchoToolPutsTheTextIntoTheFirstTextField(t *testing.T) {
	const tools = `"tools":[{"name":"note_save","input_schema":{"type":"object","properties":{"count":{"type":"integer"},` +
		`"note":{"type":"string"},"kind":{"type":"string","enum":["a","b"]}},"required":["kind","count","note"]}}]`
	const text = `He said "no" to NAME-7K2QAX`
	m := answer(t, prompt("[[simulate:echo-tool]] "+text, tools))
	if m.StopReason != "tool_use" || len(m.Content) != 1 || m.Content[0].Name != "note_save" {
		t.Fatalf("got %+v", m)
	}
	if got, want := string(m.Content[0].Input), `{"count":1,"note":`+string(encode(text))+`,"kind":"a"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var in, nested struct{ Note, Text string }
	deep := answer(t, prompt("[[simulate:echo-tool depth=1]] "+text, tools))
	if err := json.Unmarshal(deep.Content[0].Input, &in); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(in.Note), &nested); err != nil || nested.Text != text {
		t.Errorf("nested: %v %+v", err, nested)
	}
}

// seen tells when a delta was written.
type seen struct {
	*httptest.ResponseRecorder
	delta chan struct{}
}

func (s seen) Write(p []byte) (int, error) {
	n, err := s.ResponseRecorder.Write(p)
	if strings.HasPrefix(string(p), "event: content_block_delta") {
		close(s.delta)
	}
	return n, err
}

func TestHangEndsOnlyWithTheClient(t *testing.T) {
	for name, directive := range map[string]string{"before the answer": "hang", "in the middle": "hang after=1"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			req := httptest.NewRequestWithContext(ctx, http.MethodPost, "/v1/messages",
				strings.NewReader(prompt("[[simulate:"+directive+"]] [[simulate:echo]] This breaks off.", streaming)))
			req.Header.Set("Anthropic-Version", "2023-06-01")
			w := seen{httptest.NewRecorder(), make(chan struct{})}
			h, ended := newHandler(t), make(chan any, 1)
			go func() {
				defer func() { ended <- recover() }()
				h.ServeHTTP(w, req)
			}()
			if strings.Contains(directive, "after") {
				<-w.delta
			}
			cancel()
			if err, _ := (<-ended).(error); !errors.Is(err, http.ErrAbortHandler) {
				t.Errorf("it ended with %v", err)
			}
			if strings.Contains(w.Body.String(), "message_stop") {
				t.Error("the answer was whole")
			}
		})
	}
}
