package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"chaperone/internal/audit"
)

var errDisk = errors.New("disk full while writing about " + family)

// diskFull refuses every row.
func diskFull(context.Context, audit.Row) (bool, error) { return false, errDisk }

// lost writes every row and does not say so.
func lost(context.Context, audit.Row) (bool, error) { return true, errDisk }

// hangs waits for as long as it may.
func hangs(ctx context.Context, _ audit.Row) (bool, error) {
	<-ctx.Done()
	return false, ctx.Err()
}

// only lets a fault happen to rows of one kind.
func only(kind audit.Kind, f fault) fault {
	return func(ctx context.Context, first audit.Row) (bool, error) {
		if first.Kind != kind {
			return false, nil
		}
		return f(ctx, first)
	}
}

// patience is how long a house waits for its journal: not long for one that
// hangs.
func patience(name string) time.Duration {
	if strings.Contains(name, "hangs") {
		return 200 * time.Millisecond
	}
	return 0
}

// once lets a fault happen once.
func once(f fault) func(context.Context, audit.Row) (bool, error) {
	var mu sync.Mutex
	done := false
	return func(ctx context.Context, first audit.Row) (bool, error) {
		mu.Lock()
		again := done
		done = true
		mu.Unlock()
		if again {
			return false, nil
		}
		return f(ctx, first)
	}
}

// TestNoRecordMeansNoCall: as long as the intent is not durable, not a byte goes
// to Claude (AUD-03). Once the record works again, so does the house, and what
// it had to refuse is on the record too.
func TestNoRecordMeansNoCall(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fault{
		"the disk is full":                          diskFull,
		"the acknowledgement is lost":               lost,
		"the journal hangs":                         hangs,
		"the disk is full once":                     once(diskFull),
		"the acknowledgement is lost once":          once(lost),
		"only intents cannot be written":            only(audit.KindIntent, diskFull),
		"only the first of many attempts is served": only(audit.KindIntent, once(lost)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var j journal
			h := newHouse(t, plan{journal: j.wrap, wait: patience(name)})
			h.upstream.answer = h.answer(wholeAnswer("{{NAME:1}} is well."))
			j.breaks(fault)
			w := h.send("POST", "/v1/messages", ask(note))
			wantError(t, w, 503, "record_unavailable")
			if n := h.upstream.count(); n != 0 {
				t.Fatalf("%d calls reached Claude", n)
			}
			j.breaks(nil)
			eventually(t, "the house is ready again", func() bool { return h.send("GET", "/readyz", "").Code == 200 })
			if w := h.send("POST", "/v1/messages", ask(note)); w.Code != 200 || !strings.Contains(w.Body.String(), family+" is well.") {
				t.Errorf("after the fault: %d %s", w.Code, w.Body)
			}
			eventually(t, "the refused exchange is on the record", func() bool {
				full, err := h.log.Show(context.Background(), w.Header().Get("Request-Id"))
				return err == nil && full.Outcome != nil && full.Outcome.Facts.Outcome.Result == audit.Failed
			})
			h.keepsItsWord()
		})
	}
}

// TestAHouseThatCannotRecordSaysSo: readiness is red as long as exchanges could
// not be recorded (AUD-13), and every exchange, refusals too, is answered so.
func TestAHouseThatCannotRecordSaysSo(t *testing.T) {
	t.Parallel()
	var j journal
	h := newHouse(t, plan{journal: j.wrap})
	j.breaks(diskFull)
	wantError(t, h.send("POST", "/v1/messages", ask(note)), 503, "record_unavailable")
	wantError(t, h.send("GET", "/readyz", ""), 503, "record_unavailable")
	wantError(t, h.send("POST", "/v1/messages", "not JSON"), 503, "record_unavailable")
	wantError(t, h.send("GET", "/v1/models", ""), 503, "record_unavailable")
	wantError(t, h.send("POST", "/v1/messages", ask(note), "X-Api-Key", ""), 503, "record_unavailable")
	if w := h.send("GET", "/livez", ""); w.Code != 200 {
		t.Errorf("livez: %d", w.Code)
	}
	j.breaks(nil)
	eventually(t, "the house is ready again", func() bool { return h.send("GET", "/readyz", "").Code == 200 })
	eventually(t, "the three that were admitted are on the record", func() bool { return len(h.rows(audit.KindOutcome)) == 3 })
	h.keepsItsWord()
	h.verifies()
}

// streamed is a scripted stream with one block of text in pieces.
func streamed(pieces ...string) string { return opened(pieces...) + closed }

func opened(pieces ...string) string {
	var b strings.Builder
	b.WriteString("200\nContent-Type: text/event-stream\nRequest-Id: req_up\n\n" +
		"event: message_start\n" +
		`data: {"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"output_tokens":1}}}` + "\n\n" +
		"event: content_block_start\n" +
		`data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}` + "\n\n")
	for _, p := range pieces {
		b.WriteString("event: content_block_delta\n" +
			`data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"` + p + `"}}` + "\n\n")
	}
	return b.String()
}

const closed = "event: content_block_stop\n" +
	`data: {"type":"content_block_stop","index":0}` + "\n\n" +
	"event: message_delta\n" +
	`data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}` + "\n\n" +
	"event: message_stop\n" +
	`data: {"type":"message_stop"}` + "\n\n"

// TestAnAnswerThatCannotBeRecordedIsNotFinished: the end of an answer is
// released only when the outcome is durable. The client is told instead, the
// next exchange works, and the record says what the client really got.
func TestAnAnswerThatCannotBeRecordedIsNotFinished(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func() fault{
		"the disk is full":                 func() fault { return diskFull },
		"the disk is full once":            func() fault { return once(diskFull) },
		"the journal hangs":                func() fault { return hangs },
		"the acknowledgement is lost":      func() fault { return lost },
		"the acknowledgement is lost once": func() fault { return once(lost) },
	} {
		for _, stream := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, stream %t", name, stream), func(t *testing.T) {
				t.Parallel()
				var j journal
				h := newHouse(t, plan{journal: j.wrap, wait: patience(name)})
				script, body := wholeAnswer("{{NAME:1}} is well."), ask(note)
				if stream {
					script, body = streamed("{{NAME:1}} is", " well."), ask(note, streaming)
				}
				h.upstream.answer = h.answer(script)
				j.breaks(only(audit.KindOutcome, fault()))
				w := h.send("POST", "/v1/messages", body)
				if stream {
					wantCut(t, w, "record_unavailable")
				} else {
					wantError(t, w, 503, "record_unavailable")
				}
				j.breaks(nil)
				h.wantCutRecorded(w, strings.Contains(name, "acknowledgement"))
				next := h.send("POST", "/v1/messages", body)
				if next.Code != 200 || stream && !strings.Contains(next.Body.String(), "message_stop") {
					t.Errorf("after the fault: %d %s", next.Code, next.Body)
				}
				h.wantResult(next, audit.OK)
				h.keepsItsWord()
			})
		}
	}
}

// wantCutRecorded waits for the outcome of an answer whose end was held back. It
// may say "ok" only where that outcome was durable after all; it never says that
// the client got what it did not get.
func (h *house) wantCutRecorded(w *httptest.ResponseRecorder, written bool) {
	h.t.Helper()
	var full *audit.Full
	eventually(h.t, "the outcome is on the record", func() bool {
		var err error
		full, err = h.log.Show(context.Background(), w.Header().Get("Request-Id"))
		return err == nil && full.Outcome != nil
	})
	o := full.Outcome.Facts.Outcome
	if written {
		return // what was written before the acknowledgement was lost stands
	}
	if o.Result != audit.Failed || o.ErrorCode != "record_unavailable" {
		h.t.Errorf("the record says %s %s", o.Result, o.ErrorCode)
	}
	if got := string(full.Outcome.Content["delivered"]); !strings.HasPrefix(w.Body.String(), got) {
		h.t.Errorf("the record says that the client got\n%s\nwhile it got\n%s", got, w.Body)
	}
}
