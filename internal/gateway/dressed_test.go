package gateway_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"chaperone/internal/audit"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
)

// readFrames writes Amazon's frames, read by Amazon's own decoder, one a line: what
// kind of message it is, and what it carries.
func readFrames(stream io.Reader) string {
	var b strings.Builder
	dec := eventstream.NewDecoder()
	for {
		m, err := dec.Decode(stream, nil)
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			return b.String() + "(not a frame: " + err.Error() + ")\n"
		}
		header := func(name string) string { return fmt.Sprint(m.Headers.Get(name)) }
		switch header(":message-type") {
		case "event":
			var chunk struct{ Bytes []byte }
			if err := json.Unmarshal(m.Payload, &chunk); err != nil {
				return b.String() + "(not a chunk)\n"
			}
			fmt.Fprintf(&b, "%s %s\n", header(":event-type"), bytes.TrimSpace(chunk.Bytes))
		default:
			fmt.Fprintf(&b, "%s %s %s\n", header(":message-type"), header(":exception-type"), m.Payload)
		}
	}
}

// shapes are the ways in which clients ask for a message, each with a body around
// some text, and whether the answer is streamed in frames.
func shapes() map[string]struct{ path, stream, version string } {
	const google = "/v1/projects/clinic-1/locations/global/publishers/anthropic/models/claude-sonnet-5"
	return map[string]struct{ path, stream, version string }{
		"bedrock": {"/model/us.anthropic.claude-sonnet-5/invoke", "/model/us.anthropic.claude-sonnet-5/invoke-with-response-stream", "bedrock-2023-05-31"},
		"vertex":  {google + ":rawPredict", google + ":streamRawPredict", "vertex-2023-10-16"},
		"hosted":  {"/anthropic/v1/messages", "/anthropic/v1/messages", ""},
	}
}

// dressedAsk is ask for a client of a cloud.
func dressedAsk(text, version string, settings ...string) string {
	if version == "" {
		return ask(text, settings...)
	}
	return strings.Replace(ask(text, settings...), `"model": "claude-sonnet-5"`, `"anthropic_version": "`+version+`"`, 1)
}

// TestEveryFormIsTheSameWalk (RTE-01): Claude is sent the same bytes for the same
// text, the client gets its own values back, and the record says how it was asked.
func TestEveryFormIsTheSameWalk(t *testing.T) {
	t.Parallel()
	for form, c := range shapes() {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, plan{})
			h.upstream.answer = echo
			for _, streams := range []bool{false, true} {
				path, settings := c.path, []string(nil)
				if streams {
					path = c.stream
				}
				if streams && form != "bedrock" {
					settings = []string{streaming}
				}
				native := h.send("POST", "/v1/messages", ask(note))
				want := heard(t, h.upstream.last().body)
				w := h.send("POST", path, dressedAsk(note, c.version, settings...))
				if native.Code != 200 || w.Code != 200 {
					t.Fatalf("%d, %d %s", native.Code, w.Code, w.Body)
				}
				if got := heard(t, h.upstream.last().body); got != want {
					t.Errorf("Claude was sent %s, want %s", got, want)
				}
				if in := h.shown(w).Intent.Facts; in.Deed.Form != form {
					t.Errorf("the record says %q", in.Deed.Form)
				}
				body := w.Body.String()
				if w.Header().Get("Content-Type") == "application/vnd.amazon.eventstream" {
					body = strings.ReplaceAll(readFrames(w.Body), "chunk ", "data: ")
				}
				if streams && spoken(body) != note {
					t.Errorf("got back %q", body)
				}
			}
			h.keepsItsWord()
			h.verifies()
		})
	}
}

// heard is what Claude was told by the user.
func heard(t *testing.T, body []byte) string {
	t.Helper()
	var b struct{ Messages json.RawMessage }
	must(t, json.Unmarshal(body, &b))
	return string(b.Messages)
}

// TestEveryFormFailsClosed: no record, no call; a crash and a cut in the middle
// end the answer with an error of the client's own form, and are settled.
func TestEveryFormFailsClosed(t *testing.T) {
	t.Parallel()
	for form, c := range shapes() {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			h, b := newBrittleHouse(t, plan{})
			settings := []string{streaming}
			if form == "bedrock" {
				settings = nil
			}
			b.journal.breaks(once(diskFull))
			wantError(t, h.send("POST", c.path, dressedAsk(note, c.version)), 503, "record_unavailable")
			if n := h.upstream.count(); n != 0 {
				t.Fatalf("%d calls reached Claude", n)
			}
			eventually(t, "the house is ready again", func() bool { return h.send("GET", "/readyz", "").Code == 200 })
			b.door.breaks(crashingAnswer(opened("fine")))
			w := h.send("POST", c.stream, dressedAsk(note, c.version, settings...))
			wantCutInForm(t, w, "Something failed inside Chaperone")
			h.wantResult(w, audit.Panicked)
			b.door.breaks(nil)
			h.upstream.answer = h.answer(opened("Mr. {{NAME:1}} is"))
			w = h.send("POST", c.stream, dressedAsk(note, c.version, settings...))
			wantCutInForm(t, w, "broke off")
			h.wantResult(w, audit.Truncated)
			h.keepsItsWord()
		})
	}
}

// wantCutInForm checks that a stream ends with an error that says so.
func wantCutInForm(t *testing.T, w *httptest.ResponseRecorder, words string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(w.Body.String()), "\n")
	if w.Header().Get("Content-Type") == "application/vnd.amazon.eventstream" {
		lines = strings.Split(strings.TrimSpace(readFrames(w.Body)), "\n")
		if !strings.HasPrefix(lines[len(lines)-1], "exception internalServerException ") {
			t.Errorf("the last frame is %s", lines[len(lines)-1])
		}
	}
	if last := lines[len(lines)-1]; w.Code != 200 || !strings.Contains(last, words) {
		t.Errorf("%d, the last line is %s, want %q", w.Code, last, words)
	}
}

// TestAClientOfACloudThatLeaves is settled like any other.
func TestAClientOfACloudThatLeaves(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(streamed("{{NAME:1}}", " is", " well."))
	c := shapes()["bedrock"]
	w := &leaver{ResponseRecorder: httptest.NewRecorder()}
	h.handler.ServeHTTP(w, h.request("POST", c.stream, dressedAsk(note, c.version)))
	h.wantResult(w.ResponseRecorder, audit.ClientGone)
	h.keepsItsWord()
}

// leaver is a client that goes at the first byte.
type leaver struct{ *httptest.ResponseRecorder }

func (*leaver) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
