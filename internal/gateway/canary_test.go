package gateway_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/policy"
)

// canary is one way in which an identifier could get where it must not be.
type canary struct {
	name   string
	breaks func(*house, *breakage)
	send   func(*house) *httptest.ResponseRecorder
	status int
}

// chart is a request that carries the patient wherever a request can.
const chart = `{"model": "claude-sonnet-5", "max_tokens": 64, "stream": true,
 "metadata": {"user_id": "` + email + `"},
 "system": [{"type": "text", "text": "You assist with the chart of Mr. ` + family + `."}],
 "tools": [{"name": "lookup", "description": "Finds a chart", "input_schema": {"type": "object", "properties": {"mrn": {"type": "string"}}}}],
 "messages": [
  {"role": "user", "content": "Find ` + note + `"},
  {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_01", "name": "lookup", "input": {"mrn": "` + mrn + `", "name": "Ludo ` + family + `"}}]},
  {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_01", "content": "{\"phone\": \"` + phone + `\", \"email\": \"` + email + `\"}"}]}]}`

// inHeaders are the headers in which a caller may name the patient.
var inHeaders = []string{
	"X-Chaperone-Patient", mrn, "X-Chaperone-Purpose", "treatment",
	"X-Chaperone-Reason", "Mr. " + family + " called from " + phone + " about his results", "X-Chaperone-Session", "visit-1",
	"X-Chaperone-Roster", base64.RawURLEncoding.EncodeToString([]byte(`{"names": ["Ludo ` + family + `"], "identifiers": ["` + mrn + `"]}`)),
}

func post(body string, header ...string) func(*house) *httptest.ResponseRecorder {
	return func(h *house) *httptest.ResponseRecorder { return h.send("POST", "/v1/messages", body, header...) }
}

func scripted(script string) func(*house, *breakage) {
	return func(h *house, _ *breakage) { h.upstream.answer = h.answer(script) }
}

func canaries() []canary {
	well := streamed("{{NAME:1}}, {{RECORD:1}}, {{PHONE:1[:7]}}", "{{PHONE:1[7:]}}, {{EMAIL:1}}")
	return []canary{
		{"everything goes well", scripted(streamed("About {{NAME:1}}: {{RECORD:1}}.")), post(chart, inHeaders...), 200},
		{"and again in the same session", scripted(well), post(chart, inHeaders...), 200},
		{"an answer in JSON", scripted(wholeAnswer("{{NAME:1}} {{PHONE:1}}")), post(ask(note), inHeaders...), 200},
		{"not JSON", nil, post(note, inHeaders...), 400},
		{"truncated JSON", nil, post(chart[:800], inHeaders...), 400},
		{"a duplicate key", nil, post(`{"` + family + `": 1, "` + family + `": 2}`), 400},
		{"an unknown block", nil, post(`{"messages": [{"role": "user", "content": [{"type": "Mr. ` + family + `"}]}]}`), 400},
		{"an unknown role", scripted(well), post(strings.Replace(chart, `"role": "user"`, `"role": "`+family+`"`, 1)), 200},
		{"a patient that is a text", nil, post(chart, "X-Chaperone-Patient", "Ludo "+family), 400},
		{"a purpose that is none", nil, post(chart, "X-Chaperone-Purpose", "calling "+phone), 400},
		{"a session that is none", nil, post(chart, "X-Chaperone-Session", email), 400},
		{"a door that does not exist", nil, post(chart, "X-Chaperone-Door", family), 404},
		{"a version that is none", nil, post(chart, "Anthropic-Version", family), 400},
		{"a key that is none", nil, post(chart, "X-Api-Key", family+mrn), 401},
		{"an encoding that is none", nil, post(chart, "Content-Encoding", family), 415},
		{"a path", nil, func(h *house) *httptest.ResponseRecorder {
			return h.send("GET", "/v1/patients/"+family+"?mrn="+mrn, "")
		}, 404},
		{"a model's path", nil, func(h *house) *httptest.ResponseRecorder { return h.send("GET", "/v1/models/Mr.%20"+family, "") }, 404},
		{"a policy refuses", func(h *house, _ *breakage) { h.gateway.SetPolicy(readPolicy(h.t, "clinic-no-phi")) }, post(chart, inHeaders...), 403},
		{"Claude reports an error", scripted("529\nContent-Type: application/json\n\n{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy with " + family + "\"}}\n"), post(chart), 529},
		{"Claude answers in HTML", scripted("200\nContent-Type: text/html\n\n<p>" + note + "</p>"), post(chart), 502},
		{"the stream breaks off", scripted(opened("About {{NAME:1}}", "{{NAME:1[:7]}}")), post(chart), 200},
		{"the stream is no stream", scripted(opened("About {{NAME:1}}") + "event: content_block_delta\ndata: {" + family + "\n\n"), post(chart), 200},
		{"Claude crashes", func(h *house, _ *breakage) { h.upstream.answer = func(http.ResponseWriter, *http.Request) { crash() } }, post(chart), 502},
		{"the door fails", func(_ *house, b *breakage) {
			b.door.breaks(func(context.Context, claude.Call) (*claude.Reply, error) {
				return nil, errors.New("dial: chart of " + note)
			})
		}, post(chart), 500},
		{"the door crashes", func(_ *house, b *breakage) {
			b.door.breaks(func(context.Context, claude.Call) (*claude.Reply, error) { crash(); return nil, nil })
		}, post(chart), 500},
		{"a crash in the middle of a stream", func(_ *house, b *breakage) { b.door.breaks(crashingAnswer(opened("fine"))) }, post(chart), 200},
		{"the vault is full", func(_ *house, b *breakage) { b.sessions.breaks(vaultFull) }, post(chart, "X-Chaperone-Session", "visit-2"), 503},
		{"the vault crashes", func(_ *house, b *breakage) { b.sessions.breaks(crashesAt("session")) }, post(chart, "X-Chaperone-Session", "visit-3"), 500},
		{"there is no randomness", func(_ *house, b *breakage) {
			b.random.breaks(func() error { return errors.New("no entropy for " + family) })
		}, post(chart, "X-Chaperone-Session", "visit-4"), 503},
		{"the record crashes", func(_ *house, b *breakage) { b.journal.breaks(once(crashes)) }, post(chart, inHeaders...), 500},
		{"the record is full", func(_ *house, b *breakage) { b.journal.breaks(diskFull) }, post(chart, inHeaders...), 503},
		{"the outcome cannot be recorded", func(h *house, b *breakage) {
			h.upstream.answer = h.answer(well)
			b.journal.breaks(only(audit.KindOutcome, diskFull))
		}, post(chart, inHeaders...), 200},
	}
}

// TestTheCanary sends a patient who never lived through everything that goes
// well and everything that does not, and then looks for the patient in all that
// was written: logs, metrics, errors, what reached Claude, and every byte of the
// data directory. The patient is with the client and, sealed, in the record:
// there is something that could have been found.
func TestTheCanary(t *testing.T) {
	t.Parallel()
	h, b := newBrittleHouse(t, plan{})
	rules := h.gateway.Policy()
	var good []*httptest.ResponseRecorder
	for _, c := range canaries() {
		h.upstream.answer = nil
		h.gateway.SetPolicy(rules)
		if c.breaks != nil {
			c.breaks(h, b)
		}
		w := c.send(h)
		b.journal.breaks(nil)
		b.sessions.breaks(nil)
		b.random.breaks(nil)
		b.door.breaks(nil)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d: %s", c.name, w.Code, c.status, w.Body)
		}
		switch name, data := wholeOrLast(w); {
		case name == "error":
			noTrace(t, "the error of "+c.name, data)
		case w.Code == 200:
			good = append(good, w)
		}
		noTrace(t, "a header of "+c.name, fmt.Append(nil, w.Header()))
		eventually(t, "ready again after "+c.name, func() bool { return h.log.Ready() == nil })
	}
	client(t, h)
	h.wantPatientInContent(good)
	h.keepsItsWord()
	h.shut()
	h.wantNoTraceAtRest()
}

// wholeOrLast is an answer that is an error, or the last event of a stream.
func wholeOrLast(w *httptest.ResponseRecorder) (name string, data []byte) {
	if w.Code != 200 {
		return "error", w.Body.Bytes()
	}
	_, last, _ := bytes.Cut(w.Body.Bytes(), []byte("event: error\n"))
	if last != nil {
		return "error", last
	}
	return "", nil
}

// client lets a client leave in the middle of an answer, over a real connection.
func client(t *testing.T, h *house) {
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		h.answer(opened("About {{NAME:1}}"))(w, r)
		<-r.Context().Done()
	}
	conn := h.connect(h.serve(), chart)
	until(t, conn, family)
	conn.Close()
	eventually(t, "the client that left is on the record", func() bool {
		rows := h.rows(audit.KindOutcome)
		return rows[len(rows)-1].Class == string(audit.ClientGone)
	})
}

// wantPatientInContent: what was asked and answered can be read by those who may
// open the record (AUD-02), byte for byte.
func (h *house) wantPatientInContent(good []*httptest.ResponseRecorder) {
	h.t.Helper()
	if len(good) < 4 {
		h.t.Fatalf("only %d exchanges went well", len(good))
	}
	for n, w := range good {
		full := h.shown(w)
		in, out := full.Intent.Content, full.Outcome.Content
		if string(out["delivered"]) != w.Body.String() {
			h.t.Errorf("exchange %d: what the record says was delivered is not what was", n)
		}
		for _, word := range []string{family, mrn, phone, email} {
			if !bytes.Contains(in["received"], []byte(word)) {
				h.t.Errorf("exchange %d: %q is not in what was received", n, word)
			}
		}
		noTrace(h.t, "what was sent, says the record,", in["sent"])
		noTrace(h.t, "what was answered, says the record,", out["answered"])
	}
	both := good[1].Body.String()
	for _, word := range []string{family, mrn, phone, email} {
		if !strings.Contains(spoken(both), word) {
			h.t.Errorf("the client did not get %q back: %s", word, both)
		}
	}
	full := h.shown(good[0])
	if full.Ten.Patient != mrn || !bytes.Contains(full.Intent.Content["reason"], []byte(family)) {
		h.t.Errorf("the record does not name the patient or the reason")
	}
}

// wantNoTraceAtRest looks into every byte of the data directory.
func (h *house) wantNoTraceAtRest() {
	h.t.Helper()
	var files, size int
	h.eachFile(func(name string, raw []byte) {
		files, size = files+1, size+len(raw)
		noTrace(h.t, filepath.Base(name), raw, h.key)
	})
	if files < 5 || size < 50_000 {
		h.t.Errorf("only %d files with %d bytes were looked into", files, size)
	}
}

// TestTheCanaryIdentified: where a policy lets identified text go, it is in what
// Claude gets and nowhere else.
func TestTheCanaryIdentified(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{policy: "baa-direct", agreement: policy.Agreement{
		ID: "BAA-7", Signed: start.AddDate(0, -6, 0), Expires: start.AddDate(0, 6, 0), ApprovedBy: "privacy-officer", Gates: closedGates(),
	}})
	h.upstream.answer = echo
	w := h.send("POST", "/v1/messages", ask(note, streaming), inHeaders...)
	if w.Code != 200 || spoken(w.Body.String()) != note {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if !bytes.Contains(h.upstream.last().body, []byte(family)) {
		t.Error("Claude was not sent the text as it is")
	}
	noTrace(t, "the header of the call", fmt.Append(nil, h.upstream.last().header), h.key)
	noTrace(t, "the log", []byte(h.logs.String()), h.key)
	noTrace(t, "a metric", h.metricsText(), h.key)
	h.wantResult(w, audit.OK)
	h.shut()
	h.wantNoTraceAtRest()
}
