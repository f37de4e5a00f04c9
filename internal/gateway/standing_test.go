package gateway_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/gateway"
	"chaperone/internal/policy"
)

// An agreement that the register says has ended covers nothing from its day on,
// whatever the configuration says (BAA-09).
func TestAnEndedAgreementClosesItsDoor_BAA09(t *testing.T) {
	ended := start.Add(time.Hour)
	h := newHouse(t, plan{policy: "baa-direct", agreement: policy.Agreement{
		ID: "BAA-7", Signed: start.AddDate(0, -1, 0), Expires: start.AddDate(1, 0, 0), ApprovedBy: "privacy-officer", Gates: closedGates(),
	}, ended: func(id string, at time.Time) bool { return id == "BAA-7" && !at.Before(ended) }})
	h.upstream.answer = h.answer("200\nContent-Type: application/json\n\n" +
		`{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"Done."}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1}}`)
	send := func() int {
		return h.send(http.MethodPost, "/v1/messages", ask(note), "X-Chaperone-Purpose", "treatment", "X-Chaperone-Reason", "medication review before discharge", "X-Chaperone-Patient", "4471902").Code
	}
	if code := send(); code != http.StatusOK || h.upstream.count() != 1 {
		t.Fatalf("before its end: %d", code)
	}
	h.clock.Add(time.Hour)
	w := h.send(http.MethodPost, "/v1/messages", ask(note), "X-Chaperone-Purpose", "treatment", "X-Chaperone-Reason", "medication review before discharge", "X-Chaperone-Patient", "4471902")
	if h.upstream.count() == 2 && string(h.upstream.last().body) == ask(note) {
		t.Errorf("identified text left under an agreement that has ended: %d", w.Code)
	}
	if got := h.shown(w).Intent.Facts.Deed.Agreement; got != "" {
		t.Errorf("the record says that %s was in force", got)
	}
}

// A refusal for the patient's jurisdiction names the doors that stay inside (RTE-02).
func TestARefusalNamesTheDoorThatStaysInside_RTE02(t *testing.T) {
	h := newHouse(t, plan{residency: []string{"US", "AU"}, connection: "own-hardware", country: "US"})
	sydney := &upstream{answer: func(http.ResponseWriter, *http.Request) {}}
	h.also = []gateway.Door{{
		Door:  claude.NewHandlerDoor("sydney", sydney, false),
		Facts: policy.DoorFacts{Name: "sydney", Kind: policy.DoorCompatible, Connection: "own-hardware", Country: "AU"},
	}}
	h.furnish()
	w := h.send(http.MethodPost, "/v1/messages", ask(note), "X-Chaperone-Jurisdiction", "AU")
	wantError(t, w, http.StatusForbidden, "outside_residency")
	if !strings.Contains(w.Body.String(), "Use a door that stays inside: sydney") {
		t.Errorf("the refusal does not name it: %s", w.Body)
	}
	if h.upstream.count()+sydney.count() != 0 {
		t.Error("something was sent")
	}
}

// What a door answers besides 200 stands in the record with its status and its time
// (RTE-10).
func TestWhatADoorAnsweredStandsInTheRecord_RTE10(t *testing.T) {
	for _, status := range []int{http.StatusBadRequest, http.StatusTooManyRequests, http.StatusInternalServerError} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			h := newHouse(t, plan{})
			h.upstream.answer = func(w http.ResponseWriter, _ *http.Request) {
				h.clock.Add(30 * time.Millisecond)
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = w.Write([]byte(`{"type":"error","error":{"type":"api_error","message":"It did not work."}}`)) // a recorder takes everything
			}
			w := h.send(http.MethodPost, "/v1/messages", ask(note))
			out := h.shown(w).Outcome.Facts.Outcome
			if out.Result != audit.UpstreamError || out.Status != status || out.Upstream.Status != status || out.TookMicros < 30_000 {
				t.Errorf("%+v, upstream %+v", out, out.Upstream)
			}
			if door := h.shown(w).Intent.Facts.Deed.Door; door != "claude" {
				t.Errorf("the record says the door was %q", door)
			}
		})
	}
}
