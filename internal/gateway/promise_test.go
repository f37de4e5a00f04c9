package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/audit/verify"
	"chaperone/internal/store"
)

// The patient of the tests on faults: nobody who ever lived, and no word that
// could stand anywhere by chance.
const (
	family = "Zyxqvarden"
	mrn    = "90817263"
	phone  = "(212) 555-0199"
	email  = "ludo.zyx@example.org"
	note   = "Patient: Mr. Ludo " + family + ", MRN: " + mrn + ", phone " + phone + ", email " + email + ". He has a cough."
)

// identifiers are what must be found nowhere but at the client and, sealed, in
// the record.
var identifiers = []string{family, strings.ToLower(family), mrn, phone, "555-0199", email}

// ask is the body of a message. settings are further members of it.
func ask(text string, settings ...string) string {
	content, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	more := strings.Join(append([]string{""}, settings...), ", ")
	return fmt.Sprintf(`{"model": "claude-sonnet-5", "max_tokens": 64%s, "messages": [{"role": "user", "content": %s}]}`, more, content)
}

const streaming = `"stream": true`

// told is an error as a client reads it.
type told struct {
	Type  string `json:"type"`
	Error struct {
		Code    int    `json:"code"`   // for Google's programs
		Status  string `json:"status"` // for Google's programs
		Type    string `json:"type"`
		Message string `json:"message"`
		Details struct {
			Code string `json:"error_code"`
		} `json:"details"`
	} `json:"error"`
	Message   string `json:"message"` // for Amazon's programs
	RequestID string `json:"request_id"`
}

// readTold reads the one envelope that errors have and fails the test if it is
// not whole, or if it holds an identifier.
func readTold(t testing.TB, id string, body []byte) told {
	t.Helper()
	var e told
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		t.Fatalf("the error is not in the envelope: %v\n%s", err, body)
	}
	if e.Type != "error" || e.Error.Type == "" || e.Error.Message == "" {
		t.Errorf("the envelope is not whole: %s", body)
	}
	if e.RequestID == "" || e.RequestID != id {
		t.Errorf("request_id is %q, the header request-id %q", e.RequestID, id)
	}
	noTrace(t, "an error", body)
	return e
}

// wantError fails the test unless w is an error of that status and code.
func wantError(t testing.TB, w *httptest.ResponseRecorder, status int, code string) told {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d", w.Code, status)
	}
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("the error has content type %q", got)
	}
	e := readTold(t, w.Header().Get("Request-Id"), w.Body.Bytes())
	if e.Error.Details.Code != code {
		t.Errorf("code %q, want %q: %s", e.Error.Details.Code, code, e.Error.Message)
	}
	return e
}

// lastEvent is the data of the last event of a stream.
func lastEvent(t testing.TB, stream string) (name string, data []byte) {
	t.Helper()
	if !strings.HasSuffix(stream, "\n\n") {
		t.Errorf("the stream ends in the middle of an event: %q", stream)
	}
	events := strings.Split(strings.Trim(stream, "\n"), "\n\n")
	n, d, ok := strings.Cut(strings.TrimLeft(events[len(events)-1], "\n"), "\n")
	if !ok {
		t.Fatalf("the stream has no last event: %q", stream)
	}
	return strings.TrimPrefix(n, "event: "), []byte(strings.TrimPrefix(d, "data: "))
}

// wantCut fails the test unless w is a stream that ends with an error of that
// code.
func wantCut(t testing.TB, w *httptest.ResponseRecorder, code string) {
	t.Helper()
	name, data := lastEvent(t, w.Body.String())
	if name != "error" {
		t.Fatalf("the stream ends with %q:\n%s", name, w.Body)
	}
	if e := readTold(t, w.Header().Get("Request-Id"), data); e.Error.Details.Code != code {
		t.Errorf("the stream ends with code %q, want %q", e.Error.Details.Code, code)
	}
	if strings.Contains(w.Body.String(), "message_stop") {
		t.Error("the end of the answer was released")
	}
}

// noTrace fails the test if text holds an identifier. It does not show it.
func noTrace(t testing.TB, what string, text []byte, more ...string) {
	t.Helper()
	for _, word := range append(more, identifiers...) {
		if at := bytes.Index(text, []byte(word)); at >= 0 {
			t.Errorf("%s holds identifier %q at byte %d", what, word, at)
		}
	}
}

// metricsText is what a scraper reads.
func (h *house) metricsText() []byte {
	w := httptest.NewRecorder()
	h.metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.Bytes()
}

// wantResult fails the test unless the record says that the exchange of w ended so.
func (h *house) wantResult(w *httptest.ResponseRecorder, want audit.Result) *audit.Full {
	h.t.Helper()
	full := h.shown(w)
	if full.Outcome == nil {
		h.t.Fatalf("the record does not say how the exchange ended")
	}
	if got := full.Outcome.Facts.Outcome.Result; got != want {
		h.t.Errorf("the record says %q, want %q", got, want)
	}
	return full
}

// rows are the records of a kind.
func (h *house) rows(kind audit.Kind) []audit.Row {
	h.t.Helper()
	list, err := h.store.Journal.Find(context.Background(), audit.Match{Kind: kind, Limit: 1000})
	must(h.t, err)
	return list
}

// unsettled says what is wrong with the ends of exchanges; nil if every intent
// has exactly one.
func (h *house) unsettled() error {
	ends := map[audit.ID]int{}
	for _, o := range h.rows(audit.KindOutcome) {
		ends[o.About]++
	}
	intents := h.rows(audit.KindIntent)
	for _, i := range intents {
		if ends[i.ID] != 1 {
			return fmt.Errorf("the intent at %d has %d outcomes", i.Seq, ends[i.ID])
		}
	}
	if len(ends) != len(intents) {
		return errors.New("there is an outcome without an intent")
	}
	return nil
}

// keepsItsWord checks what holds at the end of every test, whatever happened:
// each intent has one outcome, and no identifier went to Claude, to the log or
// into a metric.
func (h *house) keepsItsWord() {
	h.t.Helper()
	eventually(h.t, "every intent has exactly one outcome", func() bool { return h.unsettled() == nil })
	noTrace(h.t, "the log", []byte(h.logs.String()), h.key)
	noTrace(h.t, "a metric", h.metricsText(), h.key, `"other"`) // every label is a word of its list
	h.upstream.mu.Lock()
	defer h.upstream.mu.Unlock()
	for n, c := range h.upstream.calls {
		noTrace(h.t, fmt.Sprintf("call %d", n), c.body, h.key)
		noTrace(h.t, fmt.Sprintf("the header of call %d", n), fmt.Append(nil, c.path, c.header), h.key)
	}
}

// verifies shuts the house and has its record checked from outside.
func (h *house) verifies() {
	h.t.Helper()
	h.shut()
	ctx := context.Background()
	j, err := store.LookJournal(ctx, h.dir)
	must(h.t, err)
	defer j.Close()
	tree := store.TreeDir(h.dir)
	key, err := os.ReadFile(filepath.Join(tree, audit.PublicKeyFile))
	must(h.t, err)
	report, err := verify.Check(ctx, verify.Input{Rows: j.All(ctx), Tree: os.DirFS(tree), Key: strings.TrimSpace(string(key))})
	must(h.t, err)
	if !report.OK() || report.Verified != report.Records || report.Open != 0 {
		h.t.Errorf("the record does not verify: %+v", report)
	}
}

// eachFile yields every file of the data directory, raw.
func (h *house) eachFile(f func(name string, raw []byte)) {
	h.t.Helper()
	must(h.t, filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		f(path, raw)
		return err
	}))
}

// eventually waits for what another goroutine will bring about.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatalf("never: %s", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
