package gateway_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/vault"
)

// vaultFull refuses whatever is put into the vault.
func vaultFull(_ context.Context, call string, _ []vault.Item) error {
	if call == "put" {
		return errDisk
	}
	return nil
}

// TestWhatMustBeThereBeforeAnythingIsSent: without it the client gets 503, not
// a byte goes to Claude, and the record says that the house failed. When it is
// back, the same request works.
func TestWhatMustBeThereBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		breaks func(*breakage)
		code   string
	}{
		"the vault does not take the placeholders": {func(b *breakage) { b.sessions.breaks(vaultFull) }, "vault_unavailable"},
		"the vault cannot be read": {func(b *breakage) {
			b.sessions.breaks(func(context.Context, string, []vault.Item) error { return errDisk })
		}, "vault_unavailable"},
		"the vault hangs": {func(b *breakage) {
			b.sessions.breaks(func(ctx context.Context, _ string, _ []vault.Item) error { <-ctx.Done(); return ctx.Err() })
		}, "vault_unavailable"},
		"there is no randomness": {func(b *breakage) {
			b.random.breaks(func() error { return errors.New("no entropy for " + family) })
		}, "no_randomness"},
		"there is randomness for one placeholder only": {func(b *breakage) {
			left := 6
			b.random.breaks(func() error {
				if left--; left < 0 {
					return errors.New("no entropy for " + family)
				}
				return nil
			})
		}, "no_randomness"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, b := newBrittleHouse(t, plan{})
			h.upstream.answer = h.answer(wholeAnswer("{{NAME:1}} is well."))
			c.breaks(b)
			w := h.send("POST", "/v1/messages", ask(note))
			wantError(t, w, 503, c.code)
			if n := h.upstream.count(); n != 0 {
				t.Fatalf("%d calls reached Claude", n)
			}
			full := h.wantResult(w, audit.Failed)
			if _, sent := full.Intent.Content["sent"]; sent || full.Intent.Class != string(audit.Refused) {
				t.Errorf("the record says that something was sent: %s", full.Intent.Class)
			}
			b.sessions.breaks(nil)
			b.random.breaks(nil)
			if w := h.send("POST", "/v1/messages", ask(note)); w.Code != 200 || !strings.Contains(w.Body.String(), family+" is well.") {
				t.Errorf("after the fault: %d %s", w.Code, w.Body)
			}
			h.keepsItsWord()
		})
	}
}

// TestThinkingThatCannotBeRemembered: an answer whose thinking could not be
// replayed later is not finished.
func TestThinkingThatCannotBeRemembered(t *testing.T) {
	t.Parallel()
	h, b := newBrittleHouse(t, plan{})
	h.upstream.answer = h.answer("200\nContent-Type: application/json\n\n" +
		`{"id":"msg_01","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"About {{NAME:1}}.","signature":"c2lnbmVkIG92ZXIgdGhpcyB0ZXh0"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":15}}` + "\n")
	b.sessions.breaks(func(_ context.Context, call string, items []vault.Item) error {
		if call == "put" && len(items) > 0 && items[0].Space == vault.SpaceMemory {
			return errDisk
		}
		return nil
	})
	w := h.send("POST", "/v1/messages", ask(note))
	wantError(t, w, 503, "vault_unavailable")
	full := h.wantResult(w, audit.Failed)
	if got := full.Outcome.Content["delivered"]; len(got) > 0 {
		t.Errorf("the record says that the client got %d bytes of an answer that was held back", len(got))
	}
	b.sessions.breaks(nil)
	if w := h.send("POST", "/v1/messages", ask(note)); w.Code != 200 || !strings.Contains(w.Body.String(), "About Ludo "+family) {
		t.Errorf("after the fault: %d %s", w.Code, w.Body)
	}
	h.keepsItsWord()
}

// reading calls do before the first byte of a body is read.
type reading struct {
	io.Reader
	do func()
}

func (r *reading) Read(p []byte) (int, error) {
	if r.do != nil {
		r.do()
		r.do = nil
	}
	return r.Reader.Read(p)
}

// TestAPolicyThatChangesInTheMiddle: an exchange is ruled by one policy from its
// beginning to its end, and the record names that one.
func TestAPolicyThatChangesInTheMiddle(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	before, after := h.gateway.Policy(), readPolicy(t, "clinic-no-phi")
	change := func() { h.gateway.SetPolicy(after) }
	script := streamed("{{NAME:1}} is", " well.")
	for name, send := range map[string]func() *httptest.ResponseRecorder{
		"while the request is read": func() *httptest.ResponseRecorder {
			h.upstream.answer = h.answer(script)
			r := h.request("POST", "/v1/messages", "")
			r.Body, r.ContentLength = io.NopCloser(&reading{strings.NewReader(ask(note, streaming)), change}), -1
			return h.do(r)
		},
		"while Claude answers": func() *httptest.ResponseRecorder {
			h.upstream.answer = func(w http.ResponseWriter, r *http.Request) { change(); h.answer(script)(w, r) }
			return h.send("POST", "/v1/messages", ask(note, streaming))
		},
	} {
		h.gateway.SetPolicy(before)
		w := send()
		if w.Code != 200 || !strings.Contains(w.Body.String(), "message_stop") || !strings.Contains(w.Body.String(), "Ludo "+family) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if got := h.wantResult(w, audit.OK).Intent.Facts.Ruling; got.Version != before.Version() || got.Profile != before.Name() {
			t.Errorf("%s: the record names policy %s %s", name, got.Profile, got.Version)
		}
	}
	calls := h.upstream.count()
	w := h.send("POST", "/v1/messages", ask(note, streaming))
	if w.Code != 403 || h.upstream.count() != calls {
		t.Errorf("under the new policy: %d, %d calls", w.Code, h.upstream.count()-calls)
	}
	if got := h.wantResult(w, audit.RefusedResult).Intent.Facts.Ruling; got.Version != after.Version() || got.Profile != after.Name() {
		t.Errorf("the record names policy %s %s", got.Profile, got.Version)
	}
	h.keepsItsWord()
}

// TestAClockThatStepsBack: in the middle of an exchange or between two, the
// order of records is not that of the clock, the step is marked, durations are
// not negative, and the record verifies.
func TestAClockThatStepsBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		h.clock.Add(-time.Hour)
		h.answer(wholeAnswer("{{NAME:1}} is well."))(w, r)
	}
	var sent []string
	for n := range 3 {
		w := h.send("POST", "/v1/messages", ask(note))
		if w.Code != 200 || !strings.Contains(w.Body.String(), family+" is well.") {
			t.Fatalf("exchange %d: %d %s", n, w.Code, w.Body)
		}
		if took := h.wantResult(w, audit.OK).Outcome.Facts.Outcome.TookMicros; took != 0 {
			t.Errorf("exchange %d took %d µs", n, took)
		}
		sent = append(sent, string(h.upstream.last().body))
		h.clock.Add(-time.Minute)
	}
	if sent[0] != sent[1] || sent[1] != sent[2] {
		t.Error("the same text met other placeholders")
	}
	for _, o := range h.rows(audit.KindOutcome) {
		if !o.Leaf.ClockBack() {
			t.Errorf("the outcome at %d does not say that the clock had stepped back", o.Seq)
		}
	}
	for n, i := range h.rows(audit.KindIntent) {
		if i.Leaf.ClockBack() != (n > 0) {
			t.Errorf("the intent at %d: clock back %t", i.Seq, i.Leaf.ClockBack())
		}
	}
	h.keepsItsWord()
	h.verifies()
}
