package gateway_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/identity"
)

// TestRequestsThatCannotBeUnderstood: whatever comes in, the client gets its
// status in the one envelope, Claude gets nothing, and the record says that it
// was refused (AUD-02, AUD-03).
func TestRequestsThatCannotBeUnderstood(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = func(http.ResponseWriter, *http.Request) { t.Error("something was sent on") }
	for _, c := range badBodies() {
		t.Run(c.name, func(t *testing.T) {
			r := h.request("POST", "/v1/messages", c.body, c.header...)
			if c.unknownLength {
				r.ContentLength = -1
			}
			w := h.do(r)
			wantError(t, w, c.status, c.code)
			full := h.wantResult(w, audit.RefusedResult)
			if got := full.Outcome.Facts.Outcome; got.Status != c.status || got.ErrorCode != c.code {
				t.Errorf("the record says %d %s", got.Status, got.ErrorCode)
			}
		})
	}
	if n := h.upstream.count(); n != 0 {
		t.Errorf("%d calls reached Claude", n)
	}
	h.keepsItsWord()
}

type badBody struct {
	name, body    string
	header        []string
	unknownLength bool
	status        int
	code          string
}

func badBodies() []badBody {
	whole := ask(note)
	big := `{"messages": "` + strings.Repeat("x", 33<<20) + `"}`
	bomb := zipped(strings.Repeat(" ", 64<<20))
	gz := []string{"Content-Encoding", "gzip"}
	return []badBody{
		{name: "no body at all", body: "", status: 400, code: "request_body_empty"},
		{name: "malformed", body: strings.Replace(whole, ":", "=", 1), status: 400, code: "invalid_json"},
		{name: "not JSON but a note", body: note, status: 400, code: "invalid_json"},
		{name: "truncated in a text", body: whole[:len(whole)-40], status: 400, code: "truncated_json"},
		{name: "truncated before the last brace", body: whole[:len(whole)-1], status: 400, code: "truncated_json"},
		{name: "two requests in one", body: whole + whole, status: 400, code: "trailing_data"},
		{name: "an array", body: "[" + whole + "]", status: 400, code: "invalid_request"},
		{name: "without messages", body: `{"model": "claude-sonnet-5", "text": "` + note + `"}`, status: 400, code: "invalid_request"},
		{
			name: "deeply nested", status: 400, code: "too_deep",
			body: `{"messages": ` + strings.Repeat("[", 600) + `"` + family + `"` + strings.Repeat("]", 600) + "}",
		},
		{name: "unending nesting", body: strings.Repeat(`{"a":`, 1<<20), status: 400, code: "too_deep"},
		{name: "a duplicate key", body: `{"` + family + `": 1, "` + family + `": 2, "messages": []}`, status: 400, code: "duplicate_key"},
		{name: "the messages twice", body: strings.Replace(whole, `"max_tokens"`, `"messages": [], "max_tokens"`, 1), status: 400, code: "duplicate_key"},
		{name: "NaN", body: ask(note, `"temperature": NaN`), status: 400, code: "invalid_json"},
		{name: "Infinity", body: ask(note, `"temperature": -Infinity`), status: 400, code: "invalid_json"},
		{name: "invalid UTF-8", body: ask(family + "\x01")[:80] + "\xff\xfe" + `"}]}`, status: 400, code: "invalid_utf8"},
		{name: "a lone surrogate", body: strings.Replace(whole, "cough", `\ud83d cough`, 1), status: 400, code: "lone_surrogate"},
		{name: "a control character", body: strings.Replace(whole, "cough", "\x00cough", 1), status: 400, code: "control_character"},
		{name: "an unknown block", body: `{"model": "m", "messages": [{"role": "user", "content": [{"type": "a ` + family + `", "text": "x"}]}]}`, status: 400, code: "unknown_block"},
		{name: "33 MB", body: big, status: 413, code: "request_too_large"},
		{name: "33 MB of unknown length", body: big, unknownLength: true, status: 413, code: "request_too_large"},
		{name: "a gzip bomb", body: bomb, header: gz, status: 413, code: "request_body_too_large_after_decoding"},
		{name: "a gzip bomb in a gzip", body: zipped(bomb), header: []string{"Content-Encoding", "gzip, gzip"}, status: 413, code: "request_body_too_large_after_decoding"},
		{name: "not the gzip it says", body: whole, header: gz, status: 400, code: "request_body_encoding_invalid"},
		{name: "half a gzip", body: zipped(whole)[:60], header: gz, status: 400, code: "request_body_encoding_invalid"},
		{name: "an unknown encoding", body: whole, header: []string{"Content-Encoding", family}, status: 415, code: "request_body_encoding_unsupported"},
		{name: "four encodings", body: whole, header: []string{"Content-Encoding", "gzip, gzip, gzip, gzip"}, status: 415, code: "request_body_encoding_unsupported"},
	}
}

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

// TestAWordOfARequestInAnError: the client is told which block type is not known,
// so that it can act on it; the log is not.
func TestAWordOfARequestInAnError(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	w := h.send("POST", "/v1/messages", `{"messages": [{"role": "user", "content": [{"type": "ludos_chart"}]}]}`)
	if e := wantError(t, w, 400, "unknown_block"); !strings.Contains(e.Error.Message, "ludos_chart") {
		t.Errorf("the client is not told which block: %s", e.Error.Message)
	}
	noTrace(t, "the log", []byte(h.logs.String()), "ludos_chart")
	h.keepsItsWord()
}

// TestABodyThatBreaksOff: what did not arrive whole is not sent on.
func TestABodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	r := h.request("POST", "/v1/messages", "")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(ask(note)[:100]), failing{io.ErrUnexpectedEOF}))
	r.ContentLength = 1000
	w := h.do(r)
	wantError(t, w, 400, "request_body_incomplete")
	h.wantResult(w, audit.RefusedResult)
	if h.upstream.count() != 0 {
		t.Error("something was sent on")
	}
	h.keepsItsWord()
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestHeadersThatDoNotHaveTheirForm: each is refused by name, its value is
// repeated nowhere, and nothing is sent.
func TestHeadersThatDoNotHaveTheirForm(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = func(http.ResponseWriter, *http.Request) { t.Error("something was sent on") }
	for _, c := range []struct {
		name   string
		header []string
		status int
		code   string
	}{
		{"no version", []string{"Anthropic-Version", ""}, 400, "version_missing"},
		{"an unknown version", []string{"Anthropic-Version", "2019-01-01"}, 400, "version_unknown"},
		{"a version that is a name", []string{"Anthropic-Version", family}, 400, "version_unknown"},
		{"a beta that is a text", []string{"Anthropic-Beta", "for Mr. " + family}, 400, "beta_malformed"},
		{"a session that is a text", []string{"X-Chaperone-Session", "visit of " + family}, 400, "session_malformed"},
		{"a session that is too long", []string{"X-Chaperone-Session", strings.Repeat("s", 129)}, 400, "session_malformed"},
		{"a purpose that is none", []string{"X-Chaperone-Purpose", "curiosity about " + family}, 400, "header_malformed"},
		{"a patient that is a text", []string{"X-Chaperone-Patient", "Ludo " + family}, 400, "header_malformed"},
		{"a patient that is too long", []string{"X-Chaperone-Patient", strings.Repeat("9", 129)}, 400, "header_malformed"},
		{"a reason that is too long", []string{"X-Chaperone-Reason", family + strings.Repeat(" and so on", 200)}, 400, "header_malformed"},
		{"a relation that is none", []string{"X-Chaperone-Relation", "neighbour"}, 400, "header_malformed"},
		{"a care team that is claimed", []string{"X-Chaperone-Relation", "care-team"}, 400, "header_malformed"},
		{"data that are neither", []string{"X-Chaperone-Data", "SYNTHETIC"}, 400, "header_malformed"},
		{"a roster that is a text", []string{"X-Chaperone-Roster", "Ludo " + family}, 400, "header_malformed"},
		{"a roster with a field that is none", []string{"X-Chaperone-Roster", "eyJuYW1lIjoiTHVkbyJ9"}, 400, "header_malformed"},
		{"a door that does not exist", []string{"X-Chaperone-Door", family}, 404, "unknown_door"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := h.send("POST", "/v1/messages", ask(note), c.header...)
			e := wantError(t, w, c.status, c.code)
			if c.code == "header_malformed" && !strings.Contains(e.Error.Message, c.header[0]) {
				t.Errorf("the words do not name the header: %s", e.Error.Message)
			}
			h.wantResult(w, audit.RefusedResult)
		})
	}
	t.Run("two different versions", func(t *testing.T) {
		r := h.request("POST", "/v1/messages", ask(note))
		r.Header.Add("Anthropic-Version", "2026-10-21")
		wantError(t, h.do(r), 400, "version_unknown")
	})
	h.keepsItsWord()
}

// TestPathsAndMethodsThatAreNotServed: the envelope stands on every path, and
// nothing is recorded where nobody was admitted.
func TestPathsAndMethodsThatAreNotServed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	for _, c := range []struct {
		method, target string
		status         int
		code, allow    string
	}{
		{"GET", "/v1/messages", 405, "method_not_allowed", "POST"},
		{"HEAD", "/v1/messages", 405, "method_not_allowed", "POST"},
		{"PUT", "/v1/messages/count_tokens", 405, "method_not_allowed", "POST"},
		{"DELETE", "/v1/models/claude-sonnet-5", 405, "method_not_allowed", "GET"},
		{"POST", "/v1/models", 405, "method_not_allowed", "GET"},
		{"POST", "/readyz", 405, "method_not_allowed", "GET"},
		{"GET", "/model/anthropic.claude-sonnet-5/invoke", 405, "method_not_allowed", "POST"},
		{"PUT", "/anthropic/v1/messages", 405, "method_not_allowed", "POST"},
		{"GET", "/v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict", 405, "method_not_allowed", "POST"},
		{"POST", "/inference-profiles", 405, "method_not_allowed", "GET"},
		{"POST", "/model/anthropic.claude-sonnet-5/converse", 404, "not_offered", ""},
		{"POST", "/model/" + family + "/" + mrn, 404, "not_offered", ""},
		{"POST", "/v1/projects/p/locations/l/publishers/google/models/gemini:rawPredict", 404, "not_offered", ""},
		{"POST", "/anthropic/v1/complete", 404, "not_offered", ""},
		{"GET", "/inference-profiles/x", 404, "not_offered", ""},
		{"PUT", "/v1/messages/batches", 405, "method_not_allowed", "GET, POST"},
		{"PUT", "/v1/messages/batches/msgbatch_1", 405, "method_not_allowed", "GET, DELETE"},
		{"GET", "/v1/messages/batches/msgbatch_1/cancel", 405, "method_not_allowed", "POST"},
		{"POST", "/v1/messages/batches/msgbatch_1/results", 405, "method_not_allowed", "GET"},
		{"GET", "/v1/messages/batches/msgbatch_1/more", 404, "not_offered", ""},
		{"GET", "/v1/messages/batchesandmore", 404, "not_offered", ""},
		{"PUT", "/v1/files", 405, "method_not_allowed", "GET, POST"},
		{"POST", "/v1/files/file_1/content", 405, "method_not_allowed", "GET"},
		{"GET", "/v1/files/", 404, "not_offered", ""},
		{"POST", "/v1/complete", 404, "not_offered", ""},
		{"GET", "/v1/organizations/usage_report/" + mrn, 404, "not_offered", ""},
		{"GET", "/patients/" + family, 404, "not_offered", ""},
		{"POST", "/", 404, "not_offered", ""},
		{"GET", "/", 404, "not_offered", ""},
		{"POST", "//v1/messages", 404, "not_offered", ""},
		{"POST", "/v1/./messages", 404, "not_offered", ""},
		{"POST", "/" + family + "/../v1/messages", 404, "not_offered", ""},
		{"POST", "/v1/messages/", 404, "not_offered", ""},
		{"GET", "/v1/models/", 404, "not_offered", ""},
		{"OPTIONS", "*", 404, "not_offered", ""},
	} {
		t.Run(c.method+" "+c.target, func(t *testing.T) {
			w := h.send(c.method, c.target, ask(note))
			wantError(t, w, c.status, c.code)
			if got := w.Header().Get("Allow"); got != c.allow {
				t.Errorf("Allow: %q, want %q", got, c.allow)
			}
		})
	}
	if n := len(h.rows(audit.KindIntent)) + h.upstream.count(); n != 0 {
		t.Errorf("%d records or calls", n)
	}
	h.keepsItsWord()
}

// TestAModelIDThatIsNone: a path is no place for a text either.
func TestAModelIDThatIsNone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	for _, id := range []string{"Mr.%20" + family, "a%2Fb", "...", strings.Repeat("m", 129), "%00"} {
		w := h.send("GET", "/v1/models/"+id, "")
		wantError(t, w, 404, "model_unknown")
		h.wantResult(w, audit.RefusedResult)
	}
	w := h.send("GET", "/v1/models?after_id=Mr.%20"+family, "")
	wantError(t, w, 400, "query_malformed")
	if h.upstream.count() != 0 {
		t.Error("something was sent on")
	}
	h.keepsItsWord()
}

// TestCredentialsThatDoNotCount: a stranger learns nothing of why, nothing is
// sent, and the attempt is on the record with the address it came from (IAM-09).
func TestCredentialsThatDoNotCount(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = func(http.ResponseWriter, *http.Request) { t.Error("something was sent on") }
	ctx := context.Background()
	revoked := h.issue(identity.KeySpec{Owner: "leaver", Role: h.plan.role})
	must(t, h.identity.RevokeKey(ctx, "clinic", revoked.keyID))
	expired := h.issue(identity.KeySpec{Owner: "locum", Role: h.plan.role, Expires: h.clock.Now().Add(time.Hour)})
	inside := h.issue(identity.KeySpec{Owner: "ward", Role: h.plan.role, CIDRs: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}})
	h.clock.Add(2 * time.Hour)
	for _, c := range []struct {
		name   string
		header []string
		status int
		code   string
		why    string // the subject of the note
	}{
		{"none", []string{"X-Api-Key", ""}, 401, "no_credential", "missing"},
		{"one that is no key", []string{"X-Api-Key", "sk-ant-" + family}, 401, "credential_not_valid", "form"},
		{"a password", []string{"X-Api-Key", "", "Authorization", "Basic " + family}, 401, "credential_not_valid", "form"},
		{"two that differ", []string{"Authorization", "Bearer " + inside.key}, 401, "two_credentials", "two"},
		{"a revoked key", []string{"X-Api-Key", revoked.key}, 401, "credential_not_valid", "revoked:" + revoked.keyID},
		{"an expired key", []string{"X-Api-Key", expired.key}, 401, "credential_not_valid", "expired:" + expired.keyID},
		{"a key with a wrong secret", []string{"X-Api-Key", h.key[:len(h.key)-1] + "~"}, 401, "credential_not_valid", "form"},
		{"a key from another network", []string{"X-Api-Key", inside.key}, 403, "address_not_allowed", "address:" + inside.keyID},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(h.rows(audit.KindNote))
			w := h.send("POST", "/v1/messages", ask(note), c.header...)
			wantError(t, w, c.status, c.code)
			notes := h.rows(audit.KindNote)
			if len(notes) != before+1 {
				t.Fatalf("%d notes were made of the attempt", len(notes)-before)
			}
			full, err := h.log.Show(ctx, strconv.FormatUint(notes[before].Seq, 10))
			must(t, err)
			if got := full.Note.Facts.Note; got.Event != audit.AccessDenied || got.Subject != c.why || full.Ten.Address != "192.0.2.7" {
				t.Errorf("the note says %+v from %s", got, full.Ten.Address)
			}
		})
	}
	if !strings.Contains(string(h.metricsText()), `chaperone_authentications_total{result="refused"} 8`) {
		t.Error("the attempts were not counted")
	}
	t.Run("and the same key twice does", func(t *testing.T) {
		h.upstream.answer = h.answer(wholeAnswer("fine"))
		if w := h.send("POST", "/v1/messages", ask(note), "Authorization", "Bearer "+h.key); w.Code != 200 {
			t.Errorf("status %d", w.Code)
		}
	})
	h.keepsItsWord()
}

// wholeAnswer is a scripted answer that is one JSON value.
func wholeAnswer(text string) string {
	return "200\nContent-Type: application/json\nRequest-Id: req_up\n\n" +
		`{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"` + text +
		`"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":15}}` + "\n"
}
