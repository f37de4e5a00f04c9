package gateway_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"chaperone"
	"chaperone/internal/audit"
	"chaperone/internal/claude"
	"chaperone/internal/gateway"
	"chaperone/internal/policy"
)

// overloaded is what a door says that can take no more.
const overloaded = "529\nContent-Type: application/json\nRetry-After: 12\n\n" +
	`{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_up"}`

// reply is a whole answer with one placeholder in it.
const reply = "200\nContent-Type: application/json\n\n" +
	`{"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"Seen: {{NAME:1}}"}],"stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":5}}`

// second is a further door, with a Claude of its own behind it.
func (h *house) second(facts policy.DoorFacts, answer string) *upstream {
	u := &upstream{}
	u.answer = func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		m := placeholder.FindString(string(body))
		h.answer(strings.ReplaceAll(answer, "{{NAME:1}}", m))(w, r)
	}
	if facts.Name == "" {
		facts.Name = "second"
	}
	if facts.Kind == "" {
		facts.Kind, facts.Connection = policy.DoorAnthropic, "anthropic-standard"
	}
	h.also = append(h.also, gateway.Door{Door: claude.NewHandlerDoor(facts.Name, u, facts.Simulated), Facts: facts})
	h.furnish()
	return u
}

// eitherWay lets care staff send text as it is where the floors allow it, and with
// placeholders everywhere.
const eitherWay = `@id("as-it-is")
@reason("Treatment")
permit (principal, action == Action::"send-identified", resource);
@id("with-placeholders")
@reason("Everybody")
permit (principal, action == Action::"send-concealed", resource);`

func standIn(names ...string) func(*gateway.Door) {
	return func(d *gateway.Door) { d.Fallback = names }
}

// unreachable is a door that cannot be reached.
func unreachable(*house) claude.Door {
	return deadDoor{chaperone.NewError(chaperone.KindUnavailable, "door_unreachable", "The door cannot be reached", "Try again later", nil)}
}

// A door that is overloaded is stood in for, and each attempt has an intent that is
// durable before the door gets a byte, and one outcome.
func TestAnOverloadedDoorIsStoodInForAndBothAttemptsAreRecorded_RTE05(t *testing.T) {
	h := newHouse(t, plan{door: overNetwork, adjust: standIn("second")})
	h.upstream.answer = h.answer(overloaded)
	other := h.second(policy.DoorFacts{}, reply)
	answer := other.answer
	other.answer = func(w http.ResponseWriter, r *http.Request) {
		open, err := h.store.Journal.Find(r.Context(), audit.Match{Open: true})
		if err != nil || len(open) != 1 {
			t.Errorf("%d intents are open while the second door is asked: %v", len(open), err)
		}
		answer(w, r)
	}
	w := h.send("POST", "/v1/messages", ask(note))
	if w.Code != http.StatusOK || w.Header().Get("X-Chaperone-Door") != "second" || w.Header().Get("Retry-After") != "" {
		t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if placeholder.MatchString(w.Body.String()) {
		t.Errorf("a placeholder was not restored: %s", w.Body)
	}
	if string(h.upstream.last().body) != string(other.last().body) {
		t.Error("the two doors were sent different texts")
	}
	last := h.shown(w)
	if last.Intent.Facts.Deed.Door != "second" || last.Ten.Result != "ok" {
		t.Errorf("%+v", last.Ten)
	}
	first, err := h.log.Show(context.Background(), last.Intent.Facts.Deed.After)
	must(t, err)
	if d := first.Intent.Facts.Deed; d.Door != "claude" || d.After != "" {
		t.Errorf("the first attempt: %+v", d)
	}
	if o := first.Outcome.Facts.Outcome; o.Result != audit.UpstreamError || o.ErrorCode != "overloaded_error" || o.Upstream.Status != 529 || o.Status != 0 {
		t.Errorf("the first attempt ended: %+v", o)
	}
	eventually(t, "nothing is left running", func() bool { return len(running()) == 0 })
}

// Elsewhere users cannot tell what a fallback does to the region they were promised.
// Here each row says it.
func TestWhoMayStandInForADoorThatCannotBeReached_RTE05_Pain20(t *testing.T) {
	agreement := policy.Agreement{ID: "BAA-7", Signed: start.AddDate(-1, 0, 0), Expires: start.AddDate(1, 0, 0), ApprovedBy: "privacy-officer", Gates: closedGates()}
	for name, c := range map[string]struct {
		plan   plan
		facts  policy.DoorFacts
		models []string
		status int
		code   string
	}{
		"a door in an allowed country": {
			plan{residency: []string{"AU"}, connection: "own-hardware", country: "AU"},
			policy.DoorFacts{Kind: policy.DoorCompatible, Connection: "own-hardware", Country: "AU"},
			nil, 200, "",
		},
		"not a door in another country (RTE-05)": {
			plan{residency: []string{"AU"}, connection: "own-hardware", country: "AU"},
			policy.DoorFacts{Kind: policy.DoorCompatible, Connection: "own-hardware", Country: "US"},
			nil, 503, "no_door_in_residency",
		},
		"not a door that may not be asked for the model":              {plan{}, policy.DoorFacts{}, []string{"claude-opus-5"}, 503, "all_doors_down"},
		"not the simulator, whose answer would be taken for Claude's": {plan{}, policy.DoorFacts{Kind: policy.DoorSimulator, Connection: "simulator", Simulated: true}, nil, 503, "all_doors_down"},
		"not a door that would carry identifiers where the first would not": {
			plan{policy: eitherWay},
			policy.DoorFacts{Kind: policy.DoorAnthropic, Connection: "anthropic-hipaa", Agreement: agreement},
			nil, 503, "all_doors_down",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.plan.door, c.plan.adjust = unreachable, standIn("second")
			h := newHouse(t, c.plan)
			other := h.second(c.facts, reply)
			h.also[0].Models = c.models
			h.furnish()
			w := h.send("POST", "/v1/messages", ask(note), "X-Chaperone-Purpose", "treatment", "X-Chaperone-Reason", "a letter to the family doctor")
			if c.code == "" {
				if w.Code != c.status || other.count() != 1 {
					t.Errorf("%d, %d calls: %s", w.Code, other.count(), w.Body)
				}
				return
			}
			wantError(t, w, c.status, c.code)
			if other.count() != 0 || w.Header().Get("Retry-After") == "" {
				t.Errorf("%d calls, retry-after %q", other.count(), w.Header().Get("Retry-After"))
			}
			if full := h.shown(w); full.Ten.Status != "503" || full.Outcome.Facts.Outcome.ErrorCode != c.code {
				t.Errorf("%+v", full.Ten)
			}
		})
	}
}

// A door without an agreement gets placeholders in place of one that could have
// been sent the text as it is.
func TestADoorThatStandsInIsRuledOnAnew(t *testing.T) {
	agreement := policy.Agreement{ID: "BAA-7", Signed: start.AddDate(-1, 0, 0), Expires: start.AddDate(1, 0, 0), ApprovedBy: "privacy-officer", Gates: closedGates()}
	h := newHouse(t, plan{policy: eitherWay, agreement: agreement, adjust: standIn("second")})
	h.upstream.answer = h.answer(overloaded)
	other := h.second(policy.DoorFacts{}, reply)
	w := h.send("POST", "/v1/messages", ask(note), "X-Chaperone-Purpose", "treatment", "X-Chaperone-Reason", "a letter to the family doctor")
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if string(h.upstream.last().body) != ask(note) {
		t.Error("the first door, under an agreement, was not sent the text as it is")
	}
	if other.count() != 1 || !placeholder.Match(other.last().body) {
		t.Errorf("the second door, without one, was sent %s", other.last().body)
	}
	if d := h.shown(w).Intent.Facts; d.Ruling.Decision != audit.Concealed || d.Deed.Agreement != "" {
		t.Errorf("%+v %+v", d.Ruling, d.Deed)
	}
}

func TestAnotherDoorIsNotAskedOnceAnAnswerHasBegun(t *testing.T) {
	for name, answer := range map[string]string{
		"a stream that breaks off":    "200\nContent-Type: text/event-stream\n\nevent: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_01\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-5\",\"content\":[],\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\n\n",
		"a request that is malformed": "400\nContent-Type: application/json\n\n{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"prompt is too long\"}}",
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, plan{adjust: standIn("second")})
			h.upstream.answer = h.answer(answer)
			other := h.second(policy.DoorFacts{}, reply)
			w := h.send("POST", "/v1/messages", ask(note))
			if other.count() != 0 {
				t.Errorf("the other door was asked; the client saw %d %s", w.Code, w.Body)
			}
			h.shown(w)
		})
	}
}

// Where the second intent cannot be made durable, nothing goes to the second door.
func TestWithoutARecordNoOtherDoorIsAsked(t *testing.T) {
	broken := false
	h := newHouse(t, plan{adjust: standIn("second"), wait: 50 * time.Millisecond, journal: func(j audit.Journal) audit.Journal {
		return switched{j, &broken}
	}})
	overloadedNow := h.answer(overloaded)
	h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
		broken = true
		overloadedNow(w, r)
	}
	other := h.second(policy.DoorFacts{}, reply)
	wantError(t, h.send("POST", "/v1/messages", ask(note)), http.StatusServiceUnavailable, "record_unavailable")
	if other.count() != 0 {
		t.Error("a door was asked without a record")
	}
}

// switched is a journal that can be broken while the test runs.
type switched struct {
	audit.Journal
	broken *bool
}

func (s switched) Append(ctx context.Context, rows ...audit.Row) (uint64, error) {
	if *s.broken {
		return 0, io.ErrClosedPipe
	}
	return s.Journal.Append(ctx, rows...)
}

// The gateway's retries do not multiply the client's (claude-platform, errors).
func TestADoorThatAsksForAShortPauseIsTriedOnceMore(t *testing.T) {
	for name, c := range map[string]struct {
		retryAfter string
		header     []string
		calls      int
		status     int
	}{
		"after the pause it asked for":                {"1", nil, 2, 200},
		"not where it asks for more":                  {"30", nil, 1, 529},
		"not where it names no pause":                 {"", nil, 1, 529},
		"not for a client that makes its own retries": {"1", []string{"X-Stainless-Retry-Count", "0"}, 1, 529},
	} {
		t.Run(name, func(t *testing.T) {
			var paused time.Duration
			h := newHouse(t, plan{
				adjust: func(d *gateway.Door) { d.Repeat = true },
				pause:  func(_ context.Context, d time.Duration) { paused += d },
			})
			busy, good := h.answer(strings.Replace(overloaded, "Retry-After: 12", "Retry-After: "+c.retryAfter, 1)), h.answer(reply)
			h.upstream.answer = func(w http.ResponseWriter, r *http.Request) {
				if h.upstream.count() == 1 {
					busy(w, r)
					return
				}
				good(w, r)
			}
			w := h.send("POST", "/v1/messages", ask(note), c.header...)
			if w.Code != c.status || h.upstream.count() != c.calls || (paused > 0) != (c.calls == 2) {
				t.Errorf("%d after %d calls and a pause of %s", w.Code, h.upstream.count(), paused)
			}
			if got := w.Header().Get("Retry-After"); c.status == 529 && got != c.retryAfter {
				t.Errorf("retry-after %q", got)
			}
		})
	}
}

// A door that fails again and again is left alone; one call in each rest finds out
// whether it works again.
func TestADoorThatKeepsFailingIsLeftAlone(t *testing.T) {
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer(overloaded)
	for range 5 {
		wantError(t, h.send("POST", "/v1/messages", ask(note)), 529, "upstream_error")
	}
	w := h.send("POST", "/v1/messages", ask(note))
	wantError(t, w, http.StatusServiceUnavailable, "door_resting")
	if got := w.Header().Get("Retry-After"); got != "12" || h.upstream.count() != 5 {
		t.Errorf("retry-after %q after %d calls", got, h.upstream.count())
	}
	if full := h.shown(w); full.Outcome.Facts.Outcome.ErrorCode != "door_resting" {
		t.Errorf("%+v", full.Ten)
	}
	if !strings.Contains(string(h.metricsText()), `chaperone_door_circuit{door="claude"} 1`) {
		t.Error("the metrics do not show that the door rests")
	}
	if got := h.gateway.DoorStates(); len(got) != 1 || !got[0].Resting || got[0].Wait != 12*time.Second || got[0].Fails != 5 {
		t.Errorf("%+v", got)
	}
	h.clock.Add(13 * time.Second)
	wantError(t, h.send("POST", "/v1/messages", ask(note)), 529, "upstream_error") // the probe
	wantError(t, h.send("POST", "/v1/messages", ask(note)), http.StatusServiceUnavailable, "door_resting")
	h.clock.Add(13 * time.Second)
	h.upstream.answer = h.answer(reply)
	for range 2 {
		if w := h.send("POST", "/v1/messages", ask(note)); w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if !strings.Contains(string(h.metricsText()), `chaperone_door_circuit{door="claude"} 0`) {
		t.Error("the metrics do not show that the door works")
	}
}

func TestWhereEveryDoorIsLeftAloneTheClientIsToldWhen(t *testing.T) {
	h := newHouse(t, plan{adjust: standIn("second")})
	h.upstream.answer = h.answer(overloaded)
	other := h.second(policy.DoorFacts{}, overloaded)
	for range 5 {
		wantError(t, h.send("POST", "/v1/messages", ask(note)), 529, "upstream_error")
	}
	w := h.send("POST", "/v1/messages", ask(note))
	wantError(t, w, http.StatusServiceUnavailable, "all_doors_down")
	if w.Header().Get("Retry-After") == "" || h.upstream.count() != 5 || other.count() != 5 {
		t.Errorf("retry-after %q after %d and %d calls", w.Header().Get("Retry-After"), h.upstream.count(), other.count())
	}
	h.shown(w)
	open, err := h.store.Journal.Find(context.Background(), audit.Match{Open: true})
	must(t, err)
	if len(open) != 0 {
		t.Errorf("%d intents have no outcome", len(open))
	}
}

// Answers that say the request was wrong say nothing about the door.
func TestRefusalsDoNotOpenACircuit(t *testing.T) {
	h := newHouse(t, plan{})
	h.upstream.answer = h.answer("400\nContent-Type: application/json\n\n{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"no\"}}")
	for range 8 {
		if w := h.send("POST", "/v1/messages", ask(note)); w.Code != http.StatusBadRequest {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
}

// Where every door is overloaded the client is told that, and when to come again; it is
// not told that something broke.
func TestAnOverloadedClaudeIsSaidToBeOverloadedAndWhen_Pain19(t *testing.T) {
	h := newHouse(t, plan{adjust: standIn("second")})
	h.upstream.answer = h.answer(overloaded)
	h.second(policy.DoorFacts{}, strings.Replace(overloaded, "Retry-After: 12", "Retry-After: 7", 1))
	w := h.send("POST", "/v1/messages", ask(note))
	if e := wantError(t, w, 529, "upstream_error"); e.Error.Type != "overloaded_error" || w.Header().Get("Retry-After") != "7" {
		t.Errorf("%s, retry-after %q", e.Error.Type, w.Header().Get("Retry-After"))
	}
	h.wantResult(w, audit.UpstreamError)
}

// The place that the answer must state is put in for the door that gets the request.
func TestTheDoorThatStandsInIsPinnedToItsOwnPlace_RTE03(t *testing.T) {
	h := newHouse(t, plan{residency: []string{"US"}, connection: "own-hardware", country: "US", door: unreachable, adjust: standIn("second")})
	other := h.second(policy.DoorFacts{}, strings.Replace(reply, `"output_tokens":5`, `"output_tokens":5,"inference_geo":"us"`, 1))
	if w := h.send("POST", "/v1/messages", ask(note)); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(string(other.last().body), `"inference_geo":"us"`) {
		t.Errorf("the door was not told to stay in the US: %s", other.last().body)
	}
	other.answer = h.answer(strings.Replace(strings.ReplaceAll(reply, "{{NAME:1}}", "nobody"), `"output_tokens":5`, `"output_tokens":5,"inference_geo":"global"`, 1))
	wantError(t, h.send("POST", "/v1/messages", ask(note)), http.StatusBadGateway, "residency_echo")
}

// A client that leaves during the pause has nothing more sent for it.
func TestAClientThatLeavesDuringThePauseIsNotSentAgain(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	h := newHouse(t, plan{
		door:   overNetwork,
		adjust: func(d *gateway.Door) { d.Repeat, d.Fallback = true, []string{"second"} },
		pause:  func(context.Context, time.Duration) { leave() },
	})
	h.upstream.answer = h.answer(strings.Replace(overloaded, "Retry-After: 12", "Retry-After: 1", 1))
	other := h.second(policy.DoorFacts{}, reply)
	w := h.do(h.request("POST", "/v1/messages", ask(note)).WithContext(ctx))
	if h.upstream.count() != 1 || other.count() != 0 {
		t.Errorf("%d and %d calls", h.upstream.count(), other.count())
	}
	h.wantResult(w, audit.ClientGone)
	eventually(t, "every intent has exactly one outcome", func() bool { return h.unsettled() == nil })
	eventually(t, "nothing is left running", func() bool { return len(running()) == 0 })
}

// A door that crashes while it stands in leaves two settled attempts behind.
func TestACrashAtTheSecondDoorIsRecordedAsItsOwn(t *testing.T) {
	h := newHouse(t, plan{door: unreachable, adjust: standIn("second")})
	h.also = []gateway.Door{{
		Door:  crashingDoor{},
		Facts: policy.DoorFacts{Name: "second", Kind: policy.DoorAnthropic, Connection: "anthropic-standard"},
	}}
	h.furnish()
	w := h.send("POST", "/v1/messages", ask(note))
	wantError(t, w, http.StatusInternalServerError, "panic")
	last := h.wantResult(w, audit.Panicked)
	first, err := h.log.Show(context.Background(), last.Intent.Facts.Deed.After)
	must(t, err)
	if got := first.Outcome.Facts.Outcome; got.ErrorCode != "door_unreachable" || got.Result != audit.UpstreamError {
		t.Errorf("%+v", got)
	}
	if h.unsettled() != nil {
		t.Error("an intent has no outcome")
	}
}

// crashingDoor is a door with a fault of ours in it.
type crashingDoor struct{}

func (crashingDoor) Name() string    { return "second" }
func (crashingDoor) Simulated() bool { return false }
func (crashingDoor) Send(context.Context, claude.Call) (*claude.Reply, error) {
	panic("a fault of ours")
}
