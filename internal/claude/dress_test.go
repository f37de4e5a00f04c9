package claude_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"chaperone"
	"chaperone/internal/claude"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	"github.com/google/go-cmp/cmp"
)

const (
	bedrockPath = "/model/anthropic.claude-sonnet-5/invoke"
	streamPath  = "/model/anthropic.claude-sonnet-5/invoke-with-response-stream"
	vertexPath  = "/v1/projects/p/locations/l/publishers/anthropic/models/claude-sonnet-5:rawPredict"
)

// dressed writes an answer in pieces, flushing after each as a copier does.
func dressed(t testing.TB, path string, status int, contentType string, pieces ...string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	d := claude.Dress(w, path)
	d.Header().Set("Content-Type", contentType)
	d.Header().Set("Request-Id", "01a1")
	d.WriteHeader(status)
	for _, p := range pieces {
		if n, err := d.Write([]byte(p)); err != nil || n != len(p) {
			t.Fatalf("%d, %v", n, err)
		}
		if err := http.NewResponseController(d).Flush(); err != nil {
			t.Fatal(err)
		}
	}
	d.Finish()
	return w
}

// message is a frame as Amazon's decoder reads it.
type message struct{ Kind, Name, Payload string }

func decoded(t testing.TB, stream io.Reader) []message {
	t.Helper()
	var all []message
	for dec := eventstream.NewDecoder(); ; {
		m, err := dec.Decode(stream, nil)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		head := func(name string) string {
			if v := m.Headers.Get(name); v != nil {
				return v.String()
			}
			return ""
		}
		if head(":content-type") != "application/json" {
			t.Errorf("content type %q", head(":content-type"))
		}
		all = append(all, message{head(":message-type"), head(":event-type") + head(":exception-type"), string(m.Payload)})
	}
}

// events are what the chunks of a stream carry.
func chunks(t testing.TB, stream io.Reader) []string {
	t.Helper()
	var all []string
	for _, m := range decoded(t, stream) {
		var c struct{ Bytes []byte }
		if err := json.Unmarshal([]byte(m.Payload), &c); err != nil || m.Kind != "event" || m.Name != "chunk" {
			t.Fatalf("%+v: %v", m, err)
		}
		all = append(all, string(c.Bytes))
	}
	return all
}

// TestEventsBecomeFramesHoweverTheyArrive: one frame for each event, the same at
// every cut, with any end of line; and the door's reader of frames reads them back.
func TestEventsBecomeFramesHoweverTheyArrive(t *testing.T) {
	events := append(append([]string{}, answerEvents...), `{"type":"ping"}`, lastOfVendors)
	stream := ": a comment\n\n" + asEvents(t, events...)
	for cut := range len(stream) {
		w := dressed(t, streamPath, 200, "text/event-stream; charset=utf-8", stream[:cut], stream[cut:])
		if diff := cmp.Diff(events, chunks(t, w.Body)); diff != "" {
			t.Fatalf("cut at %d: %s", cut, diff)
		}
	}
	for _, end := range []string{"\r\n", "\r"} {
		w := dressed(t, streamPath, 200, "text/event-stream", strings.ReplaceAll(stream, "\n", end))
		if diff := cmp.Diff(events, chunks(t, w.Body)); diff != "" {
			t.Errorf("lines that end in %q: %s", end, diff)
		}
	}
	w := dressed(t, streamPath, 200, "text/event-stream", strings.TrimSuffix(asEvents(t, events...), "\n"))
	if got := w.Header(); got.Get("Content-Type") != "application/vnd.amazon.eventstream" || got.Get("X-Amzn-Requestid") != "01a1" {
		t.Errorf("%v", got)
	}
	back, err := io.ReadAll(claude.Frames(io.NopCloser(w.Body)))
	if err != nil || string(back) != asEvents(t, events...) {
		t.Errorf("%v: %s", err, back)
	}
}

// TestAnErrorInAStreamIsAnException: of those that Amazon's model of a stream has.
func TestAnErrorInAStreamIsAnException(t *testing.T) {
	for errorType, want := range map[string]string{
		"overloaded_error": "serviceUnavailableException", "rate_limit_error": "throttlingException",
		"invalid_request_error": "validationException", "request_too_large": "validationException",
		"timeout_error": "modelTimeoutException", "api_error": "internalServerException", "a_new_one": "internalServerException",
	} {
		w := dressed(t, streamPath, 200, "text/event-stream", asEvents(t, answerEvents[0]),
			"event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\""+errorType+"\",\"message\":\"Say \\\"when\\\"\"}}\n\n")
		got := decoded(t, w.Body)
		if want := (message{"exception", want, `{"message":"Say \"when\""}`}); len(got) != 2 || got[1] != want {
			t.Errorf("%s: %+v", errorType, got)
		}
	}
}

// TestErrorsHaveTheCloudsShape: beside what the vendor's clients read, which stays
// as it is. The status stays too, and the length is that of what is sent.
func TestErrorsHaveTheCloudsShape(t *testing.T) {
	for _, c := range []struct {
		kind                 chaperone.Kind
		status               int
		amazon, google, sort string
	}{
		{chaperone.KindInvalid, 400, "ValidationException", "INVALID_ARGUMENT", "invalid_request_error"},
		{chaperone.KindUnauthenticated, 401, "UnrecognizedClientException", "UNAUTHENTICATED", "authentication_error"},
		{chaperone.KindForbidden, 403, "AccessDeniedException", "PERMISSION_DENIED", "permission_error"},
		{chaperone.KindNotFound, 404, "ResourceNotFoundException", "NOT_FOUND", "not_found_error"},
		{chaperone.KindMethod, 405, "ValidationException", "UNIMPLEMENTED", "invalid_request_error"},
		{chaperone.KindConflict, 409, "ConflictException", "ABORTED", "conflict_error"},
		{chaperone.KindTooLarge, 413, "ValidationException", "INVALID_ARGUMENT", "request_too_large"},
		{chaperone.KindRateLimited, 429, "ThrottlingException", "RESOURCE_EXHAUSTED", "rate_limit_error"},
		{chaperone.KindInternal, 500, "InternalServerException", "INTERNAL", "api_error"},
		{chaperone.KindUpstream, 502, "ServiceUnavailableException", "UNAVAILABLE", "api_error"},
		{chaperone.KindUnavailable, 503, "ServiceUnavailableException", "UNAVAILABLE", "api_error"},
		{chaperone.KindTimeout, 504, "ModelTimeoutException", "DEADLINE_EXCEEDED", "timeout_error"},
		{chaperone.KindOverloaded, 529, "ServiceUnavailableException", "UNAVAILABLE", "overloaded_error"},
	} {
		fault := chaperone.NewError(c.kind, "a_code", "What is wrong", "The next step", nil)
		for _, path := range []string{bedrockPath, streamPath, vertexPath, "/anthropic/v1/messages"} {
			w := httptest.NewRecorder()
			d := claude.Dress(w, path)
			claude.WriteError(d, "01a1", fault)
			d.Finish()
			var body struct {
				Message string
				Error   struct {
					Type, Message, Status string
					Code                  int
					Details               struct {
						Code string `json:"error_code"`
					}
				}
				ID string `json:"request_id"`
			}
			if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
				t.Fatal(err)
			}
			e := body.Error
			if w.Code != c.status || e.Type != c.sort || e.Message != "What is wrong. The next step." || e.Details.Code != "a_code" || body.ID != "01a1" {
				t.Errorf("%s %d: %s", path, w.Code, w.Body)
			}
			if n := w.Result().ContentLength; n != int64(w.Body.Len()) {
				t.Errorf("%s: length %d, said %d", path, w.Body.Len(), n)
			}
			switch claude.FormOf(path) {
			case claude.FormBedrock:
				if w.Header().Get("X-Amzn-Errortype") != c.amazon || body.Message != e.Message {
					t.Errorf("%v %s", w.Header(), w.Body)
				}
			case claude.FormVertex:
				if e.Status != c.google || e.Code != c.status {
					t.Errorf("%s", w.Body)
				}
			}
		}
	}
}

// TestAnswersThatAreTheSameThere pass to the byte, as they come.
func TestAnswersThatAreTheSameThere(t *testing.T) {
	const whole = `{ "id":"msg_1", "content":[] }`
	for _, c := range []struct{ path, contentType, body string }{
		{bedrockPath, "application/json", whole},
		{vertexPath, "application/json", whole},
		{vertexPath, "text/event-stream", asEvents(t, answerEvents...)},
		{"/v1/projects/p/locations/l/publishers/anthropic/models/count-tokens:rawPredict", "application/json", `{"input_tokens":7}`},
		{"/anthropic/v1/messages", "text/event-stream", asEvents(t, answerEvents...)},
	} {
		if w := dressed(t, c.path, 200, c.contentType, c.body); w.Body.String() != c.body || w.Header().Get("Content-Type") != c.contentType {
			t.Errorf("%s: %v %s", c.path, w.Header(), w.Body)
		}
	}
	if w := dressed(t, "/model/anthropic.claude-sonnet-5/count-tokens", 200, "application/json", `{"input_`, `tokens":7}`); w.Body.String() != `{"inputTokens":7}` {
		t.Errorf("%s", w.Body)
	}
}

// gone is a client that has left.
type gone struct{ http.ResponseWriter }

func (gone) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestAClientThatIsGoneIsNoticed(t *testing.T) {
	d := claude.Dress(gone{httptest.NewRecorder()}, streamPath)
	d.Header().Set("Content-Type", "text/event-stream")
	if _, err := d.Write([]byte("event: ping\n")); err != nil {
		t.Errorf("half an event: %v", err)
	}
	if _, err := d.Write([]byte("data: {\"type\":\"ping\"}\n\n")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a whole event: %v", err)
	}
}

// FuzzDressedStream: whatever a stream holds and however it is cut, the frames are
// the same, whole, and carry JSON only.
func FuzzDressedStream(f *testing.F) {
	f.Add([]byte("event: ping\ndata: {\"type\":\"ping\"}\n\n"), 7)
	f.Add([]byte(asEvents(f, answerEvents...)), 200)
	f.Add([]byte("data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\r\n\r\n"), 30)
	f.Add([]byte("data: [1]\n\ndata: half {\n\n: c\rdata: {}\r\rdata: {\ndata: }\n\n"), 12)
	f.Fuzz(func(t *testing.T, stream []byte, cut int) {
		cut = min(max(cut, 0), len(stream))
		one := dressed(t, streamPath, 200, "text/event-stream", string(stream))
		two := dressed(t, streamPath, 200, "text/event-stream", string(stream[:cut]), string(stream[cut:]))
		if !bytes.Equal(one.Body.Bytes(), two.Body.Bytes()) {
			t.Errorf("cut at %d: %q and %q", cut, one.Body, two.Body)
		}
		for _, m := range decoded(t, one.Body) {
			if !json.Valid([]byte(m.Payload)) {
				t.Errorf("%+v", m)
			}
		}
	})
}
