package gateway_test

import (
	"context"
	"net/http"
	"testing"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/gateway"
	"chaperone/internal/policy"
)

// An answer from elsewhere is an incident: an event of its own names the exchange,
// and the client is told not to send the text there again.
func TestAnAnswerFromElsewhereIsAnIncident_RTE03(t *testing.T) {
	h := newHouse(t, plan{residency: []string{"US"}})
	h.upstream.answer = h.answer("200\nContent-Type: application/json\nX-Should-Retry: true\n\n" +
		`{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"{{NAME:1}}"}],"stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":1,"inference_geo":"global"}}`)
	w := h.send("POST", "/v1/messages", ask(note))
	wantError(t, w, http.StatusBadGateway, "residency_echo")
	if got := w.Header().Get("X-Should-Retry"); got != "false" {
		t.Errorf("X-Should-Retry: %q", got)
	}
	events, err := h.log.Query(context.Background(), audit.Filter{Tenant: "clinic", Kind: audit.KindNote, Limit: 1})
	must(t, err)
	if len(events) != 1 || events[0].Ten.Action != string(audit.OutOfPlace) || events[0].Subject != w.Header().Get("Request-Id") {
		t.Errorf("%+v", events)
	}
}

// A door that is down is not replaced by one outside the allowed countries.
func TestNoOtherDoorIsTakenWhenOneIsDown_RTE05(t *testing.T) {
	down := chaperone.NewError(chaperone.KindUnavailable, "door_unreachable", "The door cannot be reached", "Try again later", nil)
	h := newHouse(t, plan{residency: []string{"AU"}, connection: "own-hardware", country: "AU", door: func(*house) claude.Door { return deadDoor{down} }})
	other := &upstream{answer: func(http.ResponseWriter, *http.Request) {}}
	h.also = []gateway.Door{{
		Door:  claude.NewHandlerDoor("us", other, false),
		Facts: policy.DoorFacts{Name: "us", Kind: policy.DoorAnthropic, Connection: "own-hardware", Country: "US"},
	}}
	h.furnish()
	wantError(t, h.send("POST", "/v1/messages", ask(note)), http.StatusServiceUnavailable, "door_unreachable")
	wantError(t, h.send("POST", "/v1/messages", ask(note), "X-Chaperone-Door", "us"), http.StatusForbidden, "outside_residency")
	if n := other.count(); n != 0 {
		t.Errorf("the other door got %d calls", n)
	}
}

// deadDoor is a door that cannot be reached.
type deadDoor struct{ err error }

func (deadDoor) Name() string    { return "claude" }
func (deadDoor) Simulated() bool { return false }
func (d deadDoor) Send(context.Context, claude.Call) (*claude.Reply, error) {
	return nil, d.err
}
