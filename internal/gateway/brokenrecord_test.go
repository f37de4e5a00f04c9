package gateway_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"chaperone/internal/audit"
)

// journal is the house's journal with faults that tests turn on.
type journal struct {
	audit.Journal
	mu    sync.Mutex
	fault func(ctx context.Context, first audit.Row) (keep bool, err error)
}

// wrap is for plan.journal.
func (j *journal) wrap(inner audit.Journal) audit.Journal {
	j.Journal = inner
	return j
}

// breaks sets the fault, nil mends the journal. With keep the rows are written
// although the error says nothing of it: the acknowledgement is lost.
func (j *journal) breaks(fault func(ctx context.Context, first audit.Row) (keep bool, err error)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fault = fault
}

func (j *journal) Append(ctx context.Context, rows ...audit.Row) (uint64, error) {
	j.mu.Lock()
	fault := j.fault
	j.mu.Unlock()
	if fault != nil {
		if keep, err := fault(ctx, rows[0]); err != nil {
			if keep {
				_, _ = j.Journal.Append(ctx, rows...)
			}
			return 0, err
		}
	}
	return j.Journal.Append(ctx, rows...)
}

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
func only(kind audit.Kind, fault func(context.Context, audit.Row) (bool, error)) func(context.Context, audit.Row) (bool, error) {
	return func(ctx context.Context, first audit.Row) (bool, error) {
		if first.Kind != kind {
			return false, nil
		}
		return fault(ctx, first)
	}
}

// once lets a fault happen once.
func once(fault func(context.Context, audit.Row) (bool, error)) func(context.Context, audit.Row) (bool, error) {
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
		return fault(ctx, first)
	}
}

// TestNoRecordMeansNoCall: as long as the intent is not durable, not a byte goes
// to Claude (AUD-03). Once the record works again, so does the house, and what
// it had to refuse is on the record too.
func TestNoRecordMeansNoCall(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(context.Context, audit.Row) (bool, error){
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
			h := newHouse(t, plan{journal: j.wrap})
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
	for name, fault := range map[string]func(context.Context, audit.Row) (bool, error){
		"the disk is full":                 diskFull,
		"the disk is full once":            once(diskFull),
		"the journal hangs":                hangs,
		"the acknowledgement is lost":      lost,
		"the acknowledgement is lost once": once(lost),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, kind := range []string{"stream", "whole"} {
				t.Run(kind, func(t *testing.T) {
					var j journal
					h := newHouse(t, plan{journal: j.wrap})
					script, body := streamed("{{NAME:1}} is", " well."), ask(note, streaming)
					if kind == "whole" {
						script, body = wholeAnswer("{{NAME:1}} is well."), ask(note)
					}
					h.upstream.answer = h.answer(script)
					j.breaks(only(audit.KindOutcome, fault))
					w := h.send("POST", "/v1/messages", body)
					if kind == "stream" {
						wantCut(t, w, "record_unavailable")
					} else {
						wantError(t, w, 503, "record_unavailable")
					}
					j.breaks(nil)
					h.wantCutRecorded(w, strings.Contains(name, "acknowledgement"))
					next := h.send("POST", "/v1/messages", body)
					if next.Code != 200 || kind == "stream" && !strings.Contains(next.Body.String(), "message_stop") {
						t.Errorf("after the fault: %d %s", next.Code, next.Body)
					}
					h.wantResult(next, audit.OK)
					h.keepsItsWord()
				})
			}
		})
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
