package claude

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chaperone"
)

const message = `{ "id":"msg_1","type":"message","role":"assistant","model":"claude-opus-5","future":{"n":1.0},
 "content":[{"type":"thinking","thinking":"about NAME-7K2QAX","signature":"NAME-7K2QAX0123456789abcd"},
  {"type":"redacted_thinking","data":"NAME-7K2QAX0123456789abcd"},
  {"type":"text","text":"Dear NAME-7K2QAX,\nNAME-UNKNWN","citations":[{"cited_text":"DATE-3M9T5C"}]},
  {"type":"tool_use","id":"toolu_1","name":"send","input":{"NAME-7K2QBY":1,"id":"NAME-7K2QAX","type":"DATE-3M9T5C","json":"{\"a\":\"STREET-00ZZ12\"}"}}],
 "stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":20,"cache_read_input_tokens":3,"cache_creation_input_tokens":4}}
`

// Peers' pains 2 and 6: placeholders that reach the user, or a tool.
func TestAJSONAnswerIsRestoredInEveryTextAndNothingElse(t *testing.T) {
	r := reply(200, "application/json; charset=utf-8", message)
	s := deliver(r, people, CopyOptions{})
	want := strings.NewReplacer(
		`"about NAME-7K2QAX"`, `"about Marta Example"`, `Dear NAME-7K2QAX,`, `Dear Marta Example,`,
		`"cited_text":"DATE-3M9T5C"`, `"cited_text":"3 mars 1957"`, `"NAME-7K2QBY":1`, `"EXAMPLE, MARTA":1`,
		`"id":"NAME-7K2QAX"`, `"id":"Marta Example"`, `"type":"DATE-3M9T5C"`, `"type":"3 mars 1957"`,
		`STREET-00ZZ12`, `12 \\\"Rose\\\" Lane\\nUnit \\\\4`,
	).Replace(message)
	if diff := cmp.Diff(want, s.Body.String()); diff != "" || s.err != nil {
		t.Fatal(s.err, diff)
	}
	wantD := Delivery{
		Status: 200, MessageID: "msg_1", Model: "claude-opus-5", StopReason: "tool_use", ToolUses: []string{"toolu_1"},
		Usage: Usage{Input: 10, Output: 20, CacheRead: 3, CacheWrite: 4}, Ended: true, Answered: int64(len(message)), Delivered: int64(len(want)),
	}
	if diff := cmp.Diff(wantD, s.d); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([][2]string{{"about Marta Example", "about NAME-7K2QAX"}}, s.thinking); diff != "" {
		t.Error(diff)
	}
}

func TestAJSONAnswerWithNothingToRestoreIsByteIdentical(t *testing.T) {
	for _, body := range []string{
		` {"input_tokens" : 2095 }` + "\n", strings.ReplaceAll(message, "-7K2Q", "-QQQQ"), `{"data":[{"id":"claude-opus-5","display_name":"\u00e9"}]}`,
	} {
		body = strings.NewReplacer("DATE-3M9T5C", "x", "STREET-00ZZ12", "y").Replace(body)
		if s := deliver(reply(200, "application/json", body), people, CopyOptions{}); s.err != nil || s.Body.String() != body {
			t.Errorf("%v: %s", s.err, s.Body.String())
		}
	}
}

func TestWhatIsNotTheAPIIsABadGatewayAndNothingOfItIsPassedOn(t *testing.T) {
	page := "<html>Marta Example at proxy.internal</html>"
	encoded := reply(200, "application/json", message)
	encoded.Header.Set("Content-Encoding", "br")
	for name, r := range map[string]*Reply{
		"HTML":                     reply(200, "text/html", page),
		"HTML said to be JSON":     reply(200, "application/json", page),
		"no media type":            reply(200, "", message),
		"a JSON string":            reply(200, "application/json", `"Marta Example"`),
		"JSON twice":               reply(200, "application/json", `{"a":"Marta Example"}{}`),
		"nothing":                  reply(200, "application/json", ""),
		"a redirect":               reply(302, "text/html", page),
		"a status nobody knows":    reply(700, "application/json", `{}`),
		"a compression":            encoded,
		"HTML said to be a stream": reply(200, "text/event-stream", page),
	} {
		s := deliver(r, people, CopyOptions{})
		if s.Code != http.StatusBadGateway || chaperone.AsError(s.err).Kind != chaperone.KindUpstream ||
			strings.Contains(s.Body.String(), "Marta") || !strings.Contains(s.Body.String(), `"type":"api_error"`) {
			t.Errorf("%s: %d %v %s", name, s.Code, s.err, s.Body.String())
		}
		if s.d.Status != http.StatusBadGateway || s.d.Fault == nil || s.d.Ended {
			t.Errorf("%s: %+v", name, s.d)
		}
	}
}

func TestAnAnswerOverTheLimitIsRefused(t *testing.T) {
	s := deliver(reply(200, "application/json", message), people, CopyOptions{MaxAnswer: 64})
	if s.Code != http.StatusBadGateway || chaperone.AsError(s.err).Code != "upstream_too_large" {
		t.Error(s.Code, s.err)
	}
}

func TestAnAnswerThatBreaksOffIsABadGateway(t *testing.T) {
	r := reply(200, "application/json", "")
	r.Body = &chopped{data: []byte(message[:50]), err: errors.New("reset by Marta")}
	s := deliver(r, people, CopyOptions{})
	if s.Code != http.StatusBadGateway || chaperone.AsError(s.err).Code != "upstream_truncated" || strings.Contains(s.Body.String(), "Marta") {
		t.Error(s.Code, s.err, s.Body.String())
	}
}

// Peers' pain 19: statuses and retry-after must survive.
func TestAnErrorOfTheUpstreamKeepsItsStatusAndGivesNoAccountAway(t *testing.T) {
	says := func(kind, words string) string {
		return `{"type":"error","error":{"type":"` + kind + `","message":"` + words + `"},"request_id":"req_up"}`
	}
	for name, c := range map[string]struct {
		status int
		body   string
		want   string // in the body; "" means exactly the upstream's, but for the id of the exchange
		kind   string
	}{
		"400 is relayed":              {400, says("invalid_request_error", "prompt is too long: 210000 tokens"), "", "invalid_request_error"},
		"400 is restored":             {400, says("invalid_request_error", "tool NAME-7K2QAX"), "tool Marta Example", "invalid_request_error"},
		"413 is relayed":              {413, says("request_too_large", "Input is too long."), "", "request_too_large"},
		"400 without an id gets ours": {400, `{"type":"error","error":{"type":"invalid_request_error","message":"x"}}` + "\n", `"message":"x"},"request_id":"req_test"}`, "invalid_request_error"},
		"401 speaks of our own door":  {401, says("authentication_error", "key of org_17"), "your key is not concerned", "authentication_error"},
		"403":                         {403, says("permission_error", "org_17 may not"), "does not permit", "permission_error"},
		"404":                         {404, says("not_found_error", "model: x in org_17"), "does not know this model", "not_found_error"},
		"429":                         {429, says("rate_limit_error", "org_17 has 5 rpm"), "asks to wait", "rate_limit_error"},
		"429 of billing":              {429, says("billing_error", "org_17 has no credit"), "question of billing", "billing_error"},
		"500":                         {500, says("api_error", "org_17"), "reported an error", "api_error"},
		"529":                         {529, says("overloaded_error", "Overloaded"), "Overloaded", "overloaded_error"},
		"HTML of a proxy":             {503, "<html>org_17</html>", "reported an error", "api_error"},
		"HTML of a proxy, 429":        {429, "<html>org_17</html>", "asks to wait", "rate_limit_error"},
		"JSON of another API":         {400, `{"message":"org_17"}`, "reported an error", "invalid_request_error"},
		"an error in words":           {500, `{"error":"org_17"}`, "reported an error", "api_error"},
	} {
		r := reply(c.status, "application/json", c.body)
		if strings.HasPrefix(c.body, "<") {
			r.Header.Set("Content-Type", "text/html")
		}
		r.Header.Set("Retry-After", "7")
		r.Header.Set("Retry-After-Ms", "7000")
		r.Header.Set("X-Should-Retry", "true")
		asked := false
		s := deliver(r, people, CopyOptions{BeforeLast: func(d Delivery) error { asked = d.ErrorType == c.kind; return nil }})
		if s.err != nil || s.Code != c.status || s.d.ErrorType != c.kind || s.d.Status != c.status || !asked {
			t.Errorf("%s: %d %v %+v", name, s.Code, s.err, s.d)
		}
		got := s.Body.String()
		if c.want == "" && got != strings.Replace(c.body, "req_up", "req_test", 1) || !strings.Contains(got, c.want) || strings.Contains(got, "org_17") {
			t.Errorf("%s: %s", name, got)
		}
		if c.want != "" && !strings.Contains(got, `"type":"`+c.kind+`"`) {
			t.Errorf("%s: %s", name, got)
		}
		if s.Header().Get("Retry-After") != "7" || s.Header().Get("Retry-After-Ms") != "7000" || s.Header().Get("X-Should-Retry") != "true" {
			t.Errorf("%s: %v", name, s.Header())
		}
	}
}

func TestErrorsComeInTheEnvelopeOfTheAPI(t *testing.T) {
	for kind, want := range map[chaperone.Kind]struct {
		status int
		name   string
	}{
		chaperone.KindInternal: {500, "api_error"}, chaperone.KindInvalid: {400, "invalid_request_error"},
		chaperone.KindUnauthenticated: {401, "authentication_error"}, chaperone.KindForbidden: {403, "permission_error"},
		chaperone.KindNotFound: {404, "not_found_error"}, chaperone.KindMethod: {405, "invalid_request_error"},
		chaperone.KindConflict: {409, "conflict_error"}, chaperone.KindTooLarge: {413, "request_too_large"},
		chaperone.KindRateLimited: {429, "rate_limit_error"}, chaperone.KindUnsupported: {415, "invalid_request_error"},
		chaperone.KindUnavailable: {503, "api_error"}, chaperone.KindTimeout: {504, "timeout_error"},
		chaperone.KindUpstream: {502, "api_error"}, chaperone.KindOverloaded: {529, "overloaded_error"},
	} {
		err := chaperone.NewError(kind, "some_code", "What is wrong", "What to do", errors.New("Marta Example"))
		w := httptest.NewRecorder()
		WriteError(w, "req_1", err)
		body := `{"type":"error","error":{"type":"` + want.name + `","message":"What is wrong. What to do.","details":{"error_code":"some_code"}},"request_id":"req_1"}`
		if w.Code != want.status || w.Body.String() != body || w.Header().Get("Request-Id") != "req_1" || StatusOf(err) != want.status {
			t.Errorf("kind %d: %d %s", kind, w.Code, w.Body.String())
		}
		if got := w.Header().Get("X-Should-Retry"); (got == "false") != (kind == chaperone.KindUnauthenticated) {
			t.Errorf("kind %d: x-should-retry %q", kind, got)
		}
		if got := string(ErrorEvent("req_1", err)); got != "event: error\ndata: "+body+"\n\n" {
			t.Errorf("kind %d: %s", kind, got)
		}
	}
	w := httptest.NewRecorder()
	WriteError(w, "req_1", errors.New("Marta Example"))
	if w.Code != 500 || strings.Contains(w.Body.String(), "Marta") {
		t.Errorf("%d %s", w.Code, w.Body.String())
	}
}
