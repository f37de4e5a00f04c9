package gateway_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/vault"
)

// crash is a panic whose value is about a patient.
func crash() { panic("index out of range in the chart of " + family + ", " + mrn) }

// crashingBody is an answer at whose end something crashes.
type crashingBody struct{ io.Reader }

func (b crashingBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil {
		crash()
	}
	return n, err
}

func (crashingBody) Close() error { return nil }

// crashingAnswer crashes behind a scripted answer.
func crashingAnswer(script string) doorFault {
	head, body, _ := strings.Cut(script, "\n\n")
	kind := "application/json"
	if strings.Contains(head, "event-stream") {
		kind = "text/event-stream"
	}
	return func(context.Context, claude.Call) (*claude.Reply, error) {
		return &claude.Reply{
			Status: 200, Header: http.Header{"Content-Type": {kind}}, Door: "claude",
			Stream: kind != "application/json", Body: crashingBody{strings.NewReader(body)},
		}, nil
	}
}

func crashes(context.Context, audit.Row) (bool, error) { crash(); return false, nil }

// crashesAt crashes when the vault's store is called so.
func crashesAt(call string) storeFault {
	return func(_ context.Context, c string, _ []vault.Item) error {
		if c == call {
			crash()
		}
		return nil
	}
}

// TestACrash: wherever it happens, the client is told in the envelope, the
// record says "panic", and what the crash was about is shown to nobody. The next
// exchange of the same session works.
func TestACrash(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		breaks func(*breakage)
		stream bool // the answer had begun
		calls  int  // that reached Claude
	}{
		"in the door": {breaks: func(b *breakage) {
			b.door.breaks(func(context.Context, claude.Call) (*claude.Reply, error) { crash(); return nil, nil })
		}},
		"in the middle of JSON":                    {breaks: func(b *breakage) { b.door.breaks(crashingAnswer(wholeAnswer("fine")[:120])) }},
		"in the middle of a stream":                {stream: true, breaks: func(b *breakage) { b.door.breaks(crashingAnswer(opened("fine"))) }},
		"while placeholders are made":              {breaks: func(b *breakage) { b.random.breaks(func() error { crash(); return nil }) }},
		"while the session is read":                {breaks: func(b *breakage) { b.sessions.breaks(crashesAt("session")) }},
		"while the session is sealed":              {breaks: func(b *breakage) { b.sessions.breaks(crashesAt("put")) }},
		"while the intent is written":              {breaks: func(b *breakage) { b.journal.breaks(once(crashes)) }},
		"while the outcome is written":             {calls: 1, breaks: func(b *breakage) { b.journal.breaks(only(audit.KindOutcome, once(crashes))) }},
		"while the outcome of a stream is written": {calls: 1, stream: true, breaks: func(b *breakage) { b.journal.breaks(only(audit.KindOutcome, once(crashes))) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, b := newBrittleHouse(t, plan{})
			body, script := ask(note), wholeAnswer("{{NAME:1}} is well.")
			if c.stream {
				body, script = ask(note, streaming), streamed("{{NAME:1}} is", " well.")
			}
			h.upstream.answer = h.answer(script)
			c.breaks(b)
			w := h.send("POST", "/v1/messages", body)
			if c.stream {
				wantCut(t, w, "panic")
			} else {
				wantError(t, w, 500, "panic")
			}
			if n := h.upstream.count(); n != c.calls {
				t.Errorf("%d calls reached Claude, want %d", n, c.calls)
			}
			full := h.wantResult(w, audit.Panicked)
			if got := full.Outcome.Facts.Outcome; got.ErrorCode != "panic" || got.Status != w.Code {
				t.Errorf("the record says %d %s", got.Status, got.ErrorCode)
			}
			if !strings.Contains(h.logs.String(), `"at":"chaperone/`) {
				t.Errorf("the log does not say where it was: %s", h.logs)
			}
			noTrace(t, "the log", []byte(h.logs.String()), "chart", "out of range")
			b.door.breaks(nil)
			b.random.breaks(nil)
			b.sessions.breaks(nil)
			if w := h.send("POST", "/v1/messages", body); w.Code != 200 || !strings.Contains(w.Body.String(), "Ludo "+family+" is") {
				t.Errorf("after the crash: %d %s", w.Code, w.Body)
			}
			h.keepsItsWord()
		})
	}
}

// TestACrashInTheRecordItself: nothing is sent, the client is told, and the
// house goes on.
func TestACrashInTheRecordItself(t *testing.T) {
	t.Parallel()
	h, b := newBrittleHouse(t, plan{settings: oneAtATime})
	h.upstream.answer = h.answer(wholeAnswer("fine"))
	b.journal.breaks(crashes)
	for range 3 { // one slot: it must be given back each time
		wantError(t, h.send("POST", "/v1/messages", ask(note)), 500, "panic")
	}
	if n := h.upstream.count(); n != 0 {
		t.Errorf("%d calls reached Claude", n)
	}
	b.journal.breaks(nil)
	if w := h.send("POST", "/v1/messages", ask(note)); w.Code != 200 {
		t.Errorf("after the crash: %d %s", w.Code, w.Body)
	}
	if !strings.Contains(string(h.metricsText()), "chaperone_in_flight 0") {
		t.Error("an exchange is counted as under way that is not")
	}
	h.keepsItsWord()
}

// TestACrashOfClaude: what crashes behind the door is the door's answer, not a
// crash of the house.
func TestACrashOfClaude(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = func(http.ResponseWriter, *http.Request) { crash() }
	w := h.send("POST", "/v1/messages", ask(note))
	wantError(t, w, 502, "door_broken")
	h.wantResult(w, audit.UpstreamError)

	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		h.answer(opened("Mr. {{NAME:1}} is"))(w, r)
		crash()
	}
	w = h.send("POST", "/v1/messages", ask(note, streaming))
	wantCut(t, w, "door_cut")
	h.wantResult(w, audit.Truncated)
	h.keepsItsWord()
}
