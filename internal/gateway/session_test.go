package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"chaperone/internal/gateway"
	"chaperone/internal/identity"
	"chaperone/internal/vault"
)

func readJSON(r io.Reader, into any) {
	if err := json.NewDecoder(r).Decode(into); err != nil {
		panic(err)
	}
}

// says sends a text and yields what Claude saw of it.
func (h *house) says(text string, header ...string) string {
	h.t.Helper()
	if w := h.send("POST", "/v1/messages", ask(text, streaming), header...); w.Code != 200 || spoken(w.Body.String()) != text {
		h.t.Fatalf("%q came back as %d %q", text, w.Code, spoken(w.Body.String()))
	}
	return string(h.upstream.last().body)
}

// TestASessionEnds: as long as it is used, a value keeps its placeholder; once it
// has been left alone for its time, the same value meets another one, and the
// old one means nothing.
func TestASessionEnds(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{settings: gateway.Settings{Session: time.Hour}})
	h.upstream.answer = echo
	first := h.says(note)
	for range 4 {
		h.clock.Add(50 * time.Minute)
		if h.says(note) != first {
			t.Fatal("a session in use lost its placeholders")
		}
	}
	must(t, h.gateway.Sweep(context.Background()))
	if h.says(note) != first {
		t.Error("sweeping ended a session in use")
	}
	h.clock.Add(61 * time.Minute)
	later := h.says(note)
	if later == first || nth(later, "NAME", "1") == nth(first, "NAME", "1") {
		t.Error("a session that was left alone kept its placeholders")
	}
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		_, events, _ := strings.Cut(streamed("About "+nth(first, "NAME", "1")), "\n\n")
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, events)
	}
	w := h.send("POST", "/v1/messages", ask(note, streaming))
	if got := spoken(w.Body.String()); got != "About "+nth(first, "NAME", "1") {
		t.Errorf("a placeholder of a session that has ended became %q", got)
	}
	h.keepsItsWord()
}

// TestWhatIsInUseIsInTheVault: at any time a restart finds every placeholder that
// was sent, also where a session outlived the time it was last sealed for.
func TestWhatIsInUseIsInTheVault(t *testing.T) {
	t.Parallel()
	const idle = 80 * time.Minute
	h := newHouse(t, plan{settings: gateway.Settings{Session: idle}})
	h.upstream.answer = echo
	h.says(note)
	h.clock.Add(idle/8 - time.Minute) // too soon for the expiry at rest to be moved on
	h.says(note)
	h.clock.Add(idle - 2*time.Minute) // past the expiry at rest, not idle for that long
	before := h.says(note)
	h.shut()
	h.open()
	if h.says(note) != before {
		t.Error("what Claude had been sent could not be restored after a restart")
	}
	h.keepsItsWord()
}

// TestARestartKeepsPlaceholders: what a session knew, it knows after the house
// was closed and opened again, named or not.
func TestARestartKeepsPlaceholders(t *testing.T) {
	t.Parallel()
	for name, header := range map[string][]string{
		"of a session with a name":    {"X-Chaperone-Session", "visit-1"},
		"of a session of Claude Code": {"X-Claude-Code-Session-Id", "7c9e6679-7425-40de-944b-e07fc1f90ae7"},
		"of a session without a name": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, plan{})
			h.upstream.answer = echo
			before := h.says(note, header...)
			h.shut()
			h.open()
			if after := h.says(note, header...); after != before {
				t.Errorf("before:\n%s\nafter:\n%s", before, after)
			}
			h.keepsItsWord()
			h.verifies()
		})
	}
}

// TestARestartKeepsTheTimeline: Day 0 is sealed with the placeholders, so that a
// date has the same day after the house was closed and opened again.
func TestARestartKeepsTheTimeline(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = echo
	if first := h.says("Admitted 2026-03-15."); !strings.Contains(first, "(Day 0)") {
		t.Fatalf("the first date went as %q", first)
	}
	h.shut()
	h.open()
	if later := h.says("Surgery on 2026-03-29."); !strings.Contains(later, "(Day 14)") {
		t.Errorf("after the restart a date went as %q", later)
	}
	h.keepsItsWord()
}

// TestSessionsAreNotShared: who stands in the session of another by its name
// stands in one of their own: placeholders differ, and those of the other are
// not resolved.
func TestSessionsAreNotShared(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = echo
	mine := h.says(note, "X-Chaperone-Session", "visit-1")
	placeholder := nth(mine, "NAME", "1")
	for name, header := range map[string][]string{
		"another person's key, the same name": {"X-Chaperone-Session", "visit-1", "X-Api-Key", h.issue(identity.KeySpec{Owner: "other", Role: h.plan.role}).key},
		"the same key, another name":          {"X-Chaperone-Session", "visit-2"},
		"the same key, no name":               nil,
		"another key of theirs, no name":      {"X-Api-Key", h.issue(identity.KeySpec{Owner: "test-client", Role: h.plan.role}).key},
	} {
		theirs := h.says(note, header...)
		if nth(theirs, "NAME", "1") == placeholder || nth(theirs, "RECORD", "1") == nth(mine, "RECORD", "1") {
			t.Errorf("%s: placeholders are shared", name)
		}
		h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
			_, events, _ := strings.Cut(streamed("About "+placeholder), "\n\n")
			w.Header().Set("Content-Type", "text/event-stream")
			io.WriteString(w, events)
		}
		w := h.send("POST", "/v1/messages", ask(note, streaming), header...)
		if got := spoken(w.Body.String()); got != "About "+placeholder {
			t.Errorf("%s: the placeholder of another became %q", name, got)
		}
		h.upstream.answer = echo
	}
	h.keepsItsWord()
}

// TestPlaceholdersThatWereTyped: they come back as they were typed, whoever they
// belong to and however they are written; Claude never sees them as they stand.
func TestPlaceholdersThatWereTyped(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = echo
	other := nth(h.says(note, "X-Chaperone-Session", "visit-2"), "NAME", "1")
	own := nth(h.says(note), "NAME", "1")
	for name, typed := range map[string]string{
		"of this session":              own,
		"of another session":           other,
		"in lower case":                strings.ToLower(own),
		"with another hyphen":          strings.Replace(own, "-", "\u2011", 1),
		"as in a URL":                  strings.Replace(own, "-", "%2D", 1),
		"of this session, two at once": own + " and " + own,
	} {
		text := "Who is " + typed + "?"
		if seen := h.says(text); strings.Contains(seen, own) || strings.Contains(seen, other) {
			t.Errorf("%s: Claude saw %s", name, seen)
		}
	}
	h.keepsItsWord()
}

// TestOneWhoLeavesDoesNotTakeTheSessionAlong: two exchanges wait for the same
// session to be read; the one whose turn it was leaves, the other is served. It
// does not run beside other tests, because it looks at who waits.
func TestOneWhoLeavesDoesNotTakeTheSessionAlong(t *testing.T) {
	h, b := newBrittleHouse(t, plan{})
	h.upstream.answer = echo
	reading, gate := make(chan struct{}, 8), make(chan struct{})
	b.sessions.breaks(func(ctx context.Context, call string, _ []vault.Item) error {
		if call == "session" {
			reading <- struct{}{}
			select {
			case <-gate:
			case <-ctx.Done():
			}
		}
		return ctx.Err()
	})
	ctx, leave := context.WithCancel(context.Background())
	answers := make(chan *httptest.ResponseRecorder, 2)
	go func() {
		answers <- h.do(h.request("POST", "/v1/messages", ask(note, streaming)).WithContext(ctx))
	}()
	<-reading
	stayed := make(chan *httptest.ResponseRecorder)
	go func() { stayed <- h.send("POST", "/v1/messages", ask(note, streaming)) }()
	eventually(t, "the other waits", func() bool {
		return slices.ContainsFunc(running(), func(stack string) bool {
			return strings.Contains(stack, ".take") && !strings.Contains(stack, ".load")
		})
	})
	leave()
	close(gate)
	if w := <-stayed; w.Code != 200 || spoken(w.Body.String()) != note {
		t.Errorf("the one who stayed: %d %s", w.Code, w.Body)
	}
	<-answers
	h.keepsItsWord()
}

func TestSessionsInMemoryAreBoundedAndComeBack(t *testing.T) {
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer("200\nContent-Type: application/json\n\n{\"type\":\"message\",\"content\":[]}")
	const body = `{"model":"claude-sonnet-5","max_tokens":9,"messages":[{"role":"user","content":"Mr. John Smith coughs."}]}`
	first := h.send(http.MethodPost, "/v1/messages", body, "X-Chaperone-Session", "first")
	before := string(h.upstream.last().body)
	for n := range 600 {
		h.send(http.MethodPost, "/v1/messages", `{"model":"claude-sonnet-5","max_tokens":9,"messages":[{"role":"user","content":"Hello."}]}`,
			"X-Chaperone-Session", fmt.Sprint("other-", n))
	}
	again := h.send(http.MethodPost, "/v1/messages", body, "X-Chaperone-Session", "first")
	if first.Code != http.StatusOK || again.Code != http.StatusOK {
		t.Fatalf("answered %d and %d", first.Code, again.Code)
	}
	if after := string(h.upstream.last().body); after != before {
		t.Errorf("a session that was put out of memory came back with other placeholders:\n%s\n%s", before, after)
	}
}
