package gateway_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"chaperone/internal/allowance"
	"chaperone/internal/audit"
	"chaperone/internal/gateway"
	"chaperone/internal/policy"
)

// A house that stops in the middle of an answer tells the client, who is still there,
// and does not record that the client had left.
func TestAHouseThatStopsTellsWhoeverIsStillThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		h.answer(opened("{{NAME:1}}", " is"))(w, r)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	ctx, halt := context.WithCancelCause(t.Context())
	done := make(chan *httptest.ResponseRecorder)
	go func() {
		done <- h.do(h.request("POST", "/v1/messages", ask(note, streaming)).WithContext(ctx))
	}()
	eventually(t, "Claude was asked", func() bool { return h.upstream.count() == 1 })
	halt(gateway.Stopping())
	w := <-done
	if !strings.Contains(w.Body.String(), `"error_code":"stopping"`) {
		t.Errorf("the client was told %d %s", w.Code, w.Body)
	}
	if got := h.wantResult(w, audit.Failed).Outcome.Facts.Outcome; got.ErrorCode != "stopping" || got.Status != w.Code {
		t.Errorf("the record says %s %d, the client got %d", got.ErrorCode, got.Status, w.Code)
	}
	h.keepsItsWord()
}

// The server gives a connection up on which a body does not come, and with it the
// context of the request. The client is told, and the record says the same.
func TestABodyThatDoesNotComeIsATimeoutInTheRecordToo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	ctx, giveUp := context.WithCancel(t.Context())
	r := h.request("POST", "/v1/messages", "").WithContext(ctx)
	r.Body, r.ContentLength = io.NopCloser(&reading{iotest.ErrReader(os.ErrDeadlineExceeded), giveUp}), -1
	w := h.do(r)
	wantError(t, w, http.StatusGatewayTimeout, "request_body_timeout")
	if got := h.wantResult(w, audit.Timeout).Ten; got.Status != "504" || got.PHI != "not looked at" {
		t.Errorf("the record says %s, %s", got.Status, got.PHI)
	}
	h.keepsItsWord()
}

// Where a client is told that nothing was sent, nothing is counted as sent.
func TestNothingIsCountedAsSentToADoorThatWasNotReached(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{door: unreachable})
	wantError(t, h.send("POST", "/v1/messages", ask(note)), http.StatusServiceUnavailable, "door_unreachable")
	u, err := h.log.Usage(context.Background(), "clinic", time.Time{}, time.Time{})
	must(t, err)
	if len(u.Uses) != 1 || u.Uses[0].Sent != 0 || u.Uses[0].Received == 0 {
		t.Errorf("%+v", u.Uses)
	}
}

// A door that was passed over for want of a price was not asked, and nobody is told
// that it cannot be reached.
func TestADoorWithoutPricesIsNotSaidToBeUnreachable(t *testing.T) {
	t.Parallel()
	budget := limit(allowance.Door, allowance.MoneyPerDay, 1_000_000)
	budget.Only = "second"
	h := newHouse(t, plan{door: unreachable, adjust: standIn("second"), settings: allowed(t, budget)})
	other := h.second(policy.DoorFacts{Connection: "compatible", Kind: policy.DoorCompatible}, reply)
	e := wantError(t, h.send("POST", "/v1/messages", ask(note)), http.StatusServiceUnavailable, "all_doors_down")
	if strings.Contains(e.Error.Message, "can be reached") || !strings.Contains(e.Error.Message, "price") || other.count() != 0 {
		t.Errorf("%d calls, and the client was told: %s", other.count(), e.Error.Message)
	}
}

// What the two of them rest on: only the house's own end is told from a client's.
func TestAClientThatLeavesIsNotTakenForAStop(t *testing.T) {
	t.Parallel()
	h := newHouse(t, plan{})
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		h.answer(opened("{{NAME:1}}"))(w, r)
		<-r.Context().Done()
	}
	ctx, leave := context.WithCancelCause(t.Context())
	done := make(chan *httptest.ResponseRecorder)
	go func() {
		done <- h.do(h.request("POST", "/v1/messages", ask(note, streaming)).WithContext(ctx))
	}()
	eventually(t, "Claude was asked", func() bool { return h.upstream.count() == 1 })
	leave(errors.Join(context.Canceled))
	h.wantResult(<-done, audit.ClientGone)
}
