package gateway_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"chaperone/internal/audit"
	"chaperone/internal/gateway"
)

var oneAtATime = gateway.Settings{Concurrency: 1}

// TestMoreRequestsThanMayBeServed: the one too many is told to come back, nothing
// of it is read or sent, and those under way are not harmed.
func TestMoreRequestsThanMayBeServed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{settings: oneAtATime})
	begun, gate := make(chan struct{}), make(chan struct{})
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-gate
		h.answer(wholeAnswer("{{NAME:1}} is well."))(w, r)
	}
	first := make(chan *httptest.ResponseRecorder)
	go func() { first <- h.send("POST", "/v1/messages", ask(note)) }()
	<-begun
	w := h.send("POST", "/v1/messages", ask(note))
	if e := wantError(t, w, 529, "busy"); e.Error.Type != "overloaded_error" || w.Header().Get("Retry-After") == "" {
		t.Errorf("type %s, Retry-After %q", e.Error.Type, w.Header().Get("Retry-After"))
	}
	if n := h.upstream.count(); n != 1 {
		t.Errorf("%d calls reached Claude", n)
	}
	close(gate)
	if w := <-first; w.Code != 200 || !strings.Contains(w.Body.String(), family) {
		t.Errorf("the first: %d %s", w.Code, w.Body)
	}
	h.upstream.answer = h.answer(wholeAnswer("{{NAME:1}} is well."))
	if w := h.send("POST", "/v1/messages", ask(note)); w.Code != 200 {
		t.Errorf("the next: %d %s", w.Code, w.Body)
	}
	h.keepsItsWord()
}

// echo answers with the text it was sent, streamed in pieces of a few bytes, so
// that every placeholder is cut.
func echo(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Messages []struct{ Content string }
	}
	readJSON(r.Body, &body)
	text := body.Messages[len(body.Messages)-1].Content
	var pieces []string
	for len(text) > 5 {
		pieces, text = append(pieces, text[:5]), text[5:]
	}
	_, events, _ := strings.Cut(streamed(append(pieces, text)...), "\n\n")
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, events)
}

// spoken joins the text of a stream.
func spoken(stream string) string {
	var b strings.Builder
	for _, line := range strings.Split(stream, "\n") {
		var e struct{ Delta struct{ Text string } }
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			readJSON(strings.NewReader(data), &e)
			b.WriteString(e.Delta.Text)
		}
	}
	return b.String()
}

// TestManyExchangesOfOneSessionAtOnce: the same value meets the same placeholder
// in all of them, each client gets its own text back and nobody else's, and each
// exchange has its record.
func TestManyExchangesOfOneSessionAtOnce(t *testing.T) {
	t.Parallel()
	const many = 64
	h := newHouse(t, plan{})
	h.upstream.answer = echo
	var all sync.WaitGroup
	for n := range many {
		all.Go(func() {
			own := fmt.Sprintf("(541) 555-%04d", 1000+n)
			text := note + " His brother's phone: " + own + "."
			w := h.send("POST", "/v1/messages", ask(text, streaming), "X-Chaperone-Session", "visit-1")
			if got := spoken(w.Body.String()); w.Code != 200 || got != text {
				t.Errorf("exchange %d: %d, got back %q of %s", n, w.Code, got, w.Body)
			}
		})
	}
	all.Wait()
	for _, word := range []string{"NAME", "RECORD"} {
		met := map[string]bool{}
		for _, c := range h.upstream.calls {
			met[nth(string(c.body), word, "1")] = true
		}
		if len(met) != 1 || met[nth("", word, "1")] {
			t.Errorf("the one %s met %d placeholders", word, len(met))
		}
	}
	phones := map[string]bool{}
	for _, c := range h.upstream.calls {
		noTrace(t, "a call", c.body, "(541) 555-")
		phones[nth(string(c.body), "PHONE", "2")] = true
	}
	if len(phones) != many {
		t.Errorf("%d people have %d numbers", many, len(phones))
	}
	if n := len(h.rows(audit.KindIntent)); n != many || h.upstream.count() != many {
		t.Errorf("%d intents and %d calls for %d exchanges", n, h.upstream.count(), many)
	}
	h.keepsItsWord()
	h.verifies()
}

// TestManySessionsAtOnce: no two sessions share a placeholder, and none restores
// what is another's.
func TestManySessionsAtOnce(t *testing.T) {
	t.Parallel()
	const many = 32
	h := newHouse(t, plan{})
	h.upstream.answer = echo
	var all sync.WaitGroup
	for n := range many {
		all.Go(func() {
			w := h.send("POST", "/v1/messages", ask(note, streaming), "X-Chaperone-Session", fmt.Sprint("visit-", n))
			if got := spoken(w.Body.String()); got != note {
				t.Errorf("session %d got back %q", n, got)
			}
		})
	}
	all.Wait()
	met := map[string]bool{}
	for _, c := range h.upstream.calls {
		met[nth(string(c.body), "NAME", "1")] = true
	}
	if len(met) != many {
		t.Errorf("%d sessions used %d placeholders for one name", many, len(met))
	}
	h.keepsItsWord()
}
